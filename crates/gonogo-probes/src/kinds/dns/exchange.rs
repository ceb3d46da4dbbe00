//! One question to one server, and its answer as it came over the wire.
//!
//! A packet counts only when it comes from the server's own address and port (the socket is
//! connected, so the kernel sees to that), carries the id and repeats the question; anything else is
//! ignored until the time is up, since whoever can send packets here must not be able to make an
//! answer, nor to make the true one fail.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use hickory_resolver::proto::op::{Edns, Message, MessageType, Query, ResponseCode};
use hickory_resolver::proto::rr::{DNSClass, Name, RecordType};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::{Instant, sleep_until, timeout_at};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    /// The name.
    pub(super) name: Name,
    /// The type of record.
    pub(super) ty: RecordType,
}

/// How it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    /// Over UDP, and over TCP when the answer is truncated.
    Udp,
    /// Over TCP alone.
    Tcp,
}

/// An answer that belongs to the question.
#[derive(Debug)]
pub(super) struct Answer {
    /// The message.
    pub(super) message: Message,
    /// Whether it did not fit into UDP.
    pub(super) truncated: bool,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Silence {
    /// Nothing that belongs to the question came in time; how many other packets did.
    Timeout {
        /// Packets that were ignored.
        ignored: usize,
        /// Whether it was TCP that was waited for.
        over: Transport,
    },
    /// What came cannot be read as an answer.
    Garbage(String),
    /// The operating system reported an error.
    Io {
        /// Which one.
        error: io::Error,
        /// Over which transport.
        over: Transport,
    },
}

/// Asks a server; returns by `until`.
pub(super) async fn ask(
    server: SocketAddr,
    question: &Question,
    transport: Transport,
    until: Instant,
) -> Result<Answer, Silence> {
    let answer = ask_once(server, question, transport, Extension::Offered, until).await?;
    // Servers from before EDNS answer its record with an error: ask as RFC 1035 did (RFC 6891, 7).
    let code = answer.message.metadata.response_code;
    if matches!(code, ResponseCode::FormErr | ResponseCode::NotImp) && answer.message.edns.is_none()
    {
        return ask_once(server, question, transport, Extension::Withheld, until).await;
    }
    Ok(answer)
}

/// Whether the question offers EDNS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extension {
    Offered,
    Withheld,
}

async fn ask_once(
    server: SocketAddr,
    question: &Question,
    transport: Transport,
    extension: Extension,
    until: Instant,
) -> Result<Answer, Silence> {
    let (id, bytes) = encode(question, extension)?;
    let wanted = Wanted { id, question };
    match transport {
        Transport::Udp => match over_udp(server, &bytes, &wanted, until).await? {
            Some(message) => Ok(Answer {
                message,
                truncated: false,
            }),
            None => Ok(Answer {
                message: over_tcp(server, &bytes, &wanted, until).await?,
                truncated: true,
            }),
        },
        Transport::Tcp => Ok(Answer {
            message: over_tcp(server, &bytes, &wanted, until).await?,
            truncated: false,
        }),
    }
}

fn encode(question: &Question, extension: Extension) -> Result<(u16, Vec<u8>), Silence> {
    let mut message = Message::query();
    message.metadata.recursion_desired = true;
    message.add_query(Query::query(question.name.clone(), question.ty));
    if extension == Extension::Offered {
        let mut edns = Edns::new();
        edns.set_max_payload(UDP_PAYLOAD);
        message.set_edns(edns);
    }
    let bytes = message.to_vec().map_err(|error| Silence::Io {
        error: io::Error::other(error),
        over: Transport::Udp,
    })?;
    Ok((message.metadata.id, bytes))
}

/// What an answer must carry.
struct Wanted<'a> {
    id: u16,
    question: &'a Question,
}

/// What a packet turned out to be.
enum Packet {
    Answer(Box<Message>),
    Truncated,
    Other,
    Garbage(String),
}

impl Wanted<'_> {
    fn look_at(&self, bytes: &[u8]) -> Packet {
        let Some((header, _)) = bytes.split_first_chunk::<12>() else {
            return Packet::Garbage(format!("{} bytes are no DNS message", bytes.len()));
        };
        let [id_high, id_low, flags, ..] = *header;
        if u16::from_be_bytes([id_high, id_low]) != self.id || flags & RESPONSE == 0 {
            return Packet::Other;
        }
        match Message::from_vec(bytes) {
            Ok(message) if !self.answers(&message) => Packet::Other,
            Ok(message) if message.metadata.truncation => Packet::Truncated,
            Ok(message) => Packet::Answer(Box::new(message)),
            // Some servers cut the last record in the middle.
            Err(_) if flags & TRUNCATED != 0 => Packet::Truncated,
            Err(error) => Packet::Garbage(error.to_string()),
        }
    }

    fn answers(&self, message: &Message) -> bool {
        let metadata = &message.metadata;
        if metadata.id != self.id || metadata.message_type != MessageType::Response {
            return false;
        }
        match message.queries.as_slice() {
            // Names are equal in any case of letters.
            [query] => {
                query.name() == &self.question.name
                    && query.query_type() == self.question.ty
                    && query.query_class() == DNSClass::IN
            }
            // Who cannot read the question cannot repeat it.
            [] => metadata.response_code == ResponseCode::FormErr,
            [_, _, ..] => false,
        }
    }
}

