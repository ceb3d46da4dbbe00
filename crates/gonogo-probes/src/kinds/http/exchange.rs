//! One request and its answer on one connection.
//!
//! The connection is driven inside the attempt and ends with it: nothing is spawned, nothing is kept
//! in a pool. Each wait ends at the deadline of the attempt, whether bytes keep dripping in or not.

use std::future::Future;
use std::pin::pin;
use std::time::Instant;

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::future::join;
use futures_util::stream::FuturesUnordered;
use gonogo_kind::{BoxFuture, ProbeCx};
use gonogo_model::{Fault, Phase};
use http_body_util::Full;
use hyper::Response;
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::TokioIo;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::body::{Body, Received};
use super::codes;
use super::connect::{Connected, Stream};
use super::failure::{Failure, Stage};
use super::redirect::{Hop, Way};
use super::tap::Tap;
use super::trace::{Head, Trace};
use crate::net::{phase_since, shown_duration, within};

/// What an exchange is made with.
pub(super) struct Exchange<'a> {
    pub(super) hop: &'a Hop,
    pub(super) way: &'a mut Way,
    pub(super) trace: &'a mut Trace,
    pub(super) body_limit: usize,
    /// The codings that the request asks for.
    pub(super) asked: &'a str,
    pub(super) decodes: bool,
    pub(super) cx: &'a ProbeCx,
}

/// What became of an exchange.
pub(super) enum Answered {
    /// The answer is in the trace, its body included.
    Whole,
    /// The answer leads elsewhere.
    Redirected(Hop),
}

/// Why there is no answer.
enum Trouble {
    Fault(Fault),
    Broken(hyper::Error, Stage),
}

impl Exchange<'_> {
    /// Sends a request and reads its answer.
    ///
    /// # Errors
    ///
    /// What went wrong; what was seen until then is in the trace.
    pub(super) async fn run(
        mut self,
        connected: Connected,
        request: hyper::Request<Full<Bytes>>,
    ) -> Result<Answered, Fault> {
        let mut failure = Failure {
            seen: connected.stream.seen(),
            is_http2: connected.speaks_two,
            asked_certificate: connected.asked_certificate,
            progress: String::new(),
        };
        let io = TokioIo::new(connected.stream);
        let opened = if connected.speaks_two {
            within("first_byte", self.cx, open_two(io, request)).await?
        } else {
            open_one(io, request).await
        };
        let Opened { sent, connection } =
            opened.map_err(|error| failure.fault(&error, None, Stage::Head))?;
        let (result, end) = drive(connection, self.talk(sent)).await;
        result.map_err(|trouble| match trouble {
            Trouble::Fault(fault) => fault,
            Trouble::Broken(error, stage) => {
                failure.progress.clone_from(&self.trace.progress);
                failure.fault(&error, end.as_ref(), stage)
            }
        })
    }

    async fn talk(
        &mut self,
        sent: impl Future<Output = hyper::Result<Response<Incoming>>>,
    ) -> Result<Answered, Trouble> {
        let begin = Instant::now();
        let response = within("first_byte", self.cx, sent)
            .await
            .map_err(Trouble::Fault)?
            .map_err(|error| Trouble::Broken(error, Stage::Head))?;
        self.trace.timings.first_byte = Some(begin.elapsed());
        let phase = phase_since(begin, "first_byte", self.cx);
        self.trace.phases.push(phase);
        let (parts, incoming) = response.into_parts();
        let status = parts.status;
        self.trace.head = Some(Head::new(&parts));
        let next = self.way.next(self.hop, status, &parts.headers);
        if let Some(hop) = next.map_err(Trouble::Fault)? {
            return Ok(Answered::Redirected(hop));
        }
        let begin = Instant::now();
        let mut received = Received::default();
        let read = received.read(incoming, self.body_limit);
        let read = within("transfer", self.cx, read).await;
        self.trace.progress = received.progress();
        match read {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(Trouble::Broken(error, Stage::Body)),
            Err(_late) => return Err(Trouble::Fault(self.late())),
        }
        self.trace.timings.transfer = Some(begin.elapsed());
        let phase: Phase = phase_since(begin, "transfer", self.cx);
        self.trace.phases.push(phase);
        self.trace.body = Some(if self.hop.method == hyper::Method::HEAD {
            Body::NotAsked
        } else {
            received
                .decode(&parts.headers, self.asked, self.decodes, self.body_limit)
                .map_err(Trouble::Fault)?
        });
        Ok(Answered::Whole)
    }

    fn late(&self) -> Fault {
        let message = format!(
            "the body did not end within {} in phase `transfer`: {} had come",
            shown_duration(self.cx.timeout()),
            self.trace.progress
        );
        Fault::new(codes::BODY_TIMEOUT, message)
    }
}

