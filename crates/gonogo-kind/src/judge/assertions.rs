//! Conditions over facts, judged: the table of outcomes, and what is told.

use std::sync::Arc;

use gonogo_model::{CodeDecl, Fault, Held, Observation, Origin, Outcome, Reading, Value};

use super::judge;
use crate::condition::{Condition, Facts, NoVariables, Scope};
use crate::decl::{BuiltIn, FactDecl, FactType, KindDecl, Looks};
use crate::expectation::{Assertion, Expectations};

static KIND: KindDecl = KindDecl {
    name: "page",
    summary: "A page answers.",
    manual: "",
    looks: Looks::Directly,
    schemes: &[],
    short: "url",
    fields: &[],
    facts: FACTS,
    state: None,
    worth: &[],
    built_in: &[BuiltIn {
        fact: "status",
        matcher: "200..299",
        strength: gonogo_model::Strength::Must,
    }],
    codes: &[],
    examples: &[],
};

const FACTS: &[FactDecl] = &[
    fact("status", FactType::Integer),
    fact("duration", FactType::Duration),
    fact("json", FactType::Json),
];

const fn fact(name: &'static str, ty: FactType) -> FactDecl {
    FactDecl {
        name,
        ty,
        sentence: "A fact.",
        example: "",
    }
}

const GARBAGE: &CodeDecl = &CodeDecl::subject("page/garbage", "It is no JSON.", "Mend it.");
const TOO_LONG: &CodeDecl = &CodeDecl::ours("page/too_long", "It is too long.", "Read more.");

fn page() -> Observation {
    let mut observation = Observation::default();
    observation.set("status", Value::integer(503_u16));
    observation.set("duration", Value::Duration("0.12".parse().unwrap()));
    observation.set("json", Value::Json(serde_json::json!({"db": {"up": true}})));
    observation
}

fn without(name: &str, reading: Reading) -> Observation {
    let mut observation = page();
    observation.set(name, reading);
    observation
}

fn unreadable(code: &'static CodeDecl) -> Reading {
    Reading::Unreadable {
        code: code.into(),
        message: "nobody could".to_owned(),
    }
}

fn asserting(texts: &[&str]) -> Expectations {
    let scope = Scope {
        facts: Facts::Of(&KIND),
        variables: &NoVariables,
    };
    let assertion = |text: &&str| {
        let mut mistakes = Vec::new();
        let condition = Condition::read(text, scope, &mut mistakes);
        Assertion {
            condition: Arc::new(condition.unwrap_or_else(|| panic!("{mistakes:?}"))),
            origin: Origin::Argument,
            message: None,
        }
    };
    Expectations::effective(&KIND, Vec::new()).asserting(texts.iter().map(assertion).collect())
}

/// Outcome, code, message, and what each finding came to.
fn told(texts: &[&str], observation: &Observation) -> (Outcome, String, String, Vec<String>) {
    let judged = judge(&asserting(texts), observation);
    let findings = judged.findings.iter().map(|f| {
        let held = match f.held {
            Held::Yes => "yes",
            Held::No => "no",
            Held::Unreadable => "unreadable",
        };
        format!("{} {} | {} | {held}", f.fact, f.wanted, f.got)
    });
    (
        judged.outcome,
        judged.code.map(|c| c.to_string()).unwrap_or_default(),
        judged.message.unwrap_or_default(),
        findings.collect(),
    )
}

fn row(
    outcome: Outcome,
    code: &str,
    message: &str,
    findings: &[&str],
) -> (Outcome, String, String, Vec<String>) {
    let findings = findings.iter().map(|f| (*f).to_owned()).collect();
    (outcome, code.to_owned(), message.to_owned(), findings)
}

