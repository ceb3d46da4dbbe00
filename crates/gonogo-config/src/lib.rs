//! Text to Manifest: spans, variables, and every mistake of a gate file at once.
mod characters;
mod check;
mod cycle;
mod defaults;
mod each;
mod effective;
mod expect;
mod group;
mod hidden_in;
mod hide;
mod keys;
mod kind_value;
mod lint;
mod load;
mod mistakes;
mod names;
mod reader;
mod references;
mod render;
mod source;
mod substitute;
mod syntax;
mod tree;

pub use load::{Loaded, load};
pub use reader::Inputs;
pub use render::render;
pub use source::{Source, Sources, decode};
