//! Weakenings as people read them, in the manner of diagnostics.

use annotate_snippets::{Group, Level, Origin, Renderer, normalize_untrusted_str};

use super::Weakening;
use crate::characters::is_hidden;
use crate::render::{renderer, without_excerpt};

/// Renders weakenings; `color` asks for a terminal's colours.
#[must_use]
pub fn render_weakenings(list: &[Weakening], color: bool) -> String {
    let renderer = renderer(color);
    let mut text = String::new();
    for weakening in list {
        text.push_str(&one(weakening, &renderer));
        text.push_str("\n\n");
    }
    text
}

fn one(weakening: &Weakening, renderer: &Renderer) -> String {
    let title = format!("{}: {}", subjects(&weakening.subjects), weakening.what);
    let title = Level::ERROR
        .primary_title(one_line(&title))
        .id(weakening.code);
    let file = one_line(&weakening.place.file);
    let mut origin = Origin::path(file);
    if weakening.place.line > 0 {
        origin = origin.line(weakening.place.line as usize);
    }
    let mut group = Group::with_title(title).element(origin);
    let (old, new) = from_difference(weakening.old.as_deref(), weakening.new.as_deref());
    for (name, value) in [("old", old), ("new", new)] {
        if let Some(value) = value {
            group = group.element(Level::NOTE.with_name(name).message(value));
        }
    }
    if let Some(hint) = &weakening.hint {
        group = group.element(Level::HELP.message(one_line(hint)));
    }
    without_excerpt(renderer, group)
}

fn subjects(subjects: &[String]) -> String {
    match subjects {
        [] => "the gate".to_owned(),
        few if few.len() <= MOST_NAMED => few.join(", "),
        [first, second, rest @ ..] => format!("{first}, {second} and {} more", rest.len()),
        [one] => one.clone(),
    }
}

/// Returns two texts that are not too long, and where they are, from a little before they differ.
fn from_difference(old: Option<&str>, new: Option<&str>) -> (Option<String>, Option<String>) {
    let (Some(old), Some(new)) = (old, new) else {
        return (old.map(clipped), new.map(clipped));
    };
    let same = old
        .chars()
        .zip(new.chars())
        .take_while(|(o, n)| o == n)
        .count();
    let is_long = old.chars().count().max(new.chars().count()) > MOST_SHOWN;
    let skipped = if is_long {
        same.saturating_sub(CONTEXT)
    } else {
        0
    };
    let from = |text: &str| {
        let rest: String = text.chars().skip(skipped).collect();
        let dots = if skipped > 0 { "... " } else { "" };
        format!("{dots}{}", clipped(&rest))
    };
    (Some(from(old)), Some(from(new)))
}

fn clipped(text: &str) -> String {
    let line = one_line(text);
    if line.chars().count() <= MOST_SHOWN {
        return line;
    }
    let first: String = line.chars().take(MOST_SHOWN).collect();
    format!("{first} ...")
}

/// Writes a text of the gate on one line, without anything that a terminal would obey.
fn one_line(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' => ' ',
            c if is_hidden(c) => '\u{fffd}',
            c => c,
        })
        .collect();
    normalize_untrusted_str(&line)
}

/// How many subjects are named.
const MOST_NAMED: usize = 3;
/// How many characters of a value are shown.
const MOST_SHOWN: usize = 200;
/// How many characters before the first difference.
const CONTEXT: usize = 30;
