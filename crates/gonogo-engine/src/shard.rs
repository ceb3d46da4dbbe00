//! A shard of a plan: the same plan with the same digest, of which a part runs.

use std::sync::Arc;

use gonogo_model::{Division, Shard};

use crate::plan::Plan;
use crate::select::LeftOut;

impl Plan {
    /// Returns the shard of the plan: checks that neither belong to it nor are needed there are left out.
    #[must_use]
    pub fn of_shard(mut self, shard: Shard) -> Self {
        let summary = Arc::make_mut(&mut self.summary);
        let division = Division::of(summary.checks.iter(), &summary.groups, shard.count);
        let runs = division.runs_in(shard.index);
        let checks = self.checks.iter_mut().zip(&mut summary.checks);
        for ((place, (check, told)), runs) in checks.enumerate().zip(runs) {
            if !runs && check.left_out.is_none() {
                check.left_out = Some(LeftOut::OtherShard {
                    owner: division.owner(place).unwrap_or_default(),
                    count: shard.count,
                });
                told.left_out = check.left_out.map(LeftOut::reason);
            }
        }
        self.shard = Some(shard);
        self
    }

    /// Returns which part of the plan runs, if it is not the whole.
    #[must_use]
    pub const fn shard(&self) -> Option<Shard> {
        self.shard
    }
}
