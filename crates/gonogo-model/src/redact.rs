//! Removes secrets from text, in every encoding in which they are likely to turn up.
//!
//! A secret leaves a program by more ways than its own text: percent-encoded in a URL, in base64
//! inside a Basic header, in hexadecimal inside a server's error text, escaped inside JSON or HTML.
//! The redactor is built once from the secrets of a run and looks for all of these at once.
//!
//! It is applied to what came from outside or from the author (messages, values, titles), never to
//! the words of a report itself: a password `passed` must not shred the outcomes.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Replaces secrets by [`Redactor::MASK`].
#[derive(Clone, Default)]
pub struct Redactor {
    automaton: Option<AhoCorasick>,
}

/// Collects secrets for a [`Redactor`].
#[derive(Default)]
pub struct RedactorBuilder {
    needles: BTreeSet<Vec<u8>>,
}

/// Says that a secret is too short to be looked for: it would match by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretTooShort;

impl fmt::Display for SecretTooShort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a secret has at least {MIN_LENGTH} characters, otherwise it cannot be kept out of the output"
        )
    }
}

impl std::error::Error for SecretTooShort {}

impl Redactor {
    /// What stands in the place of a secret.
    pub const MASK: &'static str = "[redacted]";

    /// Returns the text without secrets.
    #[must_use]
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let Some(automaton) = &self.automaton else {
            return Cow::Borrowed(text);
        };
        // Matches that touch or overlap become one mask, so that no piece of a secret is left over.
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for found in automaton.find_overlapping_iter(text) {
            spans.push((found.start(), found.end()));
        }
        if spans.is_empty() {
            return Cow::Borrowed(text);
        }
        spans.sort_unstable();
        let mut clean = String::with_capacity(text.len());
        let mut at = 0;
        for (start, end) in spans {
            if start >= at {
                clean.push_str(text.get(at..start).unwrap_or_default());
                clean.push_str(Self::MASK);
            }
            at = at.max(end);
        }
        clean.push_str(text.get(at..).unwrap_or_default());
        Cow::Owned(clean)
    }

    /// Removes secrets from a text in place.
    pub fn clean(&self, text: &mut String) {
        if let Cow::Owned(clean) = self.redact(text) {
            *text = clean;
        }
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor(..)")
    }
}

impl fmt::Debug for RedactorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedactorBuilder(..)")
    }
}

impl RedactorBuilder {
    /// Adds a secret, in every encoding.
    ///
    /// # Errors
    ///
    /// [`SecretTooShort`] when it has fewer than four characters. An empty secret is no secret.
    pub fn secret(&mut self, secret: &str) -> Result<(), SecretTooShort> {
        if secret.is_empty() {
            return Ok(());
        }
        if secret.chars().count() < MIN_LENGTH {
            return Err(SecretTooShort);
        }
        for form in forms(secret) {
            self.needles.insert(form);
        }
        // A server that quotes only a line of a key must not get it past us.
        for line in secret
            .lines()
            .map(str::trim)
            .filter(|l| l.len() >= MIN_LINE && *l != secret)
        {
            for form in forms(line) {
                self.needles.insert(form);
            }
        }
        Ok(())
    }

    /// Adds a text that is hidden as it stands and in no other encoding: a URL with a short password.
    pub fn literal(&mut self, text: &str) {
        if !text.is_empty() {
            self.needles.insert(text.as_bytes().to_vec());
        }
    }

    /// Returns the redactor.
    #[must_use]
    pub fn build(&self) -> Redactor {
        if self.needles.is_empty() {
            return Redactor::default();
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&self.needles)
            .expect("a gate file of 4 MiB cannot hold too many secrets for the automaton");
        Redactor {
            automaton: Some(automaton),
        }
    }
}

/// Returns every form in which a secret is looked for.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let bytes = secret.as_bytes();
    let mut forms: Vec<String> = vec![
        secret.to_owned(),
        secret.to_lowercase(),
        secret.to_uppercase(),
        hex(bytes),
        hex(bytes).to_uppercase(),
        json_escaped(secret),
        json_escaped(secret).replace('/', "\\/"),
        html_escaped(secret, "&#39;", "&quot;"),
        html_escaped(secret, "&#x27;", "&#34;"),
        html_escaped(secret, "&apos;", "&quot;"),
        secret.replace('\'', "'\\''"),
        secret.escape_debug().to_string(),
        secret.escape_default().to_string(),
    ];
    for keep in [UNRESERVED, URL_COMPONENT, URL_PATH, ""] {
        let upper = percent(bytes, keep);
        forms.push(lower_escapes(&upper));
        forms.push(upper.replace("%20", "+"));
        forms.push(upper);
    }
    for shift in 0..3 {
        forms.extend(base64_inside(bytes, shift));
    }
    forms
        .into_iter()
        .filter(|f| f.chars().count() >= MIN_LENGTH)
        .map(String::into_bytes)
        .collect()
}

