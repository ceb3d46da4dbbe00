//! Where something is: names, addresses and URLs.

use std::net::Ipv6Addr;

use super::FieldValue;
use super::read::Misread;
use crate::node::Scalar;
use crate::suggest::closest;
use crate::unit;

/// Reads a host or domain name; a final dot is kept.
pub(super) fn read_name(scalar: &Scalar) -> Result<FieldValue, Misread> {
    if scalar.text != "." && !is_name(&scalar.text) {
        let hint = match scalar.text.as_str() {
            text if text.contains("://") => "write the name alone, without scheme and path",
            text if text.contains(':') => "write the name alone, without a port",
            text if !text.is_ascii() => "write an international name in its ASCII form, `xn--...`",
            _ => "a name is labels of letters, digits and `-` between dots",
        };
        let message = format!("`{}` is not a domain name", shown(scalar));
        return Err(Misread::new("config/wrong_type", message).hint(hint));
    }
    Ok(FieldValue::Text(scalar.into()))
}

/// Returns whether a text can be a host or domain name.
fn is_name(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let label_fits = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'*'))
    };
    name.len() <= 253 && name.split('.').all(label_fits)
}

/// Reads a URL with one of some schemes.
pub(super) fn read_url(
    scalar: &Scalar,
    schemes: &'static [&'static str],
) -> Result<FieldValue, Misread> {
    let not = |why: &str| {
        let message = format!("`{}` is not a URL: {why}", shown_url(scalar));
        Misread::new("config/wrong_type", message)
    };
    // The parser would drop these without a word; a space inside it writes as `%20`.
    let text = &scalar.text;
    let at_an_end = |c: &char| *c == ' ' && (text.starts_with(' ') || text.ends_with(' '));
    if let Some(c) = text.chars().find(|c| c.is_control() || at_an_end(c)) {
        return Err(not(&format!("it has a {} in it", name_of(c))));
    }
    let url = url::Url::parse(&scalar.text)
        .map_err(|error| hint_scheme(not(&error.to_string()), scalar, schemes))?;
    if !schemes.contains(&url.scheme()) {
        let wanted: Vec<String> = schemes.iter().map(|s| format!("{s}://")).collect();
        let message = format!(
            "wants a URL that begins with {}, not `{}:`",
            wanted.join(", "),
            if scalar.secret { "..." } else { url.scheme() }
        );
        let mistake = Misread::new("config/wrong_scheme", message);
        return Err(hint_scheme(mistake, scalar, schemes));
    }
    if url.is_special() {
        let rest = scalar.text.get(url.scheme().len()..).unwrap_or_default();
        match rest.strip_prefix("://") {
            None => return Err(not("`://` is missing after the scheme")),
            Some(rest) if rest.starts_with('/') => return Err(not("the host is missing")),
            Some(_) if rest.contains('\\') => return Err(not("it has a backslash in it")),
            Some(_) => {}
        }
    }
    if url.port() == Some(0) {
        return Err(not("a port is 1 to 65535"));
    }
    Ok(FieldValue::Url(url, scalar.into()))
}

/// Adds what was meant by a URL without a scheme, or with a misspelt one.
fn hint_scheme(mistake: Misread, scalar: &Scalar, schemes: &'static [&'static str]) -> Misread {
    if scalar.secret || scalar.text.contains('@') {
        return mistake;
    }
    let text = &scalar.text;
    match text.split_once("://") {
        Some((scheme, rest)) => match closest(scheme, schemes.iter().copied()) {
            Some(meant) if meant != scheme => {
                mistake.hint(format!("did you mean `{meant}://{rest}`?"))
            }
            _ => mistake,
        },
        None => match split_address(text.split('/').next().unwrap_or_default()) {
            Some((host, _)) if is_host(host) => match schemes.last() {
                Some(scheme) => mistake.hint(format!("did you mean `{scheme}://{text}`?")),
                None => mistake,
            },
            _ => mistake,
        },
    }
}

fn name_of(c: char) -> &'static str {
    match c {
        '\n' | '\r' => "line break",
        ' ' | '\t' => "space",
        _ => "hidden character",
    }
}

/// Shows a text that was not what it should be.
fn shown(scalar: &Scalar) -> String {
    unit::show::text(scalar.shown())
}

/// Shows a URL that could not be parsed without what may be its password.
fn shown_url(scalar: &Scalar) -> String {
    if scalar.secret || scalar.text.contains('@') {
        "[redacted]".to_owned()
    } else {
        shown(scalar)
    }
}

/// Reads a host and a port.
pub(super) fn read_address(scalar: &Scalar, default: Option<u16>) -> Result<FieldValue, Misread> {
    let not = |why: &str| {
        let message = format!("`{}` is not host:port: {why}", shown_url(scalar));
        Misread::new("config/wrong_type", message)
    };
    if scalar.text.contains("://") {
        return Err(not("it is a URL"));
    }
    let Some((host, port)) = split_address(&scalar.text) else {
        return Err(not("brackets belong around an IPv6 address")
            .hint("write an IPv6 address and its port as `[2001:db8::1]:443`"));
    };
    if !is_host(host) {
        let mistake = not("the host is missing or malformed");
        return Err(if host.is_ascii() {
            mistake
        } else {
            mistake.hint("write an international name in its ASCII form, `xn--...`")
        });
    }
    let port = match (port, default) {
        (Some(port), _) => read_port(port).ok_or_else(|| not("a port is 1 to 65535"))?,
        (None, Some(default)) => default,
        (None, None) => return Err(not("the port is missing")),
    };
    Ok(FieldValue::Address(host.to_owned(), port))
}

/// Reads a port: digits only, since `+443` and `0443` are slips.
fn read_port(text: &str) -> Option<u16> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| plain)
}

fn is_host(host: &str) -> bool {
    is_name(host) && !host.contains('*') || host.parse::<Ipv6Addr>().is_ok()
}

/// Splits `host:port`, `[v6]:port`, `host`, `v6`.
fn split_address(text: &str) -> Option<(&str, Option<&str>)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        host.parse::<Ipv6Addr>().ok()?;
        return if rest.is_empty() {
            Some((host, None))
        } else {
            Some((host, Some(rest.strip_prefix(':')?)))
        };
    }
    if text.parse::<Ipv6Addr>().is_ok() {
        return Some((text, None));
    }
    match text.split_once(':') {
        Some((_, rest)) if rest.contains(':') => None,
        Some((host, port)) => Some((host, Some(port))),
        None => Some((text, None)),
    }
}
