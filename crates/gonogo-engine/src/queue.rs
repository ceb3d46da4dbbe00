//! The checks that may start, in order, with a limit for each origin.
//!
//! A check whose origin is busy is set aside until an attempt there ends; it blocks nobody behind it,
//! and no slot waits with it. Every step takes constant time, whatever the number of checks.

use std::collections::VecDeque;

/// The checks that may start.
#[derive(Debug)]
pub(crate) struct Queue {
    ready: VecDeque<(usize, Option<usize>)>,
    origins: Vec<Origin>,
    per_origin: usize,
}

#[derive(Debug, Default)]
struct Origin {
    in_flight: usize,
    set_aside: VecDeque<usize>,
}

impl Queue {
    pub(crate) fn new(origins: usize, per_origin: usize) -> Self {
        Self {
            ready: VecDeque::new(),
            origins: (0..origins).map(|_| Origin::default()).collect(),
            per_origin: per_origin.max(1),
        }
    }

    /// Adds a check at the end.
    pub(crate) fn push(&mut self, check: usize, origin: Option<usize>) {
        self.ready.push_back((check, origin));
    }

    /// Takes the first check whose origin is not busy, and counts it there.
    pub(crate) fn pop(&mut self) -> Option<usize> {
        while let Some((check, origin)) = self.ready.pop_front() {
            let Some(origin) = origin.and_then(|origin| self.origins.get_mut(origin)) else {
                return Some(check);
            };
            if origin.in_flight < self.per_origin {
                origin.in_flight += 1;
                return Some(check);
            }
            origin.set_aside.push_back(check);
        }
        None
    }

    /// Takes note that an attempt at an origin ended; who waited longest for it is next of all.
    pub(crate) fn release(&mut self, origin: Option<usize>) {
        let Some(place) = origin else { return };
        if let Some(origin) = self.origins.get_mut(place) {
            origin.in_flight = origin.in_flight.saturating_sub(1);
            if let Some(check) = origin.set_aside.pop_front() {
                self.ready.push_front((check, Some(place)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_origin_blocks_nobody_else() {
        let mut queue = Queue::new(2, 2);
        for check in 0..4 {
            queue.push(check, Some(0));
        }
        queue.push(4, None);
        queue.push(5, Some(1));
        let taken: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(taken, [0, 1, 4, 5]);
        queue.push(6, None);
        queue.release(Some(0));
        let taken: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(taken, [2, 6]);
        queue.release(Some(1));
        queue.release(None);
        assert_eq!(queue.pop(), None);
        queue.release(Some(0));
        assert_eq!(queue.pop(), Some(3));
    }
}
