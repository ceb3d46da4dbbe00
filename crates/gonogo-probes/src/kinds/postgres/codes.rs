//! The codes of `postgres`.

use gonogo_model::CodeDecl;

/// The server does not let the role in.
pub(super) const LOGIN_REFUSED: &CodeDecl = &CodeDecl::subject(
    "postgres/login_refused",
    "The server does not let the role in: wrong password, no such role, or no line of pg_hba.conf.",
    "Compare user and password of the URL with the server; its log says which of the three it is.",
)
.permanent();
/// The server failed at the login.
pub(super) const LOGIN_FAILED: &CodeDecl = &CodeDecl::subject(
    "postgres/login_failed",
    "The server, or a pooler before it, failed at the login without refusing the role.",
    "The message carries the words of the server and the SQLSTATE; its log says more.",
);
/// The database does not exist.
pub(super) const NO_SUCH_DATABASE: &CodeDecl = &CodeDecl::subject(
    "postgres/no_such_database",
    "The database does not exist on this server.",
    "Is the name in the URL right, and is this the right server? A URL without a database means the one named like the role.",
)
.permanent();
/// The server is starting up, or recovering.
pub(super) const STARTING: &CodeDecl = &CodeDecl::subject(
    "postgres/starting",
    "The server is starting up or recovering, and takes no connections yet.",
    "Wait for it, with retry or --wait; its log shows how far recovery is.",
);
/// The server is shutting down, or an administrator ended the session.
pub(super) const SHUTTING_DOWN: &CodeDecl = &CodeDecl::subject(
    "postgres/shutting_down",
    "The server is shutting down, or an administrator ended the session.",
    "Is a restart, a failover or maintenance under way?",
);
/// All connections are taken.
pub(super) const TOO_MANY_CONNECTIONS: &CodeDecl = &CodeDecl::subject(
    "postgres/too_many_connections",
    "All connections that the server, the database or the role may have are taken.",
    "Look for a pool that is too large or leaks; pg_stat_activity shows who holds them.",
);
/// The server does not speak TLS.
pub(super) const NO_TLS: &CodeDecl = &CodeDecl::subject(
    "postgres/no_tls",
    "The server does not speak TLS, and the connection must be secured.",
    "Set `ssl = on` on the server, or say sslmode=disable in the URL if plain text is meant.",
)
.permanent();
/// What answers is not PostgreSQL.
pub(super) const NOT_POSTGRES: &CodeDecl = &CodeDecl::subject(
    "postgres/not_postgres",
    "What answers at the address does not speak the protocol of PostgreSQL.",
    "Is it the right port, and does a proxy in between speak something else?",
);
/// The server refused a question or failed at it.
pub(super) const QUERY_FAILED: &CodeDecl = &CodeDecl::subject(
    "postgres/query_failed",
    "The server failed at the query: a table or function is missing, a lock is held, data is damaged.",
    "The message carries the server's words and the SQLSTATE.",
);
/// The query is no query.
pub(super) const BAD_QUERY: &CodeDecl = &CodeDecl::ours(
    "postgres/bad_query",
    "The query is not one SELECT, or tries to write: that is a mistake in the gate file.",
    "It is put into `SELECT ... FROM (query)`, in a read-only transaction: SELECT, VALUES or WITH, one statement.",
)
.permanent();
/// The role may not read what the query reads.
pub(super) const MISSING_GRANT: &CodeDecl = &CodeDecl::ours(
    "postgres/missing_grant",
    "The role may not read what is asked for.",
    "Grant it SELECT, or pg_read_all_stats (part of pg_monitor) for the connections of others.",
)
.permanent();
/// The server did not finish the query in time.
pub(super) const QUERY_TIMEOUT: &CodeDecl = &CodeDecl::subject(
    "postgres/query_timeout",
    "The query took too long, and was cancelled on the server.",
    "Does it wait for a lock, or lack an index? Raise timeout only if it is known to take longer.",
);
/// The transaction is not read-only.
pub(super) const NOT_READ_ONLY: &CodeDecl = &CodeDecl::ours(
    "postgres/not_read_only",
    "The server does not keep the transaction read-only, so nothing was asked.",
    "What answers is not PostgreSQL itself; ask the server behind the proxy.",
)
.permanent();
/// The answer is too large.
pub(super) const ANSWER_TOO_LARGE: &CodeDecl = &CodeDecl::ours(
    "postgres/answer_too_large",
    "The answer has more than 1,000 rows or 8 MiB, so it was not read whole.",
    "Let the query count or aggregate, or give it a LIMIT.",
)
.permanent();
/// The rows cannot be understood.
pub(super) const BAD_ROWS: &CodeDecl = &CodeDecl::ours(
    "postgres/bad_rows",
    "The rows cannot be understood in one way only, mostly since two columns have one name.",
    "Name the columns apart with AS.",
)
.permanent();
/// The server hides a setting that every server has.
pub(super) const UNREADABLE: &CodeDecl = &CodeDecl::ours(
    "postgres/unreadable",
    "The server answers, but does not tell the fact.",
    "It may be a database that only resembles PostgreSQL.",
);

/// Every code of this kind.
pub(super) const ALL: &[&CodeDecl] = &[
    LOGIN_REFUSED,
    LOGIN_FAILED,
    NO_SUCH_DATABASE,
    STARTING,
    SHUTTING_DOWN,
    TOO_MANY_CONNECTIONS,
    NO_TLS,
    NOT_POSTGRES,
    QUERY_FAILED,
    BAD_QUERY,
    MISSING_GRANT,
    QUERY_TIMEOUT,
    NOT_READ_ONLY,
    ANSWER_TOO_LARGE,
    BAD_ROWS,
    UNREADABLE,
];
