//! Hermetic database sessions: read-only, with deadlines, and nothing taken from the environment.
//!
//! PostgreSQL: [`Target`] is what a URL says, [`Session`] a logged-in connection. Every question is
//! asked inside a transaction of its own that is read-only by its first word, proved to be so before
//! anything else is asked, and rolled back. Settings are local to that transaction: a pooler hands the
//! connection to others afterwards, and `default_transaction_read_only` of the server stays visible as
//! the fact it is. A question carries the server's own `statement_timeout`, a little shorter than what
//! is left of the attempt: it ends on the server even when nobody is there to cancel it any more.
//!
//! # Invariants
//!
//! - No environment variable, password file or service file changes where a session goes or how it
//!   logs in; the startup message is ours to the last byte.
//! - Roots that a gate names replace the machine's; no other code than `net/` judges a certificate.
//! - What a server sends is bounded in size, and checked before sqlx sees it.
//! - Nothing runs on when an attempt ends: no task is detached.

mod bridge;
mod error;
mod guard;
mod rows;
mod session;
mod sqlite;
mod url;

pub(crate) use error::{ServerError, SqlError, Stage, shortened};
pub(crate) use rows::{MAX_ROWS, Rows};
pub(crate) use session::{Opened, SearchPath, Session};
pub(crate) use sqlite::{Answer, SqliteError, SqliteFile};
pub(crate) use url::Target;
