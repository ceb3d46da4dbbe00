//! The probe of `redis`.

use std::sync::Arc;
use std::time::Instant;

use gonogo_kind::{BoxFuture, Probe, ProbeCx};
use gonogo_model::{Blame, Effect, Fault, Observation, Reading, Value};
use redis::{Cmd, cmd};

use super::codes;
use super::config::Target;
use super::facts::FACTS;
use super::info::{Info, record_cluster};
use super::refusal::{Refusal, out_of_place};
use super::wire::{Broken, Wire};
use crate::net::tls::{TlsOptions, fault_of_read, handshake};
use crate::net::{Net, fault_of_io, net_fault, phase_since, within};

/// Asks a server how it is.
#[derive(Debug)]
pub(super) struct Redis {
    /// Where it is, and who we are.
    pub(super) target: Target,
    /// How to secure the connection; none for plain text.
    pub(super) tls: Option<TlsOptions>,
    /// What the probes of a run share.
    pub(super) net: Arc<Net>,
}

impl Probe for Redis {
    fn effect(&self) -> Effect {
        Effect::Reads
    }

    fn subject(&self) -> String {
        let scheme = if self.tls.is_some() {
            "rediss"
        } else {
            "redis"
        };
        let Target { database, .. } = self.target;
        format!("{scheme}://{}/{database}", self.target.address())
    }

    fn origin(&self) -> Option<String> {
        Some(self.target.address())
    }

    fn observe<'a>(&'a self, cx: &'a ProbeCx) -> BoxFuture<'a, Observation> {
        Box::pin(async move {
            let mut look = Look {
                redis: self,
                cx,
                observation: Observation::default(),
                asked_for_certificate: false,
                heard: false,
            };
            if let Err(faults) = look.take().await {
                look.observation.faults.extend(faults);
            }
            let duration = cx.started().elapsed();
            look.observation.set("duration", Value::duration(duration));
            finish(look.observation)
        })
    }
}

/// One attempt.
struct Look<'a> {
    redis: &'a Redis,
    cx: &'a ProbeCx,
    observation: Observation,
    /// Whether the server asked for a certificate of ours: with TLS 1.3 it refuses us only afterwards.
    asked_for_certificate: bool,
    /// Whether the server has answered anything.
    heard: bool,
}

