//! The parts of a connection string that are no secret.

use gonogo_model::{Reading, Value};

/// The parts; what is not written is absent.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Dsn {
    pub(super) scheme: Option<String>,
    pub(super) host: Option<String>,
    pub(super) port: Option<u16>,
    pub(super) database: Option<String>,
    pub(super) sslmode: Option<String>,
}

impl Dsn {
    /// Reads a URL, or the words of libpq: `host=db dbname=shop` (PostgreSQL 18 documentation, section 32.1.1).
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.contains("://") {
            return Self::of_url(text);
        }
        Self::of_words(text)
    }

    fn of_url(text: &str) -> Option<Self> {
        let url = url::Url::parse(text).ok()?;
        let queried = |names: &[&str]| {
            let mut found = url
                .query_pairs()
                .filter(|(name, _)| names.contains(&name.to_lowercase().as_str()));
            found.next().map(|(_, value)| value.into_owned())
        };
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let path = url.path().trim_start_matches('/');
        Some(Self {
            scheme: Some(url.scheme().to_owned()),
            host: url
                .host_str()
                .and_then(filled)
                .or_else(|| queried(&["host"])),
            port: url.port_or_known_default(),
            database: percent_encoding::percent_decode_str(path)
                .decode_utf8()
                .ok()
                .and_then(|name| filled(&name)),
            sslmode: queried(SSLMODE),
        })
    }

    fn of_words(text: &str) -> Option<Self> {
        let mut dsn = Self::default();
        let mut any = false;
        for (name, value) in words(text)? {
            any = true;
            match name.as_str() {
                "host" | "hostaddr" if dsn.host.is_none() => dsn.host = Some(value),
                "port" => dsn.port = Some(value.parse().ok()?),
                "dbname" => dsn.database = Some(value),
                "sslmode" => dsn.sslmode = Some(value),
                _ => {}
            }
        }
        any.then_some(dsn)
    }

    /// Returns the parts as facts.
    pub(super) fn facts(self) -> [(&'static str, Reading); 5] {
        let text =
            |part: Option<String>| part.map_or(Reading::Absent, |part| Value::text(part).into());
        [
            ("scheme", text(self.scheme)),
            ("host", text(self.host)),
            (
                "port",
                self.port
                    .map_or(Reading::Absent, |port| Value::integer(port).into()),
            ),
            ("database", text(self.database)),
            ("sslmode", text(self.sslmode)),
        ]
    }
}

/// Returns the words `name = value` of libpq, whose values may stand in single quotes with backslashes.
fn words(text: &str) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let name = name.trim_end();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || !name.chars().all(plain) {
            return None;
        }
        let (value, after) = value(after.trim_start())?;
        found.push((name.to_owned(), value));
        rest = after.trim_start();
    }
    Some(found)
}

fn value(text: &str) -> Option<(String, &str)> {
    let quoted = text.strip_prefix('\'');
    let mut value = String::new();
    let mut chars = quoted.unwrap_or(text).char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => value.push(chars.next()?.1),
            '\'' if quoted.is_some() => return Some((value, &quoted?[at + 1..])),
            c if c.is_whitespace() && quoted.is_none() => return Some((value, &text[at..])),
            c => value.push(c),
        }
    }
    quoted.is_none().then_some((value, ""))
}

const SSLMODE: &[&str] = &["sslmode", "ssl-mode", "ssl_mode", "tls"];

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Option<[Option<String>; 5]> {
        Dsn::read(text).map(|dsn| {
            [
                dsn.scheme,
                dsn.host,
                dsn.port.map(|port| port.to_string()),
                dsn.database,
                dsn.sslmode,
            ]
        })
    }

    fn some(words: [&str; 5]) -> Option<[Option<String>; 5]> {
        Some(words.map(|word| (!word.is_empty()).then(|| word.to_owned())))
    }

    #[test]
    fn parts_of_urls_and_of_words_are_found_and_none_is_made_up() {
        for (text, wanted) in [
            (
                "postgres://u:p%40@db.internal:6432/shop?sslmode=verify-full",
                some(["postgres", "db.internal", "6432", "shop", "verify-full"]),
            ),
            (
                "postgresql://db.internal",
                some(["postgresql", "db.internal", "", "", ""]),
            ),
            (
                "mysql://u@[::1]:3306/a%20b?ssl-mode=REQUIRED",
                some(["mysql", "[::1]", "3306", "a b", "REQUIRED"]),
            ),
            (
                "postgres:///shop?host=/run/postgresql",
                some(["postgres", "/run/postgresql", "", "shop", ""]),
            ),
            (
                "host=db dbname='my shop' port = 5432 sslmode=require password=x\\ y",
                some(["", "db", "5432", "my shop", "require"]),
            ),
            ("password='it\\'s' host=db", some(["", "db", "", "", ""])),
            ("host=db port=abc", None),
            ("host='db", None),
            ("just words", None),
            ("://", None),
            ("", None),
        ] {
            assert_eq!(parts(text), wanted, "{text}");
        }
    }
}
