//! Servers that hang, lie, drop and flood: what a real one will not do on demand.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpStream as BlockingStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use socket2::{Domain, SockRef, Socket, Type};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::background::{self, Task};
use crate::process::free_port;

/// A server that misbehaves in one way; ends when dropped.
#[derive(Debug)]
pub struct Fake {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    _task: Option<Task>,
    _held: Vec<Socket>,
    _filling: Vec<BlockingStream>,
}

/// What a server does with a connection.
#[derive(Debug, Clone)]
enum Manner {
    Hang,
    Eof,
    Reset,
    Say(Vec<u8>),
    SayAndClose(Vec<u8>),
    SayAndReset(Vec<u8>),
    AnswerWithReset,
    AnswerAndClose(Vec<u8>),
    Drip(Vec<u8>, Duration),
    Endless(Vec<u8>),
    Echo,
}

impl Fake {
    /// Starts a server that takes connections and stays silent.
    ///
    /// # Errors
    ///
    /// When there is no port, as for all of these.
    pub fn hang() -> io::Result<Self> {
        Self::start(Manner::Hang)
    }

    /// Starts a server that closes each connection at once.
    ///
    /// # Errors
    ///
    /// When there is no port.
    pub fn eof() -> io::Result<Self> {
        Self::start(Manner::Eof)
    }

    /// Starts a server that resets each connection at once; it may come before the client knows that it
    /// is connected.
    ///
    /// # Errors
    ///
    /// When there is no port.
    pub fn reset() -> io::Result<Self> {
        Self::start(Manner::Reset)
    }

    /// Starts a server that waits for the first bytes and resets the connection.
    ///
    /// # Errors
    ///
    /// When there is no port.
    pub fn answer_with_reset() -> io::Result<Self> {
        Self::start(Manner::AnswerWithReset)
    }

    /// Starts a server that sends bytes of no protocol, and stays.
    ///
    /// # Errors
    ///
    /// When there is no port.
    pub fn garbage() -> io::Result<Self> {
        let noise = (0..512_u32).map(|n| u8::try_from((n * 167 + 91) % 251).unwrap_or(0));
        Self::start(Manner::Say(noise.collect()))
    }

    /// Starts a server that sends these bytes to whoever connects, and stays.
    ///
    /// # Errors
    ///
    /// When there is no port.
    pub fn say(bytes: impl Into<Vec<u8>>) -> io::Result<Self> {
        Self::start(Manner::Say(bytes.into()))
    }

    /// Starts a server that sends these bytes to whoever connects, and closes.
    ///
    /// # Errors
    ///
    /// When there is no port.
    pub fn greet_then_drop(bytes: impl Into<Vec<u8>>) -> io::Result<Self> {
        Self::start(Manner::SayAndClose(bytes.into()))
    }

    /// Starts a server that sends these bytes to whoever connects, and resets the connection when the
    /// client says something.
    ///
    /// # Errors
    ///
    /// When there is no port.
    pub fn greet_then_reset(bytes: impl Into<Vec<u8>>) -> io::Result<Self> {
        Self::start(Manner::SayAndReset(bytes.into()))
    }

    /// Starts a server that waits for the first bytes, sends these, and closes.
    ///
    /// # Errors
    ///
    /// When there is no port.
    pub fn answer_then_drop(bytes: impl Into<Vec<u8>>) -> io::Result<Self> {
        Self::start(Manner::AnswerAndClose(bytes.into()))
    }

