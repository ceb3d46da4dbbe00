//! Mistakes of fields taken together, and what a probe says of itself.

use gonogo_kind::{FieldMistake, FieldValue, Fields, KindTable as _, Node, SecretText, Span, flow};
use gonogo_model::Effect;

use super::super::KIND;
use super::*;
use crate::registry::Kinds;

fn mistakes(fields: &[(&'static str, &str)]) -> Vec<FieldMistake> {
    let mut check = look("http", &[]);
    for (name, value) in fields {
        check = check.field(name, flow::read(value).unwrap());
    }
    check.compile().map(|_| ()).unwrap_err()
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of mistakes")]
fn fields_that_do_not_go_together_are_told() {
    let mistake = FieldMistake::new;
    for (fields, wanted) in [
        (
            vec![("url", "http://x/"), ("server_name", "y")],
            vec![mistake("server_name", "means nothing without https")],
        ),
        (
            vec![
                ("url", "http://x/"),
                ("proxy", "http://p"),
                ("address", "a:1"),
            ],
            vec![mistake(
                "address",
                "does not go together with proxy: one place to connect to",
            )],
        ),
        (
            vec![("url", "https://x/"), ("unix_socket", "/run/x")],
            vec![mistake(
                "unix_socket",
                "goes together with http only: no TLS is spoken through a socket of this machine",
            )],
        ),
        (
            vec![
                ("url", "http://x/"),
                ("proxy", "http://p"),
                ("http_version", "2"),
            ],
            vec![mistake(
                "http_version",
                "HTTP/2 over http does not pass through a proxy",
            )],
        ),
        (
            vec![
                ("url", "http://x/"),
                ("method", "POST"),
                ("body", "a"),
                ("json", "{ a: b }"),
            ],
            vec![mistake("json", "does not go together with body")],
        ),
        (
            vec![("url", "http://x/"), ("method", "HEAD"), ("body", "a")],
            vec![mistake("method", "HEAD has no body to send")],
        ),
        (
            vec![("url", "http://u:p@x/"), ("username", "u")],
            vec![mistake("username", "the url has a login of its own")],
        ),
        (
            vec![("url", "http://x/"), ("password", "p")],
            vec![mistake("password", "needs `username` beside it")],
        ),
        (
            vec![("url", "http://x/"), ("username", "'a:b'")],
            vec![mistake(
                "username",
                "a user of a Basic login has no colon in its name",
            )],
        ),
        (
            vec![("url", "http://u@x/"), ("headers", "{ Authorization: x }")],
            vec![mistake(
                "headers",
                "an `authorization` header does not go together with a login",
            )],
        ),
        (
            vec![
                ("url", "http://x/"),
                ("headers", "{ 'a b': x, Content-Length: 5, A: 'x', a: 'y' }"),
            ],
            vec![
                mistake("headers", "`a b` is not the name of a header"),
                mistake(
                    "headers",
                    "`Content-Length` belongs to the connection, which gonogo writes itself",
                ),
                mistake(
                    "headers",
                    "`a` comes twice, names being the same in any case",
                ),
            ],
        ),
    ] {
        assert_eq!(mistakes(&fields), wanted, "{fields:?}");
    }
}

#[test]
fn a_line_break_in_a_header_is_no_second_header() {
    let mut fields = Fields::default();
    let url = "http://x/";
    let parsed = FieldValue::Url(url::Url::parse(url).unwrap(), SecretText::open(url));
    fields.insert("url", parsed, Span::NOWHERE);
    let header = ("x".to_owned(), SecretText::open("canary\r\nhost: y"));
    fields.insert("headers", FieldValue::TextMap(vec![header]), Span::NOWHERE);
    let mistakes = Kinds::new().compile(&KIND, &fields).unwrap_err();
    let message = "the value of `x` holds a line break or control character";
    assert_eq!(mistakes, [FieldMistake::new("headers", message)]);
}

#[test]
fn a_probe_says_what_it_does_and_where() {
    for (fields, effect, subject, origin) in [
        (
            vec![("url", "https://user:canary@example.com/a?b=c#d")],
            Effect::Reads,
            "https://example.com/a?b=c",
            Some("example.com:443"),
        ),
        (
            vec![("url", "http://[::1]:8080/"), ("method", "HEAD")],
            Effect::Reads,
            "HEAD http://[::1]:8080/",
            Some("::1:8080"),
        ),
        (
            vec![("url", "http://example.com/"), ("method", "POST")],
            Effect::Writes,
            "POST http://example.com/",
            Some("example.com:80"),
        ),
        (
            vec![
                ("url", "http://example.com/"),
                ("method", "DELETE"),
                ("address", "10.0.0.7:81"),
            ],
            Effect::Writes,
            "DELETE http://example.com/",
            Some("10.0.0.7:81"),
        ),
        (
            vec![
                ("url", "http://example.com/"),
                ("method", "OPTIONS"),
                ("proxy", "http://proxy:3128"),
            ],
            Effect::Reads,
            "OPTIONS http://example.com/",
            Some("proxy:3128"),
        ),
        (
            vec![
                ("url", "http://docker/version"),
                ("unix_socket", "/run/docker.sock"),
            ],
            Effect::Reads,
            "http://docker/version",
            None,
        ),
    ] {
        let probe = look("http", &fields).probe();
        assert_eq!(probe.effect(), effect);
        assert_eq!(probe.subject(), subject);
        assert_eq!(probe.origin().as_deref(), origin);
    }
}

#[test]
fn a_secret_url_is_shown_by_its_origin_only() {
    let url = "https://hooks.example.com/services/canary?token=canary";
    let mut fields = Fields::default();
    let secret = SecretText {
        text: url.to_owned(),
        secret: true,
    };
    let value = FieldValue::Url(url::Url::parse(url).unwrap(), secret);
    fields.insert("url", value, Span::NOWHERE);
    let probe = Kinds::new().compile(&KIND, &fields).unwrap();
    assert_eq!(probe.subject(), "https://hooks.example.com/...");
}

#[tokio::test]
async fn the_request_is_as_the_check_says() {
    let server = good(&[], b"");
    let port = server.port();
    let _seen = http(&server.url("/a%20b?c=d%20e#f")).judge().await;
    let agent = concat!("gonogo/", env!("CARGO_PKG_VERSION"));
    assert_eq!(
        server.requests(),
        [format!(
            "GET /a%20b?c=d%20e HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nuser-agent: {agent}\r\naccept: */*\r\naccept-encoding: gzip\r\n\r\n"
        )]
    );
    let fields = [
        ("method", "PUT"),
        ("json", "{ a: [1, 1.10, yes] }"),
        ("headers", "{ Host: other.example, Accept: text/plain }"),
        ("username", "me"),
        ("password", "it's"),
        ("decompress", "false"),
    ];
    let mut look = http(&server.url("/"));
    for (name, value) in fields {
        let node = if name == "password" {
            Node::plain(value)
        } else {
            flow::read(value).unwrap()
        };
        look = look.field(name, node);
    }
    // Twice: the body is made anew for each attempt.
    for _attempt in 0..2 {
        let _seen = look.judge().await;
        assert_eq!(
            server.requests().last().unwrap(),
            &format!(
                "PUT / HTTP/1.1\r\nhost: other.example\r\nuser-agent: {agent}\r\naccept: text/plain\r\ncontent-type: application/json\r\nauthorization: Basic bWU6aXQncw==\r\ncontent-length: 20\r\n\r\n{{\"a\":[1,1.10,\"yes\"]}}"
            )
        );
    }
}
