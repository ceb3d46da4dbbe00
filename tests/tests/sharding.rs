//! `gonogo check --shard K/N` and `gonogo run merge`, with the built binary.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use gonogo_tests::{Finished, Gonogo};
use serde_json::{Value, json};

/// Twelve instances behind one check, a group of four, and two by themselves.
const GATE: &str = "version: 1\ngate: shop\nvars: { base: '0', a: '0', b: '0' }\nchecks:\n  \
    base: { command: [sh, -c, 'exit ${base}'] }\n  \
    each: { each: [k1, k2, k3, k4, k5, k6, k7, k8, k9, k10, k11, k12], command: ['true'], needs: [base] }\n  \
    region: { each: [eu, us, ap, af], command: [sh, -c, 'test ${each} != \"${b}\"'], group: regions }\n  \
    alone: { command: [sh, -c, 'exit ${a}'] }\n  \
    young: { command: ['true'], max_age: 10m }\n\
    groups:\n  regions: { at_least: 3 }\n";

fn shard(index: u32, count: u32, more: &[&str]) -> Finished {
    let shard = format!("{index}/{count}");
    let arguments = [&["check", "--shard", &shard, "-o", "json"], more].concat();
    Gonogo::new(&arguments).gate(GATE).run()
}

/// Returns the reports of all shards.
fn shards(count: u32, more: &[&str]) -> Vec<String> {
    (1..=count).map(|k| shard(k, count, more).stdout).collect()
}

