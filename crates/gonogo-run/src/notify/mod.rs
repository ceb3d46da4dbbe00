//! Telling others what a run came to: after the verdict, and without any say in it.
//!
//! # Invariants
//!
//! - Nothing here returns an error: what did not get through is a [`Delivery`] like any other, and shown.
//! - All receivers are told at once, and all of it ends within ten seconds or with the first signal.
//! - A receiver is called by its name and its host; its URL is a secret.

mod delivery;
mod due;
mod http;
mod sign;
mod smtp;
mod smtp_stream;

pub use self::delivery::{Delivery, Reached};
pub use self::due::Withheld;

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::{Either, join_all, select};
use gonogo_config::{Loaded, Receiver, Service};
use gonogo_kind::{ProbeCx, RootsSource};
use gonogo_model::codes::notify::{NO_SECRET, STOPPED};
use gonogo_model::{Fault, Redactor, Report};
use gonogo_probes::Net;
use gonogo_report::notice::{News, news};
use tokio::sync::watch;

use crate::rounds::Stop;
use crate::world::World;

/// What is told.
#[derive(Debug, Clone, Copy)]
struct Message<'a> {
    report: &'a Report,
    news: Option<&'a News>,
}

/// What sending may use.
#[derive(Debug)]
struct Means<'a> {
    net: Arc<Net>,
    roots: &'a Arc<RootsSource>,
    redactor: &'a Redactor,
    world: &'a World,
    cx: ProbeCx,
}

/// Tells the receivers of a gate what a run came to, each as it wants to be told.
///
/// Compared with `baseline`, where there is one. `stop` ends it early.
///
/// # Errors
///
/// Why nobody is told: it is no failure.
pub async fn notify(
    loaded: &Loaded,
    (report, baseline): (&Report, Option<&Report>),
    world: &World,
    stop: watch::Receiver<Option<Stop>>,
) -> Result<Vec<Delivery>, Withheld> {
    due::withheld(report)?;
    let news = news(baseline, report);
    let message = Message {
        report,
        news: news.as_ref(),
    };
    let means = Means {
        net: Net::new(),
        roots: &loaded.roots,
        redactor: &loaded.redactor,
        world,
        cx: ProbeCx::new(Instant::now(), PATIENCE, (world.now)(), 1),
    };
    let deliveries = loaded.receivers.iter().map(|receiver| {
        let stopped = stopped(stop.clone());
        deliver(receiver, message, &means, stopped)
    });
    Ok(join_all(deliveries).await)
}

async fn deliver(
    receiver: &Receiver,
    message: Message<'_>,
    means: &Means<'_>,
    stopped: impl Future<Output = ()>,
) -> Delivery {
    let reached = if due::is_due(receiver.occasion, message.report, message.news) {
        let sending = std::pin::pin!(send(receiver, message, means));
        let stopped = std::pin::pin!(stopped);
        match select(sending, stopped).await {
            Either::Left((Ok(()), _)) => Reached::Yes,
            Either::Left((Err(fault), _)) => Reached::no(&fault, means.redactor),
            Either::Right(_) => Reached::no(
                &Fault::new(STOPPED, "a signal came before the notice was sent"),
                means.redactor,
            ),
        }
    } else {
        Reached::NotDue
    };
    Delivery {
        receiver: receiver.name.clone(),
        kind: receiver.kind,
        host: receiver.service.as_ref().ok().and_then(delivery::host),
        reached,
    }
}

async fn send(receiver: &Receiver, message: Message<'_>, means: &Means<'_>) -> Result<(), Fault> {
    match &receiver.service {
        Err(why) => Err(Fault::new(NO_SECRET, why.clone())),
        Ok(Service::Email {
            to,
            from,
            smtp,
            starttls,
        }) => {
            let letter = smtp::Letter {
                receiver: &receiver.name,
                to,
                from,
            };
            smtp::send(&letter, (smtp, *starttls), message, means).await
        }
        Ok(service) => http::send(&receiver.name, service, message, means).await,
    }
}

/// Ends with the first signal.
async fn stopped(mut stop: watch::Receiver<Option<Stop>>) {
    if stop.wait_for(Option::is_some).await.is_err() {
        // Nobody is left who could ask.
        std::future::pending::<()>().await;
    }
}

/// How long it may take, repetitions included.
const PATIENCE: Duration = Duration::from_secs(10);
