//! What became of a notice.

use gonogo_config::Service;
use gonogo_model::{Code, Fault, Redactor};
use url::Url;

/// What became of a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The name of the receiver.
    pub receiver: String,
    /// The kind of service: `slack`.
    pub kind: &'static str,
    /// Its host, where that is known.
    pub host: Option<String>,
    /// Whether it was told.
    pub reached: Reached,
}

/// Whether a receiver was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reached {
    /// It took the notice.
    Yes,
    /// It does not want to be told of such a run.
    NotDue,
    /// It should have been told, and was not.
    No {
        /// The stable code.
        code: Code,
        /// Why, without secrets, as a lowercase fragment.
        message: String,
    },
}

impl Reached {
    pub(super) fn no(fault: &Fault, redactor: &Redactor) -> Self {
        Self::No {
            code: fault.code.clone(),
            message: redactor.redact(&fault.message).into_owned(),
        }
    }
}

impl Delivery {
    /// Returns what became of it in one line, with everything of others escaped.
    #[must_use]
    pub fn line(&self) -> String {
        let host = self.host.as_deref().map(|host| format!(", {host}"));
        let who = format!(
            "{} ({}{})",
            self.receiver,
            self.kind,
            host.unwrap_or_default()
        );
        let line = match &self.reached {
            Reached::Yes => format!("told {who}"),
            Reached::NotDue => format!("not told {who}: there is nothing that it wants to know"),
            Reached::No { code, message } => {
                format!("warning[{code}]: {who} was not told: {message}")
            }
        };
        gonogo_report::escape(&line).into_owned()
    }

    /// Returns whether it should have been told, and was not.
    #[must_use]
    pub const fn is_lost(&self) -> bool {
        matches!(self.reached, Reached::No { .. })
    }
}

/// Returns the host of a service.
pub(super) fn host(service: &Service) -> Option<String> {
    let url = match service {
        Service::Slack { url }
        | Service::Discord { url }
        | Service::Teams { url }
        | Service::Webhook { url, .. }
        | Service::Email { smtp: url, .. } => url,
    };
    Url::parse(url).ok()?.host_str().map(str::to_owned)
}
