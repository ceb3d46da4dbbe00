//! The fields of `dns`.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use gonogo_kind::{Choice, FieldDecl, FieldMistake, FieldType, Fields, Probe, SecretText};
use hickory_resolver::proto::rr::RecordType;

use super::exchange::{Question, Transport};
use super::name;
use super::probe::{Dns, Servers};
use crate::net::Net;

/// The keys of the long form.
pub(super) const FIELDS: &[FieldDecl] = &[
    FieldDecl {
        name: "name",
        ty: FieldType::Text,
        required: true,
        default: None,
        sentence: "The name to ask for, always absolute; for `type: PTR` also an IP address.",
        example: "api.example.com",
    },
    FieldDecl {
        name: "type",
        ty: FieldType::Choice(TYPES),
        required: false,
        default: Some("A"),
        sentence: "The type of record to ask for.",
        example: "MX",
    },
    FieldDecl {
        name: "server",
        ty: FieldType::Text,
        required: false,
        default: Some("system"),
        sentence: "The server to ask: `system` (those of this machine), or `ip`, `ip:port`, `[v6]:port`; port 53 unless given.",
        example: "192.0.2.53",
    },
    FieldDecl {
        name: "transport",
        ty: FieldType::Choice(TRANSPORTS),
        required: false,
        default: Some("udp"),
        sentence: "How to ask.",
        example: "tcp",
    },
];

/// Builds the probe.
pub(crate) fn compile(
    fields: &Fields,
    net: &Arc<Net>,
) -> Result<Arc<dyn Probe>, Vec<FieldMistake>> {
    // A name is looked up anew at each look, so nothing that a run shares is of use here.
    let _ = net;
    let given = |field| fields.text(field).cloned().unwrap_or_else(nothing);
    let ty = record_type(&given("type").text);
    let name = given("name");
    let name = name::read(&name.text, name.shown(), ty);
    let servers = read_servers(&given("server"));
    let transport = match given("transport").text.as_str() {
        "tcp" => Transport::Tcp,
        _udp => Transport::Udp,
    };
    match (name, servers) {
        (Ok(name), Ok(servers)) => Ok(Arc::new(Dns {
            question: Question { name, ty },
            servers,
            transport,
        })),
        (name, servers) => Err(name.err().into_iter().chain(servers.err()).collect()),
    }
}

fn nothing() -> SecretText {
    SecretText::open("")
}

fn record_type(word: &str) -> RecordType {
    word.parse().unwrap_or(RecordType::A)
}

fn read_servers(given: &SecretText) -> Result<Servers, FieldMistake> {
    let text = given.text.as_str();
    if text == "system" {
        return Ok(Servers::System);
    }
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text);
    let address = match (bare.parse::<IpAddr>(), text.parse::<SocketAddr>()) {
        (Ok(ip), _) => SocketAddr::new(ip, 53),
        (Err(_), Ok(address)) => address,
        (Err(_), Err(_)) => {
            let message = format!("`{}` is neither `system` nor ip:port", given.shown());
            return Err(FieldMistake::new("server", message)
                .hint("A server is named by its IP address, since its name would have to be asked for first."));
        }
    };
    if address.port() == 0 {
        return Err(FieldMistake::new("server", "a port is 1 to 65535"));
    }
    Ok(Servers::Named(address))
}

const TYPES: &[Choice] = &[
    Choice {
        word: "A",
        sentence: "IPv4 addresses.",
    },
    Choice {
        word: "AAAA",
        sentence: "IPv6 addresses.",
    },
    Choice {
        word: "CNAME",
        sentence: "The alias itself, not followed.",
    },
    Choice {
        word: "MX",
        sentence: "Mail servers, `preference name`.",
    },
    Choice {
        word: "TXT",
        sentence: "Texts.",
    },
    Choice {
        word: "NS",
        sentence: "The servers of a zone.",
    },
    Choice {
        word: "SRV",
        sentence: "Servers of a service, `priority weight port name`.",
    },
    Choice {
        word: "CAA",
        sentence: "Who may issue certificates, `flags tag \"value\"`.",
    },
    Choice {
        word: "SOA",
        sentence: "The start of a zone, `primary mailbox serial refresh retry expire minimum`.",
    },
    Choice {
        word: "PTR",
        sentence: "The name of an address.",
    },
];

const TRANSPORTS: &[Choice] = &[
    Choice {
        word: "udp",
        sentence: "Over UDP; over TCP when the answer is truncated.",
    },
    Choice {
        word: "tcp",
        sentence: "Over TCP alone.",
    },
];
