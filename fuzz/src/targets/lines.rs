//! One line of YAML, as the command line and the declarations of kinds have it.

use gonogo_kind::unit::show;
use gonogo_kind::{Node, flow, to_json};

use super::Target;
use crate::behaviour::Behaviour;

pub(super) const TARGET: Target = Target {
    name: "lines",
    what: "one line of YAML in flow style",
    check,
    words: &[
        "{ ",
        " }",
        "[",
        "]",
        ", ",
        ": ",
        "a: ",
        "\"",
        "'",
        "''",
        "\\n",
        "\\x41",
        "\\u00e9",
        "\\U0001F600",
        "\\ud800",
        "\\",
        "$['a']",
        "$[0]",
        "http://a:80/b",
        "~",
        "null",
        "#",
        "&a",
        "*a",
        "!!x",
        "- ",
        "|",
        ">",
        "a b",
        "  ",
    ],
    tries: 10_000,
};

fn check(input: &[u8]) -> Behaviour {
    let text = String::from_utf8_lossy(input);
    match flow::read(&text) {
        Ok(node) => {
            inside(&node, text.trim().len());
            let json = to_json(&node);
            let shown = show::json(&json);
            assert!(!shown.chars().any(char::is_control), "{shown:?}");
            let shape: String = shown.chars().filter(|c| !c.is_alphanumeric()).collect();
            Behaviour::of(shape.chars().take(40).collect::<String>())
        }
        Err(why) => {
            assert!(!why.is_empty());
            Behaviour::of(why.split(' ').take(4).collect::<Vec<_>>())
        }
    }
}

/// Every part lies inside the text.
fn inside(node: &Node, end: usize) {
    use gonogo_kind::{NodeValue, Span};
    assert!(
        node.span == Span::NOWHERE || node.span.end <= end,
        "{node:?}"
    );
    match &node.value {
        NodeValue::Scalar(_) => {}
        NodeValue::List(items) => items.iter().for_each(|item| inside(item, end)),
        NodeValue::Map(entries) => entries.iter().for_each(|entry| inside(&entry.value, end)),
    }
}
