//! The clocks of a run, behind a trait so that tests need not wait.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use gonogo_kind::BoxFuture;
use gonogo_model::{Decimal, Stamp};
use jiff::Timestamp;

/// Where the engine gets its time from.
pub trait Time: Send + Sync + fmt::Debug {
    /// Returns the monotonic clock.
    fn now(&self) -> Instant;

    /// Returns the wall clock.
    fn wall(&self) -> Timestamp;

    /// Waits until the monotonic clock shows `until`.
    fn sleep_until(&self, until: Instant) -> BoxFuture<'static, ()>;
}

/// The clocks of this machine, and tokio's timers.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemTime;

impl Time for SystemTime {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn wall(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep_until(&self, until: Instant) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep_until(until.into()))
    }
}

/// The clock of one run: it knows when the run began.
#[derive(Debug, Clone)]
pub struct RunClock {
    time: Arc<dyn Time>,
    began: Instant,
    began_wall: Timestamp,
}

impl RunClock {
    /// Starts a run now, by the clocks of this machine.
    #[must_use]
    pub fn start() -> Self {
        Self::start_by(Arc::new(SystemTime))
    }

    /// Starts a run now, by other clocks.
    #[must_use]
    pub fn start_by(time: Arc<dyn Time>) -> Self {
        let (began, began_wall) = (time.now(), time.wall());
        Self {
            time,
            began,
            began_wall,
        }
    }

    /// Returns the moment at which the run began, by both clocks.
    #[must_use]
    pub fn started(&self) -> Stamp {
        Stamp {
            wall: self.began_wall,
            elapsed: Decimal::ZERO,
        }
    }

    /// Returns the moment by both clocks.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        Stamp {
            wall: self.time.wall(),
            elapsed: self.now().saturating_duration_since(self.began).into(),
        }
    }

    /// Returns the monotonic clock.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.time.now()
    }

    /// Returns the wall clock.
    #[must_use]
    pub fn wall(&self) -> Timestamp {
        self.time.wall()
    }

    /// Returns when the run began, by the monotonic clock.
    #[must_use]
    pub const fn began(&self) -> Instant {
        self.began
    }

    /// Waits until the monotonic clock shows `until`.
    #[must_use]
    pub fn sleep_until(&self, until: Instant) -> BoxFuture<'static, ()> {
        self.time.sleep_until(until)
    }
}
