//! An HTTP server that does exactly what a script says, however wrong that is.
//!
//! It knows nothing of HTTP but where a request ends; everything it sends stands in the script, byte
//! for byte. So it can do what no real server does: stop in the middle, lie about a length, never end.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// One step of a script; the connection is closed after the last.
#[derive(Debug, Clone)]
pub enum Step {
    /// Reads one request, head and body.
    Read,
    /// Sends bytes.
    Send(Vec<u8>),
    /// Sends bytes one by one, so far apart.
    Drip(Vec<u8>, Duration),
    /// Sends the same bytes until the client goes away.
    Endless(Vec<u8>),
    /// Does nothing until the client goes away.
    Hang,
    /// Resets the connection.
    Reset,
}

/// A server that follows a script; ends when dropped.
#[derive(Debug)]
pub struct Scripted {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    requests: Mutex<Vec<String>>,
    open: Mutex<Vec<TcpStream>>,
    stopped: AtomicBool,
}

/// Returns the script of a server that reads a request and sends an answer.
#[must_use]
pub fn answer(bytes: impl Into<Vec<u8>>) -> Vec<Step> {
    vec![Step::Read, Step::Send(bytes.into())]
}

/// Returns a whole answer with its length.
#[must_use]
pub fn response(status: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
    for header in headers {
        head.push_str(header);
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    [head.as_bytes(), body].concat()
}

/// Asks a server on 127.0.0.1, and returns its answer, head and body.
///
/// # Errors
///
/// When it does not answer, or with what is no text.
pub fn get(port: u16, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

impl Scripted {
    /// Starts a server that plays the same script on every connection.
    ///
    /// # Errors
    ///
    /// When no port is left.
    pub fn start(script: Vec<Step>) -> io::Result<Self> {
        Self::start_with(|_address| vec![script])
    }

    /// Starts a server whose scripts may name its own address; the first connection gets the first,
    /// the last script is for all that follow.
    ///
    /// # Errors
    ///
    /// When no port is left.
    pub fn start_with(scripts: impl FnOnce(SocketAddr) -> Vec<Vec<Step>>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let scripts = scripts(address);
        let shared = Arc::new(Shared::default());
        let acceptor = {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || accept(&listener, &scripts, &shared))
        };
        Ok(Self {
            address,
            shared,
            acceptor: Some(acceptor),
        })
    }

    /// Returns its port on 127.0.0.1.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.address.port()
    }

    /// Returns the URL of a path on it.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Returns the requests it has read so far, heads and bodies.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        lock(&self.shared.requests).clone()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the acceptor; if that fails it has ended already.
        let _woken = TcpStream::connect(self.address);
        for stream in lock(&self.shared.open).drain(..) {
            let _closed = stream.shutdown(Shutdown::Both);
        }
        if let Some(acceptor) = self.acceptor.take() {
            let _ended = acceptor.join();
        }
    }
}

/// A proxy that opens tunnels and nothing else; ends when dropped, its tunnels with their connections.
#[derive(Debug)]
pub struct Tunnel {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

impl Tunnel {
    /// Starts a proxy on a free port.
    ///
    /// # Errors
    ///
    /// When no port is left.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let acceptor = {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    if shared.stopped.load(Ordering::SeqCst) {
                        return;
                    }
                    let shared = Arc::clone(&shared);
                    std::thread::spawn(move || {
                        // Either side may go away at any time.
                        let _gone = open_tunnel(stream, &shared);
                    });
                }
            })
        };
        Ok(Self {
            address,
            shared,
            acceptor: Some(acceptor),
        })
    }

    /// Returns its port on 127.0.0.1.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.address.port()
    }

    /// Returns the requests for a tunnel that it has read so far.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        lock(&self.shared.requests).clone()
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        let _woken = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take() {
            let _ended = acceptor.join();
        }
    }
}

fn open_tunnel(mut client: TcpStream, shared: &Shared) -> io::Result<()> {
    let request = read_request(&mut client)?;
    let target = request.split(' ').nth(1).unwrap_or_default().to_owned();
    lock(&shared.requests).push(request);
    let server = TcpStream::connect(target)?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    let there = std::thread::spawn(move || {
        let copied = io::copy(&mut from_client, &mut to_server);
        to_server.shutdown(Shutdown::Write).and(copied.map(drop))
    });
    let (mut from_server, mut to_client) = (server, client);
    io::copy(&mut from_server, &mut to_client)?;
    to_client.shutdown(Shutdown::Both)?;
    // How the other direction ended is of no interest any more.
    let _ended = there.join();
    Ok(())
}

fn accept(listener: &TcpListener, scripts: &[Vec<Step>], shared: &Arc<Shared>) {
    for (number, stream) in listener.incoming().enumerate() {
        if shared.stopped.load(Ordering::SeqCst) {
            return;
        }
        let (Ok(stream), Some(last)) = (stream, scripts.last()) else {
            continue;
        };
        let script = scripts.get(number).unwrap_or(last).clone();
        let shared = Arc::clone(shared);
        if let Ok(copy) = stream.try_clone() {
            lock(&shared.open).push(copy);
        }
        std::thread::spawn(move || {
            // A client that goes away in the middle is what many of these scripts are for.
            let _gone = play(stream, &script, &shared);
        });
    }
}

fn play(mut stream: TcpStream, script: &[Step], shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    for step in script {
        match step {
            Step::Read => {
                let request = read_request(&mut stream)?;
                lock(&shared.requests).push(request);
            }
            Step::Send(bytes) => stream.write_all(bytes)?,
            Step::Drip(bytes, apart) => {
                for byte in bytes {
                    stream.write_all(&[*byte])?;
                    std::thread::sleep(*apart);
                }
            }
            Step::Endless(bytes) => loop {
                stream.write_all(bytes)?;
            },
            Step::Hang => while stream.read(&mut [0; 1024])? > 0 {},
            Step::Reset => {
                let socket = socket2::SockRef::from(&stream);
                socket.set_linger(Some(Duration::ZERO))?;
                forget(&stream, shared);
                return Ok(());
            }
        }
    }
    forget(&stream, shared);
    // What the client has sent and nobody has read would turn the end into a reset.
    stream.shutdown(Shutdown::Write)?;
    while stream.read(&mut [0; 1024])? > 0 {}
    Ok(())
}

/// Drops the copy of a connection, so that the connection ends with its thread.
fn forget(stream: &TcpStream, shared: &Shared) {
    let peer = stream.peer_addr().ok();
    lock(&shared.open).retain(|open| open.peer_addr().ok() != peer);
}

/// Reads a head and as much body as it announces.
fn read_request(stream: &mut TcpStream) -> io::Result<String> {
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let read = stream.read(&mut chunk)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        request.extend_from_slice(chunk.get(..read).unwrap_or_default());
        let text = String::from_utf8_lossy(&request);
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && body.len() >= content_length(head)
        {
            return Ok(text.into_owned());
        }
    }
}

fn content_length(head: &str) -> usize {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or(0)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
