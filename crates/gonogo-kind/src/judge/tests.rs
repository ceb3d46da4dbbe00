//! Every row of the table of outcomes that judging decides.

use proptest::prelude::*;

use gonogo_model::{
    CodeDecl, Fault, Held, Observation, Origin, Outcome, Reading, Strength, Value, codes,
};

use super::judge;
use crate::decl::{BuiltIn, FactDecl, FactType, KindDecl, Looks, TextChoice};
use crate::diagnostic::Diagnostics;
use crate::expectation::{Expectation, Expectations};
use crate::flow;
use crate::matcher::Matcher;

static KIND: KindDecl = KindDecl {
    name: "door",
    summary: "A door opens.",
    manual: "",
    looks: Looks::Directly,
    schemes: &[],
    short: "address",
    fields: &[],
    facts: FACTS,
    state: Some("state"),
    worth: &[],
    built_in: &[
        BuiltIn {
            fact: "state",
            matcher: "open",
            strength: Strength::Must,
        },
        BuiltIn {
            fact: "answers",
            matcher: "{ length: at least 1 }",
            strength: Strength::Must,
        },
        BuiltIn {
            fact: "expires_in",
            matcher: "over 14d",
            strength: Strength::Should,
        },
    ],
    codes: &[],
    examples: &[],
};

const FACTS: &[FactDecl] = &[
    fact("state", FactType::Choice(STATES)),
    fact("duration", FactType::Duration),
    fact("answers", FactType::List(&FactType::Text)),
    fact("expires_in", FactType::Duration),
    fact("json", FactType::Json),
    fact("status", FactType::Integer),
];

const fn fact(name: &'static str, ty: FactType) -> FactDecl {
    FactDecl {
        name,
        ty,
        sentence: "A fact.",
        example: "",
    }
}

const STATES: &[TextChoice] = &[
    TextChoice {
        word: "open",
        sentence: "It is open.",
    },
    TextChoice {
        word: "refused",
        sentence: "It is shut.",
    },
    TextChoice {
        word: "expired",
        sentence: "It is too old.",
    },
];

const SHUT: &CodeDecl = &CodeDecl::subject("door/shut", "The door is shut.", "Open it.");
const BLIND: &CodeDecl = &CodeDecl::ours("door/blind", "We cannot see.", "Put on the glasses.");

fn expectation(fact: &str, wanted: &str, strength: Strength) -> Expectation {
    let fact = KIND.fact(fact).unwrap();
    let mut diagnostics = Diagnostics::default();
    let matcher = Matcher::read(&flow::read(wanted).unwrap(), fact.ty, &mut diagnostics);
    Expectation {
        fact,
        matcher: matcher.unwrap_or_else(|| panic!("{:?}", diagnostics.as_slice())),
        strength,
        origin: Origin::Argument,
        message: None,
    }
}

fn expect(fact: &str, wanted: &str) -> Expectation {
    expectation(fact, wanted, Strength::Must)
}

fn should(fact: &str, wanted: &str) -> Expectation {
    expectation(fact, wanted, Strength::Should)
}

/// A door that is open in every respect.
fn good() -> Observation {
    let mut observation = Observation::default();
    observation.set("state", Value::text("open"));
    observation.set("duration", Value::Duration("0.734".parse().unwrap()));
    observation.set("answers", Value::texts(["a", "b"]));
    observation.set("expires_in", Value::Duration("8640000".parse().unwrap()));
    observation
}

fn shut() -> Observation {
    let fault = Fault::new(SHUT, "nobody opens door 7").shown_by("state", "refused");
    let mut observation = Observation::fault(fault);
    observation.set("state", Value::text("refused"));
    observation
}

/// Outcome, code, message, hint, and what each finding came to.
fn told(explicit: Vec<Expectation>, observation: &Observation) -> Told {
    let judged = judge(&Expectations::effective(&KIND, explicit), observation);
    let findings = judged
        .findings
        .iter()
        .map(|f| format!("{} {} | {} | {}", f.fact, f.wanted, f.got, held(f.held)));
    (
        judged.outcome,
        judged.code.map(|c| c.to_string()).unwrap_or_default(),
        judged.message.unwrap_or_default(),
        judged.hint.unwrap_or_default(),
        findings.collect(),
    )
}

