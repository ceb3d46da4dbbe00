//! Opens the way to the server: directly, through a proxy, or by a unix socket.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use gonogo_kind::{ProbeCx, RootsSource};
use gonogo_model::{Fault, codes as shared};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};

use super::codes;
use super::config::{HttpVersion, bare_host};
use super::probe::Common;
use super::proxy;
use super::redirect::Hop;
use super::request::Basic;
use super::tap::Tap;
use super::trace::Trace;
use crate::net::tls::{HandshakeFailed, Identity, TlsOptions, handshake, server_name};
use crate::net::{fault_of_io, phase_since, within};

/// Where to connect, when not to the host of the URL.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) proxy: Option<Proxy>,
    pub(super) address: Option<(String, u16)>,
    pub(super) unix_socket: Option<PathBuf>,
}

/// The proxy to go through.
#[derive(Debug)]
pub(super) struct Proxy {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) login: Option<Basic>,
}

/// How https is secured.
#[derive(Debug)]
pub(super) struct Tls {
    pub(super) roots: Arc<RootsSource>,
    pub(super) server_name: Option<String>,
    pub(super) identity: Option<Identity>,
}

/// A connection that is ready for a request.
pub(super) struct Connected {
    pub(super) stream: Tap<Box<dyn Stream>>,
    /// Whether HTTP/2 is to be spoken.
    pub(super) speaks_two: bool,
    /// Whether the server asked for a certificate of ours.
    pub(super) asked_certificate: bool,
}

/// Anything that bytes go through.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Opens the connection for a hop.
///
/// # Errors
///
/// What went wrong, the cause first.
pub(super) async fn connect(
    common: &Common,
    hop: &Hop,
    cx: &ProbeCx,
    trace: &mut Trace,
) -> Result<Connected, Vec<Fault>> {
    let one = |fault| vec![fault];
    if let Some(path) = common.route.unix_socket.as_ref().filter(|_| hop.is_trusted) {
        trace.address = Some(path.display().to_string());
        let begin = Instant::now();
        let stream = within("connect", cx, UnixStream::connect(path))
            .await
            .map_err(one)?;
        let stream = stream.map_err(|error| {
            let mut fault = fault_of_io(&error, "connect");
            if error.kind() == std::io::ErrorKind::NotFound {
                let message = format!("there is no socket {}", path.display());
                fault = Fault::new(shared::net::REFUSED, message);
            }
            vec![fault]
        })?;
        trace.timings.connect = Some(begin.elapsed());
        trace.phases.push(phase_since(begin, "connect", cx));
        return Ok(plain(Box::new(stream), common.version == HttpVersion::Two));
    }
    let stream = dial(common, hop, cx, trace).await.map_err(one)?;
    if hop.url.scheme() == "http" {
        return Ok(plain(Box::new(stream), common.version == HttpVersion::Two));
    }
    secure(stream, common, hop, cx, trace).await
}

async fn dial(
    common: &Common,
    hop: &Hop,
    cx: &ProbeCx,
    trace: &mut Trace,
) -> Result<TcpStream, Fault> {
    let url = &hop.url;
    let host = bare_host(url);
    let port = url.port_or_known_default().unwrap_or(80);
    let (host, port) = match (&common.route.proxy, &common.route.address) {
        (Some(proxy), _) => (proxy.host.clone(), proxy.port),
        (None, Some((host, port))) if hop.is_trusted => (host.clone(), *port),
        (None, _) => (host, port),
    };
    let dialed = common.net.dial(&host, port, cx).await;
    let dialed = match &common.route.proxy {
        Some(proxy) => dialed.map_err(|fault| blame(proxy, &fault))?,
        None => dialed?,
    };
    trace.address = Some(dialed.peer.to_string());
    trace.timings.resolve = dialed.resolve;
    trace.timings.connect = Some(dialed.connect);
    trace.phases.extend(dialed.phases);
    let mut stream = dialed.stream;
    if let Some(proxy) = &common.route.proxy
        && url.scheme() == "https"
    {
        let begin = Instant::now();
        within("tunnel", cx, proxy::tunnel(&mut stream, proxy, url))
            .await
            .map_err(|fault| blame(proxy, &fault))??;
        trace.phases.push(phase_since(begin, "tunnel", cx));
    }
    Ok(stream)
}

/// What keeps us from the proxy keeps us from looking: the subject was not seen.
fn blame(proxy: &Proxy, fault: &Fault) -> Fault {
    if fault.code.as_str() == shared::net::NO_DESCRIPTORS.code {
        return fault.clone();
    }
    let message = format!("the proxy {}:{}: {}", proxy.host, proxy.port, fault.message);
    Fault::new(codes::PROXY, message)
}

async fn secure(
    stream: TcpStream,
    common: &Common,
    hop: &Hop,
    cx: &ProbeCx,
    trace: &mut Trace,
) -> Result<Connected, Vec<Fault>> {
    let tls = &common.tls;
    let host = bare_host(&hop.url);
    let name = tls.server_name.as_deref().filter(|_| hop.is_trusted);
    let name = server_name(name.unwrap_or(&host))
        .map_err(|why| vec![Fault::new(shared::tls::WRONG_NAME, why)])?;
    let offered: &[&[u8]] = match common.version {
        HttpVersion::Auto => &[b"h2", b"http/1.1"],
        HttpVersion::One => &[b"http/1.1"],
        HttpVersion::Two => &[b"h2"],
    };
    let options = TlsOptions {
        name,
        roots: Arc::clone(&tls.roots),
        identity: tls.identity.clone().filter(|_| hop.is_trusted),
        alpn: offered.iter().map(|name| name.to_vec()).collect(),
    };
    let begin = Instant::now();
    let secured = match handshake(stream, &options, &common.net, cx).await {
        Ok(secured) => secured,
        Err(HandshakeFailed { faults, session }) => {
            trace.phases.push(phase_since(begin, "tls", cx));
            trace.session = session;
            return Err(faults);
        }
    };
    trace.phases.push(phase_since(begin, "tls", cx));
    trace.timings.tls = Some(secured.session.handshake);
    let speaks_two = secured.session.alpn.as_deref() == Some("h2");
    let asked_certificate = secured.session.client_certificate_asked;
    trace.session = Some(secured.session);
    if common.version == HttpVersion::Two && !speaks_two {
        let message = "the server did not agree to h2 in the handshake";
        return Err(vec![Fault::new(codes::NO_HTTP2, message)]);
    }
    let connected = plain(Box::new(secured.stream), speaks_two);
    Ok(Connected {
        asked_certificate,
        ..connected
    })
}

fn plain(stream: Box<dyn Stream>, speaks_two: bool) -> Connected {
    Connected {
        stream: Tap::new(stream),
        speaks_two,
        asked_certificate: false,
    }
}
