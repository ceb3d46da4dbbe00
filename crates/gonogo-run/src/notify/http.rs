//! Notices that go by HTTP.

use std::time::{Duration, Instant};

use gonogo_config::{Service, WebhookFormat};
use gonogo_model::Fault;
use gonogo_model::codes::notify::REFUSED;
use gonogo_probes::api::{Answer, Client, Request, Target};
use gonogo_report::notice::{Envelope, discord, slack, teams, webhook};
use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::sign::signature;
use super::{Means, Message};

/// Sends a notice; once more where the receiver asks for it and there is time.
///
/// # Errors
///
/// Why it did not get through.
pub(super) async fn send(
    receiver: &str,
    service: &Service,
    message: Message<'_>,
    means: &Means<'_>,
) -> Result<(), Fault> {
    let client = Client::new(means.net.clone(), means.roots.clone());
    let mut tries = 1;
    loop {
        // The time of a signature is that of the request.
        let now = (means.world.now)();
        let answer = client
            .send(&request(receiver, service, message, now)?, &means.cx)
            .await?;
        let again = again_in(&answer, now).filter(|wait| {
            let left = means
                .cx
                .deadline()
                .saturating_duration_since(Instant::now());
            tries < MOST_TRIES && *wait < left
        });
        match again {
            Some(wait) => tokio::time::sleep(wait).await,
            None => return judge(&answer),
        }
        tries += 1;
    }
}

fn request(
    receiver: &str,
    service: &Service,
    message: Message<'_>,
    now: Timestamp,
) -> Result<Request, Fault> {
    let target = |url: &str| Target::parse(url).map_err(|why| Fault::new(REFUSED, why));
    let Message { report, news } = message;
    let json = "application/json";
    let request = match service {
        Service::Slack { url } => Request::post(target(url)?, json, slack(report, news)),
        Service::Discord { url } => Request::post(target(url)?, json, discord(report, news)),
        Service::Teams { url } => Request::post(target(url)?, json, teams(report, news)),
        Service::Webhook {
            url,
            secret,
            format,
            headers,
        } => {
            let envelope = match format {
                WebhookFormat::Json => Envelope::Plain,
                WebhookFormat::CloudEvents => Envelope::CloudEvents,
            };
            let payload = webhook(report, news, envelope);
            // The same for every try, so that a receiver can tell that it knows it.
            let id = format!("{}.{receiver}", report.record.header.run_id);
            let signed = secret
                .as_deref()
                .map(|key| signature(key, &id, now.as_second(), &payload.body));
            let mut request = Request::post(target(url)?, payload.content_type, payload.body)
                .header("webhook-id", id)
                .header("webhook-timestamp", now.as_second().to_string());
            if let Some(signed) = signed {
                request = request.header("webhook-signature", signed);
            }
            for (name, value) in headers {
                request = request.header(name, value);
            }
            request
        }
        Service::Email { .. } => {
            return Err(Fault::new(REFUSED, "e-mail does not go by HTTP"));
        }
    };
    Ok(request.limit(MOST_ANSWER))
}

/// Returns how long the receiver wants to be left alone, if it asks to be told again.
fn again_in(answer: &Answer, now: Timestamp) -> Option<Duration> {
    if !matches!(answer.status, 429 | 503) {
        return None;
    }
    let Some(value) = answer.header("retry-after") else {
        return Some(AGAIN_AFTER);
    };
    let seconds = value.trim().parse::<f64>().ok();
    let seconds = seconds.filter(|seconds| (0.0..=86_400.0).contains(seconds));
    seconds.map(Duration::from_secs_f64).or_else(|| {
        let date = rfc2822::DateTimeParser::new()
            .parse_timestamp(value.trim())
            .ok()?;
        Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
    })
}

fn judge(answer: &Answer) -> Result<(), Fault> {
    let status = answer.status;
    if (200..300).contains(&status) {
        return Ok(());
    }
    let mut message = format!("the receiver answered {status}");
    if (300..400).contains(&status) {
        message.push_str(", a redirect, which is not followed");
    }
    let said = String::from_utf8_lossy(answer.beginning());
    let said: String = said.trim().chars().take(MOST_SAID).collect();
    if !said.is_empty() {
        message.push_str(&format!(": {said}"));
    }
    Err(Fault::new(REFUSED, message))
}

/// As many requests as are made for one notice.
const MOST_TRIES: u32 = 3;
/// When a receiver asks for it and does not say when.
const AGAIN_AFTER: Duration = Duration::from_secs(1);
/// An answer says little, and less of it is shown.
const MOST_ANSWER: usize = 4096;
const MOST_SAID: usize = 120;