/// Asks over UDP, up to three times; `None` stands for a truncated answer.
async fn over_udp(
    server: SocketAddr,
    question: &[u8],
    wanted: &Wanted<'_>,
    until: Instant,
) -> Result<Option<Message>, Silence> {
    let io = |error| Silence::Io {
        error,
        over: Transport::Udp,
    };
    let any: IpAddr = match server {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    // The kernel picks a random port, and a connected socket hears nobody but the server.
    let socket = UdpSocket::bind((any, 0)).await.map_err(io)?;
    socket.connect(server).await.map_err(io)?;
    socket.send(question).await.map_err(io)?;

    let mut resends = resend_times(until).into_iter();
    let mut next_resend = resends.next();
    let mut buffer = vec![0_u8; usize::from(u16::MAX)];
    let mut ignored = 0;
    let mut garbage = None;
    loop {
        let received = tokio::select! {
            biased;
            received = socket.recv(&mut buffer) => received.map_err(io)?,
            () = sleep_until(next_resend.unwrap_or(until)), if next_resend.is_some() => {
                socket.send(question).await.map_err(io)?;
                next_resend = resends.next();
                continue;
            }
            () = sleep_until(until) => {
                return Err(garbage.map_or(
                    Silence::Timeout { ignored, over: Transport::Udp },
                    Silence::Garbage,
                ));
            }
        };
        match wanted.look_at(buffer.get(..received).unwrap_or_default()) {
            Packet::Answer(message) => return Ok(Some(*message)),
            Packet::Truncated => return Ok(None),
            Packet::Other => ignored += 1,
            Packet::Garbage(why) => garbage = Some(why),
        }
    }
}

/// Returns when to ask again in case a packet was lost: after a second and after three, or sooner
/// when there is less time.
fn resend_times(until: Instant) -> [Instant; 2] {
    let now = Instant::now();
    let first = (until.saturating_duration_since(now) / 5).min(Duration::from_secs(1));
    [now + first, now + 3 * first]
}

async fn over_tcp(
    server: SocketAddr,
    question: &[u8],
    wanted: &Wanted<'_>,
    until: Instant,
) -> Result<Message, Silence> {
    let exchange = async {
        let mut stream = TcpStream::connect(server).await?;
        let length = u16::try_from(question.len()).map_err(io::Error::other)?;
        let framed = [&length.to_be_bytes(), question].concat();
        stream.write_all(&framed).await?;
        let length = stream.read_u16().await?;
        let mut bytes = vec![0_u8; usize::from(length)];
        stream.read_exact(&mut bytes).await?;
        Ok(bytes)
    };
    let bytes = match timeout_at(until, exchange).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(error)) => {
            return Err(Silence::Io {
                error,
                over: Transport::Tcp,
            });
        }
        Err(_elapsed) => {
            return Err(Silence::Timeout {
                ignored: 0,
                over: Transport::Tcp,
            });
        }
    };
    match wanted.look_at(&bytes) {
        Packet::Answer(message) => Ok(*message),
        Packet::Truncated => Err(Silence::Garbage("truncated even over tcp".to_owned())),
        Packet::Other => Err(Silence::Garbage(
            "an answer over tcp to another question".to_owned(),
        )),
        Packet::Garbage(why) => Err(Silence::Garbage(why)),
    }
}

/// What fits through any path without fragments (DNS flag day 2020).
const UDP_PAYLOAD: u16 = 1232;
const RESPONSE: u8 = 0x80;
const TRUNCATED: u8 = 0x02;

#[cfg(test)]
mod tests {
    use gonogo_model::Observation;
    use hickory_resolver::proto::rr::rdata::{A, CNAME, MX, SOA};
    use hickory_resolver::proto::rr::{RData, Record};

    use super::*;
    use crate::kinds::dns::answer;

    fn name(text: &str) -> Name {
        Name::from_ascii(text).unwrap()
    }

    /// A true answer with every shape of record that is looked into.
    fn true_answer(question: &Question) -> Vec<u8> {
        let mut message = Message::response(7, hickory_resolver::proto::op::OpCode::Query);
        message.add_query(Query::query(question.name.clone(), question.ty));
        let data = [
            RData::CNAME(CNAME(name("b.test."))),
            RData::A(A([192, 0, 2, 1].into())),
            RData::MX(MX::new(10, name("mail.test."))),
            RData::SOA(SOA::new(name("a.test."), name("b.test."), 1, 2, 3, 4, 5)),
        ];
        for data in data {
            message.add_answer(Record::from_rdata(question.name.clone(), 60, data));
        }
        message.set_edns(Edns::new());
        message.to_vec().unwrap()
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(
            changes in proptest::collection::vec((0_usize..200, proptest::num::u8::ANY), 0..12),
            length in 0_usize..200,
        ) {
            let question = Question { name: name("www.test."), ty: RecordType::A };
            let mut bytes = true_answer(&question);
            for (place, byte) in changes {
                if let Some(old) = bytes.get_mut(place) {
                    *old = byte;
                }
            }
            bytes.truncate(length);
            let wanted = Wanted { id: 7, question: &question };
            if let Packet::Answer(message) = wanted.look_at(&bytes) {
                let answer = Answer { message: *message, truncated: false };
                answer::read(&question, &answer, &mut Observation::default());
            }
        }
    }
}
