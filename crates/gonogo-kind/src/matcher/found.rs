//! What was found, for people.

use gonogo_model::Value;

use super::answer::Answer;
use super::part::{Part, Selected};
use super::rule::{Quantifier, Rule, length_value};
use super::seen::{Dimension, Leaf, Seen};
use crate::unit::{self, show};

/// Says what was found of a part, as short as it can be understood.
pub(super) fn found(rule: &Rule, seen: Option<Seen<'_>>) -> String {
    let Some(seen) = seen else {
        return "absent".to_owned();
    };
    let answer = rule.answer(Some(seen));
    match rule {
        Rule::Sole(inner) => match seen {
            Seen::Several([]) => "absent".to_owned(),
            Seen::Several([one]) => found(inner, Some(*one)),
            Seen::Several(several) => format!(
                "{} values where one is wanted (say all, any or none): {}",
                several.len(),
                seen.show()
            ),
            Seen::Value(_) | Seen::Json(_) => found(inner, Some(seen)),
        },
        Rule::Not(inner, _) => found(inner, Some(seen)),
        Rule::Parts(parts) if answer != Answer::Yes => first_failing(parts, seen),
        Rule::Every(rules) => {
            let telling = rules
                .iter()
                .find(|rule| rule.answer(Some(seen)) != Answer::Yes)
                .or(rules.first());
            telling.map_or_else(|| seen.show(), |rule| found(rule, Some(seen)))
        }
        Rule::Each(quantifier, inner) => found_of_each(*quantifier, inner, seen, answer),
        Rule::Length(_) => match seen.length() {
            // Which ones there are is what one wants to know next.
            Some(length)
                if length > 0
                    && answer == Answer::No
                    && matches!(seen.leaf(), Some(Leaf::List)) =>
            {
                format!("length {length}: {}", seen.show())
            }
            Some(length) => format!("length {length}"),
            None => with_type(seen),
        },
        Rule::HasItems(_) | Rule::HasEither(_) | Rule::Exactly(_) | Rule::InOrder(_)
            if seen.length() == Some(0) =>
        {
            format!("{} (empty)", seen.show())
        }
        Rule::HasNames(..) => match seen.entries() {
            Some(entries) => show::list(entries.iter().map(|(name, _)| show::text(name))),
            None => with_type(seen),
        },
        Rule::Absent | Rule::Present => match seen {
            Seen::Several([]) => "absent".to_owned(),
            Seen::Several([one]) => one.show(),
            Seen::Value(_) | Seen::Json(_) | Seen::Several(_) => seen.show(),
        },
        Rule::Compare(..) | Rule::Between(..) | Rule::Is(..) | Rule::OneOf(..)
            if answer != Answer::Moot =>
        {
            honest(rule, seen, answer)
        }
        _ if answer == Answer::Moot => with_type(seen),
        _ => seen.show(),
    }
}

/// Shows a quantity in rounded units, unless the rounding would tell another story than the answer.
fn honest(rule: &Rule, seen: Seen<'_>, answer: Answer) -> String {
    if let Some(Leaf::Text(text)) = seen.leaf()
        && answer == Answer::No
        && is_ambiguous(text)
    {
        return with_type(seen);
    }
    let shown = seen.show();
    let Some(Leaf::Quantity(dimension, exact)) = seen.leaf() else {
        return shown;
    };
    let (rounded, exactly) = match dimension {
        Dimension::Number => return shown,
        Dimension::Duration => (
            unit::duration(&shown).map(Value::Duration),
            format!("{exact}s"),
        ),
        Dimension::Size => (unit::size(&shown).map(Value::Size), format!("{exact}B")),
        Dimension::Ratio => (
            unit::ratio(&shown).map(Value::Ratio),
            format!("{}%", exact.shifted(2)),
        ),
    };
    match rounded {
        Ok(value) if rule.answer(Some(Seen::of(&value))) == answer => shown,
        _ => show::shortened(&exactly),
    }
}

/// Returns whether a text looks like something else without quotes: ` ok`, `null`, `15.10`.
fn is_ambiguous(text: &str) -> bool {
    text.trim() != text
        || ["null", "~", "true", "false"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word))
        || unit::number(text).is_ok()
}

fn with_type(seen: Seen<'_>) -> String {
    match seen.leaf() {
        Some(Leaf::Null) => "null".to_owned(),
        Some(Leaf::Text(text)) => {
            let json = serde_json::Value::String(text.chars().take(300).collect());
            format!("{} (text)", show::json(&json))
        }
        _ if seen.length() == Some(0) => format!("{} (empty)", seen.show()),
        _ => format!("{} ({})", seen.show(), seen.describe()),
    }
}

fn found_of_each(quantifier: Quantifier, rule: &Rule, seen: Seen<'_>, answer: Answer) -> String {
    let parts: Vec<(String, Seen<'_>)> = match (seen.items(), seen.entries()) {
        (Some(items), _) => items
            .into_iter()
            .enumerate()
            .map(|(i, item)| (format!("[{i}]"), item))
            .collect(),
        (None, Some(entries)) => entries
            .into_iter()
            .map(|(name, value)| (show::text(name), value))
            .collect(),
        (None, None) => return with_type(seen),
    };
    let blamed = match quantifier {
        Quantifier::All => parts
            .iter()
            .find(|(_, part)| rule.answer(Some(*part)) != Answer::Yes),
        Quantifier::None => parts
            .iter()
            .find(|(_, part)| rule.answer(Some(*part)) != Answer::No),
        Quantifier::Any => None,
    };
    match blamed {
        _ if parts.is_empty() => format!("{} (empty)", seen.show()),
        Some((place, part)) if answer != Answer::Yes => {
            let got = found(rule, Some(*part));
            format!("{got} at {place} (of {})", parts.len())
        }
        _ => seen.show(),
    }
}

fn first_failing(parts: &[Part], seen: Seen<'_>) -> String {
    let failing = parts.iter().find(|part| part.answer(seen) != Answer::Yes);
    failing.map_or_else(
        || seen.show(),
        |part| {
            let got = part.found(seen);
            match part.selector.text() {
                Some(place) => format!("{got} at {place}"),
                None => got,
            }
        },
    )
}

impl Part {
    /// Says what was found of the part.
    pub(super) fn found(&self, whole: Seen<'_>) -> String {
        self.selector.with(whole, |selected| match selected {
            Selected::Part(seen) => found(&self.rule, seen),
            Selected::NoParent => match whole.leaf() {
                Some(Leaf::Map | Leaf::List) => "absent (so is what it belongs to)".to_owned(),
                _ => with_type(whole),
            },
        })
    }
}

/// Returns whether a rule that counts would accept every count.
pub(super) fn accepts_every_length(rule: &Rule) -> bool {
    [0, 1, 2, 1_000_000_007]
        .into_iter()
        .all(|n| rule.answer(Some(Seen::Value(&length_value(n)))) == Answer::Yes)
}
