//! The view in a pipe: a line for each finished check, as it happens, without control characters.
//!
//! ```text
//! passed    database           12ms
//! attempt   edge               5s     1 of 3, net/timeout: no answer from 10.0.0.7:443
//! failed    edge               10.2s  net/timeout: no answer from 10.0.0.7:443
//! skipped   migrations                needs/not_passed: database failed
//! ```

use std::sync::Arc;
use std::time::Duration;

use gonogo_model::{
    AttemptRecord, CheckIndex, CheckResult, Code, Decimal, Effect, Event, Id, Outcome, PlanSummary,
    PlannedCheck, Recurrence, RunHeader,
};

use crate::human::subject_of_the_run;
use crate::style::{Role, Style};
use crate::tell::Told;
use crate::text;

/// Writes a line for whatever happens in a run.
#[derive(Debug)]
pub struct Plain {
    style: Style,
    plan: Option<Arc<PlanSummary>>,
    id_columns: usize,
    checks: Vec<Progress>,
    spoke: Duration,
}

#[derive(Debug, Clone, Default)]
struct Progress {
    running_since: Option<Decimal>,
    done: bool,
    /// What was last written of the check; with `--wait` only what is new is written.
    written: Option<(Outcome, Option<Code>)>,
}

impl Plain {
    /// Returns a view that has written nothing yet.
    #[must_use]
    pub fn new(style: &Style) -> Self {
        Self {
            style: *style,
            plan: None,
            id_columns: 0,
            checks: Vec::new(),
            spoke: Duration::ZERO,
        }
    }

    /// Returns the lines for an event, each with its end; often there is nothing to say.
    pub fn on_event(&mut self, event: &Event) -> String {
        let line = match event {
            Event::RunStarted { header, plan, .. } => self.begin(header, plan),
            Event::RoundStarted { round, checks, .. } => self.round(*round, checks),
            Event::CheckStarted { at, check } => {
                if let Some(progress) = self.checks.get_mut(check.as_usize()) {
                    progress.running_since = Some(at.elapsed.clone());
                }
                return String::new();
            }
            Event::AttemptFinished { check, attempt, .. } => self.attempt(*check, attempt),
            Event::CheckFinished { at, check, result } => {
                self.finished(*check, result, &at.elapsed)
            }
            Event::Interrupted { signal, .. } => {
                let signal = text::line(signal, 20, self.style.ellipsis());
                let what = format!("by {signal}: what runs is given up, what waits is skipped");
                Some(self.line("stopped", Role::Notice, "", "", &what))
            }
            Event::RunFinished { .. } => None,
        };
        match line {
            Some(line) => {
                self.spoke = at(event);
                line + "\n"
            }
            None => String::new(),
        }
    }

    /// Returns a line that says what the run waits for, when nothing was said for half a minute.
    pub fn idle(&mut self, elapsed: Duration) -> Option<String> {
        if elapsed.saturating_sub(self.spoke) < SILENCE {
            return None;
        }
        self.spoke = elapsed;
        let plan = self.plan.as_deref()?;
        let states = plan.checks.iter().zip(&self.checks);
        let running: Vec<&Id> = states
            .clone()
            .filter(|(_, progress)| progress.running_since.is_some())
            .map(|(check, _)| &check.id)
            .collect();
        let open = states.filter(|(_, progress)| !progress.done).count();
        let mut what = format!("{} not finished", text::count(open, "check"));
        if !running.is_empty() {
            let names = crate::human::names(&running, NAMES);
            what.push_str(&format!(", running: {names}"));
        }
        let time = text::took(&Decimal::from(Duration::from_secs(elapsed.as_secs())));
        Some(self.line("waiting", Role::Faint, "", &time, &what) + "\n")
    }

    fn begin(&mut self, header: &RunHeader, plan: &Arc<PlanSummary>) -> Option<String> {
        let widths = plan
            .checks
            .iter()
            .map(|check| text::width(check.id.as_str()));
        self.id_columns = widths.max().unwrap_or(0).min(MOST_ID_COLUMNS) + 2;
        self.checks = vec![Progress::default(); plan.checks.len()];
        self.plan = Some(Arc::clone(plan));
        let subject = subject_of_the_run(header, &plan.selection, &self.style);
        let file = text::line(&header.file, 200, self.style.ellipsis());
        let checks = text::count(plan.checks.len(), "check");
        Some(format!("checking  {subject}  {checks} of {file}"))
    }

