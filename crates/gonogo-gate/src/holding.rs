//! Until when a GO holds.

use std::time::Duration;

use gonogo_model::{Decimal, Merged};
use jiff::Timestamp;

use crate::decide::View;

/// Returns until when a GO of this run holds, if its gate says so by `valid_for`.
///
/// It holds no longer than what it stands on: a waiver that is used, and a pass that is good for its
/// `max_age` and no more.
pub(crate) fn valid_until(view: &View<'_>) -> Option<Timestamp> {
    let record = view.record;
    let finished = &record.finished;
    // What shards proved is as old as the first of them that ended.
    let merged = record.merged.as_ref();
    let proved = merged
        .and_then(Merged::first_finished)
        .unwrap_or(finished.wall);
    let mut until = after(proved, record.header.valid_for.as_ref()?);
    for check in view.decisive() {
        let waiver = check.judged.waived_by();
        if let Some(waiver) = waiver.and_then(|place| record.plan.waivers.get(place)) {
            until = until.min(waiver.until.ends);
        }
        let age = check.record.age(finished);
        if let (Some(age), Some(max_age)) = (age, &check.record.plan.max_age) {
            until = until.min(after(finished.wall, &max_age.minus(&age)));
        }
    }
    Some(until)
}

/// Returns the moment so many seconds later; one beyond every calendar is the calendar's end.
fn after(moment: Timestamp, seconds: &Decimal) -> Timestamp {
    let nanos = seconds.clone().shifted(9).to_i128().unwrap_or(0).max(0);
    let whole = u64::try_from(nanos / NANOS).unwrap_or(u64::MAX);
    let rest = u32::try_from(nanos % NANOS).unwrap_or(0);
    let later = moment.checked_add(Duration::new(whole, rest));
    later.unwrap_or(Timestamp::MAX)
}

const NANOS: i128 = 1_000_000_000;
