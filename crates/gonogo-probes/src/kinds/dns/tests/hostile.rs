//! Servers that lie, stay silent, or answer what was not asked.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gonogo_model::{Blame, Observation};
use gonogo_testkit::unbound::Setup;
use hickory_resolver::proto::op::{Edns, Message, ResponseCode};
use hickory_resolver::proto::rr::rdata::opt::EdnsOption;
use hickory_resolver::proto::rr::rdata::{A, CNAME, NS, TXT};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, UdpSocket};

use super::{shown, the_fault, unreadable};
use crate::testing::look;

/// A server that gives to each question the packets that `reply` makes of it.
struct Fake {
    address: SocketAddr,
    _task: tokio::task::JoinSet<()>,
}

type Reply = Arc<dyn Fn(&Message) -> Vec<Vec<u8>> + Send + Sync>;

impl Fake {
    async fn start(reply: impl Fn(&Message) -> Vec<Vec<u8>> + Send + Sync + 'static) -> Self {
        let reply: Reply = Arc::new(reply);
        // A port that is free for UDP may be taken for TCP.
        let (udp, tcp, address) = loop {
            let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
            let address = udp.local_addr().unwrap();
            if let Ok(tcp) = TcpListener::bind(address).await {
                break (udp, tcp, address);
            }
        };
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
                "offered": true,
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
async fn what_a_server_says_about_its_error_is_told() {
    for (extra, said) in [
        ("no signature", "servfail (DNSSEC bogus: no signature)"),
        ("", "servfail (DNSSEC bogus)"),
    ] {
        let fake = Fake::start(move |question| {
            let mut reply = reply_to(question, [192, 0, 2, 1]);
            reply.metadata.response_code = ResponseCode::ServFail;
            reply.answers.clear();
            let mut edns = Edns::new();
            let bytes = [&[0, 6], extra.as_bytes()].concat();
            edns.options_mut().insert(EdnsOption::Unknown(15, bytes));
            reply.set_edns(edns);
            vec![reply.to_vec().unwrap()]
        })
        .await;
        let observation = fake.ask(PLENTY).await;
        let fault = the_fault(&observation);
        assert_eq!(fault.code.as_str(), "dns/servfail");
        let message = format!("the server answers {said} for www.example.test A");
        assert_eq!(fault.message, message);
    }
}

#[tokio::test]
async fn a_server_without_the_zone_refers_to_others() {
    let fake = Fake::start(|question| {
        let mut reply = reply_to(question, [192, 0, 2, 1]);
        reply.answers.clear();
        let server = Name::from_ascii("a.root.test.").unwrap();
        let servers = RData::NS(NS(server));
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
