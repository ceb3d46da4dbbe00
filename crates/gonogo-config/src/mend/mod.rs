//! Mending what is mechanical: `lint --fix`.
//!
//! A mistake may carry a [`Fix`]; a file is mended by applying those that are there, reading the gate again,
//! and going on while that helps, since a file that is no YAML hides the rest of its mistakes. One file is
//! mended at a time, and the whole gate is read with what it came to.
//!
//! # Invariants
//!
//! - What no fix replaces stays as it is, byte for byte: comments, order, line breaks.
//! - A fix is kept only when its mistake is gone and no other came, in any file of the gate: a mistake counts
//!   as another unless it was there before, or was hidden: behind a place where YAML ended, or in the block of a
//!   mended key.
//! - A mended gate has the same checks and the same files.

pub(crate) mod attach;
mod compare;
pub(crate) mod line;
mod one_file;
pub(crate) mod quote;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use gonogo_kind::{Diagnostic, FileId, Fix};

use self::compare::{Side, Written, is_better};
use self::one_file::OneFile;
use crate::include::Includes;
use crate::load::Loaded;
use crate::reader::Inputs;
use crate::source::Source;
use crate::variants::lint;

/// A gate file after mending, and the files that it includes.
#[derive(Debug)]
pub struct Mended {
    /// The text of the gate file.
    pub text: String,
    /// What was changed in it, in the order of the file.
    pub changes: Vec<Change>,
    /// The included files that were changed, in the order in which they were.
    pub included: Vec<MendedFile>,
    /// What the mended gate was read as.
    pub loaded: Loaded,
}

/// An included file after mending.
#[derive(Debug)]
pub struct MendedFile {
    /// Its name, as it is shown.
    pub name: String,
    /// Where it is, without links: in the folder of the gate.
    pub path: PathBuf,
    /// Its text as it was.
    pub before: String,
    /// Its text.
    pub text: String,
    /// What was changed, in the order of the file.
    pub changes: Vec<Change>,
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

/// Mends what is mechanical in a gate file and the files that it includes.
///
/// A gate on standard input is mended by itself: who asks for its text does not ask for files to be
/// written.
#[must_use]
pub fn mend(source: &Source, inputs: &Inputs<'_>) -> Mended {
    let mut draft = Draft {
        base: source,
        inputs,
        files: vec![OneFile::of_gate(source)],
        loaded: lint(source, inputs),
        readings: 1,
    };
    while draft.round() {}
    let mut files = draft.files.into_iter();
    let (text, changes) = files
        .next()
        .map_or_else(Default::default, |gate| (gate.whole(), gate.changes()));
    let included = files.filter_map(OneFile::mended).collect();
    Mended {
        text,
        changes,
        included,
        loaded: draft.loaded,
    }
}

/// A gate that is being mended.
struct Draft<'a> {
    base: &'a Source,
    inputs: &'a Inputs<'a>,
    /// The gate file, and every included one with something to mend.
    files: Vec<OneFile>,
    loaded: Loaded,
    readings: usize,
}

impl Draft<'_> {
    /// Applies what can be mended now, file by file, and returns whether anything was.
    fn round(&mut self) -> bool {
        let mut done = HashSet::new();
        let mut any = false;
        while let Some((at, chosen)) = self.next(&done) {
            done.insert(at);
            any |= self.apply(at, &chosen);
        }
        any
    }

    /// Returns the next file with something to mend, and what.
    fn next(&mut self, done: &HashSet<usize>) -> Option<(usize, Vec<Diagnostic>)> {
        let only_gate = self.base.name == "-";
        let fixes = self.loaded.diagnostics.iter();
        let mut ids: Vec<FileId> = fixes
            .filter_map(|d| Some(d.fix.as_ref()?.span.file))
            .filter(|id| !only_gate || *id == FileId(0))
            .collect();
        ids.dedup();
        ids.into_iter().find_map(|id| {
            let at = self.file(id)?;
            (!done.contains(&at)).then(|| (at, chosen(&self.loaded, id)))
        })
    }

    /// Returns which of the files one is that the gate was read from.
    fn file(&mut self, id: FileId) -> Option<usize> {
        let known = |file: &OneFile| file.id_in(&self.loaded) == Some(id);
        if let Some(at) = self.files.iter().position(known) {
            return Some(at);
        }
        self.files.push(OneFile::included(&self.loaded, id)?);
        Some(self.files.len() - 1)
    }

    /// Applies fixes of a file together, or half of them where that would not be better, down to a single
    /// one.
    ///
    /// The places of a half hold only as long as nothing before them was changed: the later half goes
    /// first.
    fn apply(&mut self, at: usize, chosen: &[Diagnostic]) -> bool {
        let Some(file) = self.files.get(at) else {
            return false;
        };
        if chosen.is_empty() || self.readings >= MAX_READINGS {
            return false;
        }
        let (text, written) = applied(&file.text, chosen);
        self.readings += 1;
        let loaded = self.read(at, &text);
        let old = Side::of(file, &file.text, &self.loaded);
        let new = Side::of(file, &text, &loaded);
        let better = match (old, new) {
            (Some(old), Some(new)) => is_better(&old, &new, chosen, &written),
            // It is part of the gate no more.
            _ => false,
        };
        if better {
            self.loaded = loaded;
            if let Some(file) = self.files.get_mut(at) {
                file.replace(text, chosen);
            }
            return true;
        }
        let (first, second) = chosen.split_at(chosen.len() / 2);
        if first.is_empty() {
            return false;
        }
        let second = self.apply(at, second);
        self.apply(at, first) || second
    }

    /// Reads the gate with one of its files having another text.
    fn read(&self, at: usize, text: &str) -> Loaded {
        let texts = self.files.iter().enumerate();
        let texts: Vec<(Option<&Path>, String)> = texts
            .map(|(other, file)| {
                let text = if other == at { text } else { &file.text };
                (file.path.as_deref(), format!("{}{text}", file.mark))
            })
            .collect();
        let of = |path: Option<&Path>| {
            texts
                .iter()
                .find(|(of, _)| *of == path)
                .map(|(_, text)| text)
        };
        let read = |path: &Path| match of(Some(path)) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => (self.inputs.includes.read)(path),
        };
        let asked = self.inputs;
        let inputs = Inputs {
            includes: Includes {
                read: &read,
                ..asked.includes
            },
            ..asked.of(asked.environment.clone(), asked.phase.clone())
        };
        let source = Source {
            text: of(None).cloned().unwrap_or_default(),
            ..self.base.clone()
        };
        lint(&source, &inputs)
    }
}

/// Returns what can be mended in a file at once: fixes that do not overlap, in the order of the file.
fn chosen(loaded: &Loaded, id: FileId) -> Vec<Diagnostic> {
    let fixable = loaded
        .diagnostics
        .iter()
        .filter(|d| d.fix.as_ref().is_some_and(|fix| fix.span.file == id));
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
    chosen
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

/// How often a gate is read at most: a mistake that makes a file no YAML is mended one at a time.
const MAX_READINGS: usize = 300;
