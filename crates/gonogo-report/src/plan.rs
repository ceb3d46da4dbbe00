//! What would run, in which order, with every expectation in force and where it comes from.

use std::collections::{BTreeMap, VecDeque};

use gonogo_model::{
    Effect, ExpectationSummary, Id, PlanSummary, PlannedCheck, PlannedGroup, PlannedWaiver, Quorum,
    RunHeader, Selection, Severity, quantity,
};

use serde_json::Value as Json;

use crate::human::{names, subject_of_the_run};
use crate::json::{self, ReadError};
use crate::layout::{Lead, Page, Spans};
use crate::style::{Role, Style};
use crate::text;

/// The name and version of the JSON plan's format.
pub const SCHEMA: &str = "gonogo.plan/1";

/// Returns the plan for a person: the checks in the order in which they can start.
#[must_use]
pub fn plan_text(plan: &PlanSummary, header: &RunHeader, style: &Style) -> String {
    let mut page = Page::new(style);
    for (number, (level, check)) in in_order(plan).into_iter().enumerate() {
        page.gap();
        self::check(&mut page, number + 1, level, check);
    }
    for group in &plan.groups {
        page.gap();
        self::group(&mut page, plan, group);
    }
    for waiver in &plan.waivers {
        page.gap();
        self::waiver(&mut page, plan, waiver);
    }
    page.gap();
    footer(&mut page, plan, header);
    page.into_text()
}

/// Returns who is told of a run, which is no part of its plan: name, service, occasion.
#[must_use]
pub fn receivers_text(receivers: &[(&str, &str, &str)], style: &Style) -> String {
    let mut page = Page::new(style);
    for (name, service, occasion) in receivers {
        let told = format!("{name}, by {service}, on {occasion}");
        let told = short(&page, &told);
        foot(&mut page, "tells", &told);
    }
    page.into_text()
}

/// Returns the plan as `gonogo.plan/1`, with the keys that a report gives a planned check.
#[must_use]
pub fn plan_json(plan: &PlanSummary, header: &RunHeader) -> String {
    json::plan_document(SCHEMA, header, plan)
        .and_then(|document| json::to_text(&document))
        .expect("a plan has only text keys, and memory takes every byte")
}

/// A plan that was written by [`plan_json`] and comes back to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewedPlan {
    /// The plan's digest.
    pub digest: String,
    /// The environment that it was made for.
    pub environment: Option<String>,
    /// How its checks were selected.
    pub selection: Selection,
    checks: Vec<Json>,
    groups: Vec<Json>,
    waivers: Vec<Json>,
}

/// Reads a plan that was written by [`plan_json`].
///
/// # Errors
///
/// What keeps the file from being read.
pub fn read_plan(text: &str) -> Result<ReviewedPlan, ReadError> {
    let document = json::read_plan(text, SCHEMA)?;
    Ok(ReviewedPlan {
        digest: document.digests.plan,
        environment: document.environment,
        selection: document.selection,
        checks: document.checks,
        groups: document.groups,
        waivers: document.waivers,
    })
}

impl ReviewedPlan {
    /// Names the first thing that is not in this plan as it is in another.
    #[must_use]
    pub fn difference(&self, plan: &PlanSummary) -> String {
        let checks = json::planned_checks(plan).unwrap_or_default();
        let groups = json::planned_groups(plan).unwrap_or_default();
        let waivers = json::planned_waivers(plan).unwrap_or_default();
        difference("check", &self.checks, &checks)
            .or_else(|| difference("group", &self.groups, &groups))
            .or_else(|| (self.waivers != waivers).then(|| "its waivers are others".to_owned()))
            .unwrap_or_else(|| "what its phases and tags exclude is not the same".to_owned())
    }
}

