//! What cannot be judged is refused before any traffic: exit 2, and nothing is lost on the way.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use gonogo_testkit::fake::Fake;
use gonogo_tests::Gonogo;

/// Gates that must not run, each with the code that says why; `PORT` is a port that counts connections.
const REFUSED: &[(&str, &str)] = &[
    ("config/empty_file", ""),
    (
        "config/unknown_key",
        "version: 1\ngate: g\nchecks:\n  a: { tcp: '127.0.0.1:PORT', expects: { state: open } }\n",
    ),
    (
        "config/unknown_fact",
        "version: 1\ngate: g\nchecks:\n  a: { tcp: '127.0.0.1:PORT', expect: { stat: open } }\n",
    ),
    (
        "config/duplicate_key",
        "version: 1\ngate: g\nchecks:\n  a: { tcp: '127.0.0.1:PORT' }\n  a: { tcp: '127.0.0.1:PORT' }\n",
    ),
    (
        "config/unset_variable",
        "version: 1\ngate: g\nvars: { h: { env: NOT_SET_HERE } }\nchecks:\n  b: { tcp: '127.0.0.1:PORT' }\n  a: { tcp: '${h}:1' }\n",
    ),
    (
        "config/no_blocker",
        "version: 1\ngate: g\nchecks:\n  a: { tcp: '127.0.0.1:PORT', severity: info }\n",
    ),
    (
        "config/needs_cycle",
        "version: 1\ngate: g\nchecks:\n  a: { tcp: '127.0.0.1:PORT', needs: [b] }\n  b: { tcp: '127.0.0.1:PORT', needs: [a] }\n",
    ),
    (
        "config/unknown_phase",
        "version: 1\ngate: g\nphases: [x]\nchecks:\n  a: { tcp: '127.0.0.1:PORT', phases: [y] }\n",
    ),
    (
        "config/unknown_tag",
        "version: 1\ngate: g\ntags: [x]\nchecks:\n  a: { tcp: '127.0.0.1:PORT', tags: [y] }\n",
    ),
    (
        "config/wrong_unit",
        "version: 1\ngate: g\nchecks:\n  a: { tcp: '127.0.0.1:PORT', expect: { connect: under 5 } }\n",
    ),
    (
        "config/out_of_range",
        "version: 1\ngate: g\nchecks:\n  a: { tcp: '127.0.0.1:PORT', timeout: 0s }\n",
    ),
    (
        "config/unreadable_file",
        "version: 1\ngate: g\ntls: { roots: no-such-file.pem }\nchecks:\n  a: { tcp: '127.0.0.1:PORT' }\n",
    ),
    (
        "config/unreadable_file",
        "version: 1\ngate: g\nsecrets: { s: { file: no-such-file } }\nchecks:\n  a: { tcp: '127.0.0.1:PORT' }\n  b: { command: [x], expect: { stdout: '${s}' } }\n",
    ),
    (
        "config/not_yet",
        "version: 1\ngate: g\nthresholds: { a: 1 }\nchecks:\n  a: { tcp: '127.0.0.1:PORT' }\n",
    ),
    (
        "config/block_scalar",
        "version: 1\ngate: g\nchecks:\n  a:\n    tcp: 127.0.0.1:PORT\n    expect:\n      connect: > 5ms\n",
    ),
];

#[test]
fn a_gate_with_a_mistake_never_touches_the_network() {
    let target = Fake::echo().unwrap();
    for (code, gate) in REFUSED {
        let gate = gate.replace("PORT", &target.port().to_string());
        let run = Gonogo::new(&["check"]).gate(&gate).run();
        assert!(
            run.stderr.contains(&format!("error[{code}]")),
            "{code}: {gate}\n{}",
            run.stderr
        );
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{code}");
    }
    assert_eq!(target.connections(), 0, "nothing was probed");
}

#[test]
fn every_mistake_is_in_one_report() {
    let gate = "\
version: 1
gate: shop
tags: [edge]
checks:
  api:
    http: https://api.example.com/health
    expcet: { status: 200 }
  certificate:
    tls: api.example.com:443
    expect:
      expires-in: over 14d
    tags: [egde]
  database:
    postgres: ${database_url}
    timeout: 5
";
    let run = Gonogo::new(&["lint"]).gate(gate).run().exits(2);
    let heads: Vec<&str> = run
        .stdout
        .lines()
        .filter(|l| l.starts_with("error") || l.contains("-->"))
        .map(str::trim)
        .collect();
    assert_eq!(
        heads,
        [
            "error[config/unknown_key]: a check has no key `expcet`",
            "--> probes.yaml:7:5",
            "error[config/unknown_fact]: `tls` has no fact `expires-in`",
            "--> probes.yaml:11:7",
            "error[config/unknown_tag]: `tags` of the gate does not declare `egde`",
            "--> probes.yaml:12:12",
            "error[config/unknown_variable]: nothing declares `database_url`",
            "--> probes.yaml:14:15",
            "error[config/wrong_unit]: timeout: `5` is not a duration: it has no unit; write `5ms`, `5s`, `5m`, `5h` or `5d`",
            "--> probes.yaml:15:14",
        ]
    );
    for suggestion in ["`expect`", "`expires_in`", "`edge`"] {
        assert!(
            run.stdout.contains(suggestion),
            "{suggestion}\n{}",
            run.stdout
        );
    }
}

#[test]
fn a_selection_that_leaves_nothing_to_prove_is_refused() {
    let gate = "
version: 1
gate: g
phases: [before, after]
tags: [data, edge]
checks:
  a: { command: ['true'], phases: [before], tags: [data] }
  b: { command: ['true'], phases: [after], severity: info }
";
    for (arguments, code) in [
        (&["check"][..], "config/phase_missing"),
        (&["check", "--phase", "beforr"], "config/selected_phase"),
        (
            &["check", "--phase", "before", "--tag", "edge"],
            "config/empty_selection",
        ),
        (&["check", "--phase", "after"], "config/no_blocker"),
        (
            &["check", "--phase", "before", "--only", "x*"],
            "config/glob_matches_nothing",
        ),
        (
            &["check", "--phase", "before", "--tag", "dat"],
            "config/selected_tag",
        ),
    ] {
        let run = Gonogo::new(arguments).gate(gate).run();
        assert!(
            run.stderr.contains(&format!("error[{code}]")),
            "{arguments:?}: {}",
            run.stderr
        );
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (Some(2), ""),
            "{arguments:?}"
        );
    }
}

#[test]
fn usage_mistakes_are_exit_2() {
    for arguments in [
        &["chek"][..],
        &["check", "--wait", "5"],
        &["check", "-o", "jsn"],
        &["check", "--jobs", "0"],
        &["check", "no-such-file.yaml"],
        &["probe", "gopher://example.com"],
        &["probe", "htp", "https://127.0.0.1/"],
        &["probe", "env:NOT_SET_HERE"],
        &["explain", "no/such_code"],
        &["run", "show", "no-such-file.json"],
        &[],
    ] {
        let run = Gonogo::new(arguments).run();
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (Some(2), ""),
            "{arguments:?}\n{}",
            run.stderr
        );
        assert!(!run.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_gate_comes_through_standard_input_too() {
    let gate = "version: 1\ngate: g\nchecks:\n  a: { command: ['true'] }\n";
    let run = Gonogo::new(&["check", "-", "-q"])
        .input(gate)
        .run()
        .exits(0);
    assert!(run.stdout.starts_with("GO  g"), "{}", run.stdout);
}
