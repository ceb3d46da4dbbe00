//! Environment files: names only. A value decides at most of which kind its name is.

use std::collections::BTreeMap;

use super::http_check;
use crate::add::holds_secret;
use crate::folder::{Folder, name};
use crate::names;
use crate::sketch::{Check, Place, Sketch};

/// Looks at every environment file.
pub(super) fn look(folder: &Folder, sketch: &mut Sketch) {
    for path in folder
        .files
        .iter()
        .filter(|path| is_environment_file(name(path)))
    {
        if let Some(text) = folder.read(path, sketch) {
            file(path, &text, sketch);
        }
    }
}

fn is_environment_file(name: &str) -> bool {
    name == ".env" || name == ".envrc" || name.starts_with(".env.") || name.ends_with(".env")
}

/// A line of the file: its number, and what is known of the value.
struct Assignment<'t> {
    line: usize,
    value: &'t str,
}

fn file(path: &str, text: &str, sketch: &mut Sketch) {
    let mut found: BTreeMap<&str, Assignment<'_>> = BTreeMap::new();
    let mut order = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, value)) = line.split_once('=') else {
            continue;
        };
        let name = name.trim();
        if line.starts_with('#') || !names::is_environment(name) {
            continue;
        }
        let value = value.trim().trim_matches(['"', '\'']);
        if !found.contains_key(name) {
            order.push(name);
        }
        found.insert(
            name,
            Assignment {
                line: at + 1,
                value,
            },
        );
    }
    let mut others = 0_usize;
    let ports: Vec<String> = order
        .iter()
        .filter_map(|name| match target(name, "", &found) {
            Target::Port(port) => port,
            _ => None,
        })
        .collect();
    for name in order {
        if ports.iter().any(|port| port == name) {
            continue;
        }
        let Some(assignment) = found.get(name) else {
            continue;
        };
        let place = Place::new(path, assignment.line);
        match target(name, assignment.value, &found) {
            Target::None => others += 1,
            target => take(name, target, &place, sketch),
        }
    }
    if others > 0 {
        let names = if others == 1 {
            "name says"
        } else {
            "names say"
        };
        let words = format!("{others} other {names} nothing about a target");
        sketch.note(&Place::new(path, 0), &words);
    }
}

/// What a name is about.
enum Target {
    /// A database by its URL.
    Data(&'static str),
    /// A URL of HTTP, the address in it, to know what is looked at already, and whether it is a secret.
    Http(Option<String>, bool),
    /// A host, and the name of its port.
    Port(Option<String>),
    /// A URL of which no kind knows anything, or that is not to be asked.
    Unknown(&'static str),
    None,
}

fn target(name: &str, value: &str, all: &BTreeMap<&str, Assignment<'_>>) -> Target {
    let upper = name.to_ascii_uppercase();
    let scheme = value.split_once("://").map(|(scheme, _)| scheme);
    if let Some(stem) = upper.strip_suffix("_HOST") {
        let port = [format!("{stem}_PORT"), format!("{stem}_TCP_PORT")];
        let port = port
            .into_iter()
            .find(|port| all.contains_key(port.as_str()));
        return Target::Port(port);
    }
    let is_url = upper.ends_with("_URL") || upper.ends_with("_URI") || upper.ends_with("_DSN");
    if !(is_url || upper == "URL" && scheme.is_some()) {
        return Target::None;
    }
    let has = |words: &[&str]| words.iter().any(|word| upper.contains(word));
    match scheme {
        Some("postgres" | "postgresql") => Target::Data("postgres"),
        Some("redis" | "rediss") => Target::Data("redis"),
        Some("http" | "https") if has(&NOT_ASKED) => {
            Target::Unknown("a URL that is sent to, not asked")
        }
        Some("http" | "https") => Target::Http(address(value), holds_secret(value)),
        Some(_) => Target::Unknown("a URL that no kind knows yet"),
        None if has(&NOT_ASKED) => Target::Unknown("a URL that is sent to, not asked"),
        None if has(&["REDIS", "VALKEY"]) => Target::Data("redis"),
        None if has(&["DATABASE", "POSTGRES", "PG_", "DB_"]) => Target::Data("postgres"),
        None if has(&OTHER_SERVERS) => Target::Unknown("a URL that no kind knows yet"),
        None if upper.ends_with("_URL") => Target::Http(None, false),
        None => Target::Unknown("a URL that no kind knows yet"),
    }
}

/// Returns `host:port` of a URL, without its login.
fn address(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let address = authority.rsplit('@').next()?;
    if address.contains(':') {
        return Some(address.to_owned());
    }
    let port = if scheme == "https" { 443 } else { 80 };
    Some(format!("{address}:{port}"))
}

fn take(name: &str, target: Target, place: &Place, sketch: &mut Sketch) {
    let lower = name.to_ascii_lowercase();
    let stem = lower.trim_end_matches("_url").trim_end_matches("_uri");
    match target {
        Target::Data(kind) => {
            let url = sketch.secret(name);
            let check = Check::new(stem, kind, "url", url)
                .expect("role", "primary")
                .from(place, name);
            sketch.add(check);
        }
        Target::Http(address, is_secret) => {
            let is_known = address.is_some_and(|address| {
                let outside = sketch.host();
                let own = ["localhost:", "127.0.0.1:"]
                    .iter()
                    .find_map(|own| Some(format!("{outside}:{}", address.strip_prefix(own)?)));
                sketch.is_covered(&own.unwrap_or(address), place, name)
            });
            if !is_known {
                let url = if is_secret {
                    sketch.secret(name)
                } else {
                    sketch.var(name, None)
                };
                sketch.add(http_check(stem, url).from(place, name));
            }
        }
        Target::Port(Some(port)) => {
            let (host, number) = (sketch.var(name, None), sketch.var(&port, None));
            let stem = lower.trim_end_matches("_host");
            let check = Check::new(stem, "tcp", "address", format!("{host}:{number}"));
            sketch.add(check.from(place, name));
        }
        Target::Port(None) => {
            sketch.note(place, &format!("{name} names a host, and nothing its port"));
        }
        Target::Unknown(words) => sketch.note(place, &format!("{name}: {words}")),
        Target::None => {}
    }
}

/// Words in the names of URLs that it would be wrong to ask.
const NOT_ASKED: [&str; 8] = [
    "WEBHOOK", "CALLBACK", "REDIRECT", "CORS", "ALLOWED", "ORIGIN", "HOOK", "TOKEN",
];
/// Servers of which there is no kind.
const OTHER_SERVERS: [&str; 8] = [
    "MYSQL", "MARIADB", "MONGO", "AMQP", "RABBIT", "KAFKA", "NATS", "SMTP",
];
