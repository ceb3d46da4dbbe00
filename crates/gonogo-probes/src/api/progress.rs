//! How far an exchange has come: the library does not say by itself.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

use gonogo_kind::ProbeCx;
use gonogo_model::Phase;
use tower_layer::Layer;
use tower_service::Service;

/// The phases that have begun, and when.
#[derive(Debug, Clone, Default)]
pub(super) struct Progress {
    begun: Arc<Mutex<Vec<(&'static str, Instant)>>>,
}

impl Progress {
    /// Begins a phase, and ends the one before it.
    pub(super) fn begin(&self, phase: &'static str) {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.push((phase, Instant::now()));
    }

    /// Returns the phase that runs.
    pub(super) fn phase(&self) -> &'static str {
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.last().map_or("connect", |(phase, _)| phase)
    }

    /// Returns the phases, the last of which ends now.
    pub(super) fn phases(&self, cx: &ProbeCx) -> Vec<Phase> {
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        let ends = begun.iter().skip(1).map(|(_, begin)| *begin);
        let stretches = begun.iter().zip(ends.chain([Instant::now()]));
        stretches
            .map(|((name, begin), end)| Phase {
                name: (*name).to_owned(),
                start: begin.saturating_duration_since(cx.started()).into(),
                duration: end.saturating_duration_since(*begin).into(),
            })
            .collect()
    }
}

/// Around the connector of the library: once it is done, the request is on its way.
impl<S> Layer<S> for Progress {
    type Service = Connecting<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Connecting {
            inner,
            progress: self.clone(),
        }
    }
}

/// A connector that tells when it is done.
#[derive(Debug, Clone)]
pub(super) struct Connecting<S> {
    inner: S,
    progress: Progress,
}

impl<S, R> Service<R> for Connecting<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let progress = self.progress.clone();
        let connected = self.inner.call(request);
        Box::pin(async move {
            let connection = connected.await?;
            progress.begin("first_byte");
            Ok(connection)
        })
    }
}
