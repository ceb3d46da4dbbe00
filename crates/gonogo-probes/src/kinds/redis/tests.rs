//! Tests of `redis`.

mod hostile;
mod tls;

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use gonogo_model::{Blame, Fault, Observation, Outcome, Reading};
use gonogo_testkit::redis::{Redis, Setup};
use serde_json::{Value as Json, json};

use super::facts::FACTS;
use crate::testing::look;

/// Returns the facts as JSON; what differs from run to run is only said to be there.
fn facts(observation: &Observation) -> serde_json::Map<String, Json> {
    let changing = |name: &str| {
        name.starts_with("timing.")
            || ["duration", "uptime", "memory_used", "version"].contains(&name)
    };
    let shown = |name: &str, reading: &Reading| match reading {
        Reading::Value(_) if changing(name) => json!("some"),
        Reading::Value(value) => value.to_json(),
        Reading::Absent => json!("absent"),
        Reading::Unreadable { code, .. } => json!(format!("unreadable: {code}")),
    };
    observation
        .facts
        .iter()
        .filter(|(name, _)| !name.starts_with("tls."))
        .map(|(name, reading)| (name.clone(), shown(name, reading)))
        .collect()
}

fn fact(observation: &Observation, name: &str) -> Json {
    facts(observation).remove(name).unwrap_or(Json::Null)
}

fn the_fault(observation: &Observation) -> &Fault {
    let [fault] = observation.faults.as_slice() else {
        panic!("one fault, not {:?}", observation.faults);
    };
    fault
}

async fn ask(url: &str) -> Observation {
    look("redis", &[("url", url)])
        .timeout(Duration::from_secs(10))
        .observe()
        .await
}

/// Every fact of the kind has a reading, or there is a fault that explains why not.
fn assert_whole(observation: &Observation) {
    if !observation.faults.is_empty() {
        return;
    }
    for decl in &FACTS {
        assert!(
            observation.get(decl.name).is_some(),
            "nothing of {}",
            decl.name
        );
    }
}

#[tokio::test]
async fn a_whole_observation() {
    let server = Setup::default()
        .line("maxmemory 100mb")
        .line("maxclients 100")
        .start()
        .unwrap();
    for command in [["SET", "a", "1"], ["SET", "b", "2"]] {
        server.command(&command).unwrap();
    }
    server.command(&["GET", "a"]).unwrap();
    server.command(&["GET", "missing"]).unwrap();
    let observation = ask(&server.url()).await;
    assert_eq!(observation.faults, []);
    assert_whole(&observation);
    let mut seen = facts(&observation);
    let ratio = seen.remove("memory_ratio").unwrap().as_f64().unwrap();
    assert!(ratio > 0.0 && ratio < 0.5, "{ratio}");
    assert_eq!(
        Json::Object(seen),
        json!({
            "timing.resolve": "absent",
            "timing.connect": "some",
            "tls": false,
            "timing.tls": "absent",
            "timing.login": "absent",
            "timing.ping": "some",
            "role": "primary",
            "mode": "standalone",
            "version": "some",
            "uptime": "some",
            "loading": false,
            "sentinel_primaries": "absent",
            "clients_used": 0.01,
            "clients": 1,
            "clients_max": 100,
            "blocked_clients": 0,
            "rejected_connections": 0,
            "evicted_keys": 0,
            "memory_used": "some",
            "memory_max": 104_857_600,
            "eviction_policy": "noeviction",
            "keys": 2,
            "hit_ratio": 0.5,
            "read_only": "absent",
            "replication_link": "absent",
            "replicas": 0,
            "replication_lag": "absent",
            "replication_behind": "absent",
            "rdb_last_save_ok": true,
            "aof_last_write_ok": true,
            "aof_last_rewrite_ok": true,
            "aof_enabled": false,
            "rdb_changes": 2,
            "rdb_last_save_age": "absent",
            "cluster_state": "absent",
            "cluster_slots_assigned": "absent",
            "cluster_slots_failed": "absent",
            "duration": "some",
            "answers": true,
            "state": "ready",
        })
    );
    let phases: Vec<&str> = observation.phases.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(phases, ["connect", "ping", "info"]);
}

