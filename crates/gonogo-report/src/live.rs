//! The live view on a terminal: never higher than the screen, drawn over itself, gone at the end.

use std::sync::Arc;
use std::time::Duration;

use gonogo_model::{
    CheckIndex, Decimal, Event, GroupState, Id, Outcome, PlanSummary, PlannedCheck, RunHeader,
    Tally, quantity,
};

use crate::human::subject_of_the_run;
use crate::style::{Role, Style};
use crate::tell::Told;
use crate::text;

/// Draws a run while it goes on.
#[derive(Debug)]
pub struct Live {
    style: Style,
    deadline: Option<Duration>,
    header: Arc<RunHeader>,
    plan: Arc<PlanSummary>,
    checks: Vec<Progress>,
    /// The places of finished checks that are not in order, in the order in which they ended.
    bad: Vec<usize>,
    id_columns: usize,
    round: u32,
    stopping: Option<String>,
    /// The columns of each line that stands on the screen.
    drawn: Vec<usize>,
}

#[derive(Debug, Clone, Default)]
struct Progress {
    state: State,
    /// What the last attempt that did not pass said.
    last: Option<String>,
    attempts: u32,
    outcome: Option<Outcome>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Waiting,
    Running(Duration),
    Done,
}

impl Live {
    /// Returns a view that has drawn nothing yet; `deadline` is that of the whole run.
    #[must_use]
    pub fn new(style: &Style, deadline: Option<Duration>) -> Self {
        Self {
            style: *style,
            deadline,
            header: Arc::default(),
            plan: Arc::new(PlanSummary {
                digest: String::new(),
                checks: Vec::new(),
                groups: Vec::new(),
                excluded: Vec::new(),
                selection: gonogo_model::Selection::default(),
            }),
            checks: Vec::new(),
            bad: Vec::new(),
            id_columns: 0,
            round: 1,
            stopping: None,
            drawn: Vec::new(),
        }
    }

    /// Takes an event in; the next frame shows it.
    pub fn on_event(&mut self, event: &Event) {
        match event {
            Event::RunStarted { header, plan, .. } => {
                self.header = Arc::clone(header);
                self.plan = Arc::clone(plan);
                self.checks = vec![Progress::default(); plan.checks.len()];
                let ids = plan
                    .checks
                    .iter()
                    .map(|check| text::width(check.id.as_str()));
                self.id_columns = ids.max().unwrap_or(0).min(MOST_ID_COLUMNS) + 2;
            }
            Event::RoundStarted { round, checks, .. } => {
                self.round = *round;
                for index in checks {
                    if let Some(progress) = self.checks.get_mut(index.as_usize()) {
                        progress.state = State::Waiting;
                        progress.attempts = 0;
                    }
                    self.bad.retain(|place| *place != index.as_usize());
                }
            }
            Event::CheckStarted { at, check } => {
                let since = Duration::try_from_secs_f64(at.elapsed.approximate());
                if let Some(progress) = self.checks.get_mut(check.as_usize()) {
                    progress.state = State::Running(since.unwrap_or_default());
                }
            }
            Event::AttemptFinished { check, attempt, .. } => {
                let told = Told {
                    outcome: attempt.outcome,
                    code: attempt.code.as_ref(),
                    message: attempt.message.as_deref(),
                    findings: &[],
                };
                let told = told.line(MESSAGE, self.style.ellipsis());
                if let Some(progress) = self.checks.get_mut(check.as_usize()) {
                    progress.attempts = attempt.number;
                    if !attempt.outcome.satisfies() {
                        progress.last = Some(told);
                    }
                }
            }
            Event::CheckFinished { check, result, .. } => {
                let told = Told {
                    outcome: result.outcome,
                    code: result.code.as_ref(),
                    message: result.message.as_deref(),
                    findings: &result.findings,
                };
                let told = told.line(MESSAGE, self.style.ellipsis());
                self.finished(*check, result.outcome, told);
            }
            Event::Interrupted { signal, .. } => {
                self.stopping = Some(text::line(signal, 20, self.style.ellipsis()));
            }
            Event::RunFinished { .. } => {}
        }
    }

    fn finished(&mut self, check: CheckIndex, outcome: Outcome, told: String) {
        let place = check.as_usize();
        if let Some(progress) = self.checks.get_mut(place) {
            progress.state = State::Done;
            progress.outcome = Some(outcome);
            progress.last = Some(told);
            self.bad.retain(|known| *known != place);
            if matches!(outcome, Outcome::Failed | Outcome::Unknown) {
                self.bad.push(place);
            }
        }
    }

