//! Targets that drop every attempt to connect.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

use crate::ports::Ports;

/// A listener whose queue is full and never taken from: the kernel drops whoever comes.
#[derive(Debug)]
pub(crate) struct Hole {
    address: SocketAddr,
    _listener: Socket,
    _filling: TcpStream,
}

impl Hole {
    /// Opens a hole.
    pub(crate) fn open(ports: &mut Ports) -> io::Result<Self> {
        let (listener, address) = ports.listen(0)?;
        // A queue of length 0 has room for one.
        Ok(Self {
            address,
            _listener: listener,
            _filling: TcpStream::connect(address)?,
        })
    }

    /// Returns where it is.
    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Proves that nobody is let in: a benchmark of black holes must not measure anything else.
pub(crate) fn prove(holes: &[Hole]) -> io::Result<()> {
    let knocking = holes.iter().map(|hole| {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.set_nonblocking(true)?;
        // In progress, which is what it stays.
        let _pending = socket.connect(&hole.address.into());
        Ok(socket)
    });
    let knocking = knocking.collect::<io::Result<Vec<Socket>>>()?;
    std::thread::sleep(Duration::from_millis(200));
    match knocking.iter().filter(|s| s.peer_addr().is_ok()).count() {
        0 => Ok(()),
        open => Err(io::Error::other(format!(
            "{open} of {} black holes let somebody in",
            holes.len()
        ))),
    }
}
