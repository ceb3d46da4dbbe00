//! A receiver, read and found valid.

use std::fmt;

use gonogo_kind::SecretText;

/// Who is told, and when.
#[derive(Debug, Clone)]
pub struct Receiver {
    /// Its name.
    pub name: String,
    /// What kind of service it is, as the key is called: `slack`.
    pub kind: &'static str,
    /// When it is told.
    pub occasion: Occasion,
    /// Where it is; without it, why it cannot be reached, as a lowercase fragment.
    pub service: Result<Service, String>,
}

/// When a receiver is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Occasion {
    /// When the verdict, or what does not hold, is another than in the run before.
    #[default]
    Change,
    /// When the verdict is not GO.
    Problem,
    /// After every run.
    Always,
}

impl Occasion {
    /// Returns the word of a gate file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Problem => "problem",
            Self::Always => "always",
        }
    }

    /// Returns the occasion that a gate file calls so.
    pub(super) fn named(word: &str) -> Option<Self> {
        let all = [Self::Change, Self::Problem, Self::Always];
        all.into_iter().find(|occasion| occasion.as_str() == word)
    }
}

impl fmt::Display for Occasion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A service and where it is.
#[derive(Clone)]
pub enum Service {
    /// An incoming webhook of Slack.
    Slack {
        /// Its URL.
        url: String,
    },
    /// A webhook of Discord.
    Discord {
        /// Its URL.
        url: String,
    },
    /// A workflow of Microsoft Teams that receives webhooks.
    Teams {
        /// Its URL.
        url: String,
    },
    /// Any receiver of webhooks.
    Webhook {
        /// Its URL.
        url: String,
        /// The key that requests are signed with.
        secret: Option<Vec<u8>>,
        /// What is sent.
        format: WebhookFormat,
        /// Headers to send, too.
        headers: Vec<(String, String)>,
    },
    /// E-mail.
    Email {
        /// To whom, at least one.
        to: Vec<String>,
        /// From whom.
        from: String,
        /// The URL of the server: `smtp://` or `smtps://`.
        smtp: String,
        /// Whether the connection must be secured before anything is said; decided by where the server
        /// is unless given.
        starttls: Option<bool>,
    },
}

/// What a webhook gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WebhookFormat {
    /// `type`, `timestamp` and `data`.
    #[default]
    Json,
    /// CloudEvents 1.0.
    CloudEvents,
}

/// Where a service is, is a secret.
impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Slack { .. } => "Slack(..)",
            Self::Discord { .. } => "Discord(..)",
            Self::Teams { .. } => "Teams(..)",
            Self::Webhook { .. } => "Webhook(..)",
            Self::Email { .. } => "Email(..)",
        })
    }
}

/// Returns whether a text can be an address of e-mail in a header and an envelope, without quoting.
pub(super) fn is_mailbox(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let is_domain = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
    let dots = |part: &str| part.starts_with('.') || part.ends_with('.') || part.contains("..");
    text.len() <= LONGEST_MAILBOX
        && !local.is_empty()
        && local.chars().all(is_plain)
        && !dots(local)
        && !domain.is_empty()
        && domain.chars().all(is_domain)
        && !dots(domain)
}

/// Returns the texts of a list.
pub(super) fn texts(list: Vec<SecretText>) -> Vec<String> {
    list.into_iter().map(|text| text.text).collect()
}

/// RFC 5321, errata 1690.
const LONGEST_MAILBOX: usize = 254;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes_need_no_quotes_and_hide_no_second_one() {
        for good in ["ops@example.com", "a.b+c@x.test", "o'neil@localhost"] {
            assert!(is_mailbox(good), "{good}");
        }
        for bad in [
            "",
            "ops",
            "@x.test",
            "ops@",
            "a@b@c",
            "Ops <ops@x.test>",
            "a@x.test,b@x.test",
            "a@x.test\r\nBcc: b@x.test",
            "a b@x.test",
            ".a@x.test",
            "a@x..test",
            "\u{e9}@x.test",
        ] {
            assert!(!is_mailbox(bad), "{bad}");
        }
    }
}
