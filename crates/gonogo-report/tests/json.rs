//! The JSON report as a file: read back whole, and refused when it is not.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod fixture;

use gonogo_model::Report;
use gonogo_report::json::{ReadError, read_json, read_json_with, write_json};
use gonogo_report::{Style, Verbosity, human};

fn written(report: &Report) -> String {
    let mut bytes = Vec::new();
    write_json(report, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_report_is_read_back_whole() {
    for report in [fixture::report(), fixture::go(), fixture::interrupted()] {
        let text = written(&report);
        let read = read_json_with(&text, &fixture::lookup).unwrap();
        assert_eq!(written(&read), text);
        for verbosity in [Verbosity::Normal, Verbosity::Verbose] {
            let style = Style {
                verbosity,
                ..Style::PLAIN
            };
            assert_eq!(
                human::summary(&read, &style),
                human::summary(&report, &style)
            );
        }
    }
    let report = fixture::report();
    let read = read_json_with(&written(&report), &fixture::lookup).unwrap();
    assert_eq!(read.judgement, report.judgement);
    for (read, made) in read.record.checks.iter().zip(&report.record.checks) {
        assert_eq!(read.result, made.result);
        assert_eq!(read.plan, made.plan);
    }
}

#[test]
fn a_code_that_nobody_knows_keeps_its_name() {
    let read = read_json(&written(&fixture::report())).unwrap();
    let check = read
        .record
        .checks
        .iter()
        .find(|c| c.plan.id.as_str() == "replica-lag");
    let code = check.unwrap().result.code.clone().unwrap();
    assert_eq!((code.as_str(), code.decl()), ("postgres/denied", None));
}

#[test]
fn a_file_that_is_cut_off_is_refused_wherever_it_ends() {
    let text = written(&fixture::go());
    let whole = text.trim_end();
    for end in 0..whole.len() {
        let cut = whole.get(..end).unwrap();
        assert_eq!(read_json(cut), Err(ReadError::Truncated), "at {end}");
    }
}

#[test]
fn a_file_of_another_kind_is_refused() {
    for (text, message) in [
        ("", "the file ends in the middle: it was not written whole"),
        (
            "{}",
            "not written by gonogo: it has no \"schema\": \"gonogo.run/1\"",
        ),
        (
            "[1]",
            "not written by gonogo: it has no \"schema\": \"gonogo.run/1\"",
        ),
        (
            "{\"schema\": \"gonogo.run/2\"}",
            "format gonogo.run/2 is not known to this version, which reads gonogo.run/1",
        ),
        (
            "{\"schema\": \"\\u001b[2J\"}",
            "its format is \\u{1b}[2J, and gonogo.run/1 is wanted here",
        ),
        ("version: 1", "not JSON: expected value at line 1 column 1"),
        (
            "{\"schema\": \"gonogo.run/1\"}",
            "not a whole gonogo.run/1 report: missing field `gate` at line 1 column 26",
        ),
    ] {
        assert_eq!(read_json(text).unwrap_err().to_string(), message);
    }
}

#[test]
fn an_edited_file_is_refused() {
    let text = written(&fixture::report());
    for (from, to, message) in [
        (
            "\"failed\": 6",
            "\"failed\": 5",
            "the report contradicts itself, so it was edited: it counts 5 checks as failed and holds 6",
        ),
        (
            "\"outcome\": \"failed\"",
            "\"outcome\": \"passed\"",
            "the report contradicts itself, so it was edited: it counts 4 checks as passed and holds 5",
        ),
        (
            "\"outcome\": \"failed\"",
            "\"outcome\": \"fine\"",
            "not a whole gonogo.run/1 report: checks[0] (database): unknown variant `fine`, expected one of `passed`, `warned`, `failed`, `unknown`, `skipped`, `waived`, `awaiting`",
        ),
        (
            "\"id\": \"database\",\n      \"title\"",
            "\"id\": \"edge-cert\",\n      \"title\"",
            "the report contradicts itself, so it was edited: check edge-cert comes twice",
        ),
        (
            "\"state\": \"refused\",",
            "\"state\": 7,",
            "not a whole gonogo.run/1 report: checks[0] (database): fact state: a number is no value of type text",
        ),
        (
            "\"interrupted\": false",
            "\"interrupted\": true",
            "the report contradicts itself, so it was edited: interrupted and signal do not agree",
        ),
        (
            "\"regions.us\",\n        \"regions.ap\"",
            "\"regions.us\",\n        \"regions.xx\"",
            "the report contradicts itself, so it was edited: group regions has no check regions.xx",
        ),
    ] {
        assert!(text.contains(from), "{from}");
        let edited = text.replacen(from, to, 1);
        let error = read_json(&edited).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn keys_of_a_later_version_are_ignored() {
    let text = written(&fixture::report());
    let later = text.replacen("\"gate\":", "\"mood\": {\"deep\": [1]},\n  \"gate\":", 1);
    assert_eq!(read_json(&later), read_json(&text));
}

#[test]
fn what_cannot_be_written_whole_is_an_error() {
    struct Full(usize);
    impl std::io::Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            if self.0 == 0 {
                return Err(std::io::ErrorKind::StorageFull.into());
            }
            let taken = bytes.len().min(self.0);
            self.0 -= taken;
            Ok(taken)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let size = written(&fixture::go()).len();
    for room in [0, 1, size / 2, size - 1] {
        let error = write_json(&fixture::go(), &mut Full(room)).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::StorageFull, "{room}");
    }
    write_json(&fixture::go(), &mut Full(size)).unwrap();
}
