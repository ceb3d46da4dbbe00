//! From errors of the operating system to faults with a code.

use std::io;

use gonogo_model::{Blame, CodeDecl, Fault, Value, codes};
use rustix::io::Errno;

/// Returns a fault of a shared code that shows itself in the fact `state`.
///
/// What the subject does can be expected, and so can a network that leads nowhere. Any other failure
/// of ours shows itself in no fact: nobody may want it.
pub(crate) fn net_fault(code: &'static CodeDecl, message: impl Into<String>) -> Fault {
    let fault = Fault::new(code, message);
    if code.blame == Blame::Subject || code == codes::net::UNREACHABLE {
        fault.shown_by("state", state_word(code))
    } else {
        fault
    }
}

/// Returns the value of the fact `state` of a look that ended with a fault of the subject.
///
/// A failure of ours says nothing about the subject: the fact stays unread.
pub(crate) fn state_shown(fault: &Fault) -> Option<Value> {
    let shown = fault.shows.iter().find(|(fact, _)| fact == "state");
    shown
        .filter(|_| fault.code.blame() == Blame::Subject)
        .map(|(_, value)| value.clone())
}

/// Returns a host and a port as they stand in a gate file: `[::1]:443`.
pub(crate) fn shown_address(host: &str, port: u16) -> String {
    if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

/// Returns the word by which a fact `state` names a failure: the code without its area.
fn state_word(code: &'static CodeDecl) -> &'static str {
    code.code
        .split_once('/')
        .map_or(code.code, |(_, word)| word)
}

/// Returns the fault of an error that the operating system gave in a phase of an attempt.
pub(crate) fn fault_of_io(error: &io::Error, phase: &str) -> Fault {
    let code = code_of_io(error);
    let what = match code.code {
        "net/refused" => "connection refused".to_owned(),
        "net/reset" => "connection reset by the other side".to_owned(),
        "net/closed" => "connection closed by the other side".to_owned(),
        "net/timeout" => "connection timed out".to_owned(),
        _ => plain(error),
    };
    net_fault(code, format!("{what} in phase `{phase}`"))
}

/// Returns the code of an error of the operating system.
pub(super) fn code_of_io(error: &io::Error) -> &'static CodeDecl {
    if let Some(number) = error.raw_os_error()
        && OUT_OF_RESOURCES.contains(&Errno::from_raw_os_error(number))
    {
        return codes::net::NO_DESCRIPTORS;
    }
    match error.kind() {
        io::ErrorKind::ConnectionRefused => codes::net::REFUSED,
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe => codes::net::RESET,
        io::ErrorKind::UnexpectedEof => codes::net::CLOSED,
        io::ErrorKind::TimedOut => codes::net::TIMEOUT,
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown => codes::net::UNREACHABLE,
        io::ErrorKind::PermissionDenied => codes::net::DENIED,
        _ => codes::net::IO,
    }
}

/// Returns the words of an error without the number that Rust adds: "Permission denied".
pub(super) fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_lowercase(),
        None => text,
    }
}

const OUT_OF_RESOURCES: &[Errno] = &[
    Errno::MFILE,
    Errno::NFILE,
    Errno::ADDRNOTAVAIL,
    Errno::NOBUFS,
    Errno::NOMEM,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_system_have_codes() {
        for (errno, code) in [
            (Errno::CONNREFUSED, "net/refused"),
            (Errno::CONNRESET, "net/reset"),
            (Errno::PIPE, "net/reset"),
            (Errno::TIMEDOUT, "net/timeout"),
            (Errno::HOSTUNREACH, "net/unreachable"),
            (Errno::NETUNREACH, "net/unreachable"),
            (Errno::ACCESS, "net/denied"),
            (Errno::PERM, "net/denied"),
            (Errno::MFILE, "net/no_descriptors"),
            (Errno::NFILE, "net/no_descriptors"),
            (Errno::ADDRNOTAVAIL, "net/no_descriptors"),
            (Errno::NOBUFS, "net/no_descriptors"),
            (Errno::NOMEM, "net/no_descriptors"),
            (Errno::IO, "net/io"),
        ] {
            let error = io::Error::from_raw_os_error(errno.raw_os_error());
            assert_eq!(code_of_io(&error).code, code, "{errno:?}");
        }
    }

    #[test]
    fn a_fault_shows_itself_in_the_state() {
        let error = io::Error::from(io::ErrorKind::ConnectionRefused);
        let expected = Fault::new(codes::net::REFUSED, "connection refused in phase `connect`")
            .shown_by("state", "refused");
        assert_eq!(fault_of_io(&error, "connect"), expected);
    }
}
