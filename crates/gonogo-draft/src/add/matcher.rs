//! Matchers as they stand in a gate file, made of values that were seen.

use gonogo_model::{Decimal, Redactor, Value, Version};
use serde_json::Value as Json;

use crate::scalar;

/// Returns the matcher of exactly this value, if one can be written.
pub(super) fn exact(value: &Value) -> Option<String> {
    match value {
        Value::Boolean(value) => Some(value.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Text(text) => self::text(text),
        Value::List(items) if !items.is_empty() && items.len() <= MAX_ITEMS => {
            let texts: Option<Vec<&str>> = items
                .iter()
                .map(|item| match item {
                    Value::Text(text) if is_whole(text) => Some(text.as_str()),
                    _ => None,
                })
                .collect();
            let mut texts = texts?;
            texts.sort_unstable();
            let written: Vec<String> = texts.into_iter().map(scalar::item).collect();
            Some(format!("[{}]", written.join(", ")))
        }
        _ => None,
    }
}

/// Returns the matcher of a version no older than the first number of this one.
pub(super) fn at_least(version: &Version) -> Option<String> {
    let text = version.to_string();
    let first = text.split('.').next()?;
    let is_number = !first.is_empty() && first.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| format!("at least {first}"))
}

/// Returns the matcher of a limit with room above this duration, if a round one leaves room below the timeout.
pub(super) fn limit(seconds: &Decimal) -> Option<String> {
    let wanted = seconds.times(ROOM);
    let found = STEPS
        .iter()
        .find(|(milliseconds, _)| wanted <= Decimal::scaled(*milliseconds, -3));
    found.map(|(_, text)| format!("under {text}"))
}

/// Returns the members of a JSON document that say that all is well, by path.
pub(super) fn healthy_members(json: &Json) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![("$".to_owned(), json, 0)];
    while let Some((path, value, depth)) = open.pop() {
        let Json::Object(members) = value else {
            continue;
        };
        let mut inside = Vec::new();
        for (name, member) in members {
            let Some(step) = step(name) else { continue };
            let path = format!("{path}{step}");
            match member {
                Json::Bool(true) if says_health(name) => found.push((path, "true".to_owned())),
                Json::String(word) if is_good(word) => found.extend(text(word).map(|m| (path, m))),
                Json::Object(_) if depth < MAX_DEPTH => inside.push((path, member, depth + 1)),
                _ => {}
            }
        }
        inside.reverse();
        open.extend(inside);
        if found.len() >= MAX_MEMBERS {
            found.truncate(MAX_MEMBERS);
            break;
        }
    }
    found
        .into_iter()
        .map(|(path, matcher)| (scalar::value_of_path(&path), matcher))
        .collect()
}

/// Returns the matcher of a text that is nothing but one good word.
pub(super) fn healthy_text(text: &str) -> Option<String> {
    let word = text.trim();
    is_good(word).then(|| format!("{{ contains: {} }}", scalar::item(word)))
}

/// Returns the matcher of exactly this text.
fn text(text: &str) -> Option<String> {
    if !is_whole(text) {
        return None;
    }
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"/_.+-".contains(&b))
        && !text.contains("..");
    if is_word && scalar::value(text) == text {
        return Some(text.to_owned());
    }
    Some(format!(
        "{{ is: {} }}",
        scalar::quoted(&scalar::literal(text))
    ))
}

/// Returns whether a text is there as it was seen, and short enough to be read in a file.
fn is_whole(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_TEXT && !text.contains(Redactor::MASK)
}

/// Returns the step of a path that leads to a member.
fn step(name: &str) -> Option<String> {
    let is_short = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if name.len() > MAX_TEXT || name.contains(Redactor::MASK) {
        return None;
    }
    if is_short {
        return Some(format!(".{name}"));
    }
    let is_tame = |c: char| c.is_ascii_alphanumeric() || " _-./:@".contains(c);
    (!name.is_empty() && name.chars().all(is_tame)).then(|| format!("['{name}']"))
}

/// Returns whether the name of a member asks whether something is well.
fn says_health(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let word = name
        .strip_prefix("is_")
        .or_else(|| name.strip_prefix("is"))
        .unwrap_or(&name);
    HEALTH.contains(&word) || PARTS.iter().any(|part| word.contains(part))
}

