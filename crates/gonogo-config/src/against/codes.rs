//! Every code of a weakening, with its meaning and what to do.

use crate::codes::{ConfigCode, Weight};

const fn code(code: &'static str, meaning: &'static str, hint: &'static str) -> ConfigCode {
    ConfigCode {
        code,
        meaning,
        hint,
        weight: Weight::Mistake,
    }
}

/// Every code of a weakening, sorted; a test holds that no other is used, and that each one is found.
pub const WEAKENINGS: &[ConfigCode] = &[
    code(
        "weaker/assertion_removed",
        "A condition that a check asserted is not asserted any more, or reads otherwise.",
        "Keep the condition as it is written: whether another one says as much cannot be known.",
    ),
    code(
        "weaker/backoff_changed",
        "The attempts of a check lie further apart, or those that must pass in a row closer together.",
        "Keep the wait between attempts as it was; more patience hides what is slow to come up.",
    ),
    code(
        "weaker/built_in_replaced",
        "A check no longer expects what its kind expects by itself.",
        "An `expect` on the same fact replaces the built-in one: expect at least as much.",
    ),
    code(
        "weaker/check_removed",
        "A check of the old gate is not in the new one.",
        "Keep the check. If it only has another name, keep its id: reports, waivers and sign-offs refer to it.",
    ),
    code(
        "weaker/condition_changed",
        "A check is left out of the gate under a condition that is new, or another.",
        "Leave `when` out, or keep it as it was.",
    ),
    code(
        "weaker/consecutive_lowered",
        "A check need not pass so often in a row.",
        "Keep `consecutive` as it was.",
    ),
    code(
        "weaker/environment_removed",
        "The gate has one environment less.",
        "Keep the environment: a pipeline that asks for it would end with exit code 2.",
    ),
    code(
        "weaker/expectation_lowered",
        "What had to hold only should hold: it warns where it failed.",
        "Keep the expectation under `expect`.",
    ),
    code(
        "weaker/expectation_relaxed",
        "An expectation accepts what the old one did not, or cannot be shown to be as strict.",
        "Ask for the same or for more: `under 400ms` is as strict as `under 500ms`, a value is as strict as a range that holds it.",
    ),
    code(
        "weaker/expectation_removed",
        "A fact of which something was expected is not looked at any more.",
        "Keep the expectation.",
    ),
    code(
        "weaker/gate_renamed",
        "The gate has another name.",
        "Sign-offs and earlier runs are bound to the name of a gate: keep it.",
    ),
    code(
        "weaker/group_diluted",
        "More members of a group may fail than before, though its quorum is written the same.",
        "Raise the quorum with the number of members, or keep the new checks out of the group.",
    ),
    code(
        "weaker/instance_removed",
        "An instance of an `each` is not there any more.",
        "Keep the instance.",
    ),
    code(
        "weaker/kind_changed",
        "A check is of another kind: it proves something else under the same id.",
        "Give what is proved now an id of its own, and keep the old check.",
    ),
    code(
        "weaker/max_age_raised",
        "What proves a check may be older than before.",
        "Keep `max_age` as it was.",
    ),
    code(
        "weaker/min_version_lowered",
        "An older gonogo may judge the gate than before.",
        "Keep `min_version`: an older gonogo may not know what the gate relies on.",
    ),
    code(
        "weaker/moved_into_group",
        "A check that counted by itself counts only within a group now, or within another one.",
        "A group of which `all` must pass, and that weighs as much, is as strict.",
    ),
    code(
        "weaker/need_removed",
        "A check no longer waits for something that held it up.",
        "Keep the need, unless what was needed is a blocker by itself and has the tags of the check.",
    ),
    code(
        "weaker/option_changed",
        "An option of the kind is another: which one is the stricter cannot be known.",
        "Have the change reviewed by whoever owns the gate.",
    ),
    code(
        "weaker/phase_left",
        "A check is not run in a phase in which it was.",
        "Keep the phase.",
    ),
    code(
        "weaker/phase_removed",
        "The gate has one phase less.",
        "Keep the phase: a pipeline that asks for it would end with exit code 2.",
    ),
    code(
        "weaker/policy_changed",
        "The policy of the gate is another, or gone.",
        "Keep the policy: which of two asks for more cannot be known. A new one may be added.",
    ),
    code(
        "weaker/quarantine_raised",
        "More instances of a check may fail at once than before.",
        "Keep the count of the quarantine.",
    ),
    code(
        "weaker/quorum_lowered",
        "Fewer members of a group must pass than before.",
        "Keep the quorum.",
    ),
    code(
        "weaker/release_changed",
        "The gate judges another release, or none.",
        "Reports and sign-offs are bound to the release: keep it.",
    ),
    code(
        "weaker/retry_raised",
        "A check is tried more often before it has failed.",
        "Keep the number of attempts: what passes at the third one is flaky.",
    ),
    code(
        "weaker/secret_source",
        "A secret comes from somewhere else, or is no secret any more.",
        "Have the change reviewed by whoever owns the gate.",
    ),
    code(
        "weaker/severity_lowered",
        "A check or a group counts for less than before.",
        "Keep its severity.",
    ),
    code(
        "weaker/tag_left",
        "A check is not in the `--tag` runs in which it was.",
        "Keep the tag.",
    ),
    code(
        "weaker/target_moved",
        "A check looks at something else under the same id.",
        "Give what is looked at now an id of its own, and keep the old check.",
    ),
    code(
        "weaker/timeout_raised",
        "A check is given more time.",
        "Keep its timeout: what answers later is slower.",
    ),
    code(
        "weaker/valid_for_changed",
        "A GO of the gate holds for longer, or for a time that it did not say before.",
        "Keep `valid_for` as it was.",
    ),
    code(
        "weaker/variable_default",
        "A variable has another default, or one where it had none.",
        "Leave the default out, so that a pipeline that forgets the variable is stopped.",
    ),
    code(
        "weaker/variable_source",
        "A variable is set by another variable of the environment.",
        "Have the change reviewed by whoever owns the gate.",
    ),
    code(
        "weaker/variable_use",
        "A text reads another variable or secret than before, or none, though it comes to the same here.",
        "Keep the variable: where the gate runs, its value may be another.",
    ),
    code(
        "weaker/waiver_added",
        "A check that was not waived is waived or quarantined.",
        "A waiver is granted by whoever owns the gate, not by the change that needs it.",
    ),
    code(
        "weaker/waiver_extended",
        "A waiver or a quarantine ends later than before.",
        "Have it extended by whoever owns the gate.",
    ),
    code(
        "weaker/waiver_widened",
        "A waiver covers more checks or more codes than before.",
        "Have it widened by whoever owns the gate.",
    ),
];
