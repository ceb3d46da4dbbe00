//! What answers when it is not TLS.

/// Returns what a server that does not speak TLS seems to speak, from its first bytes.
pub(super) fn not_tls(first: &[u8]) -> Option<String> {
    // Content types of a record: change cipher spec, alert, handshake, application data, heartbeat.
    if matches!(first, [] | [20..=24, ..]) {
        return None;
    }
    let speaks = PROTOCOLS
        .iter()
        .find(|(start, _)| first.starts_with(start))
        .map_or(String::new(), |(_, name)| format!(" in {name}"));
    Some(format!(
        "the server answers{speaks}: \"{}\"",
        printable(first)
    ))
}

/// Returns the first line, everything that is not plain ASCII as dots.
fn printable(bytes: &[u8]) -> String {
    bytes
        .iter()
        .take_while(|byte| !matches!(byte, b'\r' | b'\n'))
        .map(|byte| match byte {
            b' '..=b'~' if *byte != b'"' => char::from(*byte),
            _ => '.',
        })
        .collect()
}

const PROTOCOLS: &[(&[u8], &str)] = &[
    (b"HTTP/", "plain HTTP"),
    (b"SSH-", "SSH"),
    (b"220", "SMTP or FTP"),
    (b"* OK", "IMAP"),
    (b"+OK", "POP3"),
    (b"-ERR", "the Redis protocol"),
    (b"-DENIED", "the Redis protocol"),
    (b"RFB ", "VNC"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_protocols_are_named() {
        let said = |bytes: &[u8]| not_tls(bytes);
        assert_eq!(said(b"\x16\x03\x03\x00"), None);
        assert_eq!(said(b"\x15\x03\x01"), None);
        assert_eq!(
            said(b"HTTP/1.1 400 Bad Request\r\nServer: nginx"),
            Some("the server answers in plain HTTP: \"HTTP/1.1 400 Bad Request\"".to_owned())
        );
        assert_eq!(
            said(b"\x1b[2J\xffE\"x"),
            Some("the server answers: \".[2J.E.x\"".to_owned())
        );
    }
}
