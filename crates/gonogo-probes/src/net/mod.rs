//! Names, connections and TLS, shared by the kinds that need them.
//!
//! A kind asks [`Net`] to dial, and [`tls::handshake`] to secure what it got; it never opens a socket
//! itself. What goes wrong comes back as a fault with the code of this area, and says in which phase.
//!
//! # Invariants
//!
//! - Every wait ends by the deadline of the attempt ([`within`]).
//! - A name is looked up once a round, roots are read once a run, a chain is validated once a run.
//! - No proxy setting of the environment changes where a connection goes.

mod deadline;
mod dial;
mod fault;
mod link;
mod resolve;
mod shared;
pub(crate) mod tls;

pub(crate) use deadline::{phase_since, shown_duration, timed_out, within};
pub(crate) use fault::{fault_of_io, net_fault, shown_address, state_shown};
pub use link::Link;
pub use shared::Net;
pub use tls::system_roots;
