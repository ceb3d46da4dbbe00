//! Limits of this machine that a run must live within.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the soft limit of file descriptors to the hard one and returns what is then allowed.
#[must_use]
pub fn raise_descriptors() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    if limit.current < limit.maximum || limit.maximum.is_none() {
        let raised = Rlimit {
            current: limit.maximum.or(Some(UNLIMITED)),
            maximum: limit.maximum,
        };
        // Where the system refuses, the old limit stays, and the engine keeps within that.
        let _refused = setrlimit(Resource::Nofile, raised);
    }
    getrlimit(Resource::Nofile).current.unwrap_or(UNLIMITED)
}

/// As many as anyone needs, where the system sets no limit.
const UNLIMITED: u64 = 65_536;
