//! The pages of `gonogo explain` and of the reference: kinds and codes, told from their declarations.
//!
//! Nothing here is written twice: a field, a fact or a code has its sentence where it is declared, and
//! these pages only lay it out, for a terminal or as Markdown.

mod code;
mod kind;
mod markdown;
mod prose;
mod topic;
mod words;

pub(crate) use markdown::{codes_markdown, kind_markdown, kinds_markdown};
pub(crate) use topic::page;
