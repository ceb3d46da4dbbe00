//! What an attempt has seen so far, and the facts it makes.
//!
//! It is filled while the attempt goes on, so that an attempt that breaks off still shows how far it got.

use std::time::Duration;

use gonogo_kind::ProbeCx;
use gonogo_model::{CodeDecl, Fault, Observation, Phase, Reading, Value};
use hyper::header::{CONTENT_TYPE, HeaderMap};
use hyper::http::response::Parts;
use hyper::{StatusCode, Version};
use url::Url;

use super::body::Body;
use super::codes;
use super::facts::FACTS;
use super::probe::Wanted;
use super::redirect::{is_redirect, location};
use crate::net::tls::TlsSession;

/// What an attempt has seen so far; of several hops, the last.
#[derive(Debug, Default)]
pub(super) struct Trace {
    pub(super) timings: Timings,
    pub(super) phases: Vec<Phase>,
    pub(super) address: Option<String>,
    pub(super) session: Option<Box<TlsSession>>,
    pub(super) head: Option<Head>,
    pub(super) body: Option<Body>,
    /// How much of the body has come, in words.
    pub(super) progress: String,
    /// The URLs that redirects led to, in order.
    pub(super) redirects: Vec<String>,
}

/// How long each part took.
#[derive(Debug, Default)]
pub(super) struct Timings {
    pub(super) resolve: Option<Duration>,
    pub(super) connect: Option<Duration>,
    pub(super) tls: Option<Duration>,
    pub(super) first_byte: Option<Duration>,
    pub(super) transfer: Option<Duration>,
}

/// The head of an answer.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) status: StatusCode,
    pub(super) version: &'static str,
    pub(super) headers: HeaderMap,
}

/// What the check is about, for the remarks.
pub(super) struct Asked<'a> {
    pub(super) url: &'a Url,
    pub(super) follows: bool,
    pub(super) wanted: Wanted,
    pub(super) body_limit: usize,
}

impl Head {
    pub(super) fn new(parts: &Parts) -> Self {
        let version = match parts.version {
            Version::HTTP_2 => "2",
            Version::HTTP_10 => "1.0",
            _ => "1.1",
        };
        Self {
            status: parts.status,
            version,
            headers: parts.headers.clone(),
        }
    }

    /// Returns the media type in small letters, without parameters.
    fn content_type(&self) -> Option<String> {
        let value = self.headers.get(CONTENT_TYPE)?;
        let text = String::from_utf8_lossy(value.as_bytes());
        let essence = text.split(';').next()?.trim().to_ascii_lowercase();
        Some(essence)
    }

    fn is_json(&self) -> bool {
        self.content_type()
            .is_some_and(|essence| essence.ends_with("/json") || essence.ends_with("+json"))
    }
}

impl Trace {
    /// Goes on to another hop: what was seen of the last is over, the time it took is not.
    pub(super) fn redirect(&mut self, url: &Url) {
        self.redirects.push(url.to_string());
        self.timings = Timings::default();
        self.address = None;
        self.session = None;
        self.head = None;
    }

    /// Returns everything that was seen, and what went wrong.
    pub(super) fn observation(
        mut self,
        faults: Vec<Fault>,
        asked: &Asked<'_>,
        cx: &ProbeCx,
    ) -> Observation {
        let mut observation = Observation {
            phases: std::mem::take(&mut self.phases),
            ..Observation::default()
        };
        self.record_head(&mut observation, asked);
        self.record_timings(&mut observation, cx);
        self.record_body(&mut observation, asked);
        self.record_session(&mut observation, cx);
        observation.faults = faults;
        observation
    }

    fn record_head(&self, observation: &mut Observation, asked: &Asked<'_>) {
        if let Some(address) = &self.address {
            observation.set("address", Value::text(address));
        }
        let Some(head) = &self.head else { return };
        let status = head.status.as_u16();
        observation.set("status", Value::integer(status));
        observation.set("version", Value::text(head.version));
        let content_type = head.content_type().map(Value::Text);
        observation.set("content_type", optional(content_type));
        observation.set("headers", headers_value(&head.headers));
        let base = self.redirects.last().and_then(|url| Url::parse(url).ok());
        let target = location(base.as_ref().unwrap_or(asked.url), &head.headers).ok();
        if let Some(target) = &target
            && is_redirect(head.status)
            && !asked.follows
        {
            let note = format!(
                "the answer redirects to {target}; `follow` says how many redirects a check follows, and the default is none"
            );
            observation.notes.push(note);
        }
        observation.set(
            "location",
            optional(target.map(|url| Value::text(url.to_string()))),
        );
        observation.set("redirects", Value::texts(self.redirects.iter().cloned()));
    }

