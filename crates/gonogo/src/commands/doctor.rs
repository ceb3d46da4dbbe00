//! `gonogo doctor`: is this machine fit to judge?

use std::fs;
use std::path::Path;

use gonogo_report::row;
use gonogo_run::{Refusal, World, raise_descriptors};

use crate::exit::Exit;
use crate::streams::Streams;
use crate::terminal::Terminal;

/// What one look at the machine gave.
struct Finding {
    fit: Fit,
    what: &'static str,
    found: String,
    hint: Option<&'static str>,
}

/// Whether the machine can judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// It can.
    Good,
    /// It can, but something is worth knowing.
    Note,
    /// It cannot judge everything.
    Bad,
}

/// Runs the command.
pub(crate) fn run(terminal: &Terminal, streams: &mut Streams) -> Result<Exit, Refusal> {
    let findings = [
        roots(),
        resolver(),
        descriptors(),
        clock(),
        proxies(),
        ambient(),
    ];
    let width = terminal.size().0;
    for finding in &findings {
        let (mark, color) = match finding.fit {
            Fit::Good => ("good", "\u{1b}[32m"),
            Fit::Note => ("note", "\u{1b}[33m"),
            Fit::Bad => ("bad", "\u{1b}[31m"),
        };
        let found = row(
            width,
            0,
            &[(mark, MARK), (finding.what, WHAT)],
            &finding.found,
        );
        let found = if terminal.color_out {
            found.replacen(mark, &format!("{color}{mark}\u{1b}[0m"), 1)
        } else {
            found
        };
        streams.data(&found);
        if let Some(hint) = finding.hint.filter(|_| finding.fit != Fit::Good) {
            streams.data(&row(width, 0, &[("", MARK + WHAT)], hint));
        }
    }
    let fit = findings.iter().all(|finding| finding.fit != Fit::Bad);
    streams.data(if fit {
        "\nThis machine is fit to judge.\n"
    } else {
        "\nThis machine is not fit to judge everything.\n"
    });
    Ok(if fit { Exit::Done } else { Exit::No })
}

fn roots() -> Finding {
    let hint = Some(
        "Install ca-certificates, or name a file of roots in the gate: tls: { roots: ca.pem }.",
    );
    match gonogo_probes::system_roots() {
        Ok(count) if count > 0 => Finding {
            fit: Fit::Good,
            what: "CA bundle",
            found: format!("{count} trusted roots"),
            hint,
        },
        Ok(_) => Finding {
            fit: Fit::Bad,
            what: "CA bundle",
            found: "no trusted root".to_owned(),
            hint,
        },
        Err(why) => Finding {
            fit: Fit::Bad,
            what: "CA bundle",
            found: why,
            hint,
        },
    }
}

fn resolver() -> Finding {
    let text = fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
    let servers: Vec<&str> = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("nameserver"))
        .map(str::trim)
        .collect();
    let hint = Some(
        "Names cannot be resolved; checks of names will be unknown. Look at /etc/resolv.conf.",
    );
    if servers.is_empty() {
        return Finding {
            fit: Fit::Note,
            what: "resolver",
            found: "no name server in /etc/resolv.conf".to_owned(),
            hint,
        };
    }
    Finding {
        fit: Fit::Good,
        what: "resolver",
        found: servers.join(", "),
        hint,
    }
}

fn descriptors() -> Finding {
    let allowed = raise_descriptors();
    let at_once = allowed.saturating_sub(RESERVED).min(MOST_AT_ONCE);
    let hint = Some("Raise ulimit -n: with few descriptors, checks that hang hold up the others.");
    let fit = if allowed >= ENOUGH {
        Fit::Good
    } else {
        Fit::Note
    };
    Finding {
        fit,
        what: "descriptors",
        found: format!("{allowed}, so {at_once} attempts at once"),
        hint,
    }
}

fn clock() -> Finding {
    let now = (World::real().now)();
    let synchronised = Path::new("/run/systemd/timesync/synchronized").exists();
    let hint = Some("Certificates are judged by this clock; compare it with another one.");
    let (fit, how) = if now.as_second() < BUILT_AFTER {
        (Fit::Bad, "before this program was written")
    } else if synchronised {
        (Fit::Good, "synchronised")
    } else {
        (Fit::Note, "nothing says that it is synchronised")
    };
    Finding {
        fit,
        what: "clock",
        found: format!("{now:.0}, {how}"),
        hint,
    }
}

fn proxies() -> Finding {
    let set: Vec<&str> = PROXIES
        .iter()
        .copied()
        .filter(|name| std::env::var_os(name).is_some())
        .collect();
    let hint = Some("They are not used: a gate that wants a proxy says so in its checks.");
    if set.is_empty() {
        return Finding {
            fit: Fit::Good,
            what: "proxies",
            found: "none in the environment".to_owned(),
            hint,
        };
    }
    Finding {
        fit: Fit::Note,
        what: "proxies",
        found: set.join(", "),
        hint,
    }
}

fn ambient() -> Finding {
    let mut set: Vec<String> = std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| name.starts_with("PG") && name.bytes().all(|b| b.is_ascii_uppercase()))
        .collect();
    set.sort();
    let hint = Some("They are not used: a connection has only what its URL says.");
    if set.is_empty() {
        return Finding {
            fit: Fit::Good,
            what: "PG* settings",
            found: "none in the environment".to_owned(),
            hint,
        };
    }
    Finding {
        fit: Fit::Note,
        what: "PG* settings",
        found: set.join(", "),
        hint,
    }
}

const PROXIES: [&str; 8] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
];
/// Descriptors that the run keeps for itself.
const RESERVED: u64 = 32;
const MOST_AT_ONCE: u64 = 1000;
const ENOUGH: u64 = 1024;
/// 2026-11-01: no clock that is right says less.
const BUILT_AFTER: i64 = 1_793_491_200;

/// How wide the columns are: of the mark, and of what was looked at.
const MARK: usize = 6;
const WHAT: usize = 14;
