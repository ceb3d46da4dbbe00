//! One round: the loop that starts attempts, waits, and settles checks.
//!
//! Everything happens in one task. Attempts in flight are futures of this task, so that ending the
//! round drops them all, and events have one writer and one order.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use gonogo_kind::BoxFuture;
use gonogo_model::codes::{engine, needs};
use gonogo_model::{
    AttemptRecord, CheckIndex, CheckResult, Code, Effect, Event, GroupState, Outcome, Recurrence,
    Tally,
};
use jiff::Timestamp;
use tokio::sync::watch;

use crate::attempt::{End, Ended, attempt, ran_out};
use crate::clean;
use crate::engine::{Engine, RoundEnd, Settled};
use crate::graph::Node;
use crate::plan::{Plan, index};
use crate::queue::Queue;
use crate::stop::Stop;
use crate::tries::{Next, Tries};

/// A round in progress.
pub(crate) struct Round<'r, 'p> {
    engine: &'r mut Engine<'p>,
    plan: &'p Plan,
    number: u32,
    emit: &'r mut dyn FnMut(Event),
    looks: Vec<Look>,
    groups: Vec<GroupLook>,
    /// How many checks of the round have no outcome yet.
    unsettled: usize,
    queue: Queue,
    /// Checks that wait for another attempt, and hold no slot meanwhile.
    later: BinaryHeap<Reverse<(Instant, usize)>>,
    in_flight: FuturesUnordered<BoxFuture<'p, Ended>>,
    /// Checks whose needs are settled, and that cannot start.
    skips: VecDeque<usize>,
    decided: bool,
}

/// A check in this round.
#[derive(Debug, Default)]
struct Look {
    state: State,
    /// How many of its needs are not settled yet.
    waits_for: usize,
    tries: Tries,
    started: bool,
    /// How often an attempt ended without being counted, and since when.
    turned_away: u32,
    first_turned_away: Option<Instant>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
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
struct GroupLook {
    passes: u32,
    failures: u32,
    /// Members that have no outcome of this round yet.
    unsettled: u32,
    /// Whether it has its quorum, once no member can change that any more.
    met: Option<bool>,
}

/// Why a round ends before its checks do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    Deadline,
    FailFast,
    Stopped,
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

