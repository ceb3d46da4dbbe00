//! What stands on the screen.

use std::time::Duration;

use gonogo_model::{Decimal, Event, Id, Outcome, PlannedCheck, quantity};

use super::progress::{CheckProgress, Progress, State};
use crate::human::{names, subject_of_the_run};
use crate::style::{Role, Style};
use crate::text;

/// Draws a run while it goes on.
#[derive(Debug)]
pub struct Live {
    style: Style,
    deadline: Option<Duration>,
    progress: Progress,
    /// The columns of each line that stands on the screen.
    drawn: Vec<usize>,
}

impl Live {
    /// Returns a view that has drawn nothing yet; `deadline` is that of the whole run.
    #[must_use]
    pub fn new(style: &Style, deadline: Option<Duration>) -> Self {
        Self {
            style: *style,
            deadline,
            progress: Progress::new(style.ellipsis()),
            drawn: Vec::new(),
        }
    }

    /// Takes an event in; the next frame shows it.
    pub fn on_event(&mut self, event: &Event) {
        self.progress.on_event(event);
    }

    /// Returns what brings the screen up to date: it moves over the frame before and replaces it.
    ///
    /// Every line is narrower than `width`, and there are fewer lines than `height`.
    pub fn frame(&mut self, elapsed: Duration, width: usize, height: usize) -> String {
        let mut frame = self.erase(width);
        // The cursor rests on the line below the frame, and no line touches the edge, where some
        // terminals go on to the next line.
        let (room, width) = (height.saturating_sub(1), width.saturating_sub(1));
        for row in self.rows(elapsed, room).iter().take(room) {
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

    /// Returns the rows: the headline, then what runs, what waits and what went wrong last.
    fn rows(&self, elapsed: Duration, room: usize) -> Vec<Row> {
        let seen = Seen::of(&self.progress);
        let columns = seen.id_columns();
        let mut rows = vec![self.headline(&seen, elapsed)];
        let room = room.saturating_sub(1);
        let bad = seen.bad.len().min(room / 3);
        let waits = seen.waiting().min(room / 4);
        let runs = room.saturating_sub(bad + waits);

        let running = seen.running.iter().map(|(since, check, progress)| {
            let text = running_text(elapsed.saturating_sub(*since), check, progress);
            Row::of(Role::Advice, "running", &check.id, text, columns)
        });
        rows.extend(folded(running, seen.running.len(), runs, "running"));
        let needing = seen.needing.iter().map(|(check, needs)| {
            let text = format!("for {}", names(needs, 4));
            Row::of(Role::Faint, "waiting", &check.id, text, columns)
        });
        let queued = seen.queued.iter().map(|check| {
            let text = "for its turn".to_owned();
            Row::of(Role::Faint, "waiting", &check.id, text, columns)
        });
        let waiting = needing.chain(queued);
        rows.extend(folded(waiting, seen.waiting(), waits, "waiting"));
        let latest = seen.bad.iter().rev().take(bad);
        rows.extend(latest.map(|(_, outcome, check, progress)| {
            let (role, text) = (Role::of(*outcome), progress.last.clone());
            Row::of(role, outcome.as_str(), &check.id, text, columns)
        }));
        rows
    }

    fn headline(&self, seen: &Seen<'_>, elapsed: Duration) -> Row {
        let progress = &self.progress;
        let total = text::count(progress.plan.checks.len(), "check");
        let mut parts = Vec::new();
        let counts = seen.counts();
        if !counts.is_empty() {
            parts.push(counts);
        }
        let mut time = seconds(elapsed);
        if let Some(deadline) = self.deadline {
            let left = deadline.saturating_sub(elapsed);
            time.push_str(&format!(", {} left", seconds(left)));
        }
        parts.push(time);
        if progress.round > 1 {
            parts.push(format!("round {}", progress.round));
        }
        if let Some(signal) = &progress.stopping {
            parts.push(format!("stopping after {signal}"));
        }
        let selection = &progress.plan.selection;
        parts.push(subject_of_the_run(&progress.header, selection, &self.style));
        Row {
            role: Role::Name,
            word: format!("{} of {total}", seen.done),
            name: parts.join("  "),
            text: String::new(),
            columns: 0,
        }
    }
}

/// The checks by where they stand.
#[derive(Debug, Default)]
struct Seen<'p> {
    /// The longest first.
    running: Vec<(Duration, &'p PlannedCheck, &'p CheckProgress)>,
    /// What waits for something that it needs.
    needing: Vec<(&'p PlannedCheck, Vec<&'p Id>)>,
    /// What waits for a place.
    queued: Vec<&'p PlannedCheck>,
    /// What failed or is unknown, the latest last.
    bad: Vec<(usize, Outcome, &'p PlannedCheck, &'p CheckProgress)>,
    done: usize,
    failed: usize,
    unknown: usize,
    skipped: usize,
    awaiting: usize,
    fine: usize,
}

impl<'p> Seen<'p> {
    fn of(progress: &'p Progress) -> Self {
        let groups_met = progress.groups_met();
        let mut seen = Self::default();
        for (check, at) in progress.checks() {
            match at.state {
                State::Running(since) => seen.running.push((since, check, at)),
                State::Waiting => {
                    let needs = progress.unmet(check, &groups_met);
                    if needs.is_empty() {
                        seen.queued.push(check);
                    } else {
                        seen.needing.push((check, needs));
                    }
                }
                State::Done(outcome, ended) => {
                    seen.done += 1;
                    match outcome {
                        Outcome::Failed => seen.failed += 1,
                        Outcome::Unknown => seen.unknown += 1,
                        Outcome::Skipped => seen.skipped += 1,
                        Outcome::Awaiting => seen.awaiting += 1,
                        Outcome::Passed | Outcome::Warned | Outcome::Waived => seen.fine += 1,
                    }
                    if matches!(outcome, Outcome::Failed | Outcome::Unknown) {
                        seen.bad.push((ended, outcome, check, at));
                    }
                }
            }
        }
        seen.running.sort_by_key(|(since, _, _)| *since);
        seen.bad.sort_by_key(|(ended, _, _, _)| *ended);
        seen
    }

