//! Holds a gate against its policies.

use std::time::Duration;

use gonogo_kind::manifest::{Check, Manifest};
use gonogo_kind::{Diagnostic, Span, glob_matches};
use gonogo_model::{Effect, Severity};

use super::read::Policy;
use crate::reader::Reader;
use crate::source::Sources;

/// Reports every rule that the gate breaks.
///
/// Commands of secrets come first: whether they may run is known before anything was built.
pub(crate) fn hold(
    reader: &mut Reader<'_>,
    sources: &Sources,
    policies: &[Policy],
    manifest: Option<&Manifest>,
) {
    for policy in policies {
        secret_commands(reader, policy);
        let Some(gate) = manifest else { continue };
        let held = Held {
            sources,
            policy,
            gate,
        };
        let broken = [
            held.required_checks(),
            held.required_kinds(),
            held.required_phases(),
            held.severities(),
            held.allowed(),
            held.waivers(reader.inputs.now),
        ];
        for mistake in broken.into_iter().flatten() {
            reader.mistakes.push(mistake);
        }
    }
}

fn secret_commands(reader: &mut Reader<'_>, policy: &Policy) {
    let Some(rule) = policy.no_commands else {
        return;
    };
    for secret in reader.from_commands.clone() {
        let Some(span) = reader.names.by_name.get(&secret).map(|name| name.span) else {
            continue;
        };
        let message =
            format!("the secret `{secret}` comes from a command, and the policy allows none");
        reader.mistakes.push(
            Diagnostic::error("config/policy_forbidden", message, span)
                .related(rule, SAID)
                .hint("Let it come from the environment or a file."),
        );
    }
}

struct Held<'p> {
    sources: &'p Sources,
    policy: &'p Policy,
    gate: &'p Manifest,
}

