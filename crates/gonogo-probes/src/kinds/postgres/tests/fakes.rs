//! What a real server will not do: hang, lie, drop, flood, be something else.

use super::*;
use std::time::{Duration, Instant};

use gonogo_model::{Code, Outcome};
use gonogo_testkit::fake::Fake;
use proptest::prelude::*;

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap();
    [&[kind], length.to_be_bytes().as_slice(), body].concat()
}

fn refusal(sqlstate: &str, words: &[u8]) -> Vec<u8> {
    let fields = [
        b"SFATAL\0VFATAL\0C",
        sqlstate.as_bytes(),
        b"\0M",
        words,
        b"\0\0",
    ];
    message(b'E', &fields.concat())
}

/// The end of a login that asked for no password.
fn welcome() -> Vec<u8> {
    [
        message(b'R', &[0, 0, 0, 0]),
        message(b'S', b"server_version\x0015.4\0"),
        message(b'K', &[0; 8]),
        message(b'Z', b"I"),
    ]
    .concat()
}

/// A column description: a name and the type text.
fn described(name: &str) -> Vec<u8> {
    let mut body = name.as_bytes().to_vec();
    body.push(0);
    body.extend_from_slice(&[
        0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0,
    ]);
    body
}

/// The answer to `begin`, whose last part says whether the transaction is read-only.
fn begun(read_only: &str) -> Vec<u8> {
    let length = u32::try_from(read_only.len()).unwrap().to_be_bytes();
    [
        message(b'C', b"BEGIN\0"),
        message(
            b'T',
            &[&[0, 1], described("transaction_read_only").as_slice()].concat(),
        ),
        message(
            b'D',
            &[&[0, 1], length.as_slice(), read_only.as_bytes()].concat(),
        ),
        message(b'C', b"SHOW\0"),
        message(b'Z', b"T"),
    ]
    .concat()
}

/// An answer to the question about the server: so many rows in which every column is NULL.
fn knows_nothing(rows: usize) -> Vec<u8> {
    let columns: Vec<u8> = (0..8).flat_map(|_| described("c")).collect();
    let mut row = vec![0, 8];
    row.extend_from_slice(&[0xff; 32]);
    [
        message(b'1', b""),
        message(b't', &[0, 0]),
        message(b'T', &[&[0, 8], columns.as_slice()].concat()),
        message(b'Z', b"T"),
        message(b'2', b""),
        message(b'D', &row).repeat(rows),
        message(b'C', b"SELECT 1\0"),
        message(b'3', b""),
        message(b'Z', b"T"),
        message(b'C', b"ROLLBACK\0"),
        message(b'Z', b"I"),
    ]
    .concat()
}

fn look_at(fake: &Fake, parameters: &str) -> Look {
    let url = format!("postgres://u:pw@{}/d{parameters}", fake.address());
    look("postgres", &[("url", &url)])
        .timeout(Duration::from_secs(8))
        .built_in()
}

async fn fails(fake: Fake, parameters: &str, code: &str, words: &str) {
    let look = look_at(&fake, parameters);
    let look = match code {
        "net/timeout" => look.timeout(Duration::from_millis(600)),
        _ => look,
    };
    let begin = Instant::now();
    let (judged, observation) = look.judge().await;
    assert!(begin.elapsed() < Duration::from_secs(6));
    assert_eq!(judged.outcome, Outcome::Failed, "{judged:?}");
    assert_eq!(
        judged.code.as_ref().map(Code::as_str),
        Some(code),
        "{judged:?}"
    );
    assert_eq!(judged.message.as_deref(), Some(words));
    assert_ne!(
        observation.get("answers"),
        Some(&Value::Boolean(true).into())
    );
}

#[tokio::test]
async fn a_server_that_hangs_is_left_in_time() {
    fails(
        Fake::hang().unwrap(),
        "",
        "net/timeout",
        "timed out after 600ms in phase `login`",
    )
    .await;
    fails(
        Fake::hang().unwrap(),
        "?sslmode=require",
        "net/timeout",
        "timed out after 600ms in phase `tls`",
    )
    .await;
    let half = Fake::say(message(b'R', &[0, 0, 0, 0])).unwrap();
    fails(
        half,
        "",
        "net/timeout",
        "timed out after 600ms in phase `login`",
    )
    .await;
    let silent = Fake::say(welcome()).unwrap();
    fails(
        silent,
        "",
        "net/timeout",
        "timed out after 600ms in phase `query`",
    )
    .await;
    let slow = Fake::drip(welcome(), Duration::from_millis(50)).unwrap();
    fails(
        slow,
        "",
        "net/timeout",
        "timed out after 600ms in phase `login`",
    )
    .await;
}

