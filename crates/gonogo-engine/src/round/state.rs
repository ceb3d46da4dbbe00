//! The state of a round: its checks, its groups, and what is in flight.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Instant;

use futures_util::stream::FuturesUnordered;
use gonogo_kind::BoxFuture;
use gonogo_model::{CheckIndex, Event, Outcome};
use jiff::Timestamp;

use crate::attempt::Ended;
use crate::engine::Engine;
use crate::graph::Node;
use crate::plan::Plan;
use crate::queue::Queue;
use crate::tries::Tries;

/// A round in progress.
pub(crate) struct Round<'r, 'p> {
    pub(super) engine: &'r mut Engine<'p>,
    pub(super) plan: &'p Plan,
    pub(super) number: u32,
    pub(super) emit: &'r mut dyn FnMut(Event),
    pub(super) looks: Vec<Look>,
    pub(super) groups: Vec<GroupLook>,
    /// How many checks of the round have no outcome yet.
    pub(super) unsettled: usize,
    pub(super) queue: Queue,
    /// Checks that wait for another attempt, and hold no slot meanwhile.
    pub(super) later: BinaryHeap<Reverse<(Instant, usize)>>,
    pub(super) in_flight: FuturesUnordered<BoxFuture<'p, Ended>>,
    /// Checks whose needs are settled, and that cannot start.
    pub(super) skips: VecDeque<usize>,
    pub(super) decided: bool,
}

/// A check in this round.
#[derive(Debug, Default)]
pub(super) struct Look {
    pub(super) state: State,
    /// How many of its needs are not settled yet.
    pub(super) waits_for: usize,
    pub(super) tries: Tries,
    pub(super) started: bool,
    /// How often an attempt ended without being counted, and since when.
    pub(super) turned_away: u32,
    pub(super) first_turned_away: Option<Instant>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum State {
    /// The round does not look at it.
    #[default]
    Outside,
    /// It waits: for what it needs, for a slot, or for its next attempt.
    Waiting,
    /// An attempt is in flight.
    InFlight(Instant, Timestamp),
    /// It has its outcome.
    Settled,
}

/// A group in this round.
#[derive(Debug, Default)]
pub(super) struct GroupLook {
    pub(super) passes: u32,
    pub(super) failures: u32,
    /// Members that have no outcome of this round yet.
    pub(super) unsettled: u32,
    /// Whether it has its quorum, once no member can change that any more.
    pub(super) met: Option<bool>,
}

impl<'r, 'p> Round<'r, 'p> {
    pub(crate) fn new(
        engine: &'r mut Engine<'p>,
        number: u32,
        checks: &[CheckIndex],
        emit: &'r mut dyn FnMut(Event),
    ) -> Self {
        let plan = engine.plan;
        let mut round = Self {
            plan,
            number,
            emit,
            looks: plan.checks.iter().map(|_| Look::default()).collect(),
            groups: Vec::new(),
            unsettled: 0,
            queue: Queue::new(plan.origins, engine.options.per_origin),
            later: BinaryHeap::new(),
            in_flight: FuturesUnordered::new(),
            skips: VecDeque::new(),
            decided: false,
            engine,
        };
        for check in checks {
            if let Some(look) = round.looks.get_mut(check.as_usize())
                && look.state == State::Outside
            {
                look.state = State::Waiting;
                round.unsettled += 1;
            }
        }
        round.groups = (0..plan.graph.members.len())
            .map(|group| round.group_at_start(group))
            .collect();
        for check in 0..round.looks.len() {
            let needs = &plan.graph.needs[check];
            let open = needs
                .iter()
                .filter(|&&need| round.satisfied(need).is_none());
            round.looks[check].waits_for = open.count();
        }
        let at = round.engine.clock.stamp();
        let checks = checks.to_vec();
        (round.emit)(Event::RoundStarted {
            at,
            round: number,
            checks,
        });
        round
    }

    /// Returns whether a need is satisfied; none while that is open.
    pub(super) fn satisfied(&self, need: Node) -> Option<bool> {
        match need {
            Node::Check(check) => match self.looks[check].state {
                State::Waiting | State::InFlight(..) => None,
                State::Outside | State::Settled => {
                    let settled = self.engine.settled[check].as_ref();
                    Some(settled.is_some_and(|settled| settled.outcome.satisfies()))
                }
            },
            Node::Group(group) => self.groups[group].met,
        }
    }

    fn group_at_start(&self, group: usize) -> GroupLook {
        let mut look = GroupLook::default();
        let members = &self.plan.graph.members[group];
        for &member in members {
            match (self.looks[member].state, &self.engine.settled[member]) {
                (State::Outside, Some(settled)) => {
                    look.passes += u32::from(settled.outcome.satisfies());
                    look.failures += u32::from(settled.outcome == Outcome::Failed);
                }
                (State::Outside, None) => {}
                (State::Waiting | State::InFlight(..) | State::Settled, _) => look.unsettled += 1,
            }
        }
        let planned = u32::try_from(members.len()).unwrap_or(u32::MAX);
        let quorum = self.plan.summary().groups[group].quorum;
        look.met = met(&look, quorum.needed(planned));
        look
    }
}

/// Returns whether a group has its quorum, once no member can change that in this round any more.
pub(super) fn met(look: &GroupLook, needed: u32) -> Option<bool> {
    if look.passes >= needed {
        Some(true)
    } else if look.passes + look.unsettled < needed {
        Some(false)
    } else {
        None
    }
}
