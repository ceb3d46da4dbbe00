//! `tcp`: somebody listens at an address and a port, or nobody does.
//!
//! The connection is made and closed again; with `banner` the first line is read. Every way in which a
//! connection can fail is a word of the fact `state`, so that a closed port can be expected as well as
//! an open one, and is never mistaken for a name that does not exist.

mod codes;
mod config;
mod facts;
mod probe;
#[cfg(test)]
mod tests;

use gonogo_kind::{Example, KindDecl, Looks};

pub(crate) use config::compile;

/// The declaration of `tcp`.
pub(crate) static KIND: KindDecl = KindDecl {
    name: "tcp",
    summary: "A port takes connections, or is closed as it should be.",
    manual: MANUAL,
    looks: Looks::Directly,
    schemes: &["tcp"],
    short: "address",
    fields: config::FIELDS,
    facts: facts::FACTS,
    state: Some("state"),
    built_in: facts::BUILT_IN,
    worth: facts::WORTH,
    codes: codes::ALL,
    examples: &[
        Example {
            title: "The port is open",
            yaml: "tcp: db.example.com:5432\n",
        },
        Example {
            title: "The port answers fast",
            yaml: "tcp: db.example.com:5432\nexpect:\n  connect: under 50ms\n",
        },
        Example {
            title: "The old port is closed, not merely slow",
            yaml: "tcp: db.example.com:5433\nexpect:\n  state: refused\n",
        },
        Example {
            title: "The mail server greets",
            yaml: "tcp: mail.example.com:25\nexpect:\n  banner: { starts_with: '220 ' }\n",
        },
        Example {
            title: "The service answers a question of one line",
            yaml: "tcp:\n  address: cache.example.com:11211\n  send: \"version\\r\\n\"\nexpect:\n  banner: { starts_with: VERSION }\n",
        },
    ],
};

const MANUAL: &str = "\
The name is resolved as this machine does it (`/etc/hosts` and search domains included), once a round.
Its addresses race, 250 ms apart and at most 32 of them (RFC 8305); the first that takes the connection
decides, and `address` names it. An address that leads nowhere does not eat the time of the others.

`state` is `open`, or the way in which the connection failed. `refused`, `reset`, `timeout` and
`no_such_name` fail the check, unless it expects them: `state: refused` wants a port that is closed and is
not met by a firewall that drops packets, which is `timeout`. A machine without a route to the address
(`unreachable`), a resolver that does not answer and a lack of descriptors are ours: the check is unknown.

`banner` is read only when an expectation looks at it, `banner: true` stands in the check, or there is
something to `send`. It ends with the first line, after 4 KiB, when the server closes, or when it
pauses for 250 ms; the end of the line is not part of it. A server that takes the
connection and then says nothing fails the check with `net/timeout` in phase `banner`, though it is `open`.
";