    /// Returns what brings the screen up to date: it moves over the frame before and replaces it.
    ///
    /// No line is wider than `width`, and there are fewer lines than `height`.
    pub fn frame(&mut self, elapsed: Duration, width: usize, height: usize) -> String {
        let erased = self.erase(width);
        // The cursor rests on the line below the frame.
        let room = height.saturating_sub(1);
        let width = width.saturating_sub(1);
        let mut rows = self.rows(elapsed, room);
        rows.truncate(room);
        let mut frame = erased;
        for row in &rows {
            let (line, columns) = row.draw(&self.style, width);
            frame.push_str(&line);
            frame.push('\n');
            self.drawn.push(columns);
        }
        frame
    }

    /// Returns what takes the view off the screen.
    pub fn clear(&mut self) -> String {
        self.erase(usize::MAX)
    }

    /// Moves to the start of the frame before and clears from there on.
    ///
    /// A line that was drawn on a wider screen takes several rows of a narrower one.
    fn erase(&mut self, width: usize) -> String {
        let rows: usize = self
            .drawn
            .drain(..)
            .map(|columns| columns.div_ceil(width.max(1)).max(1))
            .sum();
        if rows == 0 {
            return String::new();
        }
        format!("\r\u{1b}[{rows}A\u{1b}[J")
    }

    fn rows(&self, elapsed: Duration, room: usize) -> Vec<Row> {
        let mut rows = vec![self.headline(elapsed)];
        let room = room.saturating_sub(1);
        let running = self.running(elapsed);
        let waiting = self.waiting();
        let bad = self.bad.len().min(room / 3);
        let waits = waiting.len().min(room / 4);
        let runs = room.saturating_sub(bad + waits);
        rows.extend(folded(running, runs, "running"));
        rows.extend(folded(waiting, waits, "waiting"));
        let newest = self.bad.iter().rev().take(bad);
        rows.extend(newest.filter_map(|place| self.ended(*place)));
        rows
    }

    fn headline(&self, elapsed: Duration) -> Row {
        let done = self
            .checks
            .iter()
            .filter(|c| c.state == State::Done)
            .count();
        let mut counts: Vec<String> = Vec::new();
        for outcome in [
            Outcome::Failed,
            Outcome::Unknown,
            Outcome::Skipped,
            Outcome::Passed,
        ] {
            let is = |progress: &&Progress| {
                progress.state == State::Done
                    && (progress.outcome == Some(outcome)
                        || outcome == Outcome::Passed
                            && progress.outcome.is_some_and(Outcome::satisfies))
            };
            let count = self.checks.iter().filter(is).count();
            if count > 0 {
                counts.push(format!("{count} {outcome}"));
            }
        }
        let mut time = seconds(elapsed);
        if let Some(deadline) = self.deadline {
            let left = deadline.saturating_sub(elapsed);
            time.push_str(&format!(", {} left", seconds(left)));
        }
        if self.round > 1 {
            time.push_str(&format!(", round {}", self.round));
        }
        let mut parts = vec![format!(
            "{done} of {}",
            text::count(self.checks.len(), "check")
        )];
        if !counts.is_empty() {
            parts.push(counts.join(", "));
        }
        parts.push(time);
        if let Some(signal) = &self.stopping {
            parts.push(format!("stopping after {signal}"));
        }
        parts.push(subject_of_the_run(
            &self.header,
            &self.plan.selection,
            &self.style,
        ));
        Row {
            role: Role::Name,
            word: parts.remove(0),
            name: parts.join("  "),
            text: String::new(),
            columns: 0,
        }
    }

    /// Returns the running checks, the longest first.
    fn running(&self, elapsed: Duration) -> Vec<Row> {
        let mut running: Vec<(Duration, &PlannedCheck, &Progress)> = self
            .states()
            .filter_map(|(check, progress)| match progress.state {
                State::Running(since) => Some((since, check, progress)),
                State::Waiting | State::Done => None,
            })
            .collect();
        running.sort_by_key(|(since, _, _)| *since);
        let columns = self.id_columns;
        let row = |(since, check, progress): (Duration, &PlannedCheck, &Progress)| {
            let mut text = seconds(elapsed.saturating_sub(since));
            if progress.attempts > 0 && check.attempts > 1 {
                let next = (progress.attempts + 1).min(check.attempts);
                text.push_str(&format!("  attempt {next} of {}", check.attempts));
            }
            if let Some(last) = progress.last.as_deref().filter(|last| !last.is_empty()) {
                text.push_str(&format!("  last: {last}"));
            }
            Row {
                role: Role::Advice,
                word: "running".to_owned(),
                name: check.id.to_string(),
                text,
                columns,
            }
        };
        running.into_iter().map(row).collect()
    }

