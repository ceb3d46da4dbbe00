//! Tests of fields: every type, read well and badly.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::{Choice, FieldDecl, FieldType, FieldValue, ReadCx, RootsSource, read_field};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::flow;
use crate::node::{Node, NodeValue, Scalar, ScalarStyle, Span};

const URL: FieldType = FieldType::Url(&["http", "https"]);
const DSN: FieldType = FieldType::Url(&["postgres", "postgresql"]);
const PORT: FieldType = FieldType::Integer {
    min: 1,
    max: 65_535,
};
const MODE: FieldType = FieldType::Choice(&[
    Choice {
        word: "system",
        sentence: "The machine's.",
    },
    Choice {
        word: "given",
        sentence: "The given one.",
    },
]);
const ADDRESS: FieldType = FieldType::Address(None);
const HOST: FieldType = FieldType::Address(Some(443));

const fn decl(ty: FieldType) -> FieldDecl {
    FieldDecl {
        name: "field",
        ty,
        required: true,
        default: None,
        sentence: "A field.",
        example: "x",
    }
}

fn read(node: &Node, ty: FieldType) -> Result<FieldValue, Box<Diagnostic>> {
    let read_file = |path: &Path| match path.to_str() {
        Some("gate/ca.pem") => Ok(b"-----BEGIN CERTIFICATE-----\n".to_vec()),
        Some("gate/other.txt") => Ok(b"nothing of the kind".to_vec()),
        _ => Err(io::Error::new(io::ErrorKind::NotFound, "no such file")),
    };
    let cx = ReadCx {
        base: Path::new("gate"),
        read_file: &read_file,
        roots: Arc::new(RootsSource::system()),
    };
    let mut diagnostics = Diagnostics::default();
    match read_field(node, &decl(ty), &cx, &mut diagnostics) {
        Some(value) => {
            assert_eq!(diagnostics.as_slice(), []);
            Ok(value)
        }
        None => {
            let [mistake] = diagnostics.as_slice() else {
                panic!("{:?}", diagnostics.as_slice());
            };
            Err(Box::new(mistake.clone()))
        }
    }
}

/// Type, text, what it was read as.
const GOOD: &[(FieldType, &str, &str)] = &[
    (FieldType::Text, "any text", "Text(\"any text\")"),
    (FieldType::Text, "200", "Text(\"200\")"),
    (FieldType::Text, "\"null\"", "Text(\"null\")"),
    (
        URL,
        "https://example.com/health?a=b",
        "Url(https://example.com/health?a=b)",
    ),
    (
        URL,
        "http://[2001:db8::1]:8080/",
        "Url(http://[2001:db8::1]:8080/)",
    ),
    (DSN, "postgres://app@db/app", "Url(postgres://app@db/app)"),
    (
        DSN,
        "postgres:///app?host=/run/postgresql",
        "Url(postgres:///app?host=/run/postgresql)",
    ),
    (
        DSN,
        "postgres://app:pass@db/app",
        "Url(postgres://[redacted])",
    ),
    (ADDRESS, "example.com:443", "Address(\"example.com\", 443)"),
    (ADDRESS, "127.0.0.1:5432", "Address(\"127.0.0.1\", 5432)"),
    (
        ADDRESS,
        "[2001:db8::1]:443",
        "Address(\"2001:db8::1\", 443)",
    ),
    (HOST, "example.com", "Address(\"example.com\", 443)"),
    (HOST, "example.com:8443", "Address(\"example.com\", 8443)"),
    (HOST, "2001:db8::1", "Address(\"2001:db8::1\", 443)"),
    (HOST, "\"[::1]\"", "Address(\"::1\", 443)"),
    (FieldType::Name, "example.com.", "Text(\"example.com.\")"),
    (
        FieldType::Name,
        "_dmarc.example.com",
        "Text(\"_dmarc.example.com\")",
    ),
    (FieldType::Name, "*.example.com", "Text(\"*.example.com\")"),
    (FieldType::Name, ".", "Text(\".\")"),
    (PORT, "1", "Integer(1)"),
    (PORT, "65535", "Integer(65535)"),
    (FieldType::Duration, "1h30m", "Duration(5400s)"),
    (FieldType::Duration, "\"500ms\"", "Duration(500ms)"),
    (FieldType::Size, "1MiB", "Size(1048576)"),
    (FieldType::Boolean, "true", "Boolean(true)"),
    (FieldType::Boolean, "\"FALSE\"", "Boolean(false)"),
    (MODE, "given", "Text(\"given\")"),
    (
        FieldType::Texts,
        "[a, 1, \"\"]",
        "Texts([\"a\", \"1\", \"\"])",
    ),
    (
        FieldType::TextMap,
        "{ A: 1, b: \"\" }",
        "TextMap([(\"A\", \"1\"), (\"b\", \"\")])",
    ),
    (FieldType::Json, "{ a: [1, null] }", "Json(...)"),
    (FieldType::Json, "null", "Json(...)"),
    (FieldType::Path, "sub/dir", "Path(gate/sub/dir)"),
    (FieldType::Path, "/abs", "Path(/abs)"),
    (FieldType::File, "ca.pem", "File(gate/ca.pem, 28 bytes)"),
    (
        FieldType::Roots,
        "system",
        "Roots(RootsSource { system: true, files: [] })",
    ),
    (
        FieldType::Roots,
        "ca.pem",
        "Roots(RootsSource { system: false, files: [\"gate/ca.pem\"] })",
    ),
    (
        FieldType::Roots,
        "[system, ca.pem]",
        "Roots(RootsSource { system: true, files: [\"gate/ca.pem\"] })",
    ),
];

