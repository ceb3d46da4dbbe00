//! The handshake itself.

use std::future::Future as _;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use gonogo_kind::{ProbeCx, RootsSource};
use gonogo_model::{Fault, codes};
use rustls::ClientConfig;
use rustls::client::Resumption;
use rustls_pki_types::ServerName;
use tokio::io::ReadBuf;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_rustls::{Connect, TlsConnector};

use super::demand::Demand;
use super::failure::{fault_of_problem, faults_of_handshake};
use super::identity::Identity;
use super::session::TlsSession;
use super::sniff::not_tls;
use super::tap::{Begin, Tapped};
use super::verifier::Watch;
use crate::net::{Net, net_fault, within};

/// How a connection is to be secured.
#[derive(Debug, Clone)]
pub(crate) struct TlsOptions {
    /// The name that is sent and that the certificate must be for; see [`server_name`].
    pub(crate) name: ServerName<'static>,
    /// Where trust begins.
    pub(crate) roots: Arc<RootsSource>,
    /// Who we are, if the server asks.
    pub(crate) identity: Option<Identity>,
    /// The protocols that are offered, the preferred one first: `h2`, `http/1.1`.
    pub(crate) alpn: Vec<Vec<u8>>,
}

/// A secured connection to a server whose certificate is good.
#[derive(Debug)]
pub(crate) struct Secured {
    /// The connection.
    pub(crate) stream: TlsStream<Tapped>,
    /// What the handshake showed.
    pub(crate) session: Box<TlsSession>,
}

/// Why there is no secured connection.
#[derive(Debug)]
pub(crate) struct HandshakeFailed {
    /// What went wrong, the cause first; at least one.
    pub(crate) faults: Vec<Fault>,
    /// What the handshake showed, if the server got as far as to send a certificate.
    pub(crate) session: Option<Box<TlsSession>>,
}

/// Returns the name that a certificate for this host must carry.
///
/// # Errors
///
/// When no certificate can be for such a host, as a lowercase fragment.
pub(crate) fn server_name(host: &str) -> Result<ServerName<'static>, String> {
    let relative = host.strip_suffix('.').unwrap_or(host);
    ServerName::try_from(relative.to_owned())
        .map_err(|_| format!("`{host}` is neither a DNS name nor an address"))
}

/// Makes the handshake of TLS 1.2 or 1.3 on a fresh connection.
///
/// Nothing but the handshake is sent. A connection comes back only when the certificate is good.
///
/// # Errors
///
/// Faults of `tls/...` and `net/...` that show themselves in the fact `state`, with what was seen.
pub(crate) async fn handshake(
    stream: TcpStream,
    options: &TlsOptions,
    net: &Net,
    cx: &ProbeCx,
) -> Result<Secured, HandshakeFailed> {
    handshake_demanding(Demand::Everything, stream, options, net, cx).await
}

/// As [`handshake`], for a gate file that asks for less than a good certificate.
///
/// # Errors
///
/// As [`handshake`], for what is demanded.
pub(crate) async fn handshake_demanding(
    demand: Demand,
    stream: TcpStream,
    options: &TlsOptions,
    net: &Net,
    cx: &ProbeCx,
) -> Result<Secured, HandshakeFailed> {
    let early = |fault| HandshakeFailed {
        faults: vec![fault],
        session: None,
    };
    let trust = &net.trust;
    let store = trust.store(&options.roots, cx).await.map_err(early)?;
    let identity = options.identity.clone();
    let provider = Arc::clone(&trust.provider);
    let watch = Watch::new(store, provider, identity, demand, cx.now());
    let config = config(&watch, options, net).map_err(early)?;
    let first = Begin::default();
    let stream = Tapped::new(stream, first.clone());
    let connect = TlsConnector::from(config).connect(options.name.clone(), stream);
    let begin = Instant::now();
    let mut queued = Duration::ZERO;
    let result = drive(connect, &first, &mut queued, net, cx).await;
    let took = begin.elapsed().saturating_sub(queued);
    let result = result.map_err(|stuck| match not_tls(&first.bytes()) {
        Some(what) => Stuck::NotTls(what),
        None => stuck,
    });
    finish(result, &watch, took)
}

fn config(watch: &Arc<Watch>, options: &TlsOptions, net: &Net) -> Result<Arc<ClientConfig>, Fault> {
    let builder = ClientConfig::builder_with_provider(Arc::clone(&net.trust.provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| Fault::new(codes::tls::HANDSHAKE, error.to_string()))?;
    let mut config = builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::<Watch>::clone(watch))
        .with_client_cert_resolver(Arc::<Watch>::clone(watch));
    config.alpn_protocols.clone_from(&options.alpn);
    // Each look is a look of its own: a resumed session shows no certificate.
    config.resumption = Resumption::disabled();
    Ok(Arc::new(config))
}

