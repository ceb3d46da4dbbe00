//! A DNS server for one zone, over UDP.

use std::net::{Ipv4Addr, SocketAddr};
use std::str::FromStr as _;

use hickory_resolver::proto::op::{Message, MessageType, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, MX, SOA, TXT};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use tokio::net::UdpSocket;

use crate::fault::{Fault, Faults};
use crate::stack::Trouble;

/// Starts the server on a free port and returns its address.
pub(crate) async fn start(faults: Faults) -> Result<SocketAddr, Trouble> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = socket.local_addr()?;
    tokio::spawn(async move {
        let mut packet = vec![0_u8; 4096];
        loop {
            // What cannot be read or answered is dropped, as a DNS server does.
            let Ok((length, peer)) = socket.recv_from(&mut packet).await else {
                continue;
            };
            if let Some(answer) = packet
                .get(..length)
                .and_then(|question| respond(question, &faults))
            {
                let _sent = socket.send_to(&answer, peer).await;
            }
        }
    });
    Ok(address)
}

fn respond(question: &[u8], faults: &Faults) -> Option<Vec<u8>> {
    let question = Message::from_vec(question).ok()?;
    let query = question.queries.first()?.clone();
    let mut answer = question;
    answer.metadata.message_type = MessageType::Response;
    answer.metadata.authoritative = true;
    answer.edns = None;
    let zone = Name::from_str(ZONE).ok()?;
    let name = query.name().to_lowercase();
    if !zone.zone_of(&name) {
        answer.metadata.response_code = ResponseCode::Refused;
        return answer.to_vec().ok();
    }
    let records = records(faults);
    answer.answers = records
        .iter()
        .filter(|record| record.name == name && record.record_type() == query.query_type())
        .cloned()
        .collect();
    if answer.answers.is_empty() {
        let exists = records
            .iter()
            .any(|record| zone_of_or_equal(&name, &record.name));
        answer.metadata.response_code = if exists {
            ResponseCode::NoError
        } else {
            ResponseCode::NXDomain
        };
        answer.authorities = records
            .into_iter()
            .filter(|r| r.record_type() == RecordType::SOA)
            .collect();
    }
    answer.to_vec().ok()
}

fn zone_of_or_equal(name: &Name, of: &Name) -> bool {
    name == of || name.zone_of(of)
}

fn records(faults: &Faults) -> Vec<Record> {
    let name = |text: &str| Name::from_str(text).unwrap_or_default();
    let loopback = || RData::A(A(Ipv4Addr::LOCALHOST));
    let mut records = vec![
        Record::from_rdata(
            name(ZONE),
            300,
            RData::SOA(SOA::new(
                name("ns1.beluga.test."),
                name("ops.beluga.test."),
                2026,
                3600,
                600,
                86400,
                60,
            )),
        ),
        Record::from_rdata(name("www.beluga.test."), 300, loopback()),
        Record::from_rdata(
            name(ZONE),
            300,
            RData::MX(MX::new(10, name("mail.beluga.test."))),
        ),
        Record::from_rdata(
            name(ZONE),
            300,
            RData::TXT(TXT::new(vec!["v=spf1 -all".to_owned()])),
        ),
    ];
    if !faults.has(Fault::Dns) {
        records.push(Record::from_rdata(name("api.beluga.test."), 60, loopback()));
    }
    records
}

/// The zone.
const ZONE: &str = "beluga.test.";