    /// Starts a server that answers whatever comes as a web server answers nonsense.
    ///
    /// # Errors
    ///
    /// When there is no port.
    pub fn http_banner() -> io::Result<Self> {
        Self::answer_then_drop(
            "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        )
    }

    /// Starts a server that answers a hello of TLS with a fatal alert.
    ///
    /// # Errors
    ///
    /// When there is no port.
    pub fn tls_alert(alert: u8) -> io::Result<Self> {
        Self::answer_then_drop([21, 3, 3, 0, 2, 2, alert])
    }

    /// Starts a server that sends these bytes over and over, one at a time, with a pause after each.
    ///
    /// # Errors
    ///
    /// When there is no port.
    pub fn drip(bytes: impl Into<Vec<u8>>, pause: Duration) -> io::Result<Self> {
        Self::start(Manner::Drip(bytes.into(), pause))
    }

    /// Starts a server that sends these bytes over and over, as fast as they are taken.
    ///
    /// # Errors
    ///
    /// When there is no port.
    pub fn endless(bytes: impl Into<Vec<u8>>) -> io::Result<Self> {
        Self::start(Manner::Endless(bytes.into()))
    }

    /// Starts a server that sends back what it gets.
    ///
    /// # Errors
    ///
    /// When there is no port.
    pub fn echo() -> io::Result<Self> {
        Self::start(Manner::Echo)
    }

    /// Returns a port at which nobody listens.
    ///
    /// # Errors
    ///
    /// When there is no port.
    pub fn refuse() -> io::Result<Self> {
        Ok(Self {
            address: (Ipv4Addr::LOCALHOST, free_port()?).into(),
            connections: Arc::default(),
            _task: None,
            _held: Vec::new(),
            _filling: Vec::new(),
        })
    }

    /// Starts a server that drops every attempt to connect: its queue is full and never taken from.
    ///
    /// # Errors
    ///
    /// When there is no port, or the queue does not fill.
    pub fn black_hole() -> io::Result<Self> {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
        socket.listen(0)?;
        let address = socket
            .local_addr()?
            .as_socket()
            .ok_or_else(|| io::Error::other("a TCP socket has an address"))?;
        let mut filling = Vec::new();
        while let Ok(stream) = BlockingStream::connect_timeout(&address, FILLED_AFTER) {
            filling.push(stream);
            if filling.len() > MOST_QUEUED {
                return Err(io::Error::other("the queue of the listener does not fill"));
            }
        }
        Ok(Self {
            address,
            connections: Arc::default(),
            _task: None,
            _held: vec![socket],
            _filling: filling,
        })
    }

    /// Returns where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.address.port()
    }

    /// Returns how many connections it took.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    fn start(manner: Manner) -> io::Result<Self> {
        let (listener, address) = background::listen()?;
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        let task = background::spawn(async move {
            let mut served = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let manner = manner.clone();
                served.spawn(async move {
                    // A client that goes away ends the service.
                    let _ended = serve(stream, manner).await;
                });
            }
        });
        Ok(Self {
            address,
            connections,
            _task: Some(task),
            _held: Vec::new(),
            _filling: Vec::new(),
        })
    }
}

async fn serve(mut stream: TcpStream, manner: Manner) -> io::Result<()> {
    match manner {
        Manner::Hang => std::future::pending().await,
        Manner::Eof => close(stream).await,
        Manner::Reset => reset(&stream),
        Manner::Say(bytes) => {
            stream.write_all(&bytes).await?;
            std::future::pending().await
        }
        Manner::SayAndClose(bytes) => {
            stream.write_all(&bytes).await?;
            close(stream).await
        }
        Manner::SayAndReset(bytes) => {
            stream.write_all(&bytes).await?;
            // Data that is still on its way would be thrown away by the reset: wait for the client.
            first_bytes(&stream).await?;
            reset(&stream)
        }
        Manner::AnswerWithReset => {
            first_bytes(&stream).await?;
            reset(&stream)
        }
        Manner::AnswerAndClose(bytes) => {
            first_bytes(&stream).await?;
            stream.write_all(&bytes).await?;
            close(stream).await
        }
        Manner::Drip(bytes, pause) => loop {
            for byte in &bytes {
                stream.write_u8(*byte).await?;
                tokio::time::sleep(pause).await;
            }
        },
        Manner::Endless(bytes) => loop {
            stream.write_all(&bytes).await?;
        },
        Manner::Echo => {
            let (mut from, mut to) = stream.split();
            tokio::io::copy(&mut from, &mut to).await.map(drop)
        }
    }
}

/// Waits until the client has said something, and leaves it unread.
async fn first_bytes(stream: &TcpStream) -> io::Result<()> {
    // Readiness may be announced for nothing; bytes that can be peeked at are there.
    stream.peek(&mut [0]).await.map(drop)
}

/// Closes in good order: unread data would turn the end of the stream into a reset.
async fn close(mut stream: TcpStream) -> io::Result<()> {
    stream.shutdown().await?;
    let mut ignored = [0; 1024];
    while stream.read(&mut ignored).await? > 0 {}
    Ok(())
}

fn reset(stream: &TcpStream) -> io::Result<()> {
    SockRef::from(stream).set_linger(Some(Duration::ZERO))
}

const FILLED_AFTER: Duration = Duration::from_millis(100);
const MOST_QUEUED: usize = 64;
