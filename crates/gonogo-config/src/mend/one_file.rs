//! One file of a gate that is being mended.

use std::path::PathBuf;

use gonogo_kind::{Diagnostic, FileId, Fix};

use super::{Change, MendedFile, fixes};
use crate::load::Loaded;
use crate::source::{Source, strip_mark};

/// A file that is being mended: its text as it was, and as it is now.
pub(super) struct OneFile {
    name: String,
    /// Where it is; none for the gate file itself.
    pub(super) path: Option<PathBuf>,
    /// The byte order mark, if one stands before the text.
    pub(super) mark: String,
    before: String,
    pub(super) text: String,
    /// The numbers that its lines had in the file as it was.
    numbers: Vec<usize>,
}

impl OneFile {
    /// Returns the gate file.
    pub(super) fn of_gate(source: &Source) -> Self {
        let mark = source.text.len() - strip_mark(&source.text).len();
        let (mark, text) = source.text.split_at(mark);
        Self::new(&source.name, None, (mark, text))
    }

    /// Returns an included file as it was read.
    pub(super) fn included(loaded: &Loaded, id: FileId) -> Option<Self> {
        let included = loaded.included.get(usize::from(id.0).checked_sub(1)?)?;
        let source = loaded.sources.get(id)?;
        let path = Some(included.path.clone());
        Some(Self::new(
            &included.name,
            path,
            (source.mark(), source.text()),
        ))
    }

    fn new(name: &str, path: Option<PathBuf>, (mark, text): (&str, &str)) -> Self {
        Self {
            name: name.to_owned(),
            path,
            mark: mark.to_owned(),
            before: text.to_owned(),
            text: text.to_owned(),
            numbers: (1..=text.split_inclusive('\n').count()).collect(),
        }
    }

    /// Returns what spans call the file in a gate that was read; none when it was not read.
    pub(super) fn id_in(&self, loaded: &Loaded) -> Option<FileId> {
        let Some(path) = &self.path else {
            return Some(FileId(0));
        };
        let at = loaded.included.iter().position(|file| file.path == *path)?;
        Some(FileId(u16::try_from(at + 1).ok()?))
    }

    /// Takes the text that came of fixes.
    pub(super) fn replace(&mut self, text: String, chosen: &[Diagnostic]) {
        self.numbers = self.numbers_without(chosen);
        self.text = text;
    }

    /// Returns the numbers of the lines that fixes leave.
    fn numbers_without(&self, chosen: &[Diagnostic]) -> Vec<usize> {
        let taken_out = |fix: &&Fix| {
            let old = self.text.get(fix.span.start..fix.span.end);
            fix.replacement.is_empty() && old.unwrap_or_default().ends_with('\n')
        };
        let gone: Vec<usize> = fixes(chosen)
            .filter(taken_out)
            .map(|fix| fix.span.line as usize - 1)
            .collect();
        let places = self.numbers.iter().enumerate();
        places
            .filter(|(at, _)| !gone.contains(at))
            .map(|(_, number)| *number)
            .collect()
    }

    /// Returns the text with what stands before it.
    pub(super) fn whole(&self) -> String {
        format!("{}{}", self.mark, self.text)
    }

    /// Returns what was changed, in the order of the file.
    pub(super) fn changes(&self) -> Vec<Change> {
        let mut after = self.numbers.iter().zip(self.text.lines()).peekable();
        let mut changes = Vec::new();
        for (line, before) in (1..).zip(self.before.lines()) {
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

    /// Returns an included file that was changed.
    pub(super) fn mended(self) -> Option<MendedFile> {
        let changes = self.changes();
        if changes.is_empty() {
            return None;
        }
        Some(MendedFile {
            text: self.whole(),
            before: format!("{}{}", self.mark, self.before),
            name: self.name,
            path: self.path?,
            changes,
        })
    }
}
