//! Whether a gate is better after fixes of one of its files than it was before.

use std::collections::HashMap;

use gonogo_kind::{Diagnostic, FileId, Level};

use super::one_file::OneFile;
use crate::load::Loaded;

/// A stretch of the mended text that a fix wrote.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A text of a file, and what the gate was read as with it.
pub(super) struct Side<'l> {
    text: &'l str,
    loaded: &'l Loaded,
    /// What spans call the file.
    id: FileId,
}

impl<'l> Side<'l> {
    /// Returns nothing when the file was not read.
    pub(super) fn of(file: &OneFile, text: &'l str, loaded: &'l Loaded) -> Option<Self> {
        let id = file.id_in(loaded)?;
        Some(Self { text, loaded, id })
    }

    /// Returns whether the file is YAML.
    fn is_yaml(&self) -> bool {
        match usize::from(self.id.0).checked_sub(1) {
            None => self.loaded.is_yaml,
            Some(at) => self
                .loaded
                .included
                .get(at)
                .is_some_and(|file| file.is_yaml),
        }
    }

    /// Returns how much of the text lies behind the place where YAML ends.
    fn unread(&self) -> usize {
        let errors = self.loaded.diagnostics.iter();
        let last = errors
            .filter(|d| d.level == Level::Error)
            .filter_map(|d| d.span)
            .filter(|span| span.file == self.id)
            .map(|span| span.start)
            .max();
        self.text.len() - last.unwrap_or(0).min(self.text.len())
    }
}

/// Returns whether every file that was read is read still.
fn keeps_files(before: &Loaded, after: &Loaded) -> bool {
    before.included.iter().all(|was| {
        let is = after.included.iter().find(|is| is.path == was.path);
        is.is_some_and(|is| is.is_yaml || !was.is_yaml)
    })
}

/// Returns whether every mended mistake is gone and no other came.
pub(super) fn is_better(
    old: &Side<'_>,
    new: &Side<'_>,
    chosen: &[Diagnostic],
    written: &[Written],
) -> bool {
    let (before, after, text) = (old.loaded, new.loaded, new.text);
    let touched = |d: &Diagnostic| {
        let here = d.span.filter(|span| span.file == new.id);
        let span = here.filter(|_| d.level == Level::Error);
        span.is_some_and(|s| {
            written
                .iter()
                .any(|w| s.start < w.end.max(w.start + 1) && w.start < s.end.max(s.start + 1))
        })
    };
    if after.is_yaml && !keeps_files(before, after) {
        return false;
    }
    match (old.is_yaml(), new.is_yaml()) {
        (true, false) => return false,
        // What comes to light was hidden behind the place where reading ended.
        (false, true) => return true,
        (false, false) => {
            let touches = after.diagnostics.iter().any(touched);
            return !touches && new.unread() < old.unread();
        }
        (true, true) => {}
    }
    if after.checks < before.checks {
        return false;
    }
    let (was, is) = (counted(&before.diagnostics), counted(&after.diagnostics));
    let left = |key: &Key<'_>| is.get(key).copied().unwrap_or(0);
    let mended = counted(chosen);
    if !mended.iter().all(|(key, fixes)| {
        let was = was.get(key).copied().unwrap_or(0);
        left(key) + fixes <= was
    }) {
        return false;
    }
    let was_error = chosen.iter().any(|d| d.level == Level::Error);
    let hidden: Vec<Written> = chosen
        .iter()
        .filter_map(|d| d.fix.as_ref())
        .zip(written)
        .filter(|(fix, _)| !fix.replacement.is_empty())
        .map(|(_, written)| block_around(text, written.start))
        .collect();
    let is_known = |d: &Diagnostic| left(&key(d)) <= was.get(&key(d)).copied().unwrap_or(0);
    let was_hidden = |d: &Diagnostic| match (d.level, d.span) {
        // Warnings are given only where there is no mistake.
        (Level::Warning, _) => was_error,
        (Level::Error, Some(span)) if span.file != new.id => false,
        (Level::Error, Some(span)) => hidden
            .iter()
            .any(|h| h.start <= span.start && span.start < h.end),
        (Level::Error, None) => false,
    };
    let no_other = after
        .diagnostics
        .iter()
        .all(|d| is_known(d) || was_hidden(d));
    no_other && text != old.text
}

type Key<'d> = (&'static str, &'d str);

fn key(diagnostic: &Diagnostic) -> Key<'_> {
    (diagnostic.code, &diagnostic.message)
}

fn counted(diagnostics: &[Diagnostic]) -> HashMap<Key<'_>, usize> {
    let mut counts = HashMap::new();
    for diagnostic in diagnostics {
        *counts.entry(key(diagnostic)).or_default() += 1;
    }
    counts
}

/// Returns the block that holds a line: from the nearest line above that is indented less, to the next
/// one below that is.
fn block_around(text: &str, at: usize) -> Written {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
    let holds = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let line_start = text
        .get(..at)
        .and_then(|t| t.rfind('\n'))
        .map_or(0, |n| n + 1);
    let line = text.get(line_start..).and_then(|t| t.lines().next());
    let own = line.map_or(0, indent);
    let mut start = 0;
    let mut end = text.len();
    let mut place = 0;
    for line in text.split_inclusive('\n') {
        let begins_other = holds(line) && indent(line) < own;
        if place < line_start && begins_other {
            start = place;
        }
        if place > line_start && begins_other {
            end = place;
            break;
        }
        place += line.len();
    }
    Written { start, end }
}
