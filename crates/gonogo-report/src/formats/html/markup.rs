//! Text that grows into a page: markup of ours on one side, what others wrote on the other.
//!
//! Markup is `&'static str`, so nothing that came from outside can be taken for it. Everything else goes
//! through [`Html::text`] and its like, which show hidden characters by their numbers, as every view
//! does, and write the characters that mean something to HTML as references. Attributes are always in
//! double quotes, so the same text is safe in them.

use std::fmt;

use crate::text;

/// A page, or a part of one.
#[derive(Debug, Default)]
pub(super) struct Html {
    text: String,
}

impl Html {
    /// Adds markup.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.text.push_str(markup);
        self
    }

    /// Adds text, the whole of it.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.put(&text::escape(text))
    }

    /// Adds one line of text, without white space around it, at most `most` columns.
    pub(super) fn line(&mut self, text: &str, most: usize) -> &mut Self {
        self.put(&text::line(text, most, ELLIPSIS))
    }

    /// Adds what a value shows, at most `most` columns of it.
    pub(super) fn show(&mut self, value: &impl fmt::Display, most: usize) -> &mut Self {
        self.put(&text::shown(value, most, ELLIPSIS))
    }

    /// Adds a number or a word of ours.
    pub(super) fn word(&mut self, word: impl fmt::Display) -> &mut Self {
        self.text(&word.to_string())
    }

    /// Adds a place or a length in a drawing, with at most two decimals.
    pub(super) fn figure(&mut self, figure: f64) -> &mut Self {
        let figure = if figure.is_finite() { figure } else { 0.0 };
        let text = format!("{figure:.2}");
        let short = text.trim_end_matches('0').trim_end_matches('.');
        let short = if short == "-0" { "0" } else { short };
        self.text.push_str(short);
        self
    }

    /// Adds another part.
    pub(super) fn part(&mut self, part: &Self) -> &mut Self {
        self.text.push_str(&part.text);
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    /// Adds text without hidden characters.
    fn put(&mut self, shown: &str) -> &mut Self {
        let mut rest = shown;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            let (plain, special) = rest.split_at(at);
            self.text.push_str(plain);
            self.text.push_str(match special.as_bytes().first() {
                Some(b'&') => "&amp;",
                Some(b'<') => "&lt;",
                Some(b'>') => "&gt;",
                Some(b'"') => "&quot;",
                _ => "&#39;",
            });
            rest = special.get(1..).unwrap_or_default();
        }
        self.text.push_str(rest);
        self
    }
}

const ELLIPSIS: &str = "\u{2026}";

#[cfg(test)]
mod tests {
    use super::*;

    fn page(build: impl FnOnce(&mut Html) -> &mut Html) -> String {
        let mut html = Html::default();
        build(&mut html);
        String::from_utf8(html.into_bytes()).unwrap()
    }

    #[test]
    fn what_others_wrote_is_never_markup() {
        for (hostile, inert) in [
            ("</noscript><script>", "&lt;/noscript&gt;&lt;script&gt;"),
            ("\" onclick='x'", "&quot; onclick=&#39;x&#39;"),
            ("&lt;", "&amp;lt;"),
            ("\u{1b}[2J\n\u{202e}", "\\u{1b}[2J\\n\\u{202e}"),
        ] {
            assert_eq!(page(|html| html.text(hostile)), inert);
            assert_eq!(page(|html| html.line(hostile, 100)), inert);
            assert_eq!(page(|html| html.show(&hostile, 100)), inert);
        }
    }

    #[test]
    fn figures_are_short() {
        for (figure, shown) in [
            (0.0, "0"),
            (-0.001, "0"),
            (12.5, "12.5"),
            (33.333_333, "33.33"),
            (100.0, "100"),
            (f64::NAN, "0"),
            (f64::INFINITY, "0"),
        ] {
            assert_eq!(page(|html| html.figure(figure)), shown);
        }
    }
}