/// How far a handshake did not get.
enum Stuck {
    /// The deadline came.
    Late(Fault),
    /// The first bytes are of another protocol.
    NotTls(String),
    /// The connection or the protocol broke.
    Broken(io::Error),
}

/// Drives a handshake to its end.
///
/// Waiting for the server is its time. Once it has answered, the processor does the rest, and many
/// handshakes computed at once would make each of them look slow: they queue, and the queue is on us.
async fn drive(
    connect: Connect<Tapped>,
    first: &Begin,
    queued: &mut Duration,
    net: &Net,
    cx: &ProbeCx,
) -> Result<TlsStream<Tapped>, Stuck> {
    let mut connect = pin!(connect);
    let answered = within("tls", cx, first_answer(connect.as_mut(), first));
    if let Some(result) = answered.await.map_err(Stuck::Late)?? {
        return Ok(result);
    }
    let begin = Instant::now();
    let permit = net.trust.computing.acquire().await;
    *queued = begin.elapsed();
    cx.excuse(*queued);
    let computed = tokio::time::timeout(COMPUTATION, connect.as_mut());
    let result = match within("tls", cx, computed).await.map_err(Stuck::Late)? {
        Ok(result) => result,
        Err(_waits_for_the_server) => {
            drop(permit);
            within("tls", cx, connect).await.map_err(Stuck::Late)?
        }
    };
    result.map_err(Stuck::Broken)
}

/// Says hello and waits for the first bytes of the answer, which are looked at and left in place.
async fn first_answer(
    mut connect: Pin<&mut Connect<Tapped>>,
    first: &Begin,
) -> Result<Option<TlsStream<Tapped>>, Stuck> {
    let mut came = [0; SNIFFED];
    // The handshake is polled until there is an answer, not once: where many attempts share a task,
    // the runtime may put off what a first poll wants to send.
    let answered = std::future::poll_fn(|cx| {
        let mut buffer = ReadBuf::new(&mut came);
        let tapped = connect.get_ref();
        let peeked = tapped.map(|tapped| tapped.stream.poll_peek(cx, &mut buffer));
        match peeked {
            Some(Poll::Ready(length)) => Poll::Ready(Ok(length)),
            Some(Poll::Pending) | None => connect.as_mut().poll(cx).map(Err),
        }
    });
    let length = match answered.await {
        Ok(length) => length.map_err(Stuck::Broken)?,
        Err(result) => return result.map(Some).map_err(Stuck::Broken),
    };
    // What came between a look and the poll after it is in the hands of the handshake already.
    let before = first.bytes();
    let came = if before.is_empty() {
        came.get(..length).unwrap_or_default()
    } else {
        &before
    };
    match not_tls(came) {
        Some(what) => Err(Stuck::NotTls(what)),
        None => Ok(None),
    }
}

fn finish(
    result: Result<TlsStream<Tapped>, Stuck>,
    watch: &Watch,
    took: Duration,
) -> Result<Secured, HandshakeFailed> {
    let seen = watch.take();
    let problems: Vec<Fault> = seen
        .iter()
        .flat_map(|seen| &seen.verdict.problems)
        .filter(|problem| !watch.demand().tolerates(problem))
        .map(fault_of_problem)
        .collect();
    let connection = result.as_ref().ok().map(|stream| stream.get_ref().1);
    let session = seen.map(|seen| Box::new(TlsSession::new(seen, connection, watch, took)));
    let faults = match (result, session) {
        (Ok(stream), Some(session)) if problems.is_empty() => {
            return Ok(Secured { stream, session });
        }
        (Ok(_), Some(session)) => {
            let session = Some(session);
            return Err(HandshakeFailed {
                faults: problems,
                session,
            });
        }
        (Ok(_), None) => vec![net_fault(
            codes::tls::HANDSHAKE,
            "the handshake ended without a certificate",
        )],
        (Err(stuck), session) => {
            let faults = match stuck {
                Stuck::Late(fault) => vec![fault],
                Stuck::NotTls(what) => vec![net_fault(codes::tls::NOT_TLS, what)],
                Stuck::Broken(error) => faults_of_handshake(&error, watch, !problems.is_empty()),
            };
            let faults = problems.into_iter().chain(faults).collect();
            return Err(HandshakeFailed { faults, session });
        }
    };
    Err(HandshakeFailed {
        faults,
        session: None,
    })
}

/// Longer than any handshake takes to compute; one that holds its place longer waits for the server.
const COMPUTATION: Duration = Duration::from_millis(200);
/// Enough to tell protocols apart, and to quote.
const SNIFFED: usize = 48;