    /// Returns the checks that have not started, with what they wait for.
    fn waiting(&self) -> Vec<Row> {
        let columns = self.id_columns;
        let waiting = self.states().filter(|(_, p)| p.state == State::Waiting);
        let unmet = |check: &'_ PlannedCheck| -> Vec<Id> {
            let needs = check.needs.iter().filter(|id| !self.is_met(id));
            needs.cloned().collect()
        };
        let mut waiting: Vec<(&PlannedCheck, Vec<Id>)> =
            waiting.map(|(check, _)| (check, unmet(check))).collect();
        waiting.sort_by_key(|(_, needs)| needs.is_empty());
        let row = |(check, needs): (&PlannedCheck, Vec<Id>)| {
            let needs: Vec<&Id> = needs.iter().collect();
            let text = if needs.is_empty() {
                "for its turn".to_owned()
            } else {
                format!("for {}", crate::human::names(&needs, 4))
            };
            Row {
                role: Role::Faint,
                word: "waiting".to_owned(),
                name: check.id.to_string(),
                text,
                columns,
            }
        };
        waiting.into_iter().map(row).collect()
    }

    fn ended(&self, place: usize) -> Option<Row> {
        let (check, progress) = (self.plan.checks.get(place)?, self.checks.get(place)?);
        let outcome = progress.outcome?;
        Some(Row {
            role: Role::of(outcome),
            word: outcome.to_string(),
            name: check.id.to_string(),
            text: progress.last.clone().unwrap_or_default(),
            columns: self.id_columns,
        })
    }

    fn states(&self) -> impl Iterator<Item = (&PlannedCheck, &Progress)> {
        self.plan.checks.iter().zip(&self.checks)
    }

    /// Returns whether a needed check or group is done and lets its dependents start.
    fn is_met(&self, id: &Id) -> bool {
        let outcome = |place: usize| {
            let progress = self.checks.get(place)?;
            progress.outcome.filter(|_| progress.state == State::Done)
        };
        if let Some(group) = self.plan.groups.iter().find(|group| group.id == *id) {
            let tally = Tally::of(group.members.iter().map(|m| outcome(m.as_usize())));
            return tally.state(group.quorum) == GroupState::Met;
        }
        let place = self.plan.checks.iter().position(|check| check.id == *id);
        place.and_then(outcome).is_some_and(Outcome::satisfies)
    }
}

/// One line of the view.
#[derive(Debug)]
struct Row {
    role: Role,
    word: String,
    name: String,
    text: String,
    /// The columns of the name; none for the headline, whose parts follow each other.
    columns: usize,
}

impl Row {
    /// Returns the line, cut to `width`, and the columns it takes.
    fn draw(&self, style: &Style, width: usize) -> (String, usize) {
        let pad = |text: &str, columns: usize| {
            let gap = columns.saturating_sub(text::width(text)).max(2);
            format!("{text}{}", " ".repeat(gap))
        };
        let word_columns = if self.columns == 0 { 0 } else { WORD };
        let rest = pad(&self.name, self.columns) + &text::escape(&self.text);
        let word = pad(&self.word, word_columns);
        let whole = format!("{word}{rest}");
        let line = text::cut(whole.trim_end(), width, style.ellipsis());
        let columns = text::width(&line);
        let line = match line.strip_prefix(self.word.as_str()) {
            Some(rest) => style.paint(self.role, &self.word) + rest,
            None => line.into_owned(),
        };
        (line, columns)
    }
}

/// Returns at most `most` rows, the last one counting those left over.
fn folded(mut rows: Vec<Row>, most: usize, word: &str) -> Vec<Row> {
    if rows.len() > most && most > 0 {
        let left = rows.len() - (most - 1);
        rows.truncate(most - 1);
        rows.push(Row {
            role: Role::Faint,
            word: word.to_owned(),
            name: format!("and {left} more"),
            text: String::new(),
            columns: 1,
        });
    }
    rows.truncate(most);
    rows
}

fn seconds(duration: Duration) -> String {
    if duration < Duration::from_secs(10) {
        let tenths = u64::try_from(duration.as_millis() / 100).unwrap_or(u64::MAX);
        return format!("{}.{}s", tenths / 10, tenths % 10);
    }
    quantity::duration(&Decimal::from(Duration::from_secs(duration.as_secs())))
}

const WORD: usize = 10;
const MOST_ID_COLUMNS: usize = 32;
const MESSAGE: usize = 200;
