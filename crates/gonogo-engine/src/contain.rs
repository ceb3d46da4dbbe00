//! Keeps the panics of a future, and of its destructor, from everybody else.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use gonogo_kind::BoxFuture;

/// Runs `work`; a panic becomes its text.
pub(crate) fn contained<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(text_of)
}

/// A future whose panics become its result, and whose destructor never panics.
///
/// A panic while another one already unwinds the same future cannot be contained: Rust ends the process.
pub(crate) struct Contained<'a, T> {
    inner: Option<BoxFuture<'a, T>>,
}

impl<'a, T> Contained<'a, T> {
    pub(crate) const fn new(inner: BoxFuture<'a, T>) -> Self {
        Self { inner: Some(inner) }
    }

    /// Drops the future; a panic becomes its text.
    fn end(&mut self) -> Result<(), String> {
        let inner = self.inner.take();
        contained(|| drop(inner))
    }
}

impl<T> Future for Contained<'_, T> {
    type Output = Result<T, String>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(inner) = self.inner.as_mut() else {
            // Nobody polls a finished future; if it happens, it never finishes again.
            return Poll::Pending;
        };
        let polled = contained(|| inner.as_mut().poll(cx));
        let result = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(value)) => Ok(value),
            Err(text) => Err(text),
        };
        let ended = self.end();
        Poll::Ready(result.and_then(|value| ended.map(|()| value)))
    }
}

impl<T> Drop for Contained<'_, T> {
    fn drop(&mut self) {
        if self.inner.is_some() && self.end().is_err() {
            tracing::warn!("a probe panicked while its attempt was stopped");
        }
    }
}

/// Returns the words of a panic.
fn text_of(payload: Box<dyn Any + Send>) -> String {
    let text = if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "without a text".to_owned()
    };
    // The payload is a value of the probe's, and its destructor may panic as well.
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(second);
    }
    text
}
