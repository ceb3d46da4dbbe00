//! What a check may come to, and what a gate may say.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How much a check weighs in the verdict.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Without it there is no GO. The default.
    #[default]
    Blocker,
    /// Shown, and a blocker under `--strict`.
    Warning,
    /// Shown.
    Info,
}

/// What a probe does to the world when it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Only looks.
    Reads,
    /// Changes its subject.
    Writes,
    /// Starts a program on this machine.
    Executes,
    /// Puts load on its subject.
    Loads,
}

/// What one check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// All findings hold.
    Passed,
    /// Every `expect` holds; a `should` does not, or could not be read.
    Warned,
    /// An `expect` does not hold, or the subject misbehaved.
    Failed,
    /// Nothing is proved wrong, but we could not look.
    Unknown,
    /// Never started, or interrupted in flight.
    Skipped,
    /// Failed or unknown, and a valid waiver covers it.
    Waived,
    /// A signature is missing.
    Awaiting,
}

impl Outcome {
    /// Every outcome, in the order in which a summary counts them.
    pub const ALL: [Self; 7] = [
        Self::Passed,
        Self::Warned,
        Self::Failed,
        Self::Unknown,
        Self::Skipped,
        Self::Waived,
        Self::Awaiting,
    ];

    /// Returns whether the outcome satisfies a `needs` and counts towards a quorum.
    #[must_use]
    pub const fn satisfies(self) -> bool {
        match self {
            Self::Passed | Self::Warned | Self::Waived => true,
            Self::Failed | Self::Unknown | Self::Skipped | Self::Awaiting => false,
        }
    }

    /// Returns the outcome's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Warned => "warned",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
            Self::Waived => "waived",
            Self::Awaiting => "awaiting",
        }
    }
}

impl Severity {
    /// Returns whether it decides the verdict.
    #[must_use]
    pub const fn blocks(self) -> bool {
        matches!(self, Self::Blocker)
    }

    /// Returns the severity's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blocker => "blocker",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl Effect {
    /// Returns the effect's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reads => "reads",
            Self::Writes => "writes",
            Self::Executes => "executes",
            Self::Loads => "loads",
        }
    }
}

/// What a gate says: GO > HOLD > NO-GO.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Verdict {
    /// A blocker or a group is proved wrong.
    #[serde(rename = "NO-GO")]
    NoGo,
    /// Nothing is proved wrong, but something that must be proved is not.
    #[serde(rename = "HOLD")]
    Hold,
    /// Every blocker is proved.
    #[serde(rename = "GO")]
    Go,
}

impl Verdict {
    /// Returns the verdict's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Go => "GO",
            Self::Hold => "HOLD",
            Self::NoGo => "NO-GO",
        }
    }
}

macro_rules! display_as_str {
    ($($word:ty),*) => {$(
        impl fmt::Display for $word {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    )*};
}
display_as_str!(Outcome, Severity, Effect, Verdict);
