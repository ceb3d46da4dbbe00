//! Why a manifest and a selection make no plan.

use std::error::Error;
use std::fmt;

use gonogo_model::{CodeDecl, Id};

use crate::codes;

/// Why nothing can be run: exit 2, before any traffic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanError {
    /// The manifest was made where a secret is not.
    StandIn {
        /// The name of the secret.
        secret: String,
    },
    /// The phase is not one of the gate's.
    UnknownPhase {
        /// What was asked for.
        given: String,
        /// The phases of the gate.
        known: Vec<String>,
        /// The one that was probably meant.
        meant: Option<String>,
    },
    /// Checks use phases, and none was asked for.
    PhaseMissing {
        /// The phases of the gate.
        known: Vec<String>,
    },
    /// The tag is not one of the gate's.
    UnknownTag {
        /// What was asked for.
        given: String,
        /// The tags of the gate.
        known: Vec<String>,
        /// The one that was probably meant.
        meant: Option<String>,
    },
    /// A glob matches no planned check.
    GlobMatchesNothing {
        /// `--only` or `--skip`.
        option: &'static str,
        /// The glob.
        glob: String,
        /// The id that was probably meant.
        meant: Option<String>,
    },
    /// The selection leaves nothing to run.
    EmptySelection {
        /// Which part of the selection did it, as a fragment.
        why: String,
    },
    /// No check and no group of the plan is a blocker.
    NoBlocker,
    /// A planned check needs something that does not belong to the phase.
    NeedExcluded {
        /// The check.
        check: Id,
        /// What it needs.
        need: Id,
        /// The phase of the run.
        phase: String,
    },
    /// A check needs an id that the gate does not have.
    Dangling {
        /// The check.
        check: Id,
        /// What it needs.
        need: Id,
    },
    /// Checks need each other in a circle.
    Cycle {
        /// Ids of the circle, each needing the next one, and the last one the first.
        ids: Vec<Id>,
    },
    /// A group can never have its quorum.
    Quorum {
        /// The group.
        group: Id,
        /// How many members must pass.
        needed: u32,
        /// How many are planned.
        planned: u32,
    },
}

impl PlanError {
    /// Returns the declaration of its code.
    #[must_use]
    pub const fn decl(&self) -> &'static CodeDecl {
        match self {
            Self::StandIn { .. } => codes::STAND_IN,
            Self::UnknownPhase { .. } => codes::UNKNOWN_PHASE,
            Self::PhaseMissing { .. } => codes::PHASE_MISSING,
            Self::UnknownTag { .. } => codes::UNKNOWN_TAG,
            Self::GlobMatchesNothing { .. } => codes::GLOB,
            Self::EmptySelection { .. } => codes::EMPTY_SELECTION,
            Self::NoBlocker => codes::NO_BLOCKER,
            Self::NeedExcluded { .. } => codes::NEED_EXCLUDED,
            Self::Dangling { .. } => codes::DANGLING,
            Self::Cycle { .. } => codes::CYCLE,
            Self::Quorum { .. } => codes::QUORUM,
        }
    }

    /// Returns the stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.decl().code
    }

    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::UnknownPhase { known, meant, .. } => known_ones("phase", known, meant.as_deref()),
            Self::PhaseMissing { known } => {
                format!("Say which with --phase: {}.", known.join(", "))
            }
            Self::UnknownTag { known, meant, .. } => known_ones("tag", known, meant.as_deref()),
            Self::GlobMatchesNothing {
                meant: Some(meant), ..
            } => format!("Did you mean {meant}?"),
            Self::StandIn { .. }
            | Self::GlobMatchesNothing { .. }
            | Self::EmptySelection { .. }
            | Self::NoBlocker
            | Self::NeedExcluded { .. }
            | Self::Dangling { .. }
            | Self::Cycle { .. }
            | Self::Quorum { .. } => self.decl().hint.to_owned(),
        }
    }
}

fn known_ones(what: &str, known: &[String], meant: Option<&str>) -> String {
    match (meant, known) {
        (Some(meant), _) => format!("Did you mean {meant}?"),
        (None, []) => format!("The gate declares no {what}s."),
        (None, known) => format!("The gate has: {}.", known.join(", ")),
    }
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StandIn { secret } => write!(f, "the secret {secret} has no value here"),
            Self::UnknownPhase { given, .. } => {
                write!(f, "the gate has no phase \"{}\"", given.escape_debug())
            }
            Self::PhaseMissing { .. } => {
                f.write_str("checks of the gate belong to phases, and no phase was asked for")
            }
            Self::UnknownTag { given, .. } => {
                write!(f, "the gate has no tag \"{}\"", given.escape_debug())
            }
            Self::GlobMatchesNothing { option, glob, .. } => {
                write!(
                    f,
                    "{option} \"{}\" matches no planned check",
                    glob.escape_debug()
                )
            }
            Self::EmptySelection { why } => write!(f, "nothing is left to run: {why}"),
            Self::NoBlocker => f.write_str("no check and no group of the plan is a blocker"),
            Self::NeedExcluded { check, need, phase } => {
                write!(f, "{check} needs {need}, which is not in phase {phase}")
            }
            Self::Dangling { check, need } => {
                write!(f, "{check} needs {need}, which the gate does not have")
            }
            Self::Cycle { ids } => {
                f.write_str("checks need each other in a circle: ")?;
                for id in ids {
                    write!(f, "{id} needs ")?;
                }
                ids.first().map_or(Ok(()), |first| write!(f, "{first}"))
            }
            Self::Quorum {
                group,
                needed,
                planned,
            } => write!(
                f,
                "group {group} asks for {needed} members, and the plan has {planned}"
            ),
        }
    }
}

impl Error for PlanError {}
