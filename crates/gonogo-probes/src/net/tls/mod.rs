//! TLS as a client that reports what it saw, also when it does not like it.
//!
//! The handshake is completed with any certificate, so that the whole chain, the version and the
//! cipher can be reported; the verdict on the chain is taken before anything else is sent, and a
//! connection with a bad one is never handed out. Only a client that has an identity to lose aborts.
//!
//! # Invariants
//!
//! - `chain::verify_chain` is the only code that judges a chain.
//! - The name and the signature of the handshake are verified on every connection; a chain that this
//!   run has already verified is not verified again.
//! - The crypto provider is ring, given explicitly: no default of the process plays a part.

mod certificate;
mod chain;
mod classify;
mod client_auth;
mod demand;
mod facts;
mod failure;
pub(crate) mod fields;
mod handshake;
mod identity;
mod library;
#[cfg(test)]
mod limbo;
mod memo;
mod roots;
mod session;
mod sniff;
mod tap;
mod trust;
mod verifier;

pub(crate) use client_auth::confirm_client_auth;
pub(crate) use demand::Demand;
pub(crate) use facts::{joined, session_facts};
pub(crate) use failure::fault_of_read;
pub(crate) use handshake::{
    HandshakeFailed, Secured, TlsOptions, handshake, handshake_demanding, server_name,
};
pub(crate) use identity::{Identity, identity_fields};
pub(crate) use library::{LibraryTls, no_tls};
pub use roots::system_roots;
pub(crate) use session::TlsSession;
pub(crate) use tap::Tapped;
pub(crate) use trust::Trust;
