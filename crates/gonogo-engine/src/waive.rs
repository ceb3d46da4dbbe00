//! What the waivers of a plan make of an outcome.

use gonogo_model::{CheckIndex, CheckResult, Outcome, PlannedWaiver};
use jiff::Timestamp;

use crate::plan::Plan;

impl Plan {
    /// Returns what a check has come to once its waivers were asked, in a run that began at `began`.
    ///
    /// Only failed and unknown can be waived: of a check that was skipped nobody knows what to accept.
    /// Everything but the outcome stays, and a note names the waiver, or says why none covers.
    #[must_use]
    pub fn waived(&self, check: CheckIndex, result: CheckResult, began: Timestamp) -> CheckResult {
        match result.outcome {
            Outcome::Failed | Outcome::Unknown => {}
            Outcome::Passed
            | Outcome::Warned
            | Outcome::Skipped
            | Outcome::Waived
            | Outcome::Awaiting => return result,
        }
        let Some(planned) = self.checks.get(check.as_usize()) else {
            return result;
        };
        let waivers = &self.summary().waivers;
        let named = planned
            .waivers
            .iter()
            .filter_map(|&place| waivers.get(place));
        let covering = named.clone().find(|waiver| waiver.covers(&result, began));
        let mut result = result;
        if let Some(waiver) = covering {
            result.was = Some(result.outcome);
            result.outcome = Outcome::Waived;
            result.notes.push(granted(waiver));
            return result;
        }
        for waiver in named.take(MOST_NOTES) {
            let note = refused(waiver, began);
            if !result.notes.contains(&note) {
                result.notes.push(note);
            }
        }
        result
    }
}

fn granted(waiver: &PlannedWaiver) -> String {
    let PlannedWaiver { owner, until, .. } = waiver;
    let what = match waiver.quarantine {
        Some(_) => "in quarantine",
        None => "waived",
    };
    format!("{what} by {owner} until {until}: {}", why(waiver))
}

fn refused(waiver: &PlannedWaiver, began: Timestamp) -> String {
    let PlannedWaiver { owner, until, .. } = waiver;
    let what = match waiver.quarantine {
        Some(_) => "quarantine",
        None => "waiver",
    };
    match &waiver.code {
        Some(code) if !waiver.until.is_over(began) => {
            format!("the {what} of {owner} covers {code} and nothing else")
        }
        Some(_) | None => format!("the {what} of {owner} ended {until}: {}", why(waiver)),
    }
}

fn why(waiver: &PlannedWaiver) -> String {
    match &waiver.ticket {
        Some(ticket) => format!("{} ({ticket})", waiver.reason),
        None => waiver.reason.clone(),
    }
}

/// So many waivers that do not cover are told of.
const MOST_NOTES: usize = 3;
