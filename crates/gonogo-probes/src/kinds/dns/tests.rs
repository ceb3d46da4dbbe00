//! Tests of `dns`.

mod hostile;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use gonogo_kind::ProbeCx;
use gonogo_model::{Blame, Fault, Observation, Outcome, Reading};
use gonogo_testkit::unbound::{Setup, Unbound};
use hickory_resolver::proto::rr::{Name, RecordType};
use serde_json::{Value as Json, json};

use super::exchange::{Question, Transport};
use super::probe::{Dns, Servers};
use crate::testing::look;

const ZONE: &[&str] = &[
    "example.test. 3600 IN SOA ns1.example.test. admin.example.test. 2026110101 7200 3600 1209600 300",
    "example.test. 3600 IN NS ns1.example.test.",
    "example.test. 300 IN MX 10 Mail.example.test.",
    "example.test. 300 IN MX 20 mail2.example.test.",
    "example.test. 60 IN TXT \"v=spf1 -all\"",
    "example.test. 60 IN CAA 0 issue \"ca.example\"",
    "www.example.test. 300 IN A 192.0.2.10",
    "www.example.test. 120 IN A 192.0.2.11",
    "www.example.test. 60 IN AAAA 2001:db8::10",
    "alias.example.test. 30 IN CNAME www.example.test.",
    "_sip._tcp.example.test. 60 IN SRV 5 0 5060 sip.example.test.",
    "nomail.example.test. 60 IN MX 0 .",
    "_xmpp._tcp.example.test. 60 IN SRV 0 0 0 .",
];

/// Returns an observation as JSON: facts with what differs from run to run left out, and faults.
fn shown(observation: &Observation) -> Json {
    let mut facts = serde_json::Map::new();
    for (name, reading) in &observation.facts {
        let value = match reading {
            Reading::Value(_) if name == "duration" => json!("some"),
            Reading::Value(value) => value.to_json(),
            Reading::Absent => json!("absent"),
            Reading::Unreadable { code, .. } => json!(format!("unreadable: {code}")),
        };
        facts.insert(name.clone(), value);
    }
    let faults: Vec<Json> = observation
        .faults
        .iter()
        .map(|fault| json!([fault.code.as_str(), fault.message]))
        .collect();
    json!({ "facts": facts, "faults": faults })
}

fn the_fault(observation: &Observation) -> &Fault {
    let [fault] = observation.faults.as_slice() else {
        panic!("one fault, not {:?}", observation.faults);
    };
    fault
}

/// An observation of which nothing is known but who did not answer.
fn unreadable(code: &str, server: SocketAddr, fault: &str) -> Json {
    let facts = json!({ "server": server.to_string(), "duration": "some" });
    json!({ "facts": facts, "faults": [[code, fault]] })
}

async fn ask(server: SocketAddr, name: &str, ty: &'static str) -> Observation {
    let server = server.to_string();
    look("dns", &[("name", name), ("type", ty), ("server", &server)])
        .timeout(Duration::from_secs(5))
        .observe()
        .await
}

