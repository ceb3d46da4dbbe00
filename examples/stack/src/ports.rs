//! Who holds a port.

use std::fs;
use std::path::Path;

/// Returns the program that listens on a port, as `nginx (pid 812)`, where this machine tells.
pub(crate) fn holder(port: u16) -> Option<String> {
    let inode = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .find_map(|table| listener(&fs::read_to_string(table).ok()?, port))?;
    let wanted = format!("socket:[{inode}]");
    let pid = fs::read_dir("/proc").ok()?.flatten().find_map(|process| {
        let pid: u32 = process.file_name().to_str()?.parse().ok()?;
        holds(&process.path(), &wanted).then_some(pid)
    });
    match pid {
        Some(pid) => {
            let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
            Some(format!("{} (pid {pid})", name.trim()))
        }
        None => Some("a program of another user".to_owned()),
    }
}

fn holds(process: &Path, socket: &str) -> bool {
    let Ok(descriptors) = fs::read_dir(process.join("fd")) else {
        return false;
    };
    descriptors
        .flatten()
        .any(|fd| fs::read_link(fd.path()).is_ok_and(|to| to.as_os_str() == socket))
}

/// Finds the inode of the socket that listens on a port in a table of the kernel.
fn listener(table: &str, port: u16) -> Option<String> {
    table.lines().skip(1).find_map(|line| {
        let mut words = line.split_whitespace();
        let (local, state) = (words.nth(1)?, words.nth(1)?);
        let at = u16::from_str_radix(local.rsplit_once(':')?.1, 16).ok()?;
        (at == port && state == LISTENING).then(|| words.nth(5).map(str::to_owned))?
    })
}

/// The kernel's number for a socket that listens.
const LISTENING: &str = "0A";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holder_of_a_port_is_found() {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let found = holder(listener.local_addr().unwrap().port()).unwrap();
        assert!(
            found.ends_with(&format!("(pid {})", std::process::id())),
            "{found}"
        );
    }
}
