//! The probe of `tcp`.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gonogo_kind::{BoxFuture, Probe, ProbeCx, SecretText};
use gonogo_model::{Effect, Fault, Observation, Reading, Value, codes};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::codes::LONG_BANNER;
use crate::net::{Net, fault_of_io, phase_since, within};

/// Connects to a port.
#[derive(Debug)]
pub(super) struct Tcp {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) send: Option<SecretText>,
    pub(super) wants_banner: bool,
    pub(super) net: Arc<Net>,
}

impl Probe for Tcp {
    fn effect(&self) -> Effect {
        Effect::Reads
    }

    fn subject(&self) -> String {
        crate::net::shown_address(&self.host, self.port)
    }

    fn origin(&self) -> Option<String> {
        Some(self.subject())
    }

    fn observe<'a>(&'a self, cx: &'a ProbeCx) -> BoxFuture<'a, Observation> {
        Box::pin(async move {
            let mut observation = Observation::default();
            if let Err(fault) = self.look(&mut observation, cx).await {
                observation.faults.push(fault);
            }
            observation
        })
    }
}

impl Tcp {
    async fn look(&self, observation: &mut Observation, cx: &ProbeCx) -> Result<(), Fault> {
        let dialed = match self.net.dial(&self.host, self.port, cx).await {
            Ok(dialed) => dialed,
            Err(fault) => {
                if let Some(state) = crate::net::state_shown(&fault) {
                    observation.set("state", state);
                }
                return Err(fault);
            }
        };
        observation.set("state", Value::text("open"));
        observation.set("connect", Value::duration(dialed.connect));
        observation.set("address", Value::text(dialed.peer.to_string()));
        observation.phases = dialed.phases;
        if self.wants_banner {
            self.greet(dialed.stream, observation, cx).await?;
        }
        Ok(())
    }

    /// Reads the first line. The port is open whatever comes of it, so its faults show in no `state`.
    async fn greet(
        &self,
        mut stream: TcpStream,
        observation: &mut Observation,
        cx: &ProbeCx,
    ) -> Result<(), Fault> {
        let begin = Instant::now();
        let mut line = Line::default();
        let read = async {
            if let Some(send) = &self.send {
                stream.write_all(send.text.as_bytes()).await?;
            }
            line.read(&mut stream, begin).await
        };
        let outcome = match within("banner", cx, read).await {
            Ok(read) => read.map_err(|error| fault_of_io(&error, "banner")),
            Err(timeout) => Err(timeout),
        };
        observation.phases.push(phase_since(begin, "banner", cx));
        if let Some(first_byte) = line.first_byte {
            observation.set("first_byte", Value::duration(first_byte));
        }
        if outcome.is_ok() {
            observation.set("banner", line.reading());
        }
        outcome.map_err(|fault| Fault {
            shows: Vec::new(),
            ..fault
        })?;
        if line.first_byte.is_none() {
            return Err(Fault::new(
                codes::net::CLOSED,
                "the server closed the connection without a word in phase `banner`",
            ));
        }
        Ok(())
    }
}

/// The first line of a server, as far as it came.
#[derive(Debug, Default)]
struct Line {
    bytes: Vec<u8>,
    first_byte: Option<Duration>,
}

impl Line {
    /// Reads up to the end of the line, of the stream, of the cap, or until the server pauses.
    async fn read(&mut self, stream: &mut TcpStream, begin: Instant) -> io::Result<()> {
        let mut chunk = [0; 512];
        loop {
            let length = if self.first_byte.is_none() {
                stream.read(&mut chunk).await?
            } else {
                match tokio::time::timeout(PAUSE, stream.read(&mut chunk)).await {
                    Ok(length) => length?,
                    Err(_pauses) => return Ok(()),
                }
            };
            if length == 0 {
                return Ok(());
            }
            self.first_byte.get_or_insert_with(|| begin.elapsed());
            let room = MOST_BYTES - self.bytes.len();
            let came = chunk.get(..length.min(room)).unwrap_or_default();
            let end = came.iter().position(|byte| *byte == b'\n');
            self.bytes
                .extend_from_slice(came.get(..end.unwrap_or(came.len())).unwrap_or_default());
            if end.is_some() || self.bytes.len() >= MOST_BYTES {
                return Ok(());
            }
        }
    }

    fn reading(&self) -> Reading {
        if self.first_byte.is_none() {
            return Reading::Absent;
        }
        if self.bytes.len() >= MOST_BYTES {
            return Reading::Unreadable {
                code: LONG_BANNER.into(),
                message: "the first line is longer than 4 KiB".to_owned(),
            };
        }
        let text = String::from_utf8_lossy(&self.bytes);
        Value::text(text.trim_end_matches(['\r', '\n'])).into()
    }
}

/// A server that has begun and pauses this long has said what it has to say.
const PAUSE: Duration = Duration::from_millis(250);
/// What is kept of a banner.
const MOST_BYTES: usize = 4096;
