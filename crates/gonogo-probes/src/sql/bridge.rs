//! Carries sqlx's bytes over a connection that we dialed and secured ourselves.
//!
//! sqlx dials on its own: it adds the roots of a gate to the machine's instead of trusting them
//! alone, tells neither the phases of a connection nor the certificate, gives TLS failures no code,
//! and lets `PGOPTIONS` into the startup message with no way to keep it out. It does take any unix
//! socket, so it gets a private one, whose other end is pumped to the real connection inside the same
//! attempt. That costs one pair of descriptors; a client of our own would cost SCRAM, MD5 and the
//! binary protocol. The password crosses a socket whose peer is proved to be this very process.

use std::io;
use std::path::PathBuf;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};

use super::guard::{self, Ended};

/// A connection to a server, secured or not.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A socket on which only this process is let in.
pub(super) struct Door {
    listener: UnixListener,
    folder: PathBuf,
    #[cfg(not(target_os = "linux"))]
    _removed: private::Folder,
}

impl Door {
    /// Returns the folder that sqlx is to be told; the port is [`PORT`].
    pub(super) fn folder(&self) -> &PathBuf {
        &self.folder
    }

    /// Opens a socket in Linux's abstract space, which needs no writable folder and leaves no file.
    #[cfg(target_os = "linux")]
    pub(super) fn open() -> io::Result<Self> {
        use std::os::linux::net::SocketAddrExt as _;
        use std::os::unix::net::{SocketAddr, UnixListener as StdListener};

        let name = format!("gonogo-{:016x}{:016x}", random(), random());
        let address = SocketAddr::from_abstract_name(format!("{name}/.s.PGSQL.{PORT}"))?;
        let listener = StdListener::bind_addr(&address)?;
        listener.set_nonblocking(true)?;
        Ok(Self {
            listener: UnixListener::from_std(listener)?,
            folder: PathBuf::from(format!("\0{name}")),
        })
    }

    /// Opens a socket in a folder of our own that nobody else may enter.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn open() -> io::Result<Self> {
        let folder = private::Folder::create(&format!("gonogo-{:016x}", random()))?;
        Ok(Self {
            listener: UnixListener::bind(folder.path().join(format!(".s.PGSQL.{PORT}")))?,
            folder: folder.path().to_owned(),
            _removed: folder,
        })
    }

    async fn let_in(&self) -> io::Result<UnixStream> {
        loop {
            let (stream, _) = self.listener.accept().await?;
            let peer = stream.peer_cred()?;
            let me = rustix::process::getpid().as_raw_nonzero().get();
            let same_user = peer.uid() == rustix::process::geteuid().as_raw();
            if same_user && peer.pid().is_none_or(|pid| pid == me) {
                return Ok(stream);
            }
        }
    }
}

/// Lets sqlx in and carries bytes both ways until one side ends.
///
/// sqlx's own startup message is replaced by `startup`.
pub(super) async fn carry(door: Door, server: Box<dyn Stream>, startup: Vec<u8>) -> Ended {
    match carry_on(door, server, &startup).await {
        Ok(ended) => ended,
        Err(error) => Ended::Broken(error),
    }
}

async fn carry_on(door: Door, server: Box<dyn Stream>, startup: &[u8]) -> io::Result<Ended> {
    let mut client = door.let_in().await?;
    drop(door);
    let length = usize::try_from(client.read_u32().await?).unwrap_or(0);
    let mut replaced = vec![0; length.saturating_sub(4).min(MAX_STARTUP)];
    client.read_exact(&mut replaced).await?;

    let (from_server, mut to_server) = tokio::io::split(server);
    to_server.write_all(startup).await?;
    to_server.flush().await?;
    let (mut from_client, to_client) = client.into_split();
    let up = tokio::io::copy(&mut from_client, &mut to_server);
    let mut down = std::pin::pin!(guard::pass_on(from_server, to_client));
    tokio::select! {
        ended = &mut down => Ok(ended),
        sent = up => match sent {
            Ok(_) => Ok(Ended::ByUs),
            // What it said before it closed is still to be read.
            Err(_) => Ok(down.await),
        },
    }
}

/// Returns the startup message of version 3.0 of the protocol, with nothing but these parameters.
pub(super) fn startup(parameters: &[(&str, &str)]) -> Vec<u8> {
    let mut body = 0x0003_0000_u32.to_be_bytes().to_vec();
    for (name, value) in parameters {
        for part in [name, value] {
            body.extend_from_slice(part.as_bytes());
            body.push(0);
        }
    }
    body.push(0);
    let length = u32::try_from(body.len() + 4).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), body.as_slice()].concat()
}

/// Returns a number that the standard library seeds from the system; it keeps names apart, nothing more.
fn random() -> u64 {
    use std::hash::{BuildHasher as _, Hasher as _};
    std::collections::hash_map::RandomState::new()
        .build_hasher()
        .finish()
}

#[cfg(not(target_os = "linux"))]
mod private {
    use std::os::unix::fs::DirBuilderExt as _;
    use std::path::{Path, PathBuf};
    use std::{fs, io};

    /// A folder for our eyes only, removed when dropped.
    pub(super) struct Folder(PathBuf);

    impl Folder {
        pub(super) fn create(name: &str) -> io::Result<Self> {
            let folder = std::env::temp_dir().join(name);
            fs::DirBuilder::new().mode(0o700).create(&folder)?;
            Ok(Self(folder))
        }

        pub(super) fn path(&self) -> &Path {
            &self.0
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            // What cannot be removed is an empty folder in the system's temporary folder.
            let _left = fs::remove_dir_all(&self.0);
        }
    }
}

/// The number in the socket's name; it means nothing.
pub(super) const PORT: u16 = 1;
const MAX_STARTUP: usize = 64 << 10;
