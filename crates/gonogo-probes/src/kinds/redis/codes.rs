//! The codes of `redis`.

use gonogo_model::CodeDecl;

/// The server asks for a password, and the URL has none.
pub(super) const NO_AUTH: &CodeDecl = &CodeDecl::subject(
    "redis/no_auth",
    "The server asks for a password, and the URL has none.",
    "Put user and password into the URL, from a secret: redis://user:password@host:6379.",
)
.permanent();
/// The server does not accept the password.
pub(super) const WRONG_PASS: &CodeDecl = &CodeDecl::subject(
    "redis/wrong_pass",
    "The server does not accept the password, or the user is disabled or unknown.",
    "Compare the secret with requirepass or ACL LIST on the server; a URL without a user means the user `default`.",
)
.permanent();
/// The URL has a password, and the server lets everybody in.
pub(super) const PASSWORD_NOT_SET: &CodeDecl = &CodeDecl::subject(
    "redis/password_not_set",
    "The URL has a password, but the server has none: it lets everybody in.",
    "Set requirepass or an ACL on the server; if it is meant to be open, take the password out of the URL.",
)
.permanent();
/// The user may not run a command that the check needs.
pub(super) const NO_PERMISSION: &CodeDecl = &CodeDecl::ours(
    "redis/no_permission",
    "The user may not run a command that the check needs.",
    "Grant it: ACL SETUSER name +ping +info (and +cluster|info on a cluster, +select with a database in the URL).",
)
.permanent();
/// The server is loading its data set and does not answer yet.
pub(super) const LOADING: &CodeDecl = &CodeDecl::subject(
    "redis/loading",
    "The server is loading its data set and does not answer yet.",
    "Wait for it, with retry or --wait; INFO persistence shows loading_eta_seconds.",
);
/// The server cannot write to its disk and refuses writes.
pub(super) const MISCONF: &CodeDecl = &CodeDecl::subject(
    "redis/misconf",
    "The server cannot write to its disk and refuses writes.",
    "Look at its log: a full disk, missing rights on its folder, or no memory for the fork (vm.overcommit_memory).",
);
/// The server is a replica and refuses writes.
pub(super) const READ_ONLY: &CodeDecl = &CodeDecl::subject(
    "redis/read_only",
    "The server is a replica and refuses writes.",
    "Point the URL at the primary, or look whether a failover is under way.",
);
/// The slots of the cluster are not all served.
pub(super) const CLUSTER_DOWN: &CodeDecl = &CodeDecl::subject(
    "redis/cluster_down",
    "The cluster does not serve all of its slots.",
    "CLUSTER INFO and CLUSTER NODES show which slots or nodes are missing.",
);
/// The replica lost its primary and does not answer with stale data.
pub(super) const MASTER_DOWN: &CodeDecl = &CodeDecl::subject(
    "redis/master_down",
    "The replica lost its primary and does not answer with stale data.",
    "Is the primary running, and can the replica reach and log in to it?",
);
/// A script or function keeps the server from answering.
pub(super) const BUSY: &CodeDecl = &CodeDecl::subject(
    "redis/busy",
    "A script or function keeps the server from answering.",
    "SCRIPT KILL or FUNCTION KILL ends one that has not written yet.",
);
/// The server has as many clients as it allows.
pub(super) const MAX_CLIENTS: &CodeDecl = &CodeDecl::subject(
    "redis/max_clients",
    "The server has as many clients as it allows.",
    "Look for a pool that is too large or leaks (CLIENT LIST), or raise maxclients.",
);
/// The server is out of memory.
pub(super) const OUT_OF_MEMORY: &CodeDecl = &CodeDecl::subject(
    "redis/out_of_memory",
    "The server uses more than maxmemory and may evict nothing.",
    "Raise maxmemory, or choose a policy (maxmemory-policy) that evicts.",
);
/// The server refuses clients from other machines.
pub(super) const PROTECTED_MODE: &CodeDecl = &CodeDecl::subject(
    "redis/protected_mode",
    "The server is in protected mode: it has no password and refuses clients from other machines.",
    "Set a password or an ACL, and bind the address it is to be reached at.",
)
.permanent();
/// The database of the URL does not exist.
pub(super) const NO_SUCH_DATABASE: &CodeDecl = &CodeDecl::subject(
    "redis/no_such_database",
    "The database of the URL does not exist on this server.",
    "A server has 16 databases unless `databases` says otherwise, a cluster only number 0.",
)
.permanent();
/// The server wants TLS.
pub(super) const NEEDS_TLS: &CodeDecl = &CodeDecl::subject(
    "redis/needs_tls",
    "The port speaks TLS, and the URL says plain text.",
    "Write rediss:// for a port that speaks TLS.",
)
.permanent();
/// What answers is not Redis.
pub(super) const NOT_REDIS: &CodeDecl = &CodeDecl::subject(
    "redis/not_redis",
    "What answers at the address does not speak the protocol of Redis.",
    "Is it the right port? 6379 is the default, 26379 that of a sentinel.",
);
/// The server answers with another error.
pub(super) const ERROR: &CodeDecl = &CodeDecl::subject(
    "redis/error",
    "The server answers with an error that has no code of its own here.",
    "The message carries the server's words.",
);
/// A field of INFO is not what it should be.
pub(super) const BAD_INFO: &CodeDecl = &CodeDecl::ours(
    "redis/bad_info",
    "A field of INFO is not what it should be, so the fact cannot be read.",
    "The message carries the field; a proxy or another implementation may write it in its own way.",
)
.permanent();

/// Every code of this kind.
pub(super) const ALL: &[&CodeDecl] = &[
    NO_AUTH,
    WRONG_PASS,
    PASSWORD_NOT_SET,
    NO_PERMISSION,
    LOADING,
    MISCONF,
    READ_ONLY,
    CLUSTER_DOWN,
    MASTER_DOWN,
    BUSY,
    MAX_CLIENTS,
    OUT_OF_MEMORY,
    PROTECTED_MODE,
    NO_SUCH_DATABASE,
    NEEDS_TLS,
    NOT_REDIS,
    ERROR,
    BAD_INFO,
];