/// Returns how the secret looks inside base64 of a longer text, `shift` bytes after a group's start.
///
/// Characters that also depend on the neighbours are left out.
fn base64_inside(bytes: &[u8], shift: usize) -> Vec<String> {
    let mut padded = vec![0_u8; shift];
    padded.extend_from_slice(bytes);
    let first = (shift * 8).div_ceil(6);
    let last = padded.len() * 8 / 6;
    [
        STANDARD_NO_PAD.encode(&padded),
        URL_SAFE_NO_PAD.encode(&padded),
    ]
    .into_iter()
    .filter_map(|text| text.get(first..last).map(str::to_owned))
    .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn percent(bytes: &[u8], keep: &str) -> String {
    bytes
        .iter()
        .map(|&b| match char::from(b) {
            c if !keep.is_empty() && (c.is_ascii_alphanumeric() || keep.contains(c)) => {
                c.to_string()
            }
            _ => format!("%{b:02X}"),
        })
        .collect()
}

fn lower_escapes(text: &str) -> String {
    let mut after = 3;
    text.chars()
        .map(|c| {
            after = if c == '%' { 0 } else { after + 1 };
            if after <= 2 {
                c.to_ascii_lowercase()
            } else {
                c
            }
        })
        .collect()
}

fn json_escaped(text: &str) -> String {
    let quoted = serde_json::Value::String(text.to_owned()).to_string();
    quoted
        .get(1..quoted.len() - 1)
        .unwrap_or_default()
        .to_owned()
}

fn html_escaped(text: &str, apostrophe: &str, quote: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', quote)
        .replace('\'', apostrophe)
}

/// Shorter secrets would match by chance and shred the output.
const MIN_LENGTH: usize = 4;
/// Shorter lines of a secret of several lines are not looked for by themselves.
const MIN_LINE: usize = 8;
const UNRESERVED: &str = "-._~";
const URL_COMPONENT: &str = "-._~!*'()";
const URL_PATH: &str = "-._~!$&'()*+,;=:@/";

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    fn redactor(secret: &str) -> Redactor {
        let mut builder = RedactorBuilder::default();
        builder.secret(secret).unwrap();
        builder.build()
    }

    #[test]
    fn a_secret_is_removed_in_every_encoding() {
        let secret = "p@ss/w\"o'rd <&>";
        let redactor = redactor(secret);
        for hidden in [
            secret.to_owned(),
            "p%40ss%2Fw%22o%27rd%20%3C%26%3E".to_owned(),
            "p%40ss%2fw%22o%27rd%20%3c%26%3e".to_owned(),
            "p%40ss%2Fw%22o%27rd+%3C%26%3E".to_owned(),
            hex(secret.as_bytes()),
            hex(secret.as_bytes()).to_uppercase(),
            "p@ss/w\\\"o'rd <&>".to_owned(),
            "p@ss/w&quot;o&#39;rd &lt;&amp;&gt;".to_owned(),
        ] {
            let text = format!("before {hidden} after");
            assert_eq!(
                redactor.redact(&text),
                "before [redacted] after",
                "{hidden}"
            );
        }
    }

    #[test]
    fn a_secret_is_removed_from_a_longer_base64_text() {
        let redactor = redactor("hunter2-canary");
        for before in ["", "u:", "us:", "user:"] {
            let text = STANDARD.encode(format!("{before}hunter2-canary and more"));
            let clean = redactor.redact(&text);
            assert!(clean.contains(Redactor::MASK), "{text} -> {clean}");
        }
    }

    #[test]
    fn short_secrets_are_refused_and_empty_ones_ignored() {
        let mut builder = RedactorBuilder::default();
        assert_eq!(builder.secret("abc"), Err(SecretTooShort));
        assert_eq!(builder.secret(""), Ok(()));
        assert_eq!(builder.build().redact("abc"), "abc");
    }

    #[test]
    fn overlapping_secrets_leave_no_piece() {
        let mut builder = RedactorBuilder::default();
        for secret in ["abcdef", "defghi"] {
            builder.secret(secret).unwrap();
        }
        assert_eq!(builder.build().redact("xabcdefghix"), "x[redacted]x");
    }

    proptest! {
        #[test]
        fn no_secret_survives(secret in "[ -~]{4,20}", before in "[ -~]{0,9}", after in "[ -~]{0,9}") {
            prop_assume!(!Redactor::MASK.contains(&secret));
            let redactor = redactor(&secret);
            for encoded in [secret.clone(), percent(secret.as_bytes(), UNRESERVED), hex(secret.as_bytes())] {
                let clean = redactor.redact(&format!("{before}{encoded}{after}")).into_owned();
                // The mask may complete a secret such as "[red" by chance; its own letters are public.
                prop_assert!(!clean.replace(Redactor::MASK, "").contains(&encoded) , "{}", clean);
            }
        }
    }
}
