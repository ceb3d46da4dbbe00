//! `dns`: what a name resolves to, as a DNS server says it.
//!
//! The question goes out over own sockets and the answer is read raw: its flags, its TTLs and its
//! rcode are facts, and a resolver in between would hide all three. Only hickory's message types are
//! used; its resolver retries, caches and reads `/etc/hosts`, none of which a gate may rely on.

mod answer;
mod codes;
mod config;
mod exchange;
mod facts;
mod name;
mod probe;
#[cfg(test)]
mod tests;

use gonogo_kind::{Example, KindDecl, Looks};

pub(crate) use config::compile;

/// The declaration of `dns`.
pub(crate) static KIND: KindDecl = KindDecl {
    name: "dns",
    summary: "A name has the DNS records it should have.",
    manual: MANUAL,
    looks: Looks::Directly,
    schemes: &["dns"],
    short: "name",
    fields: config::FIELDS,
    facts: facts::FACTS,
    state: Some("rcode"),
    built_in: facts::BUILT_IN,
    worth: facts::WORTH,
    codes: codes::ALL,
    examples: &[
        Example {
            title: "The name resolves",
            yaml: "dns: api.example.com\n",
        },
        Example {
            title: "It points at the new load balancer, and clients forget the old one soon",
            yaml: "dns: api.example.com\nexpect:\n  answers: [192.0.2.10, 192.0.2.11]\n  ttl: at most 5m\n",
        },
        Example {
            title: "The zone's own server has the mail record",
            yaml: "dns:\n  name: example.com\n  type: MX\n  server: 192.0.2.53\nexpect:\n  authoritative: true\n  answers: { has: 10 mail.example.com }\n",
        },
        Example {
            title: "The old name is gone",
            yaml: "dns: old.example.com\nexpect:\n  rcode: nxdomain\n",
        },
    ],
};

const MANUAL: &str = "\
The name is absolute: no search domain is tried, `/etc/hosts` is not read, nothing is cached, and each
look asks again. An answer that was truncated over UDP is asked for again over TCP (RFC 1035, with EDNS
of 1232 bytes, RFC 6891). Up to 16 aliases are followed.

`server: system` asks the servers of `/etc/resolv.conf`, one after another. What they say about the
name is the zone's word (`nxdomain`, no records: failed); when they fail themselves (silence, `servfail`,
`refused`) nothing is known about the zone, and the check is unknown. With a `server:` of your own that
server is a subject too, and its silence fails the check. To see whether a change has reached every
server of a zone, ask each one with an `each`.

`answers` are the records of the asked type at the end of the chain of aliases, in the presentation
form of zone files: `192.0.2.1`, `10 mail.example.com`, `5 0 5060 sip.example.com`, the strings of a TXT
record joined, `0 issue \"ca.example\"`. Names are in lower case and without the final dot.
`ttl` is the least TTL of the answers and of the aliases that lead to them, as it was sent: a caching
server sends what is left of it, so ask the zone's own server for the configured value.

A name that exists without a record of the type fails with `dns/no_data`; `answer_count: 0` expects
exactly that. A service that is declared not to exist (an MX of `0 .`, an SRV target of `.`) fails with
`dns/not_offered`; `offered: false` expects exactly that.";
