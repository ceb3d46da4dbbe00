//! An own server of e-mail, `python3-aiosmtpd`, which writes down what it gets as Python reads it.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpStream};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::ca::Issued;
use crate::folder::Folder;
use crate::process::{Server, free_port};

/// A running server of e-mail; ends and removes its files when dropped.
#[derive(Debug)]
pub struct MailServer {
    _server: Server,
    folder: Folder,
    port: u16,
}

/// How a server is to be started.
#[derive(Debug, Default)]
pub struct Setup<'a> {
    mode: &'static str,
    issued: Option<&'a Issued>,
    login: Option<(&'a str, &'a str)>,
    refuses: bool,
}

impl MailServer {
    /// Begins a server that speaks plain text and nothing else.
    #[must_use]
    pub fn plain<'a>() -> Setup<'a> {
        Setup {
            mode: "plain",
            ..Setup::default()
        }
    }

    /// Begins a server that wants STARTTLS before it takes anything.
    #[must_use]
    pub fn starttls(issued: &Issued) -> Setup<'_> {
        Setup {
            mode: "starttls",
            issued: Some(issued),
            ..Setup::default()
        }
    }

    /// Begins a server that speaks TLS from the first byte.
    #[must_use]
    pub fn tls(issued: &Issued) -> Setup<'_> {
        Setup {
            mode: "tls",
            issued: Some(issued),
            ..Setup::default()
        }
    }

    /// Returns its port on 127.0.0.1.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Returns every message it took, in order, as JSON: `from`, `to`, `secured`, `login`, `headers`,
    /// `defects` and `body`.
    ///
    /// # Errors
    ///
    /// When the folder of the server cannot be read.
    pub fn messages(&self) -> io::Result<Vec<String>> {
        let mut paths = Vec::new();
        for entry in fs::read_dir(self.folder.path())? {
            let path = entry?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                paths.push(path);
            }
        }
        paths.sort();
        paths.into_iter().map(fs::read_to_string).collect()
    }
}

impl<'a> Setup<'a> {
    /// Wants this login.
    #[must_use]
    pub const fn login(mut self, user: &'a str, password: &'a str) -> Self {
        self.login = Some((user, password));
        self
    }

    /// Refuses every message.
    #[must_use]
    pub const fn refusing(mut self) -> Self {
        self.refuses = true;
        self
    }

    /// Starts the server on a free port and waits until it listens.
    ///
    /// # Errors
    ///
    /// When python3 or aiosmtpd is not installed, or the server does not start.
    pub fn start(self) -> io::Result<MailServer> {
        let folder = Folder::new("smtp")?;
        let port = free_port()?;
        let (mut certificate, mut key) = ("null".to_owned(), "null".to_owned());
        if let Some(issued) = self.issued {
            let written = folder.write("certificate.pem", &issued.chain_pem())?;
            certificate = quoted(&written.display().to_string());
            let written = folder.write("key.pem", &issued.key_pem())?;
            key = quoted(&written.display().to_string());
        }
        let (user, password) = self.login.map_or_else(
            || ("null".to_owned(), "null".to_owned()),
            |(user, password)| (quoted(user), quoted(password)),
        );
        let setup = format!(
            "{{\"mode\":{},\"port\":{port},\"folder\":{},\"certificate\":{certificate},\"key\":{key},\"user\":{user},\"password\":{password},\"refuses\":{}}}",
            quoted(self.mode),
            quoted(&folder.path().display().to_string()),
            self.refuses,
        );
        let mut command = Command::new("/usr/bin/python3");
        command.args(["-c", include_str!("smtp.py")]).arg(setup);
        let mut server = Server::start(command)?;
        let until = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if !server.is_running() || Instant::now() > until {
                return Err(io::Error::other("the server of e-mail does not start"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(MailServer {
            _server: server,
            folder,
            port,
        })
    }
}

/// Quotes a text of a test, which holds nothing that JSON escapes in another way than Rust.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
