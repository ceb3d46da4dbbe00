//! Why a run could not start: exit code 2, and nothing was probed.

use std::fmt;

/// A run that could not start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The gate file has mistakes; the text shows every one of them.
    Mistakes(String),
    /// The request cannot be met.
    Request {
        /// The stable code.
        code: String,
        /// What is wrong, as a lowercase fragment.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
}

impl Refusal {
    /// Returns a refusal of a request.
    pub fn request(code: &str, message: impl Into<String>) -> Self {
        Self::Request {
            code: code.to_owned(),
            message: message.into(),
            hint: None,
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(self, text: impl Into<String>) -> Self {
        match self {
            Self::Request { code, message, .. } => Self::Request {
                code,
                message,
                hint: Some(text.into()),
            },
            Self::Mistakes(mistakes) => Self::Mistakes(mistakes),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mistakes(text) => f.write_str(text.trim_end()),
            Self::Request {
                code,
                message,
                hint,
            } => {
                write!(f, "error[{code}]: {message}")?;
                match hint {
                    Some(hint) => write!(f, "\n  = help: {hint}"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl std::error::Error for Refusal {}
