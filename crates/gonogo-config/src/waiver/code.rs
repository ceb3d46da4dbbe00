//! The code that a waiver is limited to.

use gonogo_kind::{Diagnostic, KindDecl, Span, closest};
use gonogo_model::{CodeDecl, codes};

use crate::reader::Reader;

/// Returns a code if a check that failed or is unknown can have it.
pub(super) fn known(reader: &mut Reader<'_>, code: String, span: Span) -> Option<String> {
    let kinds = reader.inputs.kinds.kinds();
    if of_checks(kinds).any(|decl| decl.code == code) {
        return Some(code);
    }
    let is_declared = codes::SHARED
        .iter()
        .copied()
        .flatten()
        .any(|decl| decl.code == code);
    let (message, hint) = if is_declared {
        (
            format!("no check fails with the code `{code}`"),
            "A waiver covers what failed or is unknown, and no skipped check: leave `code` out, or \
             name what goes wrong."
                .to_owned(),
        )
    } else {
        let names = of_checks(kinds).map(|decl| decl.code);
        let hint = match closest(&code, names) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => "The report and `gonogo explain` name the codes: `net/refused`.".to_owned(),
        };
        (format!("there is no code `{code}`"), hint)
    };
    reader
        .mistakes
        .push(Diagnostic::error("config/unknown_code", message, span).hint(hint));
    None
}

/// Returns the kind whose own code it is.
pub(super) fn kind_of(reader: &Reader<'_>, code: &str) -> Option<&'static KindDecl> {
    let kinds = reader.inputs.kinds.kinds().iter().copied();
    let mut own = kinds.filter(|kind| kind.codes.iter().any(|decl| decl.code == code));
    let shared = SHARED.iter().copied().flatten();
    own.next()
        .filter(|_| !shared.into_iter().any(|decl| decl.code == code))
}

/// Returns the codes that a check can come to by itself.
fn of_checks(kinds: &[&'static KindDecl]) -> impl Iterator<Item = &'static CodeDecl> {
    let own = kinds.iter().flat_map(|kind| kind.codes.iter().copied());
    SHARED.iter().copied().flatten().copied().chain(own)
}

/// The areas whose codes belong to checks of any kind.
const SHARED: &[&[&CodeDecl]] = &[codes::engine::ALL, codes::net::ALL, codes::tls::ALL];
