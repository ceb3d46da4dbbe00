//! What must never be shown: the secrets of a gate, and the passwords inside its URLs.

use std::collections::BTreeSet;

use gonogo_model::{Redactor, RedactorBuilder, SecretTooShort};
use percent_encoding::percent_decode_str;

/// Collects what the redactor is to hide.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hide {
    builder: RedactorBuilder,
    seen: BTreeSet<String>,
    size: usize,
    /// The bytes of passwords that stand in no secret.
    open: usize,
    full: bool,
}

impl Hide {
    /// Hides a secret, and the parts of it that are secret by themselves when it is a URL.
    ///
    /// # Errors
    ///
    /// The secret is too short to be looked for.
    pub(crate) fn secret(&mut self, value: &str) -> Result<(), SecretTooShort> {
        if !self.seen.insert(value.to_owned()) {
            return Ok(());
        }
        self.builder.secret(value)?;
        self.size += value.len();
        for url in urls(value) {
            self.user_info(&url, Whole::Secret);
            for part in url.query.split('&') {
                let value = part.split_once('=').map_or(part, |(_, value)| value);
                self.query_value(value);
            }
        }
        Ok(())
    }

    /// Hides the passwords of the URLs in a text, and returns whether there is one.
    pub(crate) fn passwords(&mut self, text: &str) -> bool {
        // Most texts hold no URL; this is the hot path.
        if !text.contains('@') || !text.contains("://") {
            return false;
        }
        let mut any = false;
        for url in urls(text) {
            any |= self.user_info(&url, Whole::Open);
        }
        any
    }

    /// Hides the passwords that are written out in a text of the file, and returns whether there is one.
    ///
    /// A password that a variable puts in is none of the file's.
    pub(crate) fn written_passwords(&mut self, text: &str) -> bool {
        if !text.contains('@') || !text.contains("://") {
            return false;
        }
        let written = urls(text).into_iter().filter(|url| {
            let password = url
                .user_info
                .split_once(':')
                .map_or("", |(_, password)| password);
            !password.contains("${")
        });
        let mut any = false;
        for url in written {
            any |= self.user_info(&url, Whole::Open);
        }
        any
    }

    /// Hides a text that is written out under the name of a credential (`password`, `authorization`), and
    /// returns whether it is one.
    pub(crate) fn credential(&mut self, name: &str, text: &str) -> bool {
        let end = name.len().checked_sub("password".len());
        let end = end.and_then(|at| name.get(at..)).unwrap_or_default();
        let is_named = end.eq_ignore_ascii_case("password")
            || CREDENTIALS.iter().any(|c| name.eq_ignore_ascii_case(c));
        if !is_named || text.contains("${") || text.trim().is_empty() {
            return false;
        }
        if !self.has_room(text) {
            return true;
        }
        // In `Bearer TOKEN` and `sid=TOKEN; path=/` the other words are no secret.
        let parts = text.split([' ', ';', '=', ',']);
        for part in parts.filter(|part| part.len() >= LONG).chain([text]) {
            self.part(part, "");
        }
        true
    }

    /// Returns the bytes of the secrets that are hidden once `value` is, too.
    pub(crate) fn size_with(&self, value: &str) -> usize {
        let is_known = self.seen.contains(value);
        self.size + if is_known { 0 } else { value.len() }
    }

    /// Returns whether there were more passwords than can be hidden.
    pub(crate) const fn is_full(&self) -> bool {
        self.full
    }

    /// Returns the number of texts that are hidden.
    pub(crate) fn count(&self) -> usize {
        self.seen.len()
    }

    /// Returns the redactor.
    pub(crate) fn redactor(&self) -> Redactor {
        self.builder.build()
    }

    /// Hides the password of a URL; of a secret one without password, its user.
    fn user_info(&mut self, url: &Url<'_>, whole: Whole) -> bool {
        let (user, password) = match url.user_info.split_once(':') {
            Some((user, password)) => (user, Some(password)),
            None => (url.user_info, None),
        };
        match (password, whole) {
            (Some(password), Whole::Open) if !self.has_room(password) => true,
            (Some(password), _) if !password.is_empty() => {
                self.part(password, &format!("{}@", url.user_info));
                true
            }
            (_, Whole::Secret) if !user.is_empty() => {
                self.part(user, &format!("{}@", url.user_info));
                false
            }
            _ => false,
        }
    }

    /// Takes what a password costs from the budget, unless it is known.
    ///
    /// Every encoding of it is looked for, which takes a kilobyte for each of its bytes.
    fn has_room(&mut self, password: &str) -> bool {
        if !self.seen.contains(password) {
            self.open += password.len();
            self.full |= self.open > MAX_OPEN;
        }
        !self.full
    }

    fn query_value(&mut self, value: &str) {
        let decoded = percent_decode_str(value).decode_utf8_lossy();
        if value.chars().count() >= SHORT && !PUBLIC.contains(&decoded.as_ref()) {
            self.part(value, "");
        }
    }

    /// Hides a part, or, when it is so short that it would match by chance, what it stands in.
    fn part(&mut self, part: &str, inside: &str) {
        let decoded = percent_decode_str(part).decode_utf8_lossy().into_owned();
        for text in [part, decoded.as_str()] {
            if self.seen.insert(text.to_owned()) && self.builder.secret(text).is_err() {
                self.builder.literal(inside);
            }
        }
    }
}

