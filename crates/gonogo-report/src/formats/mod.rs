//! The formats of a report: one module and one row of the table each.

mod azure;
mod buildkite;
pub(crate) mod case;
mod csv;
mod dotenv;
mod github;
mod gitlab;
mod html;
mod human;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod otlp;
mod place;
mod prometheus;
mod sarif;
mod tap;
mod teamcity;

use std::fmt;

use gonogo_model::Report;

use crate::diff::Since;

pub use azure::{azure, azure_mistakes};
pub use github::{github, github_mistakes};
pub(crate) use markdown::code as code_span;
pub use markdown::markdown;
pub use place::Place;
pub use teamcity::{teamcity, teamcity_mistakes};

/// A format in which a report can be written.
#[derive(Clone, Copy)]
pub struct Format {
    /// What `-o` calls it.
    pub name: &'static str,
    /// One line that says what it is for.
    pub sentence: &'static str,
    render: fn(&View<'_>) -> Vec<u8>,
}

impl Format {
    /// Returns the format that `-o` calls `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }

    /// Returns whether it is the text that people read in a terminal.
    #[must_use]
    pub fn is_human(&self) -> bool {
        self == &human::FORMAT
    }

    /// Returns whether standard output gets it piece by piece, as the run goes on: the events.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self == &jsonl::FORMAT
    }

    /// Renders a report: the whole of a file.
    #[must_use]
    pub fn render(&self, view: &View<'_>) -> Vec<u8> {
        (self.render)(view)
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Format {}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A report, with what some formats show beside it.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The report.
    pub report: &'a Report,
    /// The run with which it is compared, where there is one.
    pub baseline: Option<Since<'a>>,
    /// The trace that the run belongs to, as in W3C Trace Context: the value of `TRACEPARENT`.
    pub trace_parent: Option<&'a str>,
    /// A word that nobody can guess, with which a format may fence off foreign text.
    pub fence: Option<&'a str>,
    /// Where the run was made in a repository, for formats whose paths begin at its top.
    pub place: Option<Place<'a>>,
}

impl<'a> View<'a> {
    /// Returns a report by itself.
    #[must_use]
    pub const fn of(report: &'a Report) -> Self {
        Self {
            report,
            baseline: None,
            trace_parent: None,
            fence: None,
            place: None,
        }
    }

    /// Returns a path of the report as the repository has it.
    fn path(&self, path: &str) -> String {
        Place::told(self.place, path)
    }
}

/// Every format, in the order in which they are listed.
pub static FORMATS: [Format; 17] = [
    human::FORMAT,
    json::FORMAT,
    jsonl::FORMAT,
    html::FORMAT,
    markdown::FORMAT,
    junit::FORMAT,
    tap::FORMAT,
    sarif::FORMAT,
    gitlab::FORMAT,
    dotenv::FORMAT,
    csv::FORMAT,
    prometheus::FORMAT,
    otlp::FORMAT,
    github::FORMAT,
    azure::FORMAT,
    teamcity::FORMAT,
    buildkite::FORMAT,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_name_and_by_no_other() {
        for format in &FORMATS {
            assert_eq!(Format::named(format.name), Some(format));
        }
        assert_eq!(Format::named("jason"), None);
        let mut names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FORMATS.len(), "no name is taken twice");
    }
}