#[tokio::test]
async fn a_server_that_drops_the_connection_fails() {
    let closed = "connection closed by the other side in phase `login`";
    fails(Fake::eof().unwrap(), "", "net/closed", closed).await;
    // The reset may come before we have seen the connection as ours.
    let reset = look_at(&Fake::reset().unwrap(), "").observe().await;
    assert_eq!(codes(&reset), ["net/reset"]);
    fails(
        Fake::greet_then_drop(b"R\0\0".as_slice()).unwrap(),
        "",
        "net/closed",
        closed,
    )
    .await;
    fails(
        Fake::eof().unwrap(),
        "?sslmode=require",
        "net/closed",
        "connection closed by the other side in phase `tls`",
    )
    .await;
    // What we said before it closed was not read, so the close may come as a reset.
    let dropped = Fake::greet_then_drop([welcome(), begun("on")].concat()).unwrap();
    let dropped = look_at(&dropped, "").observe().await;
    assert!(matches!(codes(&dropped)[..], ["net/closed" | "net/reset"]));
}

#[tokio::test]
async fn what_is_not_postgresql_is_told_apart() {
    for (fake, words) in [
        (
            Fake::http_banner().unwrap(),
            "answers with `HTTP/1.1 400 Bad Request`",
        ),
        (
            Fake::say(b"-ERR unknown command\r\n".as_slice()).unwrap(),
            "answers with `-ERR unknown command\\r\\n`",
        ),
        (
            Fake::say(b"SSH-2.0-OpenSSH_9.2\r\n".as_slice()).unwrap(),
            "answers with `SSH-2.0-OpenSSH_9.2\\r\\n`",
        ),
        (
            Fake::tls_alert(40).unwrap(),
            "answers with `\\x15\\x03\\x03\\x00\\x02\\x02(`",
        ),
        (Fake::echo().unwrap(), "answers with `\\x00\\x00\\x00"),
        (
            Fake::say(b"R\x7f\xff\xff\xff".as_slice()).unwrap(),
            "answers with `R\\x7f\\xff\\xff\\xff`",
        ),
        (
            Fake::say(b"E\0\0\0\x02".as_slice()).unwrap(),
            "answers with `E\\x00\\x00\\x00\\x02`",
        ),
        (
            Fake::say(message(b'K', b"abc")).unwrap(),
            "sends a malformed message of type `K`",
        ),
        (Fake::say(message(b'R', &[0, 0, 0, 7])).unwrap(), ""),
        (Fake::say(message(b'R', &[0, 0, 0, 11])).unwrap(), ""),
    ] {
        let (judged, _) = look_at(&fake, "").judge().await;
        assert_eq!(judged.outcome, Outcome::Failed, "{words} {judged:?}");
        assert_eq!(
            judged.code.unwrap().as_str(),
            "postgres/not_postgres",
            "{words}"
        );
        let message = judged.message.unwrap();
        assert!(
            message.starts_with(&format!("what should be PostgreSQL {words}")),
            "{message}"
        );
    }
    let other = Fake::say(b"HTTP/1.1 400 Bad Request\r\n".as_slice()).unwrap();
    let words = "what should be PostgreSQL answers the request for TLS with `H`";
    fails(other, "?sslmode=require", "postgres/not_postgres", words).await;
}

#[tokio::test]
async fn a_flood_is_cut_off() {
    let flood = Fake::endless(message(b'N', b"Mpsst\0\0")).unwrap();
    let (judged, _) = look_at(&flood, "").judge().await;
    assert!(
        matches!(judged.outcome, Outcome::Failed | Outcome::Unknown),
        "{judged:?}"
    );
    let row = message(
        b'D',
        &[&[0, 1, 0, 0, 0x10, 0][..], &[b'x'; 0x1000]].concat(),
    );
    let flood = Fake::say([welcome(), begun("on"), row.repeat(3000)].concat()).unwrap();
    let (judged, _) = look_at(&flood, "").judge().await;
    assert_ne!(judged.outcome, Outcome::Passed, "{judged:?}");
}