#[tokio::test]
async fn every_type_is_read_in_presentation_form() {
    let server = Unbound::start("example.test.", ZONE).unwrap();
    let cases: &[(&str, &'static str, &[&str])] = &[
        ("www.example.test", "A", &["192.0.2.10", "192.0.2.11"]),
        ("WWW.example.test.", "AAAA", &["2001:db8::10"]),
        ("alias.example.test", "CNAME", &["www.example.test"]),
        (
            "example.test",
            "MX",
            &["10 mail.example.test", "20 mail2.example.test"],
        ),
        ("example.test", "TXT", &["v=spf1 -all"]),
        ("example.test", "NS", &["ns1.example.test"]),
        (
            "_sip._tcp.example.test",
            "SRV",
            &["5 0 5060 sip.example.test"],
        ),
        ("example.test", "CAA", &["0 issue \"ca.example\""]),
        (
            "example.test",
            "SOA",
            &["ns1.example.test admin.example.test 2026110101 7200 3600 1209600 300"],
        ),
    ];
    for (name, ty, wanted) in cases {
        let observation = ask(server.address(), name, ty).await;
        assert_eq!(observation.faults, [], "{name} {ty}");
        let mut answers: Vec<String> = match observation.get("answers") {
            Some(Reading::Value(value)) => serde_json::from_value(value.to_json()).unwrap(),
            other => panic!("{name} {ty}: {other:?}"),
        };
        answers.sort();
        assert_eq!(answers, *wanted, "{name} {ty}");
    }
}

#[tokio::test]
async fn a_whole_observation() {
    let server = Unbound::start("example.test.", ZONE).unwrap();
    let observation = ask(server.address(), "example.test", "SOA").await;
    assert_eq!(
        shown(&observation),
        json!({
            "facts": {
                "server": server.address().to_string(),
                "duration": "some",
                "rcode": "noerror",
                "answers": ["ns1.example.test admin.example.test 2026110101 7200 3600 1209600 300"],
                "answer_count": 1,
                "offered": true,
                "ttl": 3600,
                "ttl_max": 3600,
                "authoritative": true,
                "truncated": false,
                "canonical_name": "example.test",
                "chain": [],
                "soa_serial": 2_026_110_101_u64,
            },
            "faults": [],
        })
    );
    let phases: Vec<&str> = observation.phases.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(phases, ["query"]);
}

#[tokio::test]
async fn a_name_that_does_not_exist() {
    let server = Unbound::start("example.test.", ZONE).unwrap();
    let observation = ask(server.address(), "gone.example.test", "A").await;
    assert_eq!(
        shown(&observation),
        json!({
            "facts": {
                "server": server.address().to_string(),
                "duration": "some",
                "rcode": "nxdomain",
                "answers": [],
                "answer_count": 0,
                "offered": "absent",
                "ttl": "absent",
                "ttl_max": "absent",
                "authoritative": true,
                "truncated": false,
                "canonical_name": "gone.example.test",
                "chain": [],
                "soa_serial": 2_026_110_101_u64,
            },
            "faults": [["dns/nxdomain", "gone.example.test does not exist"]],
        })
    );
    let wanted = Fault::new(super::codes::NXDOMAIN, "gone.example.test does not exist");
    assert_eq!(
        *the_fault(&observation),
        wanted.shown_by("rcode", "nxdomain")
    );
}

#[tokio::test]
async fn a_name_without_a_record_of_the_type() {
    let server = Unbound::start("example.test.", ZONE).unwrap();
    let observation = ask(server.address(), "example.test", "AAAA").await;
    let fault = the_fault(&observation);
    assert_eq!(fault.code.as_str(), "dns/no_data");
    assert_eq!(fault.message, "example.test has no AAAA record");
    assert_eq!(fault.code.blame(), Blame::Subject);
    let facts = shown(&observation);
    assert_eq!(facts["facts"]["rcode"], "noerror");
    assert_eq!(facts["facts"]["answer_count"], 0);
}

#[tokio::test]
async fn a_service_that_is_declared_not_to_exist() {
    let server = Unbound::start("example.test.", ZONE).unwrap();
    let mail = ask(server.address(), "nomail.example.test", "MX").await;
    assert_eq!(
        shown(&mail)["faults"],
        json!([[
            "dns/not_offered",
            "nomail.example.test declares that it does not offer the service: MX 0 ."
        ]])
    );
    let chat = ask(server.address(), "_xmpp._tcp.example.test", "SRV").await;
    assert_eq!(
        shown(&chat)["faults"],
        json!([[
            "dns/not_offered",
            "_xmpp._tcp.example.test declares that it does not offer the service: SRV 0 0 0 ."
        ]])
    );
}

#[tokio::test]
async fn an_address_is_asked_for_its_name() {
    let records = &["1.2.0.192.in-addr.arpa. 60 IN PTR host.example.test."];
    let server = Unbound::start("2.0.192.in-addr.arpa.", records).unwrap();
    let observation = ask(server.address(), "192.0.2.1", "PTR").await;
    assert_eq!(
        shown(&observation)["facts"]["answers"],
        json!(["host.example.test"])
    );
    assert_eq!(observation.faults, []);
}

#[tokio::test]
async fn a_named_server_that_refuses_or_fails_is_to_blame() {
    let setup = Setup::default()
        .refuse("refused.test.")
        .servfail("dead.test.");
    let server = setup.start().unwrap();
    let refused = ask(server.address(), "www.refused.test", "A").await;
    assert_eq!(
        *the_fault(&refused),
        Fault::new(
            super::codes::REFUSED,
            "the server answers refused for www.refused.test A"
        )
        .shown_by("rcode", "refused")
    );
    let dead = ask(server.address(), "www.dead.test", "A").await;
    assert_eq!(
        *the_fault(&dead),
        Fault::new(
            super::codes::SERVFAIL,
            "the server answers servfail for www.dead.test A"
        )
        .shown_by("rcode", "servfail")
    );
    assert_eq!(shown(&dead)["facts"]["rcode"], "servfail");
}

#[tokio::test]
async fn a_server_that_is_not_there_refuses() {
    let mut server = Unbound::start("example.test.", ZONE).unwrap();
    server.stop();
    let observation = ask(server.address(), "www.example.test", "A").await;
    let message = format!("{}: connection refused in phase `udp`", server.address());
    assert_eq!(
        shown(&observation),
        unreadable("net/refused", server.address(), &message)
    );
}

#[tokio::test]
async fn a_record_that_is_dropped_is_missed() {
    let mut server = Unbound::start("example.test.", ZONE).unwrap();
    let before = ask(server.address(), "www.example.test", "A").await;
    assert_eq!(before.faults, []);
    let without: Vec<&str> = ZONE
        .iter()
        .copied()
        .filter(|r| !r.starts_with("www"))
        .collect();
    server
        .replace(&Setup::default().zone("example.test.", &without))
        .unwrap();
    let after = ask(server.address(), "www.example.test", "A").await;
    assert_eq!(the_fault(&after).code.as_str(), "dns/nxdomain");
}

#[tokio::test]
async fn an_answer_too_long_for_udp_comes_over_tcp() {
    let records: Vec<String> = (0..300_u16)
        .map(|i| format!("many.example.test. 60 IN A 10.0.{}.{}", i / 250, i % 250))
        .collect();
    let records: Vec<&str> = records.iter().map(String::as_str).collect();
    let server = Unbound::start("example.test.", &records).unwrap();
    let observation = ask(server.address(), "many.example.test", "A").await;
    assert_eq!(observation.faults, []);
    let facts = shown(&observation);
    assert_eq!(facts["facts"]["answer_count"], 300);
    assert_eq!(facts["facts"]["truncated"], true);

    let address = server.address().to_string();
    let over_tcp = look(
        "dns",
        &[
            ("name", "many.example.test"),
            ("server", &address),
            ("transport", "tcp"),
        ],
    );
    let facts = shown(&over_tcp.observe().await);
    assert_eq!(facts["facts"]["answer_count"], 300);
    assert_eq!(facts["facts"]["truncated"], false);
}

/// A look at `www.example.test A` with the servers of a machine, which are these.
async fn with_system(servers: &[SocketAddr], timeout: Duration) -> Observation {
    let dns = Dns {
        question: question(),
        servers: Servers::System,
        transport: Transport::Udp,
    };
    let cx = ProbeCx::new(Instant::now(), timeout, jiff::Timestamp::now(), 1);
    dns.ask_all(servers, &cx).await
}

fn question() -> Question {
    Question {
        name: Name::from_ascii("www.example.test.").unwrap(),
        ty: RecordType::A,
    }
}

#[tokio::test]
async fn a_dead_resolver_of_this_machine_says_nothing_about_the_zone() {
    let mut server = Setup::default().servfail("example.test.").start().unwrap();
    let failing = with_system(&[server.address()], Duration::from_secs(5)).await;
    let message = format!("{} answers servfail", server.address());
    assert_eq!(
        shown(&failing),
        unreadable("dns/resolver_rcode", server.address(), &message)
    );
    assert_eq!(the_fault(&failing).code.blame(), Blame::Us);

    server
        .replace(&Setup::default().silent("example.test."))
        .unwrap();
    let silent = with_system(&[server.address()], Duration::from_millis(200)).await;
    assert_eq!(the_fault(&silent).code.as_str(), "net/resolver");
    assert_eq!(the_fault(&silent).code.blame(), Blame::Us);
    assert_eq!(the_fault(&silent).shows, []);
}

#[tokio::test]
async fn the_next_server_of_this_machine_is_asked_when_one_fails() {
    let failing = Setup::default().servfail("example.test.").start().unwrap();
    let good = Unbound::start("example.test.", ZONE).unwrap();
    let servers = [failing.address(), good.address()];
    let observation = with_system(&servers, Duration::from_secs(5)).await;
    assert_eq!(observation.faults, []);
    let facts = shown(&observation);
    assert_eq!(facts["facts"]["server"], good.address().to_string());
    assert_eq!(facts["facts"]["answer_count"], 2);

    // What a server of the machine says about the name is the zone's word.
    let gone = Unbound::start("example.test.", &["a.example.test. 60 IN A 192.0.2.1"]).unwrap();
    let observation = with_system(&[gone.address()], Duration::from_secs(5)).await;
    assert_eq!(the_fault(&observation).code.as_str(), "dns/nxdomain");
}

type Field<'a> = (&'static str, &'a str);

fn mistakes(fields: &[Field<'_>]) -> Vec<String> {
    look("dns", fields)
        .compile()
        .expect_err("the fields do not go together")
        .into_iter()
        .map(|mistake| format!("{}: {}", mistake.field, mistake.message))
        .collect()
}

#[test]
fn mistakes_of_names_and_servers_are_told_together() {
    let long = "a".repeat(64);
    let too_long = ["a"; 128].join(".");
    let cases: &[(&[Field<'_>], &[&str])] = &[
        (
            &[
                ("name", "https://example.test/"),
                ("server", "ns1.example.test"),
            ],
            &[
                "name: `https://example.test/` is a URL",
                "server: `ns1.example.test` is neither `system` nor ip:port",
            ],
        ),
        (
            &[("name", "192.0.2.1")],
            &["name: `192.0.2.1` is an IP address, and an address has no A record"],
        ),
        (
            &[("name", "a..test")],
            &["name: `a..test` is not a name: it has an empty label"],
        ),
        (
            &[("name", "a b.test")],
            &["name: `a b.test` is not a name: a label consists of letters, digits, `-` and `_`"],
        ),
        (
            &[("name", &long)],
            &[
                "name: `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa` is not a name: a label has more than 63 characters",
            ],
        ),
        (
            &[("name", "example.test"), ("server", "192.0.2.1:0")],
            &["server: a port is 1 to 65535"],
        ),
    ];
    for (fields, wanted) in cases {
        assert_eq!(mistakes(fields), *wanted);
    }
    let message = format!("name: `{too_long}` is not a name: it has more than 255 characters");
    assert_eq!(mistakes(&[("name", &too_long)]), [message]);
}

#[test]
fn the_subject_names_what_is_asked() {
    let subject = |fields: &[(&'static str, &str)]| look("dns", fields).probe().subject();
    assert_eq!(subject(&[("name", "Example.test.")]), "example.test A");
    let at = [
        ("name", "m\u{fc}nchen.test"),
        ("type", "MX"),
        ("server", "[2001:db8::1]:5353"),
    ];
    assert_eq!(subject(&at), "xn--mnchen-3ya.test MX at [2001:db8::1]:5353");
    let reverse = [
        ("name", "2001:db8::1"),
        ("type", "PTR"),
        ("server", "192.0.2.1"),
    ];
    assert_eq!(
        subject(&reverse),
        "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR at 192.0.2.1:53"
    );
}

/// What a look came to: outcome, code, message.
fn told(judged: &gonogo_kind::Judged) -> (Outcome, Option<&str>, Option<&str>) {
    let code = judged.code.as_ref().map(gonogo_model::Code::as_str);
    (judged.outcome, code, judged.message.as_deref())
}

#[tokio::test]
async fn outcomes_without_expectations_of_ones_own() {
    let server = Setup::default()
        .zone("example.test.", ZONE)
        .servfail("dead.test.")
        .start()
        .unwrap();
    let address = server.address().to_string();
    let at = |name: &'static str| look("dns", &[("name", name), ("server", &address)]).built_in();
    let (judged, _) = at("www.example.test").judge().await;
    assert_eq!(told(&judged), (Outcome::Passed, None, None));
    let held: Vec<String> = judged
        .findings
        .iter()
        .map(|f| format!("{} {}: {}", f.fact, f.wanted, f.got))
        .collect();
    assert_eq!(
        held,
        ["rcode noerror: noerror", "answer_count at least 1: 2"]
    );

    for (name, code, message) in [
        (
            "gone.example.test",
            "dns/nxdomain",
            "gone.example.test does not exist",
        ),
        (
            "example.test",
            "dns/no_data",
            "example.test has no A record",
        ),
        (
            "x.dead.test",
            "dns/servfail",
            "the server answers servfail for x.dead.test A",
        ),
    ] {
        let (judged, _) = at(name).judge().await;
        assert_eq!(told(&judged), (Outcome::Failed, Some(code), Some(message)));
        assert_eq!(
            judged.hint.as_deref(),
            judged.code.as_ref().and_then(|c| Some(c.decl()?.hint))
        );
    }

    let system = with_system(&[server.address()], Duration::from_secs(5)).await;
    assert_eq!(
        told(&at("x").judge_of(&system)),
        (Outcome::Passed, None, None)
    );
    let dead = Setup::default().servfail("example.test.").start().unwrap();
    let system = with_system(&[dead.address()], Duration::from_secs(5)).await;
    let message = format!("{} answers servfail", dead.address());
    assert_eq!(
        told(&at("x").judge_of(&system)),
        (
            Outcome::Unknown,
            Some("dns/resolver_rcode"),
            Some(message.as_str())
        )
    );
}

#[tokio::test]
async fn a_failure_that_is_wanted_passes_and_no_other_does() {
    let mut server = Unbound::start("example.test.", ZONE).unwrap();
    let address = server.address().to_string();
    let at = |name: &'static str, ty: &'static str| {
        look("dns", &[("name", name), ("type", ty), ("server", &address)])
            .timeout(Duration::from_millis(500))
    };
    let passes: [(&'static str, &'static str, &str, &str); 5] = [
        ("gone.example.test", "A", "rcode", "nxdomain"),
        ("gone.example.test", "A", "rcode", "[nxdomain, refused]"),
        ("example.test", "AAAA", "answer_count", "0"),
        ("nomail.example.test", "MX", "offered", "false"),
        (
            "www.example.test",
            "A",
            "answers",
            "[192.0.2.11, 192.0.2.10]",
        ),
    ];
    for (name, ty, fact, matcher) in passes {
        let (judged, _) = at(name, ty).expect(fact, matcher).judge().await;
        assert_eq!(
            told(&judged),
            (Outcome::Passed, None, None),
            "{name} {fact} {matcher}"
        );
    }
    let (judged, _) = at("www.example.test", "A")
        .expect("rcode", "nxdomain")
        .judge()
        .await;
    assert_eq!(
        told(&judged),
        (
            Outcome::Failed,
            Some("engine/expectation"),
            Some("rcode is noerror, expected nxdomain")
        )
    );
    // No answer is not the answer that there is no such name, and no answer wants no data.
    server
        .replace(&Setup::default().silent("example.test."))
        .unwrap();
    for (fact, matcher) in [("rcode", "nxdomain"), ("answer_count", "0")] {
        let (judged, _) = at("gone.example.test", "A")
            .expect(fact, matcher)
            .judge()
            .await;
        assert_eq!(judged.outcome, Outcome::Failed);
        assert_eq!(judged.code.unwrap().as_str(), "dns/timeout");
    }
}
