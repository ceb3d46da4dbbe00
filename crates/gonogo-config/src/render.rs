//! Diagnostics as people read them: the line, what is wrong under it, and what to do.
//!
//! The lines of the file pass through the redactor before anything is drawn, so that neither an
//! excerpt nor its trimming shows a piece of a secret.

use std::borrow::Cow;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{
    Annotation, AnnotationKind, Element, Group, Level as Title, Origin, Renderer, Snippet,
    normalize_untrusted_str,
};
use gonogo_kind::{Diagnostic, FileId, Level, Span};
use gonogo_model::Redactor;

use crate::characters::is_hidden;
use crate::source::{SourceText, Sources};

/// Renders diagnostics in the manner of rustc; `color` asks for a terminal's colours.
#[must_use]
pub fn render(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    redactor: &Redactor,
    color: bool,
) -> String {
    let renderer = renderer(color);
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&one(diagnostic, sources, redactor, &renderer));
        text.push_str("\n\n");
    }
    text
}

/// Returns what draws the blocks of this crate; `color` asks for a terminal's colours.
pub(crate) fn renderer(color: bool) -> Renderer {
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    renderer.decor_style(DecorStyle::Ascii)
}

/// Draws a block that has no excerpt, in the columns of one that has.
///
/// Without the number of a line the renderer begins at the very edge.
pub(crate) fn without_excerpt(renderer: &Renderer, group: Group<'_>) -> String {
    renderer.render(&[group]).replace('\n', "\n ")
}

fn one(
    diagnostic: &Diagnostic,
    sources: &Sources,
    redactor: &Redactor,
    renderer: &Renderer,
) -> String {
    let clean = |text: &str| redactor.redact(text).into_owned();
    let level = match diagnostic.level {
        Level::Error => Title::ERROR,
        Level::Warning => Title::WARNING,
    };
    let title = level
        .primary_title(clean(&diagnostic.message))
        .id(diagnostic.code);
    let places = places(diagnostic, sources, redactor);
    let mut group = Group::with_title(title);
    let has_excerpt = places.iter().any(|place| place.is_excerpt);
    let mut moved = Vec::new();
    for place in places {
        group = group.element(place.element);
        moved.extend(place.moved);
    }
    let help = match (&diagnostic.hint, &diagnostic.fix) {
        (Some(hint), Some(_)) => Some(format!("{hint} ({MENDS})")),
        (Some(hint), None) => Some(hint.clone()),
        (None, Some(_)) => Some(format!("{MENDS}.")),
        (None, None) => None,
    };
    if let Some(help) = help {
        group = group.element(Title::HELP.message(normalize_untrusted_str(&clean(&help))));
    }
    let drawn = if has_excerpt {
        renderer.render(&[group])
    } else {
        without_excerpt(renderer, group)
    };
    let mut text = clean(&drawn);
    for (now, was) in moved {
        text = text.replacen(&now, &was, 1);
    }
    text
}

/// A place in a file.
struct Place<'s> {
    element: Element<'s>,
    /// Whether its lines are shown.
    is_excerpt: bool,
    /// When a secret was taken out of its line: the place that would be named, and the right one.
    moved: Option<(String, String)>,
}

impl<'s> Place<'s> {
    /// Returns a place whose lines are not shown.
    fn named(origin: Origin<'s>) -> Self {
        Self {
            element: origin.into(),
            is_excerpt: false,
            moved: None,
        }
    }
}

/// Returns the excerpts: one that holds all places, or several when they are far apart.
fn places<'s>(
    diagnostic: &Diagnostic,
    sources: &'s Sources,
    redactor: &Redactor,
) -> Vec<Place<'s>> {
    let Some(main) = diagnostic.span.filter(|span| *span != Span::NOWHERE) else {
        // About the whole file, or about what the command line brought.
        let name = sources
            .name(FileId(0))
            .filter(|_| diagnostic.span.is_none());
        let place = name.map(|name| Place::named(Origin::path(visible(name))));
        return place.into_iter().collect();
    };
    let label = diagnostic.label.as_deref().unwrap_or_default();
    let mut marks = vec![Mark {
        span: main,
        kind: AnnotationKind::Primary,
        label: redactor.redact(label).into_owned(),
    }];
    marks.extend(diagnostic.related.iter().map(|(span, label)| Mark {
        span: *span,
        kind: AnnotationKind::Context,
        label: redactor.redact(label).into_owned(),
    }));
    let near =
        |mark: &Mark| mark.span.file == main.file && mark.span.line.abs_diff(main.line) <= NEAR;
    let (near, far): (Vec<Mark>, Vec<Mark>) = marks.into_iter().partition(near);
    std::iter::once(near)
        .chain(far.into_iter().map(|mark| vec![mark]))
        .filter_map(|marks| excerpt(&marks, sources, redactor))
        .collect()
}

