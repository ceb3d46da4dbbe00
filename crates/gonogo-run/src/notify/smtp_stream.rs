//! What the dialogue of SMTP goes over: a connection that says hello a second time, and is not endless.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use gonogo_probes::Link;
use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};

/// A connection for the library.
///
/// The library begins with the greeting of a server. Where that was read before the connection was
/// secured, one of ours takes its place. A server that talks without end is cut off.
#[derive(Debug)]
pub(super) struct Greeted {
    greeting: io::Cursor<&'static [u8]>,
    link: Link,
    left: u64,
}

impl Greeted {
    /// Returns a connection whose greeting is still to come.
    pub(super) const fn fresh(link: Link) -> Self {
        Self {
            greeting: io::Cursor::new(b""),
            link,
            left: MOST_SAID,
        }
    }

    /// Returns a connection whose greeting was read.
    pub(super) const fn after_greeting(link: Link) -> Self {
        Self {
            greeting: io::Cursor::new(b"220 secured\r\n"),
            link,
            left: MOST_SAID,
        }
    }
}

impl AsyncRead for Greeted {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let polled = if this.greeting.position() < this.greeting.get_ref().len() as u64 {
            Pin::new(&mut this.greeting).poll_read(cx, buffer)
        } else {
            Pin::new(&mut this.link).poll_read(cx, buffer)
        };
        let came = buffer.filled().len().saturating_sub(before) as u64;
        match this.left.checked_sub(came) {
            Some(left) => {
                this.left = left;
                polled
            }
            None => Poll::Ready(Err(io::Error::other("the server says too much"))),
        }
    }
}

impl AsyncWrite for Greeted {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().link).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().link).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().link).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for Greeted {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.link.peer())
    }
}

/// Reads one reply, and not a byte beyond it: what follows belongs to the handshake.
pub(super) async fn reply(link: &mut Link) -> io::Result<Vec<String>> {
    let mut lines = Vec::new();
    let mut line = Vec::new();
    for _ in 0..MOST_REPLY {
        let byte = link.read_u8().await?;
        if byte != b'\n' {
            line.push(byte);
            continue;
        }
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        let is_last = text.as_bytes().get(3) != Some(&b'-');
        lines.push(text);
        line.clear();
        if is_last {
            return Ok(lines);
        }
    }
    Err(io::Error::other("the server says too much"))
}

/// The most bytes that a server may say.
const MOST_SAID: u64 = 256 * 1024;
/// The most bytes of a reply before the connection is secured.
const MOST_REPLY: usize = 16 * 1024;
