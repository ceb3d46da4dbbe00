//! Where trust begins: the certificates of a machine, or of files.

use gonogo_kind::RootsSource;
use gonogo_model::{Fault, codes};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, TrustAnchor};

/// Returns how many certificates this machine trusts by itself, for whoever asks whether it can judge.
///
/// # Errors
///
/// Why there is none, as a lowercase fragment.
pub fn system_roots() -> Result<usize, String> {
    match Roots::load(&RootsSource::system()) {
        Ok(roots) => Ok(roots.anchors.len()),
        Err(fault) => Err(fault.message),
    }
}

/// The certificates that a path may end at; at least one.
#[derive(Debug)]
pub(crate) struct Roots {
    pub(super) anchors: Vec<TrustAnchor<'static>>,
    /// The certificate of each anchor: an anchor by itself forgets its validity.
    certificates: Vec<CertificateDer<'static>>,
    /// How many of them, from the start, the author named in files.
    named: usize,
}

impl Roots {
    /// Reads the certificates of a source. Reads files: not to be called where others wait.
    ///
    /// # Errors
    ///
    /// `tls/no_roots` when a file holds a broken certificate, or there is none at all.
    pub(super) fn load(source: &RootsSource) -> Result<Self, Fault> {
        let mut certificates = Vec::new();
        for (path, bytes) in &source.files {
            for certificate in CertificateDer::pem_slice_iter(bytes) {
                let certificate = certificate.map_err(|error| {
                    let path = path.display();
                    Fault::new(
                        codes::tls::NO_ROOTS,
                        format!("cannot read `{path}`: {error}"),
                    )
                })?;
                certificates.push(certificate);
            }
        }
        let named = certificates.len();
        let mut why = String::new();
        if source.system {
            let found = rustls_native_certs::load_native_certs();
            certificates.extend(found.certs);
            if let Some(error) = found.errors.first() {
                why = format!(": {error}");
            }
        }
        Self::new(certificates, named).ok_or_else(|| {
            Fault::new(
                codes::tls::NO_ROOTS,
                format!("no trusted root was found{why}"),
            )
        })
    }

    /// Returns the roots of these certificates, the first `named` of them from files; none when no
    /// certificate can serve as a root.
    pub(super) fn new(certificates: Vec<CertificateDer<'static>>, named: usize) -> Option<Self> {
        let mut roots = Self {
            anchors: Vec::with_capacity(certificates.len()),
            certificates: Vec::with_capacity(certificates.len()),
            named: 0,
        };
        for (index, certificate) in certificates.into_iter().enumerate() {
            // A machine's store has certificates of all ages; one that cannot be read trusts nobody.
            let Ok(anchor) = webpki::anchor_from_trusted_cert(&certificate) else {
                continue;
            };
            roots.anchors.push(anchor.to_owned());
            roots.certificates.push(certificate);
            if index < named {
                roots.named += 1;
            }
        }
        (!roots.anchors.is_empty()).then_some(roots)
    }

    /// Returns the certificates behind an anchor: a renewed root has several, of the same name and key.
    pub(super) fn certificates_of<'r>(
        &'r self,
        anchor: &'r TrustAnchor<'_>,
    ) -> impl Iterator<Item = &'r CertificateDer<'static>> {
        self.anchors
            .iter()
            .zip(&self.certificates)
            .filter(|(known, _)| {
                known.subject == anchor.subject
                    && known.subject_public_key_info == anchor.subject_public_key_info
            })
            .map(|(_, certificate)| certificate)
    }

    /// Returns whether a file names this very certificate.
    pub(super) fn pins(&self, leaf: &CertificateDer<'_>) -> bool {
        self.certificates
            .iter()
            .take(self.named)
            .any(|certificate| certificate.as_ref() == leaf.as_ref())
    }

    /// Returns whether a root has this subject, as DER with its tag.
    pub(super) fn has_subject(&self, subject: &[u8]) -> bool {
        self.named(subject).next().is_some()
    }

    /// Returns the roots of a subject, as DER with its tag.
    pub(super) fn named<'r>(
        &'r self,
        subject: &'r [u8],
    ) -> impl Iterator<Item = &'r CertificateDer<'static>> {
        // An anchor keeps the inside of the sequence only.
        let is_inside =
            |inside: &[u8]| subject.ends_with(inside) && subject.len() <= inside.len() + 4;
        self.anchors
            .iter()
            .zip(&self.certificates)
            .filter(move |(anchor, _)| is_inside(&anchor.subject))
            .map(|(_, certificate)| certificate)
    }
}
