//! From a message to facts and faults: pure.

use gonogo_model::{Fault, Observation, Reading, Value};
use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::rdata::opt::{EdnsCode, EdnsOption};
use hickory_resolver::proto::rr::{DNSClass, Name, RData, Record, RecordType};

use super::codes;
use super::exchange::{Answer, Question};
use super::name::shown;

/// Returns the word for an rcode.
pub(super) fn word(code: ResponseCode) -> &'static str {
    match code {
        ResponseCode::NoError => "noerror",
        ResponseCode::NXDomain => "nxdomain",
        ResponseCode::ServFail => "servfail",
        ResponseCode::Refused => "refused",
        ResponseCode::FormErr => "formerr",
        ResponseCode::NotImp => "notimp",
        _ => "other",
    }
}

/// Returns whether the server itself failed: its answer says nothing about the name.
pub(super) fn is_server_failure(code: ResponseCode) -> bool {
    !matches!(code, ResponseCode::NoError | ResponseCode::NXDomain)
}

/// Describes an rcode with what the server says about it: "servfail (DNSSEC bogus: ...)".
pub(super) fn describe(message: &Message) -> String {
    let code = message.metadata.response_code;
    let name = match word(code) {
        "other" => format!("rcode {} ({code})", u16::from(code)),
        word => word.to_owned(),
    };
    match extended_error(message) {
        Some(why) => format!("{name} ({why})"),
        None => name,
    }
}

/// Puts what a message says into an observation.
pub(super) fn read(question: &Question, answer: &Answer, observation: &mut Observation) {
    let message = &answer.message;
    let code = message.metadata.response_code;
    observation.set("rcode", Value::text(word(code)));
    let found = Found::follow(question, message);
    observation.set("answers", Value::texts(&found.answers));
    observation.set("answer_count", count(found.answers.len()));
    let offered = if found.answers.is_empty() {
        Reading::Absent
    } else {
        Value::Boolean(!found.is_declined()).into()
    };
    observation.set("offered", offered);
    let ttl = |ttl: Option<&u32>| {
        ttl.map_or(Reading::Absent, |ttl| Value::Duration((*ttl).into()).into())
    };
    observation.set("ttl", ttl(found.ttls.iter().min()));
    observation.set("ttl_max", ttl(found.ttls.iter().max()));
    observation.set(
        "authoritative",
        Value::Boolean(message.metadata.authoritative),
    );
    observation.set("truncated", Value::Boolean(answer.truncated));
    observation.set("canonical_name", Value::text(shown(&found.name)));
    observation.set("chain", Value::texts(found.chain.iter().map(shown)));
    observation.set("soa_serial", soa_serial(message));
    observation.faults.extend(found.fault(question, message));
}

fn count(number: usize) -> Value {
    Value::integer(u64::try_from(number).unwrap_or(u64::MAX))
}

/// What the answer section has for the question.
struct Found {
    /// The name at the end of the aliases.
    name: Name,
    /// The targets of the aliases.
    chain: Vec<Name>,
    /// Whether the aliases never end.
    endless: bool,
    /// The records in presentation form.
    answers: Vec<String>,
    /// The TTLs of the aliases and the records.
    ttls: Vec<u32>,
    /// How many of the records name no target.
    declined: usize,
}

impl Found {
    /// Follows the aliases within the answer; records of names that are not on the way do not count.
    fn follow(question: &Question, message: &Message) -> Self {
        let mut found = Self {
            name: question.name.clone(),
            chain: Vec::new(),
            endless: false,
            answers: Vec::new(),
            ttls: Vec::new(),
            declined: 0,
        };
        if question.ty != RecordType::CNAME {
            found.follow_aliases(message);
        }
        if found.endless {
            return found;
        }
        for record in records_of(message, &found.name, question.ty) {
            found.ttls.push(record.ttl);
            found.answers.push(present(&record.data));
            found.declined += usize::from(declines(&record.data));
        }
        if found.answers.is_empty() {
            // The TTL of an alias that leads nowhere is not that of an answer.
            found.ttls.clear();
        }
        found
    }

    fn follow_aliases(&mut self, message: &Message) {
        let mut seen = vec![self.name.clone()];
        while let Some((target, ttl)) = alias(message, &self.name) {
            self.ttls.push(ttl);
            self.chain.push(target.clone());
            self.name = target.clone();
            if seen.contains(target) || self.chain.len() > MAX_ALIASES {
                self.endless = true;
                return;
            }
            seen.push(target.clone());
        }
    }

    /// Says what is wrong with the answer, if anything is.
    fn fault(&self, question: &Question, message: &Message) -> Option<Fault> {
        let Question { name, ty } = question;
        let code = message.metadata.response_code;
        let subject = match self.chain.last() {
            None => shown(name),
            Some(last) => format!("{}, alias of {}", shown(last), shown(name)),
        };
        if is_server_failure(code) {
            let decl = match word(code) {
                "servfail" => codes::SERVFAIL,
                "refused" => codes::REFUSED,
                "formerr" => codes::FORMERR,
                "notimp" => codes::NOTIMP,
                _ => codes::OTHER_RCODE,
            };
            let message = format!(
                "the server answers {} for {subject} {ty}",
                describe(message)
            );
            return Some(Fault::new(decl, message).shown_by("rcode", word(code)));
        }
        if self.endless {
            let path: Vec<String> = std::iter::once(name)
                .chain(&self.chain)
                .map(shown)
                .collect();
            let message = format!("the aliases do not end: {}", path.join(" -> "));
            return Some(Fault::new(codes::CNAME_LOOP, message));
        }
        if code == ResponseCode::NXDomain {
            let message = format!("{subject} does not exist");
            return Some(Fault::new(codes::NXDOMAIN, message).shown_by("rcode", "nxdomain"));
        }
        if self.answers.is_empty() {
            return Some(self.nothing(&subject, *ty, message));
        }
        // RFC 7505 and RFC 2782: one record whose target is the root means "decidedly not here".
        self.is_declined().then(|| {
            let message = format!(
                "{subject} declares that it does not offer the service: {ty} {}",
                self.answers.join(", ")
            );
            let mut fault = Fault::new(codes::NOT_OFFERED, message);
            fault
                .shows
                .push(("offered".to_owned(), Value::Boolean(false)));
            fault
        })
    }

