//! Published ports, as compose files write them.

use crate::names;
use crate::sketch::Sketch;
use crate::yaml::{Content, Yaml};

/// A port of a container and where it can be reached.
#[derive(Debug, Clone)]
pub(super) struct Published {
    /// The port outside, a number or a mention of a variable.
    pub(super) outside: String,
    /// The port inside, when it is a number.
    pub(super) inside: Option<u16>,
    pub(super) line: usize,
}

/// Reads one entry of `ports`.
///
/// # Errors
///
/// Why it is no port that can be reached, in words.
pub(super) fn read(entry: &Yaml, sketch: &mut Sketch) -> Result<Published, String> {
    let (outside, inside, protocol) = match &entry.value {
        Content::Text(text) => {
            let (ports, protocol) = text.rsplit_once('/').unwrap_or((text, "tcp"));
            let parts = parts(ports);
            match parts.as_slice() {
                [.., outside, inside] if !outside.is_empty() => (
                    (*outside).to_owned(),
                    (*inside).to_owned(),
                    protocol.to_owned(),
                ),
                _ => return Err(format!("port {text} gets another number at every start")),
            }
        }
        Content::Map(_) => {
            let text = |key: &str| entry.text_of(key).unwrap_or_default().to_owned();
            let protocol = entry.text_of("protocol").unwrap_or("tcp").to_owned();
            if text("published").is_empty() {
                let words = format!("port {} gets another number at every start", text("target"));
                return Err(words);
            }
            (text("published"), text("target"), protocol)
        }
        Content::Null | Content::List(_) => return Err("a port that is not understood".to_owned()),
    };
    if !protocol.eq_ignore_ascii_case("tcp") {
        return Err(format!("port {outside}/{protocol} is not TCP"));
    }
    let line = entry.line;
    let inside = number(&inside);
    if let Some(outside) = number(&outside) {
        return Ok(Published {
            outside: outside.to_string(),
            inside,
            line,
        });
    }
    if outside.contains('-') && outside.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
        return Err(format!("a range of ports, {outside}"));
    }
    let outside = variable(&outside, sketch).ok_or("a port that is not understood")?;
    Ok(Published {
        outside,
        inside,
        line,
    })
}

fn number(text: &str) -> Option<u16> {
    text.trim().parse().ok().filter(|port| *port > 0)
}

/// Splits `127.0.0.1:${PORT:-80}:80` at the colons outside of braces.
fn parts(text: &str) -> Vec<&str> {
    let (mut depth, mut start) = (0_usize, 0);
    let mut parts = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b':' if depth == 0 => {
                parts.extend(text.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(text.get(start..));
    parts
}

/// Makes a variable of `${PORT}`, `${PORT:-8080}` or `$PORT`.
fn variable(text: &str, sketch: &mut Sketch) -> Option<String> {
    let inner = match text.strip_prefix("${") {
        Some(inner) => inner.strip_suffix('}')?,
        None => text.strip_prefix('$')?,
    };
    let end = inner
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(inner.len());
    let (name, operator) = inner.split_at(end);
    if !names::is_environment(name) {
        return None;
    }
    let default = operator
        .strip_prefix(":-")
        .or_else(|| operator.strip_prefix('-'));
    match default.map(number) {
        Some(Some(default)) => Some(sketch.var(name, Some(&default.to_string()))),
        Some(None) => None,
        None if operator.is_empty() || operator.starts_with(['?', ':']) => {
            Some(sketch.var(name, None))
        }
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    #[test]
    fn ports_are_read_in_every_notation() {
        for (text, found) in [
            ("80:8080", "80 Some(8080)"),
            ("127.0.0.1:5432:5432", "5432 Some(5432)"),
            ("'[::1]:80:81/tcp'", "80 Some(81)"),
            ("${PORT:-3000}:3000", "${port} Some(3000)"),
            ("$PORT:3000", "${port} Some(3000)"),
            ("${PORT:?set it}:80", "${port} Some(80)"),
            ("${PORT:-canary}:80", "a port that is not understood"),
            ("{target: 80, published: 8080}", "8080 Some(80)"),
            ("{target: 80}", "port 80 gets another number at every start"),
            ("3000", "port 3000 gets another number at every start"),
            (
                "127.0.0.1::80",
                "port 127.0.0.1::80 gets another number at every start",
            ),
            ("53:53/udp", "port 53/udp is not TCP"),
            ("8000-8005:8000-8005", "a range of ports, 8000-8005"),
            ("99999:80", "a port that is not understood"),
        ] {
            let entry = yaml::read(&format!("- {text}")).unwrap().remove(0);
            let read = match read(&entry.items()[0], &mut Sketch::default()) {
                Ok(port) => format!("{} {:?}", port.outside, port.inside),
                Err(why) => why,
            };
            assert_eq!(read, found, "{text}");
        }
    }
}
