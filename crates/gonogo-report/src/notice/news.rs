//! What is new since another run.

use std::collections::BTreeSet;

use gonogo_model::{Id, Report, Verdict};

/// What is new in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// The verdict of the run before; none when nothing is known of one.
    pub before: Option<Verdict>,
    /// The blockers and blocking groups that do not hold, and did before; all of them when nothing is
    /// known of a run before.
    pub worse: Vec<Id>,
    /// Those that did not hold before, and do now or are no more.
    pub fixed: Vec<Id>,
}

/// Returns what is new in a run: another verdict, or other blockers that do not hold.
///
/// Without a run to compare with, everything is new. A blocker that does not hold for another reason than
/// before is no news.
#[must_use]
pub fn news(baseline: Option<&Report>, report: &Report) -> Option<News> {
    let now = open(report);
    let Some(baseline) = baseline else {
        return Some(News {
            before: None,
            worse: now.into_iter().cloned().collect(),
            fixed: Vec::new(),
        });
    };
    let before = open(baseline);
    let only = |these: &BTreeSet<&Id>, others: &BTreeSet<&Id>| -> Vec<Id> {
        these.difference(others).map(|id| (*id).clone()).collect()
    };
    let news = News {
        before: Some(baseline.judgement.verdict),
        worse: only(&now, &before),
        fixed: only(&before, &now),
    };
    let same_verdict = baseline.judgement.verdict == report.judgement.verdict;
    let is_same = same_verdict && news.worse.is_empty() && news.fixed.is_empty();
    (!is_same).then_some(news)
}

/// Returns what keeps a verdict from GO, with what is skipped because of it.
fn open(report: &Report) -> BTreeSet<&Id> {
    let reasons = report.judgement.reasons.iter();
    reasons
        .flat_map(|reason| reason.id.iter().chain(&reason.consequences))
        .collect()
}
