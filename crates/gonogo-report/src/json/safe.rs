//! JSON whose strings hold nothing that a terminal would obey.

use std::io;

use serde_json::ser::Formatter;

use crate::text::is_hidden;

/// Indented JSON; characters that cannot be seen are written as `\u....`, which loses nothing.
///
/// It looks as that of `PrettyFormatter`, which takes a call for each step of each indentation.
#[derive(Default)]
pub(crate) struct Safe {
    depth: usize,
    /// Whether the list or object that is being written has anything in it.
    filled: bool,
}

impl Safe {
    fn begin<W: ?Sized + io::Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        writer.write_all(bracket)
    }

    fn end<W: ?Sized + io::Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth = self.depth.saturating_sub(1);
        if self.filled {
            self.new_line(writer, true)?;
        }
        writer.write_all(bracket)
    }

    /// Begins a line, after a comma unless it is the first of its list or object.
    fn new_line<W: ?Sized + io::Write>(&self, writer: &mut W, first: bool) -> io::Result<()> {
        let start = usize::from(first);
        let mut spaces = self.depth * 2;
        let here = spaces.min(LINE.len() - BREAK);
        writer.write_all(LINE.get(start..BREAK + here).unwrap_or_default())?;
        spaces -= here;
        for _ in 0..spaces {
            writer.write_all(b" ")?;
        }
        Ok(())
    }
}

impl Formatter for Safe {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        write_fragment(writer, fragment)
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.new_line(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.new_line(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
}

/// JSON on one line; characters that cannot be seen are written as `\u....`.
pub(crate) struct SafeLine;

impl Formatter for SafeLine {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        write_fragment(writer, fragment)
    }
}

/// Writes a part of a text.
fn write_fragment<W: ?Sized + io::Write>(writer: &mut W, fragment: &str) -> io::Result<()> {
    // Nearly every text is plain ASCII, which is told apart many times faster than what is hidden.
    let plain = |fragment: &str| fragment.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if plain(fragment) && !fragment.contains("##") {
        return writer.write_all(fragment.as_bytes());
    }
    let mut rest = fragment;
    let mut before = ' ';
    // A report may be printed into the log of a CI, which obeys what begins with `##[` or `##vso[`.
    let mut disturbs = |c| is_hidden(c) || std::mem::replace(&mut before, c) == '#' && c == '#';
    while let Some((at, hidden)) = rest.char_indices().find(|(_, c)| disturbs(*c)) {
        let (before, after) = rest.split_at(at);
        writer.write_all(before.as_bytes())?;
        for unit in hidden.encode_utf16(&mut [0; 2]) {
            write!(writer, "\\u{unit:04x}")?;
        }
        rest = after.get(hidden.len_utf8()..).unwrap_or_default();
    }
    writer.write_all(rest.as_bytes())
}

/// The end of a line and an indentation that nearly always is deep enough.
const LINE: &[u8] = b",\n                                        ";
/// How much of it is no indentation.
const BREAK: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Serialize as _;
    use serde_json::{Value, json};

    fn leaf() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[ -\"$-~]{0,8}".prop_map(Value::from),
        ]
    }

    fn tree() -> impl Strategy<Value = Value> {
        leaf().prop_recursive(6, 40, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-z]{0,3}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    fn written(value: &Value) -> String {
        let mut bytes = Vec::new();
        let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Safe::default());
        value.serialize(&mut serializer).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_deep_indentation_is_whole() {
        let deep = (0..30).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(written(&deep), serde_json::to_string_pretty(&deep).unwrap());
    }

    #[test]
    fn no_order_to_a_ci_is_left_whole() {
        let orders = json!(["##vso[a]", "###[b]", "# #c", "\u{200b}##[d]"]);
        let text = written(&orders);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), orders);
        assert!(!text.contains("##"), "{text}");
        assert!(text.contains(r##""#\u0023vso[a]""##), "{text}");
    }

    proptest! {
        #[test]
        fn what_hides_nothing_looks_as_everywhere(tree in tree()) {
            prop_assert_eq!(written(&tree), serde_json::to_string_pretty(&tree).unwrap());
        }
    }
}
