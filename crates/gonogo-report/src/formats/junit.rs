//! `junit`: XML for the test views of Jenkins, GitLab and others.
//!
//! Valid by the strictest schema that a consumer checks (`junit-10.xsd` of the Jenkins xUnit plugin), so
//! without the attributes that others add to a test case; where a check stands is told in its text.
//!
//! The first case is the verdict of the gate: a consumer that knows nothing but cases does not call a
//! gate green that is not GO, whatever its checks came to.

use gonogo_model::{AttemptRecord, ExitCode, GroupState, Outcome, Report, Verdict};

use super::case::{self, Case, figure, long, short};
use super::{Format, View};

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "junit",
    sentence: "JUnit XML, for the test views of Jenkins, GitLab and others",
    render,
};

fn render(view: &View<'_>) -> Vec<u8> {
    let report = view.report;
    let gate = short(&report.record.header.gate);
    let mut suite = Suite::default();
    // No id has a space: the name is taken by no check.
    suite.add(&gate, "verdict of the gate", &verdict(report));
    for (group, state, tally) in case::groups(report) {
        let tally = case::tally(tally);
        let body = match state {
            GroupState::Met => Body::bare(),
            GroupState::NotMet => Body::problem("failure", "gate/group_not_met", &tally, &[]),
            GroupState::Undecided => Body::problem("error", "gate/group_undecided", &tally, &[]),
        };
        suite.add(&gate, group.id.as_str(), &body);
    }
    for case in case::cases(report) {
        if case.outcome == Outcome::Warned {
            suite.warned.push(format!("{}: {}", case.id(), case.why()));
        }
        suite.add(&gate, case.id(), &body(&case));
    }
    document(report, &gate, &suite).into_bytes()
}

/// The cases so far, and how many of them are what.
#[derive(Default)]
struct Suite {
    cases: String,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    warned: Vec<String>,
}

/// What is told of one case.
#[derive(Default)]
struct Body {
    /// `failure`, `error` or `skipped`; nothing of what passed.
    element: Option<&'static str>,
    seconds: String,
    xml: String,
}

impl Suite {
    fn add(&mut self, class: &str, name: &str, body: &Body) {
        self.tests += 1;
        match body.element {
            Some("failure") => self.failures += 1,
            Some("error") => self.errors += 1,
            Some(_) => self.skipped += 1,
            None => {}
        }
        let (class, name) = (escape(class), escape(name));
        let time = if body.seconds.is_empty() {
            String::new()
        } else {
            format!(" time=\"{}\"", body.seconds)
        };
        let open = format!("    <testcase classname=\"{class}\" name=\"{name}\"{time}");
        self.cases.push_str(&open);
        if body.xml.is_empty() {
            self.cases.push_str("/>\n");
        } else {
            self.cases
                .push_str(&format!(">\n{}    </testcase>\n", body.xml));
        }
    }
}

impl Body {
    fn bare() -> Self {
        Self::default()
    }

    fn problem(element: &'static str, code: &str, message: &str, lines: &[String]) -> Self {
        let xml = element_xml(element, code, message, lines);
        Self {
            element: Some(element),
            seconds: String::new(),
            xml,
        }
    }
}

fn verdict(report: &Report) -> Body {
    let verdict = report.judgement.verdict;
    let reasons = case::reasons(report);
    match verdict {
        Verdict::Go => Body::bare(),
        Verdict::NoGo => Body::problem("failure", "gate/no_go", verdict.as_str(), &reasons),
        Verdict::Hold => Body::problem("error", "gate/hold", verdict.as_str(), &reasons),
    }
}

fn body(case: &Case<'_>) -> Body {
    let why = case.why();
    let mut lines: Vec<String> = case.title().into_iter().collect();
    lines.extend(case.lines());
    let ty = case.code().map_or_else(|| case.outcome.to_string(), short);
    let mut body = match case.outcome {
        Outcome::Passed => Body::bare(),
        Outcome::Warned => {
            lines.insert(0, format!("WARN {why}"));
            Body {
                xml: system_out(&lines),
                ..Body::bare()
            }
        }
        Outcome::Failed => Body::problem("failure", &ty, &why, &lines),
        Outcome::Unknown | Outcome::Awaiting => Body::problem("error", &ty, &why, &lines),
        Outcome::Skipped | Outcome::Waived => Body::problem("skipped", &ty, &why, &lines),
    };
    body.seconds = case.seconds().map(figure).unwrap_or_default();
    let attempts = case.record.attempts.split_last();
    let earlier = attempts.map_or(&[][..], |(_, earlier)| earlier);
    let prefix = match case.outcome {
        Outcome::Passed | Outcome::Warned => "flaky",
        Outcome::Failed | Outcome::Unknown => "rerun",
        Outcome::Skipped | Outcome::Waived | Outcome::Awaiting => return body,
    };
    for attempt in earlier {
        body.xml.push_str(&earlier_xml(prefix, attempt));
    }
    body
}

