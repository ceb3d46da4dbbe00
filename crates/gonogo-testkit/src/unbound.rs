//! An own DNS server with a zone of the test.
//!
//! It answers from the zones it is given and asks nobody else.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::folder::Folder;
use crate::process::{Server, on_free_port};

/// A running DNS server; ends and removes its files when dropped.
#[derive(Debug)]
pub struct Unbound {
    server: Server,
    folder: Folder,
    port: u16,
}

/// What a DNS server is to answer.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    lines: Vec<String>,
    clauses: Vec<String>,
}

impl Setup {
    /// Adds a zone with its records in presentation form: `www.example.test. 300 IN A 192.0.2.1`.
    ///
    /// Names of the zone that have no record do not exist.
    #[must_use]
    pub fn zone(mut self, name: &str, records: &[&str]) -> Self {
        self.lines.push(format!("local-zone: \"{name}\" static"));
        for record in records {
            let quote = if record.contains('"') { '\'' } else { '"' };
            self.lines
                .push(format!("local-data: {quote}{record}{quote}"));
        }
        self
    }

    /// Refuses every question about a zone.
    #[must_use]
    pub fn refuse(mut self, name: &str) -> Self {
        self.lines
            .push(format!("local-zone: \"{name}\" always_refuse"));
        self
    }

    /// Does not answer any question about a zone.
    #[must_use]
    pub fn silent(mut self, name: &str) -> Self {
        self.lines
            .push(format!("local-zone: \"{name}\" always_deny"));
        self
    }

    /// Answers SERVFAIL to any question about a zone, as for one whose transfer has not come.
    #[must_use]
    pub fn servfail(mut self, name: &str) -> Self {
        self.lines
            .push(format!("local-zone: \"{name}\" transparent"));
        self.clauses.push(format!(
            "auth-zone:\n  name: \"{name}\"\n  primary: 127.0.0.1@1\n  fallback-enabled: no\n  \
             for-upstream: yes\n  for-downstream: yes\n"
        ));
        self
    }

    /// Adds a line to the `server:` clause of the configuration.
    #[must_use]
    pub fn line(mut self, line: &str) -> Self {
        self.lines.push(line.to_owned());
        self
    }

    /// Starts the server and waits until it listens.
    ///
    /// # Errors
    ///
    /// When unbound is not installed, or does not start.
    pub fn start(self) -> io::Result<Unbound> {
        let folder = Folder::new("unbound")?;
        let (server, port) = on_free_port(|port| self.start_in(&folder, port))?;
        Ok(Unbound {
            server,
            folder,
            port,
        })
    }

    fn start_in(&self, folder: &Folder, port: u16) -> io::Result<Server> {
        let path = folder.path().display();
        let mut text = format!(
            "server:\n  interface: 127.0.0.1@{port}\n  do-daemonize: no\n  username: \"\"\n  chroot: \"\"\n  \
             directory: \"{path}\"\n  pidfile: \"{path}/pid\"\n  use-syslog: no\n  logfile: \"{path}/log\"\n  \
             verbosity: 1\n  num-threads: 1\n  module-config: \"iterator\"\n  do-not-query-localhost: no\n  \
             outgoing-range: 64\n  msg-cache-size: 64k\n  rrset-cache-size: 64k\n  \
             local-zone: \".\" static\n"
        );
        for line in &self.lines {
            text.push_str(&format!("  {line}\n"));
        }
        text.push_str("remote-control:\n  control-enable: no\n");
        text.extend(self.clauses.iter().map(String::as_str));
        let conf = folder.write("unbound.conf", &text)?;
        let mut command = Command::new("unbound");
        command.arg("-d").arg("-c").arg(conf);
        let mut server = Server::start(command)?;
        let until = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if !server.is_running() || Instant::now() > until {
                let log = folder.read("log");
                return Err(io::Error::other(format!("unbound does not start\n{log}")));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(server)
    }
}

impl Unbound {
    /// Starts a server that has one zone.
    ///
    /// # Errors
    ///
    /// When unbound is not installed, or does not start.
    pub fn start(zone: &str, records: &[&str]) -> io::Result<Self> {
        Setup::default().zone(zone, records).start()
    }

    /// Returns where it listens, over UDP and TCP.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), self.port)
    }

    /// Starts it again at the same address with other answers.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn replace(&mut self, setup: &Setup) -> io::Result<()> {
        self.server.stop();
        self.server = setup.start_in(&self.folder, self.port)?;
        Ok(())
    }

    /// Ends it; nothing listens at its address any more.
    pub fn stop(&mut self) {
        self.server.stop();
    }
}
