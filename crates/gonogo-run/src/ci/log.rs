//! What the log of a CI gets beside the summary that people read.

use gonogo_model::Verdict;
use gonogo_report::formats::{azure, github, teamcity};
use gonogo_report::{View, roll};
use jiff::Timestamp;

use super::{Ci, Provider};

impl Ci {
    /// Returns what goes before the summary.
    #[must_use]
    pub fn before(&self, view: &View<'_>) -> String {
        match self.provider {
            // A group that stays open.
            Provider::Buildkite => format!("+++ {}\n", headline(view)),
            Provider::GitHub
            | Provider::GitLab
            | Provider::Azure
            | Provider::TeamCity
            | Provider::CircleCi
            | Provider::Jenkins => String::new(),
        }
    }

    /// Returns what goes after the summary: what passed, folded, and annotations.
    #[must_use]
    pub fn after(&self, view: &View<'_>, now: Timestamp) -> String {
        match self.provider {
            Provider::GitHub => github(view),
            Provider::Azure => azure(view),
            Provider::TeamCity => teamcity(view),
            Provider::GitLab => gitlab(view, now),
            Provider::Buildkite => match roll::passed(view.report, MOST_PASSED) {
                passed if passed.is_empty() => String::new(),
                passed => format!("--- {}\n{}", roll::title(view.report), lines(&passed)),
            },
            Provider::CircleCi | Provider::Jenkins => String::new(),
        }
    }

    /// Returns what shows a warning that is about no check; one line without control characters.
    #[must_use]
    pub fn warning(&self, line: &str) -> String {
        match self.provider {
            Provider::GitHub => {
                format!("::warning title=gonogo::{}\n", line.replace('%', "%25"))
            }
            Provider::Azure => {
                let line = line.replace('%', "%AZP25");
                format!("##vso[task.logissue type=warning]{line}\n")
            }
            Provider::TeamCity => {
                let escaped = line.chars().map(|c| match c {
                    '|' | '\'' | '[' | ']' => format!("|{c}"),
                    c => c.to_string(),
                });
                let line: String = escaped.collect();
                format!("##teamcity[message text='{line}' status='WARNING']\n")
            }
            Provider::GitLab | Provider::Buildkite | Provider::CircleCi | Provider::Jenkins => {
                String::new()
            }
        }
    }
}

fn headline(view: &View<'_>) -> String {
    let verdict = match view.report.judgement.verdict {
        Verdict::Go => ":white_check_mark: GO",
        Verdict::Hold => ":warning: HOLD",
        Verdict::NoGo => ":x: NO-GO",
    };
    let gate = &view.report.record.header.gate;
    format!("{verdict}  {}", gonogo_report::escape(gate))
}

/// Returns a section that is folded until somebody opens it.
fn gitlab(view: &View<'_>, now: Timestamp) -> String {
    let passed = roll::passed(view.report, MOST_PASSED);
    if passed.is_empty() {
        return String::new();
    }
    let (time, title) = (now.as_second(), roll::title(view.report));
    format!(
        "{CLEAR}section_start:{time}:gonogo_passed[collapsed=true]\r{CLEAR}{title}\n{}{CLEAR}section_end:{time}:gonogo_passed\r{CLEAR}\n",
        lines(&passed)
    )
}

fn lines(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Clears the line, as GitLab wants it round its markers.
const CLEAR: &str = "\u{1b}[0K";
const MOST_PASSED: usize = 1000;
