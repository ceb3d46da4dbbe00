//! `cargo xtask tidy`: the house rules that a compiler does not hold.

mod edges;
mod licences;
mod shape;

use crate::shell::{Failure, metadata, root};

/// Checks every rule and reports every breach.
pub(crate) fn run() -> Result<(), Failure> {
    let metadata = metadata()?;
    let mut breaches = Vec::new();
    breaches.extend(edges::check(&metadata));
    breaches.extend(licences::check(&metadata));
    breaches.extend(shape::check(&root())?);
    if breaches.is_empty() {
        println!("tidy");
        return Ok(());
    }
    Err(Failure::new(format!(
        "{} house rules are broken:\n  {}",
        breaches.len(),
        breaches.join("\n  ")
    )))
}
