//! The probe of `postgres`.

use std::sync::Arc;
use std::time::Instant;

use gonogo_kind::{BoxFuture, Probe, ProbeCx, RootsSource};
use gonogo_model::{Blame, Effect, Fault, Observation, Reading, Value};

use super::faults::faults_of;
use super::{codes, facts, status};
use crate::net::tls::Identity;
use crate::net::{Net, phase_since};
use crate::sql::{MAX_ROWS, Opened, Rows, SearchPath, Session, SqlError, Target};

/// Looks at a PostgreSQL server and a database of it.
#[derive(Debug)]
pub(super) struct PostgresProbe {
    pub(super) target: Target,
    pub(super) roots: Arc<RootsSource>,
    pub(super) identity: Option<Identity>,
    pub(super) query: Option<String>,
    pub(super) query_wanted: bool,
    pub(super) net: Arc<Net>,
}

impl Probe for PostgresProbe {
    fn effect(&self) -> Effect {
        Effect::Reads
    }

    fn subject(&self) -> String {
        format!("postgres://{}", self.target.shown())
    }

    fn origin(&self) -> Option<String> {
        Some(self.target.place.to_string())
    }

    fn observe<'a>(&'a self, cx: &'a ProbeCx) -> BoxFuture<'a, Observation> {
        Box::pin(async move {
            let mut observation = Observation::default();
            if let Err(faults) = self.look(cx, &mut observation).await {
                blame(faults, &mut observation);
            }
            observation
        })
    }
}

impl PostgresProbe {
    async fn look(&self, cx: &ProbeCx, observation: &mut Observation) -> Result<(), Vec<Fault>> {
        let mut opened = Opened::default();
        let session = Session::open(
            &self.target,
            &self.roots,
            self.identity.as_ref(),
            &self.net,
            cx,
            &mut opened,
        )
        .await;
        record_opening(opened, cx, observation);
        let mut session = session.map_err(faults_of)?;
        observation.set("tls", Value::Boolean(session.is_secured()));

        session
            .begin(SearchPath::Ours, cx)
            .await
            .map_err(faults_of)?;
        let answer = session.ask(status::QUESTION, cx).await.map_err(faults_of)?;
        session.rollback(cx).await.map_err(faults_of)?;
        let [row] = answer.as_slice() else {
            let rows = answer.len();
            let message = format!("the server tells about itself in {rows} rows, expected one");
            return Err(vec![Fault::new(codes::UNREADABLE, message)]);
        };
        observation.set("answers", Value::Boolean(true));
        status::record(row, observation);

        match &self.query {
            None => {
                for fact in facts::OF_QUERY {
                    observation.set(fact, Reading::Absent);
                }
            }
            Some(query) => {
                let begin = Instant::now();
                let rows = ask(&mut session, query, cx).await;
                observation.phases.push(phase_since(begin, "query", cx));
                observation.set("timing.query", Value::duration(begin.elapsed()));
                record_rows(rows.map_err(faults_of)?, observation);
                if !self.query_wanted {
                    let note = "no expectation looks at the rows of the query";
                    observation.notes.push(note.to_owned());
                }
            }
        }
        observation.set("duration", Value::duration(cx.started().elapsed()));
        session.close(cx).await;
        Ok(())
    }
}

/// Asks the question of the gate in a transaction of its own, with the role's own search path.
async fn ask(session: &mut Session, query: &str, cx: &ProbeCx) -> Result<Rows, SqlError> {
    session.begin(SearchPath::Theirs, cx).await?;
    let rows = session.ask_foreign(query, cx).await?;
    session.rollback(cx).await?;
    Ok(rows)
}

/// Records how far the session came, and how long each part took.
fn record_opening(opened: Opened, cx: &ProbeCx, observation: &mut Observation) {
    let came_to_login = opened.phases.iter().any(|phase| phase.name == "login");
    for name in ["resolve", "connect", "tls", "login"] {
        let fact = format!("timing.{name}");
        match opened.phases.iter().find(|phase| phase.name == name) {
            Some(phase) => observation.set(&fact, Value::Duration(phase.duration.clone())),
            None if came_to_login => observation.set(&fact, Reading::Absent),
            // What kept it from coming so far is told by the fault.
            None => {}
        }
    }
    observation.phases = opened.phases;
    if let Some(tls) = &opened.tls {
        tls.record("tls.", cx.now(), observation);
        observation.notes.extend(tls.notes(cx.now()));
    } else if came_to_login {
        let of_tls = facts::FACTS
            .iter()
            .filter(|fact| fact.name.starts_with("tls."));
        for fact in of_tls {
            observation.set(fact.name, Reading::Absent);
        }
    }
}

fn record_rows(answer: Rows, observation: &mut Observation) {
    let first = answer.rows.first().and_then(|row| row.as_object());
    let value = first.and_then(|row| row.values().next()).cloned();
    observation.set(
        "value",
        value.map_or(Reading::Absent, |value| Value::Json(value).into()),
    );
    if answer.more {
        for fact in ["rows", "row_count"] {
            let unreadable = Reading::Unreadable {
                code: codes::ANSWER_TOO_LARGE.into(),
                message: format!("the query gives more than {MAX_ROWS} rows"),
            };
            observation.set(fact, unreadable);
        }
        return;
    }
    let count = u64::try_from(answer.rows.len()).unwrap_or(u64::MAX);
    observation.set("row_count", Value::integer(count));
    observation.set("rows", Value::Json(answer.rows.into()));
}

/// Records what went wrong; facts that were not read until then are left out, and count as unreadable.
fn blame(faults: Vec<Fault>, observation: &mut Observation) {
    let is_theirs = faults
        .first()
        .is_some_and(|cause| cause.code.blame() == Blame::Subject);
    if is_theirs && observation.get("answers").is_none() {
        observation.set("answers", Value::Boolean(false));
    }
    observation.faults = faults;
}
