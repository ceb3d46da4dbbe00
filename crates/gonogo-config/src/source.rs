//! The text of a gate file, and the lines of it that a diagnostic shows.

use std::path::PathBuf;

use gonogo_kind::{Diagnostic, FileId, Span};

/// A gate file as it was read.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name as it was given, `-` for standard input.
    pub name: String,
    /// Its text, a byte order mark included; [`decode`] makes it from bytes.
    pub text: String,
    /// The folder that paths in it are relative to.
    pub base: PathBuf,
}

/// The texts that spans point into.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<SourceText>,
}

/// One text that spans point into.
#[derive(Debug, Clone)]
pub(crate) struct SourceText {
    name: String,
    /// Whether a byte order mark stands before the text.
    has_mark: bool,
    text: String,
    /// The first byte of each line.
    lines: Vec<usize>,
}

/// Reads the bytes of a gate file as text.
///
/// # Errors
///
/// The file is too large, or is not UTF-8.
#[expect(clippy::result_large_err, reason = "it is made once a file")]
pub fn decode(bytes: impl Into<Vec<u8>>) -> Result<String, Diagnostic> {
    let bytes = bytes.into();
    if bytes.len() > MAX_BYTES {
        let message = format!("the file has {} bytes, more than 4 MiB", bytes.len());
        return Err(Diagnostic::global("config/too_large", message)
            .hint("Split the gate into several files and run them one after another."));
    }
    let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let wide = bytes.len() >= 4 && (bytes[..4] == [0; 4] || bytes[1] == 0 || bytes[0] == 0);
    if utf16 || wide {
        return Err(
            Diagnostic::global("config/not_utf8", "the file is UTF-16 or UTF-32").hint(SAVE),
        );
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let before = String::from_utf8_lossy(&bytes[..good]);
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        let byte = bytes.get(good).copied().unwrap_or_default();
        let message =
            format!("the file is not UTF-8: byte 0x{byte:02X} in line {line}, column {column}");
        Diagnostic::global("config/not_utf8", message).hint(SAVE)
    })
}

impl Sources {
    /// Adds a text and returns what spans call it.
    pub(crate) fn add(&mut self, name: &str, text: &str) -> FileId {
        let id = u16::try_from(self.files.len()).unwrap_or(u16::MAX);
        self.files.push(SourceText::new(name, text));
        FileId(id)
    }

    /// Returns the name of a file as it was given.
    #[must_use]
    pub fn name(&self, file: FileId) -> Option<&str> {
        Some(&self.get(file)?.name)
    }

    /// Returns the names of the files, in the order in which they were read.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.name.as_str())
    }

    /// Returns the place of a span as `file:line:column`.
    #[must_use]
    pub fn place(&self, span: Span) -> Option<String> {
        let name = self.name(span.file)?;
        Some(format!("{name}:{}:{}", span.line, span.column))
    }

    /// Returns a span with the line and the column of its first byte.
    ///
    /// A place inside a text knows only those of the text, which may have several lines.
    pub(crate) fn placed(&self, span: Span) -> Span {
        match self.get(span.file) {
            Some(source) => source.span(span.file, span.start, span.end),
            None => span,
        }
    }

    /// Returns a line of a file, without the blanks around it.
    #[must_use]
    pub fn line(&self, name: &str, line: u32) -> Option<Span> {
        let at = self.files.iter().position(|file| file.name == name)?;
        let text = self.files.get(at)?;
        let line = usize::try_from(line).ok().filter(|line| *line > 0)?;
        let (start, end) = (text.line_start(line), text.line_end(line));
        let whole = text.text.get(start..end)?;
        let blanks = whole.len() - whole.trim_start().len();
        let id = FileId(u16::try_from(at).ok()?);
        Some(text.span(
            id,
            start + blanks,
            start + whole.trim_end().len().max(blanks),
        ))
    }

    pub(crate) fn get(&self, file: FileId) -> Option<&SourceText> {
        self.files.get(usize::from(file.0))
    }
}

impl SourceText {
    fn new(name: &str, text: &str) -> Self {
        let has_mark = text.starts_with(MARK);
        let text = strip_mark(text).to_owned();
        let breaks = text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
        let lines = std::iter::once(0)
            .chain(breaks.map(|(at, _)| at + 1))
            .collect();
        Self {
            name: name.to_owned(),
            has_mark,
            text,
            lines,
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns what stands before the text: a byte order mark, or nothing.
    pub(crate) const fn mark(&self) -> &'static str {
        if self.has_mark { MARK } else { "" }
    }

    /// Returns the span of a stretch of bytes.
    pub(crate) fn span(&self, file: FileId, start: usize, end: usize) -> Span {
        let line = self.line_of(start);
        let first = self.line_start(line);
        let before = self.text.get(first..start).unwrap_or_default();
        Span {
            file,
            start,
            end,
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX),
        }
    }

    /// Returns the number of the line that holds a byte, from 1.
    pub(crate) fn line_of(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at).max(1)
    }

    /// Returns the first byte of a line.
    pub(crate) fn line_start(&self, line: usize) -> usize {
        self.lines
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(self.text.len())
    }

    /// Returns the byte after the last of a line, its line break left out.
    pub(crate) fn line_end(&self, line: usize) -> usize {
        let next = self.lines.get(line).copied();
        let end = next.map_or(self.text.len(), |next| next - 1);
        let start = self.line_start(line);
        match self.text.get(start..end) {
            Some(text) if text.ends_with('\r') => end - 1,
            _ => end,
        }
    }
}

/// Returns the text without its byte order mark.
pub(crate) fn strip_mark(text: &str) -> &str {
    text.strip_prefix(MARK).unwrap_or(text)
}

/// The byte order mark.
const MARK: &str = "\u{feff}";
/// The largest gate file.
pub(crate) const MAX_BYTES: usize = 4 << 20;
const SAVE: &str = "Save the file as UTF-8.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_decoded_or_refused_with_words() {
        assert_eq!(decode(b"a: 1"), Ok("a: 1".to_owned()));
        let refused = |bytes: &[u8]| decode(bytes).unwrap_err().message;
        assert_eq!(
            refused(b"a: 1\nb: caf\xe9"),
            "the file is not UTF-8: byte 0xE9 in line 2, column 7"
        );
        assert_eq!(refused(b"\xff\xfea\0:\0"), "the file is UTF-16 or UTF-32");
        assert_eq!(refused(b"a\0:\0 \x001\0"), "the file is UTF-16 or UTF-32");
        assert_eq!(
            refused(&vec![b'a'; MAX_BYTES + 1]),
            "the file has 4194305 bytes, more than 4 MiB"
        );
    }

    #[test]
    fn places_are_lines_and_columns_of_characters() {
        let mut sources = Sources::default();
        let file = sources.add("g.yaml", "\u{feff}a: 1\r\n\u{e9}\u{e9}: x\n");
        let text = sources.get(file).unwrap();
        let at = text.text().find('x').unwrap();
        let span = text.span(file, at, at + 1);
        assert_eq!((span.line, span.column), (2, 5));
        assert_eq!(text.line_end(1), 4);
        assert_eq!(sources.place(span).unwrap(), "g.yaml:2:5");
    }
}