impl Held<'_> {
    fn required_checks(&self) -> Vec<Diagnostic> {
        let mut broken = Vec::new();
        for rule in &self.policy.checks {
            let named = |id: &str| glob_matches(&rule.value, id);
            let checks: Vec<&Check> = self
                .gate
                .checks
                .iter()
                .filter(|c| {
                    named(c.id.as_str()) || c.each_of.as_ref().is_some_and(|id| named(id.as_str()))
                })
                .collect();
            let groups = self.gate.groups.iter().filter(|g| named(g.id.as_str()));
            let mut groups = groups.peekable();
            if checks
                .iter()
                .any(|check| self.severity(check) == Severity::Blocker)
                || groups
                    .clone()
                    .any(|group| group.severity == Severity::Blocker)
            {
                continue;
            }
            let found = checks
                .first()
                .map(|c| (c.id.as_str(), self.severity(c), &c.file, c.line));
            let group = groups
                .next()
                .map(|g| (g.id.as_str(), g.severity, &g.file, g.line));
            broken.push(match found.or(group) {
                Some((id, severity, file, line)) => {
                    let message =
                        format!("`{id}` is required by the policy, and its severity is {severity}");
                    self.at(file, line, "config/policy_missing", message, rule.span)
                        .hint("Make it a blocker: what does not block proves nothing.")
                }
                None => {
                    let excluded = self.gate.excluded.iter().any(|e| named(e.id.as_str()));
                    let why = if excluded {
                        "`when` excludes every check"
                    } else {
                        "the gate has no check"
                    };
                    let message = format!(
                        "{why} that matches `{}`, which the policy requires",
                        rule.value
                    );
                    Diagnostic::error("config/policy_missing", message, rule.span)
                        .hint("Add the check, with the severity blocker.")
                }
            });
        }
        broken
    }

    fn required_kinds(&self) -> Vec<Diagnostic> {
        let rules = self.policy.kinds.iter();
        let missing = rules.filter(|rule| {
            let blocks =
                |c: &Check| c.kind.name == rule.value && self.severity(c) == Severity::Blocker;
            !self.gate.checks.iter().any(blocks)
        });
        missing
            .map(|rule| {
                let message = format!(
                    "no blocker is of the kind `{}`, which the policy requires",
                    rule.value
                );
                Diagnostic::error("config/policy_missing", message, rule.span)
                    .hint("Add a check of the kind, with the severity blocker.")
            })
            .collect()
    }

    fn required_phases(&self) -> Vec<Diagnostic> {
        let mut broken = Vec::new();
        for rule in &self.policy.phases {
            let why = if self.gate.phases.contains(&rule.value) {
                let belongs = |c: &Check| c.phases.is_empty() || c.phases.contains(&rule.value);
                let blocks = |c: &Check| belongs(c) && self.severity(c) == Severity::Blocker;
                if self.gate.checks.iter().any(blocks) {
                    continue;
                }
                "no blocker belongs to"
            } else {
                "the gate does not declare"
            };
            let message = format!(
                "{why} the phase `{}`, which the policy requires",
                rule.value
            );
            broken.push(
                Diagnostic::error("config/policy_missing", message, rule.span)
                    .hint("Declare it under `phases`, and let a blocker belong to it."),
            );
        }
        broken
    }

    fn severities(&self) -> Vec<Diagnostic> {
        let mut broken = Vec::new();
        for (rule, least) in &self.policy.severities {
            let named = |id: &str| glob_matches(&rule.value, id);
            let checks = self.gate.checks.iter().filter(|check| {
                let each = check.each_of.as_ref().is_some_and(|id| named(id.as_str()));
                named(check.id.as_str()) || each
            });
            let checks = checks.map(|c| (c.id.as_str(), self.severity(c), &c.file, c.line));
            let groups = self
                .gate
                .groups
                .iter()
                .filter(|group| named(group.id.as_str()));
            let groups = groups.map(|g| (g.id.as_str(), g.severity, &g.file, g.line));
            // The order of severities is from the heaviest.
            for (id, severity, file, line) in checks.chain(groups).filter(|(_, s, ..)| s > least) {
                let message = format!(
                    "the severity of `{id}` is {severity}, and the policy wants at least {least}"
                );
                let mistake = self.at(file, line, "config/policy_severity", message, rule.span);
                broken.push(mistake.hint(format!("Give it, or its group, the severity {least}.")));
            }
        }
        broken
    }

    fn allowed(&self) -> Vec<Diagnostic> {
        let policy = self.policy;
        let mut broken = Vec::new();
        for check in &self.gate.checks {
            let (id, kind) = (&check.id, check.kind.name);
            let effect = check.probe.effect();
            let mut forbid = |rule: Span, message: String, hint: &str| {
                let mistake = self.at(
                    &check.file,
                    check.line,
                    "config/policy_forbidden",
                    message,
                    rule,
                );
                broken.push(mistake.hint(hint));
            };
            if let Some(rule) = policy.no_commands.filter(|_| effect == Effect::Executes) {
                let message = format!("`{id}` starts a program, and the policy allows none");
                forbid(rule, message, "Prove it by a kind that only looks.");
            }
            if let Some(allowed) = &policy.allowed_kinds
                && !allowed.items.iter().any(|item| item == kind)
            {
                let message =
                    format!("`{id}` is of the kind `{kind}`, which the policy does not allow");
                forbid(allowed.span, message, "Use a kind that it allows.");
            }
            if let Some(allowed) = &policy.allowed_effects
                && !allowed.items.contains(&effect)
            {
                let message =
                    format!("the probe of `{id}` {effect}, which the policy does not allow");
                forbid(allowed.span, message, "Use a probe whose effect it allows.");
            }
            let Some(allowed) = policy.allowed_hosts.as_ref() else {
                continue;
            };
            // The example that stands in for a secret is nobody's target; such a gate never runs.
            if !check.stand_ins.is_empty() {
                continue;
            }
            match check.probe.origin() {
                Some(origin) if allowed.items.iter().any(|host| host.allows(&origin)) => {}
                Some(origin) => {
                    let message =
                        format!("`{id}` looks at {origin}, which the policy does not allow");
                    forbid(allowed.span, message, "Look at a host that it allows.");
                }
                None if policy
                    .allowed_kinds
                    .as_ref()
                    .is_some_and(|k| k.items.iter().any(|item| item == kind)) => {}
                None => {
                    let message = format!(
                        "nobody can tell at which host `{id}` looks, and the policy allows certain hosts only"
                    );
                    forbid(
                        allowed.span,
                        message,
                        "A policy that allows hosts allows such a kind by its name, under `allow: { kinds: [...] }`.",
                    );
                }
            }
        }
        broken
    }

    fn waivers(&self, now: jiff::Timestamp) -> Vec<Diagnostic> {
        let Some(rule) = &self.policy.longest_waiver else {
            return Vec::new();
        };
        let longest = i128::try_from(rule.value.as_nanos()).unwrap_or(i128::MAX);
        let mut broken = Vec::new();
        for waiver in &self.gate.waivers {
            let left = waiver.until.ends.as_nanosecond() - now.as_nanosecond();
            let what = if waiver.quarantine.is_some() {
                "quarantine"
            } else {
                "waiver"
            };
            let message = if rule.value == Duration::ZERO {
                format!(
                    "the {what} of `{}` is one too many: the policy allows none",
                    waiver.check
                )
            } else if left > longest {
                let most = rule.value.as_secs() / 86_400;
                format!(
                    "the {what} of `{}` lasts until {}, and the policy allows {most} days",
                    waiver.check, waiver.until
                )
            } else {
                continue;
            };
            let mistake = self.at(
                &waiver.file,
                waiver.line,
                "config/policy_waiver",
                message,
                rule.span,
            );
            broken.push(mistake.hint("Let it end sooner, or mend what it covers."));
        }
        broken
    }

    /// Returns the severity that counts for a check: that of its group, if it has one.
    fn severity(&self, check: &Check) -> Severity {
        let group = check.group.as_ref();
        let group = group.and_then(|id| self.gate.groups.iter().find(|g| g.id == *id));
        group.map_or(check.severity, |group| group.severity)
    }

    fn at(
        &self,
        file: &str,
        line: u32,
        code: &'static str,
        message: String,
        rule: Span,
    ) -> Diagnostic {
        match self.sources.line(file, line) {
            Some(span) => Diagnostic::error(code, message, span).related(rule, SAID),
            None => Diagnostic::error(code, message, rule),
        }
    }
}

const SAID: &str = "the policy says so here";
