//! Which checks a waiver names, once every check is known, and what is wrong with that.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use gonogo_kind::manifest::Waiver;
use gonogo_kind::{Diagnostic, Span, glob_matches};

use super::{WaiverDraft, code};
use crate::check::Draft;
use crate::group::GroupDraft;
use crate::reader::Reader;

/// Returns the waivers of the gate, each with the checks that it names.
pub(crate) fn resolve(
    reader: &mut Reader<'_>,
    drafts: &[Draft],
    groups: &[GroupDraft],
) -> Vec<Waiver> {
    let waivers = std::mem::take(&mut reader.waivers);
    twice(reader, &waivers);
    let mut names = Names::of(drafts, groups);
    let mut resolved = Vec::with_capacity(waivers.len());
    for draft in waivers {
        if reader.mistakes.is_full() {
            break;
        }
        over(reader, &draft);
        let Some(places) = names.places(reader, &draft) else {
            continue;
        };
        useless(reader, &draft, &places, &names);
        let ids = places.into_iter().filter_map(|at| drafts.get(at));
        resolved.push(Waiver {
            checks: ids.map(|draft| draft.id.clone()).collect(),
            ..draft.waiver
        });
    }
    resolved
}

/// What the ids of a gate stand for.
struct Names<'d> {
    drafts: &'d [Draft],
    /// Checks, and all instances of an `each`, which stand side by side.
    checks: HashMap<&'d str, Range<usize>>,
    groups: HashSet<&'d str>,
    /// How many bytes may still be compared with globs.
    budget: usize,
    /// How many checks may still be named.
    left: usize,
}

impl<'d> Names<'d> {
    fn of(drafts: &'d [Draft], groups: &'d [GroupDraft]) -> Self {
        let mut checks: HashMap<&str, Range<usize>> = HashMap::new();
        for (at, draft) in drafts.iter().enumerate() {
            checks.insert(draft.id.as_str(), at..at + 1);
            if let Some(each) = &draft.each_of {
                let range = checks.entry(each.as_str()).or_insert(at..at);
                range.end = at + 1;
            }
        }
        Self {
            drafts,
            checks,
            groups: groups.iter().map(|g| g.group.id.as_str()).collect(),
            budget: MAX_COMPARED,
            left: MAX_NAMED,
        }
    }

    /// Returns the places of the checks that a waiver names; nothing when there is a mistake in it.
    fn places(&mut self, reader: &mut Reader<'_>, draft: &WaiverDraft) -> Option<Vec<usize>> {
        let name = draft.waiver.check.as_str();
        let places: Vec<usize> = if let Some(range) = self.checks.get(name) {
            range.clone().collect()
        } else if self.groups.contains(name) {
            of_group(reader, name, draft.check);
            return None;
        } else if name.contains(['*', '?']) {
            self.globbed(name)
                .ok_or_else(|| too_large(reader, draft.check))
                .ok()?
        } else {
            Vec::new()
        };
        match self.left.checked_sub(places.len()) {
            Some(left) => self.left = left,
            None => {
                too_large(reader, draft.check);
                return None;
            }
        }
        Some(places)
    }

    fn globbed(&mut self, glob: &str) -> Option<Vec<usize>> {
        let mut places = Vec::new();
        for (at, draft) in self.drafts.iter().enumerate() {
            let each = draft.each_of.as_ref().map(gonogo_model::Id::as_str);
            let ids = std::iter::once(draft.id.as_str()).chain(each);
            let cost = glob.len() * ids.clone().map(str::len).sum::<usize>();
            self.budget = self.budget.checked_sub(cost)?;
            if ids.into_iter().any(|id| glob_matches(glob, id)) {
                places.push(at);
            }
        }
        Some(places)
    }
}

/// Two waivers that say the same are one too many, and the second would outlive the first.
fn twice(reader: &mut Reader<'_>, waivers: &[WaiverDraft]) {
    let mut seen = HashMap::new();
    for draft in waivers {
        let Waiver {
            check,
            code,
            reason,
            owner,
            ticket,
            until,
            quarantine,
            ..
        } = &draft.waiver;
        let same = (check, code, reason, owner, ticket, until.ends, quarantine);
        if let Some(first) = seen.get(&same) {
            reader.mistakes.push(
                Diagnostic::error(
                    "config/duplicate_waiver",
                    "the same waiver is there twice",
                    draft.check,
                )
                .related(*first, "first here")
                .hint("Keep one of the two."),
            );
        } else {
            seen.insert(same, draft.check);
        }
    }
}

fn over(reader: &mut Reader<'_>, draft: &WaiverDraft) {
    let Waiver { owner, until, .. } = &draft.waiver;
    if !until.is_over(reader.inputs.now) {
        return;
    }
    let message = format!("this waiver of {owner} is over: it ended {until}");
    reader.mistakes.push(
        Diagnostic::error("config/expired_waiver", message, draft.until)
            .warning()
            .hint("It covers nothing: remove it, or let its owner answer for a new end."),
    );
}

/// Warns of a waiver that can cover nothing; what a mistake hides may be what it names.
fn useless(reader: &mut Reader<'_>, draft: &WaiverDraft, places: &[usize], names: &Names<'_>) {
    if reader.mistakes.has_errors() {
        return;
    }
    let Waiver { check, code, .. } = &draft.waiver;
    if places.is_empty() {
        let ids = names.drafts.iter().flat_map(|draft| {
            let each = draft.each_of.as_ref().map(gonogo_model::Id::as_str);
            std::iter::once(draft.id.as_str()).chain(each)
        });
        let hint = match reader.mistakes.closest(check, ids) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => "Remove it, unless the check is to come back.".to_owned(),
        };
        let verb = if check.contains(['*', '?']) {
            "matches"
        } else {
            "is called"
        };
        let message = format!("no check of the gate {verb} `{check}`");
        reader.mistakes.push(
            Diagnostic::error("config/orphaned_waiver", message, draft.check)
                .warning()
                .hint(hint),
        );
    } else if let (Some(code), Some(span)) = (code, draft.code)
        && let Some(kind) = code::kind_of(reader, code)
    {
        let of_kind = |at: &usize| {
            let read = names.drafts.get(*at).and_then(|draft| draft.read);
            read.is_none_or(|read| read.kind.name == kind.name)
        };
        if !places.iter().any(of_kind) {
            let message = format!("no check that this waiver names can have the code `{code}`");
            reader.mistakes.push(
                Diagnostic::error("config/orphaned_waiver", message, span)
                    .warning()
                    .hint(format!("It is a code of the kind `{}`.", kind.name)),
            );
        }
    }
}

fn of_group(reader: &mut Reader<'_>, name: &str, span: Span) {
    let message = format!("`{name}` is a group, and a waiver is for checks");
    reader.mistakes.push(
        Diagnostic::error("config/waiver_of_group", message, span).hint(
            "Name the members that may fail; for fewer members that must pass, lower the quorum of the group.",
        ),
    );
}

fn too_large(reader: &mut Reader<'_>, span: Span) {
    let message = format!(
        "the waivers of the gate name more than {MAX_NAMED} checks, or take too long to match"
    );
    reader.mistakes.push(
        Diagnostic::error("config/too_large", message, span)
            .hint("Name fewer checks, or by their ids."),
    );
}

/// The most checks that all waivers of a gate name together.
const MAX_NAMED: usize = 200_000;
/// The most bytes that are compared with globs.
const MAX_COMPARED: usize = 200_000_000;