#[tokio::test]
async fn what_was_never_counted_is_absent() {
    let server = Redis::start().unwrap();
    let observation = ask(&server.url()).await;
    assert_eq!(observation.faults, []);
    for name in [
        "hit_ratio",
        "memory_max",
        "memory_ratio",
        "rdb_last_save_age",
    ] {
        assert_eq!(fact(&observation, name), "absent", "{name}");
    }
    server.command(&["SET", "a", "1"]).unwrap();
    server.command(&["SAVE"]).unwrap();
    let age = fact(&ask(&server.url()).await, "rdb_last_save_age");
    assert!(
        age.as_f64().is_some_and(|age| (0.0..60.0).contains(&age)),
        "{age}"
    );
}

#[tokio::test]
async fn a_server_with_a_password_tells_who_may_not_come_in() {
    let server = Setup::default().password("s3cret-word").start().unwrap();
    let port = server.port();
    let without = ask(&server.url()).await;
    assert_eq!(
        *the_fault(&without),
        Fault::new(
            super::codes::NO_AUTH,
            "the server refuses PING: NOAUTH Authentication required."
        )
        .shown_by("state", "no_auth")
    );
    assert_whole(&without);
    assert_eq!(fact(&without, "answers"), false);
    assert_eq!(fact(&without, "state"), "no_auth");
    assert_eq!(fact(&without, "role"), Json::Null);

    let wrong = ask(&format!("redis://:wrong@127.0.0.1:{port}")).await;
    assert_eq!(
        *the_fault(&wrong),
        Fault::new(
            super::codes::WRONG_PASS,
            "the server refuses AUTH: WRONGPASS invalid username-password pair or user is disabled."
        )
        .shown_by("state", "wrong_pass")
    );
    let nobody = ask(&format!("redis://nobody:s3cret-word@127.0.0.1:{port}")).await;
    assert_eq!(the_fault(&nobody).code.as_str(), "redis/wrong_pass");

    let right = ask(&format!("redis://:s3cret%2dword@127.0.0.1:{port}")).await;
    assert_eq!(right.faults, []);
    assert_eq!(fact(&right, "timing.login"), "some");
    let named = ask(&format!("redis://default:s3cret-word@127.0.0.1:{port}")).await;
    assert_eq!(named.faults, []);
}

#[tokio::test]
async fn a_password_for_a_server_that_has_none_is_told() {
    let server = Redis::start().unwrap();
    let observation = ask(&format!("redis://:secret@127.0.0.1:{}", server.port())).await;
    let fault = the_fault(&observation);
    assert_eq!(fault.code.as_str(), "redis/password_not_set");
    assert_eq!(fact(&observation, "state"), "password_not_set");
}

#[tokio::test]
async fn a_user_with_few_rights_is_enough() {
    let server = Setup::default()
        .line("user reader on >pass +ping +info")
        .line("user pinger on >pass +ping")
        .line("user nothing on >pass")
        .start()
        .unwrap();
    let url = |user: &str, database: &str| {
        format!("redis://{user}:pass@127.0.0.1:{}{database}", server.port())
    };
    let reader = ask(&url("reader", "")).await;
    assert_eq!(reader.faults, []);
    assert_eq!(fact(&reader, "role"), "primary");

    // Without INFO its facts cannot be read, which is ours; that it answers is seen.
    let pinger = ask(&url("pinger", "")).await;
    assert_eq!(pinger.faults, []);
    assert_whole(&pinger);
    assert_eq!(fact(&pinger, "answers"), true);
    assert_eq!(fact(&pinger, "state"), "ready");
    assert_eq!(fact(&pinger, "role"), "unreadable: redis/no_permission");
    assert_eq!(
        fact(&pinger, "cluster_state"),
        "unreadable: redis/no_permission"
    );
    let told = match pinger.get("role") {
        Some(Reading::Unreadable { message, .. }) => message.clone(),
        other => panic!("{other:?}"),
    };
    assert!(
        told.starts_with("the server refuses INFO: NOPERM "),
        "{told}"
    );

    let nothing = ask(&url("nothing", "")).await;
    assert_eq!(the_fault(&nothing).code.as_str(), "redis/no_permission");
    assert_eq!(the_fault(&nothing).code.blame(), Blame::Us);
    assert_eq!(fact(&nothing, "answers"), Json::Null);
    assert_eq!(fact(&nothing, "role"), "unreadable: redis/no_permission");

    let selecting = ask(&url("reader", "/3")).await;
    assert_eq!(the_fault(&selecting).code.as_str(), "redis/no_permission");
}

