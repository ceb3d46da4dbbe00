//! Servers that refuse, talk nonsense, or are not Redis at all.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use gonogo_model::{Blame, Observation, Reading};
use gonogo_testkit::fake::Fake;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::{ask, assert_whole, fact, the_fault};
use crate::testing::look;

/// A server that answers each command with what the script has for it.
struct Scripted {
    address: SocketAddr,
    _task: tokio::task::JoinSet<()>,
}

impl Scripted {
    async fn start(script: &'static [(&'static str, &'static str)]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut task = tokio::task::JoinSet::new();
        task.spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut bytes = [0_u8; 4096];
                while let Ok(length @ 1..) = stream.read(&mut bytes).await {
                    let command = String::from_utf8_lossy(&bytes[..length]).into_owned();
                    let reply = script
                        .iter()
                        .find(|(name, _)| command.contains(name))
                        .map_or("-ERR unknown command\r\n", |(_, reply)| *reply);
                    stream.write_all(reply.as_bytes()).await.unwrap();
                }
            }
        });
        Self {
            address,
            _task: task,
        }
    }

    async fn ask(&self) -> Observation {
        ask(&format!("redis://{}", self.address)).await
    }
}

const INFO: &str =
    "$66\r\n# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\nloading:0\r\n\r\n";

