//! From errors of the HTTP library to faults with a code.

use std::error::Error as _;
use std::io;

use gonogo_model::{Fault, codes as shared};

use super::codes;
use super::tap::Seen;
use crate::net::fault_of_io;
use crate::net::tls::fault_of_read;

/// What is known of an exchange when it breaks.
#[derive(Debug)]
pub(super) struct Failure {
    /// What has come in.
    pub(super) seen: Seen,
    pub(super) is_http2: bool,
    /// Whether the server asked for a certificate of ours.
    pub(super) asked_certificate: bool,
    /// How much of the body has come.
    pub(super) progress: String,
}

/// How far an exchange got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Up to the end of the head of the answer.
    Head,
    /// In its body.
    Body,
}

impl Stage {
    const fn phase(self) -> &'static str {
        match self {
            Self::Head => "first_byte",
            Self::Body => "transfer",
        }
    }
}

impl Failure {
    /// Returns the fault of an error; `end` is how the connection as a whole ended.
    pub(super) fn fault(
        &self,
        error: &hyper::Error,
        end: Option<&hyper::Error>,
        stage: Stage,
    ) -> Fault {
        // A request that was given up says nothing; the connection says why.
        let error = match end {
            Some(end) if error.is_canceled() || error.is_closed() => end,
            _ => error,
        };
        if let Some(io) = io_error(error) {
            return self.io_fault(io, stage);
        }
        if self.is_http2 {
            return self.http2_fault(error);
        }
        if error.to_string() == TOO_LARGE {
            let message =
                "the head of the answer is larger than 64 KiB or has more than 100 headers";
            return Fault::new(codes::TOO_LARGE_HEAD, message);
        }
        if error.is_incomplete_message() {
            return self.ended(stage);
        }
        if error.is_parse_status() {
            let message = format!(
                "the status is not a number from 100 to 999: \"{}\"",
                self.seen.line()
            );
            return Fault::new(codes::BAD_RESPONSE, message);
        }
        if error.is_parse_version_h2() {
            let message = "the server speaks HTTP/2 without being asked";
            return Fault::new(codes::BAD_RESPONSE, message)
                .with_hint("Say `http_version: 2`, or let the server speak HTTP/1.1 here.");
        }
        self.garbage(error, stage)
    }

    fn garbage(&self, error: &hyper::Error, stage: Stage) -> Fault {
        let bytes = self.seen.bytes();
        match bytes.as_slice() {
            [] => self.ended(stage),
            // The first bytes of an alert or handshake record of TLS.
            [0x15 | 0x16, 0x03, ..] => {
                Fault::new(codes::BAD_RESPONSE, "the port speaks TLS, not plain HTTP")
                    .with_hint("Write https:// in the url.")
            }
            bytes if bytes.starts_with(b"HTTP/") => {
                let message = format!("the head of the answer breaks the rules: {}", root(error));
                Fault::new(codes::BAD_RESPONSE, message)
            }
            _ => {
                let message = format!(
                    "the answer does not begin as HTTP does, but with \"{}\"",
                    self.seen.line()
                );
                Fault::new(codes::BAD_RESPONSE, message)
            }
        }
    }

    fn ended(&self, stage: Stage) -> Fault {
        if stage == Stage::Body {
            let message = format!(
                "the connection was closed in the body: {} had come",
                self.progress
            );
            Fault::new(codes::TRUNCATED, message)
        } else if self.seen.bytes().is_empty() {
            let message = "the server closed the connection without an answer";
            Fault::new(shared::net::CLOSED, message)
        } else {
            let message = format!(
                "the connection was closed in the head of the answer, which begins with \"{}\"",
                self.seen.line()
            );
            Fault::new(codes::TRUNCATED, message)
        }
    }

    fn io_fault(&self, error: &io::Error, stage: Stage) -> Fault {
        let is_of_tls = error
            .get_ref()
            .is_some_and(|inner| inner.is::<rustls::Error>());
        match error.kind() {
            _ if is_of_tls => fault_of_read(error, stage.phase(), self.asked_certificate),
            io::ErrorKind::UnexpectedEof => self.ended(stage),
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                let message = format!("the body breaks the rules of its framing: {error}");
                Fault::new(codes::BAD_RESPONSE, message)
            }
            _ => fault_of_io(error, stage.phase()),
        }
    }

    fn http2_fault(&self, error: &hyper::Error) -> Fault {
        let bytes = self.seen.bytes();
        if bytes.starts_with(b"HTTP/1.") {
            let message = format!("the server answers in HTTP/1: \"{}\"", self.seen.line());
            return Fault::new(codes::NO_HTTP2, message);
        }
        if bytes.is_empty() {
            let message = "the server closed the connection without an answer";
            return Fault::new(shared::net::CLOSED, message);
        }
        Fault::new(codes::HTTP2, root(error))
    }
}

fn io_error(error: &hyper::Error) -> Option<&io::Error> {
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(io) = inner.downcast_ref::<io::Error>() {
            return Some(io);
        }
        source = inner.source();
    }
    None
}

/// Returns the words of the innermost error, which say the most.
fn root(error: &hyper::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        words = inner.to_string();
        source = inner.source();
    }
    words
}

/// The library tells this error apart only for servers; a test holds it to these words.
const TOO_LARGE: &str = "message head is too large";
