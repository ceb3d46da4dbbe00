//! A TLS server with the certificate of a test.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::crypto::CryptoProvider;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::background::{self, Task};
use crate::ca::Issued;

static TLS12_ONLY: &[&SupportedProtocolVersion] = &[&rustls::version::TLS12];

/// A running TLS server; ends when dropped.
#[derive(Debug)]
pub struct TlsServer {
    address: SocketAddr,
    handshakes: Arc<AtomicUsize>,
    received: Arc<AtomicUsize>,
    _task: Task,
}

/// How a server is to be started.
pub struct Setup {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    versions: &'static [&'static SupportedProtocolVersion],
    client_ca: Option<String>,
    alpn: Vec<Vec<u8>>,
    tickets: usize,
    answer: Option<Answer>,
}

type Answer = Arc<dyn Fn(&[u8]) -> Vec<u8> + Send + Sync>;

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup").finish_non_exhaustive()
    }
}

impl TlsServer {
    /// Starts a server that presents a certificate with its intermediates and says nothing.
    ///
    /// # Errors
    ///
    /// When there is no port, or the certificate and its key are of no use to a server.
    pub fn start(issued: &Issued) -> io::Result<Self> {
        Setup::new(issued).start()
    }

    /// Returns where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.address.port()
    }

    /// Returns how many handshakes came to their end.
    #[must_use]
    pub fn handshakes(&self) -> usize {
        self.handshakes.load(Ordering::SeqCst)
    }

    /// Returns how many bytes it received inside TLS.
    #[must_use]
    pub fn received(&self) -> usize {
        self.received.load(Ordering::SeqCst)
    }
}

impl Setup {
    /// Begins a server that presents a certificate with its intermediates.
    #[must_use]
    pub fn new(issued: &Issued) -> Self {
        Self {
            chain: issued.chain(),
            key: issued.key_der(),
            versions: rustls::ALL_VERSIONS,
            client_ca: None,
            alpn: Vec::new(),
            tickets: 2,
            answer: None,
        }
    }

    /// Presents the certificate alone.
    #[must_use]
    pub fn without_intermediates(mut self) -> Self {
        self.chain.truncate(1);
        self
    }

    /// Presents a further certificate at the end of the chain.
    #[must_use]
    pub fn and(mut self, certificate: CertificateDer<'static>) -> Self {
        self.chain.push(certificate);
        self
    }

    /// Speaks TLS 1.2 only.
    #[must_use]
    pub fn tls12(mut self) -> Self {
        self.versions = TLS12_ONLY;
        self
    }

    /// Demands a client certificate of a CA, given in PEM.
    #[must_use]
    pub fn client_ca(mut self, pem: &str) -> Self {
        self.client_ca = Some(pem.to_owned());
        self
    }

    /// Offers protocols inside TLS.
    #[must_use]
    pub fn alpn(mut self, protocols: &[&str]) -> Self {
        self.alpn = protocols.iter().map(|p| p.as_bytes().to_vec()).collect();
        self
    }

    /// Gives no session tickets after the handshake.
    #[must_use]
    pub const fn without_tickets(mut self) -> Self {
        self.tickets = 0;
        self
    }

    /// Answers whatever comes first with these bytes, and closes.
    #[must_use]
    pub fn answer(self, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        self.answer_with(move |_received| bytes.clone())
    }

    /// Answers whatever comes first with what a function makes of it, and closes.
    #[must_use]
    pub fn answer_with(
        mut self,
        answer: impl Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        self.answer = Some(Arc::new(answer));
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    ///
    /// When there is no port, or the certificate and its key are of no use to a server.
    pub fn start(self) -> io::Result<TlsServer> {
        let answer = self.answer.clone();
        let acceptor = TlsAcceptor::from(Arc::new(self.config().map_err(io::Error::other)?));
        let (listener, address) = background::listen()?;
        let handshakes = Arc::new(AtomicUsize::new(0));
        let received = Arc::new(AtomicUsize::new(0));
        let counts = (Arc::clone(&handshakes), Arc::clone(&received));
        let task = background::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, answer) = (acceptor.clone(), answer.clone());
                let (handshakes, received) = (Arc::clone(&counts.0), Arc::clone(&counts.1));
                connections.spawn(async move {
                    // A client that breaks off is what many tests are about.
                    let _ended = serve(stream, acceptor, answer, &handshakes, &received).await;
                });
            }
        });
        Ok(TlsServer {
            address,
            handshakes,
            received,
            _task: task,
        })
    }

    fn config(self) -> Result<ServerConfig, rustls::Error> {
        let provider: Arc<CryptoProvider> = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(self.versions)?;
        let builder = match self.client_ca {
            None => builder.with_no_client_auth(),
            Some(pem) => {
                let mut roots = RootCertStore::empty();
                for root in CertificateDer::pem_slice_iter(pem.as_bytes()) {
                    roots.add(root.map_err(|e| rustls::Error::General(e.to_string()))?)?;
                }
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                        .build()
                        .map_err(|e| rustls::Error::General(e.to_string()))?;
                builder.with_client_cert_verifier(verifier)
            }
        };
        let mut config = builder.with_single_cert(self.chain, self.key)?;
        config.alpn_protocols = self.alpn;
        config.send_tls13_tickets = self.tickets;
        Ok(config)
    }
}

async fn serve(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    answer: Option<Answer>,
    handshakes: &AtomicUsize,
    received: &AtomicUsize,
) -> io::Result<()> {
    let mut stream = acceptor.accept(stream).await?;
    handshakes.fetch_add(1, Ordering::SeqCst);
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let length = stream.read(&mut buffer).await?;
        received.fetch_add(length, Ordering::SeqCst);
        if let (Some(answer), 1..) = (&answer, length) {
            let bytes = answer(buffer.get(..length).unwrap_or_default());
            stream.write_all(&bytes).await?;
            return stream.shutdown().await;
        }
        if length == 0 {
            return stream.shutdown().await;
        }
    }
}
