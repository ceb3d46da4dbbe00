//! `dotenv`: the verdict as variables, for the next jobs (`artifacts:reports:dotenv`) and for `.` of a shell.
//!
//! GitLab knows neither quotes nor escapes nor comments here, and a shell obeys much: a value that is not
//! made of letters, digits and `._:/+@-` alone is left empty, and the report has it.

use gonogo_model::{ExitCode, Outcome};

use super::{Format, View};

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "dotenv",
    sentence: "the verdict as variables, for later jobs and for shells",
    render,
};

fn render(view: &View<'_>) -> Vec<u8> {
    let (record, judgement) = (&view.report.record, &view.report.judgement);
    let header = &record.header;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let count = |outcome| judgement.counts.of(outcome).to_string();
    // At most 20: GitLab refuses the whole file when there are more.
    let variables = [
        ("VERDICT", judgement.verdict.to_string()),
        ("EXIT_CODE", ExitCode::of(view.report).to_string()),
        ("RUN_ID", header.run_id.clone()),
        ("GATE", header.gate.clone()),
        ("RELEASE", text(&header.release)),
        ("ENVIRONMENT", text(&header.environment)),
        ("PHASE", text(&record.plan.selection.phase)),
        ("COMMIT", text(&header.commit)),
        ("BRANCH", text(&header.branch)),
        ("PLAN_DIGEST", record.plan.digest.clone()),
        ("FINISHED", record.finished.wall.to_string()),
        (
            "VALID_UNTIL",
            judgement
                .valid_until
                .map_or_else(String::new, |t| t.to_string()),
        ),
        ("PLANNED", judgement.counts.planned.to_string()),
        ("PASSED", count(Outcome::Passed)),
        ("WARNED", count(Outcome::Warned)),
        ("FAILED", count(Outcome::Failed)),
        ("UNKNOWN", count(Outcome::Unknown)),
        ("SKIPPED", count(Outcome::Skipped)),
        ("WAIVED", count(Outcome::Waived)),
        ("AWAITING", count(Outcome::Awaiting)),
    ];
    let lines = variables.map(|(name, value)| format!("GONOGO_{name}={}\n", safe(&value)));
    lines.concat().into_bytes()
}

/// Returns a value that means itself to every reader, or nothing.
fn safe(value: &str) -> &str {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "._:/+@-".contains(c);
    if value.len() <= LONGEST && value.chars().all(is_safe) {
        value
    } else {
        ""
    }
}

/// GitLab takes 5 KB in all.
const LONGEST: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_could_obey_is_left_out() {
        for unsafe_value in [
            "$(id)", "a b", "a'b", "a\"b", "a#b", "a\nb", "`id`", "a=b", "~", "\u{e9}",
        ] {
            assert_eq!(safe(unsafe_value), "");
        }
        assert_eq!(safe("v1.2.3-rc.1+build/x@y:z"), "v1.2.3-rc.1+build/x@y:z");
        assert_eq!(safe(&"a".repeat(201)), "");
    }
}
