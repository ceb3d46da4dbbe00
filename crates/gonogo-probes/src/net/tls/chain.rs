//! The judgement of a chain: is there a path to a root, in date, strong enough, for this name?
//!
//! webpki finds and verifies the path. It reports the first thing it dislikes and nothing behind it,
//! ignores how old a root is and how short a key, so two layers are put around it: a policy that every
//! path must meet, and, when there is no path, a second look at other times, which tells a chain that
//! is merely out of date from one that was never good.

use std::cell::RefCell;
use std::sync::Arc;

use gonogo_model::{Blame, CodeDecl, codes};
use jiff::Timestamp;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use webpki::{EndEntityCert, KeyUsage, VerifiedPath};

use super::certificate::Certificate;
use super::classify::{classify, linked, out_of_date, wrong_name};
use super::memo::key_of;
use super::roots::Roots;
use super::trust::Store;

/// What there is to say about a chain.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ChainVerdict {
    /// The path from the server's certificate to a root, that included; empty when there is none, at
    /// whatever time.
    pub(crate) path: Arc<Path>,
    /// Whether there is a path, validity left aside; none when we cannot verify its signatures.
    pub(crate) trusted: Option<bool>,
    /// Whether every certificate of the path is valid now; without a path, of those that were sent
    /// and belong together.
    pub(crate) in_date: bool,
    /// Whether the certificate is for the name that was asked for.
    pub(crate) name_matches: bool,
    /// What is wrong, the cause first; empty when the chain is good.
    pub(crate) problems: Vec<Problem>,
}

/// A path from a server's certificate to a root.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Path {
    /// The certificates, the root last; alone when the server's own is the root.
    pub(crate) certificates: Vec<Certificate>,
}

/// One thing that is wrong with a chain.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Problem {
    /// The code.
    pub(crate) code: &'static CodeDecl,
    /// The particulars, as a lowercase fragment.
    pub(crate) message: String,
    /// A better hint than the code's own.
    pub(crate) hint: Option<String>,
}

impl Problem {
    pub(super) fn new(code: &'static CodeDecl, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hint: None,
        }
    }

    pub(super) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl Path {
    /// Returns whether every certificate is valid at a time.
    pub(super) fn is_in_date(&self, time: Timestamp) -> bool {
        self.certificates
            .iter()
            .all(|c| c.not_before <= time && time <= c.not_after)
    }
}

/// Judges the chain that a server sent: a path to one of the roots, valid at `time`, for `name`.
///
/// A chain that these roots were already found to vouch for is not searched again.
pub(super) fn verify_chain(
    leaf: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
    store: &Store,
    name: &ServerName<'_>,
    time: Timestamp,
) -> ChainVerdict {
    let time = whole_second(time);
    let roots = &store.roots;
    let key = key_of(leaf, intermediates);
    let found = match store.memo.recall(&key, time) {
        Some(path) => Ok(path),
        None => find_path(leaf, intermediates, roots, time).map(|path| {
            let path = Arc::new(path);
            store.memo.keep(key, Arc::clone(&path));
            path
        }),
    };
    let own = || Certificate::parse(leaf);
    let mut verdict = match found {
        Ok(path) => ChainVerdict {
            path,
            trusted: Some(true),
            in_date: true,
            name_matches: true,
            problems: Vec::new(),
        },
        Err(why) => match own() {
            Ok(own) => diagnose(leaf, intermediates, roots, time, &own, why),
            Err(why) => return unreadable(&why),
        },
    };
    let names = EndEntityCert::try_from(leaf);
    if let Err(error) = names.and_then(|leaf| leaf.verify_is_valid_for_subject_name(name)) {
        verdict.name_matches = false;
        match own() {
            Ok(own) => verdict.problems.push(wrong_name(&own, name, &error)),
            Err(why) => return unreadable(&why),
        }
    }
    verdict
}

/// Returns a time as certificates tell it: the last second of a validity belongs to it as a whole.
pub(super) fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

fn unreadable(why: &str) -> ChainVerdict {
    let message = format!("the server's certificate cannot be read: {why}");
    ChainVerdict {
        path: Arc::default(),
        trusted: Some(false),
        in_date: false,
        name_matches: false,
        problems: vec![Problem::new(codes::tls::BAD_CERTIFICATE, message)],
    }
}

