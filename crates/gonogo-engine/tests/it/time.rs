//! A clock that jumps to the next alarm as soon as nobody has anything to do.

use std::collections::BTreeMap;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use gonogo_engine::Time;
use gonogo_kind::BoxFuture;
use jiff::Timestamp;

/// A clock of a test.
#[derive(Debug)]
pub(crate) struct VirtualTime {
    start: Instant,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    now: Instant,
    alarms: BTreeMap<(Instant, u64), Waker>,
    next: u64,
}

impl VirtualTime {
    pub(crate) fn new() -> Arc<Self> {
        let start = Instant::now();
        Arc::new(Self {
            start,
            state: Mutex::new(State {
                now: start,
                alarms: BTreeMap::new(),
                next: 0,
            }),
        })
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.now() - self.start
    }

    /// Returns a moment so long after the start.
    pub(crate) fn at(&self, after: Duration) -> Instant {
        self.start + after
    }

    pub(crate) fn sleep(self: &Arc<Self>, until: Instant) -> Sleep {
        Sleep {
            time: Arc::clone(self),
            until,
            alarm: None,
        }
    }

    /// Runs a future to its end; time passes only while it has nothing to do.
    pub(crate) fn block_on<F: Future>(&self, future: F) -> F::Output {
        let woken = Arc::new(Woken(AtomicBool::new(true)));
        let waker = Waker::from(Arc::clone(&woken));
        let mut cx = Context::from_waker(&waker);
        let mut future = pin!(future);
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
                return output;
            }
            while !woken.0.swap(false, Ordering::SeqCst) {
                assert!(self.advance(), "everybody waits, and for nothing");
            }
        }
    }

    fn advance(&self) -> bool {
        let mut state = self.state.lock().unwrap();
        let Some(((until, _), waker)) = state.alarms.pop_first() else {
            return false;
        };
        state.now = state.now.max(until);
        drop(state);
        waker.wake();
        true
    }
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// The clock as the engine sees it.
#[derive(Debug)]
pub(crate) struct Clock(pub(crate) Arc<VirtualTime>);

impl VirtualTime {
    pub(crate) fn now(&self) -> Instant {
        self.state.lock().unwrap().now
    }
}

impl Time for Clock {
    fn now(&self) -> Instant {
        self.0.now()
    }

    fn wall(&self) -> Timestamp {
        let start: Timestamp = "2026-08-01T10:00:00Z".parse().unwrap();
        start + self.0.elapsed()
    }

    fn sleep_until(&self, until: Instant) -> BoxFuture<'static, ()> {
        Box::pin(self.0.sleep(until))
    }
}

/// A wait in virtual time.
pub(crate) struct Sleep {
    time: Arc<VirtualTime>,
    until: Instant,
    alarm: Option<(Instant, u64)>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let mut state = this.time.state.lock().unwrap();
        if let Some(alarm) = this.alarm.take() {
            state.alarms.remove(&alarm);
        }
        if state.now >= this.until {
            return Poll::Ready(());
        }
        let alarm = (this.until, state.next);
        state.next += 1;
        state.alarms.insert(alarm, cx.waker().clone());
        this.alarm = Some(alarm);
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(alarm) = self.alarm.take() {
            self.time.state.lock().unwrap().alarms.remove(&alarm);
        }
    }
}
