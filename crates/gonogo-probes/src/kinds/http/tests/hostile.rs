//! Servers that hang, lie, drop and flood: each with a cause of its own.

use std::io::Write as _;
use std::time::Instant;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

const GZIP: &str = "Content-Encoding: gzip";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Asks a server that plays a script, and returns what decided; it must not take long.
async fn asked(script: Vec<Step>) -> (Outcome, String, String) {
    let server = Scripted::start(script).unwrap();
    let begun = Instant::now();
    let (judged, _) = http(&server.url("/")).timeout(SHORT).judge().await;
    assert!(begun.elapsed() < SHORT * 10, "{:?}", begun.elapsed());
    let (outcome, code, message) = told(&judged);
    (outcome, code.to_owned(), message.to_owned())
}

async fn assert_fails(script: Vec<Step>, code: &str, message: &str) {
    let wanted = (Outcome::Failed, code.to_owned(), message.to_owned());
    assert_eq!(asked(script).await, wanted);
}

fn drip(bytes: &str) -> Vec<Step> {
    let apart = Duration::from_millis(20);
    vec![Step::Read, Step::Drip(bytes.into(), apart)]
}

#[tokio::test]
async fn a_server_that_is_slow_is_told_by_the_phase_it_is_slow_in() {
    let head_late = "timed out after 700ms in phase `first_byte`";
    assert_fails(vec![Step::Hang], "net/timeout", head_late).await;
    let dripping = drip(&format!(
        "HTTP/1.1 200 OK\r\nX-Long: {}\r\n\r\n",
        "x".repeat(400)
    ));
    assert_fails(dripping, "net/timeout", head_late).await;

    let mut hang = answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
    hang.push(Step::Hang);
    let late = "the body did not end within 700ms in phase `transfer`: 5 of 100 bytes had come";
    assert_fails(hang, "http/body_timeout", late).await;

    let mut dripping = answer("HTTP/1.1 200 OK\r\n\r\n");
    dripping.extend(drip(&"x".repeat(400)).into_iter().skip(1));
    let (outcome, code, _) = asked(dripping).await;
    assert_eq!(
        (outcome, code.as_str()),
        (Outcome::Failed, "http/body_timeout")
    );
}

#[tokio::test]
async fn what_was_seen_before_it_broke_off_is_kept() {
    let mut hang = answer("HTTP/1.1 200 OK\r\nServer: slow\r\nContent-Length: 9\r\n\r\n");
    hang.push(Step::Hang);
    let server = Scripted::start(hang).unwrap();
    let (judged, observation) = http(&server.url("/")).timeout(SHORT).judge().await;
    assert_eq!(judged.outcome, Outcome::Failed);
    assert_eq!(observation.get("status"), Some(&Value::integer(200).into()));
    assert_eq!(observation.get("duration"), None, "it has not ended");
    assert_eq!(observation.get("body"), None);
    let phases: Vec<&str> = observation.phases.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(phases, ["connect", "first_byte"]);
}

#[tokio::test]
async fn a_connection_that_ends_says_how() {
    assert_fails(
        vec![Step::Read],
        "net/closed",
        "the server closed the connection without an answer",
    )
    .await;
    assert_fails(
        vec![Step::Read, Step::Reset],
        "net/reset",
        "connection reset by the other side in phase `first_byte`",
    )
    .await;
    assert_fails(
        answer("HTTP/1.1 200 OK\r\nContent-"),
        "http/truncated",
        "the connection was closed in the head of the answer, which begins with \"HTTP/1.1 200 OK\"",
    )
    .await;
    assert_fails(
        answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"),
        "http/truncated",
        "the connection was closed in the body: 5 of 10 bytes had come",
    )
    .await;
    assert_fails(
        answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
        "http/truncated",
        "the connection was closed in the body: 5 bytes had come",
    )
    .await;
}