/// Names the first thing that differs between two lists of objects with ids.
fn difference(what: &str, was: &[Json], is: &[Json]) -> Option<String> {
    let by_id = |list: &'_ [Json]| -> BTreeMap<String, Json> {
        let id = |object: &Json| object["id"].as_str().unwrap_or_default().to_owned();
        list.iter().map(|o| (id(o), o.clone())).collect()
    };
    let (before, after) = (by_id(was), by_id(is));
    if let Some(id) = before.keys().find(|id| !after.contains_key(*id)) {
        return Some(format!("{what} {id} is gone"));
    }
    if let Some(id) = after.keys().find(|id| !before.contains_key(*id)) {
        return Some(format!("{what} {id} is new"));
    }
    for (id, was) in &before {
        let keys = was.as_object().into_iter().flat_map(|object| object.keys());
        // Where it stands in the file is told only when nothing else differs.
        let mut differing: Vec<&String> = keys.filter(|key| was[*key] != after[id][*key]).collect();
        differing.sort_by_key(|key| matches!(key.as_str(), "file" | "line"));
        if let Some(key) = differing.first() {
            return Some(format!("{what} {id} has another `{key}`"));
        }
    }
    (was != is).then(|| format!("the {what}s are in another order"))
}

/// Returns the checks in the order in which they can start, each with how many steps it has to wait.
fn in_order(plan: &PlanSummary) -> Vec<(usize, &PlannedCheck)> {
    let places: BTreeMap<&Id, usize> = plan.checks.iter().map(|c| &c.id).zip(0..).collect();
    let groups: BTreeMap<&Id, &PlannedGroup> = plan.groups.iter().map(|g| (&g.id, g)).collect();
    let needed = |check: &PlannedCheck| -> Vec<usize> {
        let mut needed = Vec::new();
        for id in &check.needs {
            match groups.get(id) {
                Some(group) => needed.extend(group.members.iter().map(|m| m.as_usize())),
                None => needed.extend(places.get(id).copied()),
            }
        }
        needed
    };
    let mut waits: Vec<usize> = vec![0; plan.checks.len()];
    let mut dependents: Vec<Vec<usize>> = vec![Vec::new(); plan.checks.len()];
    for (place, check) in plan.checks.iter().enumerate() {
        for need in needed(check) {
            if let (Some(dependents), Some(waits)) =
                (dependents.get_mut(need), waits.get_mut(place))
            {
                dependents.push(place);
                *waits += 1;
            }
        }
    }
    let mut levels = vec![0; plan.checks.len()];
    let ready = waits.iter().enumerate().filter(|(_, waits)| **waits == 0);
    let mut ready: VecDeque<usize> = ready.map(|(place, _)| place).collect();
    while let Some(place) = ready.pop_front() {
        let level = levels.get(place).copied().unwrap_or(0);
        for dependent in dependents.get(place).into_iter().flatten() {
            if let (Some(waits), Some(below)) =
                (waits.get_mut(*dependent), levels.get_mut(*dependent))
            {
                *below = (level + 1).max(*below);
                *waits -= 1;
                if *waits == 0 {
                    ready.push_back(*dependent);
                }
            }
        }
    }
    let mut order: Vec<(usize, &PlannedCheck)> = levels.into_iter().zip(&plan.checks).collect();
    order.sort_by_key(|(level, _)| *level);
    order
}

