//! Matchers and values in one line, as they stand in declarations and on the command line.
//!
//! This is the part of YAML's flow style that a matcher needs: `200`, `"< 500ms"`, `[a, b]`,
//! `{ length: at least 1 }`. Gate files are read by a YAML parser, not by this.

use crate::node::{Entry, FileId, Node, NodeValue, Scalar, ScalarStyle, Span, Spanned};

/// Reads one line.
///
/// What begins with `{`, `[` or a quote is a map, a list or a quoted text; anything else is a plain
/// scalar to the end of the line.
///
/// # Errors
///
/// What is wrong with it, as a lowercase fragment.
pub fn read(text: &str) -> Result<Node, String> {
    let text = text.trim();
    if !text.starts_with(['{', '[', '"', '\'']) {
        return Ok(Node::plain(text));
    }
    let mut reader = Reader { text, at: 0 };
    let node = reader.node(0)?;
    reader.skip_spaces();
    match reader.peek() {
        None => Ok(node),
        Some(c) => Err(format!(
            "there is a `{c}` too many at character {}",
            reader.at + 1
        )),
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn skip_spaces(&mut self) {
        while let Some(c) = self.peek().filter(|c| c.is_whitespace()) {
            self.at += c.len_utf8();
        }
    }

    fn take(&mut self, wanted: char) -> bool {
        self.skip_spaces();
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn node(&mut self, depth: usize) -> Result<Node, String> {
        if depth > MAX_DEPTH {
            return Err("it is nested too deep".to_owned());
        }
        self.skip_spaces();
        let start = self.at;
        let value = match self.peek() {
            Some('{') => self.map(depth)?,
            Some('[') => self.list(depth)?,
            _ => NodeValue::Scalar(self.scalar()?),
        };
        Ok(Node {
            value,
            span: Span {
                start,
                end: self.at,
                ..Span::NOWHERE
            },
        })
    }

    fn list(&mut self, depth: usize) -> Result<NodeValue, String> {
        self.take('[');
        let mut items = Vec::new();
        while !self.take(']') {
            items.push(self.node(depth + 1)?);
            if !self.take(',') && self.peek() != Some(']') {
                return Err("a `,` or `]` is missing".to_owned());
            }
        }
        Ok(NodeValue::List(items))
    }

    fn map(&mut self, depth: usize) -> Result<NodeValue, String> {
        self.take('{');
        let mut entries: Vec<Entry> = Vec::new();
        while !self.take('}') {
            self.skip_spaces();
            let start = self.at;
            let key = self.scalar()?.text;
            let span = Span {
                file: FileId(u16::MAX),
                start,
                end: self.at,
                line: 0,
                column: 0,
            };
            if entries.iter().any(|entry| entry.key.value == key) {
                return Err(format!("`{key}` comes twice"));
            }
            if !self.take(':') {
                return Err(format!("a `:` is missing after `{key}`"));
            }
            let value = self.node(depth + 1)?;
            let key = Spanned { value: key, span };
            entries.push(Entry { key, value });
            if !self.take(',') && self.peek() != Some('}') {
                return Err("a `,` or `}` is missing".to_owned());
            }
        }
        Ok(NodeValue::Map(entries))
    }

    fn scalar(&mut self) -> Result<Scalar, String> {
        let (text, style) = match self.peek() {
            Some('"') => (self.double_quoted()?, ScalarStyle::Quoted),
            Some('\'') => (self.single_quoted()?, ScalarStyle::Quoted),
            _ => (self.plain(), ScalarStyle::Plain),
        };
        Ok(Scalar {
            text,
            style,
            secret: false,
        })
    }

    fn plain(&mut self) -> String {
        let rest = self.text.get(self.at..).unwrap_or_default();
        // The key of a path, `$[0]` and `$['a']`, is plain text in YAML's flow style only when it is
        // quoted; here brackets that are opened in the text belong to it.
        let mut open = 0_usize;
        let mut end = rest.len();
        let mut chars = rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|(_, next)| *next);
            match c {
                '[' => open += 1,
                ']' if open > 0 => open -= 1,
                ',' | ']' | '}' | '{' if open == 0 => {
                    end = at;
                    break;
                }
                ':' if open == 0 && next.is_none_or(char::is_whitespace) => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        let text = rest.get(..end).unwrap_or_default();
        self.at += text.len();
        text.trim().to_owned()
    }

    fn single_quoted(&mut self) -> Result<String, String> {
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.next() {
            if c != '\'' {
                text.push(c);
            } else if self.peek() == Some('\'') {
                self.at += 1;
                text.push('\'');
            } else {
                return Ok(text);
            }
        }
        Err("a quote is not closed".to_owned())
    }

    fn double_quoted(&mut self) -> Result<String, String> {
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.next() {
            match c {
                '"' => return Ok(text),
                '\\' => text.push(self.escape()?),
                c => text.push(c),
            }
        }
        Err("a quote is not closed".to_owned())
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn escape(&mut self) -> Result<char, String> {
        let unknown = || "an escape is not known".to_owned();
        let digits = match self.next().ok_or_else(unknown)? {
            'n' => return Ok('\n'),
            'r' => return Ok('\r'),
            't' => return Ok('\t'),
            '0' => return Ok('\0'),
            'e' => return Ok('\u{1b}'),
            c @ ('"' | '\\' | '/') => return Ok(c),
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => return Err(unknown()),
        };
        let code = self
            .text
            .get(self.at..self.at + digits)
            .ok_or_else(unknown)?;
        let code = u32::from_str_radix(code, 16).map_err(|_| unknown())?;
        self.at += digits;
        char::from_u32(code).ok_or_else(unknown)
    }
}

const MAX_DEPTH: usize = 64;

#[cfg(test)]
mod tests {
    use super::read;
    use crate::field::to_json;
    use proptest::prelude::*;

    #[test]
    fn one_line_is_read_as_yaml_would() {
        for (text, json) in [
            ("200", "200"),
            ("under 500ms", r#""under 500ms""#),
            ("\"< 500ms\"", r#""< 500ms""#),
            (
                "[a, 1, 'b, c', \"d\\n\", [], {}]",
                r#"["a",1,"b, c","d\n",[],{}]"#,
            ),
            ("{ length: at least 1 }", r#"{"length":"at least 1"}"#),
            (
                "{ $.a['b']: 1, '$.c': [x] , d: { e: f } }",
                r#"{"$.a['b']":1,"$.c":["x"],"d":{"e":"f"}}"#,
            ),
            ("{ url: http://a:80/b, }", r#"{"url":"http://a:80/b"}"#),
            ("{ a: , b: '' }", r#"{"a":null,"b":""}"#),
            ("'it''s'", r#""it's""#),
            ("\"\\u00e9\\x41\\U0001F600\"", "\"\u{e9}A\u{1f600}\""),
            ("a: b", r#""a: b""#),
        ] {
            assert_eq!(to_json(&read(text).unwrap()).to_string(), json, "{text}");
        }
    }

    #[test]
    fn what_is_not_closed_is_a_mistake() {
        for (text, why) in [
            ("[a", "a `,` or `]` is missing"),
            ("{ a: b", "a `,` or `}` is missing"),
            ("{ a }", "a `:` is missing after `a`"),
            ("{ a: 1, a: 2 }", "`a` comes twice"),
            ("\"a", "a quote is not closed"),
            ("'a", "a quote is not closed"),
            ("\"\\q\"", "an escape is not known"),
            ("\"\\ud800\"", "an escape is not known"),
            ("[a] b", "there is a `b` too many at character 5"),
        ] {
            assert_eq!(read(text).unwrap_err(), why, "{text}");
        }
        assert_eq!(
            read(&"[".repeat(1_000)).unwrap_err(),
            "it is nested too deep"
        );
    }

    proptest! {
        #[test]
        fn no_line_panics(text in "[\\[{\"'a:,}\\]\\\\ ux0\u{e9}]{0,20}") {
            let _node = read(&text);
        }
    }
}