#[tokio::test]
async fn a_reset_in_the_body_is_no_answer() {
    // The reset overtakes what was sent before it unless the client has read that first.
    let mut script = answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
    script.push(Step::Drip("x".into(), Duration::from_millis(50)));
    script.push(Step::Reset);
    assert_fails(
        script,
        "net/reset",
        "connection reset by the other side in phase `transfer`",
    )
    .await;
}

#[tokio::test]
async fn what_is_not_http_is_shown() {
    for (bytes, message) in [
        (
            "<html>hello</html>",
            "the answer does not begin as HTTP does, but with \"<html>hello</html>\"",
        ),
        (
            "SSH-2.0-OpenSSH_9.2\r\n",
            "the answer does not begin as HTTP does, but with \"SSH-2.0-OpenSSH_9.2\"",
        ),
        (
            "\u{1b}[2Jgarbage\r\n\r\n",
            "the answer does not begin as HTTP does, but with \".[2Jgarbage\"",
        ),
        (
            "HTTP/1.1 abc OK\r\n\r\n",
            "the status is not a number from 100 to 999: \"HTTP/1.1 abc OK\"",
        ),
        (
            "HTTP/1.1 99 OK\r\n\r\n",
            "the status is not a number from 100 to 999: \"HTTP/1.1 99 OK\"",
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
            "the head of the answer breaks the rules: invalid content-length parsed",
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "the body breaks the rules of its framing: Invalid chunk size line: missing size digit",
        ),
    ] {
        assert_fails(answer(bytes), "http/bad_response", message).await;
    }
    assert_fails(
        answer(b"\x15\x03\x01\x00\x02\x02\x46".as_slice()),
        "http/bad_response",
        "the port speaks TLS, not plain HTTP",
    )
    .await;
    // Speaks before it is asked.
    let banner = vec![
        Step::Send("220 mail.example.com ESMTP\r\n".into()),
        Step::Hang,
    ];
    let (outcome, code, _) = asked(banner).await;
    assert_eq!(
        (outcome, code.as_str()),
        (Outcome::Failed, "http/bad_response")
    );
}

#[tokio::test]
async fn heads_without_end_are_cut_off() {
    let large = "the head of the answer is larger than 64 KiB or has more than 100 headers";
    let head = |header: &str, times: usize| {
        answer(format!("HTTP/1.1 200 OK\r\n{}\r\n", header.repeat(times)))
    };
    let cookie = format!("Set-Cookie: a={}\r\n", "x".repeat(4096));
    assert_fails(head(&cookie, 50), "http/too_large_head", large).await;
    assert_fails(head("X: y\r\n", 5000), "http/too_large_head", large).await;
    let endless = vec![
        Step::Read,
        Step::Send("HTTP/1.1 200 OK\r\n".into()),
        Step::Endless("X: yyyyyyyyyyyyyyyy\r\n".repeat(100).into()),
    ];
    assert_fails(endless, "http/too_large_head", large).await;

    let waiting = "HTTP/1.1 100 Continue\r\n\r\n".repeat(100);
    let endless = vec![Step::Read, Step::Endless(waiting.into())];
    let late = "timed out after 700ms in phase `first_byte`";
    assert_fails(endless, "net/timeout", late).await;

    let mut endless = answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
    endless.push(Step::Endless("X: yyyyyyyyyyyyyyyy\r\n".repeat(100).into()));
    let (outcome, code, _) = asked(endless).await;
    assert_eq!(
        (outcome, code.as_str()),
        (Outcome::Failed, "http/bad_response")
    );
}

