//! Notices: what a run tells people and programs elsewhere, one module a service.
//!
//! A notice is rendered here and sent somewhere else. Each service has limits, above which it refuses a
//! message as a whole: a notice keeps to them, and counts what it leaves out.
//!
//! # Invariants
//!
//! - Text of others can call nobody, link nowhere and change no format: it stands where the service obeys
//!   nothing, or with everything escaped that the service obeys.
//! - Whether anything is sent is decided from the news alone; a notice never decides about a run.

mod discord;
mod letter;
mod mail;
mod news;
mod pack;
mod slack;
mod teams;
mod webhook;

pub use self::discord::discord;
pub use self::mail::{Mail, mail};
pub use self::news::{News, news};
pub use self::slack::slack;
pub use self::teams::teams;
pub use self::webhook::{Envelope, Payload, webhook};