#[test]
fn fields_of_every_type_are_read() {
    for (ty, text, read_as) in GOOD {
        let value = read(&flow_node(text), *ty).unwrap_or_else(|m| panic!("{text}: {m:?}"));
        assert_eq!(format!("{value:?}"), *read_as, "{text}");
    }
}

/// An address in brackets is no list here.
fn flow_node(text: &str) -> Node {
    if text.starts_with("[2001") {
        return Node::plain(text);
    }
    flow::read(text).unwrap_or_else(|why| panic!("{text}: {why}"))
}

/// Type, text, code, message, hint when it is not the example.
const BAD: &[(FieldType, &str, &str, &str, &str)] = &[
    (
        FieldType::Text,
        "\"\"",
        "config/empty_value",
        "is empty",
        "",
    ),
    (
        FieldType::Text,
        "null",
        "config/empty_value",
        "is empty",
        "",
    ),
    (
        FieldType::Text,
        "[a]",
        "config/wrong_type",
        "wants one value, not a list",
        "",
    ),
    (
        FieldType::Text,
        "{ a: b }",
        "config/wrong_type",
        "wants one value, not a map",
        "",
    ),
    (
        URL,
        "example.com",
        "config/wrong_type",
        "`example.com` is not a URL: relative URL without a base",
        "did you mean `https://example.com`?",
    ),
    (
        URL,
        "example.com:443/health",
        "config/wrong_scheme",
        "wants a URL that begins with http://, https://, not `example.com:`",
        "did you mean `https://example.com:443/health`?",
    ),
    (
        URL,
        "htps://example.com",
        "config/wrong_scheme",
        "wants a URL that begins with http://, https://, not `htps:`",
        "did you mean `https://example.com`?",
    ),
    (
        URL,
        "ftp://example.com",
        "config/wrong_scheme",
        "wants a URL that begins with http://, https://, not `ftp:`",
        "",
    ),
    (
        URL,
        "http:example.com",
        "config/wrong_type",
        "`http:example.com` is not a URL: `://` is missing after the scheme",
        "",
    ),
    (
        URL,
        "http:///health",
        "config/wrong_type",
        "`http:///health` is not a URL: the host is missing",
        "",
    ),
    (
        URL,
        "http://a\\b/",
        "config/wrong_type",
        "`http://a\\b/` is not a URL: it has a backslash in it",
        "",
    ),
    (
        URL,
        "http://exa mple.com",
        "config/wrong_type",
        "`http://exa mple.com` is not a URL: invalid international domain name",
        "",
    ),
    (
        URL,
        "\"http://exa\\nmple.com\"",
        "config/wrong_type",
        "`http://exa\\nmple.com` is not a URL: it has a line break in it",
        "",
    ),
    (
        URL,
        "http://example.com:70000",
        "config/wrong_type",
        "`http://example.com:70000` is not a URL: invalid port number",
        "",
    ),
    (
        URL,
        "http://example.com:0",
        "config/wrong_type",
        "`http://example.com:0` is not a URL: a port is 1 to 65535",
        "",
    ),
    (
        URL,
        "http://user:pass@exa mple",
        "config/wrong_type",
        "`[redacted]` is not a URL: invalid international domain name",
        "",
    ),
    (
        ADDRESS,
        "example.com",
        "config/wrong_type",
        "`example.com` is not host:port: the port is missing",
        "",
    ),
    (
        ADDRESS,
        "::1",
        "config/wrong_type",
        "`::1` is not host:port: the port is missing",
        "",
    ),
    (
        ADDRESS,
        "example.com:0",
        "config/wrong_type",
        "`example.com:0` is not host:port: a port is 1 to 65535",
        "",
    ),
    (
        ADDRESS,
        "example.com:70000",
        "config/wrong_type",
        "`example.com:70000` is not host:port: a port is 1 to 65535",
        "",
    ),
    (
        ADDRESS,
        "example.com:+443",
        "config/wrong_type",
        "`example.com:+443` is not host:port: a port is 1 to 65535",
        "",
    ),
    (
        ADDRESS,
        "example.com:0443",
        "config/wrong_type",
        "`example.com:0443` is not host:port: a port is 1 to 65535",
        "",
    ),
    (
        ADDRESS,
        "example.com:",
        "config/wrong_type",
        "`example.com:` is not host:port: a port is 1 to 65535",
        "",
    ),
    (
        ADDRESS,
        ":443",
        "config/wrong_type",
        "`:443` is not host:port: the host is missing or malformed",
        "",
    ),
    (
        ADDRESS,
        "https://example.com",
        "config/wrong_type",
        "`https://example.com` is not host:port: it is a URL",
        "",
    ),
    (
        ADDRESS,
        "2001:db8::g:443",
        "config/wrong_type",
        "`2001:db8::g:443` is not host:port: brackets belong around an IPv6 address",
        "write an IPv6 address and its port as `[2001:db8::1]:443`",
    ),
    (
        ADDRESS,
        "a b:1",
        "config/wrong_type",
        "`a b:1` is not host:port: the host is missing or malformed",
        "",
    ),
    (
        ADDRESS,
        "*.example.com:1",
        "config/wrong_type",
        "`*.example.com:1` is not host:port: the host is missing or malformed",
        "",
    ),
    (
        ADDRESS,
        "-x:1",
        "config/wrong_type",
        "`-x:1` is not host:port: the host is missing or malformed",
        "",
    ),
    (
        FieldType::Name,
        "https://example.com",
        "config/wrong_type",
        "`https://example.com` is not a domain name",
        "write the name alone, without scheme and path",
    ),
    (
        FieldType::Name,
        "example.com:53",
        "config/wrong_type",
        "`example.com:53` is not a domain name",
        "write the name alone, without a port",
    ),
    (
        FieldType::Name,
        "b\u{fc}cher.example",
        "config/wrong_type",
        "`b\u{fc}cher.example` is not a domain name",
        "write an international name in its ASCII form, `xn--...`",
    ),
    (
        FieldType::Name,
        "a..b",
        "config/wrong_type",
        "`a..b` is not a domain name",
        "a name is labels of letters, digits and `-` between dots",
    ),
    (
        PORT,
        "0",
        "config/out_of_range",
        "`0` is not within 1 to 65535",
        "",
    ),
    (
        PORT,
        "70000",
        "config/out_of_range",
        "`70000` is not within 1 to 65535",
        "",
    ),
    (
        PORT,
        "-99999999999999999999",
        "config/out_of_range",
        "`-99999999999999999999` is not within 1 to 65535",
        "",
    ),
    (
        PORT,
        "010",
        "config/wrong_type",
        "`010` is not a whole number: some would read it as octal because of the leading zero; write `10`",
        "",
    ),
    (
        FieldType::Duration,
        "5",
        "config/wrong_unit",
        "`5` is not a duration: it has no unit; write `5ms`, `5s`, `5m`, `5h` or `5d`",
        "",
    ),
    (
        FieldType::Duration,
        "0s",
        "config/out_of_range",
        "`0s` is not a duration above zero",
        "",
    ),
    (
        FieldType::Duration,
        "-5s",
        "config/out_of_range",
        "`-5s` is not a duration above zero",
        "",
    ),
    (
        FieldType::Duration,
        "99999999w",
        "config/out_of_range",
        "`99999999w` is not a duration above zero",
        "",
    ),
    (
        FieldType::Size,
        "2G",
        "config/wrong_unit",
        "`2G` is not a size: `G` could mean two things; write `2GB` (decimal) or `2GiB` (binary)",
        "",
    ),
    (
        FieldType::Size,
        "0B",
        "config/out_of_range",
        "`0B` is not a size above zero",
        "",
    ),
    (
        FieldType::Size,
        "0.5B",
        "config/out_of_range",
        "`0.5B` is not a size in whole bytes that fits this machine",
        "",
    ),
    (
        FieldType::Boolean,
        "yes",
        "config/wrong_type",
        "wants true or false, not `yes`",
        "YAML 1.2 knows no yes, no, on or off",
    ),
    (
        FieldType::Boolean,
        "1",
        "config/wrong_type",
        "wants true or false, not `1`",
        "YAML 1.2 knows no yes, no, on or off",
    ),
    (
        MODE,
        "sytem",
        "config/unknown_word",
        "does not know `sytem`",
        "did you mean `system`?",
    ),
    (
        MODE,
        "banana",
        "config/unknown_word",
        "does not know `banana`",
        "one of system, given",
    ),
    (
        FieldType::Texts,
        "[]",
        "config/empty_list",
        "is an empty list",
        "A field. For example `field: x`.",
    ),
    (
        FieldType::Texts,
        "a b",
        "config/wrong_type",
        "wants a list, not a single value",
        "A field. For example `field: x`.",
    ),
    (
        FieldType::Texts,
        "[[a]]",
        "config/wrong_type",
        "wants texts, not a list",
        "A field. For example `field: x`.",
    ),
    (
        FieldType::TextMap,
        "[a]",
        "config/wrong_type",
        "wants a map, not a list",
        "",
    ),
    (
        FieldType::TextMap,
        "{ a: [b] }",
        "config/wrong_type",
        "wants a text, not a list",
        "",
    ),
    (
        FieldType::TextMap,
        "{ a: }",
        "config/empty_value",
        "`a` is empty",
        "",
    ),
    (FieldType::Json, "", "config/empty_value", "is empty", ""),
    (
        FieldType::File,
        "none.txt",
        "config/unreadable_file",
        "cannot read `none.txt`: no such file",
        "paths are relative to the folder of the file in which they stand",
    ),
    (
        FieldType::Roots,
        "none.pem",
        "config/unreadable_file",
        "cannot read `none.pem`: no such file",
        "paths are relative to the folder of the file in which they stand",
    ),
    (
        FieldType::Roots,
        "[system, other.txt]",
        "config/bad_roots",
        "`other.txt` holds no PEM certificate",
        "",
    ),
    (
        FieldType::Roots,
        "[]",
        "config/empty_list",
        "is an empty list",
        "",
    ),
];