#[tokio::test]
async fn a_body_over_the_limit_is_unknown_only_where_it_is_needed() {
    let endless = || {
        let mut script = answer("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
        script.push(Step::Endless("x".repeat(1000).into()));
        Scripted::start(script).unwrap()
    };
    let server = endless();
    let (judged, observation) = http(&server.url("/")).judge().await;
    assert_eq!(told(&judged), (Outcome::Passed, "", ""));
    for fact in ["body", "body_size", "duration", "timing.transfer"] {
        assert!(
            matches!(observation.get(fact), Some(Reading::Unreadable { code, .. }) if code.as_str() == "http/body_too_large"),
            "{fact}"
        );
    }
    let (judged, _) = http(&server.url("/"))
        .expect("body", "{ contains: x }")
        .judge()
        .await;
    let why = "cannot read body: the body is larger than 1048576 bytes";
    assert_eq!(
        told(&judged),
        (Outcome::Unknown, "http/body_too_large", why)
    );
    // Exactly the limit is within it.
    let server = good(&[], &[b'x'; 1024]);
    let limited = |limit: &str| {
        http(&server.url("/"))
            .field("body_limit", gonogo_kind::Node::plain(limit))
            .expect("body_size", "1KiB")
    };
    assert_eq!(limited("1024B").judge().await.0.outcome, Outcome::Passed);
    assert_eq!(limited("1023B").judge().await.0.outcome, Outcome::Unknown);
}

#[tokio::test]
async fn compression_is_undone_and_bounded() {
    let body = b"{\"status\": \"ok\"}";
    let server = good(&[GZIP, "Content-Type: application/json"], &gzip(body));
    let (judged, observation) = http(&server.url("/"))
        .expect("json", "{ $.status: ok }")
        .expect("body_size", "16B")
        .judge()
        .await;
    assert_eq!(told(&judged), (Outcome::Passed, "", ""));
    assert_eq!(text(&observation, "body"), "{\"status\": \"ok\"}");

    let bomb = good(&[GZIP], &gzip(&vec![0; 64 * 1024 * 1024]));
    let (judged, _) = http(&bomb.url("/"))
        .expect("body", "{ contains: x }")
        .judge()
        .await;
    let why = "cannot read body: the body is larger than 1048576 bytes";
    assert_eq!(
        told(&judged),
        (Outcome::Unknown, "http/body_too_large", why)
    );
}

#[tokio::test]
async fn a_coding_that_is_not_what_it_says_fails() {
    let half = gzip(b"hello hello hello hello");
    let (half, _) = half.split_at(half.len() - 6);
    let mut wrong_sum = gzip(b"hello");
    let at = wrong_sum.len() - 8;
    wrong_sum[at] ^= 1;
    let twice = gzip(&gzip(b"hello"));
    for (headers, body, message) in [
        (
            GZIP,
            b"hello, this is not compressed".to_vec(),
            "the headers say gzip, and the body is not: invalid gzip header",
        ),
        (
            GZIP,
            half.to_vec(),
            "the headers say gzip, and the body is not: it ends too early",
        ),
        (
            GZIP,
            wrong_sum,
            "the headers say gzip, and the body is not: corrupt gzip stream does not have a matching checksum",
        ),
        (
            "Content-Encoding: gzip, gzip",
            twice,
            "the body is sent in the coding `gzip, gzip`, and `gzip` was asked for",
        ),
        (
            "Content-Encoding: br",
            b"x".to_vec(),
            "the body is sent in the coding `br`, and `gzip` was asked for",
        ),
    ] {
        let script = answer(response("200 OK", &[headers], &body));
        assert_fails(script, "http/bad_encoding", message).await;
    }
    // Not asked for at all.
    let server = good(&[GZIP], &gzip(b"hello"));
    let (judged, _) = http(&server.url("/"))
        .field("decompress", gonogo_kind::Node::plain("false"))
        .judge()
        .await;
    let why = "the body is sent in the coding `gzip`, and none was asked for";
    assert_eq!(told(&judged), (Outcome::Failed, "http/bad_encoding", why));
}

#[tokio::test]
async fn a_coding_the_check_asks_for_itself_is_left_alone() {
    let server = good(&["Content-Encoding: br"], b"x");
    let brotli = || {
        let headers = gonogo_kind::flow::read("{ Accept-Encoding: br }").unwrap();
        http(&server.url("/")).field("headers", headers)
    };
    let wanted = brotli().expect("headers", "{ content-encoding: br }");
    assert_eq!(told(&wanted.judge().await.0), (Outcome::Passed, "", ""));
    let (judged, _) = brotli().expect("body", "x").judge().await;
    let why = "cannot read body: the body is in the coding `br`";
    assert_eq!(told(&judged), (Outcome::Unknown, "http/undecoded", why));
}

#[tokio::test]
async fn a_body_that_is_not_json_fails_an_expectation_on_json() {
    let deep = "[".repeat(200_000);
    for (body, why) in [
        (
            "<html>Please log in</html>",
            "expected value at line 1 column 1",
        ),
        ("", "it is empty"),
        (
            "{\"status\": \"ok\"",
            "EOF while parsing an object at line 1 column 15",
        ),
        (
            "{\"status\": \"ok\", \"status\": \"down\"}",
            "the key `status` comes twice at line 1 column 25",
        ),
        (
            deep.as_str(),
            "recursion limit exceeded at line 1 column 128",
        ),
    ] {
        let server = good(&["Content-Type: application/json"], body.as_bytes());
        let look = http(&server.url("/")).expect("json", "{ $.status: ok }");
        let (judged, _) = look.judge().await;
        let message = format!("cannot read json $.status: the body is not JSON: {why}");
        assert_eq!(
            told(&judged),
            (Outcome::Failed, "http/not_json", message.as_str())
        );
        assert_eq!(
            http(&server.url("/")).judge().await.0.outcome,
            Outcome::Passed
        );
    }
}

#[tokio::test]
async fn control_characters_are_kept_for_the_sinks_to_escape() {
    let server = good(&[], b"a\x1b[31m\0b\xff");
    let (_, observation) = http(&server.url("/")).judge().await;
    assert_eq!(text(&observation, "body"), "a\u{1b}[31m\0b\u{fffd}");
}

#[tokio::test]
async fn old_and_odd_answers_are_answers() {
    let server = server("HTTP/1.0 200 OK\r\n\r\nhello");
    let (judged, observation) = http(&server.url("/"))
        .expect("version", "1.0")
        .judge()
        .await;
    assert_eq!(told(&judged), (Outcome::Passed, "", ""));
    assert_eq!(text(&observation, "body"), "hello");

    let lines_only = super::server("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");
    assert_eq!(
        http(&lines_only.url("/")).judge().await.0.outcome,
        Outcome::Passed
    );

    let bodiless = super::server("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello");
    let (judged, observation) = http(&bodiless.url("/")).judge().await;
    assert_eq!(told(&judged), (Outcome::Passed, "", ""));
    assert_eq!(text(&observation, "body"), "");
}

#[tokio::test]
async fn statuses_that_nobody_expects_are_statuses() {
    for (answer, status) in [
        (
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
            101,
        ),
        (
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
            304,
        ),
        ("HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n", 999),
    ] {
        let server = server(answer);
        let (judged, observation) = http(&server.url("/")).timeout(SHORT).judge().await;
        let message = format!("status is {status}, expected 200..299");
        let wanted = (Outcome::Failed, "engine/expectation", message.as_str());
        assert_eq!(told(&judged), wanted);
        assert_eq!(
            observation.get("status"),
            Some(&Value::integer(status).into())
        );
    }
}

#[tokio::test]
async fn a_transfer_coding_that_was_not_asked_for_fails() {
    let mut bytes =
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n".to_vec();
    let why = "the body is sent in the transfer coding `gzip`, and none was asked for";
    assert_fails(answer(bytes.clone()), "http/bad_encoding", why).await;
    bytes.truncate(bytes.len() - 5);
    let why = "the connection was closed in the body: 1 bytes had come";
    assert_fails(answer(bytes), "http/truncated", why).await;
}