type Told = (Outcome, String, String, String, Vec<String>);

fn wanted(outcome: Outcome, code: &str, message: &str, hint: &str, findings: &[&str]) -> Told {
    let findings = findings.iter().map(|f| (*f).to_owned()).collect();
    (outcome, code.into(), message.into(), hint.into(), findings)
}

const fn held(held: Held) -> &'static str {
    match held {
        Held::Yes => "yes",
        Held::No => "no",
        Held::Unreadable => "unreadable",
    }
}

const COMPARE: &str = codes::engine::EXPECTATION.hint;

#[test]
fn all_findings_hold() {
    assert_eq!(
        told(vec![expect("duration", "under 1s")], &good()),
        wanted(
            Outcome::Passed,
            "",
            "",
            "",
            &[
                "state open | open | yes",
                "answers { length: at least 1 } | length 2 | yes",
                "expires_in over 14d | 100d | yes",
                "duration under 1s | 734ms | yes",
            ]
        )
    );
}

#[test]
fn a_fault_of_the_subject_fails() {
    assert_eq!(
        told(vec![expect("duration", "under 1s")], &shut()),
        wanted(
            Outcome::Failed,
            "door/shut",
            "nobody opens door 7",
            "Open it.",
            &[
                "state open | refused | no",
                "answers { length: at least 1 } | not read | unreadable",
                "expires_in over 14d | not read | unreadable",
                "duration under 1s | not read | unreadable",
            ]
        )
    );
}

#[test]
fn a_wanted_fault_passes_and_replaces_what_is_built_in() {
    for wanted_state in [
        "refused",
        "[refused, expired]",
        "{ one_of: [refused] }",
        "{ is: refused }",
    ] {
        let (outcome, _, _, _, findings) = told(vec![expect("state", wanted_state)], &shut());
        assert_eq!(outcome, Outcome::Passed, "{wanted_state}");
        assert_eq!(
            findings,
            [format!(
                "state {} | refused | yes",
                matcher_text(wanted_state)
            )]
        );
    }
}

fn matcher_text(text: &str) -> String {
    expect("state", text).matcher.to_string()
}

#[test]
fn only_an_exact_expectation_wants_a_fault() {
    let mut observation = shut();
    observation.faults[0].shows = vec![(
        "expires_in".to_owned(),
        Value::Duration("-60".parse().unwrap()),
    )];
    observation.set("expires_in", Value::Duration("-60".parse().unwrap()));
    for explicit in [
        expect("state", "{ not: open }"),
        expect("expires_in", "under 0s"),
        expect("expires_in", "{ absent: false }"),
        should("state", "refused"),
    ] {
        let (outcome, code, ..) = told(vec![explicit], &observation);
        assert_eq!((outcome, code.as_str()), (Outcome::Failed, "door/shut"));
    }
}

#[test]
fn a_wanted_failure_that_does_not_come_fails() {
    assert_eq!(
        told(vec![expect("state", "refused")], &good()),
        wanted(
            Outcome::Failed,
            "engine/expectation",
            "state is open, expected refused",
            COMPARE,
            &["state refused | open | no"]
        )
    );
    // Another failure than the wanted one is a failure.
    let (outcome, code, ..) = told(vec![expect("state", "expired")], &shut());
    assert_eq!((outcome, code.as_str()), (Outcome::Failed, "door/shut"));
}

#[test]
fn a_failure_of_ours_is_unknown_unless_it_is_the_wanted_one() {
    // It says nothing of the subject, so the probe leaves the fact out.
    let fault = Fault::new(BLIND, "it is dark").shown_by("state", "refused");
    let observation = Observation::fault(fault);
    let (outcome, code, ..) = told(vec![expect("state", "open")], &observation);
    assert_eq!((outcome, code.as_str()), (Outcome::Unknown, "door/blind"));
    let (outcome, _, _, _, findings) = told(vec![expect("state", "refused")], &observation);
    assert_eq!(outcome, Outcome::Passed);
    assert_eq!(findings, ["state refused | refused | yes"]);
}

