//! What we write, read by programs and schemas that are not ours: the canonical run, and runs of the binary.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use boon::{Compiler, Schemas};
use gonogo_tests::{Gonogo, workspace};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::trace::v1::Span;
use serde_json::Value;

/// Formats that are read here.
const FORMATS: [&str; 9] = [
    "json",
    "junit",
    "tap",
    "sarif",
    "gitlab",
    "dotenv",
    "csv",
    "prometheus",
    "otlp",
];

/// One run in every format.
struct Run {
    name: String,
    folder: PathBuf,
    /// Removes the folder when the test has ended.
    _finished: Option<gonogo_tests::Finished>,
}

impl Run {
    fn text(&self, format: &str) -> String {
        fs::read_to_string(self.folder.join(format)).unwrap()
    }

    fn report(&self) -> Value {
        serde_json::from_str(&self.text("json")).unwrap()
    }

    fn path(&self, format: &str) -> PathBuf {
        self.folder.join(format)
    }
}

/// The canonical run, a run for each verdict, and one in which every text means harm.
fn runs() -> Vec<Run> {
    let mut runs = vec![Run {
        name: "canonical".to_owned(),
        folder: workspace().join("crates/gonogo-report/tests/golden/formats"),
        _finished: None,
    }];
    let harm = r#"command: [sh, -c, "printf ']]><a>\\033[2J\\nok 1\\n=1|`x`\\\"} 1'; exit 1"]"#;
    for (name, code, check) in [
        ("go", 0, "command: ['true']"),
        ("no-go", 1, "command: ['false']"),
        ("hold", 3, "command: [/no/such/program]"),
        ("harm", 1, harm),
    ] {
        let gate = format!(
            "version: 1\ngate: '=cmd | \"x\" ]]> # SKIP'\nrelease: '$(id)'\nchecks:\n  first: {{ command: ['true'], \
             title: '@x [a](b) | # TODO' }}\n  second: {{ {check}, owner: '+1', group: some }}\n\
             groups:\n  some: all\nwaivers:\n  - {{ check: first, reason: '\"}} 1', owner: '-x', until: 2999-01-31 }}\n"
        );
        let outputs = FORMATS.map(|format| format!("{format}={format}"));
        let mut arguments = vec!["check", "-q"];
        arguments.extend(outputs.iter().flat_map(|output| ["-o", output]));
        let finished = Gonogo::new(&arguments).gate(&gate).run().exits(code);
        runs.push(Run {
            name: name.to_owned(),
            folder: finished.folder.path().to_owned(),
            _finished: Some(finished),
        });
    }
    runs
}

/// Runs a program over an input; returns what it says, and asserts that it is content.
fn asked(name: &str, command: &mut Command, input: &str) -> String {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}; `cargo xtask test` installs it"));
    let mut pipe = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || pipe.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let _read_as_far_as_it_liked = writer.join().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|b| String::from_utf8(b).unwrap());
    assert!(
        output.status.success(),
        "{name}: {command:?}:\n{out}\n{err}"
    );
    out
}

#[test]
fn the_schema_of_jenkins_takes_junit() {
    let schema = workspace().join("tests/schemas/junit-10.xsd");
    for run in runs() {
        let mut xmllint = Command::new("xmllint");
        xmllint.args(["--nonet", "--noout", "--schema"]);
        xmllint.arg(&schema).arg(run.path("junit"));
        assert_eq!(asked(&run.name, &mut xmllint, ""), "");
    }
}

#[test]
fn promtool_takes_prometheus() {
    for run in runs() {
        let mut promtool = Command::new("promtool");
        promtool.args(["check", "metrics"]);
        assert_eq!(asked(&run.name, &mut promtool, &run.text("prometheus")), "");
    }
}

fn assert_valid(schema: &str, format: &str) {
    let path = workspace().join("tests/schemas").join(schema);
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    let document: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    compiler.enable_format_assertions();
    compiler.add_resource(schema, document).unwrap();
    let root = compiler.compile(schema, &mut schemas).unwrap();
    for run in runs() {
        let found: Value = serde_json::from_str(&run.text(format)).unwrap();
        if let Err(error) = schemas.validate(&found, root) {
            panic!("{}: {error:#}", run.name);
        }
    }
}

