//! What `redis` observes, and what it expects by itself.

use gonogo_kind::{BuiltIn, FactDecl, FactType, Hold, TextChoice, Worth};
use gonogo_model::Strength;

use crate::net::tls::{joined, session_facts};

/// The facts.
pub(super) static FACTS: [FactDecl; OWN.len() + SESSION.len()] = joined(OWN, SESSION);

/// The built-in expectations.
pub(super) const BUILT_IN: &[BuiltIn] = &[BuiltIn {
    fact: "answers",
    matcher: "true",
    strength: Strength::Must,
}];

/// What `gonogo add` takes into a new check.
pub(super) const WORTH: &[Worth] = &[Worth::must("role", Hold::Exact)];

const SESSION: [FactDecl; 21] = session_facts!("tls.");

const OWN: [FactDecl; 41] = [
    fact(
        "answers",
        FactType::Boolean,
        "Whether the server let us in and answered PING with PONG.",
        "true",
    ),
    fact(
        "state",
        FactType::Choice(STATES),
        "`ready`, or the name of the failure.",
        "ready",
    ),
    fact(
        "role",
        FactType::Choice(ROLES),
        "Whether the server takes writes, follows another one, or watches over others.",
        "primary",
    ),
    fact(
        "mode",
        FactType::Choice(MODES),
        "How the server runs.",
        "standalone",
    ),
    fact(
        "version",
        FactType::Version,
        "The version of the server, Valkey's own where it is Valkey.",
        "at least 7.0",
    ),
    fact(
        "uptime",
        FactType::Duration,
        "How long the server has been running.",
        "over 1m",
    ),
    fact(
        "loading",
        FactType::Boolean,
        "Whether the server is loading its data set.",
        "false",
    ),
    fact(
        "clients",
        FactType::Integer,
        "The clients that are connected, ours included.",
        "under 500",
    ),
    fact(
        "clients_max",
        FactType::Integer,
        "The clients that may be connected (maxclients); absent before Redis 7.",
        "at least 1000",
    ),
    fact(
        "clients_used",
        FactType::Ratio,
        "clients divided by clients_max.",
        "under 80%",
    ),
    fact(
        "blocked_clients",
        FactType::Integer,
        "The clients that wait in a blocking command such as BLPOP.",
        "under 100",
    ),
    fact(
        "rejected_connections",
        FactType::Integer,
        "The connections refused for maxclients since the server started.",
        "0",
    ),
    fact(
        "memory_used",
        FactType::Size,
        "The memory that the data and the server's own structures take (used_memory).",
        "under 2GiB",
    ),
    fact(
        "memory_max",
        FactType::Size,
        "The memory that it may take (maxmemory); absent without a limit.",
        "at least 1GiB",
    ),
    fact(
        "memory_ratio",
        FactType::Ratio,
        "memory_used divided by memory_max; absent without a limit.",
        "under 80%",
    ),
    fact(
        "eviction_policy",
        FactType::Text,
        "What is evicted when memory runs out (maxmemory_policy).",
        "noeviction",
    ),
    fact(
        "evicted_keys",
        FactType::Integer,
        "The keys evicted for lack of memory since the server started.",
        "0",
    ),
    fact(
        "keys",
        FactType::Integer,
        "The keys in the database of the URL.",
        "at least 1",
    ),
    fact(
        "hit_ratio",
        FactType::Ratio,
        "The share of lookups that found their key since the server started; absent when there were none.",
        "at least 80%",
    ),
    fact(
        "replicas",
        FactType::Integer,
        "The replicas that are connected and in state online.",
        "at least 1",
    ),
    fact(
        "read_only",
        FactType::Boolean,
        "Whether a replica refuses writes; absent on a primary.",
        "true",
    ),
    fact(
        "replication_link",
        FactType::Choice(LINKS),
        "The connection of a replica to its primary; absent on a primary.",
        "up",
    ),
    fact(
        "replication_lag",
        FactType::Duration,
        "On a replica, the time since it last heard from its primary, absent while the link is down; on a primary, the time since the slowest replica last reported, absent without replicas.",
        "under 10s",
    ),
    fact(
        "replication_behind",
        FactType::Size,
        "How far the slowest replica is behind its primary, in bytes; absent on a replica and without replicas.",
        "under 1MiB",
    ),
    fact(
        "rdb_last_save_ok",
        FactType::Boolean,
        "Whether the last snapshot in the background succeeded; true before the first.",
        "true",
    ),
    fact(
        "rdb_last_save_age",
        FactType::Duration,
        "How old the last snapshot is; absent when none was made since the server started.",
        "under 1d",
    ),
    fact(
        "rdb_changes",
        FactType::Integer,
        "The changes since the last snapshot.",
        "under 100000",
    ),
    fact(
        "aof_enabled",
        FactType::Boolean,
        "Whether changes are logged to an append-only file.",
        "true",
    ),
    fact(
        "aof_last_write_ok",
        FactType::Boolean,
        "Whether the last write to the append-only file succeeded.",
        "true",
    ),
    fact(
        "aof_last_rewrite_ok",
        FactType::Boolean,
        "Whether the last rewrite of the append-only file succeeded; true before the first.",
        "true",
    ),
    fact(
        "cluster_state",
        FactType::Choice(CLUSTER_STATES),
        "Whether the cluster serves all of its slots; absent outside a cluster.",
        "ok",
    ),
    fact(
        "cluster_slots_assigned",
        FactType::Integer,
        "The slots that have a node; absent outside a cluster.",
        "16384",
    ),
    fact(
        "cluster_slots_failed",
        FactType::Integer,
        "The slots whose node is down; absent outside a cluster.",
        "0",
    ),
    fact(
        "sentinel_primaries",
        FactType::Integer,
        "The primaries that a sentinel watches; absent elsewhere.",
        "at least 1",
    ),
    fact(
        "tls",
        FactType::Boolean,
        "Whether the connection is encrypted.",
        "true",
    ),
    fact(
        "duration",
        FactType::Duration,
        "From the start of the attempt to the last answer.",
        "under 500ms",
    ),
    fact(
        "timing.resolve",
        FactType::Duration,
        "How long the name took; absent when the URL has an address.",
        "under 50ms",
    ),
    fact(
        "timing.connect",
        FactType::Duration,
        "How long the connection took.",
        "under 50ms",
    ),
    fact(
        "timing.tls",
        FactType::Duration,
        "How long the handshake took; absent on plain text.",
        "under 100ms",
    ),
    fact(
        "timing.login",
        FactType::Duration,
        "How long the login took; absent without a password.",
        "under 50ms",
    ),
    fact(
        "timing.ping",
        FactType::Duration,
        "How long PING took: the latency of the server.",
        "under 10ms",
    ),
];