/// The most bytes of all passwords that are no secrets of the gate.
const MAX_OPEN: usize = 8 << 10;

/// Whether a URL is a secret as a whole.
#[derive(Clone, Copy)]
enum Whole {
    Secret,
    Open,
}

/// The parts of a URL in which a secret may stand.
struct Url<'t> {
    user_info: &'t str,
    query: &'t str,
}

/// Finds the URLs in a text, malformed ones too: a password must not be shown for a typo in the port.
///
/// A URL may stand in the query of another. Every byte is looked at a few times, however many there are.
fn urls(text: &str) -> Vec<Url<'_>> {
    let ends_word = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>');
    let mut found = Vec::new();
    for word in text.split(ends_word) {
        let Some((_, whole)) = word.split_once("://") else {
            continue;
        };
        let query = whole.split_once('?').map_or("", |(_, query)| query);
        let mut query = query.split('#').next().unwrap_or_default();
        for part in whole.split("://") {
            let authority = part.split(['/', '?', '#']).next().unwrap_or_default();
            let user_info = match authority.rsplit_once('@') {
                Some((user_info, _)) => user_info,
                None => unescaped_password(part, authority),
            };
            found.push(Url { user_info, query });
            // The query is that of the first.
            query = "";
        }
    }
    found
}

/// Returns the user info of `user:pa/ss@host`, where the slash should have been escaped.
fn unescaped_password<'t>(rest: &'t str, authority: &str) -> &'t str {
    let looks_like_port = authority
        .rsplit_once(':')
        .is_none_or(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    match rest.rsplit_once('@') {
        Some((user_info, _)) if !looks_like_port => user_info,
        _ => "",
    }
}

/// The names under which a credential is sent, beside those that end in `password`.
const CREDENTIALS: [&str; 5] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "x-api-key",
    "x-auth-token",
];
/// A word of a credential that is long enough to be the secret in it.
const LONG: usize = 8;
/// Parts with fewer characters are hidden only inside their URL.
const SHORT: usize = 4;

/// Values of connection options that are no secret, and would take our own words out of the output.
const PUBLIC: &[&str] = &[
    "true",
    "false",
    "none",
    "null",
    "disable",
    "allow",
    "prefer",
    "require",
    "required",
    "verify-ca",
    "verify-full",
    "verify_ca",
    "verify_identity",
    "primary",
    "secondary",
    "replica",
    "read-only",
    "read-write",
    "prefer-standby",
    "standby",
    "utf8",
    "utf8mb4",
    "public",
    "system",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn redact(hide: &Hide, text: &str) -> String {
        hide.redactor().redact(text).into_owned()
    }

    #[test]
    fn a_secret_url_hides_itself_its_password_and_its_query_values() {
        let mut hide = Hide::default();
        hide.secret(
            "postgres://app:hunt%40er2@db.internal:5432/beluga?token=abcd1234&sslmode=require&n=12",
        )
        .unwrap();
        assert_eq!(
            redact(
                &hide,
                "db.internal 5432 beluga require 12 app hunt@er2 hunt%40er2 abcd1234"
            ),
            "db.internal 5432 beluga require 12 app [redacted] [redacted] [redacted]"
        );
    }

    #[test]
    fn a_secret_url_without_password_hides_its_user() {
        let mut hide = Hide::default();
        hide.secret("https://ghp_token@github.com/x").unwrap();
        assert_eq!(
            redact(&hide, "ghp_token at github.com"),
            "[redacted] at github.com"
        );
    }

    #[test]
    fn a_short_password_is_hidden_inside_its_url_only() {
        let mut hide = Hide::default();
        assert!(hide.passwords("redis://u:pw@cache:6379"));
        assert_eq!(
            redact(&hide, "pw: redis://u:pw@cache"),
            "pw: redis://[redacted]cache"
        );
    }

    #[test]
    fn passwords_of_malformed_urls_are_hidden() {
        for url in [
            "postgres://u:canary/1@host:5432/db",
            "postgres://u:canary/1@host:notaport/db",
            "see 'postgres://u:canary/1@host'",
        ] {
            let mut hide = Hide::default();
            assert!(hide.passwords(url), "{url}");
            assert!(!redact(&hide, url).contains("canary"), "{url}");
        }
        let mut hide = Hide::default();
        assert!(!hide.passwords("https://host:8080/@scope/package"));
        assert!(!hide.passwords("mailto: me@example.com, https://example.com"));
    }

    #[test]
    fn a_url_in_a_query_hides_its_password_too() {
        let mut hide = Hide::default();
        assert!(hide.passwords("https://a.example/?next=https://u:canary-1@b.example/"));
        let shown = redact(
            &hide,
            "https://a.example/?next=https://u:canary-1@b.example/",
        );
        assert_eq!(
            shown,
            "https://a.example/?next=https://u:[redacted]@b.example/"
        );
    }

    #[test]
    fn a_whole_secret_is_not_short() {
        assert!(Hide::default().secret("abc").is_err());
    }
}
