//! Groups: checks judged together by a quorum.

use serde::{Deserialize, Serialize};

use crate::Outcome;

/// How many members of a group must pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quorum {
    /// Every planned member.
    All,
    /// One member.
    Any,
    /// This many members.
    AtLeast(u32),
    /// This share of the planned members, in hundredths of a percent, rounded up.
    AtLeastShare(u32),
}

/// What the members of a group came to so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Members that are planned.
    pub planned: u32,
    /// Members that passed, warned or are waived.
    pub passes: u32,
    /// Members that are unknown, skipped, awaiting or not finished.
    pub undecided: u32,
}

/// Whether a group has its quorum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupState {
    /// Enough members passed.
    Met,
    /// Too few can still pass.
    NotMet,
    /// Some members could not be looked at, and they decide.
    Undecided,
}

impl Quorum {
    /// Returns the number of members that must pass, of `planned`.
    #[must_use]
    pub fn needed(self, planned: u32) -> u32 {
        match self {
            Self::All => planned,
            Self::Any => 1,
            Self::AtLeast(count) => count,
            Self::AtLeastShare(share) => {
                let needed = (u64::from(planned) * u64::from(share)).div_ceil(10_000);
                u32::try_from(needed).unwrap_or(u32::MAX)
            }
        }
    }
}

impl Tally {
    /// Counts the outcomes of a group's members; `None` is a member that is not finished.
    #[must_use]
    pub fn of(members: impl IntoIterator<Item = Option<Outcome>>) -> Self {
        let mut tally = Self::default();
        for outcome in members {
            tally.planned += 1;
            match outcome {
                Some(Outcome::Passed | Outcome::Warned | Outcome::Waived) => tally.passes += 1,
                Some(Outcome::Failed) => {}
                Some(Outcome::Unknown | Outcome::Skipped | Outcome::Awaiting) | None => {
                    tally.undecided += 1;
                }
            }
        }
        tally
    }

    /// Judges the tally by a quorum.
    ///
    /// A group without members is never met: nothing was proved.
    #[must_use]
    pub fn state(self, quorum: Quorum) -> GroupState {
        let needed = quorum.needed(self.planned).max(1);
        if self.passes >= needed {
            GroupState::Met
        } else if self.passes + self.undecided < needed {
            GroupState::NotMet
        } else {
            GroupState::Undecided
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quorum_is_met_not_met_or_undecided() {
        use GroupState::{Met, NotMet, Undecided};
        let tally = |passes, failed, undecided| Tally {
            planned: passes + failed + undecided,
            passes,
            undecided,
        };
        for (tally, quorum, state) in [
            (tally(2, 1, 0), Quorum::AtLeast(2), Met),
            (tally(1, 1, 1), Quorum::AtLeast(2), Undecided),
            (tally(1, 2, 0), Quorum::AtLeast(2), NotMet),
            (tally(3, 0, 0), Quorum::All, Met),
            (tally(2, 0, 1), Quorum::All, Undecided),
            (tally(2, 1, 1), Quorum::All, NotMet),
            (tally(0, 2, 1), Quorum::Any, Undecided),
            (tally(19, 1, 0), Quorum::AtLeastShare(9500), Met),
            (tally(18, 2, 0), Quorum::AtLeastShare(9500), NotMet),
            (tally(0, 0, 0), Quorum::All, NotMet),
        ] {
            assert_eq!(tally.state(quorum), state, "{tally:?} {quorum:?}");
        }
        assert_eq!(Quorum::AtLeastShare(3334).needed(3), 2);
    }
}
