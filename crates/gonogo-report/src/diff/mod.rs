//! What changed from one run to another.
//!
//! A check is *open* when it would keep a need from being met: failed, unknown, skipped, awaiting. What was
//! not open and is now is *worse*, the other way round *fixed*; what is open in both runs is *open*.
//! Times come from one look each, so only a check that takes at least twice as long, and 100 ms more, is
//! called slower.

mod human;
mod json;
mod markdown;
mod since;

use std::collections::BTreeMap;

use gonogo_model::{CheckRecord, Decimal, Id, Outcome, Report};

pub use self::human::human;
pub use self::json::json;
pub use self::markdown::markdown;
pub use self::since::Since;
pub(crate) use self::since::{FIRST, NAMED};

/// What became of a check between two runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It was not open, and is now; or it is new and open.
    Worse,
    /// It was open, and is not any more.
    Fixed,
    /// It is open as before, perhaps for another reason.
    StillOpen,
    /// It is not open in either run, and came to something else: passed, then warned.
    Other,
    /// It takes at least twice as long, and 100 ms more.
    Slower,
    /// It was not planned before.
    New,
    /// It is not planned any more.
    Gone,
}

impl Change {
    /// Every change, what matters most first.
    pub const ALL: [Self; 7] = [
        Self::Worse,
        Self::Gone,
        Self::StillOpen,
        Self::Fixed,
        Self::New,
        Self::Other,
        Self::Slower,
    ];

    /// Returns the change in a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::Fixed => "fixed",
            Self::StillOpen => "open",
            Self::Other => "other",
            Self::Slower => "slower",
            Self::New => "new",
            Self::Gone => "gone",
        }
    }
}

/// A check that is otherwise in one run than in the other.
#[derive(Debug, Clone, Copy)]
pub struct Changed<'r> {
    /// The check.
    pub id: &'r Id,
    /// What became of it.
    pub change: Change,
    /// The check in the earlier run.
    pub before: Option<&'r CheckRecord>,
    /// The check in the later run.
    pub after: Option<&'r CheckRecord>,
}

/// Two runs, and what changed from one to the other.
#[derive(Debug, Clone)]
pub struct Difference<'r> {
    /// The earlier run.
    pub before: &'r Report,
    /// The later run.
    pub after: &'r Report,
    /// The checks that changed, what matters most first, each kind of change in the order of the plan.
    pub changes: Vec<Changed<'r>>,
    /// How many checks are in both runs and came to the same.
    pub unchanged: usize,
}

impl<'r> Difference<'r> {
    /// Compares two runs check by check.
    #[must_use]
    pub fn between(before: &'r Report, after: &'r Report) -> Self {
        let mut left: BTreeMap<&Id, &CheckRecord> = by_id(before);
        let mut changes = Vec::new();
        let mut unchanged = 0;
        for check in &after.record.checks {
            let earlier = left.remove(&check.plan.id);
            match change(earlier, check) {
                Some(change) => changes.push(Changed {
                    id: &check.plan.id,
                    change,
                    before: earlier,
                    after: Some(check),
                }),
                None => unchanged += 1,
            }
        }
        let gone = before.record.checks.iter();
        changes.extend(
            gone.filter(|check| left.contains_key(&check.plan.id))
                .map(|check| Changed {
                    id: &check.plan.id,
                    change: Change::Gone,
                    before: Some(check),
                    after: None,
                }),
        );
        let rank = |change: Change| Change::ALL.iter().position(|known| *known == change);
        changes.sort_by_key(|changed| rank(changed.change));
        Self {
            before,
            after,
            changes,
            unchanged,
        }
    }

    /// Returns how many checks changed in a way.
    #[must_use]
    pub fn count(&self, change: Change) -> usize {
        let same = |changed: &&Changed<'_>| changed.change == change;
        self.changes.iter().filter(same).count()
    }

    /// Returns what keeps the runs from being compared like with like, in words.
    #[must_use]
    pub fn reservations(&self) -> Vec<String> {
        let (before, after) = (&self.before.record, &self.after.record);
        let mut told = self.of_another_kind();
        told.extend(changed(
            "the release",
            before.header.release.as_deref(),
            after.header.release.as_deref(),
        ));
        if before.header.file_digest != after.header.file_digest {
            told.push("the gate file is another".to_owned());
        }
        if before.started.wall > after.started.wall {
            told.push("the first run is the later one".to_owned());
        }
        told
    }

    /// Returns in what other circumstances the earlier run was made.
    fn of_another_kind(&self) -> Vec<String> {
        let (before, after) = (&self.before.record, &self.after.record);
        let phase = |report: &'r Report| report.record.plan.selection.phase.as_deref();
        let told = [
            changed(
                "the gate",
                Some(&before.header.gate),
                Some(&after.header.gate),
            ),
            changed(
                "the environment",
                before.header.environment.as_deref(),
                after.header.environment.as_deref(),
            ),
            changed("the phase", phase(self.before), phase(self.after)),
        ];
        told.into_iter().flatten().collect()
    }
}

fn changed(what: &str, before: Option<&str>, after: Option<&str>) -> Option<String> {
    let or_none = |text: Option<&str>| text.unwrap_or("none").to_owned();
    (before != after).then(|| format!("{what} was {}, and is {}", or_none(before), or_none(after)))
}

fn by_id(report: &Report) -> BTreeMap<&Id, &CheckRecord> {
    let checks = report.record.checks.iter();
    checks.map(|check| (&check.plan.id, check)).collect()
}

fn change(before: Option<&CheckRecord>, after: &CheckRecord) -> Option<Change> {
    let is_open = |check: &CheckRecord| !check.result.outcome.satisfies();
    let Some(before) = before else {
        return Some(if is_open(after) {
            Change::Worse
        } else {
            Change::New
        });
    };
    match (is_open(before), is_open(after)) {
        (false, true) => Some(Change::Worse),
        (true, false) => Some(Change::Fixed),
        (true, true) => Some(Change::StillOpen),
        (false, false) if before.result.outcome != after.result.outcome => Some(Change::Other),
        (false, false) => is_slower(before, after).then_some(Change::Slower),
    }
}

/// Returns how long the attempt took that decided, in seconds; a waived failure is no measurement.
pub(crate) fn took(check: &CheckRecord) -> Option<&Decimal> {
    let decided = check.attempts.last()?;
    let is_measured = matches!(decided.outcome, Outcome::Passed | Outcome::Warned);
    is_measured.then_some(&decided.duration)
}

fn is_slower(before: &CheckRecord, after: &CheckRecord) -> bool {
    let (Some(before), Some(after)) = (took(before), took(after)) else {
        return false;
    };
    let more = after.minus(before);
    // A tenth of a second: less is the noise of one look.
    more >= *before && more >= Decimal::scaled(1, -1)
}