fn is_good(word: &str) -> bool {
    GOOD.contains(&word.to_ascii_lowercase().as_str())
}

/// How many times the measured duration a limit is at least.
const ROOM: u64 = 4;
/// The limits, in milliseconds; the last is well below the ten seconds of an attempt.
const STEPS: [(i128, &str); 5] = [
    (500, "500ms"),
    (1000, "1s"),
    (2000, "2s"),
    (3000, "3s"),
    (5000, "5s"),
];
/// Words by which servers say that all is well.
const GOOD: [&str; 22] = [
    "ok",
    "okay",
    "up",
    "healthy",
    "pass",
    "passing",
    "passed",
    "ready",
    "green",
    "alive",
    "live",
    "running",
    "available",
    "connected",
    "online",
    "operational",
    "active",
    "serving",
    "good",
    "success",
    "healthful",
    "fine",
];
/// Names of members that are true when all is well.
const HEALTH: [&str; 14] = [
    "status", "ok", "healthy", "health", "ready", "live", "alive", "up", "db", "database", "redis",
    "cache", "success", "online",
];
/// Parts of such names.
const PARTS: [&str; 6] = [
    "healthy",
    "ready",
    "alive",
    "connected",
    "available",
    "operational",
];
const MAX_ITEMS: usize = 20;
const MAX_MEMBERS: usize = 8;
const MAX_DEPTH: usize = 3;
const MAX_TEXT: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_rounded_up_with_room() {
        let limit = |ms: i128| limit(&Decimal::scaled(ms, -3));
        for (ms, wanted) in [
            (1, Some("under 500ms")),
            (125, Some("under 500ms")),
            (126, Some("under 1s")),
            (700, Some("under 3s")),
            (1250, Some("under 5s")),
            (1251, None),
        ] {
            assert_eq!(limit(ms).as_deref(), wanted, "{ms}");
        }
    }

    #[test]
    fn members_that_say_health_are_found_and_volatile_ones_are_not() {
        let json = serde_json::json!({
            "status": "OK", "time": "2026-01-01T00:00:00Z", "uptime": 12, "version": "1.2", "debug": true,
            "db": {"connected": true, "latency_ms": 3, "pool": {"state": "up", "deep": {"status": "ok"}}},
            "is_ready": true, "isHealthy": true, "down": "not ok", "id": "[redacted]", "re-dis": "PASS",
            "items": [{"status": "ok"}], "maintenance": false, "${x}": "ok",
        });
        let found = healthy_members(&json);
        let shown: Vec<String> = found.iter().map(|(p, m)| format!("{p}: {m}")).collect();
        assert_eq!(
            shown,
            [
                "$.status: OK",
                "$.is_ready: true",
                "$.isHealthy: true",
                "\"$['re-dis']\": PASS",
                "$.db.connected: true",
                "$.db.pool.state: up",
                "$.db.pool.deep.status: ok",
            ]
        );
    }

    #[test]
    fn values_are_written_so_that_they_mean_themselves() {
        for (value, written) in [
            (Value::text("application/json"), "application/json"),
            (Value::text("true"), "{ is: \"true\" }"),
            (Value::text("not found"), "{ is: \"not found\" }"),
            (Value::text("1..3"), "{ is: \"1..3\" }"),
            (Value::text("a${b}"), "{ is: \"a$${b}\" }"),
            (Value::integer(200), "200"),
            (
                Value::texts(["b", "10 mail.example.com", "a"]),
                "[\"10 mail.example.com\", a, b]",
            ),
        ] {
            assert_eq!(exact(&value).as_deref(), Some(written));
        }
        for value in [
            Value::text(""),
            Value::text("x [redacted]"),
            Value::text("x".repeat(101)),
            Value::List(Vec::new()),
        ] {
            assert_eq!(exact(&value), None);
        }
    }

    #[test]
    fn a_text_is_healthy_when_it_is_one_good_word() {
        assert_eq!(healthy_text("OK\n").as_deref(), Some("{ contains: OK }"));
        assert_eq!(healthy_text("<html>ok</html>"), None);
    }
}
