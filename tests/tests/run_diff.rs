//! `gonogo run diff` with the built binary, on reports that it wrote itself.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use gonogo_tests::Gonogo;

const GATE: &str = "version: 1\ngate: shop\nvars: { a: '0', b: '1' }\nchecks:\n  a: { command: [sh, -c, 'exit ${a}'] }\n  b: { command: [sh, -c, 'exit ${b}'] }\n  c: { command: ['true'] }\n";

/// Returns the report of a run with the given exit codes of `a` and `b`.
fn report(a: &str, b: &str) -> String {
    let vars = [format!("a={a}"), format!("b={b}")];
    let arguments = ["check", "-o", "json", "--var", &vars[0], "--var", &vars[1]];
    Gonogo::new(&arguments).gate(GATE).run().stdout
}

#[test]
fn what_is_worse_comes_first_and_what_is_fixed_after_it() {
    let [before, after] = [report("0", "1"), report("2", "0")];
    let run = Gonogo::new(&["run", "diff", "before.json", "after.json"])
        .file("before.json", &before)
        .file("after.json", &after)
        .run();
    assert_eq!(
        (run.code, run.stderr.as_str(), run.stdout.as_str()),
        (
            Some(0),
            "",
            "worse     a  passed -> failed; exit_code is 2, expected 0\n\
             fixed     b  failed -> passed\n\n\
             NO-GO -> NO-GO  shop  1 worse, 1 fixed, 1 unchanged\n"
        )
    );
    let json = Gonogo::new(&["run", "diff", "before.json", "after.json", "-o", "json"])
        .file("before.json", &before)
        .file("after.json", &after)
        .run()
        .json();
    assert_eq!(json["schema"], "gonogo.diff/1");
    assert_eq!(json["counts"]["worse"], 1);
    assert_eq!(
        json["changes"][0]["after"]["message"],
        "exit_code is 2, expected 0"
    );
}

#[test]
fn a_report_whose_verdict_was_edited_is_refused() {
    let [before, after] = [report("0", "0"), report("2", "0")];
    let forged = after.replace("\"verdict\": \"NO-GO\"", "\"verdict\": \"GO\"");
    assert_ne!(after, forged);
    let run = Gonogo::new(&["run", "diff", "before.json", "after.json"])
        .file("before.json", &before)
        .file("after.json", &forged)
        .run();
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(
        run.stderr
            .starts_with("error[config/not_a_report]: after.json: "),
        "{}",
        run.stderr
    );
}
