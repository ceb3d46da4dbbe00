//! `notify`: who is told what a run came to.
//!
//! Only the gate file itself has it: a file that is included must not be able to send what a gate found
//! to somebody else. It is no part of the plan, and no word in it changes a verdict. So a secret that
//! nobody else uses may be missing: its receiver is then not reached, and that is told.

mod keys;
mod read;
mod receiver;

pub(crate) use self::keys::SERVICES;
pub(crate) use self::read::read;
pub use self::receiver::{Occasion, Receiver, Service, WebhookFormat};
