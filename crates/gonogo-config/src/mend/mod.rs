//! Mending what is mechanical: `lint --fix`.
//!
//! A mistake may carry a [`Fix`]; a file is mended by applying those that are there, reading it again,
//! and going on while that helps, since a file that is no YAML hides the rest of its mistakes.
//!
//! # Invariants
//!
//! - What no fix replaces stays as it is, byte for byte: comments, order, line breaks.
//! - A fix is kept only when its mistake is gone and no other came: a mistake counts as another unless it
//!   was there before, or was hidden: behind a place where YAML ended, or in the block of a mended key.
//! - A mended gate has the same checks.

pub(crate) mod attach;
mod compare;
pub(crate) mod line;
pub(crate) mod quote;

use gonogo_kind::{Diagnostic, FileId, Fix};

use self::compare::{Written, is_better};
use crate::load::Loaded;
use crate::reader::Inputs;
use crate::source::{Source, strip_mark};
use crate::variants::lint;

/// A gate file after mending.
#[derive(Debug)]
pub struct Mended {
    /// The text.
    pub text: String,
    /// What was changed, in the order of the file.
    pub changes: Vec<Change>,
    /// What the mended text was read as.
    pub loaded: Loaded,
}

/// A line that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number in the file as it was, from 1.
    pub line: usize,
    /// What it was.
    pub before: String,
    /// What it is; none when it was taken out.
    pub after: Option<String>,
}

/// Mends what is mechanical in a gate file.
#[must_use]
pub fn mend(source: &Source, inputs: &Inputs<'_>) -> Mended {
    let mark = source.text.len() - strip_mark(&source.text).len();
    let (mark, text) = source.text.split_at(mark);
    let mut draft = Draft {
        base: source,
        inputs,
        numbers: (1..=text.split_inclusive('\n').count()).collect(),
        text: text.to_owned(),
        loaded: lint(source, inputs),
        readings: 1,
    };
    while draft.round() {}
    let changes = changes(text, &draft);
    Mended {
        text: format!("{mark}{}", draft.text),
        changes,
        loaded: draft.loaded,
    }
}

/// A file that is being mended.
struct Draft<'a> {
    base: &'a Source,
    inputs: &'a Inputs<'a>,
    text: String,
    /// The numbers that its lines had in the file as it was.
    numbers: Vec<usize>,
    loaded: Loaded,
    readings: usize,
}

impl Draft<'_> {
    /// Applies what can be mended now, and returns whether anything was.
    fn round(&mut self) -> bool {
        let fixable = self
            .loaded
            .diagnostics
            .iter()
            .filter(|d| d.fix.as_ref().is_some_and(|fix| fix.span.file == FileId(0)));
        let mut chosen: Vec<Diagnostic> = Vec::new();
        for diagnostic in fixable {
            let overlaps = |other: &Diagnostic| match (&diagnostic.fix, &other.fix) {
                (Some(a), Some(b)) => a.span.start < b.span.end && b.span.start < a.span.end,
                _ => false,
            };
            if !chosen.iter().any(overlaps) {
                chosen.push(diagnostic.clone());
            }
        }
        chosen.sort_by_key(|d| d.fix.as_ref().map(|fix| fix.span.start));
        self.apply(&chosen)
    }

    /// Applies fixes together, or half of them where that would not be better, down to a single one.
    ///
    /// The places of a half hold only as long as nothing before them was changed: the later half goes
    /// first.
    fn apply(&mut self, chosen: &[Diagnostic]) -> bool {
        if chosen.is_empty() || self.readings >= MAX_READINGS {
            return false;
        }
        let (text, written) = applied(&self.text, chosen);
        let source = Source {
            name: self.base.name.clone(),
            text,
            base: self.base.base.clone(),
        };
        self.readings += 1;
        let loaded = lint(&source, self.inputs);
        if is_better(
            (&self.text, &self.loaded),
            (&source.text, &loaded),
            chosen,
            &written,
        ) {
            self.numbers = numbers(&self.numbers, &self.text, chosen);
            self.text = source.text;
            self.loaded = loaded;
            return true;
        }
        let (first, second) = chosen.split_at(chosen.len() / 2);
        if first.is_empty() {
            return false;
        }
        let second = self.apply(second);
        self.apply(first) || second
    }
}

fn fixes(chosen: &[Diagnostic]) -> impl DoubleEndedIterator<Item = &Fix> {
    chosen.iter().filter_map(|d| d.fix.as_ref())
}

/// Returns a text with fixes applied, and where they wrote.
fn applied(text: &str, chosen: &[Diagnostic]) -> (String, Vec<Written>) {
    let mut mended = String::with_capacity(text.len() + 2 * chosen.len());
    let mut written = Vec::new();
    let mut at = 0;
    for fix in fixes(chosen) {
        mended.push_str(text.get(at..fix.span.start).unwrap_or_default());
        let start = mended.len();
        mended.push_str(&fix.replacement);
        written.push(Written {
            start,
            end: mended.len(),
        });
        at = fix.span.end;
    }
    mended.push_str(text.get(at..).unwrap_or_default());
    (mended, written)
}

/// Returns the numbers of the lines that are left.
fn numbers(numbers: &[usize], text: &str, chosen: &[Diagnostic]) -> Vec<usize> {
    let taken_out = |fix: &&Fix| {
        let old = text.get(fix.span.start..fix.span.end).unwrap_or_default();
        fix.replacement.is_empty() && old.ends_with('\n')
    };
    let gone: Vec<usize> = fixes(chosen)
        .filter(taken_out)
        .map(|fix| fix.span.line as usize - 1)
        .collect();
    let places = numbers.iter().enumerate();
    places
        .filter(|(at, _)| !gone.contains(at))
        .map(|(_, number)| *number)
        .collect()
}

fn changes(before: &str, draft: &Draft<'_>) -> Vec<Change> {
    let mut after = draft.numbers.iter().zip(draft.text.lines()).peekable();
    let mut changes = Vec::new();
    for (line, before) in (1..).zip(before.lines()) {
        let now = after.next_if(|(number, _)| **number == line);
        let after = now.map(|(_, text)| text.to_owned());
        if after.as_deref() != Some(before) {
            changes.push(Change {
                line,
                before: before.to_owned(),
                after,
            });
        }
    }
    changes
}

/// How often a file is read at most: a mistake that makes it no YAML is mended one at a time.
const MAX_READINGS: usize = 300;
