//! Secrets that were cut in two.
//!
//! Probes and matchers quote how a long text begins, before anything is redacted. Where the quotation
//! ends inside a secret, its beginning is left, which is nothing that is looked for. So the beginnings
//! of secrets are looked for where a quotation ends.

use std::collections::{BTreeMap, BTreeSet};

/// Finds the beginnings of secrets at the end of quotations.
#[derive(Clone, Default)]
pub(super) struct Cut {
    /// Every form of every secret, sorted, with how much of it is too much.
    forms: Vec<(Vec<u8>, usize)>,
    /// The first bytes of the forms.
    beginnings: BTreeSet<[u8; LEAST]>,
    /// For each byte, whether a form begins with it; this is asked of every byte of every output.
    first: Vec<bool>,
}

impl Cut {
    /// Prepares the search for these forms, each with how much of it may be shown.
    pub(super) fn of(forms: &BTreeMap<Vec<u8>, usize>) -> Self {
        let mut cut = Self {
            first: vec![false; 256],
            ..Self::default()
        };
        for (form, public) in forms {
            if let Some(beginning) = beginning(form) {
                cut.beginnings.insert(beginning);
                if let Some(first) = cut.first.get_mut(usize::from(beginning[0])) {
                    *first = true;
                }
                cut.forms.push((form.clone(), public + LEAST));
            }
        }
        cut
    }

    /// Returns where a secret begins and breaks off in a text of small letters.
    pub(super) fn spans(&self, text: &str) -> Vec<(usize, usize)> {
        let bytes = text.as_bytes();
        let mut spans = Vec::new();
        for (start, byte) in bytes.iter().enumerate() {
            if self.first.get(usize::from(*byte)) != Some(&true) {
                continue;
            }
            let rest = bytes.get(start..).unwrap_or_default();
            let Some(beginning) = beginning(rest).filter(|b| self.beginnings.contains(b)) else {
                continue;
            };
            if let Some(length) = self.broken_off(beginning, rest) {
                spans.push((start, start + length));
            }
        }
        spans
    }

    /// Returns how much of a secret a text begins with, when a quotation ends there.
    fn broken_off(&self, beginning: [u8; LEAST], rest: &[u8]) -> Option<usize> {
        let from = self
            .forms
            .partition_point(|(form, _)| form.as_slice() < beginning.as_slice());
        let forms = self.forms.get(from..).unwrap_or_default();
        forms
            .iter()
            .take_while(|(form, _)| form.starts_with(&beginning))
            .map(|(form, least)| {
                let common = form.iter().zip(rest).take_while(|(a, b)| a == b).count();
                (common, *least)
            })
            .filter(|(common, least)| common >= least && ends(rest.get(*common..)))
            .map(|(common, _)| common)
            .filter(|common| !is_word(rest.get(..*common).unwrap_or_default()))
            .max()
    }
}

/// Returns whether a beginning is a word like those of a gate or a report, `canary` or `pre-deploy`, and so
/// more likely to be one than to be a piece of a secret.
fn is_word(beginning: &[u8]) -> bool {
    let of_word = |b: &u8| b.is_ascii_lowercase() || matches!(b, b'-' | b'_' | b'.');
    beginning.len() < LONG && beginning.iter().all(of_word)
}

/// Returns the first bytes of a form or a text, if it is longer than those.
fn beginning(bytes: &[u8]) -> Option<[u8; LEAST]> {
    bytes.first_chunk().copied()
}

/// Returns whether a quotation ends before these bytes.
fn ends(rest: Option<&[u8]>) -> bool {
    let rest = rest.unwrap_or_default();
    rest.is_empty() || ENDS.iter().any(|end| rest.starts_with(end.as_bytes()))
}

/// How quotations end: with their closing quote, or with the dots that say that there is more.
const ENDS: [&str; 6] = ["...", "\u{2026}", "`", "\"", "\\\"", "'"];
/// With fewer bytes too much would look like the beginning of a secret.
const LEAST: usize = 6;
/// Words are shorter than this.
const LONG: usize = 12;
