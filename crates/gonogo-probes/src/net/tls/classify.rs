//! The cause behind a chain that does not verify, in words a person can act on.

use gonogo_model::codes;
use jiff::Timestamp;
use rustls_pki_types::{CertificateDer, ServerName};
use webpki::Error;

use super::certificate::Certificate;
use super::chain::{NoPath, Problem, weakness};
use super::roots::Roots;

/// Returns the server's certificate and those that were sent above it, each the issuer of the one before.
pub(super) fn linked(own: &Certificate, intermediates: &[CertificateDer<'_>]) -> Vec<Certificate> {
    let mut candidates: Vec<Certificate> = intermediates
        .iter()
        .filter_map(|der| Certificate::parse(der).ok())
        .collect();
    let mut chain = vec![own.clone()];
    while let Some(top) = chain.last()
        && !top.self_issued
        && let Some(index) = candidates
            .iter()
            .position(|c| c.subject_der == top.issuer_der)
    {
        chain.push(candidates.swap_remove(index));
    }
    chain
}

/// Returns what is out of date in a chain, one problem a code.
pub(super) fn out_of_date(chain: &[Certificate], time: Timestamp) -> Vec<Problem> {
    let expired = chain.iter().enumerate().find(|(_, c)| c.not_after < time);
    let early = chain.iter().enumerate().find(|(_, c)| time < c.not_before);
    let whose = |index: usize, certificate: &Certificate| {
        if index == 0 {
            "the server's certificate".to_owned()
        } else {
            format!("`{}`, which the chain depends on,", certificate.name())
        }
    };
    let mut problems = Vec::new();
    if let Some((index, certificate)) = expired {
        let message = format!(
            "{} expired on {}",
            whose(index, certificate),
            certificate.not_after
        );
        problems.push(Problem::new(codes::tls::EXPIRED, message));
    }
    if let Some((index, certificate)) = early {
        let message = format!(
            "{} is not valid before {}; the clock of this machine says {}",
            whose(index, certificate),
            certificate.not_before,
            time.strftime("%Y-%m-%dT%H:%M:%SZ")
        );
        problems.push(Problem::new(codes::tls::NOT_YET_VALID, message));
    }
    problems
}

/// Returns the problem of a certificate that is not for the name that was asked for.
pub(super) fn wrong_name(own: &Certificate, name: &ServerName<'_>, error: &Error) -> Problem {
    let name = name.to_str();
    if !matches!(error, Error::CertNotValidForName(_)) {
        let message = format!(
            "the names of the certificate cannot be compared with `{name}`: {}",
            rule(error)
        );
        return Problem::new(codes::tls::WRONG_NAME, message);
    }
    let message = match own.sans.split_at_checked(SHOWN_NAMES) {
        _ if own.sans.is_empty() => format!(
            "the certificate carries no name that counts (a subject does not), not `{name}`"
        ),
        Some((shown, rest)) if !rest.is_empty() => format!(
            "the certificate is for {} and {} more, not for `{name}`",
            shown.join(", "),
            rest.len()
        ),
        _ => format!(
            "the certificate is for {}, not for `{name}`",
            own.sans.join(", ")
        ),
    };
    Problem::new(codes::tls::WRONG_NAME, message)
}

/// Returns the cause why a chain has no path; `sent` is the chain as far as its names link up.
pub(super) fn classify(why: &NoPath, sent: &[Certificate], roots: &Roots) -> Problem {
    let error = match why {
        NoPath::Policy(problem) => return problem.clone(),
        NoPath::RootOutOfDate => {
            return Problem::new(codes::tls::EXPIRED, "the root of the chain is out of date");
        }
        NoPath::Webpki(error) => error,
    };
    match error {
        Error::CertExpired { .. } => Problem::new(
            codes::tls::EXPIRED,
            "a certificate of the chain has expired",
        ),
        Error::CertNotValidYet { .. } => Problem::new(
            codes::tls::NOT_YET_VALID,
            "a certificate of the chain is not valid yet",
        ),
        Error::CaUsedAsEndEntity => ca_as_leaf(sent, roots),
        Error::UnknownIssuer => unknown_issuer(sent, roots),
        Error::RequiredEkuNotFoundContext(_) | Error::EmptyEkuExtension => Problem::new(
            codes::tls::WRONG_USAGE,
            "the extended key usage of the chain does not allow servers",
        ),
        Error::CertRevoked => {
            Problem::new(codes::tls::REVOKED, "a certificate of the chain is revoked")
        }
        Error::CertDistrusted => Problem::new(
            codes::tls::UNTRUSTED_ROOT,
            "the chain ends at a CA that is distrusted everywhere",
        ),
        Error::InvalidSignatureForPublicKey => bad_signature(sent, roots),
        Error::UnsupportedSignatureAlgorithmContext(_)
        | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            weakest(sent).unwrap_or_else(|| unsupported(sent))
        }
        other => Problem::new(
            codes::tls::BAD_CERTIFICATE,
            format!("the chain breaks a rule: {}", rule(other)),
        ),
    }
}

