//! A connection for whoever speaks a protocol of their own over it: plain at first, then maybe secured.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use gonogo_kind::{ProbeCx, RootsSource};
use gonogo_model::{Fault, codes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::net_fault;
use super::shared::Net;
use super::tls::{Tapped, TlsOptions, handshake, server_name};

/// A connection.
#[derive(Debug)]
pub struct Link {
    stream: Stream,
    peer: SocketAddr,
}

#[derive(Debug)]
enum Stream {
    Plain(TcpStream),
    Secured(Box<TlsStream<Tapped>>),
}

impl Link {
    /// Connects to a host, by name or by address, by the deadline of `cx`.
    ///
    /// # Errors
    ///
    /// A fault of `net/...`.
    pub async fn connect(host: &str, port: u16, net: &Net, cx: &ProbeCx) -> Result<Self, Fault> {
        let dialed = net.dial(host, port, cx).await?;
        Ok(Self {
            stream: Stream::Plain(dialed.stream),
            peer: dialed.peer,
        })
    }

    /// Makes the handshake of TLS with a server that one of the roots must vouch for.
    ///
    /// # Errors
    ///
    /// A fault of `tls/...` or `net/...`, the cause of all that is wrong.
    pub async fn secure(
        self,
        host: &str,
        roots: &Arc<RootsSource>,
        net: &Net,
        cx: &ProbeCx,
    ) -> Result<Self, Fault> {
        let Stream::Plain(stream) = self.stream else {
            return Ok(self);
        };
        let name = server_name(host).map_err(|why| net_fault(codes::tls::WRONG_NAME, why))?;
        let options = TlsOptions {
            name,
            roots: Arc::clone(roots),
            identity: None,
            alpn: Vec::new(),
        };
        let secured = handshake(stream, &options, net, cx)
            .await
            .map_err(|failed| {
                let first = failed.faults.into_iter().next();
                first.unwrap_or_else(|| net_fault(codes::tls::HANDSHAKE, "the handshake failed"))
            })?;
        Ok(Self {
            stream: Stream::Secured(Box::new(secured.stream)),
            peer: self.peer,
        })
    }

    /// Returns the address of the other side.
    #[must_use]
    pub const fn peer(&self) -> SocketAddr {
        self.peer
    }
}

impl AsyncRead for Link {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Stream::Secured(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Link {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.get_mut().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Stream::Secured(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Secured(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Secured(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