#[tokio::test]
async fn the_database_of_the_url_must_exist() {
    let server = Setup::default().line("databases 4").start().unwrap();
    server.command(&["-n", "3", "SET", "a", "1"]).unwrap();
    let third = ask(&format!("{}/3", server.url())).await;
    assert_eq!(third.faults, []);
    assert_eq!(fact(&third, "keys"), 1);
    assert_eq!(fact(&ask(&server.url()).await, "keys"), 0);
    let fourth = ask(&format!("{}/4", server.url())).await;
    assert_eq!(
        *the_fault(&fourth),
        Fault::new(
            super::codes::NO_SUCH_DATABASE,
            "the server refuses SELECT: ERR DB index is out of range"
        )
        .shown_by("state", "no_such_database")
    );
}

#[tokio::test]
async fn a_replica_follows_until_its_primary_stops() {
    let mut primary = Redis::start().unwrap();
    let replica = Setup::default().replica_of(&primary).start().unwrap();
    replica.wait_for("master_link_status:up").unwrap();
    primary.wait_for("connected_slaves:1").unwrap();
    let following = ask(&replica.url()).await;
    assert_eq!(following.faults, []);
    assert_eq!(fact(&following, "role"), "replica");
    assert_eq!(fact(&following, "replication_link"), "up");
    assert_eq!(fact(&following, "read_only"), true);
    assert!(
        fact(&following, "replication_lag")
            .as_f64()
            .is_some_and(|lag| lag < 60.0)
    );
    assert_eq!(fact(&following, "replication_behind"), "absent");

    let leading = ask(&primary.url()).await;
    assert_eq!(fact(&leading, "role"), "primary");
    assert!(fact(&leading, "replication_behind").as_f64().is_some());

    primary.stop();
    replica.wait_for("master_link_status:down").unwrap();
    let alone = ask(&replica.url()).await;
    assert_eq!(alone.faults, []);
    assert_eq!(fact(&alone, "replication_link"), "down");
    assert_eq!(fact(&alone, "replication_lag"), "absent");

    // One that does not answer with old data says so to everybody.
    replica
        .command(&["CONFIG", "SET", "replica-serve-stale-data", "no"])
        .unwrap();
    let refusing = ask(&replica.url()).await;
    assert_eq!(the_fault(&refusing).code.as_str(), "redis/master_down");
    assert_eq!(fact(&refusing, "state"), "master_down");
    assert_eq!(fact(&refusing, "replication_link"), "down");
}

#[tokio::test]
async fn a_server_that_cannot_write_to_its_disk_fails() {
    let server = Setup::default().line("save 3600 1").start().unwrap();
    server.command(&["SET", "a", "1"]).unwrap();
    // A folder in the place of the snapshot: not even root can rename a file over it.
    std::fs::create_dir(server.data().join("dump.rdb")).unwrap();
    std::fs::write(server.data().join("dump.rdb/x"), "").unwrap();
    server.command(&["BGSAVE"]).unwrap();
    server.wait_for("rdb_last_bgsave_status:err").unwrap();
    let observation = ask(&server.url()).await;
    let fault = the_fault(&observation);
    assert_eq!(fault.code.as_str(), "redis/misconf");
    assert_eq!(fact(&observation, "state"), "misconf");
    assert_eq!(fact(&observation, "rdb_last_save_ok"), false);
    assert_eq!(fact(&observation, "role"), "primary");
}

