//! The target of a check: what it is called in the file, and what must not stand there.

use crate::names;

/// What a new check looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'a> {
    /// It was written out; this is what the kind's short form holds.
    Written(&'a str),
    /// It stands in a variable of the environment, and is a secret.
    Environment(&'a str),
}

impl Target<'_> {
    /// Returns the id that a check of this target would like to have.
    pub(super) fn wish(self) -> String {
        match self {
            Self::Written(text) => names::id(host(text)),
            Self::Environment(name) => {
                let lower = name.to_ascii_lowercase();
                let stem = lower.trim_end_matches("_url").trim_end_matches("_dsn");
                names::id(stem)
            }
        }
    }
}

/// Returns whether a target that is written out holds a password or a token.
pub(crate) fn holds_secret(text: &str) -> bool {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    // A password that holds a slash ends the authority early: whatever stands before an `@` counts.
    let login = rest.rsplit_once('@').map_or("", |(login, _)| login);
    let has_login = authority.contains('@') || login.contains(':');
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    let is_login = has_login && (!password.is_empty() || user.len() >= TOKEN);
    let query = text.split_once('?').map_or("", |(_, query)| query);
    is_login || query.split(['&', ';', '#']).any(is_secret)
}

/// Returns whether a field that is written out is a credential, or holds one.
pub(super) fn is_credential(name: &str, value: &str) -> bool {
    let (name, value) = (name.to_ascii_lowercase(), value.to_ascii_lowercase());
    let is_named = |text: &str| CREDENTIALS.iter().any(|word| text.contains(word));
    holds_secret(&value) || is_named(&name) || is_named(&value)
}

fn is_secret(pair: &str) -> bool {
    let Some((name, value)) = pair.split_once('=') else {
        return pair.len() >= TOKEN;
    };
    let name = name.to_ascii_lowercase();
    !value.is_empty() && (SECRET.iter().any(|word| name.contains(word)) || value.len() >= TOKEN)
}

/// Returns the part of a target by which people know it.
fn host(text: &str) -> &str {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let address = authority.rsplit('@').next().unwrap_or(authority);
    let bare = address.trim_start_matches('[');
    match bare.split_once(']') {
        Some((address, _)) => address,
        None => address.split([':', ' ']).next().unwrap_or(address),
    }
}

/// Parts of the names of parameters that carry secrets.
const SECRET: [&str; 10] = [
    "token",
    "key",
    "secret",
    "pass",
    "pwd",
    "sig",
    "auth",
    "session",
    "credential",
    "jwt",
];
/// Words beside which credentials stand.
const CREDENTIALS: [&str; 8] = [
    "authorization",
    "bearer ",
    "password",
    "secret",
    "token",
    "api-key",
    "api_key",
    "cookie",
];
/// What is as long as that, nobody types: it is a token.
const TOKEN: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_a_target_are_seen() {
        for text in [
            "postgres://app:canary@db/app",
            "redis://:canary@r",
            "https://ghp_0123456789012345@api.example.com/",
            "https://x/health?token=canary",
            "https://x/health?a=1&X-Amz-Signature=canary",
            "https://x/health?api_key=c#f",
            "postgres://app:can/ary@db/app",
            "https://hooks.example.com/?01234567890123456789",
        ] {
            assert!(holds_secret(text), "{text}");
        }
        for text in [
            "https://x/health?full=1",
            "postgres://app@db/app?sslmode=verify-full",
            "db.example.com:5432",
            "https://x/@user/a:b",
            "[::1]:80",
        ] {
            assert!(!holds_secret(text), "{text}");
        }
    }

    #[test]
    fn credentials_in_a_field_are_seen() {
        for (name, value) in [
            ("password", "canary"),
            ("headers", "{ Authorization: Basic canary }"),
            ("headers", "{ x-api-key: canary }"),
            ("proxy", "http://u:canary@proxy:3128"),
        ] {
            assert!(is_credential(name, value), "{name} {value}");
        }
        for (name, value) in [("method", "HEAD"), ("headers", "{ accept: text/html }")] {
            assert!(!is_credential(name, value), "{name} {value}");
        }
    }

    #[test]
    fn a_target_is_called_by_its_host() {
        for (text, id) in [
            ("https://API.example.com:8443/health", "api-example-com"),
            ("postgres://app@db/x", "db"),
            ("[2001:db8::1]:443", "2001-db8-1"),
            ("example.com", "example-com"),
            ("/usr/bin/true", "check"),
        ] {
            assert_eq!(Target::Written(text).wish(), id);
        }
        assert_eq!(
            Target::Environment("ORDERS_DATABASE_URL").wish(),
            "orders_database"
        );
    }
}