    fn waiting(&self) -> usize {
        self.needing.len() + self.queued.len()
    }

    fn counts(&self) -> String {
        let counts = [
            (self.failed, "failed"),
            (self.unknown, "unknown"),
            (self.skipped, "skipped"),
            (self.awaiting, "awaiting"),
            (self.fine, "passed"),
        ];
        let counts = counts.into_iter().filter(|(count, _)| *count > 0);
        let counts: Vec<String> = counts
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        counts.join(", ")
    }

    /// Returns the columns for the ids; of a row that is folded away too, so that nothing jumps.
    fn id_columns(&self) -> usize {
        let running = self.running.iter().map(|(_, check, _)| *check);
        let needing = self.needing.iter().map(|(check, _)| *check);
        let bad = self.bad.iter().map(|(_, _, check, _)| *check);
        let all = running
            .chain(needing)
            .chain(self.queued.iter().copied())
            .chain(bad);
        let widest = all.map(|check| text::width(check.id.as_str())).max();
        widest.unwrap_or(0).min(MOST_ID_COLUMNS) + 2
    }
}

fn running_text(took: Duration, check: &PlannedCheck, progress: &CheckProgress) -> String {
    let mut text = seconds(took);
    if progress.attempts > 0 && check.attempts > 1 {
        let next = (progress.attempts + 1).min(check.attempts);
        text.push_str(&format!("  attempt {next} of {}", check.attempts));
    }
    if !progress.last.is_empty() {
        text.push_str(&format!("  last: {}", progress.last));
    }
    text
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
    fn of(role: Role, word: &str, id: &Id, text: String, columns: usize) -> Self {
        Self {
            role,
            word: word.to_owned(),
            name: id.to_string(),
            text,
            columns,
        }
    }

    /// Returns the line, cut to `width`, and the columns it takes.
    fn draw(&self, style: &Style, width: usize) -> (String, usize) {
        let pad = |text: &str, columns: usize| {
            let gap = columns.saturating_sub(text::width(text)).max(2);
            format!("{text}{}", " ".repeat(gap))
        };
        let word = pad(&self.word, if self.columns == 0 { 0 } else { WORD });
        let rest = pad(&self.name, self.columns) + &self.text;
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

/// Returns at most `most` of `all` rows, the last one counting those left over.
fn folded(rows: impl Iterator<Item = Row>, all: usize, most: usize, word: &str) -> Vec<Row> {
    if all <= most || most == 0 {
        return rows.take(most).collect();
    }
    let mut shown: Vec<Row> = rows.take(most - 1).collect();
    shown.push(Row {
        role: Role::Faint,
        word: word.to_owned(),
        name: format!("and {} more", all - shown.len()),
        text: String::new(),
        columns: 1,
    });
    shown
}

fn seconds(duration: Duration) -> String {
    if duration < Duration::from_secs(10) {
        let tenths = duration.as_millis() / 100;
        return format!("{}.{}s", tenths / 10, tenths % 10);
    }
    quantity::duration(&Decimal::from(Duration::from_secs(duration.as_secs())))
}

const WORD: usize = 10;
const MOST_ID_COLUMNS: usize = 32;