fn ca_as_leaf(sent: &[Certificate], roots: &Roots) -> Problem {
    match sent.first() {
        Some(own) if own.self_issued && !roots.has_subject(&own.subject_der) => self_signed(own),
        Some(own) => Problem::new(
            codes::tls::CA_AS_LEAF,
            format!("`{}` is the certificate of a CA", own.name()),
        ),
        None => Problem::new(
            codes::tls::CA_AS_LEAF,
            "a CA certificate is used as the server's",
        ),
    }
}

fn self_signed(own: &Certificate) -> Problem {
    Problem::new(
        codes::tls::SELF_SIGNED,
        format!("`{}` is signed by itself and not trusted", own.name()),
    )
}

fn unknown_issuer(sent: &[Certificate], roots: &Roots) -> Problem {
    let (Some(own), Some(top)) = (sent.first(), sent.last()) else {
        return Problem::new(codes::tls::UNTRUSTED_ROOT, "the issuer is not trusted");
    };
    if own.self_issued {
        return self_signed(own);
    }
    if top.self_issued {
        return Problem::new(
            codes::tls::UNTRUSTED_ROOT,
            format!(
                "the chain ends at `{}`, which is not trusted here",
                top.name()
            ),
        );
    }
    if roots.has_subject(&top.issuer_der) {
        return other_key(top);
    }
    if sent.len() > 1 {
        return Problem::new(
            codes::tls::UNTRUSTED_ROOT,
            format!("the chain ends at `{}`, whose issuer `{}` is not trusted here", top.name(), top.issuer),
        )
        .with_hint("If the issuer is your root, name its file in roots; if it is one more intermediate, configure the full chain on the server.");
    }
    Problem::new(
        codes::tls::MISSING_INTERMEDIATE,
        format!("the server sends no certificate of the issuer `{}`, and that is no trusted root", own.issuer),
    )
    .with_hint("Configure the full chain on the server (certificate first, then the intermediates); if the issuer is your own root, name its file in roots.")
}

fn other_key(top: &Certificate) -> Problem {
    Problem::new(
        codes::tls::UNTRUSTED_ROOT,
        format!(
            "the issuer `{}` has the name of a trusted root, but another key",
            top.issuer
        ),
    )
    .with_hint(
        "Was the root made anew? Then issue the certificate anew, or name the old root in roots.",
    )
}

/// A signature that does not fit: a short key is refused before it is tried, a namesake has another key.
fn bad_signature(sent: &[Certificate], roots: &Roots) -> Problem {
    let roots_above = sent.last().map(|top| roots.named(&top.issuer_der));
    let mut roots_above = roots_above
        .into_iter()
        .flatten()
        .filter_map(|der| Certificate::parse(der).ok());
    let weak_root = roots_above.find_map(|root| Some(weakness(&root, root.weak_key.as_ref()?)));
    if let Some(weak) = weakest(sent).or(weak_root) {
        return weak;
    }
    match sent.last() {
        Some(top) if roots.has_subject(&top.issuer_der) => other_key(top),
        _ => Problem::new(
            codes::tls::BAD_CERTIFICATE,
            "a signature of the chain does not fit the key of its issuer",
        ),
    }
}