fn check(page: &mut Page<'_>, number: usize, level: usize, check: &PlannedCheck) {
    let mut body = Spans::new(Role::Name, check.id.as_str());
    if check.title != check.id.as_str() {
        body.push(Role::Body, &format!("  {}", short(page, &check.title)));
    }
    if check.severity != Severity::Blocker {
        body.push(Role::Faint, &format!("  ({})", check.severity));
    }
    let number = number.to_string();
    let lead = Lead {
        role: Role::Faint,
        text: &number,
        columns: NUMBER,
    };
    page.row(0, &[lead], &body);

    let mut what = format!("{} {}", check.kind, short(page, &check.subject));
    if check.effect != Effect::Reads {
        what.push_str(&format!(" ({})", check.effect));
    }
    label(page, "looks at", &Spans::body(&what));
    if let Some(why) = &check.left_out {
        let why = format!("{}, so it will be skipped", short(page, why));
        label(page, "left out", &Spans::new(Role::Notice, &why));
    }
    let needs: Vec<&Id> = check.needs.iter().collect();
    let after = if needs.is_empty() {
        "at once".to_owned()
    } else {
        format!("after {} (step {})", names(&needs, usize::MAX), level + 1)
    };
    label(page, "starts", &Spans::body(&after));
    expectations(page, &check.expectations);
    label(page, "attempts", &Spans::body(&attempts(check)));
    for (name, value) in &check.options {
        let option = format!("{} = {}", short(page, name), short(page, value));
        label(page, "option", &Spans::body(&option));
    }
    let lists = [
        ("phases", &check.phases),
        ("tags", &check.tags),
        ("covers", &check.covers),
    ];
    for (word, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        label(page, word, &Spans::body(&short(page, &list.join(", "))));
    }
    if let Some(group) = &check.group {
        label(page, "group", &Spans::body(group.as_str()));
    }
    let contacts = [("owner", &check.owner), ("runbook", &check.runbook)];
    for (word, contact) in contacts {
        if let Some(contact) = contact {
            label(page, word, &Spans::body(&short(page, contact)));
        }
    }
    let at = format!("{}:{}", short(page, &check.file), check.line);
    label(page, "at", &Spans::new(Role::Faint, &at));
}

fn expectations(page: &mut Page<'_>, expectations: &[ExpectationSummary]) {
    let facts = expectations
        .iter()
        .map(|e| text::width(&short(page, &e.fact)) + 2);
    let columns = facts.max().unwrap_or(0).min(MOST_FACT_COLUMNS);
    for expectation in expectations {
        let fact = short(page, &expectation.fact);
        let leads = [
            labelled(expectation.strength.as_str()),
            Lead {
                role: Role::Body,
                text: &fact,
                columns,
            },
        ];
        let origin = short(page, &expectation.origin.to_string());
        let body = Spans::new(Role::Name, &short(page, &expectation.wanted))
            .and(Role::Faint, &format!("  ({origin})"));
        page.row(NUMBER, &leads, &body);
    }
}

fn attempts(check: &PlannedCheck) -> String {
    let mut text = format!(
        "{} of {} at most",
        text::count(check.attempts as usize, "attempt"),
        quantity::duration(&check.timeout)
    );
    if check.attempts > 1 || check.consecutive > 1 {
        text.push_str(&format!(", {} apart", quantity::duration(&check.backoff)));
    }
    if check.consecutive > 1 {
        text.push_str(&format!(", {} passes in a row", check.consecutive));
    }
    if let Some(age) = &check.max_age {
        text.push_str(&format!(", a pass is good for {}", quantity::duration(age)));
    }
    text
}

fn group(page: &mut Page<'_>, plan: &PlanSummary, group: &PlannedGroup) {
    let mut body = Spans::new(Role::Name, &format!("group {}", group.id));
    if group.title != group.id.as_str() {
        body.push(Role::Body, &format!("  {}", short(page, &group.title)));
    }
    if group.severity != Severity::Blocker {
        body.push(Role::Faint, &format!("  ({})", group.severity));
    }
    page.row(0, &[], &body);
    let quorum = quorum(group);
    label(page, "quorum", &Spans::body(&quorum));
    let members = group
        .members
        .iter()
        .filter_map(|m| plan.checks.get(m.as_usize()));
    let members: Vec<&Id> = members.map(|check| &check.id).collect();
    label(page, "members", &Spans::body(&names(&members, usize::MAX)));
    let at = format!("{}:{}", short(page, &group.file), group.line);
    label(page, "at", &Spans::new(Role::Faint, &at));
}

