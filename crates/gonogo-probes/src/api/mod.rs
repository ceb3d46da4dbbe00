//! The one HTTP client of everything that talks to an API: kinds that ask a server about something
//! else, pushes, notifications.
//!
//! The `http` kind has its own connection, for it looks at the exchange itself. This client is for those
//! whose subject is what the answer says: a [`Request`] goes in, an [`Answer`] or a fault comes out.
//!
//! # Invariants
//!
//! - Every wait ends by the deadline of the context, and a fault names the phase in which it came.
//! - An answer is read up to a limit; what lies beyond is never taken for the whole.
//! - No redirect is followed: a token goes to the server it was meant for and nowhere else.
//! - No setting of the environment changes where a request goes or whom it trusts.
//! - No URL appears in a fault, a `Debug` or a log: its path, query and user may be the token.

mod answer;
mod client;
mod failure;
mod progress;
mod request;
#[cfg(test)]
mod tests;

pub use answer::Answer;
pub use client::Client;
pub use request::{Method, Request, Target};