#[tokio::test]
async fn a_cluster_without_its_slots_is_down() {
    let server = Setup::default()
        .line("cluster-enabled yes")
        .start()
        .unwrap();
    let down = ask(&server.url()).await;
    assert_eq!(
        *the_fault(&down),
        Fault::new(
            super::codes::CLUSTER_DOWN,
            "CLUSTER INFO says that the cluster does not serve all of its slots"
        )
        .shown_by("state", "cluster_down")
    );
    assert_eq!(fact(&down, "mode"), "cluster");
    assert_eq!(fact(&down, "cluster_state"), "fail");
    assert_eq!(fact(&down, "cluster_slots_assigned"), 0);

    server
        .command(&["CLUSTER", "ADDSLOTSRANGE", "0", "16383"])
        .unwrap();
    let until = Instant::now() + Duration::from_secs(20);
    while server
        .command(&["CLUSTER", "INFO"])
        .unwrap()
        .contains("cluster_state:fail")
    {
        assert!(Instant::now() < until, "the cluster never gets up");
    }
    let up = ask(&server.url()).await;
    assert_eq!(up.faults, []);
    assert_eq!(fact(&up, "cluster_state"), "ok");
    assert_eq!(fact(&up, "cluster_slots_assigned"), 16384);
    assert_eq!(fact(&up, "cluster_slots_failed"), 0);
    let other = ask(&format!("{}/1", server.url())).await;
    assert_eq!(the_fault(&other).code.as_str(), "redis/no_such_database");
}

#[tokio::test]
async fn a_sentinel_is_one() {
    let server = Setup::default().sentinel().start().unwrap();
    let observation = ask(&server.url()).await;
    assert_eq!(observation.faults, []);
    assert_whole(&observation);
    assert_eq!(fact(&observation, "role"), "sentinel");
    assert_eq!(fact(&observation, "mode"), "sentinel");
    assert_eq!(fact(&observation, "sentinel_primaries"), 0);
    assert_eq!(fact(&observation, "keys"), "absent");
    assert_eq!(fact(&observation, "memory_used"), "absent");
}

#[tokio::test]
async fn a_full_server_refuses_more_clients() {
    let server = Setup::default().line("maxclients 1").start().unwrap();
    let until = Instant::now() + Duration::from_secs(20);
    // Who gets the one place is up to the server: a connection of its own start may still hold it.
    let observation = loop {
        let held = std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, server.port())).unwrap();
        let observation = ask(&server.url()).await;
        drop(held);
        if !observation.faults.is_empty() || Instant::now() > until {
            break observation;
        }
    };
    assert_eq!(
        *the_fault(&observation),
        Fault::new(
            super::codes::MAX_CLIENTS,
            "the server refuses PING: ERR max number of clients reached"
        )
        .shown_by("state", "max_clients")
    );
}

#[tokio::test]
async fn a_paused_server_is_timed_out_and_a_stopped_one_refused() {
    let mut server = Redis::start().unwrap();
    server.pause().unwrap();
    let begun = Instant::now();
    let paused = look("redis", &[("url", &server.url())])
        .timeout(Duration::from_millis(300))
        .observe()
        .await;
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(
        *the_fault(&paused),
        Fault::new(
            gonogo_model::codes::net::TIMEOUT,
            "timed out after 300ms in phase `ping`"
        )
        .shown_by("state", "timeout")
    );
    assert_whole(&paused);
    assert_eq!(fact(&paused, "timing.connect"), "some");
    server.resume().unwrap();
    assert_eq!(ask(&server.url()).await.faults, []);

    server.stop();
    let stopped = ask(&server.url()).await;
    assert_eq!(the_fault(&stopped).code.as_str(), "net/refused");
    assert_eq!(fact(&stopped, "state"), "refused");
    assert_eq!(fact(&stopped, "answers"), false);
    server.restart().unwrap();
    assert_eq!(ask(&server.url()).await.faults, []);
}

#[test]
fn urls_that_would_mean_something_else_are_mistakes() {
    let mistakes = |url: &str| -> Vec<String> {
        look("redis", &[("url", url)])
            .compile()
            .expect_err("the URL is wrong")
            .into_iter()
            .map(|mistake| format!("{}: {}", mistake.field, mistake.message))
            .collect()
    };
    assert_eq!(mistakes("redis://"), ["url: has no host"]);
    assert_eq!(
        mistakes("redis://host/cache?timeout=1"),
        [
            "url: has parameters after `?`, and there are none here",
            "url: names a database that is not a number"
        ]
    );
    // The user and the port are what a password with a bare slash is taken for; nothing of it is shown.
    assert_eq!(
        mistakes("redis://user:12/hunter22@host"),
        ["url: names a database that is not a number"]
    );
    assert_eq!(
        mistakes("rediss://host#insecure"),
        ["url: has a part after `#`, which has no meaning here"]
    );
    assert_eq!(
        mistakes("redis://secret@host"),
        ["url: names a user without a password"]
    );
    assert_eq!(
        mistakes("rediss://no_such..name"),
        ["url: `no_such..name` is neither a DNS name nor an address"]
    );
}

