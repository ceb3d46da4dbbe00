//! Keeps the first bytes that come in, to say what it was when it was not HTTP.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The first bytes that came in on a connection.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen(Arc<Mutex<Vec<u8>>>);

/// A stream whose first incoming bytes are kept.
#[derive(Debug)]
pub(super) struct Tap<S> {
    stream: S,
    seen: Seen,
    is_full: bool,
}

impl<S> Tap<S> {
    /// Wraps a stream.
    pub(super) fn new(stream: S) -> Self {
        Self {
            stream,
            seen: Seen::default(),
            is_full: false,
        }
    }

    /// Returns what has come in, now and later.
    pub(super) fn seen(&self) -> Seen {
        self.seen.clone()
    }
}

impl Seen {
    /// Returns the first bytes, if any have come.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Returns the first line for a message, what is not plain ASCII as dots.
    pub(super) fn line(&self) -> String {
        let plain = |byte: &u8| match byte {
            b' '..=b'~' if *byte != b'"' => char::from(*byte),
            _ => '.',
        };
        let bytes = self.bytes();
        let line = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).next();
        line.unwrap_or_default().iter().map(plain).collect()
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Tap<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if !self.is_full {
            let new = buffer.filled().get(before..).unwrap_or_default();
            let mut first = self.seen.0.lock().unwrap_or_else(PoisonError::into_inner);
            let room = KEPT.saturating_sub(first.len()).min(new.len());
            first.extend(new.iter().take(room));
            let is_full = first.len() == KEPT;
            drop(first);
            self.is_full = is_full;
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Tap<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// Enough to tell protocols apart, and to quote.
const KEPT: usize = 64;
