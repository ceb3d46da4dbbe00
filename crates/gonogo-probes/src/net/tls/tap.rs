//! A connection that remembers how it began, for the day it turns out not to be TLS.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A connection, and the first bytes that came over it.
#[derive(Debug)]
pub(crate) struct Tapped {
    pub(super) stream: TcpStream,
    begin: Begin,
    full: bool,
}

/// The first bytes of a connection.
#[derive(Debug, Clone, Default)]
pub(super) struct Begin(Arc<Mutex<Vec<u8>>>);

impl Begin {
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Tapped {
    pub(super) const fn new(stream: TcpStream, begin: Begin) -> Self {
        Self {
            stream,
            begin,
            full: false,
        }
    }

    fn remember(&mut self, came: &[u8]) {
        let mut begin = self.begin.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = REMEMBERED - begin.len();
        begin.extend(came.iter().take(room));
        self.full = begin.len() == REMEMBERED;
    }
}

impl AsyncRead for Tapped {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(cx, buffer);
        if !this.full {
            let came = buffer.filled().get(before..).unwrap_or_default();
            this.remember(came);
        }
        polled
    }
}

impl AsyncWrite for Tapped {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// Enough to tell protocols apart, and to quote.
const REMEMBERED: usize = 48;
