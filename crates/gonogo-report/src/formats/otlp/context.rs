//! Which trace a run belongs to, and the ids of its spans.
//!
//! Nothing is drawn: an id is a hash of the run's own id and of what the span is, so that a saved run shown again is
//! the same trace.

use sha2::{Digest as _, Sha256};

/// The trace of a run.
pub(super) struct Context<'r> {
    run: &'r str,
    /// The id of the trace, in hexadecimal.
    pub(super) trace: String,
    /// The span under which the run was started, where somebody says so.
    pub(super) parent: Option<String>,
}

impl<'r> Context<'r> {
    /// Returns the trace that a caller names, or one of the run's own.
    pub(super) fn new(run: &'r str, trace_parent: Option<&str>) -> Self {
        let named = trace_parent.and_then(named);
        let (trace, parent) = match named {
            Some((trace, parent)) => (trace.to_owned(), Some(parent.to_owned())),
            None => (hash::<16>(&[run, "trace"]), None),
        };
        Self { run, trace, parent }
    }

    /// Returns the id of the span of the gate.
    pub(super) fn gate(&self) -> String {
        self.span(&["gate"])
    }

    /// Returns the id of the span of a check.
    pub(super) fn check(&self, check: &str) -> String {
        self.span(&["check", check])
    }

    /// Returns the id of a span, by what it is.
    pub(super) fn span(&self, what: &[&str]) -> String {
        let mut words = vec![self.run, "span", &self.trace];
        words.extend(what);
        hash::<8>(&words)
    }
}

/// Returns the trace and the span that a value of `traceparent` names, as W3C Trace Context reads it.
///
/// What is not well-formed names nothing, and neither do ids of nothing but zeros.
fn named(trace_parent: &str) -> Option<(&str, &str)> {
    let mut fields = trace_parent.split('-');
    let mut field = |length: usize| {
        let is_hex = |c: u8| matches!(c, b'0'..=b'9' | b'a'..=b'f');
        let field = fields.next()?;
        (field.len() == length && field.bytes().all(is_hex)).then_some(field)
    };
    let (version, trace, parent, _flags) = (field(2)?, field(32)?, field(16)?, field(2)?);
    // A later version may append fields; this one has none.
    let is_whole = version != "00" || fields.next().is_none();
    let is_zero = |id: &str| id.bytes().all(|c| c == b'0');
    let is_valid = version != "ff" && is_whole && !is_zero(trace) && !is_zero(parent);
    is_valid.then_some((trace, parent))
}

/// Returns a hash of words in hexadecimal, which is never zero.
fn hash<const BYTES: usize>(words: &[&str]) -> String {
    let mut hash = Sha256::new();
    for word in words {
        // The length says where a word ends: no text of one can look like two.
        hash.update(word.len().to_be_bytes());
        hash.update(word);
    }
    let digest = hash.finalize();
    let mut id: String = digest
        .iter()
        .take(BYTES)
        .map(|b| format!("{b:02x}"))
        .collect();
    if id.bytes().all(|c| c == b'0') {
        id.replace_range(..1, "1");
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const PARENT: &str = "00f067aa0ba902b7";

    #[test]
    fn a_trace_that_a_caller_names_is_joined() {
        for trace_parent in [
            format!("00-{TRACE}-{PARENT}-01"),
            format!("00-{TRACE}-{PARENT}-00"),
            format!("cc-{TRACE}-{PARENT}-01-what-the-future-will-be-like"),
            format!("cc-{TRACE}-{PARENT}-01"),
        ] {
            let context = Context::new("run", Some(&trace_parent));
            assert_eq!(context.trace, TRACE, "{trace_parent}");
            assert_eq!(context.parent.as_deref(), Some(PARENT), "{trace_parent}");
        }
    }

    #[test]
    fn what_names_no_trace_is_ignored() {
        let own = Context::new("run", None);
        let zeros = "0".repeat(32);
        for trace_parent in [
            String::new(),
            "00".to_owned(),
            format!("00-{zeros}-{PARENT}-01"),
            format!("00-{TRACE}-0000000000000000-01"),
            format!("ff-{TRACE}-{PARENT}-01"),
            format!("00-{TRACE}-{PARENT}-01-more"),
            format!("00-{TRACE}-{PARENT}-01-"),
            format!("00-{TRACE}-{PARENT}"),
            format!("00-{TRACE}-{PARENT}-1"),
            format!("00-{}-{PARENT}-01", TRACE.to_uppercase()),
            format!(" 00-{TRACE}-{PARENT}-01"),
            format!("00-{TRACE}-{PARENT}-01\n"),
            format!("00-{TRACE}0-{PARENT}-01"),
            format!("0-{TRACE}-{PARENT}-01"),
            format!("00-{TRACE}-{PARENT}-\u{1b}1"),
        ] {
            let context = Context::new("run", Some(&trace_parent));
            assert_eq!(context.trace, own.trace, "{trace_parent:?}");
            assert_eq!(context.parent, None, "{trace_parent:?}");
        }
    }

    #[test]
    fn ids_are_those_of_the_run_and_of_what_they_name() {
        let [run, same, other] = ["run", "run", "other"].map(|run| Context::new(run, None));
        assert_eq!(run.trace, same.trace);
        assert_eq!(run.check("a"), same.check("a"));
        assert_ne!(run.trace, other.trace);
        assert_ne!(run.check("a"), other.check("a"));
        assert_ne!(run.span(&["ab", "c"]), run.span(&["a", "bc"]));
        assert_eq!((run.trace.len(), run.gate().len()), (32, 16));
    }
}
