//! The summary for a person: what is wrong and what to do, on one screen, the verdict last.
//!
//! Root causes come first, in the order of the judgement's reasons; what is skipped because of one is
//! folded under it. What is as it should be takes one line. See [`summary()`].

mod block;
mod details;
mod order;
mod rows;
mod since;
mod summary;
mod verdict;
mod waivers;

pub(crate) use block::{group_word, names, tally, word_row};
pub(crate) use order::{Item, Order};
pub use summary::{summary, summary_since};
pub use verdict::verdict_line;
pub(crate) use verdict::{counts, subject_of_the_run};
pub(crate) use waivers::time_left;
