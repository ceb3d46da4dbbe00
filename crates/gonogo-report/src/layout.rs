//! Rows of text: a lead in columns, and a body that is wrapped at words under itself.

use crate::style::{Role, Style};
use crate::text;

/// Pieces of text, each with its role; escaped on the way in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spans {
    pieces: Vec<(Role, String)>,
}

impl Spans {
    pub(crate) fn new(role: Role, text: &str) -> Self {
        Self::default().and(role, text)
    }

    /// Returns text in no particular colour.
    pub(crate) fn body(text: &str) -> Self {
        Self::new(Role::Body, text)
    }

    #[must_use]
    pub(crate) fn and(mut self, role: Role, text: &str) -> Self {
        self.push(role, text);
        self
    }

    pub(crate) fn push(&mut self, role: Role, text: &str) {
        if !text.is_empty() {
            self.pieces.push((role, text::escape(text).into_owned()));
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    pub(crate) fn width(&self) -> usize {
        self.pieces.iter().map(|(_, text)| text::width(text)).sum()
    }

    /// Splits into words, each with the spaces before it; a word may change its role on the way.
    fn words(&self) -> Vec<Word> {
        let mut words = Vec::new();
        let mut word = Word::default();
        for (role, text) in &self.pieces {
            for c in text.chars() {
                if c == ' ' {
                    if !word.pieces.is_empty() {
                        words.push(std::mem::take(&mut word));
                    }
                    word.spaces += 1;
                } else {
                    word.push(*role, c);
                }
            }
        }
        if !word.pieces.is_empty() {
            words.push(word);
        }
        words
    }
}

#[derive(Debug, Default)]
struct Word {
    spaces: usize,
    width: usize,
    pieces: Vec<(Role, String)>,
}

impl Word {
    fn push(&mut self, role: Role, c: char) {
        self.width += text::char_width(c);
        match self.pieces.last_mut() {
            Some((last, text)) if *last == role => text.push(c),
            Some(_) | None => self.pieces.push((role, c.to_string())),
        }
    }
}

/// What stands in a column of its own before the body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lead<'t> {
    pub(crate) role: Role,
    pub(crate) text: &'t str,
    /// The columns it takes, the gap after it included.
    pub(crate) columns: usize,
}

/// Text that grows row by row.
#[derive(Debug)]
pub(crate) struct Page<'s> {
    style: &'s Style,
    text: String,
}

impl<'s> Page<'s> {
    pub(crate) const fn new(style: &'s Style) -> Self {
        Self {
            style,
            text: String::new(),
        }
    }