fn weakest(sent: &[Certificate]) -> Option<Problem> {
    sent.iter().find_map(|certificate| {
        let signature = certificate
            .weak_signature
            .as_ref()
            .filter(|_| !certificate.self_issued);
        let weak = certificate.weak_key.as_ref().or(signature)?;
        Some(weakness(certificate, weak))
    })
}

fn unsupported(sent: &[Certificate]) -> Problem {
    let mut algorithms: Vec<&str> = sent
        .iter()
        .map(|c| c.signature_algorithm.as_str())
        .collect();
    algorithms.dedup();
    Problem::new(
        codes::tls::UNSUPPORTED,
        format!(
            "gonogo cannot verify a signature of the chain ({})",
            algorithms.join(", ")
        ),
    )
}

/// Returns which rule of RFC 5280 an error is about.
fn rule(error: &Error) -> String {
    match error {
        Error::NameConstraintViolation => {
            "a CA of the chain may not issue for this name".to_owned()
        }
        Error::PathLenConstraintViolated => {
            "a CA of the chain may not have CAs below it".to_owned()
        }
        Error::EndEntityUsedAsCa => "a certificate that is no CA's signed another".to_owned(),
        Error::UnsupportedCriticalExtension => {
            "it has a critical extension that is not known".to_owned()
        }
        Error::UnsupportedCertVersion => "it is not a certificate of version 3".to_owned(),
        Error::InvalidCertValidity => "its validity ends before it begins".to_owned(),
        Error::SignatureAlgorithmMismatch => "it names two signature algorithms".to_owned(),
        Error::InvalidSerialNumber => "its serial number is malformed".to_owned(),
        Error::MaximumPathDepthExceeded
        | Error::MaximumPathBuildCallsExceeded
        | Error::MaximumSignatureChecksExceeded
        | Error::MaximumNameConstraintComparisonsExceeded => {
            "it has too many ways to a root".to_owned()
        }
        Error::BadDer | Error::BadDerTime | Error::TrailingData(_) | Error::MalformedExtensions => {
            "it is malformed".to_owned()
        }
        other => other.to_string(),
    }
}

const SHOWN_NAMES: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use gonogo_testkit::ca::Ca;

    #[test]
    fn errors_of_webpki_have_codes() {
        let (ca, stranger) = (Ca::new(), Ca::setup("Stranger").make());
        let leaf = stranger.leaf(&["one.test"]).issue().chain();
        let sent = linked(&Certificate::parse(&leaf[0]).unwrap(), &[]);
        let roots = Roots::new(vec![ca.root_der()], 1).unwrap();
        for (error, code) in [
            (Error::CertRevoked, "tls/revoked"),
            (Error::CertDistrusted, "tls/untrusted_root"),
            (Error::EmptyEkuExtension, "tls/wrong_usage"),
            (Error::NameConstraintViolation, "tls/bad_certificate"),
            (Error::MaximumSignatureChecksExceeded, "tls/bad_certificate"),
            (Error::BadDer, "tls/bad_certificate"),
            (Error::UnknownIssuer, "tls/missing_intermediate"),
        ] {
            let problem = classify(&NoPath::Webpki(error.clone()), &sent, &roots);
            assert_eq!(problem.code.code, code, "{error}");
        }
    }

    #[test]
    fn certificates_that_name_each_other_do_not_make_an_endless_chain() {
        let ca = Ca::with_intermediate();
        let chain = ca.leaf(&["one.test"]).issue().chain();
        let own = Certificate::parse(&chain[0]).unwrap();
        let many: Vec<_> = std::iter::repeat_n(chain[1].clone(), 40).collect();
        assert_eq!(linked(&own, &many).len(), 2);
    }
}
