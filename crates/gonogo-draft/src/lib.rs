//! First gates and further checks: from what is found here, and from a live target, to YAML text.
//!
//! - [`init()`] looks through a folder (compose files, manifests, environment files, nginx, migrations,
//!   Dockerfiles) and writes a gate.
//! - [`prepare`] and [`Prepared::finish`] make a check of a target that was looked at, and put it into the text
//!   of a gate file.
//!
//! # Invariants
//!
//! - Texts come back; nothing is printed and nothing is written.
//! - What was seen and is no check is told. Nothing is lost in silence.
//! - A value of an environment file, a login or a query of a URL is in no text that comes back.
//! - Other people's files are read within limits, only inside the folder, and never crash it.

mod add;
mod codes;
mod folder;
mod init;
mod names;
mod scalar;
mod seen;
mod sketch;
mod yaml;

pub use add::{AddRequest, Added, Loads, Prepared, Target, prepare};
pub use codes::CODES;
pub use init::{FirstGate, empty_gate, init};