#[test]
fn what_a_wanted_fault_keeps_from_being_read_is_not_proved() {
    let (outcome, code, message, ..) = told(
        vec![expect("state", "refused"), expect("duration", "under 1s")],
        &shut(),
    );
    assert_eq!(
        (outcome, code.as_str(), message.as_str()),
        (
            Outcome::Unknown,
            "door/shut",
            "cannot read duration: nobody opens door 7"
        )
    );
}

#[test]
fn a_good_state_among_others_keeps_the_built_in_set() {
    let list = Expectations::effective(&KIND, vec![expect("state", "[open, expired]")]).list;
    let facts: Vec<_> = list.iter().map(|e| e.fact.name).collect();
    assert_eq!(facts, ["answers", "expires_in", "state"]);
}

#[test]
fn an_expect_replaces_what_is_built_in_on_its_fact_and_a_should_does_not() {
    let facts = |explicit| {
        let list = Expectations::effective(&KIND, vec![explicit]).list;
        list.iter()
            .map(|e| format!("{} {}", e.fact.name, e.matcher))
            .collect::<Vec<_>>()
    };
    let answers = "answers { length: at least 1 }";
    assert_eq!(
        facts(expect("expires_in", "over 1d")),
        ["state open", answers, "expires_in over 1d"]
    );
    assert_eq!(
        facts(should("expires_in", "over 30d")),
        [
            "state open",
            answers,
            "expires_in over 14d",
            "expires_in over 30d"
        ]
    );
}

#[test]
fn our_own_fault_is_unknown_unless_something_is_proved_wrong() {
    let mut observation = good();
    observation.faults.push(Fault::new(BLIND, "fog"));
    assert_eq!(
        told(vec![], &observation),
        wanted(
            Outcome::Unknown,
            "door/blind",
            "fog",
            "Put on the glasses.",
            &[
                "state open | open | yes",
                "answers { length: at least 1 } | length 2 | yes",
                "expires_in over 14d | 100d | yes",
            ]
        )
    );
    let (outcome, code, message, ..) = told(vec![expect("duration", "under 1ms")], &observation);
    assert_eq!(
        (outcome, code.as_str(), message.as_str()),
        (
            Outcome::Failed,
            "engine/expectation",
            "duration is 734ms, expected under 1ms"
        )
    );
    // The subject's fault decides even when ours came first.
    observation
        .faults
        .push(Fault::new(SHUT, "shut").with_hint("Knock."));
    let (outcome, code, message, hint, _) = told(vec![], &observation);
    assert_eq!(
        (outcome, code.as_str(), message.as_str(), hint.as_str()),
        (Outcome::Failed, "door/shut", "shut", "Knock.")
    );
}

#[test]
fn a_fact_that_the_subject_made_unreadable_fails() {
    let mut observation = good();
    let unreadable = Reading::Unreadable {
        code: codes::net::RESET.into(),
        message: "half of it".to_owned(),
    };
    observation.set("duration", unreadable);
    let (outcome, code, message, ..) = told(vec![expect("duration", "under 1s")], &observation);
    assert_eq!(
        (outcome, code.as_str(), message.as_str()),
        (
            Outcome::Failed,
            "net/reset",
            "cannot read duration: half of it"
        )
    );
    let (outcome, ..) = told(vec![should("duration", "under 1s")], &observation);
    assert_eq!(outcome, Outcome::Warned);
    let (outcome, ..) = told(vec![], &observation);
    assert_eq!(outcome, Outcome::Passed, "nobody needs it");
}

#[test]
fn an_unreadable_fact_is_unknown_and_an_absent_one_fails() {
    let mut observation = good();
    let unreadable = Reading::Unreadable {
        code: BLIND.into(),
        message: "no grant".to_owned(),
    };
    observation.set("duration", unreadable);
    let (outcome, code, message, hint, _) =
        told(vec![expect("duration", "under 1s")], &observation);
    assert_eq!(
        (outcome, code.as_str(), message.as_str(), hint.as_str()),
        (
            Outcome::Unknown,
            "door/blind",
            "cannot read duration: no grant",
            "Put on the glasses."
        )
    );
    let (outcome, code, ..) = told(vec![should("duration", "under 1s")], &observation);
    assert_eq!((outcome, code.as_str()), (Outcome::Warned, "door/blind"));
    let (outcome, ..) = told(
        vec![expect("duration", "under 1s"), expect("answers", "[x]")],
        &observation,
    );
    assert_eq!(outcome, Outcome::Failed, "failed wins over unknown");

    observation.set("duration", Reading::Absent);
    let (outcome, _, message, ..) = told(vec![expect("duration", "{ not: 5s }")], &observation);
    assert_eq!(
        (outcome, message.as_str()),
        (Outcome::Failed, "duration is absent, expected { not: 5s }")
    );
    let (outcome, ..) = told(vec![expect("duration", "{ absent: true }")], &observation);
    assert_eq!(outcome, Outcome::Passed);
}