impl Look<'_> {
    async fn take(&mut self) -> Result<(), Vec<Fault>> {
        let mut wire = self.connect().await?;
        self.log_in(&mut wire).await.map_err(one)?;
        let answered = self.ping(&mut wire).await;
        if let Err(fault) = &answered
            && !may_still_inform(fault)
        {
            return Err(vec![fault.clone()]);
        }
        if answered.is_ok() {
            self.select(&mut wire).await.map_err(one)?;
        }
        let informed = self.inform(&mut wire).await;
        match (answered, informed) {
            // What PING was refused for is the cause; INFO only repeats it.
            (Err(cause), _) => Err(vec![cause]),
            (Ok(()), informed) => informed.map_err(one),
        }
    }

    async fn connect(&mut self) -> Result<Wire, Vec<Fault>> {
        let Redis { target, tls, net } = self.redis;
        let dialed = net
            .dial(&target.host, target.port, self.cx)
            .await
            .map_err(one)?;
        let observation = &mut self.observation;
        observation.phases.extend(dialed.phases);
        let resolve = dialed.resolve.map(|took| Value::duration(took).into());
        observation.set("timing.resolve", resolve.unwrap_or(Reading::Absent));
        observation.set("timing.connect", Value::duration(dialed.connect));
        observation.set("tls", Value::Boolean(tls.is_some()));
        let Some(options) = tls else {
            for fact in FACTS.iter().filter(|fact| fact.name.starts_with("tls.")) {
                observation.set(fact.name, Reading::Absent);
            }
            observation.set("timing.tls", Reading::Absent);
            return Ok(Wire::new(Box::new(dialed.stream)));
        };
        let begin = Instant::now();
        let secured = handshake(dialed.stream, options, net, self.cx).await;
        observation.phases.push(phase_since(begin, "tls", self.cx));
        let session = match &secured {
            Ok(secured) => Some(&secured.session),
            Err(failed) => failed.session.as_ref(),
        };
        if let Some(session) = session {
            session.record("tls.", self.cx.now(), observation);
            observation.set("timing.tls", Value::duration(session.handshake));
            observation.notes.extend(session.notes(self.cx.now()));
            self.asked_for_certificate = session.client_certificate_asked;
        }
        match secured {
            Ok(secured) => Ok(Wire::new(Box::new(secured.stream))),
            Err(failed) => Err(failed.faults),
        }
    }

    async fn log_in(&mut self, wire: &mut Wire) -> Result<(), Fault> {
        let Target { user, password, .. } = &self.redis.target;
        let Some(password) = password else {
            self.observation.set("timing.login", Reading::Absent);
            return Ok(());
        };
        let mut auth = cmd("AUTH");
        if let Some(user) = user {
            auth.arg(user);
        }
        auth.arg(password);
        let begin = Instant::now();
        let reply = self.ask(wire, &auth, "login").await?;
        self.observation
            .set("timing.login", Value::duration(begin.elapsed()));
        expect_ok(&reply, "AUTH")
    }

    async fn ping(&mut self, wire: &mut Wire) -> Result<(), Fault> {
        let begin = Instant::now();
        let reply = self.ask(wire, &cmd("PING"), "ping").await?;
        self.observation
            .set("timing.ping", Value::duration(begin.elapsed()));
        match &reply {
            redis::Value::SimpleString(text) if text == "PONG" => {
                self.observation.set("answers", Value::Boolean(true));
                Ok(())
            }
            reply => match Refusal::of(reply) {
                Some(refusal) => Err(refusal.fault("PING")),
                None => Err(out_of_place(reply, "PING")),
            },
        }
    }

    /// Proves that the database of the URL exists; number 0 always does.
    async fn select(&mut self, wire: &mut Wire) -> Result<(), Fault> {
        let database = self.redis.target.database;
        if database == 0 {
            return Ok(());
        }
        let mut select = cmd("SELECT");
        select.arg(database);
        let reply = self.ask(wire, &select, "select").await?;
        expect_ok(&reply, "SELECT")
    }

    async fn inform(&mut self, wire: &mut Wire) -> Result<(), Fault> {
        let reply = self.ask(wire, &cmd("INFO"), "info").await?;
        let info = match text_of(&reply, "INFO")? {
            Ok(text) => Info::new(&text),
            Err(refusal) => return self.not_told(&refusal, "INFO", is_of_info),
        };
        let database = self.redis.target.database;
        info.record(database, self.cx.now(), &mut self.observation);
        if info.is_loading() {
            return Err(net_fault(
                codes::LOADING,
                "INFO says that the server is loading its data set",
            ));
        }
        if !info.is_cluster() {
            for fact in FACTS.iter().filter(|fact| is_of_cluster(fact.name)) {
                self.observation.set(fact.name, Reading::Absent);
            }
            return Ok(());
        }
        let mut cluster_info = cmd("CLUSTER");
        cluster_info.arg("INFO");
        let reply = self.ask(wire, &cluster_info, "info").await?;
        match text_of(&reply, "CLUSTER INFO")? {
            Ok(text) if record_cluster(&text, &mut self.observation) => Err(net_fault(
                codes::CLUSTER_DOWN,
                "CLUSTER INFO says that the cluster does not serve all of its slots",
            )),
            Ok(_) => Ok(()),
            Err(refusal) => self.not_told(&refusal, "CLUSTER INFO", is_of_cluster),
        }
    }

    /// Says of the facts that a refused command would have given why they are not there.
    ///
    /// A command that we may not run, or that is renamed, is no fault of the subject.
    fn not_told(
        &mut self,
        refusal: &Refusal,
        command: &str,
        gives: impl Fn(&str) -> bool,
    ) -> Result<(), Fault> {
        let decl = refusal.decl();
        if decl.blame == Blame::Subject && decl != codes::ERROR {
            return Err(refusal.fault(command));
        }
        for fact in FACTS.iter().filter(|fact| gives(fact.name)) {
            if self.observation.get(fact.name).is_none() {
                let reading = Reading::Unreadable {
                    code: codes::NO_PERMISSION.into(),
                    message: refusal.told(command),
                };
                self.observation.set(fact.name, reading);
            }
        }
        Ok(())
    }

    async fn ask(
        &mut self,
        wire: &mut Wire,
        command: &Cmd,
        phase: &str,
    ) -> Result<redis::Value, Fault> {
        let begin = Instant::now();
        let reply = within(phase, self.cx, wire.ask(command)).await;
        let took = phase_since(begin, phase, self.cx);
        self.observation.phases.push(took);
        let reply = reply?.map_err(|broken| self.fault_of(broken, phase))?;
        self.heard = true;
        Ok(reply)
    }

    fn fault_of(&self, broken: Broken, phase: &str) -> Fault {
        match broken {
            Broken::NotRedis(told) => {
                let message = format!("what answers is not Redis: {told}");
                net_fault(codes::NOT_REDIS, message)
            }
            Broken::TlsAlert => {
                let message = "it answers plain text with an alert of TLS";
                net_fault(codes::NEEDS_TLS, message)
            }
            Broken::Io(error) if self.redis.tls.is_some() => {
                fault_of_read(&error, phase, self.asked_for_certificate)
            }
            Broken::Io(error) if self.heard => fault_of_io(&error, phase),
            // A server of TLS often hangs up on plain text without a word.
            Broken::Io(error) => fault_of_io(&error, phase).with_hint(
                "Does the port speak TLS? Then the URL begins with rediss://. Otherwise look at the log of the server.",
            ),
        }
    }
}