    /// Returns whether there are records, and all of them say that there is no such service.
    fn is_declined(&self) -> bool {
        !self.answers.is_empty() && self.declined == self.answers.len()
    }

    fn nothing(&self, subject: &str, ty: RecordType, message: &Message) -> Fault {
        let servers: Vec<String> = message
            .authorities
            .iter()
            .filter_map(|record| match &record.data {
                RData::NS(server) => Some(shown(&server.0)),
                _ => None,
            })
            .collect();
        let metadata = &message.metadata;
        if !metadata.authoritative && !metadata.recursion_available && !servers.is_empty() {
            let message = format!(
                "the server does not answer for {subject} and refers to {}",
                servers.join(", ")
            );
            return Fault::new(codes::REFERRAL, message);
        }
        let message = format!("{subject} has no {ty} record");
        let mut fault = Fault::new(codes::NO_DATA, message);
        fault
            .shows
            .push(("answer_count".to_owned(), Value::integer(0)));
        if !self.chain.is_empty() && !metadata.recursion_available {
            fault = fault.with_hint("The server did not follow the alias: ask a recursive server, or the one of the alias' target.");
        }
        fault
    }
}

fn alias<'m>(message: &'m Message, name: &Name) -> Option<(&'m Name, u32)> {
    records_of(message, name, RecordType::CNAME).find_map(|record| match &record.data {
        RData::CNAME(target) => Some((&target.0, record.ttl)),
        _ => None,
    })
}

fn records_of<'m>(
    message: &'m Message,
    name: &Name,
    ty: RecordType,
) -> impl Iterator<Item = &'m Record> {
    message.answers.iter().filter(move |record| {
        record.name == *name && record.record_type() == ty && record.dns_class == DNSClass::IN
    })
}

/// Returns whether a record says that there is no such service.
fn declines(data: &RData) -> bool {
    match data {
        RData::MX(mx) => mx.exchange.is_root(),
        RData::SRV(srv) => srv.target.is_root(),
        _ => false,
    }
}

/// Returns the presentation form of a record.
fn present(data: &RData) -> String {
    match data {
        RData::MX(mx) => format!("{} {}", mx.preference, shown(&mx.exchange)),
        RData::SRV(srv) => format!(
            "{} {} {} {}",
            srv.priority,
            srv.weight,
            srv.port,
            shown(&srv.target)
        ),
        RData::SOA(soa) => format!(
            "{} {} {} {} {} {} {}",
            shown(&soa.mname),
            shown(&soa.rname),
            soa.serial,
            soa.refresh,
            soa.retry,
            soa.expire,
            soa.minimum
        ),
        RData::CNAME(name) => shown(&name.0),
        RData::NS(name) => shown(&name.0),
        RData::PTR(name) => shown(&name.0),
        RData::TXT(txt) => text(&txt.txt_data.concat()),
        RData::CAA(caa) => format!("{} {} \"{}\"", caa.flags(), caa.tag, text(&caa.value)),
        other => other.to_string(),
    }
}

/// Returns bytes as text; what is not UTF-8 is escaped as zone files do, so that nothing is lost.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes
            .iter()
            .map(|b| match b {
                b'\\' => "\\\\".to_owned(),
                b' '..=b'~' => char::from(*b).to_string(),
                _ => format!("\\{b:03}"),
            })
            .collect(),
    }
}

fn soa_serial(message: &Message) -> Reading {
    let mut sections = message.answers.iter().chain(&message.authorities);
    sections
        .find_map(|record| match &record.data {
            RData::SOA(soa) => Some(Value::integer(soa.serial).into()),
            _ => None,
        })
        .unwrap_or(Reading::Absent)
}

/// Reads the extended error of RFC 8914: a code and a text.
fn extended_error(message: &Message) -> Option<String> {
    let option = message.edns.as_ref()?.option(EdnsCode::Unknown(15))?;
    let EdnsOption::Unknown(_, bytes) = option else {
        return None;
    };
    let (code, extra) = bytes.split_first_chunk::<2>()?;
    let code = u16::from_be_bytes(*code);
    let meaning = match code {
        3 => "stale answer".to_owned(),
        6 => "DNSSEC bogus".to_owned(),
        7 => "signature expired".to_owned(),
        9 => "DNSKEY missing".to_owned(),
        10 => "RRSIGs missing".to_owned(),
        15 => "blocked".to_owned(),
        16 => "censored".to_owned(),
        18 => "prohibited".to_owned(),
        20 => "not authoritative".to_owned(),
        22 => "no reachable authority".to_owned(),
        23 => "network error".to_owned(),
        other => format!("extended error {other}"),
    };
    let extra: String = String::from_utf8_lossy(extra).chars().take(200).collect();
    Some(if extra.is_empty() {
        meaning
    } else {
        format!("{meaning}: {extra}")
    })
}

/// More than any sane zone has; resolvers give up between 8 and 16.
const MAX_ALIASES: usize = 16;
