//! The tunnel through a proxy: CONNECT, RFC 9110 section 9.3.6.

use gonogo_model::Fault;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;

use super::codes;
use super::connect::Proxy;

/// Asks the proxy for a tunnel to the host and port of a URL.
///
/// The answer is read byte by byte: what follows its head belongs to the server behind it.
///
/// # Errors
///
/// `http/proxy` with what the proxy said.
pub(super) async fn tunnel(stream: &mut TcpStream, proxy: &Proxy, url: &Url) -> Result<(), Fault> {
    let wrong = |why: String| {
        let message = format!("the proxy {}:{}: {why}", proxy.host, proxy.port);
        Fault::new(codes::PROXY, message)
    };
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(443);
    let mut request =
        format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n").into_bytes();
    if let Some(login) = &proxy.login {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(login.header().as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    let io = |error: std::io::Error| wrong(format!("the connection broke: {error}"));
    stream.write_all(&request).await.map_err(io)?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= LARGEST_HEAD {
            return Err(wrong("its answer is too large".to_owned()));
        }
        head.push(stream.read_u8().await.map_err(io)?);
    }
    let line = String::from_utf8_lossy(&head);
    let line = line.lines().next().unwrap_or_default();
    match line.strip_prefix("HTTP/1.").and_then(|rest| rest.get(2..5)) {
        Some(status) if status.starts_with('2') => Ok(()),
        Some(_) => Err(wrong(format!("no tunnel to {host}:{port}: {line}"))),
        None => Err(wrong("its answer is not HTTP".to_owned())),
    }
}

const LARGEST_HEAD: usize = 16 * 1024;
