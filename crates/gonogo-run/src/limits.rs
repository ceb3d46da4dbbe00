//! Limits of this machine that a run must live within.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the soft limit of file descriptors as far as anyone needs and returns what is then allowed.
///
/// Commands inherit it, and some programs close every descriptor that they might have: a limit of a
/// thousand million, as containers set it, would keep them busy for minutes.
#[must_use]
pub fn raise_descriptors() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(ENOUGH).min(ENOUGH);
    if limit.current.is_some_and(|current| current < most) {
        let raised = Rlimit {
            current: Some(most),
            maximum: limit.maximum,
        };
        // Where the system refuses, the old limit stays, and the engine keeps within that.
        let _refused = setrlimit(Resource::Nofile, raised);
    }
    getrlimit(Resource::Nofile).current.unwrap_or(ENOUGH)
}

/// More descriptors than any run uses.
const ENOUGH: u64 = 65_536;
