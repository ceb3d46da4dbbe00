//! The probe of `tls`.

use std::sync::Arc;

use gonogo_kind::{BoxFuture, Probe, ProbeCx};
use gonogo_model::{Effect, Fault, Observation, Value};

use crate::net::tls::{Secured, TlsOptions, TlsSession, confirm_client_auth, handshake};
use crate::net::{Net, phase_since, shown_address, state_shown};

/// Makes a handshake and looks at the certificate.
#[derive(Debug)]
pub(super) struct Tls {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) options: TlsOptions,
    pub(super) net: Arc<Net>,
}

impl Probe for Tls {
    fn effect(&self) -> Effect {
        Effect::Reads
    }

    fn subject(&self) -> String {
        let address = shown_address(&self.host, self.port);
        let name = self.options.name.to_str();
        if name == self.host {
            address
        } else {
            format!("{name} at {address}")
        }
    }

    fn origin(&self) -> Option<String> {
        Some(shown_address(&self.host, self.port))
    }

    fn observe<'a>(&'a self, cx: &'a ProbeCx) -> BoxFuture<'a, Observation> {
        Box::pin(async move {
            let mut observation = Observation::default();
            let faults = match self.look(&mut observation, cx).await {
                Ok(()) => Vec::new(),
                Err(faults) => faults,
            };
            match faults.first() {
                None => observation.set("state", Value::text("ok")),
                Some(cause) => {
                    if let Some(state) = state_shown(cause) {
                        observation.set("state", state);
                    }
                }
            }
            observation.faults = faults;
            observation
        })
    }
}

impl Tls {
    async fn look(&self, observation: &mut Observation, cx: &ProbeCx) -> Result<(), Vec<Fault>> {
        let dialed = self
            .net
            .dial(&self.host, self.port, cx)
            .await
            .map_err(|fault| vec![fault])?;
        observation.set("address", Value::text(dialed.peer.to_string()));
        observation.phases = dialed.phases;
        let begin = std::time::Instant::now();
        let result = handshake(dialed.stream, &self.options, &self.net, cx).await;
        observation.phases.push(phase_since(begin, "tls", cx));
        match result {
            Ok(Secured { stream, session }) => {
                record(&session, observation, cx);
                if session.client_certificate_asked && session.version == Some("1.3") {
                    let confirmed = confirm_client_auth(stream, cx).await;
                    confirmed.map_err(|fault| vec![fault])?;
                }
                Ok(())
            }
            Err(failed) => {
                if let Some(session) = failed.session {
                    record(&session, observation, cx);
                }
                Err(failed.faults)
            }
        }
    }
}

fn record(session: &TlsSession, observation: &mut Observation, cx: &ProbeCx) {
    if session.version.is_some() {
        observation.set("handshake", Value::duration(session.handshake));
    }
    session.record("", cx.now(), observation);
    observation.notes = session.notes(cx.now());
}
