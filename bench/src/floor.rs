//! The least that a correct client can do for a check: `bench-floor [--roots PEM] [--timeout MS] LIST`
//!
//! LIST holds one `tcp://`, `http://` or `https://` URL with an address and a port a line. Each is
//! connected to; for `https` the server's chain and name are verified in full; for both kinds of HTTP a
//! GET is sent, head and body are read to their end, and the status has to be 200. All at once, one
//! thread, one provider, as gonogo does it; but no gate file, no facts, no judgement and no report.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "its count is its output"
)]

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustls::client::Resumption;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;

/// What is looked at.
#[derive(Debug, Clone, Copy)]
enum Target {
    Tcp(SocketAddr),
    Http(SocketAddr),
    Https(SocketAddr),
}

/// What was asked for.
struct Request {
    targets: Vec<Target>,
    roots: Option<String>,
    timeout: Duration,
}

fn main() -> ExitCode {
    match request().and_then(|request| run(&request)) {
        Ok((good, all)) => {
            println!("ok {good} of {all}");
            ExitCode::from(u8::from(good != all))
        }
        Err(error) => {
            eprintln!("bench-floor: {error}");
            ExitCode::from(2)
        }
    }
}

fn request() -> io::Result<Request> {
    let mut request = Request {
        targets: Vec::new(),
        roots: None,
        timeout: Duration::from_secs(10),
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--roots" => request.roots = words.next(),
            "--timeout" => {
                let text = words.next().unwrap_or_default();
                let milliseconds = text.parse().map_err(io::Error::other)?;
                request.timeout = Duration::from_millis(milliseconds);
            }
            list => {
                let text = std::fs::read_to_string(list)?;
                request.targets = text.lines().map(target).collect::<io::Result<_>>()?;
            }
        }
    }
    Ok(request)
}

fn target(line: &str) -> io::Result<Target> {
    let odd = || io::Error::other(format!("`{line}` is no target"));
    let (scheme, rest) = line.split_once("://").ok_or_else(odd)?;
    let address = rest.split('/').next().unwrap_or(rest);
    let address = address.parse().map_err(|_| odd())?;
    match scheme {
        "tcp" => Ok(Target::Tcp(address)),
        "http" => Ok(Target::Http(address)),
        "https" => Ok(Target::Https(address)),
        _ => Err(odd()),
    }
}

fn run(request: &Request) -> io::Result<(usize, usize)> {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, raised)?;
    let connector = request.roots.as_deref().map(connector).transpose()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let good = runtime.block_on(async {
        let mut looks = JoinSet::new();
        for &target in &request.targets {
            let look = look(target, connector.clone());
            looks.spawn(tokio::time::timeout(request.timeout, look));
        }
        let mut good = 0;
        while let Some(look) = looks.join_next().await {
            good += usize::from(matches!(look, Ok(Ok(Ok(true)))));
        }
        good
    });
    Ok((good, request.targets.len()))
}

fn connector(roots: &str) -> io::Result<TlsConnector> {
    let mut store = RootCertStore::empty();
    for root in CertificateDer::pem_file_iter(roots).map_err(io::Error::other)? {
        let root = root.map_err(io::Error::other)?;
        store.add(root).map_err(io::Error::other)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(store)
        .with_no_client_auth();
    // Every check is a handshake of its own.
    config.resumption = Resumption::disabled();
    Ok(TlsConnector::from(Arc::new(config)))
}

async fn look(target: Target, connector: Option<TlsConnector>) -> io::Result<bool> {
    match target {
        Target::Tcp(address) => TcpStream::connect(address).await.map(|_| true),
        Target::Http(address) => get(connect(address).await?, address).await,
        Target::Https(address) => {
            let connector = connector.ok_or_else(|| io::Error::other("https wants --roots"))?;
            let name = ServerName::IpAddress(address.ip().into());
            let stream = connector.connect(name, connect(address).await?).await?;
            get(stream, address).await
        }
    }
}

async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Sends a GET, reads head and body to their end, and returns whether the status is 200.
async fn get<S>(mut stream: S, address: SocketAddr) -> io::Result<bool>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let request = format!(
        "GET /health HTTP/1.1\r\nHost: {address}\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    stream.flush().await?;
    let mut buffer = [0; 1024];
    let mut filled = 0;
    loop {
        let free = buffer.get_mut(filled..).unwrap_or_default();
        let read = stream.read(free).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        filled += read;
        let text = buffer.get(..filled).unwrap_or_default();
        if let Some(good) = whole_answer(text) {
            return Ok(good);
        }
    }
}

/// Returns whether an answer says 200, once it is there in full.
fn whole_answer(text: &[u8]) -> Option<bool> {
    let end = text.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(text.get(..end)?).ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let known = name.eq_ignore_ascii_case("content-length");
        known.then(|| value.trim().parse::<usize>().ok())?
    })?;
    (text.len() >= end + 4 + length).then(|| head.starts_with("HTTP/1.1 200 "))
}
