//! Free ports below those that outgoing connections use.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use socket2::{Domain, Socket, Type};

/// Hands out ports in order, leaving out those that are taken.
///
/// Not port 0: the kernel would take thousands of listeners from the same range as the local ends of
/// the connections to them.
#[derive(Debug)]
pub(crate) struct Ports {
    next: u16,
}

impl Default for Ports {
    fn default() -> Self {
        Self { next: FIRST }
    }
}

impl Ports {
    /// Listens on the next free port of 127.0.0.1.
    pub(crate) fn listen(&mut self, backlog: i32) -> io::Result<(Socket, SocketAddr)> {
        while self.next < END {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.next));
            self.next += 1;
            let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
            socket.set_reuse_address(true)?;
            let taken = socket.bind(&address.into()).is_err();
            if !taken && socket.listen(backlog).is_ok() {
                socket.set_nonblocking(true)?;
                return Ok((socket, address));
            }
        }
        Err(io::Error::other("no port is free any more"))
    }
}

const FIRST: u16 = 10_000;
/// Linux takes the local ports of connections from 32768 on.
const END: u16 = 32_768;