    fn round(&mut self, round: u32, checks: &[CheckIndex]) -> Option<String> {
        for index in checks {
            if let Some(progress) = self.checks.get_mut(index.as_usize()) {
                progress.done = false;
            }
        }
        if round < 2 {
            return None;
        }
        let plan = self.plan.as_deref()?;
        let ids: Vec<&Id> = checks
            .iter()
            .filter_map(|index| plan.checks.get(index.as_usize()))
            .map(|check| &check.id)
            .collect();
        let names = crate::human::names(&ids, NAMES);
        let what = format!(
            "{round}, {} again: {names}",
            text::count(ids.len(), "check")
        );
        Some(format!("{}{what}", self.word("round", Role::Faint)))
    }

    fn attempt(&self, index: CheckIndex, attempt: &AttemptRecord) -> Option<String> {
        let check = self.planned(index)?;
        if check.attempts < 2 && check.consecutive < 2 || attempt.number >= check.attempts {
            return None;
        }
        let code = attempt.code.as_ref();
        let is_last = check.effect != Effect::Reads
            || code.is_some_and(|code| code.recurrence() == Recurrence::Permanent);
        // The line of the finished check says the same.
        if attempt.outcome.satisfies() || is_last {
            return None;
        }
        let told = Told {
            outcome: attempt.outcome,
            code: attempt.code.as_ref(),
            message: attempt.message.as_deref(),
            findings: &[],
        };
        let told = told.line(MESSAGE, self.style.ellipsis());
        let what = format!("{} of {}, {told}", attempt.number, check.attempts);
        let time = text::took(&attempt.duration);
        Some(self.line("attempt", Role::Notice, check.id.as_str(), &time, &what))
    }

    fn finished(
        &mut self,
        index: CheckIndex,
        result: &CheckResult,
        now: &Decimal,
    ) -> Option<String> {
        let progress = self.checks.get_mut(index.as_usize())?;
        let since = progress.running_since.take();
        progress.done = true;
        let news = (result.outcome, result.code.clone());
        if progress.written.as_ref() == Some(&news) {
            return None;
        }
        progress.written = Some(news);
        let time = since.map_or_else(String::new, |since| text::took(&now.minus(&since)));
        let told = Told {
            outcome: result.outcome,
            code: result.code.as_ref(),
            message: result.message.as_deref(),
            findings: &result.findings,
        };
        let mut what = told.line(MESSAGE, self.style.ellipsis());
        if result.flaky {
            what = format!("flaky {what}");
        }
        let id = self.planned(index)?.id.clone();
        let (word, role) = (result.outcome.as_str(), Role::of(result.outcome));
        Some(self.line(word, role, id.as_str(), &time, &what))
    }

    fn planned(&self, index: CheckIndex) -> Option<&PlannedCheck> {
        self.plan.as_deref()?.checks.get(index.as_usize())
    }

    fn line(&self, word: &str, role: Role, id: &str, time: &str, what: &str) -> String {
        let id = pad(id, self.id_columns);
        let time = pad(time, TIME);
        let line = format!("{}{id}{time}{what}", self.word(word, role));
        line.trim_end().to_owned()
    }

    fn word(&self, word: &str, role: Role) -> String {
        let gap = " ".repeat(WORD.saturating_sub(word.len()));
        self.style.paint(role, word) + &gap
    }
}

/// Pads to columns; what is wider gets two spaces after it.
fn pad(text: &str, columns: usize) -> String {
    let width = text::width(text);
    let gap = if width + 2 > columns && width > 0 {
        2
    } else {
        columns - width
    };
    format!("{text}{}", " ".repeat(gap))
}

fn at(event: &Event) -> Duration {
    let (Event::RunStarted { at, .. }
    | Event::RoundStarted { at, .. }
    | Event::CheckStarted { at, .. }
    | Event::AttemptFinished { at, .. }
    | Event::CheckFinished { at, .. }
    | Event::Interrupted { at, .. }
    | Event::RunFinished { at }) = event;
    Duration::try_from_secs_f64(at.elapsed.approximate()).unwrap_or_default()
}

const WORD: usize = 10;
const TIME: usize = 9;
const MOST_ID_COLUMNS: usize = 40;
const MESSAGE: usize = 300;
const NAMES: usize = 12;
const SILENCE: Duration = Duration::from_secs(30);