const fn fact(
    name: &'static str,
    ty: FactType,
    sentence: &'static str,
    example: &'static str,
) -> FactDecl {
    FactDecl {
        name,
        ty,
        sentence,
        example,
    }
}

const fn word(word: &'static str, sentence: &'static str) -> TextChoice {
    TextChoice { word, sentence }
}

const ROLES: &[TextChoice] = &[
    word("primary", "It takes writes."),
    word("replica", "It follows a primary."),
    word("sentinel", "It watches over others and holds no data."),
];

const MODES: &[TextChoice] = &[
    word("standalone", "Alone, or with replicas."),
    word("cluster", "As a node of a cluster."),
    word("sentinel", "As a sentinel."),
];

const LINKS: &[TextChoice] = &[
    word("up", "It hears from its primary."),
    word("down", "It does not; its data are getting old."),
];

const CLUSTER_STATES: &[TextChoice] = &[
    word("ok", "Every slot is served."),
    word("fail", "Some slot is not."),
];

/// The failures that a check may want; the word of a code is its name.
const STATES: &[TextChoice] = &[
    word("ready", "It answers."),
    word("no_auth", "It asks for a password, and we gave none."),
    word("wrong_pass", "It does not accept the password."),
    word("password_not_set", "It has no password, and we gave one."),
    word("protected_mode", "It refuses clients from other machines."),
    word("loading", "It is loading its data set."),
    word("misconf", "It cannot write to its disk."),
    word("read_only", "It refuses writes."),
    word("cluster_down", "Slots of the cluster are not served."),
    word("master_down", "It lost its primary."),
    word("busy", "A script keeps it from answering."),
    word("max_clients", "It has too many clients."),
    word("out_of_memory", "It is out of memory."),
    word("no_such_database", "It lacks the database of the URL."),
    word("needs_tls", "It speaks TLS, and the URL says plain text."),
    word("not_redis", "Something else answers."),
    word("error", "It answers with another error."),
    word("no_such_name", "The host does not exist."),
    word("refused", "Nothing listens."),
    word("reset", "The connection was reset."),
    word("closed", "The connection was closed without an answer."),
    word("timeout", "There was no answer in time."),
    word("not_tls", "It speaks plain text, and the URL says TLS."),
    word("expired", "Its certificate has expired."),
    word("not_yet_valid", "Its certificate is not valid yet."),
    word("wrong_name", "Its certificate is for other names."),
    word("self_signed", "Its certificate is signed by itself."),
    word(
        "untrusted_root",
        "Its certificate leads to an unknown root.",
    ),
    word("missing_intermediate", "It does not send its whole chain."),
    word(
        "client_certificate",
        "It asks for a client certificate, or refuses ours.",
    ),
    word("version", "It speaks only old versions of TLS."),
    word("handshake", "The TLS handshake failed."),
];
