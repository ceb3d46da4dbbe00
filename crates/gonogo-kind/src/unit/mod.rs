//! Quantities as people write them: `500ms`, `14d`, `80%`, `2GiB`, `1.5`.
//!
//! Whatever is read here is read exactly and in one way only: what could be meant in two ways (`010`,
//! `2G`, `30` for a duration) is a mistake that says how to write it. What is read comes out in base
//! units: seconds, bytes, ratios 0..1. [`show`] goes the other way, for people.

mod core_schema;
mod duration;
mod number;
mod other;
mod ratio;
pub mod show;
mod size;

pub use core_schema::core_schema;
pub use duration::{duration, meant_duration, to_std_duration};
pub use number::{integer, number};
pub use other::{boolean, meant_boolean, time, version};
pub use ratio::ratio;
pub use size::size;

/// Returns what kind of quantity a text looks like, with its article, if it is one.
///
/// It says what is wrong with a matcher: a quantity with the wrong unit, or no quantity at all.
#[must_use]
pub fn looks_like(text: &str) -> Option<&'static str> {
    if number(text).is_ok() {
        Some("a number without a unit")
    } else if duration(text).is_ok() {
        Some("a duration")
    } else if size(text).is_ok() {
        Some("a size")
    } else if text.trim_end().ends_with('%') && ratio(text).is_ok() {
        Some("a ratio")
    } else if time(text).is_ok() {
        Some("a time")
    } else if text.contains('.') && version(text).is_ok() {
        Some("a version")
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
