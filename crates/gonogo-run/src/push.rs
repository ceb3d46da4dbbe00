//! Outputs that a server takes: metrics for a Pushgateway, a trace for a collector.
//!
//! # Invariants
//!
//! - What was not taken whole, and said to be, is an output that was not written.
//! - A push ends by its deadline; no redirect is followed, and nothing of an answer is obeyed.
//! - Of a URL only scheme, host and port are shown: user, password, path and query may be secret.

#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gonogo_kind::{ProbeCx, RootsSource};
use gonogo_model::codes::output::NOT_TAKEN;
use gonogo_model::{Fault, Redactor, RedactorBuilder};
use gonogo_probes::Net;
use gonogo_probes::api::{Answer, Client, Method, Request, Target};
use gonogo_report::{Format, View};
use serde_json::Value as Json;
use url::Url;

use crate::output::Unwritten;

/// A server that takes a format.
#[derive(Clone, PartialEq, Eq)]
pub struct Push {
    target: Target,
    protocol: Protocol,
    /// Hides the password of the URL; none where so much of the URL is secret that no answer is quoted.
    quoting: Option<Quoting>,
}

/// How a format is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Pushgateway,
    Collector,
}

/// What an answer that is quoted must not show.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Quoting {
    secrets: Vec<String>,
}

impl Push {
    /// Reads where a format is to be sent: a URL, or `env:NAME` for one that stands in the environment; nothing for a
    /// path of a file.
    ///
    /// # Errors
    ///
    /// What is wrong with it, as a fragment that does not repeat it.
    pub fn parse(
        format: &Format,
        text: &str,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, String> {
        let named = text.strip_prefix("env:");
        if named.is_none() && !is_url(text) {
            return Ok(None);
        }
        let Some(protocol) = Protocol::of(format) else {
            return Err(format!(
                "`{}` is written to a file; only `otlp` and `prometheus` go to a URL",
                format.name
            ));
        };
        let secret = named.map(|name| {
            let value = env(name).filter(|value| !value.is_empty());
            value.ok_or_else(|| format!("the environment has no {name}, or it is empty"))
        });
        let secret = secret.transpose()?;
        let url = secret.as_deref().unwrap_or(text);
        let target = Target::parse(url)?;
        let url = Url::parse(url).map_err(|_| "expected a URL".to_owned())?;
        if matches!(url.path(), "" | "/") {
            return Err(format!("the URL has no path; {}", protocol.path()));
        }
        let quoting = (secret.is_none() && url.query().is_none()).then(|| Quoting::of(&url));
        Ok(Some(Self {
            target,
            protocol,
            quoting: quoting.flatten(),
        }))
    }

    /// Sends a report.
    pub(crate) fn send(&self, format: &Format, view: &View<'_>) -> Result<(), Unwritten> {
        self.send_within(DEADLINE, &RootsSource::system(), &format.render(view))
            .map_err(|why| Unwritten {
                path: PathBuf::from(self.target.to_string()),
                code: NOT_TAKEN.into(),
                error: io::Error::other(why),
            })
    }

    fn send_within(&self, time: Duration, roots: &RootsSource, bytes: &[u8]) -> Result<(), String> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| format!("cannot start: {error}"))?;
        let client = Client::new(Net::new(), Arc::new(roots.clone()));
        let cx = ProbeCx::new(Instant::now(), time, jiff::Timestamp::now(), 1);
        let sent = runtime.block_on(async {
            for request in self.requests(bytes) {
                let told = |fault: Fault| format!("{}: {}", fault.code, fault.message);
                let answer = client.send(&request, &cx).await.map_err(told)?;
                self.taken(answer)?;
            }
            Ok(())
        });
        // A lookup of the system that hangs must not keep the verdict from being told.
        runtime.shutdown_background();
        sent
    }

    /// Returns what is sent, one after the other.
    fn requests(&self, bytes: &[u8]) -> Vec<Request> {
        let target = || self.target.clone();
        let requests = match self.protocol {
            Protocol::Pushgateway => vec![Request {
                // PUT takes away what an earlier run left under the same path, POST would not.
                method: Method::Put,
                ..Request::post(target(), "text/plain; version=0.0.4", bytes.to_vec())
            }],
            Protocol::Collector => bytes
                .split_inclusive(|byte| *byte == b'\n')
                .map(|line| Request::post(target(), "application/json", line.to_vec()))
                .collect(),
        };
        let limited = requests.into_iter().map(|request| request.limit(MOST));
        limited.collect()
    }

    /// Reads what the server says of what it was sent.
    fn taken(&self, answer: Answer) -> Result<(), String> {
        let status = answer.status;
        if !(200..=299).contains(&status) {
            let quoted = self.quoted(answer.beginning());
            let why = match status {
                300..=399 => "a redirect, and none is followed",
                401 | 403 => "the user or password is missing or wrong",
                404 | 405 => self.protocol.path(),
                _ => "",
            };
            let parts = [&format!("answered with status {status}"), why, &*quoted];
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            return Err(parts.join(": "));
        }
        let body = answer
            .whole()
            .map_err(|fault| format!("{}: {}", fault.code, fault.message))?;
        match self.protocol {
            Protocol::Pushgateway => Ok(()),
            Protocol::Collector => self.collected(&body),
        }
    }

    /// A collector may answer with 200 and have thrown spans away.
    fn collected(&self, body: &[u8]) -> Result<(), String> {
        if body.trim_ascii().is_empty() {
            return Ok(());
        }
        let Ok(Json::Object(answer)) = serde_json::from_slice(body) else {
            return Err("what answered is no collector: expected a JSON object".to_owned());
        };
        let partial = answer.get("partialSuccess");
        let rejected = match partial.and_then(|partial| partial.get("rejectedSpans")) {
            None | Some(Json::Null) => return Ok(()),
            Some(Json::String(number)) => number.clone(),
            Some(number) => number.to_string(),
        };
        if rejected == "0" {
            return Ok(());
        }
        let why = partial.and_then(|partial| partial.get("errorMessage"));
        let why = why.and_then(Json::as_str).unwrap_or_default();
        let rejected = self.quoted(rejected.as_bytes());
        let why = self.quoted(why.as_bytes());
        Err(format!("spans that were not taken: {rejected}: {why}"))
    }

    /// Returns the beginning of an answer, fit to be shown.
    fn quoted(&self, answer: &[u8]) -> String {
        let Some(quoting) = &self.quoting else {
            return String::new();
        };
        let text = String::from_utf8_lossy(answer);
        let text = quoting.redactor().redact(text.trim()).into_owned();
        let cut: String = text.chars().take(QUOTED).collect();
        gonogo_report::escape(&cut).into_owned()
    }
}

