//! The engine, from outside: plans, and rounds over scripted probes in virtual time.

#![expect(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

mod accounting;
mod attempts;
mod gate;
mod limits;
mod needs;
mod planning;
mod probe;
mod real_time;
mod rounds;
mod secrets;
mod time;
mod waivers;