/// An attempt before the one that decided; one that passed is only told in the details.
fn earlier_xml(prefix: &str, attempt: &AttemptRecord) -> String {
    let name = match (prefix, attempt.outcome) {
        (_, Outcome::Passed | Outcome::Warned) => return String::new(),
        ("flaky", Outcome::Failed) => "flakyFailure",
        ("flaky", _) => "flakyError",
        (_, Outcome::Failed) => "rerunFailure",
        (_, _) => "rerunError",
    };
    let ty = match &attempt.code {
        Some(code) => escape(code.as_str()),
        None => escape(attempt.outcome.as_str()),
    };
    let message = long(attempt.message.as_deref().unwrap_or_default());
    let message = escape(&message);
    format!("      <{name} type=\"{ty}\" message=\"{message}\"/>\n")
}

fn element_xml(element: &str, code: &str, message: &str, lines: &[String]) -> String {
    let (code, message) = (escape(code), escape(message));
    let text = text(lines);
    format!("      <{element} type=\"{code}\" message=\"{message}\">{text}</{element}>\n")
}

fn system_out(lines: &[String]) -> String {
    format!("      <system-out>{}</system-out>\n", text(lines))
}

/// Returns lines as the text of an element.
fn text(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
    lines.join("\n")
}

fn document(report: &Report, gate: &str, suite: &Suite) -> String {
    let (record, header) = (&report.record, &report.record.header);
    let seconds = figure(&record.finished.elapsed.minus(&record.started.elapsed));
    let started = record.started.wall.strftime("%Y-%m-%dT%H:%M:%S");
    let Suite {
        cases,
        tests,
        failures,
        errors,
        skipped,
        ..
    } = suite;
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"");
    let host = match &header.host {
        Some(host) => format!(" hostname=\"{}\"", escape(&short(host))),
        None => String::new(),
    };
    let exit = ExitCode::of(report).to_string();
    let valid = report.judgement.valid_until.map(|until| until.to_string());
    let mut properties = String::new();
    for (name, value) in [
        ("verdict", Some(report.judgement.verdict.as_str())),
        ("exit_code", Some(&exit)),
        ("run_id", Some(&header.run_id)),
        ("release", header.release.as_deref()),
        ("environment", header.environment.as_deref()),
        ("phase", record.plan.selection.phase.as_deref()),
        ("commit", header.commit.as_deref()),
        ("branch", header.branch.as_deref()),
        ("plan", Some(&record.plan.digest)),
        ("valid_until", valid.as_deref()),
        (
            "tool",
            Some(&format!("{} {}", header.tool.name, header.tool.version)),
        ),
    ] {
        if let Some(value) = value {
            properties.push_str(&property(name, value));
        }
    }
    for warned in &suite.warned {
        properties.push_str(&property("warning", warned));
    }
    let gate = escape(gate);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"gonogo\" {counts} time=\"{seconds}\">\n  \
         <testsuite name=\"{gate}\" {counts} skipped=\"{skipped}\" time=\"{seconds}\" \
         timestamp=\"{started}\"{host}>\n    \
         <properties>\n{properties}    </properties>\n{cases}  </testsuite>\n</testsuites>\n"
    )
}

fn property(name: &str, value: &str) -> String {
    let value = escape(&long(value));
    format!("      <property name=\"{name}\" value=\"{value}\"/>\n")
}

/// Returns text fit for XML 1.0, as text and in quotes.
///
/// Characters that XML cannot hold, not even by number, are shown as everywhere: `\u{b}`. GitLab shows a
/// file to whoever reads the report where a text says `[[ATTACHMENT|path]]`, so brackets are parted.
fn escape(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in crate::escape(text).chars() {
        match c {
            '[' if clean.ends_with('[') => clean.push_str(" ["),
            '&' => clean.push_str("&amp;"),
            '<' => clean.push_str("&lt;"),
            '>' => clean.push_str("&gt;"),
            '"' => clean.push_str("&quot;"),
            '\'' => clean.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => clean.extend(c.escape_unicode()),
            c => clean.push(c),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_shown() {
        assert_eq!(
            escape("]]> \0 \u{b} \u{1b}[2J \u{fffe}\u{ffff} \"<a href='&'>"),
            "]]&gt; \\u{0} \\u{b} \\u{1b}[2J \\u{fffe}\\u{ffff} &quot;&lt;a href=&apos;&amp;&apos;&gt;"
        );
    }

    #[test]
    fn no_text_attaches_a_file() {
        let lines = ["[[ATTACHMENT|/etc/passwd]]".to_owned()];
        assert_eq!(text(&lines), "[ [ATTACHMENT|/etc/passwd]]");
        assert_eq!(escape("[[[ATTACHMENT|x]]"), "[ [ [ATTACHMENT|x]]");
    }
}
