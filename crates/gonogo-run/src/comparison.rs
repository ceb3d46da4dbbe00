//! A gate beside the one before it.

use gonogo_config::Compared;
use gonogo_kind::KindTable;

use crate::gate_file::{GateRequest, read_with, source};
use crate::refusal::Refusal;
use crate::world::World;

/// Compares a gate with the one in `old`, a file or `-`, both with the same values.
///
/// The old gate may come from standard input, out of another revision: its paths are then relative to the
/// folder of the new one.
///
/// # Errors
///
/// [`Refusal::Request`] when one of them cannot be read at all, or not without its secrets.
pub fn compare(
    request: &GateRequest,
    old: &str,
    world: &World,
    kinds: &dyn KindTable,
) -> Result<Compared, Refusal> {
    if request.file == "-" && old == "-" {
        let message = "both gates would come from standard input";
        return Err(
            Refusal::request("config/unreadable_file", message).hint("Give one of them as a file.")
        );
    }
    let new_source = source(&request.file, world)?;
    let mut old_source = source(old, world)?;
    if old == "-" {
        old_source.base.clone_from(&new_source.base);
    }
    let compared = read_with(request, world, kinds, |inputs| {
        gonogo_config::compare(&new_source, &old_source, inputs)
    })?;
    let is_mistaken = compared.new.has_errors() || compared.old.has_errors();
    if compared.weakenings.is_none() && !is_mistaken {
        let message = "nothing can stand in for a secret that is not here";
        return Err(Refusal::request("config/unset_secret", message)
            .hint("Where a secret decides about a check, it must be there to compare two gates."));
    }
    Ok(compared)
}
