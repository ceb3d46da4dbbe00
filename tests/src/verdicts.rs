//! What a gate comes to, in a few words.

use serde_json::Value;

use crate::{Gonogo, outcomes};

/// The verdicts, each with its exit code.
pub const VERDICTS: [(&str, i32); 3] = [("GO", 0), ("NO-GO", 1), ("HOLD", 3)];

/// Returns a gate of two commands that comes to a verdict, and is called `name`.
#[must_use]
pub fn gate_of(name: &str, verdict: &str) -> String {
    let deciding = match verdict {
        "GO" => "command: ['true']",
        "NO-GO" => "command: ['false']",
        _ => "command: [/no/such/program]",
    };
    format!(
        "version: 1\ngate: {name}\nchecks:\n  first: {{ command: ['true'] }}\n  deciding: {{ {deciding} }}\n"
    )
}

/// Runs a gate and returns its verdict, then what each check came to: `NO-GO`, `a failed net/refused`.
///
/// # Panics
///
/// When exit code, report and the view for people do not agree on the verdict, or the gate is refused.
#[must_use]
pub fn judged(gate: &str) -> Vec<String> {
    judged_with(Gonogo::new(&["check", "-o", "json"]).gate(gate))
}

/// Does the same with a call that was prepared, and writes its report to standard output.
///
/// # Panics
///
/// As [`judged`].
#[must_use]
pub fn judged_with(call: Gonogo) -> Vec<String> {
    let run = call.run();
    assert!(
        !run.stdout.is_empty(),
        "the gate was refused:\n{}",
        run.stderr
    );
    let report: Value = run.json();
    let verdict = report["verdict"].as_str().unwrap_or_default().to_owned();
    let code = match verdict.as_str() {
        "GO" => 0,
        "NO-GO" => 1,
        "HOLD" => 3,
        other => panic!("{other} is no verdict"),
    };
    let run = run.exits(code);
    let last = run.stderr.lines().last().unwrap_or_default();
    assert!(
        last.starts_with(&format!("{verdict}  ")),
        "people are told something else:\n{}",
        run.stderr
    );
    let reasons = report["reasons"].as_array().map_or(0, Vec::len);
    assert_eq!(
        reasons == 0,
        verdict == "GO",
        "a GO has no reasons, and nothing else has none"
    );
    let mut told = vec![verdict];
    told.extend(outcomes(&report));
    told
}

/// Returns the codes of the mistakes for which a gate is refused, in their order.
///
/// # Panics
///
/// When the gate is not refused.
#[must_use]
pub fn refused(gate: &str) -> Vec<String> {
    refused_with(Gonogo::new(&["check"]).gate(gate))
}

/// Does the same with a call that was prepared.
///
/// # Panics
///
/// As [`refused`].
#[must_use]
pub fn refused_with(call: Gonogo) -> Vec<String> {
    let run = call.run().exits(2);
    assert_eq!(run.stdout, "", "nothing was judged");
    let code = |line: &str| {
        let rest = line.strip_prefix("error[")?;
        rest.split_once(']').map(|(code, _)| code.to_owned())
    };
    run.stderr.lines().filter_map(code).collect()
}
