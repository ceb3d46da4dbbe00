//! How many attempts are in flight at once.
//!
//! Each attempt needs about one descriptor. When an attempt finds none left, the limit shrinks to
//! three quarters of what was in flight; it grows again by one whenever a whole limit's worth of
//! attempts ended well. Attempts that began before the last shrink say nothing new.

use std::time::Instant;

/// The limit on attempts in flight.
#[derive(Debug)]
pub(crate) struct Slots {
    most: usize,
    limit: usize,
    ended_well: usize,
    shrunk: Option<Instant>,
}

impl Slots {
    /// Returns the limit of a machine with `descriptors`, and of a person who asks for `jobs`.
    pub(crate) fn new(jobs: Option<usize>, descriptors: u64) -> Self {
        let descriptors = usize::try_from(descriptors).unwrap_or(usize::MAX);
        let most = MOST
            .min(descriptors.saturating_sub(RESERVE))
            .min(jobs.unwrap_or(MOST))
            .max(1);
        Self {
            most,
            limit: most,
            ended_well: 0,
            shrunk: None,
        }
    }

    /// Returns how many attempts may be in flight now.
    pub(crate) const fn limit(&self) -> usize {
        self.limit
    }

    /// Takes note of an attempt that got what it needed.
    pub(crate) fn ended_well(&mut self) {
        if self.limit < self.most {
            self.ended_well += 1;
            if self.ended_well >= self.limit {
                self.ended_well = 0;
                self.limit += 1;
            }
        }
    }

    /// Takes note of an attempt that found no descriptor left, among `in_flight` others.
    pub(crate) fn ran_out(&mut self, began: Instant, in_flight: usize, now: Instant) {
        if self.shrunk.is_none_or(|shrunk| began > shrunk) {
            self.limit = (self.limit.min(in_flight + 1) * 3 / 4).max(1);
            self.ended_well = 0;
            self.shrunk = Some(now);
        }
    }
}

/// More attempts in flight gain nothing, even against targets that drop every packet.
const MOST: usize = 1_000;
/// Descriptors for everything else: files, logs, the resolver, a second address of a name.
const RESERVE: usize = 32;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_limit_is_the_least_of_three() {
        for (jobs, descriptors, limit) in [
            (None, 1_048_576, 1_000),
            (None, 256, 224),
            (Some(8), 256, 8),
            (Some(5_000), 20_000, 1_000),
            (Some(0), 256, 1),
            (None, 10, 1),
        ] {
            assert_eq!(Slots::new(jobs, descriptors).limit(), limit);
        }
    }

    #[test]
    fn the_limit_shrinks_once_for_attempts_in_flight_together_and_grows_again() {
        let start = Instant::now();
        let after = |s| start + Duration::from_secs(s);
        let mut slots = Slots::new(None, 132);
        slots.ran_out(start, 79, after(1));
        assert_eq!(slots.limit(), 60);
        slots.ran_out(start, 78, after(2));
        assert_eq!(slots.limit(), 60, "it began before the shrink");
        for _ in 0..60 {
            slots.ended_well();
        }
        assert_eq!(slots.limit(), 61);
        for _ in 0..10_000 {
            slots.ended_well();
        }
        assert_eq!(slots.limit(), 100);
        for s in 3..60 {
            slots.ran_out(after(s), 0, after(s + 1));
        }
        assert_eq!(slots.limit(), 1);
    }
}