/// A marked place.
struct Mark {
    span: Span,
    kind: AnnotationKind,
    label: String,
}

fn excerpt<'s>(marks: &[Mark], sources: &'s Sources, redactor: &Redactor) -> Option<Place<'s>> {
    let first = marks.first()?;
    let source = sources.get(first.span.file)?;
    let name = visible(sources.name(first.span.file)?);
    let (line, column) = (first.span.line as usize, first.span.column as usize);
    let lines = marks.iter().map(|m| source.line_of(m.span.start));
    let (from, to) = (lines.clone().min()?, lines.max()?);
    let Some(window) = Window::of(source, from, to, redactor) else {
        let origin = Origin::path(name.clone()).line(line).char_column(column);
        return Some(Place::named(origin));
    };
    let annotations: Vec<Annotation<'_>> = marks
        .iter()
        .map(|mark| {
            let line_end = source.line_end(source.line_of(mark.span.start));
            let start = window.at(mark.span.start);
            let end = window.at(mark.span.end.min(line_end)).max(start);
            let annotation = mark.kind.span(start..end);
            match mark.label.as_str() {
                "" => annotation,
                label => annotation.label(label.to_owned()),
            }
        })
        .collect();
    let now = window.column(first.span.start);
    let moved = (now != column).then(|| {
        let place = |column| format!("{name}:{line}:{column}");
        (place(now), place(column))
    });
    let snippet = Snippet::source(window.text)
        .line_start(from)
        .path(name.clone())
        .annotations(annotations);
    Some(Place {
        element: snippet.into(),
        is_excerpt: true,
        moved,
    })
}

/// Returns the name of a file with a sign for what would end the line or steer a terminal.
fn visible(name: &str) -> Cow<'_, str> {
    let is_odd = |c: char| c.is_control() || is_hidden(c);
    if name.contains(is_odd) {
        Cow::Owned(name.replace(is_odd, "\u{fffd}"))
    } else {
        Cow::Borrowed(name)
    }
}

/// Some lines of a file, secrets taken out, and where their bytes went.
struct Window {
    text: String,
    /// Of each line: where it began, where it begins now, what it was and what it is now.
    lines: Vec<(usize, usize, String, String)>,
    redactor: Redactor,
}

impl Window {
    /// Returns the lines, unless one of them is too long to be shown.
    fn of(source: &SourceText, from: usize, to: usize, redactor: &Redactor) -> Option<Self> {
        let mut window = Self {
            text: String::new(),
            lines: Vec::new(),
            redactor: redactor.clone(),
        };
        for line in from..=to {
            let (start, end) = (source.line_start(line), source.line_end(line));
            let was = source.text().get(start..end).unwrap_or_default();
            if was.len() > MAX_LINE {
                return None;
            }
            let now = Self::clean(redactor, was);
            let begins = window.text.len();
            window.text.push_str(&now);
            window.text.push('\n');
            window.lines.push((start, begins, was.to_owned(), now));
        }
        Some(window)
    }

    /// Returns a part of a line without secrets, and with a sign for what cannot be seen.
    fn clean(redactor: &Redactor, text: &str) -> String {
        redactor.redact(text).replace(is_hidden, "\u{fffd}")
    }

    /// Returns the column, from 1, at which a byte of the file stands now.
    fn column(&self, byte: usize) -> usize {
        let before = self.text.get(..self.at(byte)).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.chars().count() + 1
    }

