//! From errors of the library to faults with a code; its own words, which may repeat the URL, are left.

use std::error::Error;
use std::io;

use gonogo_model::{Fault, codes};

use crate::net::tls::{LibraryTls, fault_of_read};
use crate::net::{fault_of_io, net_fault};

/// Returns the fault of an error that came in a phase.
pub(super) fn fault_of(
    error: &reqwest::Error,
    tls: Option<&LibraryTls>,
    phase: &'static str,
) -> Fault {
    // A certificate that is not good ends the handshake, and says more than that end.
    if let Some(problem) = tls.and_then(|tls| tls.problems().into_iter().next()) {
        return problem;
    }
    if let Some(io) = innermost_io(error) {
        return match tls {
            Some(tls) if phase == "tls" => tls.fault(io).unwrap_or_else(|| fault_of_io(io, phase)),
            _ if is_framing(io) => not_http(&io.to_string()),
            _ => fault_of_read(io, phase, false),
        };
    }
    match hyper_error(error) {
        // A request that was given up says nothing more than that the connection is gone.
        Some(hyper)
            if hyper.is_incomplete_message() || hyper.is_canceled() || hyper.is_closed() =>
        {
            let message = format!("connection closed by the other side in phase `{phase}`");
            net_fault(codes::net::CLOSED, message)
        }
        Some(hyper) => not_http(&root(hyper)),
        None => net_fault(
            codes::net::IO,
            format!("the exchange failed in phase `{phase}`"),
        ),
    }
}

fn not_http(why: &str) -> Fault {
    let message = format!("the answer breaks the rules of HTTP: {why}");
    Fault::new(codes::api::NOT_HTTP, message)
}

/// Errors of the decoder of bodies come as I/O errors of these kinds.
fn is_framing(error: &io::Error) -> bool {
    let kind = matches!(
        error.kind(),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput
    );
    kind && !error
        .get_ref()
        .is_some_and(|inner| inner.is::<rustls::Error>())
}

/// Returns the innermost I/O error: outer ones only wrap it.
fn innermost_io<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e io::Error> {
    let mut found: Option<&io::Error> = None;
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            found = Some(io);
            // `source` would step over what an I/O error wraps.
            next = io.get_ref().map(|inner| inner as &(dyn Error + 'static));
        } else {
            next = error.source();
        }
    }
    found
}

fn hyper_error(error: &reqwest::Error) -> Option<&hyper::Error> {
    let mut next = error.source();
    while let Some(error) = next {
        if let Some(hyper) = error.downcast_ref::<hyper::Error>() {
            return Some(hyper);
        }
        next = error.source();
    }
    None
}

/// Returns the words of the innermost error of the parser, which are its own and repeat nothing.
fn root(error: &hyper::Error) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    while let Some(inner) = next {
        words = inner.to_string();
        next = inner.source();
    }
    words
}