#[test]
fn a_fact_that_the_probe_forgot_is_unknown() {
    let (outcome, code, message, ..) = told(vec![expect("status", "{ absent: true }")], &good());
    assert_eq!(
        (outcome, code.as_str(), message.as_str()),
        (
            Outcome::Unknown,
            "engine/missing_fact",
            "cannot read status: the probe said nothing about status"
        )
    );
}

#[test]
fn a_should_warns() {
    assert_eq!(
        told(vec![should("expires_in", "over 200d")], &good()),
        wanted(
            Outcome::Warned,
            "engine/expectation",
            "expires_in is 100d, should be over 200d",
            COMPARE,
            &[
                "state open | open | yes",
                "answers { length: at least 1 } | length 2 | yes",
                "expires_in over 14d | 100d | yes",
                "expires_in over 200d | 100d | no",
            ]
        )
    );
}

#[test]
fn nothing_expected_is_never_passed() {
    for expectations in [
        Expectations::default(),
        Expectations {
            list: vec![should("duration", "under 1s")],
            ..Expectations::default()
        },
    ] {
        let judged = judge(&expectations, &good());
        assert_eq!(judged.outcome, Outcome::Unknown);
        assert_eq!(
            judged.message.as_deref(),
            Some("nothing is expected, so nothing was proved")
        );
    }
    assert_eq!(
        judge(&Expectations::default(), &shut()).outcome,
        Outcome::Failed
    );
}

#[test]
fn each_place_is_a_finding_and_the_first_failure_is_told() {
    let mut observation = good();
    observation.set(
        "json",
        Value::Json(serde_json::json!({"a": 1, "b": 2, "c": 3})),
    );
    let mut json = expect("json", "{ $.a: 1, $.b: 3, $.c: 4 }");
    json.message = Some("the door lies".to_owned());
    let (outcome, _, message, _, findings) = told(vec![json], &observation);
    assert_eq!(outcome, Outcome::Failed);
    assert_eq!(
        message,
        "the door lies: json $.b is 2, expected 3 (and 1 more)"
    );
    assert_eq!(
        &findings[3..],
        [
            "json $.a 1 | 1 | yes",
            "json $.b 3 | 2 | no",
            "json $.c 4 | 3 | no"
        ]
    );
}

#[test]
fn evidence_that_cannot_be_reached_says_nothing_about_its_subject() {
    let refused = || Fault::new(codes::net::REFUSED, "connection refused");
    let unreadable = || Reading::Unreadable {
        code: codes::net::REFUSED.into(),
        message: "connection refused".to_owned(),
    };
    let mut unread = good();
    unread.set("duration", unreadable());
    let mut faulty = good();
    faulty.faults.push(refused());
    for observation in [unread, faulty] {
        for (looks, outcome) in [
            (Looks::Directly, Outcome::Failed),
            (Looks::AtEvidence, Outcome::Unknown),
        ] {
            let expectations = Expectations {
                list: vec![expect("duration", "under 1s")],
                asserts: Vec::new(),
                looks,
            };
            let judged = judge(&expectations, &observation);
            assert_eq!(judged.outcome, outcome, "{looks:?}");
            assert_eq!(judged.code.unwrap().as_str(), "net/refused");
        }
    }
    // What was read and is wrong is the subject's, also by a code of the kind's own.
    let expectations = Expectations {
        list: vec![expect("state", "open")],
        asserts: Vec::new(),
        looks: Looks::AtEvidence,
    };
    let judged = judge(&expectations, &shut());
    assert_eq!(
        (judged.outcome, judged.code.unwrap().as_str()),
        (Outcome::Failed, "door/shut")
    );
}

