//! What a health check of a container asks, taken out of its command.

use crate::scalar;

/// A health check as it stands in a compose file or a Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Health {
    /// It asks a URL of its own container.
    Asks(Asked),
    /// It asks a URL of something else.
    Elsewhere,
    /// It runs a program, of which only the name is told: its arguments may hold a password.
    Runs(String),
}

/// A URL of the container itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) scheme: &'static str,
    pub(super) port: u16,
    /// The path, without the query.
    pub(super) path: String,
    /// Whether a query or a login was left out.
    pub(super) is_cut: bool,
}

/// Reads the words of a command; nothing when there is no command.
pub(super) fn read(command: &str, own_name: &str) -> Option<Health> {
    let words = || command.split(|c: char| c.is_whitespace() || "\"'();|&".contains(c));
    let mut asked = words().filter_map(|word| url(word, own_name));
    if let Some(health) = asked.next() {
        return Some(health);
    }
    let shells = ["sh", "-c", "/bin/sh", "bash", "/bin/bash", "exec", "!"];
    let program =
        words().find(|word| !word.is_empty() && !shells.contains(word) && !word.contains('='))?;
    let program = program.rsplit('/').next().unwrap_or(program);
    Some(Health::Runs(scalar::comment(program)))
}

fn url(word: &str, own_name: &str) -> Option<Health> {
    let (scheme, rest, port) = if let Some(rest) = word.strip_prefix("http://") {
        ("http", rest, 80)
    } else {
        ("https", word.strip_prefix("https://")?, 443)
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, behind) = rest.split_at(end);
    let (login, address) = match authority.rsplit_once('@') {
        Some((_, address)) => (true, address),
        None => (false, authority),
    };
    let (host, port) = match address.rsplit_once(':') {
        Some((host, digits)) if !digits.ends_with(']') => (host, digits.parse().ok()),
        _ => (address, Some(port)),
    };
    let is_own = [
        "localhost",
        "127.0.0.1",
        "0.0.0.0",
        "[::1]",
        "$HOSTNAME",
        own_name,
    ]
    .contains(&host);
    let Some(port) = port.filter(|_| is_own) else {
        return Some(Health::Elsewhere);
    };
    let path = behind.split(['?', '#']).next().unwrap_or_default();
    let is_cut = login || path.len() < behind.len();
    Some(Health::Asks(Asked {
        scheme,
        port,
        path: clean_path(path),
        is_cut,
    }))
}

/// Returns a path as it may stand in a URL of the gate.
pub(super) fn clean_path(path: &str) -> String {
    let mut clean = String::new();
    if !path.starts_with('/') {
        clean.push('/');
    }
    for c in path
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .chars()
        .take(MAX_PATH)
    {
        match c {
            // Braces and dollars would begin a variable.
            'a'..='z' | 'A'..='Z' | '0'..='9' => clean.push(c),
            '/' | '.' | '_' | '-' | '~' | '%' | ':' | '@' | '=' | '+' | ',' => clean.push(c),
            c => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    clean.push_str(&format!("%{byte:02X}"));
                }
            }
        }
    }
    clean
}

const MAX_PATH: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_of_a_command_is_found() {
        let asks = |command: &str| match read(command, "web") {
            Some(Health::Asks(a)) => format!("{} {} {} {}", a.scheme, a.port, a.path, a.is_cut),
            other => format!("{other:?}"),
        };
        for (command, found) in [
            (
                "curl -f http://localhost:3000/health || exit 1",
                "http 3000 /health false",
            ),
            (
                "wget -qO- 'http://127.0.0.1/ready'",
                "http 80 / false".replace("/ ", "/ready ").as_str(),
            ),
            ("curl https://web", "https 443 / false"),
            (
                "curl http://u:canary@localhost/x?token=canary",
                "http 80 /x true",
            ),
            ("curl http://[::1]:81/a${b}", "http 81 /a%24%7Bb%7D false"),
            ("curl http://other/", "Some(Elsewhere)"),
            ("curl http://localhost:${PORT}/", "Some(Elsewhere)"),
            ("redis-cli -a canary ping", "Some(Runs(\"redis-cli\"))"),
            (
                "PGPASSWORD=canary /usr/bin/pg_isready -U x",
                "Some(Runs(\"pg_isready\"))",
            ),
            ("", "None"),
        ] {
            assert_eq!(asks(command), found, "{command}");
        }
    }
}
