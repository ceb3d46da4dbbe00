//! How a text view is to look, and its colours.

use anstyle::{AnsiColor, Effects, Reset, Style as Sgr};
use gonogo_model::{GroupState, Outcome, Verdict};

/// How a text view is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether colours may be used.
    pub color: bool,
    /// The columns a line may take; at least 20 are used.
    pub width: usize,
    /// Whether marks outside ASCII may be used.
    pub unicode: bool,
    /// How much is shown.
    pub verbosity: Verbosity,
}

/// How much a view shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verbosity {
    /// What is wrong and what to do; the rest is counted.
    #[default]
    Normal,
    /// Every check with every fact and every expectation.
    Verbose,
}

impl Style {
    /// Plain ASCII text of 80 columns.
    pub const PLAIN: Self = Self {
        color: false,
        width: 80,
        unicode: false,
        verbosity: Verbosity::Normal,
    };

    /// Returns the width that is really laid out for.
    pub(crate) fn columns(&self) -> usize {
        self.width.max(20)
    }

    pub(crate) fn is_verbose(&self) -> bool {
        self.verbosity == Verbosity::Verbose
    }

    /// Returns the mark for what was cut off.
    pub(crate) fn ellipsis(&self) -> &'static str {
        if self.unicode { "\u{2026}" } else { "..." }
    }

    /// Puts already escaped text into the colours of a role.
    pub(crate) fn paint(&self, role: Role, text: &str) -> String {
        let sgr = role.sgr();
        if !self.color || text.is_empty() || sgr == Sgr::new() {
            return text.to_owned();
        }
        format!("{sgr}{text}{Reset}")
    }
}

/// What a piece of text is, which decides its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Nothing in particular.
    Body,
    /// The id of a check or group.
    Name,
    /// A label, a place in a file, and whatever else may be overlooked.
    Faint,
    /// Good.
    Good,
    /// Worth a look.
    Notice,
    /// Bad.
    Bad,
    /// What to do.
    Advice,
    /// The verdict itself.
    Verdict(Verdict),
}

impl Role {
    pub(crate) fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Passed => Self::Good,
            Outcome::Failed => Self::Bad,
            Outcome::Warned | Outcome::Unknown | Outcome::Waived | Outcome::Awaiting => {
                Self::Notice
            }
            Outcome::Skipped => Self::Faint,
        }
    }

    pub(crate) fn of_group(state: GroupState) -> Self {
        match state {
            GroupState::Met => Self::Good,
            GroupState::NotMet => Self::Bad,
            GroupState::Undecided => Self::Notice,
        }
    }

    fn sgr(self) -> Sgr {
        let on = |color: AnsiColor| {
            Sgr::new()
                .fg_color(Some(AnsiColor::Black.into()))
                .bg_color(Some(color.into()))
                .effects(Effects::BOLD)
        };
        match self {
            Self::Body => Sgr::new(),
            Self::Name => Sgr::new().effects(Effects::BOLD),
            Self::Faint => Sgr::new().effects(Effects::DIMMED),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Notice => AnsiColor::Yellow.on_default().effects(Effects::BOLD),
            Self::Bad => AnsiColor::Red.on_default().effects(Effects::BOLD),
            Self::Advice => AnsiColor::Cyan.on_default(),
            Self::Verdict(Verdict::Go) => on(AnsiColor::Green),
            Self::Verdict(Verdict::Hold) => on(AnsiColor::Yellow),
            Self::Verdict(Verdict::NoGo) => on(AnsiColor::Red),
        }
    }
}
