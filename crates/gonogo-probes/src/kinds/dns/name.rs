//! From what stands in the gate file to the name that is asked for.

use std::net::IpAddr;

use gonogo_kind::FieldMistake;
use hickory_resolver::proto::rr::{Name, RecordType};

/// Reads a name, absolute whether or not it ends with a dot; for PTR also an IP address.
pub(super) fn read(text: &str, shown: &str, ty: RecordType) -> Result<Name, FieldMistake> {
    if let Ok(ip) = text.parse::<IpAddr>() {
        return if ty == RecordType::PTR {
            Ok(Name::from(ip))
        } else {
            let message = format!("`{shown}` is an IP address, and an address has no {ty} record");
            Err(FieldMistake::new("name", message).hint("Ask for its name with `type: PTR`."))
        };
    }
    if text.contains("://") {
        let message = format!("`{shown}` is a URL");
        return Err(FieldMistake::new("name", message).hint("Give the host name alone."));
    }
    let not = |why: &str| FieldMistake::new("name", format!("`{shown}` is not a name: {why}"));
    let relative = text.strip_suffix('.').unwrap_or(text);
    if relative.is_empty() {
        // The root is a zone like any other.
        return if text == "." {
            Ok(Name::root())
        } else {
            Err(not("it is empty"))
        };
    }
    let ascii = to_ascii(relative).ok_or_else(|| not("it is not a valid international name"))?;
    if let Some(label) = ascii.split('.').find(|label| !label_fits(label)) {
        return Err(if label.is_empty() {
            not("it has an empty label")
        } else if label.len() > 63 {
            not("a label has more than 63 characters")
        } else {
            not("a label consists of letters, digits, `-` and `_`")
        });
    }
    Name::from_ascii(format!("{ascii}."))
        .map_err(|_too_long| not("it has more than 255 characters"))
}

/// Returns a name as facts show it: lower case, no final dot, and `.` for the root.
pub(super) fn shown(name: &Name) -> String {
    let text = name.to_lowercase().to_ascii();
    match text.strip_suffix('.') {
        Some("") | None => text,
        Some(relative) => relative.to_owned(),
    }
}

fn to_ascii(text: &str) -> Option<String> {
    if text.is_ascii() {
        return Some(text.to_owned());
    }
    match url::Host::parse(text) {
        Ok(url::Host::Domain(ascii)) => Some(ascii),
        Ok(url::Host::Ipv4(_) | url::Host::Ipv6(_)) | Err(_) => None,
    }
}

fn label_fits(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'*' | b'/'))
}