/// A connection on which a request is being sent.
struct Opened {
    /// The answer, once the connection is driven.
    sent: BoxFuture<'static, hyper::Result<Response<Incoming>>>,
    /// The connection; it does nothing unless it is polled.
    connection: BoxFuture<'static, hyper::Result<()>>,
}

type Io = TokioIo<Tap<Box<dyn Stream>>>;

async fn open_one(io: Io, request: hyper::Request<Full<Bytes>>) -> hyper::Result<Opened> {
    let mut builder = http1::Builder::new();
    let (mut sender, connection) = builder.max_buf_size(LARGEST_HEAD).handshake(io).await?;
    let sent = Box::pin(sender.send_request(request));
    let connection = Box::pin(async move {
        let end = connection.await;
        // A sender that goes away early would end the connection under the body.
        drop(sender);
        end
    });
    Ok(Opened { sent, connection })
}

/// A boxed function: the types inside are too deep for the compiler to see that they may change threads.
fn open_two(
    io: Io,
    request: hyper::Request<Full<Bytes>>,
) -> BoxFuture<'static, hyper::Result<Opened>> {
    Box::pin(async move {
        let (tasks, queue) = Tasks::new();
        let mut builder = http2::Builder::new(tasks);
        let builder = builder.max_header_list_size(LARGEST_HEAD_TWO);
        let (mut sender, connection) = builder.handshake(io).await?;
        let sent = Box::pin(sender.send_request(request));
        let connection: BoxFuture<'static, hyper::Result<()>> = Box::pin(connection);
        let work: BoxFuture<'static, ()> = Box::pin(queue.run());
        let connection = Box::pin(async move {
            let (end, ()) = join(connection, work).await;
            drop(sender);
            end
        });
        Ok(Opened { sent, connection })
    })
}

/// Drives a connection while something is said on it; returns also how the connection failed.
async fn drive<T>(
    connection: impl Future<Output = hyper::Result<()>>,
    talk: impl Future<Output = T>,
) -> (T, Option<hyper::Error>) {
    let (mut connection, mut talk) = (pin!(connection), pin!(talk));
    let mut end = None;
    loop {
        tokio::select! {
            biased;
            said = &mut talk => return (said, end.and_then(Result::err)),
            result = &mut connection, if end.is_none() => end = Some(result),
        }
    }
}

/// Takes the parts into which HTTP/2 divides its work, so that they run inside the attempt.
#[derive(Clone)]
struct Tasks(UnboundedSender<BoxFuture<'static, ()>>);

struct Queue(UnboundedReceiver<BoxFuture<'static, ()>>);

impl Tasks {
    fn new() -> (Self, Queue) {
        let (sender, receiver) = unbounded_channel();
        (Self(sender), Queue(receiver))
    }
}

impl<F: Future<Output = ()> + Send + 'static> hyper::rt::Executor<F> for Tasks {
    fn execute(&self, task: F) {
        // Nobody takes it any more: the attempt is over.
        let _over = self.0.send(Box::pin(task));
    }
}

impl Queue {
    async fn run(mut self) {
        let mut running = FuturesUnordered::new();
        loop {
            tokio::select! {
                Some(task) = self.0.recv() => running.push(task),
                Some(()) = running.next(), if !running.is_empty() => {}
                else => return,
            }
        }
    }
}

const LARGEST_HEAD: usize = 64 * 1024;
const LARGEST_HEAD_TWO: u32 = 64 * 1024;