/// Finds out why there is no path that is valid now.
fn diagnose(
    leaf: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
    roots: &Roots,
    time: Timestamp,
    own: &Certificate,
    why: NoPath,
) -> ChainVerdict {
    let sent = linked(own, intermediates);
    let mut cause = why;
    if cause.is_date() {
        // A path is valid at some time if, and only if, it is valid when its youngest certificate begins.
        let mut times: Vec<Timestamp> = sent.iter().map(|c| c.not_before).collect();
        times.sort_unstable();
        times.dedup();
        for other in times.into_iter().rev().take(MOST_TIMES) {
            match find_path(leaf, intermediates, roots, other) {
                Ok(path) => {
                    let problems = out_of_date(&path.certificates, time);
                    return ChainVerdict {
                        path: Arc::new(path),
                        trusted: Some(true),
                        in_date: problems.is_empty(),
                        name_matches: true,
                        problems,
                    };
                }
                Err(other) if !other.is_date() => cause = other,
                Err(_) => {}
            }
        }
    }
    let dates = out_of_date(&sent, time);
    let in_date = dates.is_empty();
    let mut problems = Vec::new();
    if !cause.is_date() || dates.is_empty() {
        problems.push(classify(&cause, &sent, roots));
    }
    problems.extend(dates);
    let is_ours = problems.iter().any(|p| p.code.blame == Blame::Us);
    ChainVerdict {
        path: Arc::default(),
        trusted: (!is_ours).then_some(false),
        in_date,
        name_matches: true,
        problems,
    }
}

/// Why no path was found.
#[derive(Debug)]
pub(super) enum NoPath {
    /// What webpki said.
    Webpki(webpki::Error),
    /// There is a path, but the policy forbids it.
    Policy(Problem),
    /// There is a path, but its root is out of date.
    RootOutOfDate,
}

impl NoPath {
    const fn is_date(&self) -> bool {
        matches!(
            self,
            Self::RootOutOfDate
                | Self::Webpki(
                    webpki::Error::CertExpired { .. } | webpki::Error::CertNotValidYet { .. }
                )
        )
    }
}

/// Searches a path that is valid at a time.
fn find_path(
    leaf: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
    roots: &Roots,
    time: Timestamp,
) -> Result<Path, NoPath> {
    if roots.pins(leaf) {
        return pinned(leaf, time);
    }
    let unix = UnixTime::since_unix_epoch(std::time::Duration::from_secs(
        u64::try_from(time.as_second()).unwrap_or(0),
    ));
    let end_entity = EndEntityCert::try_from(leaf).map_err(NoPath::Webpki)?;
    let objection: RefCell<Option<NoPath>> = RefCell::new(None);
    let accepted: RefCell<Option<Path>> = RefCell::new(None);
    let policy = |path: &VerifiedPath<'_>| match permitted(path, leaf, roots, time) {
        Ok(path) => {
            *accepted.borrow_mut() = Some(path);
            Ok(())
        }
        Err(why) => {
            objection.borrow_mut().get_or_insert(why);
            Err(webpki::Error::UnknownIssuer)
        }
    };
    let result = end_entity.verify_for_usage(
        webpki::ALL_VERIFICATION_ALGS,
        &roots.anchors,
        intermediates,
        unix,
        KeyUsage::server_auth(),
        None,
        Some(&policy),
    );
    match (result, accepted.into_inner()) {
        (Ok(_), Some(path)) => Ok(path),
        (Ok(_), None) => Err(NoPath::Webpki(webpki::Error::UnknownIssuer)),
        (Err(error), _) => Err(objection.into_inner().unwrap_or(NoPath::Webpki(error))),
    }
}

/// The author named this very certificate: it is its own root, and only its validity remains.
fn pinned(leaf: &CertificateDer<'_>, time: Timestamp) -> Result<Path, NoPath> {
    let own = Certificate::parse(leaf)
        .map_err(|why| NoPath::Policy(Problem::new(codes::tls::BAD_CERTIFICATE, why)))?;
    if let Some(weak) = &own.weak_key {
        return Err(NoPath::Policy(weakness(&own, weak)));
    }
    let path = Path {
        certificates: vec![own],
    };
    if path.is_in_date(time) {
        Ok(path)
    } else {
        Err(NoPath::RootOutOfDate)
    }
}

/// What webpki leaves open: keys that are too weak, and roots that are out of date.
fn permitted(
    path: &VerifiedPath<'_>,
    leaf: &CertificateDer<'_>,
    roots: &Roots,
    time: Timestamp,
) -> Result<Path, NoPath> {
    let malformed = |why: String| NoPath::Policy(Problem::new(codes::tls::BAD_CERTIFICATE, why));
    let mut certificates = vec![Certificate::parse(leaf).map_err(malformed)?];
    for issuer in path.intermediate_certificates() {
        certificates.push(Certificate::parse(&issuer.der()).map_err(malformed)?);
    }
    for certificate in &certificates {
        if let Some(weak) = certificate
            .weak_key
            .as_ref()
            .or(certificate.weak_signature.as_ref())
        {
            return Err(NoPath::Policy(weakness(certificate, weak)));
        }
    }
    let mut anchors: Vec<Certificate> = roots
        .certificates_of(path.anchor())
        .filter_map(|certificate| Certificate::parse(certificate).ok())
        .collect();
    anchors.sort_by_key(|anchor| (anchor.not_before <= time, anchor.not_after));
    // A version 1 root or the like: webpki can use what we cannot read, but then nobody checked its age.
    let anchor = anchors
        .pop()
        .ok_or_else(|| malformed("the root of the path cannot be read".to_owned()))?;
    if let Some(weak) = &anchor.weak_key {
        return Err(NoPath::Policy(weakness(&anchor, weak)));
    }
    let in_date = anchor.not_before <= time && time <= anchor.not_after;
    certificates.push(anchor);
    if in_date {
        Ok(Path { certificates })
    } else {
        Err(NoPath::RootOutOfDate)
    }
}

