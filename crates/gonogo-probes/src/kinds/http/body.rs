//! The body of an answer: read once, bounded, and decoded.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use gonogo_model::Fault;
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use hyper::header::{CONTENT_ENCODING, HeaderMap, HeaderName, TRANSFER_ENCODING};

use super::codes;

/// A body as the facts know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Body {
    /// The method asks for none.
    NotAsked,
    /// All of it, decoded.
    Whole(Vec<u8>),
    /// Larger than the check allows.
    TooLarge,
    /// In a coding that the check asked for and that is not decoded here.
    Undecoded(String),
}

/// What has come of a body.
#[derive(Debug, Default)]
pub(super) struct Received {
    pub(super) bytes: Vec<u8>,
    pub(super) announced: Option<u64>,
    pub(super) is_too_large: bool,
}

impl Received {
    /// Reads to the end, or to what a body of `limit` bytes can at most be sent as.
    pub(super) async fn read(&mut self, mut body: Incoming, limit: usize) -> hyper::Result<()> {
        // Compressing what cannot be compressed adds a little.
        let most = limit.saturating_add(limit / 100).saturating_add(SLACK);
        self.announced = body.size_hint().exact();
        if self.announced.is_some_and(|all| all > most as u64) {
            self.is_too_large = true;
            return Ok(());
        }
        while let Some(frame) = body.frame().await {
            // Trailers are no part of the body; hyper limits them.
            if let Ok(data) = frame?.into_data() {
                self.bytes.extend_from_slice(&data);
            }
            if self.bytes.len() > most {
                self.is_too_large = true;
                return Ok(());
            }
        }
        Ok(())
    }

    /// Says how much has come: `5 of 100 bytes`.
    pub(super) fn progress(&self) -> String {
        let came = self.bytes.len();
        match self.announced {
            Some(all) => format!("{came} of {all} bytes"),
            None => format!("{came} bytes"),
        }
    }

    /// Decodes what has come.
    ///
    /// # Errors
    ///
    /// `http/bad_encoding` when it is not what the headers say, or not what was asked for.
    pub(super) fn decode(
        self,
        headers: &HeaderMap,
        asked: &str,
        decodes: bool,
        limit: usize,
    ) -> Result<Body, Fault> {
        if self.is_too_large {
            return Ok(Body::TooLarge);
        }
        let bytes = self.bytes;
        // The HTTP library undoes `chunked` and hands over any other transfer coding as it came.
        if let Some(coding) = codings(headers, &TRANSFER_ENCODING)
            .iter()
            .find(|c| *c != "chunked")
        {
            let message = format!(
                "the body is sent in the transfer coding `{coding}`, and none was asked for"
            );
            return Err(Fault::new(codes::BAD_ENCODING, message));
        }
        let codings = codings(headers, &CONTENT_ENCODING);
        match codings.as_slice() {
            // Without content there is nothing that could be encoded.
            _ if bytes.is_empty() => Ok(Body::Whole(bytes)),
            [] if bytes.len() > limit => Ok(Body::TooLarge),
            [] => Ok(Body::Whole(bytes)),
            [coding] if is_gzip(coding) && decodes && asked.contains("gzip") => {
                gunzip(&bytes, limit)
            }
            [coding] if asks_for(asked, coding) => Ok(Body::Undecoded(coding.clone())),
            several => {
                let message = format!(
                    "the body is sent in the coding `{}`, and {}",
                    several.join(", "),
                    if asked.is_empty() {
                        "none was asked for".to_owned()
                    } else {
                        format!("`{asked}` was asked for")
                    }
                );
                Err(Fault::new(codes::BAD_ENCODING, message))
            }
        }
    }
}

fn gunzip(bytes: &[u8], limit: usize) -> Result<Body, Fault> {
    let mut decoded = Vec::new();
    let most = (limit as u64).saturating_add(1);
    let mut decoder = MultiGzDecoder::new(bytes).take(most);
    match decoder.read_to_end(&mut decoded) {
        Ok(_) if decoded.len() > limit => Ok(Body::TooLarge),
        Ok(_) => Ok(Body::Whole(decoded)),
        Err(error) => {
            let why = if error.kind() == std::io::ErrorKind::UnexpectedEof {
                "it ends too early".to_owned()
            } else {
                error.to_string()
            };
            let message = format!("the headers say gzip, and the body is not: {why}");
            Err(Fault::new(codes::BAD_ENCODING, message))
        }
    }
}

/// Returns the codings that a header lists in small letters, the first applied first.
fn codings(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    headers
        .get_all(name)
        .iter()
        .flat_map(|value| {
            let text = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
            let codings = text.split(',').map(|c| c.trim().to_owned());
            codings.collect::<Vec<_>>()
        })
        .filter(|coding| !coding.is_empty() && coding != "identity")
        .collect()
}

fn is_gzip(coding: &str) -> bool {
    matches!(coding, "gzip" | "x-gzip")
}

/// Returns whether an `accept-encoding` names a coding.
fn asks_for(asked: &str, coding: &str) -> bool {
    asked
        .split(',')
        .filter_map(|item| item.split(';').next())
        .any(|item| item.trim() == coding || item.trim() == "*")
}

const SLACK: usize = 1024;

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_body_makes_decoding_panic_or_grow(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
            looks_compressed in any::<bool>(),
            coding in "[ -~]{0,12}",
        ) {
            let mut headers = HeaderMap::new();
            let coding = if looks_compressed { "gzip" } else { &coding };
            headers.insert(CONTENT_ENCODING, HeaderValue::from_str(coding).unwrap());
            let mut body = if looks_compressed { vec![0x1f, 0x8b, 8, 0] } else { Vec::new() };
            body.extend(bytes);
            let received = Received { bytes: body, ..Received::default() };
            match received.decode(&headers, "gzip", true, 64) {
                Ok(Body::Whole(decoded)) => prop_assert!(decoded.len() <= 64),
                Ok(_) => {}
                Err(fault) => prop_assert_eq!(fault.code.as_str(), "http/bad_encoding"),
            }
        }
    }
}
