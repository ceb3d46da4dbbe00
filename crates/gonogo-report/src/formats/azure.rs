//! `azure`: logging commands of Azure Pipelines, which show a run in the summary of its job.
//!
//! There are errors and warnings only, and ten of each are kept; the last says how many there are more. What is
//! merely to be known is a line of the log. `task.complete` is left out: the exit code says it all.
//!
//! <https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands>

use super::{Format, Place, View};
use crate::annotation::{Annotation, Level, annotations};
use crate::mistakes::Mistake;
use crate::{Style, roll};

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "azure",
    sentence: "logging commands of Azure Pipelines: errors and warnings of the job",
    render,
};

fn render(view: &View<'_>) -> Vec<u8> {
    let verdict = crate::human::verdict_line(view.report, &Style::PLAIN);
    (azure(view) + &verdict).into_bytes()
}

/// Returns what makes a job on Azure show a report: what passed, folded, and issues.
#[must_use]
pub fn azure(view: &View<'_>) -> String {
    let passed = roll::passed(view.report, MOST_PASSED);
    let mut text = String::new();
    if !passed.is_empty() {
        text.push_str(&format!("##[group]{}\n", roll::title(view.report)));
        text.extend(passed.iter().map(|line| format!("{line}\n")));
        text.push_str("##[endgroup]\n");
    }
    text.push_str(&issues(&annotations(view.report), view.place));
    text
}

/// Returns what makes a job on Azure show a gate that could not start.
#[must_use]
pub fn azure_mistakes(mistakes: &[Mistake], place: Option<Place<'_>>) -> String {
    let all: Vec<Annotation> = mistakes.iter().map(Mistake::annotation).collect();
    issues(&all, place)
}

/// Returns the remarks that are kept of a step, the loudest first.
fn issues(all: &[Annotation], place: Option<Place<'_>>) -> String {
    let mut text = String::new();
    for level in Level::ALL {
        let of_level: Vec<&Annotation> = all.iter().filter(|a| a.level == level).collect();
        let more = of_level.len().saturating_sub(MOST);
        for (number, annotation) in (1..).zip(of_level.iter().take(MOST)) {
            let more = if number == MOST { more } else { 0 };
            text.push_str(&issue(place, annotation, more));
        }
    }
    text
}

fn issue(place: Option<Place<'_>>, annotation: &Annotation, more: usize) -> String {
    let mut told: String = std::iter::once(&annotation.title)
        .chain(&annotation.text)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("\n")
        .chars()
        .take(MOST_CHARACTERS)
        .collect();
    if more > 0 {
        told.push_str(&format!(
            "\nand {more} more like this, in the log and the report"
        ));
    }
    let level = match annotation.level {
        Level::Error | Level::Warning => annotation.level.as_str(),
        // Issues are errors or warnings: this is a line of the log.
        Level::Notice => return format!("notice: {}\n", told.replace('\n', "; ")),
    };
    let mut properties = format!("type={level}");
    if let Some(line) = annotation.line.filter(|_| annotation.file != "-") {
        let path = crate::escape(&Place::told(place, &annotation.file)).into_owned();
        properties.push_str(&format!(
            ";sourcepath={};linenumber={line}",
            property(&path)
        ));
    }
    if let Some(code) = &annotation.code {
        properties.push_str(&format!(";code={}", property(&crate::escape(code))));
    }
    format!("##vso[task.logissue {properties}]{}\n", data(&told))
}

fn data(text: &str) -> String {
    text.replace('%', "%AZP25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(';', "%3B").replace(']', "%5D")
}

/// So many issues of a level are kept of a step.
const MOST: usize = 10;
const MOST_CHARACTERS: usize = 4000;
const MOST_PASSED: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_and_properties_keep_to_their_place() {
        assert_eq!(data("100%\r\na]b;c"), "100%AZP25%0D%0Aa]b;c");
        assert_eq!(property("100%\r\na]b;c"), "100%AZP25%0D%0Aa%5Db%3Bc");
    }
}