#[tokio::test]
async fn states_of_a_server_are_told_apart() {
    for (sqlstate, words, code) in [
        (
            "57P03",
            "the database system is starting up",
            "postgres/starting",
        ),
        (
            "57P03",
            "the database system is shutting down",
            "postgres/shutting_down",
        ),
        (
            "57P01",
            "terminating connection due to administrator command",
            "postgres/shutting_down",
        ),
        (
            "53300",
            "sorry, too many clients already",
            "postgres/too_many_connections",
        ),
        (
            "08P01",
            "server login has been failing",
            "postgres/login_failed",
        ),
    ] {
        let fake = Fake::answer_then_drop(refusal(sqlstate, words.as_bytes())).unwrap();
        fails(fake, "", code, &format!("{words} (SQLSTATE {sqlstate})")).await;
    }
    // A server that does not know the client's encoding yet speaks its own.
    let latin = Fake::answer_then_drop(refusal("28P01", b"Passwort falsch f\xfcr u")).unwrap();
    fails(
        latin,
        "",
        "postgres/login_refused",
        "Passwort falsch f\u{fffd}r u (SQLSTATE 28P01)",
    )
    .await;
    let no_tls = Fake::say(b"N".as_slice()).unwrap();
    fails(
        no_tls,
        "?sslmode=require",
        "postgres/no_tls",
        "the server refuses to speak TLS",
    )
    .await;
}

#[tokio::test]
async fn nothing_is_asked_of_a_session_that_may_write() {
    let fake = Fake::say([welcome(), begun("off")].concat()).unwrap();
    let (judged, _) = look_at(&fake, "").judge().await;
    assert_eq!(judged.outcome, Outcome::Unknown);
    assert_eq!(judged.code.unwrap().as_str(), "postgres/not_read_only");
    assert_eq!(
        judged.message.unwrap(),
        "transaction_read_only is `off` in a transaction that began READ ONLY"
    );
}

#[tokio::test]
async fn a_fact_that_is_not_told_is_not_made_up() {
    let fake = Fake::say([welcome(), begun("on"), knows_nothing(1)].concat()).unwrap();
    let (judged, observation) = look_at(&fake, "").expect("role", "primary").judge().await;
    assert_eq!(judged.outcome, Outcome::Unknown, "{judged:?}");
    assert_eq!(judged.code.unwrap().as_str(), "postgres/unreadable");
    assert_eq!(
        judged.message.unwrap(),
        "cannot read role: the server does not tell role"
    );
    assert_eq!(steady(&observation)["superuser"], "(postgres/unreadable)");
}

#[tokio::test]
async fn an_answer_without_a_row_is_none() {
    for rows in [0, 2] {
        let fake = Fake::say([welcome(), begun("on"), knows_nothing(rows)].concat()).unwrap();
        let (judged, observation) = look_at(&fake, "").judge().await;
        assert_eq!(judged.outcome, Outcome::Unknown, "{judged:?}");
        assert_eq!(judged.code.unwrap().as_str(), "postgres/unreadable");
        let message = format!("the server tells about itself in {rows} rows, expected one");
        assert_eq!(judged.message.unwrap(), message);
        assert_eq!(observation.get("answers"), None);
    }
}

#[tokio::test]
async fn the_words_of_a_server_are_shortened() {
    let long = "x".repeat(60_000);
    let fake = Fake::answer_then_drop(refusal("XX000", long.as_bytes())).unwrap();
    let observation = look_at(&fake, "").observe().await;
    let message = &observation.faults[0].message;
    assert!(
        message.len() < 600 && message.ends_with("... (SQLSTATE XX000)"),
        "{message}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// sqlx panics on some of these; nothing of that comes through.
    #[test]
    fn no_messages_of_a_server_make_a_session_panic(
        logged_in: bool,
        messages in proptest::collection::vec(
            (proptest::sample::select(b"RKZTtDCEIns123SvGHW".to_vec()), proptest::collection::vec(any::<u8>(), 0..24)),
            1..6,
        ),
    ) {
        let mut sent = if logged_in { welcome() } else { Vec::new() };
        for (kind, body) in messages {
            sent.extend(message(kind, &body));
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let observation = runtime.block_on(async {
            let fake = Fake::greet_then_drop(sent).unwrap();
            look_at(&fake, "").observe().await
        });
        prop_assert!(!observation.faults.is_empty());
    }
}
