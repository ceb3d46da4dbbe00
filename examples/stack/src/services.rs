//! The five services of the seeds: each answers `/health` for itself.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;

use crate::fault::{Fault, Faults};
use crate::stack::Trouble;

/// The services with the ports of the seeds; Grafana is a stand-in that answers its health endpoint.
pub(crate) const SERVICES: [(&str, u16); 6] = [
    ("auth", 3001),
    ("core", 3002),
    ("mcp", 3003),
    ("analytics", 3004),
    ("gateway", 8080),
    ("grafana", 3000),
];

/// Starts a service on a port (0 is any free one) and returns the port.
pub(crate) async fn start(name: &'static str, port: u16, faults: Faults) -> Result<u16, Trouble> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| Trouble::port(port, name, &error))?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        loop {
            // An accept that fails (a peer that is gone already) concerns nobody else.
            let Ok((stream, _)) = listener.accept().await else {
                continue;
            };
            tokio::spawn(serve(name, stream, faults.clone()));
        }
    });
    Ok(port)
}

/// Serves one connection.
pub(crate) async fn serve<S>(name: &'static str, stream: S, faults: Faults)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let answer = service_fn(move |request: Request<Incoming>| {
        let faults = faults.clone();
        async move {
            if name == "analytics" && faults.has(Fault::Hang) {
                std::future::pending::<()>().await;
            }
            Ok::<_, Infallible>(respond(name, request.uri().path(), &faults))
        }
    });
    // A client that goes away early is its own business.
    let _ended = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), answer)
        .await;
}

fn respond(name: &str, path: &str, faults: &Faults) -> Response<Full<Bytes>> {
    let healthy = !(name == "core" && faults.has(Fault::Service));
    let (status, body) = match (path, name) {
        ("/health" | "/api/health", "grafana") => (
            StatusCode::OK,
            serde_json::json!({"database": "ok", "version": "stand-in"}),
        ),
        ("/health", _) if healthy => (
            StatusCode::OK,
            serde_json::json!({"status": "ok", "service": name, "release": RELEASE}),
        ),
        ("/health", _) => (
            StatusCode::SERVICE_UNAVAILABLE,
            serde_json::json!({"status": "degraded", "service": name, "reason": "credit ledger is read-only"}),
        ),
        _ => (
            StatusCode::NOT_FOUND,
            serde_json::json!({"error": "no such page"}),
        ),
    };
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        "content-type",
        hyper::header::HeaderValue::from_static("application/json"),
    );
    headers.insert(
        "x-content-type-options",
        hyper::header::HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        "strict-transport-security",
        hyper::header::HeaderValue::from_static("max-age=31536000; includeSubDomains"),
    );
    response
}

/// The release that the services say they are.
pub(crate) const RELEASE: &str = "1.4.2";
