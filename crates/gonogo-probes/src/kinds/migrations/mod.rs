//! `migrations`: what a release brings along is what the database went through.
//!
//! Three inputs make the answer: the files on disk, the rows of the ledger, and the rules of the tool
//! (`frameworks/`). The tools' own status commands are never called: most of them write to the
//! database, exit 0 with migrations pending, or miss a changed file. The comparison (`compare.rs`) is
//! pure and knows no tool and no database.

mod codes;
mod compare;
mod config;
mod disk;
mod facts;
mod frameworks;
mod ledger;
mod postgres;
mod probe;
mod sqlite;
#[cfg(test)]
mod tests;

use gonogo_kind::{Example, KindDecl, Looks};

pub(crate) use config::compile;

/// The declaration of `migrations`.
pub(crate) static KIND: KindDecl = KindDecl {
    name: "migrations",
    summary: "Every migration of the release is applied to the database, unchanged, and none is half done.",
    manual: MANUAL,
    looks: Looks::AtEvidence,
    schemes: &[],
    short: "url",
    fields: config::FIELDS,
    facts: facts::FACTS,
    state: Some("state"),
    built_in: facts::BUILT_IN,
    worth: facts::WORTH,
    codes: codes::ALL,
    examples: &[
        Example {
            title: "After the migration step: everything is applied",
            yaml: "\
migrations:
  url: ${database_url}
  tool: sqlx
  dir: migrations
",
        },
        Example {
            title: "Before it: exactly what was reviewed is pending, and nothing else is wrong",
            yaml: "\
migrations:
  url: ${database_url}
  tool: sqlx
  dir: migrations
expect:
  state: pending
  pending: [\"20260102000000\"]
",
        },
        Example {
            title: "An SQLite file",
            yaml: "\
migrations:
  url: sqlite:///srv/app/app.db
  tool: sqlx
  dir: migrations
",
        },
    ],
};

const MANUAL: &str = "\
The files in `dir` are compared with the ledger that the tool keeps in the database. Both are only read:
PostgreSQL in a read-only transaction that is rolled back, an SQLite file without leaving as much as a
lock beside it. The tool itself is never called.

`state` is the worst state that any migration is in: failed, modified, missing_on_disk, out_of_order,
pending, or applied. A check that expects one of the others (`state: pending` before the migration step,
`state: missing_on_disk` after a rollback) is content with that one and no other.

A ledger that is absent or empty while there are files on disk means that all of them are pending. Neither
files nor rows prove nothing: unknown. A ledger that the role may not read, that is locked, that is in
several schemas, or a database that cannot be reached: unknown, never *nothing applied*.

**sqlx**: files named `<version>_<description>.sql` or `.up.sql`, ledger `_sqlx_migrations`. The digest is
over the bytes of the file, so a checkout with other line endings counts as modified; the hint says when
that is all. `ignored-chars` of sqlx.toml is not known. A release that carries its migrations inside the
binary brings no files: check out the folder it was built from.
";