impl fmt::Debug for Push {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Push({})", self.target)
    }
}

impl Protocol {
    fn of(format: &Format) -> Option<Self> {
        match format.name {
            "prometheus" => Some(Self::Pushgateway),
            "otlp" => Some(Self::Collector),
            _ => None,
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Pushgateway => "a Pushgateway takes metrics at /metrics/job/NAME",
            Self::Collector => "a collector takes traces at /v1/traces",
        }
    }
}

impl Quoting {
    /// Returns what is secret in a URL; nothing when it is too short to be looked for.
    fn of(url: &Url) -> Option<Self> {
        let decoded = |text: &str| {
            let bytes = percent_encoding::percent_decode_str(text);
            bytes.decode_utf8_lossy().into_owned()
        };
        let (user, password) = (decoded(url.username()), url.password().map(decoded));
        let mut secrets = Vec::new();
        if !user.is_empty() || password.is_some() {
            let header = format!("{user}:{}", password.as_deref().unwrap_or_default());
            secrets.push(STANDARD.encode(header));
            secrets.push(password.unwrap_or(user));
        }
        let quoting = Self { secrets };
        let is_long = |secret: &String| RedactorBuilder::default().secret(secret).is_ok();
        quoting.secrets.iter().all(is_long).then_some(quoting)
    }

    fn redactor(&self) -> Redactor {
        let mut builder = RedactorBuilder::default();
        for secret in &self.secrets {
            // Each was tried when the URL was read.
            let _long_enough = builder.secret(secret);
        }
        builder.build()
    }
}

/// Returns whether a text begins with a scheme: no path of a file does unless somebody means harm.
fn is_url(text: &str) -> bool {
    let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(is_scheme)
}

/// How long a push may take, with all its requests.
const DEADLINE: Duration = Duration::from_secs(10);
/// How much of an answer is read, in bytes.
const MOST: usize = 64 * 1024;
/// How much of an answer is shown, in characters.
const QUOTED: usize = 300;
