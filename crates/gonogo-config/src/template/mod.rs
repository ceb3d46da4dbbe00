//! `templates` and `extends`: what checks have in common, written once.
//!
//! A check that extends templates is put together on nodes, before anything of it is read: every
//! entry keeps its span, so that a mistake points at the line in which it stands, be that in the check or in
//! a template. What a check extends is a line of templates in which each stands once, behind those
//! that it extends itself; a later layer wins, and the check wins over all.
//!
//! - `table`: reads the templates of a gate and puts them in line.
//! - `merge`: lays a check over its line.
//! - `look`: reads a template by itself, so that one that nobody extends is no hiding place.

mod look;
mod merge;
mod table;

pub(crate) use look::look;
pub(crate) use merge::{Extended, Parts};
pub(crate) use table::Templates;