    fn record_timings(&self, observation: &mut Observation, cx: &ProbeCx) {
        let is_over = self.body.is_some();
        let is_cut = self.body == Some(Body::TooLarge);
        if is_over {
            // Waits of our own making have moved the deadline by as much as they took.
            let excused = (cx.deadline() - cx.started()).saturating_sub(cx.timeout());
            let duration = cx.started().elapsed().saturating_sub(excused);
            let cut = || too_large("the answer was not read to its end");
            let reading = if is_cut {
                cut()
            } else {
                Value::duration(duration).into()
            };
            observation.set("duration", reading);
        }
        let timings = &self.timings;
        for (name, timing) in [
            ("timing.resolve", timings.resolve),
            ("timing.connect", timings.connect),
            ("timing.tls", timings.tls),
            ("timing.first_byte", timings.first_byte),
            ("timing.transfer", timings.transfer),
        ] {
            match timing {
                Some(_) if is_cut && name == "timing.transfer" => {
                    observation.set(name, too_large("the answer was not read to its end"));
                }
                Some(timing) => observation.set(name, Value::duration(timing)),
                None if is_over => observation.set(name, Reading::Absent),
                None => {}
            }
        }
    }

    fn record_body(&mut self, observation: &mut Observation, asked: &Asked<'_>) {
        let Some(body) = self.body.take() else { return };
        let is_json = self.head.as_ref().is_some_and(Head::is_json);
        let (size, text, json) = match body {
            Body::NotAsked => (Reading::Absent, Reading::Absent, Some(Reading::Absent)),
            Body::Whole(bytes) => {
                let json = (asked.wanted.json || is_json).then(|| json(&bytes));
                let text = String::from_utf8_lossy(&bytes);
                observation.notes.extend(self.says(&text));
                (
                    Value::size(bytes.len() as u64).into(),
                    Value::text(text).into(),
                    json,
                )
            }
            Body::TooLarge => {
                let limit = asked.body_limit;
                let reading = too_large(&format!("the body is larger than {limit} bytes"));
                (reading.clone(), reading.clone(), Some(reading))
            }
            Body::Undecoded(coding) => {
                let message = format!("the body is in the coding `{coding}`");
                let reading = unreadable(codes::UNDECODED, message);
                (reading.clone(), reading.clone(), Some(reading))
            }
        };
        observation.set("body_size", size);
        observation.set("body", text);
        if let Some(json) = json {
            observation.set("json", json);
        }
        if !asked.wanted.body {
            let note = "status only: no expectation looks at the body";
            observation.notes.push(note.to_owned());
        }
    }

    /// Returns how the body of a refusal begins: servers say there what is wrong.
    fn says(&self, text: &str) -> Option<String> {
        let status = self.head.as_ref()?.status;
        if !status.is_client_error() && !status.is_server_error() {
            return None;
        }
        let line = text.lines().find(|line| !line.trim().is_empty())?;
        let line: String = line.trim().chars().take(QUOTED).collect();
        Some(format!("the body begins with: {line}"))
    }

    fn record_session(&self, observation: &mut Observation, cx: &ProbeCx) {
        if let Some(session) = &self.session {
            session.record("tls.", cx.now(), observation);
            observation.notes.extend(session.notes(cx.now()));
        }
        if self.head.is_some() {
            // Without TLS, or without a chain to a root, we looked and it is not there.
            let missing = FACTS.iter().filter(|fact| fact.name.starts_with("tls."));
            for fact in missing {
                if observation.get(fact.name).is_none() {
                    observation.set(fact.name, Reading::Absent);
                }
            }
        }
    }
}

fn optional(value: Option<Value>) -> Reading {
    value.map_or(Reading::Absent, Reading::Value)
}

fn too_large(message: &str) -> Reading {
    unreadable(codes::BODY_TOO_LARGE, message.to_owned())
}

fn unreadable(code: &'static CodeDecl, message: String) -> Reading {
    Reading::Unreadable {
        code: code.into(),
        message,
    }
}

fn json(bytes: &[u8]) -> Reading {
    match crate::json::parse(bytes) {
        Ok(json) => Value::Json(json).into(),
        Err(why) => unreadable(codes::NOT_JSON, format!("the body is not JSON: {why}")),
    }
}

fn headers_value(headers: &HeaderMap) -> Value {
    let entry = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
        let text = String::from_utf8_lossy(value.as_bytes());
        (name.as_str().to_owned(), Value::text(text))
    };
    Value::Map(headers.iter().map(entry).collect())
}

/// How much of a body a note shows.
const QUOTED: usize = 200;
