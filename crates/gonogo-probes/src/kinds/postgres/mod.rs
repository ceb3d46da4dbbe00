//! `postgres`: a PostgreSQL server lets a role in, and is in the state that is expected of it.
//!
//! Everything that is asked runs in read-only transactions that are rolled back; see `sql/` for what
//! keeps a session hermetic and a question harmless.

mod codes;
mod config;
mod facts;
mod faults;
mod probe;
mod status;
#[cfg(test)]
mod tests;

use gonogo_kind::{Example, KindDecl, Looks};

pub(crate) use config::compile;

/// The declaration of `postgres`.
pub(crate) static KIND: KindDecl = KindDecl {
    name: "postgres",
    summary: "A PostgreSQL server lets a role in and answers, with the expected role, version, connections and data.",
    manual: MANUAL,
    looks: Looks::Directly,
    schemes: &["postgres", "postgresql"],
    short: "url",
    fields: config::FIELDS,
    facts: facts::FACTS,
    state: None,
    built_in: facts::BUILT_IN,
    worth: facts::WORTH,
    codes: codes::ALL,
    examples: &[
        Example {
            title: "A primary with room for the new release's connections",
            yaml: "\
postgres: ${database_url}
expect:
  role: primary
  version: at least 15
  connections_used: under 80%
",
        },
        Example {
            title: "A question whose answer must be zero",
            yaml: "\
postgres:
  url: ${database_url}
  query: SELECT count(*) FROM pg_index WHERE NOT indisvalid
expect:
  value: 0
",
        },
        Example {
            title: "Rows that must look alike, over a connection that a private CA vouches for",
            yaml: "\
postgres:
  url: postgres://gate:${gate_password}@db.internal/app
  roots: ca.pem
  query: SELECT name, enabled FROM feature_flags WHERE name LIKE 'checkout%'
expect:
  row_count: 2
  rows: { all: { enabled: true } }
",
        },
    ],
};

const MANUAL: &str = "\
**The URL says everything.** `postgres://user:password@host:5432/database`; a unix socket is
`postgres:///database?host=/run/postgresql&user=app`. The user must be named; the port is 5432 and the
database the one named like the user unless given. No PG* variable, .pgpass or service file plays a
part. The parameters sslmode, sslrootcert, host, port, user, password and dbname are understood,
connect_timeout, application_name and keepalives are taken and change nothing, all others are mistakes.

**Security.** On loopback and unix sockets plain text is the default, everywhere else sslmode=verify-full:
the certificate must be valid for the name, and its root be among `roots`. sslmode=disable, require
(encrypted, with whoever answers) and verify-ca must be asked for; prefer and allow are refused, since
they fall back without a word.

**It only reads.** Every question runs in a transaction that begins READ ONLY, is checked to be so, and
is rolled back. `query` becomes `SELECT row_to_json(...) FROM (query) LIMIT ...`, sent as one statement
of the extended protocol: COPY, SET, BEGIN, or a second statement are errors. A function that acts
outside the transaction (pg_terminate_backend, dblink, an untrusted language) acts if the role may call
it: give the gate a role that can only read. A superuser, a role that may replicate, run programs or
write files on the server is a warning.

**Rows.** The server turns each row into JSON: numbers with all their digits, times in ISO 8601, NULL as
null. `value` is the first column of the first row, absent when there is no row. More than 1,000 rows,
or 8 MiB, are not read whole, so `rows` and `row_count` are then unreadable: let the query count.

**Failed or unknown.** A server that refuses, hangs, is something else, or fails at the query has failed.
A query with a syntax error or one that writes, a table that the role may not read, an answer that is too
large: unknown. `connections` and `connections_used` need pg_read_all_stats (part of pg_monitor): without
it PostgreSQL hides the sessions of others, and they are unreadable, not small.

The server itself cancels a query shortly before the attempt's timeout, also when nobody waits any more.
";
