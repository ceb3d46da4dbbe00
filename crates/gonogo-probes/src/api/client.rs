//! The client.

use std::net::SocketAddr;
use std::sync::Arc;

use gonogo_kind::{ProbeCx, RootsSource};
use gonogo_model::{Fault, codes};

use super::answer::Answer;
use super::failure::fault_of;
use super::progress::Progress;
use super::request::{Method, Request, Target};
use crate::net::tls::{LibraryTls, no_tls};
use crate::net::{Net, within};

/// Sends requests, each on a connection of its own: an attempt shares nothing with the one before it.
#[derive(Debug, Clone)]
pub struct Client {
    net: Arc<Net>,
    roots: Arc<RootsSource>,
}

impl Client {
    /// Returns a client that trusts these roots; they are read when the first https request is sent.
    #[must_use]
    pub const fn new(net: Arc<Net>, roots: Arc<RootsSource>) -> Self {
        Self { net, roots }
    }

    /// Sends a request and reads the answer, by the deadline of `cx`.
    ///
    /// An answer of whatever status is one; a redirect too, for it is not followed.
    ///
    /// # Errors
    ///
    /// A fault of `net/...`, `tls/...` or `api/...`, when no whole head of an answer came.
    pub async fn send(&self, request: &Request, cx: &ProbeCx) -> Result<Answer, Fault> {
        let progress = Progress::default();
        let target = &request.target;
        let addresses = self.resolve(target, &progress, cx).await?;
        let tls = self.tls(target, &progress, cx).await?;
        let client = self.library(target, &addresses, tls.as_ref(), &progress)?;
        let built = built(&client, request)?;
        progress.begin("connect");
        let sent = within("", cx, client.execute(built)).await;
        let response = match sent {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(fault_of(&error, tls.as_ref(), progress.phase())),
            Err(_late) => return Err(self.late(&progress, cx)),
        };
        progress.begin("transfer");
        Ok(read(response, request.limit, &progress, cx).await)
    }

    async fn resolve(
        &self,
        target: &Target,
        progress: &Progress,
        cx: &ProbeCx,
    ) -> Result<Vec<SocketAddr>, Fault> {
        progress.begin("resolve");
        let addresses = self.net.addresses(target.host(), cx).await?;
        let with_port = |address| SocketAddr::new(address, target.port());
        Ok(addresses.into_iter().map(with_port).collect())
    }

    async fn tls(
        &self,
        target: &Target,
        progress: &Progress,
        cx: &ProbeCx,
    ) -> Result<Option<LibraryTls>, Fault> {
        if !target.is_secure() {
            return Ok(None);
        }
        let progress = progress.clone();
        let begun = move || progress.begin("tls");
        let tls = LibraryTls::new(&self.roots, &self.net, cx, begun).await?;
        Ok(Some(tls))
    }

    /// Everything that the library would take from the environment, or do on its own, is switched off.
    fn library(
        &self,
        target: &Target,
        addresses: &[SocketAddr],
        tls: Option<&LibraryTls>,
        progress: &Progress,
    ) -> Result<reqwest::Client, Fault> {
        let config = match tls {
            Some(tls) => tls.config.clone(),
            None => no_tls(&self.net)?,
        };
        reqwest::Client::builder()
            .tls_backend_preconfigured(config)
            .resolve_to_addrs(target.host(), addresses)
            .connector_layer(progress.clone())
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only()
            .pool_max_idle_per_host(0)
            .user_agent(concat!("gonogo/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| Fault::new(codes::net::IO, "the HTTP client could not be set up"))
    }

    fn late(&self, progress: &Progress, cx: &ProbeCx) -> Fault {
        crate::net::timed_out(progress.phase(), cx)
    }
}

fn built(client: &reqwest::Client, request: &Request) -> Result<reqwest::Request, Fault> {
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
    };
    let mut builder = client.request(method, request.target.url().clone());
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    if !request.body.is_empty() {
        builder = builder.body(request.body.clone());
    }
    // The library's own words may repeat what it was given.
    let refused = "a header of the request has a name or value that HTTP does not allow";
    builder
        .build()
        .map_err(|_| Fault::new(codes::net::IO, refused))
}

/// Reads the body; whatever keeps it from being whole is kept with what came.
async fn read(
    mut response: reqwest::Response,
    limit: usize,
    progress: &Progress,
    cx: &ProbeCx,
) -> Answer {
    let headers = response.headers().iter();
    let mut answer = Answer {
        status: response.status().as_u16(),
        headers: headers
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.as_str().to_owned(), value)
            })
            .collect(),
        phases: Vec::new(),
        body: Vec::new(),
        broken: None,
    };
    loop {
        match within("transfer", cx, response.chunk()).await {
            Ok(Ok(None)) => break,
            Ok(Ok(Some(chunk))) => {
                let room = limit.saturating_sub(answer.body.len());
                let taken = chunk.get(..room).unwrap_or(&chunk);
                answer.body.extend_from_slice(taken);
                if chunk.len() > room {
                    let message = format!("the answer is larger than {limit} bytes");
                    answer.broken = Some(Fault::new(codes::api::TOO_LARGE, message));
                    break;
                }
            }
            Ok(Err(error)) => {
                answer.broken = Some(fault_of(&error, None, "transfer"));
                break;
            }
            Err(late) => {
                answer.broken = Some(late);
                break;
            }
        }
    }
    answer.phases = progress.phases(cx);
    answer
}