#[test]
fn a_condition_is_one_finding_that_shows_the_facts_it_read() {
    assert_eq!(
        told(&["status == 503 && duration < duration('1s')"], &page()),
        row(
            Outcome::Passed,
            "",
            "",
            &[
                "assert status == 503 && duration < duration('1s') | status 503, duration 120ms | yes"
            ]
        )
    );
    assert_eq!(
        told(
            &[
                "status < 500 || json.db.up == false",
                "duration < seconds(0.1)"
            ],
            &page()
        ),
        row(
            Outcome::Failed,
            "engine/expectation",
            "status < 500 || json.db.up == false does not hold: status 503, json.db.up true (and 1 more)",
            &[
                "assert status < 500 || json.db.up == false | status 503, json.db.up true | no",
                "assert duration < seconds(0.1) | duration 120ms | no",
            ]
        )
    );
}

#[test]
fn what_is_built_in_of_other_facts_stays() {
    assert_eq!(
        told(&["json.db.up"], &page()),
        row(
            Outcome::Failed,
            "engine/expectation",
            "status is 503, expected 200..299",
            &[
                "status 200..299 | 503 | no",
                "assert json.db.up | json.db.up true | yes"
            ]
        )
    );
}

#[test]
fn an_absent_fact_fails_whatever_the_rest_says() {
    assert_eq!(
        told(
            &["status == 503 || json.db.up"],
            &without("json", Reading::Absent)
        ),
        row(
            Outcome::Failed,
            "engine/expectation",
            "status == 503 || json.db.up does not hold: json is absent",
            &["assert status == 503 || json.db.up | json is absent | no"]
        )
    );
}

#[test]
fn an_unreadable_fact_is_unknown_whatever_the_rest_says() {
    assert_eq!(
        told(
            &["status == 503 || json.db.up"],
            &without("json", unreadable(TOO_LONG))
        ),
        row(
            Outcome::Unknown,
            "page/too_long",
            "cannot read json: nobody could",
            &["assert status == 503 || json.db.up | json not read | unreadable"]
        )
    );
    // Unless the subject is to blame that nobody can read it.
    assert_eq!(
        told(
            &["status == 503 || json.db.up"],
            &without("json", unreadable(GARBAGE))
        )
        .0,
        Outcome::Failed
    );
    // Something that is wrong outweighs what is unknown.
    assert_eq!(
        told(
            &["json.db.up", "duration > seconds(1) && status == 503"],
            &without("json", unreadable(TOO_LONG))
        )
        .0,
        Outcome::Failed
    );
}

#[test]
fn a_fact_that_the_probe_never_named_is_unknown() {
    let observation = Observation::default();
    assert_eq!(
        told(&["status == 503"], &observation),
        row(
            Outcome::Unknown,
            "engine/missing_fact",
            "cannot read status: the probe said nothing about status",
            &["assert status == 503 | status not read | unreadable"]
        )
    );
}

#[test]
fn a_condition_wants_no_fault() {
    let fault = Fault::new(GARBAGE, "no page").shown_by("status", "503");
    let mut observation = page();
    observation.faults.push(fault);
    let (outcome, code, message, _) = told(&["status == 503"], &observation);
    assert_eq!(
        (outcome, code.as_str(), message.as_str()),
        (Outcome::Failed, "page/garbage", "no page")
    );
}

#[test]
fn what_cannot_be_evaluated_fails_with_the_reason() {
    assert_eq!(
        told(&["json.cache.up && status == 503"], &page()),
        row(
            Outcome::Failed,
            "engine/expectation",
            "json.cache.up && status == 503 does not hold: `json` has no `cache` (status 503)",
            &["assert json.cache.up && status == 503 | `json` has no `cache` (status 503) | no"]
        )
    );
}

#[test]
fn the_authors_words_come_first() {
    let mut expectations = asserting(&["status == 200"]);
    expectations.asserts[0].message = Some("call the page team".to_owned());
    let judged = judge(&expectations, &page());
    assert_eq!(
        judged.message.unwrap(),
        "call the page team: status == 200 does not hold: status 503"
    );
}

#[test]
fn a_condition_stands_in_the_plan_beside_the_rest() {
    let summaries = asserting(&["status <\n   500", "json.db.up"]).summaries();
    let told: Vec<String> = summaries
        .iter()
        .map(|s| format!("{} {}", s.fact, s.wanted))
        .collect();
    assert_eq!(told, ["assert status < 500", "assert json.db.up"]);
}
