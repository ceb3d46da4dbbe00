//! Every code of a mistake in a gate file, with its meaning and what to do.

/// A code of a mistake in a gate file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConfigCode {
    /// The code: `config/unknown_key`.
    pub code: &'static str,
    /// What it means, in one sentence.
    pub meaning: &'static str,
    /// What to do about it.
    pub hint: &'static str,
    /// Whether a gate runs in spite of it.
    pub weight: Weight,
}

/// Whether a gate runs in spite of what a code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It does not.
    Mistake,
    /// It does.
    Warning,
    /// `lint` only warns of it, and with every other command it does not.
    WarningInLint,
}

const fn code(code: &'static str, meaning: &'static str, hint: &'static str) -> ConfigCode {
    ConfigCode {
        code,
        meaning,
        hint,
        weight: Weight::Mistake,
    }
}

const fn warning(code: &'static str, meaning: &'static str, hint: &'static str) -> ConfigCode {
    ConfigCode {
        code,
        meaning,
        hint,
        weight: Weight::Warning,
    }
}

/// Every code of a mistake in a gate file, sorted; a test holds that no other is used.
pub const CODES: &[ConfigCode] = &[
    code(
        "config/bad_alias",
        "A value begins with `*` or `&`, which YAML reads as an alias or an anchor.",
        "Put the text in quotes.",
    ),
    code(
        "config/bad_condition",
        "A condition cannot be read, or calls what there is not.",
        "Write it in CEL: `status < 500 && json.db.connected`; put the whole of it in quotes where YAML wants them.",
    ),
    code(
        "config/bad_field",
        "The options of a kind do not go together.",
        "See `gonogo explain KIND` for what belongs together.",
    ),
    code(
        "config/bad_id",
        "The id of a check or a group has the wrong form.",
        "Use small letters, digits, '.', '_' and '-', at most 200 of them.",
    ),
    code(
        "config/bad_include",
        "What stands under `include` cannot be part of the gate.",
        "Name YAML files in the folder of the file, or below it, such as `checks/*.yaml`.",
    ),
    code(
        "config/bad_jsonpath",
        "A place in JSON is not a JSONPath of RFC 9535.",
        "Write it as `$.db.connected`, `$.items[0]` or `$['a-b']`.",
    ),
    code(
        "config/bad_key",
        "A key is missing, or is not a single text.",
        "Put a key that holds brackets in quotes.",
    ),
    code(
        "config/bad_name",
        "The name of a variable, secret, phase or tag has the wrong form.",
        "Use small letters, digits and '_'; phases and tags may hold '-' and '.'.",
    ),
    code(
        "config/bad_receiver",
        "A receiver of notices names no service or two, or one that cannot work.",
        "Give it exactly one of slack, discord, teams, webhook and email, as the message says.",
    ),
    code(
        "config/bad_regex",
        "A pattern cannot be read.",
        "Write it in single quotes, in the syntax of the Rust regex crate.",
    ),
    code(
        "config/bad_roots",
        "A file of roots holds no certificate.",
        "Name a file of PEM certificates, or `system`.",
    ),
    code(
        "config/bad_secret",
        "A secret cannot be kept out of the output.",
        "Use a secret of 4 characters or more; what is no secret belongs under `vars`.",
    ),
    code(
        "config/bad_until",
        "The end of a waiver is neither a date nor a time with a zone.",
        "Write a date, which ends that day in UTC, or a time with its zone.",
    ),
    code(
        "config/block_scalar",
        "An unquoted `>` or `|` begins a block of text.",
        "Quote the comparison, \"> 5\", or use words: over 5.",
    ),
    code(
        "config/condition_type",
        "The parts of a condition do not go together, or it does not come to true or false.",
        "Quantities have units: `duration(\"500ms\")`, `days(30)`, `mib(2)`, `percent(80)`; a variable is text until `int(...)` reads it as a number.",
    ),
    code(
        "config/constant_condition",
        "A condition says the same whatever is found, or reads nothing at all.",
        "Compare a fact, or with `when` a variable; what is always so proves nothing.",
    ),
    warning(
        "config/cut_by_comment",
        "A text without quotes ends before a `#`.",
        "Put the text in quotes.",
    ),
    code(
        "config/dangling_need",
        "A check needs an id that the gate does not have.",
        "Correct the id, or take it out of `needs`.",
    ),
    code(
        "config/duplicate_id",
        "Two checks, instances or groups have the same id.",
        "Give one of them another id.",
    ),
    code(
        "config/duplicate_key",
        "A map has the same key twice.",
        "Keep one of the two.",
    ),
    code(
        "config/duplicate_name",
        "A list names the same thing twice.",
        "Keep one of the two.",
    ),
    code(
        "config/duplicate_waiver",
        "The same waiver is there twice.",
        "Keep one of the two.",
    ),
    code(
        "config/empty_file",
        "The file holds nothing.",
        "Write a gate: `version: 1`, `gate: NAME` and `checks`.",
    ),
    code(
        "config/empty_list",
        "A list or a map is empty, and would assert nothing.",
        "Fill it, or leave the key out.",
    ),
    code(
        "config/empty_matcher",
        "A fact is named without saying what is expected of it.",
        "Write a matcher, such as `under 500ms`.",
    ),
    code(
        "config/empty_range",
        "A range ends before it begins, so nothing is in it.",
        "Write the lower end first.",
    ),
    code(
        "config/empty_value",
        "A key has no value.",
        "Give it a value, or leave the key out.",
    ),
    warning(
        "config/expired_waiver",
        "A waiver is over: it covers nothing.",
        "Remove it, or let its owner answer for a new end.",
    ),
    code(
        "config/group_quorum",
        "The quorum of a group is zero, or more than its members.",
        "Ask for at least one member and at most all.",
    ),
    code(
        "config/group_without_members",
        "No check belongs to a group.",
        "Say `group: ID` in its members, or leave the group out.",
    ),
    code(
        "config/hidden_character",
        "The text holds a character that cannot be seen.",
        "Take it out; inside double quotes it can be written as an escape.",
    ),
    warning(
        "config/hook_in_file",
        "The URL or the key of a receiver of notices stands in the gate file.",
        "Declare it under `secrets`.",
    ),
    code(
        "config/idle_message",
        "A message is for a fact of which nothing is expected, and would never be shown.",
        "Correct the fact, or say under `expect` what must hold of it.",
    ),
    code(
        "config/include_loop",
        "Files include each other in a circle.",
        "Take one of the includes out.",
    ),
    code(
        "config/included_twice",
        "A file is included at two places.",
        "Take one of the two out.",
    ),
    warning(
        "config/loopback_default",
        "The default of a variable, or its value in an environment or phase, points at this machine.",
        "Leave a default out, so that a forgotten variable is a mistake; name the host that is to be judged.",
    ),
    code(
        "config/member_severity",
        "A member of a group has a severity of its own.",
        "Give the severity to the group.",
    ),
    code(
        "config/merge_key",
        "A map has a merge key, `<<`.",
        "Repeat the keys.",
    ),
    code(
        "config/missing_key",
        "A key that must be there is missing.",
        "Add it.",
    ),
    warning(
        "config/need_hides_blocker",
        "A blocker needs a check that does not block.",
        "Make the needed check a blocker, or take the need out.",
    ),
    code(
        "config/need_out_of_phase",
        "A check needs another that is not part of all its phases.",
        "Let both belong to the same phases.",
    ),
    code(
        "config/needs_cycle",
        "Checks need each other in a circle.",
        "Take one of the needs out.",
    ),
    code(
        "config/needs_newer",
        "The gate wants a newer gonogo.",
        "Update gonogo.",
    ),
    code(
        "config/never_holds",
        "No value satisfies a matcher, so that the gate could never say GO.",
        "Write one that can hold; of parts that contradict each other keep what is meant.",
    ),
    code(
        "config/no_blocker",
        "Nothing in the gate is a blocker, so nothing could stop it.",
        "Give a check or a group the severity blocker.",
    ),
    code(
        "config/no_checks",
        "The gate has no checks.",
        "Add one: a gate without checks proves nothing.",
    ),
    code(
        "config/no_environment",
        "The gate has environments, and none was chosen.",
        "Use `--env NAME`.",
    ),
    code(
        "config/no_expectation",
        "A check expects nothing.",
        "Say under `expect` what must hold.",
    ),
    code(
        "config/no_kind",
        "A check does not say what to look at.",
        "Add the key of a kind, such as `http`.",
    ),
    code(
        "config/not_utf8",
        "The file is not UTF-8.",
        "Save it as UTF-8.",
    ),
    code(
        "config/not_yet",
        "A key is known, and this version does not read it.",
        "Leave it out, or use a later version.",
    ),
    warning(
        "config/orphaned_waiver",
        "A waiver names no check of the gate, or a code that its checks cannot have.",
        "Name the check as the gate does, or remove the waiver.",
    ),
    code(
        "config/out_of_range",
        "A number, duration or size is outside of what makes sense.",
        "Use a value within the range.",
    ),
    warning(
        "config/password_in_file",
        "A password stands in the gate file.",
        "Declare it under `secrets`.",
    ),
    warning(
        "config/plain_hook",
        "A notice goes to another machine in plain text.",
        "Use https.",
    ),
    code(
        "config/policy_forbidden",
        "A check, or a secret, does what a policy does not allow.",
        "Change the check; a policy is changed by whoever keeps it.",
    ),
    code(
        "config/policy_missing",
        "The gate lacks a check, a kind or a phase that a policy requires, or it does not block.",
        "Add it as a blocker; a policy is changed by whoever keeps it.",
    ),
    code(
        "config/policy_severity",
        "The severity of a check or group is lower than a policy wants.",
        "Give it the severity that the policy names.",
    ),
    code(
        "config/policy_waiver",
        "A waiver or quarantine lasts longer than a policy allows.",
        "Let it end sooner, or mend what it covers.",
    ),
    code(
        "config/repeated_effect",
        "A probe that does more than look is told to try again.",
        "Leave `retry` and `consecutive` out.",
    ),
    code(
        "config/second_document",
        "The file holds more than one YAML document.",
        "Use one file for each.",
    ),
    code(
        "config/secret_command",
        "The program that prints a secret did not print it.",
        "Run it by hand, with the environment that `inherit` names.",
    ),
    code(
        "config/several_kinds",
        "A check has the keys of several kinds.",
        "Make a check of each.",
    ),
    code(
        "config/shadowed_name",
        "A name is declared twice.",
        "Give one of them another name.",
    ),
    warning(
        "config/status_only",
        "A check looks at nothing but the status.",
        "Expect something of the body, too.",
    ),
    code(
        "config/syntax",
        "The file is not YAML.",
        "Mend the line; most often a quote, a bracket or an indentation is wrong.",
    ),
    code(
        "config/tag",
        "A value begins with `!`, which YAML reads as a tag.",
        "Put the text in quotes, or use words: not 0.",
    ),
    code(
        "config/template_cycle",
        "Templates extend each other in a circle.",
        "Take one of the `extends` out.",
    ),
    code(
        "config/too_deep",
        "Lists and maps are nested too deeply, or templates extend each other too deeply.",
        "Look for a bracket that is never closed, or let a template extend what it needs directly.",
    ),
    code(
        "config/too_large",
        "The file is larger than a gate may be.",
        "Split the gate into several files.",
    ),
    code(
        "config/unclosed_variable",
        "A `${` is never closed.",
        "Close it; a literal `${` is written `$${`.",
    ),
    code(
        "config/unknown_code",
        "A waiver names a code that no check can fail with.",
        "See `gonogo explain` for the codes.",
    ),
    code(
        "config/unknown_environment",
        "An environment was asked for that the gate does not have.",
        "Correct `--env`, or declare it under `environments`.",
    ),
    code(
        "config/unknown_fact",
        "A kind does not observe such a fact.",
        "See `gonogo explain KIND` for its facts.",
    ),
    code(
        "config/unknown_group",
        "A check belongs to a group that the gate does not have.",
        "Correct the id, or declare the group.",
    ),
    code(
        "config/unknown_key",
        "A key is not known at its place.",
        "Correct it; nothing that is not understood is skipped.",
    ),
    code(
        "config/unknown_phase",
        "A check belongs to a phase that the gate does not declare.",
        "Correct it, or add it to `phases`.",
    ),
    code(
        "config/unknown_tag",
        "A check has a tag that the gate does not declare.",
        "Correct it, or add it to `tags`.",
    ),
    code(
        "config/unknown_template",
        "A check or a template extends a template that the gate does not have.",
        "Correct the name, or declare it under `templates`.",
    ),
    code(
        "config/unknown_variable",
        "A variable is used or given a value that the gate does not declare.",
        "Correct it, or declare it under `vars`.",
    ),
    code(
        "config/unknown_word",
        "A word is none of those that may stand at its place.",
        "Use one of the words.",
    ),
    code(
        "config/unmatched_include",
        "A pattern under `include` matches no file.",
        "Correct it, or take it out.",
    ),
    code(
        "config/unreadable_file",
        "A file that the gate names cannot be read.",
        "Paths are relative to the folder of the file in which they stand.",
    ),
    ConfigCode {
        weight: Weight::WarningInLint,
        ..code(
            "config/unset_secret",
            "A secret has no value.",
            "Set the environment variable, or write the file.",
        )
    },
    code(
        "config/unset_variable",
        "A variable has no value and no default.",
        "Set the environment variable, or use `--var`.",
    ),
    code(
        "config/unsupported_version",
        "The file has another version than 1.",
        "Write `version: 1`.",
    ),
    warning(
        "config/unused",
        "A variable, secret, template, tag or phase is declared and not used.",
        "Use it, or leave it out.",
    ),
    warning(
        "config/vacuous",
        "An expectation cannot fail.",
        "Write one that can.",
    ),
    code(
        "config/variable_not_here",
        "A variable stands where nothing is put in.",
        "Write the text out.",
    ),
    code(
        "config/waiver_of_group",
        "A waiver names a group.",
        "Name the members that may fail, or lower the quorum of the group.",
    ),
    code(
        "config/wrong_matcher",
        "A matcher does not fit its fact.",
        "See `gonogo explain KIND` for the type of the fact.",
    ),
    code(
        "config/wrong_scheme",
        "A URL begins with a scheme that the kind does not speak.",
        "Use one of its schemes.",
    ),
    code(
        "config/wrong_type",
        "A value is of another type than its place wants.",
        "Write it as the example shows.",
    ),
    code(
        "config/wrong_unit",
        "A quantity has no unit, or that of another quantity.",
        "Write the unit: `500ms`, `14d`, `2GiB`, `80%`.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_explained() {
        assert!(CODES.windows(2).all(|pair| pair[0].code < pair[1].code));
        for code in CODES {
            assert!(
                code.meaning.ends_with('.') && code.hint.ends_with('.'),
                "{}",
                code.code
            );
        }
    }
}
