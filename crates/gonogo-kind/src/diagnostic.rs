//! Mistakes in a gate file, told so that the author can mend them.

use std::collections::HashMap;

use crate::node::{Entry, ScalarStyle, Span};
use crate::suggest::slip;

/// How bad a mistake is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth a look; the gate can run.
    Warning,
    /// The gate cannot run: exit 2.
    Error,
}

/// What to write instead, where that is mechanical and cannot change what was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced.
    pub span: Span,
    /// What stands there afterwards.
    pub replacement: String,
}

impl Fix {
    /// Returns the fix that gives a scalar another text, in quotes where it had them or needs them.
    #[must_use]
    pub fn scalar(span: Span, style: ScalarStyle, text: &str) -> Option<Self> {
        let is_plain = text.starts_with(|c: char| c.is_alphanumeric())
            && !text.contains([':', '#', ',', '[', ']', '{', '}', '"', '\'', '\\', '\n']);
        let replacement = match style {
            ScalarStyle::Block => return None,
            ScalarStyle::Plain if is_plain => text.to_owned(),
            ScalarStyle::Plain | ScalarStyle::Quoted if text.contains(['"', '\\', '\n']) => {
                return None;
            }
            ScalarStyle::Plain | ScalarStyle::Quoted => format!("\"{text}\""),
        };
        Some(Self { span, replacement })
    }
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code: `config/unknown_key`.
    pub code: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What is wrong, as a lowercase fragment: "unknown key `expects`".
    pub message: String,
    /// Where it stands; none when it is about the whole file.
    pub span: Option<Span>,
    /// What to say right under the excerpt: "did you mean `expect`?".
    pub label: Option<String>,
    /// Further places that belong to it: "first defined here".
    pub related: Vec<(Span, String)>,
    /// What to do, in a sentence.
    pub hint: Option<String>,
    /// How `lint --fix` mends it, where a reviewer would agree without a thought.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// Returns an error at a place.
    pub fn error(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self {
            code,
            level: Level::Error,
            message: message.into(),
            span: Some(span),
            label: None,
            related: Vec::new(),
            hint: None,
            fix: None,
        }
    }

    /// Returns an error about the whole file.
    pub fn global(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            span: None,
            ..Self::error(code, message, Span::NOWHERE)
        }
    }

    /// Returns whether another says the same about the same place, whatever else belongs to it.
    fn says(&self, other: &Self) -> bool {
        self.code == other.code
            && self.level == other.level
            && self.span == other.span
            && self.message == other.message
            && self.label == other.label
            && self.hint == other.hint
    }

    /// Makes it a warning.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.level = Level::Warning;
        self
    }

    /// Sets what stands under the excerpt.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn related(mut self, span: Span, what: impl Into<String>) -> Self {
        self.related.push((span, what.into()));
        self
    }

    /// Sets the hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Sets what mends it.
    #[must_use]
    pub fn fix(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix;
        self
    }

    /// Lets it be mended when what was written, which is all that stands there, is one slip away from
    /// exactly one of the candidates.
    #[must_use]
    pub fn fix_slip<'c>(
        self,
        written: &str,
        candidates: impl IntoIterator<Item = &'c str>,
    ) -> Self {
        let fix = slip(written, candidates).and_then(|meant| {
            let span = self.span?;
            Fix::scalar(span, ScalarStyle::Plain, meant)
        });
        Self { fix, ..self }
    }

    /// Lets the key of a map be mended as [`Self::fix_slip`] does, unless the map has the right one, too.
    #[must_use]
    pub fn fix_key<'c>(
        self,
        key: &str,
        entries: &[Entry],
        candidates: impl IntoIterator<Item = &'c str>,
    ) -> Self {
        let mended = self.fix_slip(key, candidates);
        let is_there = mended.fix.as_ref().is_some_and(|fix| {
            let same = |entry: &Entry| entry.key.value == fix.replacement;
            entries.iter().any(same)
        });
        match is_there {
            true => mended.fix(None),
            false => mended,
        }
    }
}

/// The mistakes found so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// The places of mistakes: the same mistake of several instances stands in one place.
    places: HashMap<Place, Vec<usize>>,
}

type Place = (&'static str, Option<Span>);

impl Diagnostics {
    /// Adds a mistake, unless it was told already of the same place.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let list = &self.list;
        let same_place = self
            .places
            .entry((diagnostic.code, diagnostic.span))
            .or_default();
        let is_known = same_place
            .iter()
            .any(|at| list.get(*at).is_some_and(|known| known.says(&diagnostic)));
        if !is_known {
            same_place.push(self.list.len());
            self.list.push(diagnostic);
        }
    }

    /// Adds a further place to those that were found since there were so many.
    pub fn relate(
        &mut self,
        since: usize,
        mut place: impl FnMut(&Diagnostic) -> Option<(Span, String)>,
    ) {
        for diagnostic in self.list.iter_mut().skip(since) {
            diagnostic.related.extend(place(diagnostic));
        }
    }

    /// Returns whether something with a code was told of a place.
    #[must_use]
    pub fn tell(&self, code: &'static str, span: Span) -> bool {
        self.places.contains_key(&(code, Some(span)))
    }

    /// Returns whether any of them keeps the gate from running.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.level == Level::Error)
    }

    /// Returns them in the order of the file.
    #[must_use]
    pub fn sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort_by_key(|d| (d.span, d.code));
        self.list
    }

    /// Returns them in the order in which they were found.
    #[must_use]
    pub fn as_slice(&self) -> &[Diagnostic] {
        &self.list
    }
}
