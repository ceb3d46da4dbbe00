//! A compiled, immutable instance of a kind.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use gonogo_model::{Effect, Observation};
use jiff::Timestamp;

/// A future on the heap, as a trait object's method returns it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Looks at one subject.
///
/// A probe is built once, when the gate file is read, and looked through any number of times, maybe
/// by several attempts in a row. It keeps nothing of an attempt.
pub trait Probe: Send + Sync + fmt::Debug {
    /// Returns what the probe does to its subject.
    fn effect(&self) -> Effect;

    /// Returns what it looks at, in one line, without secrets.
    fn subject(&self) -> String;

    /// Returns the address and port it puts load on, `host:port`; the engine limits the attempts in
    /// flight to one origin.
    fn origin(&self) -> Option<String>;

    /// Looks, and returns by the deadline of `cx` with everything that was seen.
    ///
    /// Every wait inside ends by [`ProbeCx::deadline`]; a wait that runs out is a fault that names its
    /// phase. Dropping the future stops the attempt and leaves nothing behind.
    fn observe<'a>(&'a self, cx: &'a ProbeCx) -> BoxFuture<'a, Observation>;
}

/// What an attempt may use.
#[derive(Debug)]
pub struct ProbeCx {
    started: Instant,
    timeout: Duration,
    excused_nanos: AtomicU64,
    now: Timestamp,
    round: u32,
}

impl ProbeCx {
    /// Returns the context of an attempt that begins at `started` and may take `timeout`.
    ///
    /// `now` is the wall clock at its start, for certificates; names are resolved once a `round`.
    #[must_use]
    pub const fn new(started: Instant, timeout: Duration, now: Timestamp, round: u32) -> Self {
        Self {
            started,
            timeout,
            excused_nanos: AtomicU64::new(0),
            now,
            round,
        }
    }

    /// Returns when the attempt began, by the monotonic clock.
    #[must_use]
    pub const fn started(&self) -> Instant {
        self.started
    }

    /// Returns how long the attempt may take.
    #[must_use]
    pub const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Returns the moment by which the attempt ends.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        self.started
            + self.timeout
            + Duration::from_nanos(self.excused_nanos.load(Ordering::Relaxed))
    }

    /// Moves the deadline by a wait that was our own doing, such as a queue for the processor.
    pub fn excuse(&self, wait: Duration) {
        let nanos = u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX / 4);
        self.excused_nanos.fetch_add(nanos, Ordering::Relaxed);
    }

    /// Returns the wall clock at the start of the attempt.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Returns the round, from 1.
    #[must_use]
    pub const fn round(&self) -> u32 {
        self.round
    }
}
