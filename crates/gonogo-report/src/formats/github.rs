//! `github`: workflow commands of GitHub Actions, which show a run at the lines of its gate file.
//!
//! GitHub takes ten errors, ten warnings and ten notices of a step and drops the rest in silence: here the last of
//! each says how many there are more. Everything that is no command is text that was made inert, and stands
//! besides between `::stop-commands::` and its end where the view brings a word for it.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use super::{Format, Place, View};
use crate::annotation::{Annotation, Level, annotations};
use crate::mistakes::Mistake;
use crate::{Style, roll};

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "github",
    sentence: "workflow commands of GitHub Actions: annotations on the lines of the gate",
    render,
};

fn render(view: &View<'_>) -> Vec<u8> {
    let verdict = crate::human::verdict_line(view.report, &Style::PLAIN);
    (github(view) + &verdict).into_bytes()
}

/// Returns what makes a job on GitHub show a report: what passed, folded, and annotations.
#[must_use]
pub fn github(view: &View<'_>) -> String {
    let passed = roll::passed(view.report, MOST_PASSED);
    let mut text = String::new();
    if !passed.is_empty() {
        text.push_str(&format!("::group::{}\n", data(&roll::title(view.report))));
        text.push_str(&fenced(&passed, view.fence));
        text.push_str("::endgroup::\n");
    }
    text.push_str(&commands(&annotations(view.report), view.place));
    text
}

/// Returns what makes a job on GitHub show a gate that could not start.
#[must_use]
pub fn github_mistakes(mistakes: &[Mistake], place: Option<Place<'_>>) -> String {
    let all: Vec<Annotation> = mistakes.iter().map(Mistake::annotation).collect();
    commands(&all, place)
}

/// Returns the remarks that are kept of a step, the loudest first.
fn commands(all: &[Annotation], place: Option<Place<'_>>) -> String {
    let mut text = String::new();
    for level in Level::ALL {
        let of_level: Vec<&Annotation> = all.iter().filter(|a| a.level == level).collect();
        let more = of_level.len().saturating_sub(MOST);
        for (number, annotation) in (1..).zip(of_level.iter().take(MOST)) {
            let more = if number == MOST { more } else { 0 };
            text.push_str(&command(place, annotation, more));
        }
    }
    text
}

/// Returns lines between which no line is a command.
fn fenced(lines: &[String], fence: Option<&str>) -> String {
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    match fence {
        Some(word) => format!("::stop-commands::{word}\n{lines}::{word}::\n"),
        None => lines,
    }
}

fn command(place: Option<Place<'_>>, annotation: &Annotation, more: usize) -> String {
    let level = annotation.level.as_str();
    let mut properties = Vec::new();
    if let Some(line) = annotation.line.filter(|_| annotation.file != "-") {
        let path = crate::escape(&Place::told(place, &annotation.file)).into_owned();
        properties.push(format!("file={},line={line}", property(&path)));
    }
    properties.push(format!("title={}", property(&annotation.title)));
    let room = MOST_CHARACTERS - MORE_CHARACTERS;
    let mut told: String = annotation.text.join("\n").chars().take(room).collect();
    if more > 0 {
        told.push_str(&format!(
            "\nand {more} more like this, in the log and the report"
        ));
    }
    let told = data(&told);
    format!("::{level} {}::{told}\n", properties.join(","))
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// So many annotations of a level are shown of a step.
const MOST: usize = 10;
/// The runner cuts a message here.
const MOST_CHARACTERS: usize = 4096;
const MORE_CHARACTERS: usize = 96;
const MOST_PASSED: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_and_properties_keep_to_their_place() {
        assert_eq!(data("100%\r\na: b, c"), "100%25%0D%0Aa: b, c");
        assert_eq!(property("100%\r\na: b, c"), "100%25%0D%0Aa%3A b%2C c");
    }

    #[test]
    fn foreign_lines_are_fenced_off() {
        let lines = ["a".to_owned(), "b".to_owned()];
        assert_eq!(
            fenced(&lines, Some("w0rd")),
            "::stop-commands::w0rd\na\nb\n::w0rd::\n"
        );
        assert_eq!(fenced(&lines, None), "a\nb\n");
    }
}
