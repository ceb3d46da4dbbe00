//! Shards: parts of a plan that run by themselves and are judged together.
//!
//! Which shard owns a check follows from the plan and the number of shards alone, so that every shard and
//! the merge come to the same without a word between them. A shard runs the checks that it owns and whatever
//! those need; a check that is needed by several runs in each of them.
//!
//! # How checks are divided
//!
//! - What `needs` joins stays together while it is small, so that little runs twice. A part that is larger is
//!   cut along its chains, in the order in which one check waits for the next.
//! - The largest part comes first, and each goes to the shard that has the least: no shard has more than
//!   another by more than one such part.
//! - Instances of an `each` that nothing joins go around, one to each shard.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Id, PlannedCheck, PlannedGroup};

/// Which part of a plan a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Shard {
    /// Its number, from 1.
    pub index: u32,
    /// How many there are.
    pub count: u32,
}

impl Shard {
    /// The most shards that a plan is divided into.
    pub const MOST: u32 = 1000;

    /// Returns a shard, if there can be such a one: 1 <= index <= count <= [`Shard::MOST`].
    #[must_use]
    pub const fn new(index: u32, count: u32) -> Option<Self> {
        if 1 <= index && index <= count && count <= Self::MOST {
            Some(Self { index, count })
        } else {
            None
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

/// Reads `3/8`, and `2+1/8` of what counts from 0: nothing without a shell can add.
impl FromStr for Shard {
    type Err = NotAShard;

    fn from_str(text: &str) -> Result<Self, NotAShard> {
        let number = |text: &str| -> Option<u32> {
            let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|_| is_plain)
        };
        let shard = text.split_once('/').and_then(|(index, count)| {
            let index = match index.strip_suffix("+1") {
                Some(index) => number(index)?.checked_add(1)?,
                None => number(index)?,
            };
            Self::new(index, number(count)?)
        });
        shard.ok_or(NotAShard)
    }
}

/// A text that names no shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAShard;

impl fmt::Display for NotAShard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "wants K/N with 1 <= K <= N <= {}, such as 3/8; K counts from 1, and 2+1/8 is 3/8",
            Shard::MOST
        )
    }
}

impl std::error::Error for NotAShard {}

/// How the checks of a plan are divided among shards.
#[derive(Debug, Clone)]
pub struct Division {
    count: u32,
    /// By the place of the check: the shard that owns it, from 1.
    owners: Vec<u32>,
    /// Checks, then groups: what each needs; of a group that is needed, its members.
    needs: Vec<Vec<usize>>,
}

impl Division {
    /// Divides the checks of a plan.
    #[must_use]
    pub fn of<'p>(
        checks: impl Iterator<Item = &'p PlannedCheck> + Clone,
        groups: &[PlannedGroup],
        count: u32,
    ) -> Self {
        let joined = Joined::of(checks, groups);
        let count = count.clamp(1, Shard::MOST);
        Self {
            count,
            owners: joined.divided(count),
            needs: joined.needs,
        }
    }

    /// Returns the number of the shard that owns a check.
    #[must_use]
    pub fn owner(&self, check: usize) -> Option<u32> {
        self.owners.get(check).copied()
    }

    /// Returns for every check whether a shard runs it: because it owns it, or because what it owns needs it.
    #[must_use]
    pub fn runs_in(&self, index: u32) -> Vec<bool> {
        let mut runs = vec![false; self.needs.len()];
        let owned = self.owners.iter().enumerate();
        let mut work: Vec<usize> = owned
            .filter(|(_, owner)| **owner == index)
            .map(|(check, _)| check)
            .collect();
        while let Some(node) = work.pop() {
            if let Some(runs) = runs.get_mut(node).filter(|runs| !**runs) {
                *runs = true;
                work.extend(self.needs.get(node).into_iter().flatten());
            }
        }
        runs.truncate(self.owners.len());
        runs
    }

    /// Returns why a check that a shard does not run is left out of it.
    #[must_use]
    pub fn reason(&self, check: usize) -> String {
        Self::reason_of(self.owner(check).unwrap_or_default(), self.count)
    }

    /// Returns why a check is left out that another shard owns.
    #[must_use]
    pub fn reason_of(owner: u32, count: u32) -> String {
        format!("left to shard {owner} of {count}")
    }
}

/// The checks of a plan and the groups that are needed, and what joins them.
struct Joined {
    checks: usize,
    needs: Vec<Vec<usize>>,
    dependents: Vec<Vec<usize>>,
}