#[test]
fn the_subject_shows_no_password() {
    let probe = look("redis", &[("url", "rediss://me:hunter22@[::1]:6380/2")]).probe();
    assert_eq!(probe.subject(), "rediss://[::1]:6380/2");
    assert_eq!(probe.origin(), Some("[::1]:6380".to_owned()));
    let shown = format!("{probe:?}");
    assert!(!shown.contains("hunter22"), "{shown}");
    let probe = look("redis", &[("url", "redis://cache.example.com")]).probe();
    assert_eq!(probe.subject(), "redis://cache.example.com:6379/0");
}

/// What a look came to: outcome, code, message.
fn told(judged: &gonogo_kind::Judged) -> (Outcome, Option<&str>, Option<&str>) {
    let code = judged.code.as_ref().map(gonogo_model::Code::as_str);
    (judged.outcome, code, judged.message.as_deref())
}

#[tokio::test]
async fn outcomes() {
    let mut server = Setup::default()
        .password("s3cret")
        .line("user pinger on >pass +ping")
        .start()
        .unwrap();
    let port = server.port();
    let (admin, pinger, nobody) = (
        format!("redis://:s3cret@127.0.0.1:{port}"),
        format!("redis://pinger:pass@127.0.0.1:{port}"),
        server.url(),
    );
    let at = |url: &str| look("redis", &[("url", url)]).built_in();

    let (judged, _) = at(&admin).expect("role", "primary").judge().await;
    assert_eq!(told(&judged), (Outcome::Passed, None, None));
    let (judged, _) = at(&pinger).judge().await;
    assert_eq!(told(&judged), (Outcome::Passed, None, None));

    let (judged, _) = at(&nobody).judge().await;
    let refused = "the server refuses PING: NOAUTH Authentication required.";
    assert_eq!(
        told(&judged),
        (Outcome::Failed, Some("redis/no_auth"), Some(refused))
    );
    let hint =
        "Put user and password into the URL, from a secret: redis://user:password@host:6379.";
    assert_eq!(judged.hint.as_deref(), Some(hint));
    let (judged, _) = at(&admin).expect("role", "replica").judge().await;
    let message = "role is primary, expected replica";
    assert_eq!(
        told(&judged),
        (Outcome::Failed, Some("engine/expectation"), Some(message))
    );
    // Absent is no proof: there is no limit to be under, and nothing was looked up yet.
    for (fact, matcher) in [("memory_ratio", "under 80%"), ("hit_ratio", "at least 0%")] {
        let (judged, _) = at(&admin).expect(fact, matcher).judge().await;
        assert_eq!(judged.outcome, Outcome::Failed, "{fact}");
    }

    let (judged, _) = at(&pinger).expect("role", "primary").judge().await;
    assert_eq!(judged.outcome, Outcome::Unknown);
    assert_eq!(judged.code.unwrap().as_str(), "redis/no_permission");

    server.stop();
    let (judged, _) = at(&admin).judge().await;
    assert_eq!(judged.outcome, Outcome::Failed);
    assert_eq!(judged.code.unwrap().as_str(), "net/refused");
}

#[tokio::test]
async fn a_failure_that_is_wanted_passes_and_no_other_does() {
    let mut server = Setup::default().password("s3cret").start().unwrap();
    let url = server.url();
    let locked = look("redis", &[("url", &url)]).expect("state", "no_auth");
    assert_eq!(told(&locked.judge().await.0), (Outcome::Passed, None, None));
    server.stop();
    let (judged, _) = locked.judge().await;
    assert_eq!(judged.outcome, Outcome::Failed);
    assert_eq!(judged.code.unwrap().as_str(), "net/refused");

    let open = Redis::start().unwrap();
    let (judged, _) = look("redis", &[("url", &open.url())])
        .expect("state", "no_auth")
        .judge()
        .await;
    let message = "state is ready, expected no_auth";
    assert_eq!(
        told(&judged),
        (Outcome::Failed, Some("engine/expectation"), Some(message))
    );
}
