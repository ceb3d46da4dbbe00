//! Asks, follows where it may, and brings back what was seen.

use std::sync::Arc;

use gonogo_kind::{BoxFuture, Probe, ProbeCx};
use gonogo_model::{Effect, Fault, Observation};
use hyper::Method;
use url::Url;

use super::config::{HttpVersion, bare_host};
use super::connect::{Connected, Route, Tls, connect};
use super::exchange::{Answered, Exchange};
use super::redirect::{Hop, Way};
use super::request::{Form, Request};
use super::trace::{Asked, Trace};
use crate::net::Net;

/// A request, and what becomes of its answer.
#[derive(Debug)]
pub(super) struct HttpProbe {
    /// The URL without a login.
    pub(super) url: Url,
    /// The URL as it may be shown.
    pub(super) shown: String,
    pub(super) request: Request,
    /// The most redirects that are followed.
    pub(super) follow: usize,
    pub(super) body_limit: usize,
    pub(super) decodes: bool,
    pub(super) wanted: Wanted,
    pub(super) common: Common,
}

/// What every connection of the probe is made with.
#[derive(Debug)]
pub(super) struct Common {
    pub(super) net: Arc<Net>,
    pub(super) route: Route,
    pub(super) tls: Tls,
    pub(super) version: HttpVersion,
}

/// What the expectations look at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// Anything of the body.
    pub(super) body: bool,
    /// The body as JSON.
    pub(super) json: bool,
}

impl Probe for HttpProbe {
    fn effect(&self) -> Effect {
        if [Method::GET, Method::HEAD, Method::OPTIONS].contains(&self.request.method) {
            Effect::Reads
        } else {
            Effect::Writes
        }
    }

    fn subject(&self) -> String {
        if self.request.method == Method::GET {
            self.shown.clone()
        } else {
            format!("{} {}", self.request.method, self.shown)
        }
    }

    fn origin(&self) -> Option<String> {
        let route = &self.common.route;
        if route.unix_socket.is_some() {
            return None;
        }
        let (host, port) = match (&route.proxy, &route.address) {
            (Some(proxy), _) => (proxy.host.clone(), proxy.port),
            (None, Some((host, port))) => (host.clone(), *port),
            (None, None) => (
                bare_host(&self.url),
                self.url.port_or_known_default().unwrap_or(80),
            ),
        };
        Some(format!("{host}:{port}"))
    }

    fn observe<'a>(&'a self, cx: &'a ProbeCx) -> BoxFuture<'a, Observation> {
        Box::pin(async move {
            let mut trace = Trace::default();
            let faults = self.ask(cx, &mut trace).await.err().unwrap_or_default();
            let asked = Asked {
                url: &self.url,
                follows: self.follow > 0,
                wanted: self.wanted,
                body_limit: self.body_limit,
            };
            trace.observation(faults, &asked, cx)
        })
    }
}

impl HttpProbe {
    /// Asks, and asks again where the answer leads, until one is the last.
    async fn ask(&self, cx: &ProbeCx, trace: &mut Trace) -> Result<(), Vec<Fault>> {
        let mut way = Way::new(&self.url, self.follow);
        let mut hop = Hop {
            url: self.url.clone(),
            method: self.request.method.clone(),
            sends_body: self.request.body.is_some(),
            is_trusted: true,
        };
        let asked = self.request.asked_codings();
        loop {
            let connected = connect(&self.common, &hop, cx, trace).await?;
            let request = self.request.write(&hop, self.form(&connected, &hop));
            let exchange = Exchange {
                hop: &hop,
                way: &mut way,
                trace: &mut *trace,
                body_limit: self.body_limit,
                asked: &asked,
                decodes: self.decodes,
                cx,
            };
            match exchange.run(connected, request).await {
                Ok(Answered::Whole) => return Ok(()),
                Ok(Answered::Redirected(next)) => {
                    trace.redirect(&next.url);
                    hop = next;
                }
                Err(fault) => return Err(vec![fault]),
            }
        }
    }

    fn form(&self, connected: &Connected, hop: &Hop) -> Form<'_> {
        match &self.common.route.proxy {
            _ if connected.speaks_two => Form::Two,
            Some(proxy) if hop.url.scheme() == "http" => Form::Proxy(proxy.login.as_ref()),
            _ => Form::Origin,
        }
    }
}
