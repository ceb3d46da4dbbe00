//! `redis`: a Redis or Valkey server answers, and is as it should be.
//!
//! The connection is the shared one of `net`, so that names, deadlines and trust are those of every
//! other kind. On it run AUTH, PING, SELECT when the URL names a database, INFO, and CLUSTER INFO on a
//! cluster: nothing is written, and nothing is read that belongs to an application.

mod codes;
mod config;
mod facts;
mod info;
mod probe;
mod refusal;
#[cfg(test)]
mod tests;
mod wire;

use gonogo_kind::{Example, KindDecl, Looks};

pub(crate) use config::compile;

/// The declaration of `redis`.
pub(crate) static KIND: KindDecl = KindDecl {
    name: "redis",
    summary: "A Redis or Valkey server answers, and is as it should be.",
    manual: MANUAL,
    looks: Looks::Directly,
    schemes: &["redis", "rediss"],
    short: "url",
    fields: config::FIELDS,
    facts: &facts::FACTS,
    state: Some("state"),
    built_in: facts::BUILT_IN,
    worth: facts::WORTH,
    codes: codes::ALL,
    examples: &[
        Example {
            title: "It lets us in and answers",
            yaml: "redis: ${redis_url}\n",
        },
        Example {
            title: "It takes writes, has memory and connections left, and its snapshots are fresh",
            yaml: "redis: ${redis_url}\nexpect:\n  role: primary\n  memory_ratio: under 80%\n  clients_used: under 80%\n  rdb_last_save_ok: true\n  rdb_last_save_age: under 1h\nshould:\n  timing.ping: under 5ms\n",
        },
        Example {
            title: "The replica follows its primary",
            yaml: "redis: rediss://replica.example.com:6380\nexpect:\n  role: replica\n  replication_link: up\n  replication_lag: under 15s\n",
        },
        Example {
            title: "Nobody gets in without a password",
            yaml: "redis: redis://cache.example.com\nexpect:\n  state: no_auth\n",
        },
    ],
};

const MANUAL: &str = "\
The check logs in, sends PING, and reads INFO once; on a cluster also CLUSTER INFO, and with a database in
the URL it selects it. It never writes. PONG alone is no readiness: a server that is loading, busy, out
of disk, or cut off from its primary fails with its own code, also where it says so only in INFO.

A user of its own needs little:

    ACL SETUSER gonogo on >password +ping +info

and `+cluster|info` on a cluster, `+select` with a database in the URL. Without `+info` the server's facts
are unreadable (`redis/no_permission`), and a check that expects one of them is unknown, not failed.

`redis://` is plain text and `rediss://` is TLS, fully verified; neither falls back to the other. A
password stands in the URL, percent-encoded, and comes from a secret. A password for a server that has
none fails too (`redis/password_not_set`): the server lets everybody in.

A fact that a server does not have is absent, and an expectation on it fails: `memory_ratio` without
`maxmemory`, `hit_ratio` before the first lookup, `replication_link` on a primary, `rdb_last_save_age` while no
snapshot was made since the start.";
