//! The facts of a TLS session, declared once for every kind that has one.

use gonogo_kind::FactDecl;

/// Declares the facts of a TLS session, each name after a prefix: `session_facts!("tls.")`.
macro_rules! session_facts {
    ($prefix:literal) => {
        $crate::net::tls::session_facts! { $prefix;
            "trusted", Boolean, "Whether the chain leads to a trusted root, validity and name left aside.", "true";
            "name_matches", Boolean, "Whether the certificate is for the name that was asked for.", "true";
            "in_date", Boolean, "Whether every certificate of the chain is valid now, the root included.", "true";
            "expires_in", Duration, "Time until the first certificate of the verified path expires, the root included; negative once it has.", "over 14d";
            "not_after", Time, "End of the validity of the server's certificate.", "'> 2030-01-01T00:00:00Z'";
            "not_before", Time, "Start of the validity of the server's certificate.", "'< 2030-01-01T00:00:00Z'";
            "lifetime", Duration, "How long the server's certificate is valid in all.", "at most 398d";
            "subject", Text, "Whom the server's certificate is for.", "CN=example.com";
            "issuer", Text, "Who signed the server's certificate.", "{ contains: Example CA }";
            "sans", List(&gonogo_kind::FactType::Text), "The names and addresses that the certificate is for.", "{ has: example.com }";
            "serial", Text, "Serial number of the server's certificate, in hexadecimal.", "04a3f1";
            "fingerprint", Text, "SHA-256 of the server's certificate, in hexadecimal.", "{ starts_with: 3f9a }";
            "key_type", Text, "Type of the server's key: rsa, ecdsa, ed25519.", "ecdsa";
            "key_bits", Integer, "Size of the server's key in bits.", "at least 256";
            "signature_algorithm", Text, "How the server's certificate is signed.", "ecdsa-sha256";
            "chain_length", Integer, "Number of certificates that the server sends.", "2";
            "chain", List(&gonogo_kind::FactType::Text), "The subjects of the certificates that the server sends, its own first.", "{ length: 2 }";
            "anchor", Text, "The root at the end of the verified path; absent when there is none.", "{ contains: Example Root }";
            "version", Version, "Version of TLS that was agreed on.", "at least 1.3";
            "cipher", Text, "Cipher suite that was agreed on, by its IANA name.", "TLS_AES_256_GCM_SHA384";
            "alpn", Text, "Protocol that was agreed on inside TLS; absent when none was.", "h2";
        }
    };
    ($prefix:literal; $($name:literal, $ty:ident $(($item:expr))?, $sentence:literal, $example:literal;)*) => {
        [$(gonogo_kind::FactDecl {
            name: concat!($prefix, $name),
            ty: gonogo_kind::FactType::$ty $(($item))?,
            sentence: $sentence,
            example: $example,
        }),*]
    };
}
pub(crate) use session_facts;

/// Joins a kind's own facts with those of a session, for `KindDecl::facts`.
pub(crate) const fn joined<const A: usize, const B: usize, const N: usize>(
    own: [FactDecl; A],
    session: [FactDecl; B],
) -> [FactDecl; N] {
    assert!(A + B == N, "the sum of both lengths");
    let mut all = [own[0]; N];
    let mut index = 0;
    while index < N {
        all[index] = if index < A {
            own[index]
        } else {
            session[index - A]
        };
        index += 1;
    }
    all
}