#[test]
fn the_schema_of_sarif_takes_sarif() {
    assert_valid("sarif-2.1.0.json", "sarif");
}

#[test]
fn gitlab_takes_code_quality() {
    assert_valid("gitlab-code-quality.json", "gitlab");
}

/// What the oldest consumer of TAP counts. It knows version 13, of which we use nothing that 14 changed.
const COUNT: &str = r#"
    local $/; my $tap = <STDIN>; $tap =~ s/^TAP version 14/TAP version 13/;
    my $parser = TAP::Parser->new({ tap => $tap });
    while (my $result = $parser->next) {}
    print join(' ', $parser->tests_run, scalar($parser->passed), scalar($parser->failed),
        scalar($parser->skipped), scalar($parser->todo), scalar($parser->parse_errors), $parser->is_good_plan);
"#;

#[test]
fn a_consumer_of_tap_counts_the_same() {
    for run in runs() {
        let mut perl = Command::new("perl");
        perl.args(["-MTAP::Parser", "-e", COUNT]);
        let told = asked(&run.name, &mut perl, &run.text("tap"));
        let report = run.report();
        let count = |word: &str| report["counts"][word].as_u64().unwrap();
        let groups = report["groups"].as_array().unwrap();
        let met = groups
            .iter()
            .filter(|group| group["state"] == "met")
            .count() as u64;
        let go = u64::from(report["verdict"] == "GO");
        let all = count("planned") + groups.len() as u64 + 1;
        // What is still to do is passed to this consumer, whatever it says.
        let passed =
            count("passed") + count("warned") + count("skipped") + count("waived") + met + go;
        let wanted = format!(
            "{all} {passed} {} {} {} 0 1",
            all - passed,
            count("skipped"),
            count("waived")
        );
        assert_eq!(told, wanted, "{}", run.name);
    }
}

#[test]
fn a_reader_of_tables_finds_every_check_with_its_outcome() {
    let script = "import csv, json, sys; sys.stdin.reconfigure(newline=''); \
                  print(json.dumps(list(csv.DictReader(sys.stdin, strict=True))))";
    for run in runs() {
        let mut python = Command::new("python3");
        python.args(["-X", "utf8", "-c", script]);
        let rows = asked(&run.name, &mut python, &run.text("csv"));
        let rows: Vec<Value> = serde_json::from_str(&rows).unwrap();
        let report = run.report();
        let told = rows.iter().map(|row| (&row["id"], &row["outcome"]));
        let checks = report["checks"].as_array().unwrap().iter();
        let checks = checks.map(|check| (&check["id"], &check["outcome"]));
        let none = Value::from("");
        let wanted = std::iter::once((&none, &report["verdict"])).chain(checks);
        assert!(told.eq(wanted), "{}: {rows:?}", run.name);
        assert!(rows.iter().all(|row| row.get("null").is_none()), "{rows:?}");
    }
}

#[test]
fn a_shell_reads_the_variables_and_runs_nothing() {
    let script = "set -eu; . \"$0\"; printf '%s %s %s' \"$GONOGO_VERDICT\" \"$GONOGO_EXIT_CODE\" \"$GONOGO_RELEASE\"";
    for run in runs() {
        let mut sh = Command::new("sh");
        sh.args(["-c", script]).arg(run.path("dotenv"));
        let told = asked(&run.name, &mut sh, "");
        let report = run.report();
        let code = match report["verdict"].as_str().unwrap() {
            "GO" => 0,
            "HOLD" => 3,
            _ => 1,
        };
        let release = match run.name.as_str() {
            "canonical" => "2026.11.3",
            _ => "",
        };
        let verdict = report["verdict"].as_str().unwrap();
        assert_eq!(told, format!("{verdict} {code} {release}"), "{}", run.name);
    }
}