/// Merges files `1.json`, `2.json`, ... with these texts.
fn merge(texts: &[impl AsRef<str>], more: &[&str]) -> Finished {
    let names: Vec<String> = (1..=texts.len()).map(|n| format!("{n}.json")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let arguments = [&["run", "merge"], names.as_slice(), more].concat();
    let call = Gonogo::new(&arguments);
    let files = names.iter().zip(texts);
    let call = files.fold(call, |call, (name, text)| call.file(name, text.as_ref()));
    call.run()
}

fn edited(text: &str, edit: impl FnOnce(&mut Value)) -> String {
    let mut report: Value = serde_json::from_str(text).unwrap();
    edit(&mut report);
    report.to_string()
}

/// Asserts that a merge is HOLD for these codes, in order.
fn assert_held(run: &Finished, codes: &[&str]) {
    assert_eq!(run.code, Some(3), "{}{}", run.stdout, run.stderr);
    let report = run.json();
    let reasons = report["merged"]["faults"].as_array().unwrap();
    let found: Vec<&str> = reasons
        .iter()
        .map(|r| r["code"].as_str().unwrap())
        .collect();
    assert_eq!(found, codes, "{reasons:#?}");
    for reason in reasons {
        let told = report["reasons"].as_array().unwrap();
        let same = |r: &&Value| r["code"] == reason["code"] && r["message"] == reason["message"];
        assert!(told.iter().any(|r| same(&r)), "{reason} in {told:?}");
    }
}

#[test]
fn every_shard_holds_and_all_of_them_are_a_go() {
    let all: Vec<Finished> = (1..=3).map(|k| shard(k, 3, &[])).collect();
    let digest = all[0].json()["digests"]["plan"].clone();
    let mut owned = 0;
    for (run, k) in all.iter().zip(1..) {
        assert_eq!(run.code, Some(3), "{}", run.stderr);
        let report = run.json();
        assert_eq!(report["shard"], json!({ "index": k, "count": 3 }));
        assert_eq!(
            (&report["verdict"], &report["partial"]),
            (&json!("HOLD"), &json!(true))
        );
        assert_eq!(report["digests"]["plan"], digest, "the plan is one");
        let mut reasons = report["reasons"].as_array().unwrap().iter();
        assert!(
            reasons.any(|reason| reason["code"] == "gate/shard"),
            "{report}"
        );
        let checks = report["checks"].as_array().unwrap();
        assert_eq!(checks.len(), 19, "every check is accounted for");
        for check in checks {
            let is_left = check["code"] == "needs/other_shard";
            assert_eq!(check["outcome"] == "skipped", is_left, "{check}");
            owned += usize::from(!is_left);
        }
    }
    assert!(owned > 19, "the check that is needed runs in more than one");
    let reports: Vec<String> = all.into_iter().map(|run| run.stdout).collect();
    let merged = merge(&reports, &["-o", "json"]);
    assert_eq!(merged.code, Some(0), "{}", merged.stderr);
    let report = merged.json();
    assert_eq!(report["verdict"], "GO");
    assert_eq!(report["counts"]["passed"], 19);
    assert_eq!(report["groups"][0]["state"], "met");
    assert_eq!(report["merged"]["shards"].as_array().unwrap().len(), 3);
    assert_eq!(report["merged"]["faults"], json!([]));
    assert!(report.get("shard").is_none());
    let whole = Gonogo::new(&["check", "-o", "json"])
        .gate(GATE)
        .run()
        .json();
    assert_eq!(whole["digests"], report["digests"]);
    for key in [
        "verdict",
        "counts",
        "partial",
        "groups",
        "excluded",
        "selection",
    ] {
        assert_eq!(whole[key], report[key], "{key}");
    }
    let shown = Gonogo::new(&["run", "show", "m.json", "-q"])
        .file("m.json", &merged.stdout)
        .run();
    assert!(
        shown.stdout.starts_with("GO  shop  19 passed in ")
            && shown.stdout.ends_with(", 3 of 3 shards\n"),
        "{}",
        shown.stdout
    );
    let differs = Gonogo::new(&["run", "diff", "m.json", "m.json"])
        .file("m.json", &merged.stdout)
        .run();
    assert_eq!(differs.stdout, "GO -> GO  shop  19 unchanged\n");
}

#[test]
fn what_one_shard_finds_is_the_verdict_of_all() {
    for (vars, code, open) in [
        (["--var", "a=1"], 1, "alone failed"),
        (["--var", "base=1"], 1, "base failed"),
        // Two regions of four shards: three of four must pass.
        (["--var", "b=eu"], 0, ""),
    ] {
        let merged = merge(&shards(4, &vars), &["-o", "json"]);
        assert_eq!(merged.code, Some(code), "{vars:?} {}", merged.stderr);
        let outcomes = merged.outcomes();
        let is_told = outcomes.iter().any(|told| told.starts_with(open));
        assert!(is_told, "{outcomes:?}");
    }
    let failed: Vec<String> = shards(4, &["--var", "a=1"]);
    let seen = failed
        .iter()
        .find(|text| text.contains("\"verdict\": \"NO-GO\""))
        .unwrap();
    let alone = merge(&[seen], &["-q"]);
    assert_eq!(alone.code, Some(1), "a failure is one, whatever is missing");
}

#[test]
fn a_shard_that_is_missing_doubled_or_of_another_run_holds() {
    let all = shards(3, &[]);
    assert_held(&merge(&all[..2], &["-o", "json"]), &["shard/missing"]);
    let twice = [&all[..], &all[1..2]].concat();
    assert_held(&merge(&twice, &["-o", "json"]), &["shard/duplicate"]);
    let older = shard(3, 3, &["--var", "a=0", "--read-only"]).stdout;
    let mixed = [&all[..2], &[older]].concat();
    assert_held(
        &merge(&mixed, &["-o", "json"]),
        &["shard/foreign", "shard/missing"],
    );
    let other_count = [&all[..2], &[shard(3, 4, &[]).stdout]].concat();
    assert_held(
        &merge(&other_count, &["-o", "json"]),
        &["shard/foreign", "shard/missing"],
    );
    let pipeline = edited(&all[2], |r| r["ci"]["run"] = "77".into());
    let other_run = [&all[..2], &[pipeline]].concat();
    let held = merge(&other_run, &["-o", "json"]);
    assert_held(&held, &["shard/foreign", "shard/missing"]);
    assert_eq!(
        held.json()["merged"]["faults"][0]["message"],
        "3.json is of another run: its ci run is `77`, and that of the others not set"
    );
}

#[test]
fn a_shard_that_is_not_whole_holds() {
    let all = shards(2, &[]);
    let cut = &all[1][..all[1].len() / 2];
    let signal = edited(&all[1], |r| {
        r["interrupted"] = true.into();
        r["signal"] = "TERM".into();
    });
    for (second, codes) in [
        (cut, &["shard/damaged", "shard/missing"][..]),
        ("", &["shard/damaged", "shard/missing"]),
        ("{}", &["shard/damaged", "shard/missing"]),
        (&"[".repeat(200_000), &["shard/damaged", "shard/missing"]),
        (
            &all[1].replace("gonogo.run/1", "gonogo.run/2"),
            &["shard/damaged", "shard/missing"],
        ),
        (&signal, &["shard/interrupted"]),
    ] {
        assert_held(&merge(&[&all[0], second], &["-o", "json"]), codes);
    }
}

#[test]
fn evidence_of_another_time_holds() {
    let all = shards(2, &[]);
    let moved = |hours: i64| {
        edited(&all[1], |report| {
            for key in ["started", "finished"] {
                let time: jiff::Timestamp = report[key].as_str().unwrap().parse().unwrap();
                let time = time + jiff::SignedDuration::from_hours(hours);
                report[key] = time.to_string().into();
            }
        })
    };
    let merged = |hours, more: &[&str]| {
        let arguments = [&["-o", "json"], more].concat();
        merge(&[all[0].clone(), moved(hours)], &arguments)
    };
    assert_held(&merged(-2, &[]), &["shard/too_old"]);
    assert_held(&merged(1, &[]), &["shard/future"]);
    assert_eq!(merged(-2, &["--max-age", "3h"]).code, Some(0));
    // The report itself may be young enough while a pass in it is not.
    let stale = |text: &str| {
        edited(text, |report| {
            for check in report["checks"].as_array_mut().unwrap() {
                if check["id"] == "young" && check["outcome"] == "passed" {
                    let attempt = &mut check["attempts"][0];
                    let time: jiff::Timestamp = attempt["start"].as_str().unwrap().parse().unwrap();
                    let before = time - jiff::SignedDuration::from_mins(11);
                    attempt["start"] = before.to_string().into();
                }
            }
        })
    };
    let held = merge(&[stale(&all[0]), stale(&all[1])], &["-o", "json"]);
    assert_held(&held, &[]);
    assert!(
        held.outcomes()
            .contains(&"young unknown engine/stale".to_owned()),
        "{:?}",
        held.outcomes()
    );
}

#[test]
fn a_report_that_was_edited_holds() {
    let all = shards(2, &["--var", "a=1"]);
    let first = all.iter().position(|text| text.contains("NO-GO")).unwrap();
    let (failed, other) = (&all[first], &all[1 - first]);
    // What fails is made to weigh nothing: the plan is no longer the one that was committed to.
    let harmless = edited(failed, |report| {
        for check in report["checks"].as_array_mut().unwrap() {
            if check["id"] == "alone" {
                check["severity"] = "info".into();
            }
        }
        report["verdict"] = "HOLD".into();
        let reasons = report["reasons"].as_array_mut().unwrap();
        reasons.retain(|reason| reason["id"] != "alone");
    });
    assert_held(
        &merge(&[other, &harmless], &["-o", "json"]),
        &["shard/edited"],
    );
    // The other shard vouches for what it never looked at.
    let vouches = edited(other, |report| {
        let passed = report["checks"].as_array().unwrap().iter();
        let passed = passed
            .clone()
            .find(|c| c["outcome"] == "passed")
            .unwrap()
            .clone();
        for check in report["checks"].as_array_mut().unwrap() {
            if check["id"] == "alone" {
                for key in [
                    "outcome",
                    "code",
                    "message",
                    "hint",
                    "facts",
                    "fact_types",
                    "unreadable",
                    "findings",
                ] {
                    check[key] = passed[key].clone();
                }
            }
        }
        let count = |report: &mut Value, key: &str, more: i64| {
            let now = report["counts"][key].as_i64().unwrap();
            report["counts"][key] = (now + more).into();
        };
        count(report, "passed", 1);
        count(report, "skipped", -1);
    });
    let held = merge(&[vouches], &["-o", "json"]);
    assert_held(&held, &["shard/edited", "shard/missing"]);
}

#[test]
fn what_is_no_shard_is_refused() {
    let all = shards(2, &[]);
    let whole = Gonogo::new(&["check", "-o", "json"])
        .gate(GATE)
        .run()
        .stdout;
    let merged = merge(&all, &["-o", "json"]).stdout;
    for (extra, what) in [
        (&whole, "3.json is a run of the whole plan, and no shard"),
        (&merged, "3.json is a merge of shards, and no shard"),
    ] {
        let run = merge(&[&all[0], &all[1], extra], &[]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
        let wanted = format!("error[config/not_a_shard]: {what}\n");
        assert!(run.stderr.starts_with(&wanted), "{}", run.stderr);
    }
    let damaged = merge(&["", "GO"], &[]);
    assert_eq!((damaged.code, damaged.stdout.as_str()), (Some(2), ""));
    assert!(
        damaged
            .stderr
            .starts_with("error[config/not_a_report]: 1.json: "),
        "{}",
        damaged.stderr
    );
    // A glob that matched nothing comes as it is.
    let none = Gonogo::new(&["run", "merge", "shards/*.json"]).run();
    assert_eq!(none.code, Some(2));
    assert!(
        none.stderr
            .starts_with("error[config/unreadable_file]: cannot read `shards/*.json`"),
        "{}",
        none.stderr
    );
    assert_eq!(Gonogo::new(&["run", "merge"]).run().code, Some(2));
}

#[test]
fn what_is_no_part_of_a_plan_is_refused() {
    for wrong in [
        "0/3",
        "4/3",
        "1/0",
        "1/1001",
        "1",
        "a/b",
        "+1/3",
        "1/3/3",
        "-1/3",
        "1 /3",
        "",
        "3+1/3",
        "1+2/3",
        "4294967295+1/3",
    ] {
        let run = Gonogo::new(&["check", &format!("--shard={wrong}")])
            .gate(GATE)
            .run();
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{wrong}");
        assert!(
            run.stderr.contains(
                "wants K/N with 1 <= K <= N <= 1000, such as 3/8; K counts from 1, and 2+1/8 is 3/8"
            ),
            "{}",
            run.stderr
        );
    }
    for other in [["--only", "a*"], ["--skip", "a*"], ["--failed", "x.json"]] {
        let arguments = ["check", "--shard", "1/2", other[0], other[1]];
        let run = Gonogo::new(&arguments).gate(GATE).run();
        assert_eq!(run.code, Some(2), "{other:?}");
        assert!(run.stderr.contains("cannot be used with"), "{}", run.stderr);
    }
}

#[test]
fn more_shards_than_checks_are_merged_all_the_same() {
    let gate = "version: 1\ngate: g\nchecks:\n  a: { command: ['true'] }\n";
    let run = |k: u32| {
        let shard = format!("{k}/3");
        let run = Gonogo::new(&["check", "--shard", &shard, "-o", "json"])
            .gate(gate)
            .run();
        assert_eq!(run.code, Some(3), "{}", run.stderr);
        run.stdout
    };
    let all: Vec<String> = (1..=3).map(run).collect();
    assert_eq!(merge(&all, &[]).code, Some(0));
    assert_eq!(merge(&all[..2], &[]).code, Some(3));
    let one = Gonogo::new(&["check", "--shard", "0+1/1", "-o", "json"])
        .gate(gate)
        .run();
    assert_eq!(one.code, Some(3), "even the only shard is one");
    assert_eq!(merge(&[one.stdout], &[]).code, Some(0));
}

#[test]
fn a_reviewed_plan_a_wait_and_a_fast_end_work_in_a_shard() {
    let plan = Gonogo::new(&["plan", "-o", "json"]).gate(GATE).run().stdout;
    let run = |k: u32| {
        let shard = format!("{k}/2");
        let arguments = [
            "check",
            "--shard",
            &shard,
            "--plan",
            "plan.json",
            "--wait",
            "60s",
            "-o",
            "json",
        ];
        let run = Gonogo::new(&arguments)
            .gate(GATE)
            .file("plan.json", &plan)
            .run();
        assert_eq!(run.code, Some(3), "{}", run.stderr);
        run
    };
    let all: Vec<Finished> = (1..=2).map(run).collect();
    for run in &all {
        let took = run.json()["duration"].as_f64().unwrap();
        assert!(
            took < 30.0,
            "a shard in which everything passed waits for nothing: {took}"
        );
    }
    let all: Vec<String> = all.into_iter().map(|run| run.stdout).collect();
    assert_eq!(merge(&all, &[]).code, Some(0));
    let fast = shards(2, &["--var", "a=1", "--fail-fast"]);
    assert_eq!(merge(&fast, &["-q"]).code, Some(1));
}

#[test]
fn the_exit_code_of_a_merge_is_the_same_in_every_format() {
    let all = shards(2, &[]);
    let failed = shards(2, &["--var", "a=1"]);
    for format in [
        "human", "json", "jsonl", "html", "markdown", "junit", "tap", "sarif", "dotenv", "csv",
        "github",
    ] {
        let to = ["-o", format];
        assert_eq!(merge(&all, &to).code, Some(0), "{format}");
        assert_eq!(merge(&all[..1], &to).code, Some(3), "{format}");
        assert_eq!(merge(&failed, &to).code, Some(1), "{format}");
    }
    let lost = merge(&all[..1], &["-o", "json=/nowhere/m.json"]);
    assert_eq!(lost.code, Some(4));
}

#[test]
fn what_a_merge_says_it_says_again_when_it_is_shown() {
    let all = shards(3, &[]);
    let saved = merge(&all[..2], &["-o", "json"]).stdout;
    let now = merge(&all[..2], &["-o", "human"]).stdout;
    let shown = Gonogo::new(&["run", "show", "m.json"])
        .file("m.json", &saved)
        .run();
    assert_eq!(shown.code, Some(0));
    let without_times = |text: &str| {
        let lines = text.lines().filter(|line| !line.starts_with("HOLD"));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    assert_eq!(without_times(&shown.stdout), without_times(&now));
    assert!(
        now.contains("run       shard/missing: shard 3 of 3 is not among the files\n"),
        "{now}"
    );
    let forged = edited(&saved, |report| report["merged"]["faults"] = json!([]));
    let shown = Gonogo::new(&["run", "show", "m.json", "-q"])
        .file("m.json", &forged)
        .run();
    assert!(
        shown.stdout.starts_with("HOLD  shop"),
        "{}{}",
        shown.stdout,
        shown.stderr
    );
}

#[test]
fn a_merge_tells_its_ci() {
    let all = shards(2, &[]);
    let call = Gonogo::new(&["run", "merge", "1.json", "2.json"])
        .file("1.json", &all[0])
        .file("2.json", &all[1])
        .file("summary.md", "")
        .file("output", "")
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", "summary.md")
        .env("GITHUB_OUTPUT", "output");
    let run = call.run();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.folder.read("summary.md").starts_with("## GO `shop`"));
    assert!(run.folder.read("output").contains("GO"));
}