fn one(fault: Fault) -> Vec<Fault> {
    vec![fault]
}

fn expect_ok(reply: &redis::Value, command: &str) -> Result<(), Fault> {
    match reply {
        redis::Value::Okay => Ok(()),
        reply => match Refusal::of(reply) {
            Some(refusal) => Err(refusal.fault(command)),
            None => Err(out_of_place(reply, command)),
        },
    }
}

/// Returns the text of a reply, or the server's refusal to give one.
fn text_of(reply: &redis::Value, command: &str) -> Result<Result<String, Refusal>, Fault> {
    match reply {
        redis::Value::BulkString(bytes) => Ok(Ok(String::from_utf8_lossy(bytes).into_owned())),
        reply => match Refusal::of(reply) {
            Some(refusal) => Ok(Err(refusal)),
            None => Err(out_of_place(reply, command)),
        },
    }
}

/// Returns whether a server that answered PING in this way may answer INFO all the same.
fn may_still_inform(fault: &Fault) -> bool {
    [
        codes::LOADING,
        codes::MISCONF,
        codes::MASTER_DOWN,
        codes::CLUSTER_DOWN,
        codes::READ_ONLY,
        codes::OUT_OF_MEMORY,
        codes::NO_PERMISSION,
        codes::ERROR,
    ]
    .iter()
    .any(|decl| fault.code.as_str() == decl.code)
}

fn is_of_cluster(fact: &str) -> bool {
    fact.starts_with("cluster_")
}

fn is_of_info(fact: &str) -> bool {
    let of_the_connection = ["answers", "state", "tls", "duration"].contains(&fact)
        || fact.starts_with("timing.")
        || fact.starts_with("tls.");
    !of_the_connection
}

/// Says whether the server is ready, or which failure it is in.
fn finish(mut observation: Observation) -> Observation {
    let Some(cause) = observation.faults.first().cloned() else {
        observation.set("state", Value::text("ready"));
        return observation;
    };
    for (fact, value) in &cause.shows {
        observation.set(fact, value.clone());
    }
    if cause.code.blame() == Blame::Subject && observation.get("answers").is_none() {
        observation.set("answers", Value::Boolean(false));
    }
    observation
}