pub(super) fn weakness(certificate: &Certificate, weak: &str) -> Problem {
    let message = format!("`{}` has {weak}", certificate.name());
    Problem::new(codes::tls::WEAK, message)
}

/// Chains are short; a server that sends a long one must not keep us busy.
const MOST_TIMES: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;
    use gonogo_testkit::ca::{Ca, Validity};
    use proptest::prelude::*;

    fn store(ca: &Ca) -> Store {
        Store::new(Roots::new(vec![ca.root_der()], 1).unwrap())
    }

    fn codes(verdict: &ChainVerdict) -> Vec<&str> {
        verdict.problems.iter().map(|p| p.code.code).collect()
    }

    #[test]
    fn what_was_validated_is_still_asked_for_name_and_date() {
        let ca = Ca::with_intermediate();
        let issued = ca.leaf(&["one.test"]).valid(Validity::days(10)).issue();
        let chain = issued.chain();
        let (leaf, above) = chain.split_first().unwrap();
        let store = store(&ca);
        let look = |name: &str, time| {
            let name = ServerName::try_from(name.to_owned()).unwrap();
            verify_chain(leaf, above, &store, &name, time)
        };
        let now = Timestamp::now();
        let later = issued.validity().until;
        let too_late = later + jiff::SignedDuration::from_secs(1);
        let first = look("one.test", now);
        assert_eq!(codes(&first), Vec::<&str>::new());
        let again = look("one.test", later);
        assert!(
            Arc::ptr_eq(&first.path, &again.path),
            "it is not searched again"
        );
        assert_eq!(codes(&look("two.test", now)), ["tls/wrong_name"]);
        assert_eq!(codes(&look("one.test", too_late)), ["tls/expired"]);
        let other = Store::new(Roots::new(vec![Ca::new().root_der()], 1).unwrap());
        let name = ServerName::try_from("one.test").unwrap();
        let verdict = verify_chain(leaf, above, &other, &name, now);
        assert_eq!(codes(&verdict), ["tls/untrusted_root"]);
    }

    #[test]
    fn of_a_renewed_root_the_younger_certificate_counts() {
        // The same name and key, once out of date and once not.
        let (old, new) = Ca::setup("Test").renewed(Validity::ended_days_ago(5), Validity::long(5));
        let issued = new.leaf(&["one.test"]).issue();
        let roots = Roots::new(vec![old.root_der(), new.root_der()], 0).unwrap();
        let name = ServerName::try_from("one.test").unwrap();
        let chain = issued.chain();
        let verdict = verify_chain(&chain[0], &[], &Store::new(roots), &name, Timestamp::now());
        assert_eq!(codes(&verdict), Vec::<&str>::new());
    }

    proptest! {
        #[test]
        fn no_byte_of_a_certificate_can_be_changed(at in any::<prop::sample::Index>(), flip in 1_u8..) {
            let ca = Ca::new();
            let issued = ca.leaf(&["one.test"]).issue();
            let mut bytes = issued.chain()[0].to_vec();
            let place = at.index(bytes.len());
            bytes[place] ^= flip;
            let name = ServerName::try_from("one.test").unwrap();
            let leaf = CertificateDer::from(bytes);
            let verdict = verify_chain(&leaf, &[], &store(&ca), &name, Timestamp::now());
            prop_assert!(!verdict.problems.is_empty(), "byte {place} was changed by {flip}");
        }

        #[test]
        fn no_bytes_make_the_reader_panic(leaf in proptest::collection::vec(any::<u8>(), 0..200), above in proptest::collection::vec(any::<u8>(), 0..200)) {
            let ca = Ca::new();
            let name = ServerName::try_from("one.test").unwrap();
            let (leaf, above) = (CertificateDer::from(leaf), CertificateDer::from(above));
            let verdict = verify_chain(&leaf, &[above], &store(&ca), &name, Timestamp::now());
            prop_assert!(!verdict.problems.is_empty());
        }
    }
}