#[test]
fn mistakes_in_fields_say_what_to_write() {
    for (ty, text, code, message, hint) in BAD {
        let mistake = match read(&flow_node(text), *ty) {
            Err(mistake) => mistake,
            Ok(value) => panic!("{text} was read as {value:?}"),
        };
        assert_eq!(
            (mistake.code, mistake.message.as_str()),
            (*code, format!("field: {message}").as_str()),
            "{text}"
        );
        let hint = if hint.is_empty() {
            "for example `field: x`"
        } else {
            hint
        };
        assert_eq!(mistake.hint.as_deref(), Some(hint), "{text}");
    }
}

#[test]
fn a_mistake_in_a_part_points_at_the_part() {
    let node = flow::read("[system, other.txt]").unwrap();
    let NodeValue::List(items) = &node.value else {
        panic!("it is a list");
    };
    let mistake = read(&node, FieldType::Roots).unwrap_err();
    assert_eq!(mistake.span, Some(items[1].span));
}

#[test]
fn a_secret_is_shown_in_no_mistake_and_no_value() {
    let types = [
        FieldType::Text,
        URL,
        DSN,
        ADDRESS,
        HOST,
        FieldType::Name,
        PORT,
        FieldType::Duration,
        FieldType::Size,
        FieldType::Boolean,
        MODE,
        FieldType::Texts,
        FieldType::TextMap,
        FieldType::Json,
        FieldType::Roots,
        FieldType::File,
    ];
    for text in [
        "hunter2",
        "5hunter2",
        "http://hunter2",
        "http://u:hunter2@h/",
        "postgres://u:hunter2@h/",
        "hunter2://x",
        "hunter2 x",
    ] {
        let secret = Node {
            value: NodeValue::Scalar(Scalar {
                text: text.to_owned(),
                style: ScalarStyle::Plain,
                secret: true,
            }),
            span: Span::NOWHERE,
        };
        for ty in types {
            // A host and a path are no places for a secret; they are shown.
            let told = match (read(&secret, ty), ty) {
                (Ok(_), FieldType::Address(_)) => String::new(),
                (told, _) => format!("{told:?}"),
            };
            assert!(!told.contains("hunter2"), "{ty:?}: {told}");
        }
    }
}