impl Joined {
    fn of<'p>(
        checks: impl Iterator<Item = &'p PlannedCheck> + Clone,
        groups: &[PlannedGroup],
    ) -> Self {
        let ids = checks.clone().map(|check| &check.id);
        let mut nodes: HashMap<&Id, usize> = ids.zip(0..).collect();
        let count = checks.clone().count();
        nodes.extend(groups.iter().map(|group| &group.id).zip(count..));
        let mut needs: Vec<Vec<usize>> = checks
            .map(|check| {
                let known = check.needs.iter().filter_map(|need| nodes.get(need));
                known.copied().collect()
            })
            .collect();
        let needed: BTreeSet<usize> = needs.iter().flatten().copied().collect();
        // A group that nobody needs joins nobody: its members are judged together, and run apart.
        needs.extend(groups.iter().zip(count..).map(|(group, node)| {
            let members = group.members.iter().map(|member| member.as_usize());
            let members = members.filter(|member| needed.contains(&node) && *member < count);
            members.collect()
        }));
        let mut dependents = vec![Vec::new(); needs.len()];
        for (node, needs) in needs.iter().enumerate() {
            for need in needs {
                if let Some(dependents) = dependents.get_mut(*need) {
                    dependents.push(node);
                }
            }
        }
        Self {
            checks: count,
            needs,
            dependents,
        }
    }

    /// Returns the shard that owns each check.
    fn divided(&self, count: u32) -> Vec<u32> {
        let share = self.checks.div_ceil(count as usize);
        let piece = (share / 4).max(1);
        let mut units = self.units(piece.max(share.min(SMALL)), piece);
        units.sort_by_key(|unit| std::cmp::Reverse(unit.len()));
        let mut loads: BTreeSet<(usize, u32)> = (1..=count).map(|index| (0, index)).collect();
        let mut owners = vec![1; self.checks];
        for unit in units {
            let (load, index) = loads.pop_first().unwrap_or((0, 1));
            for check in &unit {
                if let Some(owner) = owners.get_mut(*check) {
                    *owner = index;
                }
            }
            loads.insert((load + unit.len(), index));
        }
        owners
    }

    /// Returns the checks in units that stay together, none larger than `most`; what is larger is cut in pieces.
    fn units(&self, most: usize, piece: usize) -> Vec<Vec<usize>> {
        let mut units = Vec::new();
        let mut seen = vec![false; self.needs.len()];
        let mut ordered = vec![false; self.needs.len()];
        for start in 0..self.checks {
            let part = self.part(start, &mut seen);
            if part.is_empty() {
                continue;
            }
            if part.len() <= most {
                units.push(part);
            } else {
                let part = self.along_chains(&part, &mut ordered);
                units.extend(part.chunks(piece).map(<[usize]>::to_vec));
            }
        }
        units
    }

    /// Returns the checks that are joined with one, in the order of the plan.
    fn part(&self, start: usize, seen: &mut [bool]) -> Vec<usize> {
        let mut part = Vec::new();
        let mut work = vec![start];
        while let Some(node) = work.pop() {
            let Some(seen) = seen.get_mut(node).filter(|seen| !**seen) else {
                continue;
            };
            *seen = true;
            if node < self.checks {
                part.push(node);
            }
            for near in [&self.needs, &self.dependents] {
                work.extend(near.get(node).into_iter().flatten());
            }
        }
        part.sort_unstable();
        part
    }

    /// Returns the checks of a part so that what waits for a check follows it, chain after chain.
    fn along_chains(&self, part: &[usize], ordered: &mut [bool]) -> Vec<usize> {
        let is_first = |node: &&usize| self.needs.get(**node).is_some_and(Vec::is_empty);
        // What stands in a cycle is reached last; no plan that runs has one.
        let firsts = part.iter().filter(is_first).chain(part);
        let mut order = Vec::with_capacity(part.len());
        for first in firsts {
            let mut work = vec![*first];
            while let Some(node) = work.pop() {
                let Some(ordered) = ordered.get_mut(node).filter(|ordered| !**ordered) else {
                    continue;
                };
                *ordered = true;
                if node < self.checks {
                    order.push(node);
                }
                work.extend(self.dependents.get(node).into_iter().flatten().rev());
            }
        }
        order
    }
}

/// So many checks that are joined stay together, if a shard has room for them.
const SMALL: usize = 8;
