//! From errors of the TLS library to faults with a code.

use std::io;

use gonogo_model::{CodeDecl, Fault, codes};
use rustls::{AlertDescription, CertificateError, Error, InvalidMessage, PeerIncompatible};

use super::chain::Problem;
use super::verifier::Watch;
use crate::net::{fault_of_io, net_fault};

/// Returns the fault of something that is wrong with a chain.
pub(super) fn fault_of_problem(problem: &Problem) -> Fault {
    let fault = net_fault(problem.code, problem.message.clone());
    match &problem.hint {
        Some(hint) => fault.with_hint(hint.clone()),
        None => fault,
    }
}

/// Returns the faults of a handshake that broke; none when it broke for the sake of the chain, whose
/// own faults say it better.
pub(super) fn faults_of_handshake(
    error: &io::Error,
    watch: &Watch,
    chain_is_bad: bool,
) -> Vec<Fault> {
    let Some(tls) = tls_error(error) else {
        return vec![fault_of_io(error, "tls")];
    };
    if chain_is_bad && matches!(tls, Error::InvalidCertificate(_)) {
        return Vec::new();
    }
    let (code, message) = match tls {
        Error::AlertReceived(alert) => of_alert(*alert, watch),
        Error::PeerIncompatible(why) => of_incompatible(why),
        Error::InvalidMessage(
            InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion,
        ) => (
            codes::tls::NOT_TLS,
            "the server does not answer with TLS records".to_owned(),
        ),
        Error::InvalidCertificate(CertificateError::BadSignature) => (
            codes::tls::BAD_CERTIFICATE,
            "the server does not prove that it holds the key of its certificate".to_owned(),
        ),
        other => (
            codes::tls::HANDSHAKE,
            format!("the handshake broke off: {other}"),
        ),
    };
    vec![net_fault(code, message)]
}

/// Returns the fault of a read or write on a secured connection.
///
/// With TLS 1.3 a server refuses the client's certificate only after the handshake.
pub(crate) fn fault_of_read(error: &io::Error, phase: &str, asked: bool) -> Fault {
    match tls_error(error) {
        Some(Error::AlertReceived(alert)) if asked => {
            net_fault(codes::tls::CLIENT_CERTIFICATE, refusal(*alert))
        }
        Some(Error::AlertReceived(alert)) => net_fault(
            codes::tls::HANDSHAKE,
            format!(
                "the server ended the connection with the alert {}",
                alert_name(*alert)
            ),
        ),
        Some(other) => net_fault(
            codes::tls::HANDSHAKE,
            format!("the connection broke: {other}"),
        ),
        None => fault_of_io(error, phase),
    }
}

/// Returns the error of the TLS library inside an I/O error.
pub(super) fn tls_error(error: &io::Error) -> Option<&Error> {
    error.get_ref()?.downcast_ref()
}

fn of_alert(alert: AlertDescription, watch: &Watch) -> (&'static CodeDecl, String) {
    let name = alert_name(alert);
    match alert {
        AlertDescription::ProtocolVersion => (
            codes::tls::VERSION,
            "the server refuses TLS 1.2 and 1.3 (alert protocol_version)".to_owned(),
        ),
        AlertDescription::UnrecognisedName => (
            codes::tls::HANDSHAKE,
            "the server does not know the name that was asked for (alert unrecognised_name)"
                .to_owned(),
        ),
        _ if watch.was_asked() => (codes::tls::CLIENT_CERTIFICATE, client_refusal(alert, watch)),
        _ => (
            codes::tls::HANDSHAKE,
            format!("the server broke off the handshake with the alert {name}"),
        ),
    }
}

fn client_refusal(alert: AlertDescription, watch: &Watch) -> String {
    if watch.has_identity() {
        refusal(alert)
    } else {
        format!(
            "the server asks for a client certificate, and none is configured (alert {})",
            alert_name(alert)
        )
    }
}

fn refusal(alert: AlertDescription) -> String {
    let name = alert_name(alert);
    if alert == AlertDescription::CertificateRequired {
        format!("the server requires a client certificate (alert {name})")
    } else {
        format!("the server refuses the client certificate (alert {name})")
    }
}

fn of_incompatible(why: &PeerIncompatible) -> (&'static CodeDecl, String) {
    match why {
        PeerIncompatible::ServerDoesNotSupportTls12Or13
        | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
        | PeerIncompatible::Tls12NotOffered
        | PeerIncompatible::Tls12NotOfferedOrEnabled => (
            codes::tls::VERSION,
            "the server speaks neither TLS 1.2 nor 1.3".to_owned(),
        ),
        other => (
            codes::tls::HANDSHAKE,
            format!(
                "server and gonogo have too little in common: {}",
                spaced(&format!("{other:?}"))
            ),
        ),
    }
}

/// Returns the name of an alert as RFC 8446 writes it: `handshake_failure`.
fn alert_name(alert: AlertDescription) -> String {
    match alert.as_str() {
        Some(name) => spaced(name).replace(' ', "_"),
        None => u8::from(alert).to_string(),
    }
}

/// Splits `HandshakeFailure` into `handshake failure`.
fn spaced(name: &str) -> String {
    let mut text = String::new();
    let mut after_lower = false;
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && after_lower {
            text.push(' ');
        }
        after_lower = !letter.is_ascii_uppercase();
        text.push(letter.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_have_the_names_of_the_standard() {
        for (alert, name) in [
            (AlertDescription::HandshakeFailure, "handshake_failure"),
            (AlertDescription::UnknownCA, "unknown_ca"),
            (
                AlertDescription::CertificateRequired,
                "certificate_required",
            ),
            (AlertDescription::Unknown(200), "200"),
        ] {
            assert_eq!(alert_name(alert), name);
        }
    }
}