    /// Runs the round to its end.
    pub(crate) async fn run(
        mut self,
        deadline: Instant,
        stop: &mut watch::Receiver<Option<Stop>>,
    ) -> RoundEnd {
        let clock = self.engine.clock.clone();
        let mut at_deadline = clock.sleep_until(deadline);
        let stop_now = stop.clone();
        let stopped = asked_to_stop(stop);
        tokio::pin!(stopped);
        let mut alarm: Option<(Instant, BoxFuture<'static, ()>)> = None;
        self.open();
        loop {
            // Copied out: the lock of the channel must not be held while events are emitted.
            let signal = *stop_now.borrow();
            if let Some(signal) = signal {
                return self.stop(signal);
            }
            if self.unsettled > 0 && clock.now() >= deadline {
                self.cut(Cut::Deadline);
                return RoundEnd::Deadline;
            }
            if self.decided && self.unsettled > 0 {
                self.cut(Cut::FailFast);
                return RoundEnd::FailFast;
            }
            self.start();
            if self.unsettled == 0 {
                return RoundEnd::Complete;
            }
            if self.in_flight.is_empty() && self.later.is_empty() {
                self.lose_the_rest();
                return RoundEnd::Complete;
            }
            let next = self.later.peek().map(|Reverse((until, _))| *until);
            if next != alarm.as_ref().map(|(until, _)| *until) {
                alarm = next.map(|until| (until, clock.sleep_until(until)));
            }
            tokio::select! {
                biased;
                signal = &mut stopped => return self.stop(signal),
                () = &mut at_deadline => {}
                () = ring(&mut alarm) => {
                    alarm = None;
                    self.wake();
                }
                Some(ended) = self.in_flight.next() => self.take_in(ended),
            }
        }
    }

    /// Settles what is left out, and queues what needs nothing more.
    fn open(&mut self) {
        for check in 0..self.looks.len() {
            if self.looks[check].state == State::Waiting
                && self.plan.checks[check].left_out.is_none()
            {
                self.if_ready(check);
            }
        }
        for check in 0..self.looks.len() {
            if let (State::Waiting, Some(left_out)) =
                (self.looks[check].state, self.plan.checks[check].left_out)
            {
                let result =
                    CheckResult::bare(Outcome::Skipped, left_out.code().into(), left_out.reason());
                self.settle(check, Box::new(result), None);
            }
        }
        self.skip_the_blocked();
    }

    /// Starts attempts while there are slots and checks for them.
    fn start(&mut self) {
        while self.in_flight.len() < self.engine.slots.limit() {
            let Some(check) = self.queue.pop() else {
                return;
            };
            let at = self.engine.clock.stamp();
            let look = &mut self.looks[check];
            look.state = State::InFlight(self.engine.clock.now(), at.wall);
            if !look.started {
                look.started = true;
                let check = index(check);
                (self.emit)(Event::CheckStarted { at, check });
            }
            let planned = &self.plan.checks[check];
            let clock = self.engine.clock.clone();
            let attempt = attempt(check, planned, self.number, clock);
            self.in_flight.push(Box::pin(attempt));
        }
    }

    /// Queues the checks whose wait for another attempt is over.
    fn wake(&mut self) {
        let now = self.engine.clock.now();
        while let Some(&Reverse((until, check))) = self.later.peek() {
            if until > now {
                return;
            }
            self.later.pop();
            if self.looks[check].state == State::Waiting {
                self.queue.push(check, self.plan.checks[check].origin);
            }
        }
    }

    /// Takes in an attempt that ended.
    fn take_in(&mut self, ended: Ended) {
        let Ended {
            check,
            began,
            wall,
            end,
        } = ended;
        let now = self.engine.clock.now();
        let planned = &self.plan.checks[check];
        self.queue.release(planned.origin);
        self.looks[check].state = State::Waiting;
        let unknown = |decl, message: String| {
            let message = clean::line(&self.engine.redactor, message);
            CheckResult::bare(Outcome::Unknown, Code::from(decl), message)
        };
        let (result, phases) = match end {
            End::Judged(both) => {
                let (judged, mut observation) = *both;
                if planned.effect == Effect::Reads
                    && let Some(why) = ran_out(&judged, &observation)
                {
                    return self.turn_away(check, began, now, why);
                }
                self.engine.slots.ended_well();
                self.looks[check].turned_away = 0;
                self.looks[check].first_turned_away = None;
                let phases = std::mem::take(&mut observation.phases);
                let redactor = &self.engine.redactor;
                let mut result = clean::result(redactor, planned.kind, judged, observation);
                if result.hint.is_none() && !result.outcome.satisfies() {
                    result.hint = result.code.as_ref().and_then(clean::hint_of);
                }
                (result, phases)
            }
            End::Panicked(text) => {
                let message = format!("the probe panicked: {text}");
                (unknown(engine::PANIC, message), Vec::new())
            }
            End::Overran => {
                let timeout = planned.timeout;
                let message = format!("the probe was still running after its {timeout:?}");
                (unknown(engine::OVERRAN, message), Vec::new())
            }
        };
        let attempt = AttemptRecord {
            phases,
            ..self.attempt_record(check, (began, wall), now, &result)
        };
        self.emit_attempt(check, attempt);
        match self.looks[check].tries.after(planned, result) {
            Next::Again(wait) => self.later.push(Reverse((now + wait, check))),
            Next::Done(result) => self.finish(check, result, Some(began)),
        }
    }

    /// Makes an attempt again that found no descriptor: later, not counted, and with fewer at once.
    fn turn_away(&mut self, check: usize, began: Instant, now: Instant, why: String) {
        let in_flight = self.in_flight.len();
        self.engine.slots.ran_out(began, in_flight, now);
        let look = &mut self.looks[check];
        look.turned_away += 1;
        let since = *look.first_turned_away.get_or_insert(now);
        let patience = self.plan.checks[check].timeout * PATIENCE;
        let wait = pause(check, look.turned_away);
        if now + wait <= since + patience {
            self.later.push(Reverse((now + wait, check)));
            return;
        }
        let result = self.no_slot(check, &clean::line(&self.engine.redactor, why));
        self.finish(check, result, None);
    }

    fn no_slot(&mut self, check: usize, why: &str) -> Box<CheckResult> {
        let look = &mut self.looks[check];
        let times = look.turned_away;
        let message = format!("no descriptor was left at {times} attempts: {why}");
        let result = CheckResult::bare(Outcome::Unknown, engine::NO_SLOT.into(), message);
        look.tries.worst(result)
    }

    /// Settles a check, and whatever that makes ready or impossible.
    fn finish(&mut self, check: usize, result: Box<CheckResult>, looked: Option<Instant>) {
        self.settle(check, result, looked);
        self.skip_the_blocked();
    }

    /// Skips the checks that need something that did not pass, and those that need these.
    ///
    /// A queue and no recursion: a chain of needs may be as long as a gate has checks.
    fn skip_the_blocked(&mut self) {
        while let Some(check) = self.skips.pop_front() {
            let result = self.blocked(check);
            self.settle(check, Box::new(result), None);
        }
    }

    /// Gives a check its outcome for this round.
    fn settle(&mut self, check: usize, result: Box<CheckResult>, looked: Option<Instant>) {
        self.looks[check].state = State::Settled;
        self.unsettled -= 1;
        let outcome = result.outcome;
        let satisfies = outcome.satisfies();
        let code = result.code.as_ref();
        self.engine.settled[check] = Some(Settled {
            outcome,
            recurrence: code.map_or(Recurrence::Transient, Code::recurrence),
            blame: result.blame.clone(),
            looked,
            open: (!satisfies).then(|| result.clone()),
        });
        let at = self.engine.clock.stamp();
        (self.emit)(Event::CheckFinished {
            at,
            check: index(check),
            result: *result,
        });
        if let Some(group) = self.plan.graph.group_of[check] {
            self.count_member(group, outcome);
        } else if outcome == Outcome::Failed && self.plan.summary().checks[check].severity.blocks()
        {
            self.decided |= self.engine.options.fail_fast;
        }
        for place in 0..self.plan.graph.dependents[check].len() {
            self.one_need_less(self.plan.graph.dependents[check][place]);
        }
    }

    fn count_member(&mut self, group: usize, outcome: Outcome) {
        let look = &mut self.groups[group];
        look.unsettled -= 1;
        look.passes += u32::from(outcome.satisfies());
        look.failures += u32::from(outcome == Outcome::Failed);
        let planned = &self.plan.summary().groups[group];
        let members = u32::try_from(planned.members.len()).unwrap_or(u32::MAX);
        let tally = Tally {
            planned: members,
            passes: look.passes,
            undecided: members - look.passes - look.failures,
        };
        if tally.state(planned.quorum) == GroupState::NotMet && planned.severity.blocks() {
            self.decided |= self.engine.options.fail_fast;
        }
        if look.met.is_none() {
            look.met = met(look, planned.quorum.needed(members));
            if look.met.is_some() {
                for place in 0..self.plan.graph.group_dependents[group].len() {
                    self.one_need_less(self.plan.graph.group_dependents[group][place]);
                }
            }
        }
    }

    /// Takes note that one of a check's needs is settled.
    fn one_need_less(&mut self, check: usize) {
        let look = &mut self.looks[check];
        look.waits_for = look.waits_for.saturating_sub(1);
        if look.state == State::Waiting && self.plan.checks[check].left_out.is_none() {
            self.if_ready(check);
        }
    }

    /// Queues a check if all its needs are settled and satisfied, and skips it if they are not.
    fn if_ready(&mut self, check: usize) {
        if self.looks[check].waits_for > 0 {
            return;
        }
        let needs = &self.plan.graph.needs[check];
        if needs.iter().all(|&need| self.satisfied(need) == Some(true)) {
            self.queue.push(check, self.plan.checks[check].origin);
        } else {
            self.skips.push_back(check);
        }
    }

    /// Returns whether a need is satisfied; none while that is open.
    fn satisfied(&self, need: Node) -> Option<bool> {
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

    /// Makes the result of a check that needs something that did not pass.
    fn blocked(&self, check: usize) -> CheckResult {
        let summary = self.plan.summary();
        let mut needs = self.plan.graph.needs[check].iter();
        let Some(&need) = needs.find(|&&need| self.satisfied(need) != Some(true)) else {
            return CheckResult::bare(
                Outcome::Unknown,
                engine::LOST.into(),
                "the check was to be skipped, and everything it needs passed",
            );
        };
        let (id, what, root) = match need {
            Node::Check(of) => {
                let settled = self.engine.settled[of].as_ref();
                let what = match settled.map(|settled| settled.outcome) {
                    Some(Outcome::Failed) => "failed",
                    Some(Outcome::Awaiting) => "awaits a signature",
                    Some(Outcome::Skipped) => "was skipped",
                    Some(Outcome::Unknown) | None => "is unknown",
                    Some(Outcome::Passed | Outcome::Warned | Outcome::Waived) => "passed",
                };
                let blame = settled.and_then(|settled| settled.blame.clone());
                (&summary.checks[of].id, what, blame)
            }
            Node::Group(of) => {
                let blame = self.common_blame(of);
                (&summary.groups[of].id, "is not met", blame)
            }
        };
        let message = match &root {
            Some(root) => format!("needs {id}, which {what} because of {root}"),
            None => format!("needs {id}, which {what}"),
        };
        CheckResult {
            blame: Some(root.unwrap_or_else(|| id.clone())),
            ..CheckResult::bare(Outcome::Skipped, needs::NOT_PASSED.into(), message)
        }
    }

    /// Returns the root to which every settled member that did not pass points, if it is one.
    fn common_blame(&self, group: usize) -> Option<gonogo_model::Id> {
        let members = self.plan.graph.members[group].iter();
        let mut roots = members
            .filter_map(|&member| self.engine.settled[member].as_ref())
            .filter(|settled| !settled.outcome.satisfies())
            .map(|settled| settled.blame.as_ref());
        let first = roots.next()??;
        roots.all(|root| root == Some(first)).then(|| first.clone())
    }

    fn stop(&mut self, signal: Stop) -> RoundEnd {
        let at = self.engine.clock.stamp();
        (self.emit)(Event::Interrupted {
            at,
            signal: signal.as_str().to_owned(),
        });
        self.cut(Cut::Stopped);
        RoundEnd::Stopped(signal)
    }

    /// Drops what is in flight, and gives every check that has none its outcome.
    fn cut(&mut self, cut: Cut) {
        self.in_flight.clear();
        let now = self.engine.clock.now();
        for check in 0..self.looks.len() {
            let state = self.looks[check].state;
            let in_flight = match state {
                State::Outside | State::Settled => continue,
                State::Waiting => None,
                State::InFlight(began, wall) => Some((began, wall)),
            };
            let result = self.cut_result(check, cut, in_flight.is_some());
            if let Some(began) = in_flight {
                let attempt = self.attempt_record(check, began, now, &result);
                self.emit_attempt(check, attempt);
            }
            let result = self.still_standing(check, cut, result);
            self.settle(check, result, None);
        }
        self.skips.clear();
    }

    /// Makes the result of a check that the end of the round leaves without one.
    fn cut_result(&self, check: usize, cut: Cut, in_flight: bool) -> CheckResult {
        let look = &self.looks[check];
        let (decl, outcome, message) = match cut {
            Cut::Stopped => (
                needs::INTERRUPTED,
                Outcome::Skipped,
                "the run was interrupted".to_owned(),
            ),
            Cut::FailFast => (
                needs::FAIL_FAST,
                Outcome::Skipped,
                "the run was decided before this check".to_owned(),
            ),
            Cut::Deadline if !look.started => (
                needs::DEADLINE,
                Outcome::Skipped,
                "the deadline of the run came before the check could start".to_owned(),
            ),
            Cut::Deadline if in_flight => (
                engine::RUN_DEADLINE,
                Outcome::Unknown,
                "the deadline of the run came during an attempt".to_owned(),
            ),
            Cut::Deadline if look.turned_away > 0 && look.tries.count == 0 => (
                engine::NO_SLOT,
                Outcome::Unknown,
                format!(
                    "no descriptor was left at {} attempts, and the deadline of the run came",
                    look.turned_away
                ),
            ),
            Cut::Deadline => (
                engine::RUN_DEADLINE,
                Outcome::Unknown,
                "the deadline of the run came before the next attempt".to_owned(),
            ),
        };
        CheckResult::bare(outcome, decl.into(), message)
    }

    /// Returns what is left standing of a check that is cut short: what an attempt of this round, or
    /// else the round before, proved wrong is not undone by a look that did not end.
    fn still_standing(
        &mut self,
        check: usize,
        cut: Cut,
        cut_short: CheckResult,
    ) -> Box<CheckResult> {
        let attempted = match cut {
            Cut::Deadline => self.looks[check].tries.take_failed(),
            Cut::FailFast | Cut::Stopped => None,
        };
        let before = self.engine.settled[check]
            .as_mut()
            .and_then(|settled| settled.open.take());
        match attempted.or(before) {
            Some(mut standing) => {
                let why = cut_short.message.unwrap_or_default();
                let note = format!("this is the latest look that ended: {why}");
                if !standing.notes.contains(&note) {
                    standing.notes.push(note);
                }
                standing
            }
            None => Box::new(cut_short),
        }
    }

    /// Gives an outcome to checks that nothing will ever start: a bug, and no reason to wait for ever.
    fn lose_the_rest(&mut self) {
        for check in 0..self.looks.len() {
            if self.looks[check].state == State::Waiting {
                let message = "nothing was left to run, and the check never became ready";
                let result =
                    CheckResult::bare(Outcome::Unknown, engine::LOST.into(), message.to_owned());
                self.settle(check, Box::new(result), None);
            }
        }
    }

    fn attempt_record(
        &self,
        check: usize,
        (began, wall): (Instant, Timestamp),
        now: Instant,
        result: &CheckResult,
    ) -> AttemptRecord {
        let run_began = self.engine.clock.began();
        AttemptRecord {
            round: self.number,
            number: self.looks[check].tries.count + 1,
            start: wall,
            elapsed: began.saturating_duration_since(run_began).into(),
            duration: now.saturating_duration_since(began).into(),
            outcome: result.outcome,
            code: result.code.clone(),
            message: result.message.clone(),
            phases: Vec::new(),
        }
    }

    fn emit_attempt(&mut self, check: usize, attempt: AttemptRecord) {
        let at = self.engine.clock.stamp();
        let check = index(check);
        (self.emit)(Event::AttemptFinished { at, check, attempt });
    }
}

/// Returns whether a group has its quorum, once no member can change that in this round any more.
fn met(look: &GroupLook, needed: u32) -> Option<bool> {
    if look.passes >= needed {
        Some(true)
    } else if look.passes + look.unsettled < needed {
        Some(false)
    } else {
        None
    }
}

/// Waits for a signal; for ever, if nobody can send one any more.
async fn asked_to_stop(stop: &mut watch::Receiver<Option<Stop>>) -> Stop {
    let signal = match stop.wait_for(Option::is_some).await {
        Ok(signal) => *signal,
        Err(_closed) => None,
    };
    match signal {
        Some(signal) => signal,
        None => std::future::pending().await,
    }
}

/// Waits for the alarm, if there is one.
async fn ring(alarm: &mut Option<(Instant, BoxFuture<'static, ()>)>) {
    match alarm {
        Some((_, sleeping)) => sleeping.await,
        None => std::future::pending().await,
    }
}

/// Returns how long an attempt waits that found no descriptor: doubled each time, and spread out so
/// that those who were turned away together do not come back together.
fn pause(check: usize, times: u32) -> Duration {
    let full = (FIRST_PAUSE * 2_u32.saturating_pow(times.min(10) - 1)).min(LONGEST_PAUSE);
    // The mixing step of SplitMix64: no randomness is needed, only a spread.
    let mut mixed = (check as u64)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(u64::from(times));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^= mixed >> 31;
    let share = u32::try_from(mixed % 512).unwrap_or(0);
    full / 2 + full * share / 1024
}

const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// How many times its timeout a check waits for a descriptor.
const PATIENCE: u32 = 3;
