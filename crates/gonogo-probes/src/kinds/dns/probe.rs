//! The probe of `dns`.

use std::net::SocketAddr;
use std::time::Duration;

use gonogo_kind::{BoxFuture, Probe, ProbeCx};
use gonogo_model::codes::net;
use gonogo_model::{Blame, Effect, Fault, Observation, Phase, Value};
use hickory_resolver::system_conf::read_system_conf;
use tokio::time::Instant;

use super::answer;
use super::codes;
use super::exchange::{Answer, Question, Silence, Transport, ask};
use super::name;
use crate::net::fault_of_io;

/// Asks one question.
#[derive(Debug)]
pub(super) struct Dns {
    /// What is asked.
    pub(super) question: Question,
    /// Who is asked.
    pub(super) servers: Servers,
    /// How it is asked.
    pub(super) transport: Transport,
}

/// Who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Servers {
    /// The servers of this machine: when they fail, nothing is known about the name.
    System,
    /// A server of the author's choice, which is a subject too.
    Named(SocketAddr),
}

impl Probe for Dns {
    fn effect(&self) -> Effect {
        Effect::Reads
    }

    fn subject(&self) -> String {
        let Question { name, ty } = &self.question;
        match self.servers {
            Servers::System => format!("{} {ty}", name::shown(name)),
            Servers::Named(server) => format!("{} {ty} at {server}", name::shown(name)),
        }
    }

    fn origin(&self) -> Option<String> {
        match self.servers {
            Servers::System => None,
            Servers::Named(server) => Some(server.to_string()),
        }
    }

    fn observe<'a>(&'a self, cx: &'a ProbeCx) -> BoxFuture<'a, Observation> {
        Box::pin(async move {
            let servers = match self.servers {
                Servers::Named(server) => Ok(vec![server]),
                Servers::System => system_servers(),
            };
            match servers {
                Ok(servers) => self.ask_all(&servers, cx).await,
                Err(fault) => Observation::fault(fault),
            }
        })
    }
}

impl Dns {
    /// Asks the servers one after another until one has something to say about the name.
    pub(super) async fn ask_all(&self, servers: &[SocketAddr], cx: &ProbeCx) -> Observation {
        let mut observation = Observation::default();
        let deadline = Instant::from_std(cx.deadline());
        let mut failures = Vec::new();
        let mut left = u32::try_from(servers.len()).unwrap_or(u32::MAX);
        for server in servers {
            let begun = Instant::now();
            let until = begun + deadline.saturating_duration_since(begun) / left.max(1);
            left = left.saturating_sub(1);
            let asked = ask(*server, &self.question, self.transport, until).await;
            let took = begun.elapsed();
            observation.phases.push(Phase {
                name: "query".to_owned(),
                start: begun
                    .into_std()
                    .saturating_duration_since(cx.started())
                    .into(),
                duration: took.into(),
            });
            observation.set("server", Value::text(server.to_string()));
            observation.set("duration", Value::duration(took));
            let failure = match asked {
                Ok(answer) if self.settles(&answer) => {
                    answer::read(&self.question, &answer, &mut observation);
                    return observation;
                }
                Ok(answer) => {
                    let said = answer::describe(&answer.message);
                    Fault::new(codes::RESOLVER_RCODE, format!("{server} answers {said}"))
                }
                Err(silence) => self.fault_of(*server, silence, until.duration_since(begun)),
            };
            failures.push(failure);
        }
        observation.faults.extend(sum_up(failures));
        observation
    }

    /// Returns whether an answer is the last word: with the servers of this machine, a failure of one
    /// of them is not.
    fn settles(&self, answer: &Answer) -> bool {
        match self.servers {
            Servers::Named(_) => true,
            Servers::System => !answer::is_server_failure(answer.message.metadata.response_code),
        }
    }

    fn fault_of(&self, server: SocketAddr, silence: Silence, patience: Duration) -> Fault {
        let fault = match silence {
            Silence::Timeout { ignored, over } => {
                let millis = (patience.as_micros() + 500) / 1000;
                let patience = Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX));
                let mut message = format!(
                    "{server} did not answer over {} within {patience:?}",
                    over.word()
                );
                if ignored > 0 {
                    message.push_str(&format!(
                        " ({ignored} packets that do not belong to the question were ignored)"
                    ));
                }
                Fault::new(codes::TIMEOUT, message)
            }
            Silence::Garbage(why) => {
                let message = format!("what {server} sends is not an answer: {why}");
                Fault::new(codes::GARBAGE, message)
            }
            Silence::Io { error, over } => {
                let fault = fault_of_io(&error, over.word());
                Fault::new(fault.code, format!("{server}: {}", fault.message))
            }
        };
        match (self.servers, fault.code.blame()) {
            // A dead resolver says nothing about the zone.
            (Servers::System, Blame::Subject) => Fault::new(net::RESOLVER, fault.message),
            (Servers::System, Blame::Us) | (Servers::Named(_), _) => fault,
        }
    }
}

/// Makes one fault of those of all servers.
fn sum_up(failures: Vec<Fault>) -> Option<Fault> {
    let told: Vec<String> = failures.iter().map(|fault| fault.message.clone()).collect();
    let mut first = failures.into_iter().next()?;
    first.message = told.join("; ");
    Some(first)
}

impl Transport {
    const fn word(self) -> &'static str {
        match self {
            Self::Udp => "udp",
            Self::Tcp => "tcp",
        }
    }
}

fn system_servers() -> Result<Vec<SocketAddr>, Fault> {
    let (config, _options) = read_system_conf().map_err(|error| {
        Fault::new(
            net::RESOLVER,
            format!("the configuration of the resolver cannot be read: {error}"),
        )
    })?;
    let servers = config.name_servers().iter().map(|server| {
        let port = server
            .connections
            .first()
            .map_or(53, |connection| connection.port);
        SocketAddr::new(server.ip, port)
    });
    Ok(servers.collect())
}