    pub(crate) const fn style(&self) -> &'s Style {
        self.style
    }

    /// Returns whether there is room for labels in a column of their own.
    pub(crate) fn is_wide(&self) -> bool {
        self.style.columns() >= WIDE
    }

    /// Adds an empty line, unless there is one or nothing stands above.
    pub(crate) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Adds a row: leads in their columns, then the body, wrapped under its own start.
    pub(crate) fn row(&mut self, indent: usize, leads: &[Lead<'_>], body: &Spans) {
        let mut line = Line::new(self.style, indent);
        let mut column = indent;
        for lead in leads {
            line.pad_to(column);
            let name = Spans::new(lead.role, lead.text);
            if name.width() < lead.columns {
                line.put(lead.role, &text::escape(lead.text));
            } else if !name.is_empty() {
                // Too long for its column: it has lines of its own.
                self.wrap(line, column, &name);
                line = Line::new(self.style, indent);
            }
            column += lead.columns;
        }
        let room = self.style.columns().saturating_sub(column);
        // A body squeezed into a few columns is hard to read: it starts further left.
        let squeezed = room < SQUEEZED && body.width() > room && !leads.is_empty();
        let hang = if squeezed { indent + 2 } else { column };
        if squeezed && line.width > indent {
            self.end(&line);
            line = Line::new(self.style, hang);
        }
        line.pad_to(hang);
        if line.width > indent || !body.is_empty() {
            self.wrap(line, hang, body);
        }
    }

    fn wrap(&mut self, mut line: Line<'s>, hang: usize, body: &Spans) {
        for word in body.words() {
            let fits = line.width + word.spaces + word.width <= self.style.columns();
            if !fits && (line.has_words || line.width > hang) {
                self.end(&line);
                line = Line::new(self.style, hang);
            } else if line.has_words {
                line.pad_to(line.width + word.spaces);
            }
            for (role, text) in &word.pieces {
                line.put(*role, text);
            }
            line.has_words = true;
        }
        self.end(&line);
    }

    fn end(&mut self, line: &Line<'_>) {
        self.text.push_str(line.text.trim_end());
        self.text.push('\n');
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

#[derive(Debug)]
struct Line<'s> {
    style: &'s Style,
    text: String,
    width: usize,
    has_words: bool,
}

impl<'s> Line<'s> {
    fn new(style: &'s Style, indent: usize) -> Self {
        Self {
            style,
            text: " ".repeat(indent),
            width: indent,
            has_words: false,
        }
    }

    fn pad_to(&mut self, column: usize) {
        let spaces = column.saturating_sub(self.width);
        self.text.push_str(&" ".repeat(spaces));
        self.width += spaces;
    }

    fn put(&mut self, role: Role, text: &str) {
        self.text.push_str(&self.style.paint(role, text));
        self.width += text::width(text);
    }
}

/// Returns a row of plain text: leads in columns of the given widths, then a body wrapped under itself.
///
/// It is for pages of our own words, such as `gonogo explain`, that are to look like a summary.
#[must_use]
pub fn row(width: usize, indent: usize, leads: &[(&str, usize)], body: &str) -> String {
    let style = Style {
        width,
        ..Style::PLAIN
    };
    let mut page = Page::new(&style);
    let lead = |&(text, columns)| Lead {
        role: Role::Body,
        text,
        columns,
    };
    let leads: Vec<Lead<'_>> = leads.iter().map(lead).collect();
    page.row(indent, &leads, &Spans::body(body));
    page.into_text()
}

/// From this width on, labels stand in a column of their own.
const WIDE: usize = 60;
/// A body with less room than this starts further left.
const SQUEEZED: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn page(width: usize, draw: impl FnOnce(&mut Page<'_>)) -> String {
        let style = Style {
            width,
            ..Style::PLAIN
        };
        let mut page = Page::new(&style);
        draw(&mut page);
        page.into_text()
    }

    const HINT: Lead<'static> = Lead {
        role: Role::Faint,
        text: "hint",
        columns: 6,
    };

    #[test]
    fn a_body_is_wrapped_under_itself() {
        let text = page(24, |page| {
            page.row(2, &[HINT], &Spans::body("renew the certificate and reload"));
        });
        assert_eq!(
            text,
            "  hint  renew the\n        certificate and\n        reload\n"
        );
    }

    #[test]
    fn a_word_that_is_too_long_stays_whole() {
        let text = page(20, |page| {
            page.row(
                0,
                &[],
                &Spans::body("see https://runbooks.example.com/tls now"),
            );
        });
        assert_eq!(text, "see\nhttps://runbooks.example.com/tls\nnow\n");
    }

    #[test]
    fn a_lead_that_is_too_long_has_a_line_of_its_own() {
        let lead = Lead {
            text: "timing.first_byte",
            ..HINT
        };
        let text = page(30, |page| page.row(0, &[lead], &Spans::body("12ms")));
        assert_eq!(text, "timing.first_byte\n      12ms\n");
    }

    #[test]
    fn columns_are_counted_without_colours() {
        let style = Style {
            color: true,
            width: 24,
            ..Style::PLAIN
        };
        let mut colored = Page::new(&style);
        let body = Spans::new(Role::Bad, "renew the certificate and").and(Role::Body, " reload");
        colored.row(2, &[HINT], &body);
        let text = colored.into_text();
        assert_eq!(text.lines().count(), 3, "{text:?}");
    }
}