/// A reading of any kind for a fact of the door.
fn any_reading() -> impl Strategy<Value = Option<Reading>> {
    let unreadable = |code: &'static CodeDecl| Reading::Unreadable {
        code: code.into(),
        message: "no".to_owned(),
    };
    proptest::sample::select(vec![
        None,
        Some(Reading::Absent),
        Some(unreadable(BLIND)),
        Some(unreadable(SHUT)),
        Some(Reading::Value(Value::text("open"))),
        Some(Reading::Value(Value::text("refused"))),
        Some(Reading::Value(Value::Duration(1.into()))),
        Some(Reading::Value(Value::texts(["a"]))),
        Some(Reading::Value(Value::Json(serde_json::Value::Null))),
    ])
}

fn any_fault() -> impl Strategy<Value = Fault> {
    let fault = (any::<bool>(), any::<bool>(), any::<bool>());
    fault.prop_map(|(subject, is_shown, refused)| {
        let fault = Fault::new(if subject { SHUT } else { BLIND }, "a fault");
        match (is_shown, refused) {
            (false, _) => fault,
            (true, true) => fault.shown_by("state", "refused"),
            (true, false) => fault.shown_by("state", "expired"),
        }
    })
}

fn any_expectation() -> impl Strategy<Value = Expectation> {
    let all = vec![
        ("state", "open"),
        ("state", "refused"),
        ("state", "[open, refused]"),
        ("state", "{ not: refused }"),
        ("duration", "under 2s"),
        ("duration", "over 2s"),
        ("duration", "{ absent: true }"),
        ("answers", "[a]"),
        ("answers", "{ none: b }"),
        ("json", "{ $.a: { absent: true } }"),
    ];
    (proptest::sample::select(all), any::<bool>()).prop_map(|((fact, wanted), must)| {
        let strength = if must {
            Strength::Must
        } else {
            Strength::Should
        };
        expectation(fact, wanted, strength)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    /// A pass is proof: something had to hold, it was read, it held, and no fault was left over.
    #[test]
    fn a_pass_is_proved(
        explicit in proptest::collection::vec(any_expectation(), 0..4),
        readings in proptest::collection::vec(any_reading(), FACTS.len()),
        faults in proptest::collection::vec(any_fault(), 0..3),
        effective in any::<bool>(),
    ) {
        let mut observation = Observation { faults, ..Observation::default() };
        for (fact, reading) in FACTS.iter().zip(readings) {
            if let Some(reading) = reading {
                observation.set(fact.name, reading);
            }
        }
        let expectations = if effective {
            Expectations::effective(&KIND, explicit)
        } else {
            Expectations { list: explicit, ..Expectations::default() }
        };
        let judged = judge(&expectations, &observation);
        let must = || judged.findings.iter().filter(|f| f.strength == Strength::Must);
        if matches!(judged.outcome, Outcome::Passed | Outcome::Warned) {
            prop_assert!(must().count() > 0 && must().all(|f| f.held == Held::Yes));
            prop_assert!(judged.faults.is_empty());
        } else {
            prop_assert!(judged.message.is_some());
        }
        prop_assert_eq!(judged.outcome == Outcome::Passed, judged.code.is_none());
        prop_assert_eq!(judged.code.is_none(), judged.message.is_none());
        let should_hold = judged.findings.iter().all(|f| f.held == Held::Yes);
        prop_assert!(judged.outcome != Outcome::Passed || should_hold);
        // One more fault that nobody wants never makes it better.
        let mut worse = observation.clone();
        worse.faults.push(Fault::new(SHUT, "one more"));
        prop_assert_eq!(judge(&expectations, &worse).outcome, Outcome::Failed);
        // What fails for a fact goes on failing or is unknown when the fact is taken away.
        for name in ["state", "duration", "answers", "json"] {
            let mut blinded = observation.clone();
            let unreadable = Reading::Unreadable { code: BLIND.into(), message: String::new() };
            blinded.set(name, unreadable);
            if judged.outcome == Outcome::Failed || judged.outcome == Outcome::Unknown {
                let outcome = judge(&expectations, &blinded).outcome;
                prop_assert!(matches!(outcome, Outcome::Failed | Outcome::Unknown), "{} {:?}", name, outcome);
            }
        }
    }
}