    /// Returns where a byte of the file stands now.
    fn at(&self, byte: usize) -> usize {
        let place = self.lines.partition_point(|(start, ..)| *start <= byte);
        let Some((start, begins, was, now)) = self.lines.get(place.saturating_sub(1)) else {
            return 0;
        };
        let offset = byte.saturating_sub(*start).min(was.len());
        if was == now {
            return begins + offset;
        }
        let before = Self::clean(&self.redactor, was.get(..offset).unwrap_or(was));
        let kept = if now.starts_with(&before) {
            before.len()
        } else {
            now.len()
        };
        begins + kept
    }
}

/// Said of a mistake that has a fix.
const MENDS: &str = "lint --fix mends this";
/// Places within so many lines share an excerpt.
const NEAR: u32 = 30;
/// Longer lines are not shown.
const MAX_LINE: usize = 4000;

#[cfg(test)]
mod tests {
    use super::*;
    use gonogo_model::RedactorBuilder;

    fn shown(text: &str, diagnostic: impl Fn(&SourceText, FileId) -> Diagnostic) -> String {
        let mut sources = Sources::default();
        let file = sources.add("g.yaml", text);
        let diagnostic = diagnostic(sources.get(file).unwrap(), file);
        let mut builder = RedactorBuilder::default();
        builder.secret("canary-1").unwrap();
        render(&[diagnostic], &sources, &builder.build(), false)
    }

    #[test]
    fn an_excerpt_shows_no_secret_and_marks_the_same_place() {
        let text = "a: 1\nb: https://u:canary-1@host/x y\n";
        let shown = shown(text, |source, file| {
            let at = text.find(" y").unwrap() + 1;
            Diagnostic::error(
                "config/x",
                "no canary-1 here",
                source.span(file, at, at + 1),
            )
            .label("this canary-1")
            .hint("Look at canary-1.")
        });
        assert_eq!(
            shown,
            "error[config/x]: no [redacted] here\n --> g.yaml:2:30\n  |\n2 | b: https://u:[redacted]@host/x y\n  |                                ^ this [redacted]\n  |\n  = help: Look at [redacted].\n\n"
        );
    }

    #[test]
    fn far_places_have_excerpts_of_their_own() {
        let text = format!("first: 1\n{}second: 2\n", "x:\n".repeat(100));
        let shown = shown(&text, |source, file| {
            let at = text.find("second").unwrap();
            Diagnostic::error("config/x", "twice", source.span(file, at, at + 6))
                .related(source.span(file, 0, 5), "first here")
        });
        assert_eq!(
            shown,
            "error[config/x]: twice\n   --> g.yaml:102:1\n    |\n102 | second: 2\n    | ^^^^^^\n    |\n   ::: g.yaml:1:1\n    |\n  1 | first: 1\n    | ----- first here\n\n"
        );
    }

    #[test]
    fn a_very_long_line_is_named_and_not_shown() {
        let text = "x".repeat(5000);
        let shown = shown(&text, |source, file| {
            Diagnostic::error("config/x", "long", source.span(file, 4, 5))
        });
        assert_eq!(shown, "error[config/x]: long\n --> g.yaml:1:5\n\n");
    }

    #[test]
    fn a_block_without_an_excerpt_stands_in_the_columns_of_one_with() {
        let places = |text: &str| -> Vec<usize> {
            let marks = ["--> ", "= help"].into_iter();
            let line = |mark| text.lines().find_map(|line: &str| line.find(mark));
            marks.filter_map(line).collect()
        };
        let with = shown("a: 1\n", |source, file| {
            Diagnostic::error("config/x", "short", source.span(file, 0, 1)).hint("Help.")
        });
        let without = shown("", |_, _| {
            Diagnostic::global("config/x", "of the file").hint("Help.")
        });
        assert_eq!(places(&with), [1, 2]);
        assert_eq!(places(&without), [1, 2]);
        assert_eq!(
            without,
            "error[config/x]: of the file\n --> g.yaml\n  = help: Help.\n\n"
        );
    }

    #[test]
    fn control_characters_are_drawn_and_not_obeyed() {
        let shown = shown("a: \u{1b}[2J\n", |source, file| {
            Diagnostic::error("config/x", "esc \u{1b}[2J", source.span(file, 3, 4))
                .hint("x\u{1b}[2J")
        });
        assert!(!shown.contains('\u{1b}'), "{shown:?}");
    }
}