/// Returns the spans of a trace, and asserts that the decoder lost nothing of what stands in it.
fn decoded(name: &str, text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    for line in text.lines() {
        let request: ExportTraceServiceRequest = json5::from_str(line).unwrap();
        let mut written: Value = serde_json::from_str(line).unwrap();
        // The decoder writes what is empty or zero too.
        let mut again = serde_json::to_value(&request).unwrap();
        for document in [&mut written, &mut again] {
            without_defaults(document);
        }
        assert_eq!(written, again, "{name}");
        for resource in request.resource_spans {
            let about = resource.resource.unwrap().attributes;
            assert_eq!(about[0].key, "service.name");
            spans.extend(
                resource
                    .scope_spans
                    .into_iter()
                    .flat_map(|scope| scope.spans),
            );
        }
    }
    spans
}

fn without_defaults(document: &mut Value) {
    match document {
        Value::Object(fields) => {
            // What somebody chose stays, even if it is false.
            let chosen = |key: &str| key.ends_with("Value");
            fields
                .iter_mut()
                .for_each(|(_, value)| without_defaults(value));
            let is_default = |value: &Value| {
                let empty = [Value::Null, "".into(), 0.into(), Value::Array(Vec::new())];
                empty.contains(value) || value.as_object().is_some_and(serde_json::Map::is_empty)
            };
            fields.retain(|key, value| chosen(key) || !is_default(value));
        }
        Value::Array(values) => values.iter_mut().for_each(without_defaults),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn text_of<'s>(span: &'s Span, key: &str) -> Option<&'s str> {
    let found = span
        .attributes
        .iter()
        .find(|attribute| attribute.key == key);
    match found?.value.as_ref()?.value.as_ref()? {
        Any::StringValue(text) => Some(text),
        other => panic!("{key} is {other:?}"),
    }
}

#[test]
fn a_decoder_of_opentelemetry_finds_every_check_under_its_gate() {
    for run in runs() {
        let spans = decoded(&run.name, &run.text("otlp"));
        let report = run.report();
        let (gate, rest) = spans.split_first().unwrap();
        assert!(
            gate.parent_span_id.is_empty(),
            "{}: it is the root",
            run.name
        );
        assert_eq!(
            text_of(gate, "gonogo.verdict"),
            report["verdict"].as_str(),
            "{}",
            run.name
        );
        assert_eq!(
            text_of(gate, "cicd.pipeline.task.run.id"),
            report["run_id"].as_str()
        );
        let is_go = report["verdict"] == "GO";
        assert_eq!(
            gate.status.as_ref().unwrap().code,
            if is_go { 1 } else { 2 }
        );
        let mut above = vec![gate];
        for span in rest {
            assert_eq!((&span.trace_id, span.span_id.len()), (&gate.trace_id, 8));
            let parent = above.iter().find(|one| one.span_id == span.parent_span_id);
            let parent = parent.unwrap_or_else(|| panic!("{}: {span:?}", run.name));
            assert!(parent.start_time_unix_nano <= span.start_time_unix_nano);
            assert!(span.start_time_unix_nano <= span.end_time_unix_nano);
            assert!(above.iter().all(|one| one.span_id != span.span_id));
            above.push(span);
        }
        let checks = rest
            .iter()
            .filter(|span| span.parent_span_id == gate.span_id);
        let told = checks.map(|span| {
            let code = span.status.as_ref().map_or(0, |status| status.code);
            let word = |key| text_of(span, key).unwrap_or_default();
            (word("gonogo.check.id"), word("gonogo.check.outcome"), code)
        });
        let wanted = report["checks"].as_array().unwrap().iter().map(|check| {
            let code = match check["outcome"].as_str().unwrap() {
                "passed" | "warned" => 1,
                "skipped" | "waived" => 0,
                _ => 2,
            };
            let word = |key: &str| check[key].as_str().unwrap();
            (word("id"), word("outcome"), code)
        });
        assert!(told.eq(wanted), "{}", run.name);
        let attempts = report["checks"].as_array().unwrap().iter();
        let attempts = attempts.flat_map(|check| check["attempts"].as_array().unwrap());
        let phases: usize = attempts
            .clone()
            .map(|attempt| attempt["phases"].as_array().unwrap().len())
            .sum();
        let all = 1 + report["checks"].as_array().unwrap().len() + attempts.count() + phases;
        assert_eq!(spans.len(), all, "{}", run.name);
    }
}
