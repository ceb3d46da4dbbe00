//! The codes of `dns`.

use gonogo_model::CodeDecl;

/// The name does not exist.
pub(super) const NXDOMAIN: &CodeDecl = &CodeDecl::subject(
    "dns/nxdomain",
    "The name does not exist.",
    "Check the spelling and the zone; a record that was just added takes up to the negative TTL of the zone to show.",
);
/// The name exists, but has no record of the type.
pub(super) const NO_DATA: &CodeDecl = &CodeDecl::subject(
    "dns/no_data",
    "The name exists, but has no record of the type.",
    "Add the record to the zone, or ask for the type that is there.",
);
/// The records say that the service is not offered.
pub(super) const NOT_OFFERED: &CodeDecl = &CodeDecl::subject(
    "dns/not_offered",
    "The records say that the service is not offered (a target of `.`).",
    "If the domain should offer the service, replace the record; a null MX refuses all mail.",
);
/// The aliases lead in a circle, or through too many names.
pub(super) const CNAME_LOOP: &CodeDecl = &CodeDecl::subject(
    "dns/cname_loop",
    "The aliases lead in a circle, or through too many names.",
    "Follow the CNAME records in the message and point the last one at a name with an address.",
);
/// The server does not have the zone and refers to others.
pub(super) const REFERRAL: &CodeDecl = &CodeDecl::subject(
    "dns/referral",
    "The server does not have the zone and refers to others.",
    "Ask one of the servers it names, or load the zone on this one.",
);
/// The named server could not answer.
pub(super) const SERVFAIL: &CodeDecl = &CodeDecl::subject(
    "dns/servfail",
    "The named server could not answer.",
    "Look at the log of the server: a zone that did not load, servers behind it that do not answer, or a broken DNSSEC signature.",
);
/// The named server refuses to answer us.
pub(super) const REFUSED: &CodeDecl = &CodeDecl::subject(
    "dns/refused",
    "The named server refuses to answer us.",
    "Does it serve this zone, and does its access list allow this machine?",
);
/// The named server says that it cannot read the question.
pub(super) const FORMERR: &CodeDecl = &CodeDecl::subject(
    "dns/formerr",
    "The named server says that it cannot read the question.",
    "It may be very old or no DNS server at all.",
);
/// The named server does not support the question.
pub(super) const NOTIMP: &CodeDecl = &CodeDecl::subject(
    "dns/notimp",
    "The named server does not support the question.",
    "Ask another server, or for another type.",
);
/// The named server answered with another error.
pub(super) const OTHER_RCODE: &CodeDecl = &CodeDecl::subject(
    "dns/other_rcode",
    "The named server answered with another error.",
    "The message carries the rcode; RFC 6895 lists their meanings.",
);
/// The named server did not answer in time.
pub(super) const TIMEOUT: &CodeDecl = &CodeDecl::subject(
    "dns/timeout",
    "The named server did not answer in time.",
    "Is it running, does a firewall drop port 53, is the address right?",
);
/// What the named server sent is not a DNS answer.
pub(super) const GARBAGE: &CodeDecl = &CodeDecl::subject(
    "dns/garbage",
    "What the named server sent is not a DNS answer.",
    "Is it a DNS server that listens at this address and port?",
);
/// The resolver of this machine answered with an error of its own.
pub(super) const RESOLVER_RCODE: &CodeDecl = &CodeDecl::ours(
    "dns/resolver_rcode",
    "The resolver of this machine answered with an error of its own.",
    "Nothing is known about the zone: ask its own server with `server:`, and look at the resolver that /etc/resolv.conf names.",
);

/// Every code of this kind.
pub(super) const ALL: &[&CodeDecl] = &[
    NXDOMAIN,
    NO_DATA,
    NOT_OFFERED,
    CNAME_LOOP,
    REFERRAL,
    SERVFAIL,
    REFUSED,
    FORMERR,
    NOTIMP,
    OTHER_RCODE,
    TIMEOUT,
    GARBAGE,
    RESOLVER_RCODE,
];
