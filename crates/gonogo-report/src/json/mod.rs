//! The JSON report, `gonogo.run/1`: the record that every other format renders.
//!
//! Keys are snake_case and always there, in one order; what is not known is `null`, an empty list or an
//! empty object. Times of the day are RFC 3339, spans are seconds, sizes are bytes, shares are 0..1, and
//! numbers keep every digit. Whatever a terminal would obey is written as `\u....`, so that showing a
//! report is harmless.
//!
//! # Facts
//!
//! Three objects of a check tell its facts:
//!
//! ```json
//! "facts":      { "status": 200, "duration": 0.012, "banner": null, "role": null },
//! "fact_types": { "status": "integer", "duration": "duration", "banner": "absent", "role": "unreadable" },
//! "unreadable": { "role": { "code": "postgres/denied", "message": "permission denied for pg_settings" } }
//! ```
//!
//! So `.facts.duration` is the plain value; a fact that was looked for and not there is `null` and
//! `absent`, one that could not be read is `null`, `unreadable` and told why, and a `null` that the
//! subject itself sent is `null` and `json`. Types of several values are `list of text`,
//! `map of duration`, or spelled out where they are mixed (`["text", "integer"]`, `{"a": "text"}`).
//! A name that came twice (`map with repeats of text`) has a list of its values.
//! A JSON document nested too deeply for common readers is a string with the type `json_text`.
//!
//! # Versions
//!
//! A reader of `gonogo.run/1` ignores keys it does not know. A key that changes its meaning or goes away
//! makes `gonogo.run/2`.

mod doc;
mod facts;
mod read;
mod safe;
mod write;

pub(crate) use facts::type_word;
pub(crate) use read::read_plan;
pub use read::{ReadError, read_json, read_json_with};
pub use write::write_json;
pub(crate) use write::{
    judgement, object, plan_document, planned_checks, planned_groups, planned_waivers,
    result_alone, to_line, to_text,
};
