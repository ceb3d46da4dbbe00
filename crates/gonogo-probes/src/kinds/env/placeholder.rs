//! Values that stand for a value which was never put in.

/// Returns whether a value is a placeholder, or holds one.
pub(super) fn is_placeholder(value: &str) -> bool {
    let value = value.trim().to_lowercase();
    let between = |open: &str, close: &str| {
        value
            .split_once(open)
            .is_some_and(|(_, rest)| rest.contains(close))
    };
    if between("<", ">") || between("{{", "}}") || between("${", "}") {
        return true;
    }
    // Three or more, and nothing else that would make it a value: xxx, XXXX-XXXX.
    let crossed = value
        .chars()
        .all(|c| matches!(c, 'x' | '*' | '-' | '_' | '.'));
    if crossed && value.matches(['x', '*']).count() >= 3 {
        return true;
    }
    let words: Vec<&str> = value
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    if words.iter().any(|word| ANYWHERE.contains(word)) {
        return true;
    }
    if words
        .windows(2)
        .any(|pair| PAIRS.contains(&(pair[0], pair[1])))
    {
        return true;
    }
    if words
        .first()
        .is_some_and(|word| AT_THE_BEGINNING.contains(word))
        && words.len() > 1
    {
        return true;
    }
    let whole = words.concat();
    WHOLE.contains(&whole.as_str()) || RESERVED.iter().any(|name| has_host(&value, name))
}

/// Returns whether a name of RFC 2606 stands in a value as a host or its end.
fn has_host(value: &str, name: &str) -> bool {
    value.match_indices(name).any(|(at, _)| {
        let before = value[..at].chars().next_back();
        let after = value[at + name.len()..].chars().next();
        let goes_on = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let begins = name.starts_with('.') || !before.is_some_and(goes_on);
        begins && !after.is_some_and(|c| goes_on(c) || c == '.')
    })
}

/// Words that no value of a program holds by itself.
const ANYWHERE: &[&str] = &[
    "changeme",
    "changeit",
    "placeholder",
    "todo",
    "tbd",
    "fixme",
    "replaceme",
    "insertme",
    "fillme",
    "yourpassword",
    "yoursecret",
    "yourkey",
    "yourtoken",
];
const PAIRS: &[(&str, &str)] = &[
    ("change", "me"),
    ("change", "it"),
    ("change", "this"),
    ("replace", "me"),
    ("replace", "with"),
    ("replace", "this"),
    ("fill", "me"),
    ("fill", "in"),
    ("insert", "here"),
    ("to", "do"),
];
const AT_THE_BEGINNING: &[&str] = &["your", "my", "some", "enter", "insert", "put"];
/// Words that are a placeholder when they are all there is.
const WHOLE: &[&str] = &[
    "example",
    "dummy",
    "test",
    "secret",
    "password",
    "passwd",
    "token",
    "key",
    "apikey",
    "value",
    "string",
    "none",
    "null",
    "nil",
    "undefined",
    "unset",
    "empty",
    "na",
    "foo",
    "bar",
    "foobar",
    "abc123",
    "default",
];
/// RFC 2606, sections 2 and 3.
const RESERVED: &[&str] = &[
    "example.com",
    "example.net",
    "example.org",
    ".example",
    ".invalid",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_never_put_in_is_told_from_values() {
        for value in [
            "changeme",
            "CHANGE_ME",
            "change-me-please",
            "TODO",
            "tbd",
            "<your key>",
            "{{ secret }}",
            "${API_KEY}",
            "xxx",
            "XXXX-XXXX",
            "********",
            "your-api-key",
            "my_secret",
            "password",
            "null",
            "None",
            "N/A",
            "https://api.example.com/v1",
            "postgres://db.example.org:5432/x",
            "smtp.mail.invalid",
            "replace with the real one",
            "placeholder-123",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
        for value in [
            "a",
            "0",
            "true",
            "production",
            "hunter22",
            "https://api.beluga.dev",
            "examples.common.io",
            "www.example.community",
            "myhost",
            "mytown-prod",
            "Tx7-xx",
            "xx",
            "todos-service",
            "exchange.merchant.io",
            "postgres://db.prod.internal:5432/test",
            "keycloak",
            "https://example.com.attacker.dev",
        ] {
            assert!(!is_placeholder(value), "{value}");
        }
    }
}
