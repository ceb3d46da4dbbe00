//! Targets that speak HTTP, plain or over TLS.

use std::io;
use std::net::{SocketAddr, TcpListener as BlockingListener};
use std::sync::Arc;
use std::time::Duration;

use gonogo_testkit::ca::{Ca, Issued};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::ports::Ports;

/// How targets answer.
pub(crate) enum Manner<'ca> {
    /// At once.
    Plain,
    /// After [`PAUSE`].
    Slow,
    /// Over TLS, each with a certificate of its own.
    OwnCertificates(&'ca Ca),
    /// Over TLS, all with the same certificate.
    OneCertificate(&'ca Ca),
}

/// Targets on ports of their own; they end with the value.
pub(crate) struct Web {
    scheme: &'static str,
    addresses: Vec<SocketAddr>,
    _listeners: JoinSet<()>,
}

impl Web {
    /// Starts targets.
    pub(crate) fn start(manner: &Manner<'_>, count: usize, ports: &mut Ports) -> io::Result<Self> {
        let pause = match manner {
            Manner::Slow => PAUSE,
            Manner::Plain | Manner::OwnCertificates(_) | Manner::OneCertificate(_) => {
                Duration::ZERO
            }
        };
        let one = match manner {
            Manner::OneCertificate(ca) => Some(acceptor(&issue(ca))?),
            Manner::Plain | Manner::Slow | Manner::OwnCertificates(_) => None,
        };
        let mut addresses = Vec::with_capacity(count);
        let mut listeners = JoinSet::new();
        for _ in 0..count {
            let (socket, address) = ports.listen(BACKLOG)?;
            let acceptor = match manner {
                Manner::OwnCertificates(ca) => Some(acceptor(&issue(ca))?),
                Manner::OneCertificate(_) => one.clone(),
                Manner::Plain | Manner::Slow => None,
            };
            let listener = TcpListener::from_std(BlockingListener::from(socket))?;
            listeners.spawn(listen(listener, acceptor, pause));
            addresses.push(address);
        }
        Ok(Self {
            scheme: match manner {
                Manner::Plain | Manner::Slow => "http",
                Manner::OwnCertificates(_) | Manner::OneCertificate(_) => "https",
            },
            addresses,
            _listeners: listeners,
        })
    }

    /// Returns the URLs of all targets.
    pub(crate) fn urls(&self) -> Vec<String> {
        let url = |address| format!("{}://{address}/health", self.scheme);
        self.addresses.iter().map(url).collect()
    }
}

fn issue(ca: &Ca) -> Issued {
    ca.leaf(&["127.0.0.1"]).issue()
}

fn acceptor(issued: &Issued) -> io::Result<TlsAcceptor> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(issued.chain(), issued.key_der())
        .map_err(io::Error::other)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

async fn listen(listener: TcpListener, acceptor: Option<TlsAcceptor>, pause: Duration) {
    let mut served = JoinSet::new();
    loop {
        // What has ended is forgotten, or a long run would fill the memory.
        while served.try_join_next().is_some() {}
        match listener.accept().await {
            Ok((stream, _)) => served.spawn(serve(stream, acceptor.clone(), pause)),
            // Out of descriptors for a moment.
            Err(_) => served.spawn(async { tokio::time::sleep(PAUSE).await }),
        };
    }
}

async fn serve(stream: TcpStream, acceptor: Option<TlsAcceptor>, pause: Duration) {
    // A client that goes away ends the service; whether its check held is the client's to say.
    let _ended = match (stream.set_nodelay(true), acceptor) {
        (Err(error), _) => Err(error),
        (Ok(()), None) => answer(stream, pause).await,
        (Ok(()), Some(acceptor)) => match acceptor.accept(stream).await {
            Ok(stream) => answer(stream, pause).await,
            Err(error) => Err(error),
        },
    };
}

/// Answers requests until the client is gone or asks to close.
async fn answer<S>(mut stream: S, pause: Duration) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut buffer = [0; 2048];
    let mut filled = 0;
    loop {
        let read = stream
            .read(buffer.get_mut(filled..).unwrap_or_default())
            .await?;
        filled += read;
        let request = buffer.get(..filled).unwrap_or_default();
        if read == 0 {
            return Ok(());
        }
        if !request.ends_with(b"\r\n\r\n") {
            continue;
        }
        let close = request
            .split(|&byte| byte == b'\n')
            .any(|line| line.eq_ignore_ascii_case(b"connection: close\r"));
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        stream.write_all(ANSWER).await?;
        stream.flush().await?;
        if close {
            return stream.shutdown().await;
        }
        filled = 0;
    }
}

/// How long a slow target thinks.
const PAUSE: Duration = Duration::from_millis(50);
/// More than any target is asked for at once.
const BACKLOG: i32 = 1024;
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"status\":\"ok\"}";
