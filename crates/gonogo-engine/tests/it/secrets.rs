//! No secret of a run reaches an event, and no fact floods it.

use gonogo_model::codes::net;
use gonogo_model::{
    Decimal, Fault, Observation, Outcome, Reading, Redactor, RedactorBuilder, Value, Version,
};
use serde_json::json;

use crate::gate::{Gate, gate, secs};
use crate::probe::Step::{Observes, Panics};
use crate::probe::saw;

const CANARY: &str = "canary-8731-x";

fn with_secrets(secrets: &[&str]) -> Gate {
    let mut builder = RedactorBuilder::default();
    for secret in secrets {
        builder.secret(secret).unwrap();
    }
    let redactor = builder.build();
    gate().with(|g| g.manifest.redactor = redactor)
}

#[test]
fn a_secret_is_removed_from_everything_that_a_probe_says() {
    let observation = Observation {
        facts: vec![
            ("text".into(), Value::text(format!("hello {CANARY}")).into()),
            (
                "answer".into(),
                Value::Json(json!({
                    format!("key-{CANARY}"): [{"deep": CANARY}, 87_654_321, 1.5],
                }))
                .into(),
            ),
            (
                "headers".into(),
                Value::Map(vec![(CANARY.into(), Value::texts(["a", CANARY]))]).into(),
            ),
            (
                "version".into(),
                Value::Version(Version::parse(&format!("15.4-{CANARY}")).unwrap()).into(),
            ),
            ("number".into(), Value::integer(87_654_321_u32).into()),
            (
                "lost".into(),
                Reading::Unreadable {
                    code: net::IO.into(),
                    message: format!("cannot read {CANARY}"),
                },
            ),
        ],
        faults: vec![
            Fault::new(net::REFUSED, format!("refused for {CANARY}"))
                .with_hint(format!("Look at {CANARY}."))
                .shown_by("text", CANARY),
        ],
        notes: vec![format!("noted {CANARY}")],
        ..Observation::default()
    };
    let gate = with_secrets(&[CANARY, "87654321"])
        .check("a", [Observes(observation)])
        .check("b", [Panics(format!("no such key {CANARY}"))]);
    let ran = gate.run();
    let result = ran.result("a");
    let facts: Vec<_> = result
        .facts
        .iter()
        .map(|(name, reading)| match reading {
            Reading::Value(value) => format!("{name} {}", value.to_json()),
            Reading::Absent => format!("{name} absent"),
            Reading::Unreadable { message, .. } => format!("{name}: {message}"),
        })
        .collect();
    assert_eq!(
        facts,
        [
            r#"text "hello [redacted]""#,
            r#"answer {"key-[redacted]":[{"deep":"[redacted]"},"[redacted]",1.5]}"#,
            r#"headers {"[redacted]":["a","[redacted]"]}"#,
            r#"version "15.4-[redacted]""#,
            r#"number "[redacted]""#,
            "lost: cannot read [redacted]",
        ]
    );
    assert_eq!(ran.says("a"), "failed net/refused: refused for [redacted]");
    assert_eq!(
        ran.says("b"),
        "unknown engine/panic: the probe panicked: no such key [redacted]"
    );
    let all = format!("{:?}", ran.events);
    assert!(!all.contains(CANARY) && !all.contains("87654321"), "{all}");
}

#[test]
fn our_own_vocabulary_is_no_secret() {
    let mut observation = saw(true, true);
    observation.set("state", Value::text("refused"));
    observation.set("answer", Value::Json(json!("refused")));
    let gate = with_secrets(&["refused", "passed", "state"]).check("a", [Observes(observation)]);
    let ran = gate.run();
    let result = ran.result("a");
    assert_eq!(result.outcome, Outcome::Passed);
    assert_eq!(
        result.facts[2],
        ("state".to_owned(), Value::text("refused").into())
    );
    let hidden = Value::Json(json!(Redactor::MASK)).into();
    assert_eq!(result.facts[3], ("answer".to_owned(), hidden));
}

#[test]
fn a_secret_in_the_authors_words_is_not_in_the_plan() {
    let gate = with_secrets(&[CANARY])
        .check("a", [Observes(saw(true, true))])
        .with(|g| {
            let check = &mut g.manifest.checks[0];
            check.title = format!("answers to {CANARY}");
            check.owner = Some(CANARY.to_owned());
            check.covers = vec![CANARY.to_owned()];
            check.options.insert("header", CANARY.into());
        });
    let plan = gate.plan().unwrap();
    let text = serde_json::to_string(plan.summary()).unwrap();
    assert!(!text.contains(CANARY), "{text}");
    assert_eq!(plan.summary().checks[0].title, "answers to [redacted]");
}

#[test]
fn a_fact_of_any_size_is_kept_small() {
    let mut observation = saw(true, true);
    // A secret across the cut: it is removed before the text is shortened.
    let long = format!("{}{CANARY}{}", "x".repeat(16 * 1024 - 4), "y".repeat(9_000));
    observation.set("text", Value::text(long));
    let rows: Vec<_> = (0..50_000)
        .map(|n| json!({"n": n, "name": "a row"}))
        .collect();
    observation.set("answer", Value::Json(rows.into()));
    let mut deep = json!(1);
    for _ in 0..1_000 {
        deep = json!([deep]);
    }
    observation.set("deep", Value::Json(deep));
    observation.set(
        "list",
        Value::texts((0..100_000).map(|n: u32| n.to_string())),
    );
    observation.set(
        "digits",
        Value::Number("1".repeat(9_000).parse::<Decimal>().unwrap()),
    );
    let gate = with_secrets(&[CANARY]).check("a", [Observes(observation)]);
    let ran = gate.run();
    let result = ran.result("a");
    for (name, reading) in &result.facts {
        let Reading::Value(value) = reading else {
            continue;
        };
        let size = value.to_json().to_string().len();
        assert!(size <= 70 * 1024, "{name}: {size}");
        assert!(!value.to_json().to_string().contains("cana"), "{name}");
    }
    assert_eq!(
        result.notes,
        ["text", "answer", "deep", "list"]
            .map(|name| format!("fact {name} is shortened in this report"))
    );
    assert_eq!(ran.took, secs(0));
}
