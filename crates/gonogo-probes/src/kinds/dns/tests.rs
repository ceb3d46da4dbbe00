//! Tests of `dns`.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gonogo_kind::ProbeCx;
use gonogo_model::{Blame, Fault, Observation, Reading};
use gonogo_testkit::unbound::{Setup, Unbound};
use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, CNAME, TXT};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, UdpSocket};

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

/// Every fact of an observation that could not be made.
fn unreadable(code: &str, server: SocketAddr, fault: &str) -> Json {
    let mut facts = serde_json::Map::new();
    facts.insert("server".to_owned(), json!(server.to_string()));
    facts.insert("duration".to_owned(), json!("some"));
    for fact in super::facts::FACTS {
        facts
            .entry(fact.name)
            .or_insert_with(|| json!(format!("unreadable: {code}")));
    }
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

/// A server that gives to each question the packets that `reply` makes of it.
struct Fake {
    address: SocketAddr,
    _task: tokio::task::JoinSet<()>,
}

type Reply = Arc<dyn Fn(&Message) -> Vec<Vec<u8>> + Send + Sync>;

impl Fake {
    async fn start(reply: impl Fn(&Message) -> Vec<Vec<u8>> + Send + Sync + 'static) -> Self {
        let reply: Reply = Arc::new(reply);
        let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = udp.local_addr().unwrap();
        let tcp = TcpListener::bind(address).await.unwrap();
        let mut task = tokio::task::JoinSet::new();
        let over_udp = Arc::clone(&reply);
        task.spawn(async move {
            let mut buffer = [0_u8; 4096];
            loop {
                let (length, peer) = udp.recv_from(&mut buffer).await.unwrap();
                let question = Message::from_vec(&buffer[..length]).unwrap();
                for packet in over_udp(&question) {
                    udp.send_to(&packet, peer).await.unwrap();
                }
            }
        });
        task.spawn(async move {
            loop {
                let (mut stream, _) = tcp.accept().await.unwrap();
                let length = stream.read_u16().await.unwrap();
                let mut bytes = vec![0_u8; usize::from(length)];
                stream.read_exact(&mut bytes).await.unwrap();
                let packets = reply(&Message::from_vec(&bytes).unwrap());
                let last = packets.last().unwrap();
                stream
                    .write_u16(u16::try_from(last.len()).unwrap())
                    .await
                    .unwrap();
                stream.write_all(last).await.unwrap();
            }
        });
        Self {
            address,
            _task: task,
        }
    }

    async fn ask(&self, timeout: Duration) -> Observation {
        let server = self.address.to_string();
        look("dns", &[("name", "www.example.test"), ("server", &server)])
            .timeout(timeout)
            .observe()
            .await
    }
}

/// An answer to a question with one address.
fn reply_to(question: &Message, address: [u8; 4]) -> Message {
    let mut reply = Message::response(question.metadata.id, question.metadata.op_code);
    reply.add_queries(question.queries.iter().cloned());
    let name = question.queries[0].name().clone();
    reply.add_answer(Record::from_rdata(name, 60, RData::A(A(address.into()))));
    reply
}

const SOON: Duration = Duration::from_millis(300);
const PLENTY: Duration = Duration::from_secs(10);

#[tokio::test]
async fn only_the_packet_that_belongs_to_the_question_counts() {
    let fake = Fake::start(|question| {
        let mut wrong_id = reply_to(question, [192, 0, 2, 66]);
        wrong_id.metadata.id = question.metadata.id.wrapping_add(1);
        let mut wrong_name = reply_to(question, [192, 0, 2, 67]);
        wrong_name.queries[0].set_name(Name::from_ascii("evil.example.test.").unwrap());
        let mut wrong_type = reply_to(question, [192, 0, 2, 68]);
        wrong_type.queries[0].set_query_type(RecordType::AAAA);
        let mut no_question = reply_to(question, [192, 0, 2, 69]);
        no_question.queries.clear();
        let mut true_one = reply_to(question, [192, 0, 2, 1]);
        // 0x20: the case of letters may come back changed.
        let shouted = Name::from_ascii("WWW.Example.TEST.").unwrap();
        true_one.queries[0].set_name(shouted);
        let mut packets = vec![question.to_vec().unwrap(), b"12345".to_vec()];
        for message in [wrong_id, wrong_name, wrong_type, no_question, true_one] {
            packets.push(message.to_vec().unwrap());
        }
        packets
    })
    .await;
    let observation = fake.ask(PLENTY).await;
    assert_eq!(observation.faults, []);
    assert_eq!(
        shown(&observation)["facts"]["answers"],
        json!(["192.0.2.1"])
    );
}

#[tokio::test]
async fn packets_of_others_do_not_keep_the_question_alive() {
    let fake = Fake::start(|question| {
        let mut wrong_id = reply_to(question, [192, 0, 2, 66]);
        wrong_id.metadata.id = question.metadata.id.wrapping_add(1);
        vec![wrong_id.to_vec().unwrap()]
    })
    .await;
    let observation = fake.ask(SOON).await;
    let fault = the_fault(&observation);
    assert_eq!(fault.code.as_str(), "dns/timeout");
    assert_eq!(fault.code.blame(), Blame::Subject);
    assert!(
        fault
            .message
            .ends_with("ms (3 packets that do not belong to the question were ignored)"),
        "{}",
        fault.message
    );
    assert_eq!(
        shown(&observation),
        unreadable("dns/timeout", fake.address, &fault.message)
    );
}

#[tokio::test]
async fn silence_ends_at_the_deadline() {
    let server = Setup::default().silent("example.test.").start().unwrap();
    let begun = Instant::now();
    let address = server.address().to_string();
    let observation = look("dns", &[("name", "www.example.test"), ("server", &address)])
        .timeout(SOON)
        .observe()
        .await;
    assert!(begun.elapsed() >= SOON && begun.elapsed() < Duration::from_secs(5));
    assert_eq!(the_fault(&observation).code.as_str(), "dns/timeout");
}

#[tokio::test]
async fn garbage_is_told_from_silence_and_never_hangs() {
    // A name whose compression pointer points at itself, an answer that is cut off, and a count that
    // promises records that do not come.
    let fakes: [fn(&Message) -> Vec<u8>; 3] = [
        |question| {
            let mut bytes = question.to_vec().unwrap();
            bytes[2] |= 0x80;
            bytes[7] = 1;
            bytes.truncate(12 + 22);
            let here = u8::try_from(bytes.len()).unwrap();
            bytes.extend([0xc0, here, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]);
            bytes
        },
        |question| {
            let mut bytes = reply_to(question, [192, 0, 2, 1]).to_vec().unwrap();
            bytes.truncate(bytes.len() - 2);
            bytes
        },
        |question| {
            let mut bytes = reply_to(question, [192, 0, 2, 1]).to_vec().unwrap();
            bytes[6] = 0xff;
            bytes
        },
    ];
    for garbage in fakes {
        let fake = Fake::start(move |question| vec![garbage(question)]).await;
        let observation = fake.ask(SOON).await;
        let fault = the_fault(&observation);
        assert_eq!(fault.code.as_str(), "dns/garbage", "{}", fault.message);
        let begins = format!("what {} sends is not an answer: ", fake.address);
        assert!(fault.message.starts_with(&begins), "{}", fault.message);
    }
}

#[tokio::test]
async fn aliases_that_lead_in_a_circle_are_told() {
    let fake = Fake::start(|question| {
        let mut reply = reply_to(question, [192, 0, 2, 1]);
        reply.answers.clear();
        let name = |text: &str| Name::from_ascii(text).unwrap();
        for (from, to) in [
            ("www.example.test.", "a.example.test."),
            ("a.example.test.", "b.example.test."),
            ("b.example.test.", "a.example.test."),
        ] {
            let target = RData::CNAME(CNAME(name(to)));
            reply.add_answer(Record::from_rdata(name(from), 60, target));
        }
        vec![reply.to_vec().unwrap()]
    })
    .await;
    let observation = fake.ask(PLENTY).await;
    assert_eq!(
        shown(&observation)["faults"],
        json!([[
            "dns/cname_loop",
            "the aliases do not end: www.example.test -> a.example.test -> b.example.test -> a.example.test"
        ]])
    );
    assert_eq!(shown(&observation)["facts"]["answer_count"], 0);
}

#[tokio::test]
async fn records_that_were_not_asked_for_do_not_count() {
    let fake = Fake::start(|question| {
        let name = |text: &str| Name::from_ascii(text).unwrap();
        let mut reply = reply_to(question, [192, 0, 2, 1]);
        reply.answers.clear();
        let target = RData::CNAME(CNAME(name("lb.example.net.")));
        reply.add_answer(Record::from_rdata(name("www.example.test."), 90, target));
        let right = RData::A(A([192, 0, 2, 7].into()));
        reply.add_answer(Record::from_rdata(name("LB.example.net."), 30, right));
        let foreign = RData::A(A([192, 0, 2, 66].into()));
        reply.add_answer(Record::from_rdata(name("evil.example.net."), 1, foreign));
        let text = RData::TXT(TXT::new(vec!["x".repeat(200); 80]));
        reply.add_answer(Record::from_rdata(name("lb.example.net."), 1, text));
        reply.metadata.truncation = false;
        vec![reply.to_vec().unwrap()]
    })
    .await;
    let observation = fake.ask(PLENTY).await;
    assert_eq!(
        shown(&observation),
        json!({
            "facts": {
                "server": fake.address.to_string(),
                "duration": "some",
                "rcode": "noerror",
                "answers": ["192.0.2.7"],
                "answer_count": 1,
                "ttl": 30,
                "ttl_max": 90,
                "authoritative": false,
                "truncated": false,
                "canonical_name": "lb.example.net",
                "chain": ["lb.example.net"],
                "soa_serial": "absent",
            },
            "faults": [],
        })
    );
}

#[tokio::test]
async fn long_texts_and_bytes_that_are_no_text_are_kept_whole() {
    let fake = Fake::start(|question| {
        let mut reply = reply_to(question, [192, 0, 2, 1]);
        reply.answers.clear();
        let name = Name::from_ascii("www.example.test.").unwrap();
        let long = RData::TXT(TXT::new(vec!["\u{1b}[2J<b>".repeat(25); 80]));
        reply.add_answer(Record::from_rdata(name.clone(), u32::MAX, long));
        let bytes = RData::TXT(TXT::from_bytes(vec![b"a\\", b"\xff"]));
        reply.add_answer(Record::from_rdata(name, 0, bytes));
        reply.metadata.truncation = false;
        vec![reply.to_vec().unwrap()]
    })
    .await;
    let server = fake.address.to_string();
    let observation = look(
        "dns",
        &[
            ("name", "www.example.test"),
            ("type", "TXT"),
            ("server", &server),
        ],
    )
    .observe()
    .await;
    let facts = shown(&observation);
    assert_eq!(facts["faults"], json!([]));
    let long = "\u{1b}[2J<b>".repeat(25 * 80);
    assert_eq!(facts["facts"]["answers"], json!([long, "a\\\\\\255"]));
    assert_eq!(facts["facts"]["ttl"], 0);
    assert_eq!(facts["facts"]["ttl_max"], u32::MAX);
}

#[tokio::test]
async fn a_server_that_does_not_know_edns_is_asked_without() {
    let fake = Fake::start(|question| {
        if question.edns.is_some() {
            let id = question.metadata.id;
            let op = question.metadata.op_code;
            let error = Message::error_msg(id, op, ResponseCode::FormErr);
            return vec![error.to_vec().unwrap()];
        }
        vec![reply_to(question, [192, 0, 2, 1]).to_vec().unwrap()]
    })
    .await;
    let observation = fake.ask(PLENTY).await;
    assert_eq!(observation.faults, []);
    assert_eq!(
        shown(&observation)["facts"]["answers"],
        json!(["192.0.2.1"])
    );
}

#[tokio::test]
async fn every_error_of_a_named_server_has_its_code() {
    let cases = [
        (ResponseCode::FormErr, "dns/formerr", "formerr", "formerr"),
        (ResponseCode::NotImp, "dns/notimp", "notimp", "notimp"),
        (
            ResponseCode::NotAuth,
            "dns/other_rcode",
            "other",
            "rcode 9 (Not authorized)",
        ),
    ];
    for (code, wanted, word, said) in cases {
        let fake = Fake::start(move |question| {
            let mut reply = reply_to(question, [192, 0, 2, 1]);
            reply.metadata.response_code = code;
            reply.answers.clear();
            vec![reply.to_vec().unwrap()]
        })
        .await;
        let observation = fake.ask(PLENTY).await;
        let fault = the_fault(&observation);
        assert_eq!(fault.code.as_str(), wanted);
        let message = format!("the server answers {said} for www.example.test A");
        assert_eq!(fault.message, message);
        assert_eq!(shown(&observation)["facts"]["rcode"], word);
    }
}

#[tokio::test]
async fn a_server_without_the_zone_refers_to_others() {
    let fake = Fake::start(|question| {
        let mut reply = reply_to(question, [192, 0, 2, 1]);
        reply.answers.clear();
        let server = Name::from_ascii("a.root.test.").unwrap();
        let servers = RData::NS(hickory_resolver::proto::rr::rdata::NS(server));
        reply.add_authority(Record::from_rdata(Name::root(), 60, servers));
        vec![reply.to_vec().unwrap()]
    })
    .await;
    let observation = fake.ask(PLENTY).await;
    assert_eq!(
        shown(&observation)["faults"],
        json!([[
            "dns/referral",
            "the server does not answer for www.example.test and refers to a.root.test"
        ]])
    );
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