fn waiver(page: &mut Page<'_>, plan: &PlanSummary, waiver: &PlannedWaiver) {
    let what = match waiver.quarantine {
        Some(_) => "quarantine of",
        None => "waiver for",
    };
    let name = format!("{what} {}", short(page, &waiver.check));
    page.row(0, &[], &Spans::new(Role::Name, &name));
    let planned = waiver.checks.iter();
    let planned = planned.filter_map(|place| plan.checks.get(place.as_usize()));
    let ids: Vec<&Id> = planned.map(|check| &check.id).collect();
    let mut covers = match ids.as_slice() {
        [] => "no check of this plan".to_owned(),
        ids => names(ids, usize::MAX),
    };
    if let Some(code) = &waiver.code {
        covers.push_str(&format!(
            ", where {} is all that is wrong",
            short(page, code)
        ));
    }
    if let Some(count) = waiver.quarantine {
        covers.push_str(&format!(", {count} at once"));
    }
    label(page, "covers", &Spans::body(&covers));
    label(
        page,
        "until",
        &Spans::body(&short(page, &waiver.until.text)),
    );
    label(page, "reason", &Spans::body(&short(page, &waiver.reason)));
    label(page, "owner", &Spans::body(&short(page, &waiver.owner)));
    if let Some(ticket) = &waiver.ticket {
        label(page, "ticket", &Spans::body(&short(page, ticket)));
    }
    let at = format!("{}:{}", short(page, &waiver.file), waiver.line);
    label(page, "at", &Spans::new(Role::Faint, &at));
}

/// Says how many members of a group must pass.
pub(crate) fn quorum(group: &PlannedGroup) -> String {
    let planned = u32::try_from(group.members.len()).unwrap_or(u32::MAX);
    let needed = group.quorum.needed(planned);
    match group.quorum {
        Quorum::All => format!("all {planned} must pass"),
        Quorum::Any | Quorum::AtLeast(_) => format!("{needed} of {planned} must pass"),
        Quorum::AtLeastShare(share) => {
            let share = quantity::ratio(&gonogo_model::Decimal::from(share).shifted(-4));
            format!("{share}, so {needed} of {planned}, must pass")
        }
    }
}

fn footer(page: &mut Page<'_>, plan: &PlanSummary, header: &RunHeader) {
    for policy in &header.policies {
        let digest = policy.digest.get(..12).unwrap_or(&policy.digest);
        foot(
            page,
            "policy",
            &short(page, &format!("{}  ({digest})", policy.file)),
        );
    }
    for variable in &header.variables {
        let text = format!(
            "{} = {}  ({})",
            variable.name, variable.value, variable.origin
        );
        foot(page, "variable", &short(page, &text));
    }
    if !header.secrets.is_empty() {
        foot(page, "secrets", &short(page, &header.secrets.join(", ")));
    }
    for (reason, ids) in &excluded(plan) {
        let text = format!("{}, by {}", names(ids, usize::MAX), short(page, reason));
        foot(page, "excluded", &text);
    }
    let counts = [
        (plan.checks.len(), "check"),
        (plan.groups.len(), "group"),
        (plan.waivers.len(), "waiver"),
    ];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(number, noun)| *number > 0 || *noun == "check")
        .map(|(number, noun)| text::count(number, noun))
        .collect();
    let subject = subject_of_the_run(header, &plan.selection, page.style());
    let file = short(page, &header.file);
    foot(
        page,
        "gate",
        &format!("{subject}, {} of {file}", counts.join(", ")),
    );
    foot(page, "plan", &short(page, &plan.digest));
}

fn excluded(plan: &PlanSummary) -> BTreeMap<&str, Vec<&Id>> {
    let mut reasons: BTreeMap<&str, Vec<&Id>> = BTreeMap::new();
    for excluded in &plan.excluded {
        let ids = reasons.entry(excluded.reason.as_str()).or_default();
        ids.push(&excluded.id);
    }
    reasons
}

fn foot(page: &mut Page<'_>, word: &str, text: &str) {
    page.row(0, &[labelled(word)], &Spans::body(text));
}

fn label(page: &mut Page<'_>, word: &str, body: &Spans) {
    let indent = if page.is_wide() { NUMBER } else { 2 };
    page.row(indent, &[labelled(word)], body);
}

fn labelled(word: &str) -> Lead<'_> {
    Lead {
        role: Role::Faint,
        text: word,
        columns: LABEL,
    }
}

fn short(page: &Page<'_>, text: &str) -> String {
    text::line(text, SHORT, page.style().ellipsis())
}

const NUMBER: usize = 5;
const LABEL: usize = 10;
const SHORT: usize = 300;
const MOST_FACT_COLUMNS: usize = 26;
