//! Codes of names and connections, whatever the kind: `net/...`.

use super::CodeDecl;

/// The name does not exist, or has no address.
pub const NO_SUCH_NAME: &CodeDecl = &CodeDecl::subject(
    "net/no_such_name",
    "The name does not exist, or has no address.",
    "Check the spelling, the DNS record and the search domain of this machine.",
);
/// The resolver of this machine did not answer.
pub const RESOLVER: &CodeDecl = &CodeDecl::ours(
    "net/resolver",
    "The resolver of this machine did not answer.",
    "Look at /etc/resolv.conf and at the resolver; gonogo doctor shows both.",
);
/// Nothing listens at the address, or a firewall rejects the connection.
pub const REFUSED: &CodeDecl = &CodeDecl::subject(
    "net/refused",
    "Nothing listens at the address, or a firewall rejects the connection.",
    "Is the service running, and does it listen on this address and port?",
);
/// The other side reset the connection.
pub const RESET: &CodeDecl = &CodeDecl::subject(
    "net/reset",
    "The other side reset the connection.",
    "Look at the log of the service; a crash, a full backlog or a proxy in between does this.",
);
/// The other side did not answer in time.
pub const TIMEOUT: &CodeDecl = &CodeDecl::subject(
    "net/timeout",
    "The other side did not answer in time.",
    "Is the address right, does a firewall drop packets, is the service overloaded? A longer timeout is the last thing to try.",
);
/// The other side closed the connection before it answered.
pub const CLOSED: &CodeDecl = &CodeDecl::subject(
    "net/closed",
    "The other side closed the connection before it answered.",
    "Look at the log of the service; it may speak another protocol on this port.",
);
/// There is no route from this machine to the address.
pub const UNREACHABLE: &CodeDecl = &CodeDecl::ours(
    "net/unreachable",
    "There is no route from this machine to the address.",
    "Look at the routes, the VPN and the address family of this machine.",
);
/// This machine forbids the connection.
pub const DENIED: &CodeDecl = &CodeDecl::ours(
    "net/denied",
    "This machine forbids the connection.",
    "A local firewall or sandbox refused the system call.",
);
/// This machine ran out of file descriptors, ports or memory for sockets.
pub const NO_DESCRIPTORS: &CodeDecl = &CodeDecl::ours(
    "net/no_descriptors",
    "This machine ran out of file descriptors, ports or memory for sockets.",
    "Raise ulimit -n, or run fewer jobs at once with --jobs.",
)
.requeue();
/// The connection failed in a way that has no code of its own.
pub const IO: &CodeDecl = &CodeDecl::ours(
    "net/io",
    "The connection failed in a way that has no code of its own.",
    "The message carries the words of the operating system.",
);

/// Every code of this area.
pub const ALL: &[&CodeDecl] = &[
    NO_SUCH_NAME,
    RESOLVER,
    REFUSED,
    RESET,
    TIMEOUT,
    CLOSED,
    UNREACHABLE,
    DENIED,
    NO_DESCRIPTORS,
    IO,
];