#[tokio::test]
async fn every_refusal_of_ping_has_its_code() {
    let cases: [(&'static [(&'static str, &'static str)], &str); 9] = [
        (
            &[(
                "PING",
                "-LOADING Redis is loading the dataset in memory\r\n",
            )],
            "loading",
        ),
        (
            &[("PING", "-BUSY Redis is busy running a script.\r\n")],
            "busy",
        ),
        (
            &[("PING", "-MASTERDOWN Link with MASTER is down\r\n")],
            "master_down",
        ),
        (
            &[(
                "PING",
                "-READONLY You can't write against a read only replica.\r\n",
            )],
            "read_only",
        ),
        (
            &[("PING", "-CLUSTERDOWN Hash slot not served\r\n")],
            "cluster_down",
        ),
        (
            &[(
                "PING",
                "-OOM command not allowed when used memory > 'maxmemory'.\r\n",
            )],
            "out_of_memory",
        ),
        (
            &[("PING", "-DENIED Redis is running in protected mode\r\n")],
            "protected_mode",
        ),
        (
            &[("PING", "-ERR max number of clients reached\r\n")],
            "max_clients",
        ),
        (&[("PING", "-WHATEVER comes\r\n")], "error"),
    ];
    for (script, word) in cases {
        let server = Scripted::start(script).await;
        let observation = server.ask().await;
        let fault = the_fault(&observation);
        assert_eq!(fault.code.as_str(), format!("redis/{word}"));
        assert_eq!(fault.code.blame(), Blame::Subject, "{word}");
        let reply = script[0].1.trim_end().strip_prefix('-').unwrap();
        assert_eq!(fault.message, format!("the server refuses PING: {reply}"));
        assert_eq!(fact(&observation, "state"), word);
        assert_eq!(fact(&observation, "answers"), false);
        assert_whole(&observation);
        // What PING was refused for is the cause of everything else.
        assert_eq!(observation.faults.len(), 1);
    }
}

#[tokio::test]
async fn old_servers_refuse_passwords_in_other_words() {
    let cases: [(&'static [(&'static str, &'static str)], &str); 2] = [
        (&[("AUTH", "-ERR invalid password\r\n")], "redis/wrong_pass"),
        (
            &[("AUTH", "-ERR Client sent AUTH, but no password is set\r\n")],
            "redis/password_not_set",
        ),
    ];
    for (script, code) in cases {
        let server = Scripted::start(script).await;
        let observation = ask(&format!("redis://:x@{}", server.address)).await;
        assert_eq!(the_fault(&observation).code.as_str(), code);
    }
}

#[tokio::test]
async fn pong_while_loading_is_no_readiness() {
    let server = Scripted::start(&[
        ("PING", "+PONG\r\n"),
        ("INFO", "$34\r\nredis_mode:standalone\r\nloading:1\r\n\r\n"),
    ])
    .await;
    let observation = server.ask().await;
    let fault = the_fault(&observation);
    assert_eq!(fault.code.as_str(), "redis/loading");
    assert_eq!(
        fault.message,
        "INFO says that the server is loading its data set"
    );
    assert_eq!(fact(&observation, "loading"), true);
    assert_eq!(fact(&observation, "answers"), true);
    assert_eq!(fact(&observation, "state"), "loading");
}

#[tokio::test]
async fn fields_that_cannot_be_understood_are_unreadable() {
    let info = "used_memory:-5\r\nmaxmemory:lots\r\nconnected_clients:1e3\r\nmaxclients:100\r\nrole:king\r\n\
                redis_version:unstable\r\nloading:maybe\r\nkeyspace_hits:18446744073709551615\r\n\
                keyspace_misses:18446744073709551615\r\ndb0:keys=many,expires=0\r\nconnected_slaves:1\r\n\
                slave0:ip=x,state=online\r\nmaster_repl_offset:5\r\n";
    let reply: &'static str = Box::leak(format!("${}\r\n{info}\r\n", info.len()).into_boxed_str());
    let script: &'static [(&str, &str)] =
        Box::leak(Box::new([("PING", "+PONG\r\n"), ("INFO", reply)]));
    let server = Scripted::start(script).await;
    let observation = server.ask().await;
    assert_eq!(observation.faults, []);
    assert_whole(&observation);
    for name in [
        "memory_used",
        "memory_max",
        "memory_ratio",
        "clients",
        "clients_used",
        "role",
        "version",
        "loading",
        "keys",
        "replication_lag",
    ] {
        assert_eq!(
            fact(&observation, name),
            "unreadable: redis/bad_info",
            "{name}"
        );
    }
    assert_eq!(fact(&observation, "clients_max"), 100);
    assert_eq!(fact(&observation, "replicas"), 1);
    let told = match observation.get("role") {
        Some(Reading::Unreadable { message, .. }) => message.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(told, "INFO says `role:king`, which cannot be understood");
}

#[tokio::test]
async fn an_info_that_is_renamed_is_ours() {
    let server = Scripted::start(&[("PING", "+PONG\r\n")]).await;
    let observation = server.ask().await;
    assert_eq!(observation.faults, []);
    assert_eq!(fact(&observation, "answers"), true);
    assert_eq!(
        fact(&observation, "role"),
        "unreadable: redis/no_permission"
    );
    // An INFO that says little says nothing of the rest.
    let server = Scripted::start(&[("PING", "+PONG\r\n"), ("INFO", INFO)]).await;
    let observation = server.ask().await;
    assert_eq!(observation.faults, []);
    assert_eq!(fact(&observation, "loading"), false);
    assert_eq!(fact(&observation, "role"), "absent");
}

/// Servers that are not Redis, with the code and the message they get.
fn impostors() -> Vec<(Fake, &'static str, &'static str)> {
    vec![
        (
            Fake::http_banner().unwrap(),
            "redis/not_redis",
            "what answers is not Redis: `HTTP/1.1 400 Bad Request`",
        ),
        (
            Fake::answer_then_drop("SSH-2.0-x\r\n").unwrap(),
            "redis/not_redis",
            "what answers is not Redis: `SSH-2.0-x`",
        ),
        (
            Fake::answer_then_drop("+OK ready\r\n").unwrap(),
            "redis/not_redis",
            "it answers PING with `OK ready`",
        ),
        (
            Fake::answer_then_drop("+PONG").unwrap(),
            "redis/not_redis",
            "what answers is not Redis: `+PONG`, and then the end",
        ),
        (
            Fake::answer_then_drop("+PONG\r\n+PONG\r\n").unwrap(),
            "redis/not_redis",
            "what answers is not Redis: it talks unasked: `+PONG`",
        ),
        (
            Fake::answer_then_drop(":5\r\n").unwrap(),
            "redis/not_redis",
            "it answers PING with the number 5",
        ),
        (
            Fake::answer_then_drop("$-1\r\n").unwrap(),
            "redis/not_redis",
            "it answers PING with nothing",
        ),
        (
            Fake::answer_then_drop("*99999999999\r\n").unwrap(),
            "redis/not_redis",
            "what answers is not Redis: `*99999999999`",
        ),
        (
            Fake::answer_then_drop(b"+\xff\xfe\r\n".to_vec()).unwrap(),
            "redis/not_redis",
            "what answers is not Redis: `+..`",
        ),
        (
            Fake::tls_alert(10).unwrap(),
            "redis/needs_tls",
            "it answers plain text with an alert of TLS",
        ),
        (
            Fake::hang().unwrap(),
            "net/timeout",
            "timed out after 500ms in phase `ping`",
        ),
        (
            Fake::eof().unwrap(),
            "net/closed",
            "connection closed by the other side in phase `ping`",
        ),
        (
            Fake::drip("+", Duration::from_millis(10)).unwrap(),
            "net/timeout",
            "timed out after 500ms in phase `ping`",
        ),
        (Fake::refuse().unwrap(), "net/refused", ""),
    ]
}

#[tokio::test]
async fn whoever_is_not_redis_is_told() {
    let soon = Duration::from_millis(500);
    for (fake, code, message) in impostors() {
        let url = format!("redis://{}", fake.address());
        let observation = look("redis", &[("url", &url)])
            .timeout(soon)
            .observe()
            .await;
        let fault = the_fault(&observation);
        assert_eq!(fault.code.as_str(), code, "{}", fault.message);
        assert_eq!(fault.code.blame(), Blame::Subject);
        if !message.is_empty() {
            assert_eq!(fault.message, message);
        }
        assert_whole(&observation);
    }
    // These end as soon as they are seen for what they are, however much they send.
    for endless in [
        Fake::endless("x").unwrap(),
        Fake::endless("+").unwrap(),
        Fake::garbage().unwrap(),
    ] {
        let url = format!("redis://{}", endless.address());
        let observation = ask(&url).await;
        assert_eq!(the_fault(&observation).code.as_str(), "redis/not_redis");
    }
    let reset = Fake::reset().unwrap();
    let observation = ask(&format!("redis://{}", reset.address())).await;
    let code = the_fault(&observation).code.as_str().to_owned();
    assert!(
        ["net/reset", "net/closed"].contains(&code.as_str()),
        "{code}"
    );
}
