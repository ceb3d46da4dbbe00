//! The whole of a run as a library: load, resolve secrets, plan, rounds, decide, write.
//!
//! The binary is a thin shell around this crate, and a server or an agent could be another.
//!
//! # Invariants
//!
//! - Nothing is printed here: text comes back, and the caller owns its streams.
//! - The environment, the clock and the file system come in through [`World`].
//! - The verdict is the gate's; nothing here has an opinion about it.

mod ci;
mod codes;
mod comparison;
mod gate_file;
mod header;
mod limits;
mod mending;
mod merging;
mod notify;
mod open_to_all;
mod output;
mod push;
mod refusal;
mod replace;
mod repository;
mod rounds;
mod saved;
mod secret_command;
mod selection;
mod world;

pub use ci::{Ci, Provider, Told, detect, mistakes, unguessable};
pub use codes::CODES;
pub use comparison::compare;
pub use gate_file::{GateRequest, Opened, lint, mend, open};
pub use header::header;
pub use limits::raise_descriptors;
pub use mending::Mending;
pub use merging::{MergeRequest, merge_shards};
pub use notify::{Delivery, Reached, Withheld, notify};
pub use output::{Destination, OutputSpec, Unwritten, write_gate, write_outputs};
pub use push::Push;
pub use refusal::Refusal;
pub use replace::Before;
pub use rounds::{RunRequest, Stop, check};
pub use saved::{read_baseline, read_report};
pub use selection::{Circumstances, PlanRequest, circumstances, plan};
pub use world::{Environment, Files, Folders, Paths, World};
