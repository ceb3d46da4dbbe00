//! Shards and their merge: the verdict of all together is that of the whole run, and anything less is no GO.

use std::collections::BTreeSet;

use gonogo_gate::decide;
use gonogo_model::codes::{engine, needs, shard as codes};
use gonogo_model::{
    CheckResult, Code, Decimal, Division, GroupState, Id, MergeTerms, Outcome, Part, PlanSummary,
    Quorum, RunRecord, Severity, Shard, Tally, Tool, Verdict, merge,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::record::{Check, Run, attempt, check, id, run, waiver};

/// A gate, and what each of its checks would come to if it were looked at.
#[derive(Debug, Clone)]
struct Gate {
    run: Run,
    /// By check: the places of earlier checks that it needs, and a group that stands before it.
    needs: Vec<(BTreeSet<usize>, Option<usize>)>,
}

impl Gate {
    /// Returns the record of a run in which these checks run.
    fn record(&self, shard: Option<Shard>) -> RunRecord {
        let mut record = self.run.record();
        let group_id = |group: usize| id(&format!("g{group}"));
        for (place, (checks, group)) in self.needs.iter().enumerate() {
            let checks = checks.iter().map(|need| id(&format!("c{need}")));
            let needs: Vec<Id> = checks.chain(group.map(group_id)).collect();
            record.checks[place].plan.needs = needs;
        }
        record.header.tool = tool();
        record.header.shard = shard;
        record.plan.digest = digest(&planned(&record));
        let whole = vec![true; record.checks.len()];
        let division = |shard: Shard| {
            let plans = record.checks.iter().map(|check| &check.plan);
            Division::of(plans, &record.plan.groups, shard.count)
        };
        let division = shard.map(|shard| (division(shard), shard));
        let runs = match &division {
            Some((division, shard)) => division.runs_in(shard.index),
            None => whole,
        };
        for (place, runs) in runs.into_iter().enumerate() {
            if let Some((division, _)) = division.as_ref().filter(|_| !runs) {
                let reason = division.reason(place);
                record.checks[place].result =
                    CheckResult::bare(Outcome::Skipped, needs::OTHER_SHARD.into(), &*reason);
                record.checks[place].plan.left_out = Some(reason);
            } else if self.is_blocked(place, &record) {
                let code = needs::NOT_PASSED.into();
                record.checks[place].result = CheckResult::bare(Outcome::Skipped, code, "needs");
            } else {
                let outcome = record.checks[place].result.outcome;
                record.checks[place].attempts = vec![attempt(outcome)];
            }
        }
        record
    }

    fn is_blocked(&self, place: usize, record: &RunRecord) -> bool {
        let (checks, group) = &self.needs[place];
        let outcome = |check: usize| record.checks[check].result.outcome;
        let group = group.map(|group| &record.plan.groups[group]);
        let unmet = group.is_some_and(|group| {
            let members = group
                .members
                .iter()
                .map(|member| Some(outcome(member.as_usize())));
            Tally::of(members).state(group.quorum) != GroupState::Met
        });
        unmet || checks.iter().any(|check| !outcome(*check).satisfies())
    }

    fn shards(&self, count: u32) -> Vec<Part> {
        let shard = |index| {
            let mut record = self.record(Shard::new(index, count));
            record.header.run_id = format!("run-{index}");
            part(index, record)
        };
        (1..=count).map(shard).collect()
    }
}

fn part(index: u32, record: RunRecord) -> Part {
    Part {
        file: format!("{index}.json"),
        record: Ok(Box::new(record)),
    }
}

fn planned(record: &RunRecord) -> PlanSummary {
    PlanSummary {
        checks: record.checks.iter().map(|c| c.plan.clone()).collect(),
        ..record.plan.clone()
    }
}

/// A digest for tests: the text itself.
fn digest(plan: &PlanSummary) -> String {
    let plan = PlanSummary {
        digest: String::new(),
        ..plan.clone()
    };
    serde_json::to_string(&plan).unwrap()
}

fn tool() -> Tool {
    Tool {
        name: "gonogo".to_owned(),
        version: "1.0.0".to_owned(),
    }
}

fn terms() -> MergeTerms {
    MergeTerms {
        run_id: "merged".to_owned(),
        now: "2026-08-01T10:05:00Z".parse().unwrap(),
        max_age: SignedDuration::from_hours(1),
        ci_run: None,
        ci_job: None,
        tool: tool(),
        digest,
    }
}

fn merged(parts: Vec<Part>) -> RunRecord {
    merge(parts, &terms()).unwrap()
}

fn outcomes(record: &RunRecord) -> Vec<Outcome> {
    record.checks.iter().map(|c| c.result.outcome).collect()
}

/// Returns the codes of the faults of a merge, which is no GO and says so in its reasons.
fn faults(parts: Vec<Part>) -> Vec<String> {
    let record = merged(parts);
    let judged = decide(&record);
    assert_ne!(judged.verdict, Verdict::Go);
    let faults = record.merged.unwrap().faults;
    for fault in &faults {
        let told = judged.reasons.iter().any(|r| r.message == fault.message);
        assert!(told, "{fault:?} is not among {:?}", judged.reasons);
    }
    faults.iter().map(|f| f.code.to_string()).collect()
}

/// Returns a gate of four checks in which everything passes.
fn all_well() -> Gate {
    let names = ["c0", "c1", "c2", "c3"];
    Gate {
        run: run(names.map(|name| check(name, Outcome::Passed))),
        needs: vec![(BTreeSet::new(), None); 4],
    }
}

fn change(part: &mut Part, change: impl FnOnce(&mut RunRecord)) {
    change(part.record.as_mut().unwrap());
}

#[test]
fn a_shard_by_itself_is_never_a_go_and_all_of_them_are() {
    let gate = all_well();
    for count in 1..=6 {
        let shards = gate.shards(count);
        for part in &shards {
            let judged = decide(part.record.as_ref().unwrap());
            assert_eq!((judged.verdict, judged.partial), (Verdict::Hold, true));
            assert_eq!(judged.reasons[0].code.as_str(), "gate/shard");
        }
        let record = merged(shards);
        assert_eq!(decide(&record).verdict, Verdict::Go, "{count}");
        assert_eq!(outcomes(&record), [Outcome::Passed; 4]);
    }
}

#[test]
fn each_fault_of_a_file_has_its_code() {
    let gate = all_well();
    let all = || gate.shards(3);
    let with = |edit: &dyn Fn(&mut RunRecord)| {
        let mut parts = all();
        change(&mut parts[1], edit);
        faults(parts)
    };
    let missing = {
        let mut parts = all();
        parts.remove(1);
        parts
    };
    assert_eq!(faults(missing), [codes::MISSING.code]);
    let twice = [all(), gate.shards(3).drain(..1).collect()].concat();
    assert_eq!(faults(twice), [codes::DUPLICATE.code]);
    let mut damaged = all();
    damaged[1].record = Err("the file ends in the middle".to_owned());
    assert_eq!(faults(damaged), [codes::DAMAGED.code, codes::MISSING.code]);
    assert_eq!(
        with(&|record| record.interrupted = Some("TERM".to_owned())),
        [codes::INTERRUPTED.code]
    );
    let wall = |text: &str| -> Timestamp { text.parse().unwrap() };
    assert_eq!(
        with(&|record| record.started.wall = wall("2026-08-01T09:04:59Z")),
        [codes::TOO_OLD.code]
    );
    assert_eq!(
        with(&|record| record.finished.wall = wall("2026-08-01T10:07:01Z")),
        [codes::FUTURE.code]
    );
    assert_eq!(
        with(&|record| record.finished.wall = wall("2026-08-01T09:59:00Z")),
        [codes::EDITED.code]
    );
}

#[test]
fn a_shard_of_another_run_is_foreign_whatever_tells_it_apart() {
    let foreign = [codes::FOREIGN.code, codes::MISSING.code];
    let edits: [&dyn Fn(&mut RunRecord); 11] = [
        &|r| r.header.gate = "other".to_owned(),
        &|r| r.header.file_digest = "other".to_owned(),
        &|r| r.header.release = Some("2".to_owned()),
        &|r| r.header.environment = Some("production".to_owned()),
        &|r| r.header.tool.version = "2.0.0".to_owned(),
        &|r| r.header.ci_run = Some("77".to_owned()),
        &|r| r.header.commit = Some("abc".to_owned()),
        &|r| r.header.secrets = vec!["token".to_owned()],
        &|r| r.header.valid_for = Some(Decimal::from(60_u32)),
        &|r| r.plan.digest = "other".to_owned(),
        &|r| r.plan.selection.tags = vec!["edge".to_owned()],
    ];
    for (number, edit) in edits.iter().enumerate() {
        let mut parts = all_well().shards(3);
        change(&mut parts[2], edit);
        assert_eq!(faults(parts), foreign, "{number}");
    }
    // One of another number of shards may be the only one of its number.
    let gate = all_well();
    let mut parts = gate.shards(3);
    parts[2] = gate.shards(4).remove(3);
    assert_eq!(faults(parts), foreign);
    let mut whole = gate.shards(3);
    whole.push(part(9, gate.record(None)));
    assert_eq!(faults(whole), [codes::FOREIGN.code]);
}

#[test]
fn all_shards_of_another_pipeline_or_program_are_none_of_this_one() {
    let parts = |run: Option<&str>| {
        let mut parts = all_well().shards(2);
        for part in &mut parts {
            change(part, |r| r.header.ci_run = run.map(str::to_owned));
        }
        parts
    };
    let here = |run: &str| MergeTerms {
        ci_run: Some(run.to_owned()),
        ..terms()
    };
    let verdict = |parts, terms: &MergeTerms| decide(&merge(parts, terms).unwrap()).verdict;
    assert_eq!(verdict(parts(Some("7")), &here("7")), Verdict::Go);
    assert_eq!(verdict(parts(Some("6")), &here("7")), Verdict::Hold);
    assert_eq!(
        verdict(parts(Some("6")), &terms()),
        Verdict::Go,
        "merged by hand"
    );
    let newer = MergeTerms {
        tool: Tool {
            version: "1.1.0".to_owned(),
            ..tool()
        },
        ..terms()
    };
    assert_eq!(verdict(parts(None), &newer), Verdict::Hold);
}

#[test]
fn a_shard_that_says_what_it_cannot_say_was_edited() {
    let edits: [&dyn Fn(&mut RunRecord); 6] = [
        // It vouches for what it left to others.
        &|r| {
            let other = r.checks.iter_mut().find(|c| c.plan.left_out.is_some());
            other.unwrap().result.outcome = Outcome::Passed;
        },
        &|r| {
            let other = r.checks.iter_mut().find(|c| c.plan.left_out.is_some());
            let other = other.unwrap();
            other.plan.left_out = None;
            other.result.outcome = Outcome::Passed;
        },
        // It leaves out what it owns.
        &|r| {
            let own = r.checks.iter_mut().find(|c| c.plan.left_out.is_none());
            own.unwrap().plan.left_out = Some(Division::reason_of(1, 2));
        },
        // Its plan is not the one whose digest it names.
        &|r| r.checks[0].plan.severity = Severity::Info,
        &|r| drop(r.checks.pop()),
        &|r| {
            let again = r.checks[0].clone();
            r.checks.push(again);
        },
    ];
    for (number, edit) in edits.iter().enumerate() {
        for at in 0..2 {
            let mut parts = all_well().shards(2);
            change(&mut parts[at], edit);
            assert_eq!(faults(parts), [codes::EDITED.code], "{number} of {at}");
        }
    }
}

#[test]
fn the_worst_of_what_several_shards_saw_counts() {
    // Twelve checks that all need the first: two shards run it.
    let names: Vec<String> = (0..12).map(|n| format!("c{n}")).collect();
    let gate = Gate {
        run: run(names.iter().map(|name| check(name, Outcome::Passed))),
        needs: (0..12).map(|n| ((0..n.min(1)).collect(), None)).collect(),
    };
    for at in 0..2 {
        let mut parts = gate.shards(2);
        change(&mut parts[at], |record| {
            let failed = CheckResult::bare(Outcome::Failed, engine::EXPECTATION.into(), "is down");
            record.checks[0].result = failed;
        });
        let record = merged(parts);
        assert_eq!(decide(&record).verdict, Verdict::NoGo);
        let first = &record.checks[0].result;
        assert_eq!(first.message.as_deref(), Some("is down"));
        let [worse, other] = if at == 0 {
            ["failed", "passed"]
        } else {
            ["passed", "failed"]
        };
        assert_eq!(
            first.notes,
            [format!(
                "run by several shards, and the worst counts: shard 1, its owner: {worse}; shard 2: {other}"
            )]
        );
    }
    // Without its owner nobody vouches for it, although another shard saw it pass.
    let mut parts = gate.shards(2);
    parts.remove(0);
    let record = merged(parts);
    assert_eq!(record.checks[0].result.outcome, Outcome::Skipped);
    assert_eq!(
        record.checks[0].result.code,
        Some(Code::from(codes::MISSING))
    );
}

#[test]
fn a_pass_must_be_young_enough_when_it_is_merged() {
    let verdict = |max_age: u32| {
        let mut gate = all_well();
        gate.run.valid_for = Some(Decimal::from(3600_u32));
        let mut parts = gate.shards(2);
        for part in &mut parts {
            change(part, |record| {
                record.checks[2].plan.max_age = Some(Decimal::from(max_age));
                record.plan.digest.clear();
                record.plan.digest = digest(&PlanSummary {
                    checks: record
                        .checks
                        .iter()
                        .map(|c| gonogo_model::PlannedCheck {
                            left_out: None,
                            ..c.plan.clone()
                        })
                        .collect(),
                    ..record.plan.clone()
                });
            });
        }
        // Shard 2 ended four minutes after shard 1.
        change(&mut parts[1], |record| {
            record.finished.wall = "2026-08-01T10:04:05Z".parse().unwrap();
        });
        let record = merged(parts);
        let judged = decide(&record);
        (judged.verdict, judged.valid_until, outcomes(&record)[2])
    };
    let until = |text: &str| Some(text.parse::<Timestamp>().unwrap());
    assert_eq!(
        verdict(7200),
        (Verdict::Go, until("2026-08-01T11:00:05Z"), Outcome::Passed),
        "it holds from the end of the first shard on"
    );
    assert_eq!(
        verdict(299),
        (Verdict::Hold, None, Outcome::Unknown),
        "it is five minutes old"
    );
}

#[test]
fn a_merge_that_lost_its_faults_on_the_way_is_no_go_either() {
    let mut parts = all_well().shards(3);
    parts.remove(2);
    let mut record = merged(parts);
    for check in &mut record.checks {
        check.result.outcome = Outcome::Passed;
    }
    let mut edited = record.clone();
    edited.merged.as_mut().unwrap().faults.clear();
    let judged = decide(&edited);
    assert_eq!(judged.verdict, Verdict::Hold);
    assert_eq!(judged.reasons[0].code.as_str(), codes::MISSING.code);
}

/// Returns the owner of each check, of which each needs those at these places.
fn owners(needs: Vec<Vec<usize>>, count: u32) -> Vec<u32> {
    let names: Vec<String> = (0..needs.len()).map(|n| format!("c{n}")).collect();
    let gate = Gate {
        run: run(names.iter().map(|name| check(name, Outcome::Passed))),
        needs: needs
            .into_iter()
            .map(|needs| (needs.into_iter().collect(), None))
            .collect(),
    };
    let record = gate.record(None);
    let plans = record.checks.iter().map(|check| &check.plan);
    let division = Division::of(plans, &record.plan.groups, count);
    let places = 0..record.checks.len();
    places.map(|place| division.owner(place).unwrap()).collect()
}

#[test]
fn chains_stay_together_and_what_is_alone_goes_around() {
    let alone = vec![Vec::new(); 7];
    assert_eq!(owners(alone, 3), [1, 2, 3, 1, 2, 3, 1]);
    let chains = vec![vec![], vec![], vec![], vec![0], vec![1], vec![2]];
    assert_eq!(owners(chains, 3), [1, 2, 3, 1, 2, 3]);
    // Everything needs the first: no shard has all of it.
    let behind_one: Vec<Vec<usize>> = (0..40).map(|n: usize| vec![0; n.min(1)]).collect();
    let owned = owners(behind_one, 4);
    for shard in 1..=4 {
        let of_shard = owned.iter().filter(|owner| **owner == shard);
        assert_eq!(of_shard.count(), 10, "{owned:?}");
    }
}

#[test]
fn files_without_a_shard_make_no_record() {
    assert_eq!(merge(Vec::new(), &terms()), None);
    let whole = part(1, all_well().record(None));
    assert_eq!(merge(vec![whole], &terms()), None);
}

fn gates() -> impl Strategy<Value = Gate> {
    let outcomes = prop_oneof![
        12 => Just(Outcome::Passed),
        1 => Just(Outcome::Warned),
        1 => Just(Outcome::Waived),
        1 => Just(Outcome::Unknown),
        1 => Just(Outcome::Failed),
    ];
    let severities = prop_oneof![4 => Just(Severity::Blocker), 1 => Just(Severity::Info)];
    let groups = prop_oneof![3 => Just(None), 1 => (0..2_usize).prop_map(Some)];
    let needs = prop::collection::btree_set(0..40_usize, 0..3);
    let check = (outcomes, severities, groups, needs, 0..8_u8);
    let quorum = prop_oneof![
        Just(Quorum::All),
        Just(Quorum::Any),
        (1..4_u32).prop_map(Quorum::AtLeast),
        (1..=10_000_u32).prop_map(Quorum::AtLeastShare),
    ];
    let quarantine = prop_oneof![Just(None), (0..3_u32).prop_map(Some)];
    let checks = prop::collection::vec(check, 1..40);
    (checks, prop::collection::vec(quorum, 2), quarantine).prop_map(
        |(checks, quorums, quarantine)| {
            let mut gate = Gate {
                run: Run::default(),
                needs: Vec::new(),
            };
            for quorum in quorums {
                gate.run = gate.run.group(Severity::Blocker, quorum);
            }
            let half = checks.len() / 2;
            for (place, (outcome, severity, group, needs, by_group)) in
                checks.into_iter().enumerate()
            {
                // Members stand in the first half, so that what needs their group follows them.
                let group = group.filter(|_| place < half);
                let needs = needs.into_iter().filter(|need| *need < place);
                let by_group = (place >= half && by_group == 0).then_some(0);
                gate.needs.push((needs.collect(), by_group));
                gate.run.checks.push(Check {
                    severity,
                    group,
                    ..self::check(&format!("c{place}"), outcome)
                });
            }
            let all = 0..u32::try_from(gate.run.checks.len()).unwrap();
            gate.run.waivers = vec![gonogo_model::PlannedWaiver {
                quarantine,
                ..waiver(all)
            }];
            gate
        },
    )
}

proptest! {
    #[test]
    fn all_shards_together_come_to_what_the_whole_run_comes_to(gate in gates(), count in 1..9_u32) {
        let whole = gate.record(None);
        let record = merged(gate.shards(count));
        prop_assert_eq!(outcomes(&record), outcomes(&whole));
        let (together, alone) = (decide(&record), decide(&whole));
        prop_assert_eq!(together.verdict, alone.verdict);
        prop_assert_eq!(together.counts, alone.counts);
        prop_assert_eq!(together.groups, alone.groups);
        prop_assert_eq!(together.reasons, alone.reasons);
        prop_assert_eq!(record.merged.unwrap().faults, Vec::new());
    }

    #[test]
    fn the_order_of_the_files_makes_no_difference(
        gate in gates(),
        order in Just((0..6_usize).collect::<Vec<_>>()).prop_shuffle(),
        lost in prop::collection::btree_set(0..6_usize, 0..4),
    ) {
        let mut parts = gate.shards(5);
        parts.push(part(6, gate.record(Shard::new(2, 5))));
        for place in lost {
            parts[place].record = Err("cut".to_owned());
        }
        let shuffled = order.iter().map(|place| parts[*place].clone()).collect();
        prop_assert_eq!(merge(parts, &terms()), merge(shuffled, &terms()));
    }

    #[test]
    fn a_shard_that_is_dropped_doubled_or_of_another_run_makes_it_no_go(
        gate in gates(),
        other in gates(),
        count in 1..7_u32,
        at in 0..7_usize,
        how in 0..4_u8,
    ) {
        let mut parts = gate.shards(count);
        let at = at % parts.len();
        match how {
            0 => drop(parts.remove(at)),
            1 => parts.push(parts[at].clone()),
            2 => {
                let stranger = other.shards(count).remove(at);
                let digest = |part: &Part| part.record.as_ref().unwrap().plan.digest.clone();
                prop_assume!(count > 1 && digest(&stranger) != digest(&parts[at]));
                parts[at] = stranger;
            }
            _ => {
                prop_assume!(count > 1);
                change(&mut parts[at], |r| r.header.release = Some("2".to_owned()));
            }
        }
        let judged = merge(parts, &terms()).map(|record| decide(&record).verdict);
        prop_assert_ne!(judged, Some(Verdict::Go));
    }

    #[test]
    fn a_no_go_that_a_shard_has_seen_stays_one(gate in gates(), count in 1..7_u32, at in 0..7_usize) {
        let mut parts = gate.shards(count);
        let at = at % parts.len();
        let kept = parts.remove(at);
        let failed = kept.record.as_ref().unwrap().checks.iter().any(|check| {
            let plan = &check.plan;
            let weighs = plan.severity == Severity::Blocker && plan.group.is_none();
            weighs && check.result.outcome == Outcome::Failed
        });
        let judged = decide(&merged(vec![kept])).verdict;
        if count > 1 {
            prop_assert_ne!(judged, Verdict::Go);
        }
        if failed {
            prop_assert_eq!(judged, Verdict::NoGo);
        }
    }

    #[test]
    fn every_check_has_one_owner_which_runs_it_with_what_it_needs(gate in gates(), count in 1..9_u32) {
        let record = gate.record(None);
        let plans = record.checks.iter().map(|check| &check.plan);
        let division = Division::of(plans, &record.plan.groups, count);
        let mut loads = vec![0_usize; count as usize];
        for place in 0..record.checks.len() {
            let owner = division.owner(place).unwrap();
            prop_assert!((1..=count).contains(&owner));
            loads[owner as usize - 1] += 1;
            prop_assert!(division.runs_in(owner)[place]);
        }
        prop_assert_eq!(division.owner(record.checks.len()), None);
        for index in 1..=count {
            let runs = division.runs_in(index);
            for (place, (checks, group)) in gate.needs.iter().enumerate().filter(|(place, _)| runs[*place]) {
                prop_assert!(checks.iter().all(|need| runs[*need]), "{}", place);
                let group = group.map(|group| &record.plan.groups[group]);
                let mut members = group.iter().flat_map(|group| &group.members);
                prop_assert!(members.all(|member| runs[member.as_usize()]));
            }
        }
        let unit = record.checks.len().div_ceil(count as usize).max(1);
        let (most, least) = (loads.iter().max().unwrap(), loads.iter().min().unwrap());
        prop_assert!(most - least <= unit, "{:?}", loads);
    }
}
