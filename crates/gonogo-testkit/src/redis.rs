//! An own Redis instance.

use std::io;
use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::folder::Folder;
use crate::process::{Server, on_free_port};

/// A running Redis; ends and removes its files when dropped.
#[derive(Debug)]
pub struct Redis {
    server: Server,
    folder: Folder,
    setup: Setup,
    port: u16,
}

/// How an instance is to be started.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    lines: Vec<String>,
    tls: Option<Tls>,
    password: Option<String>,
    sentinel: bool,
    port: Option<u16>,
}

#[derive(Debug, Clone)]
struct Tls {
    chain: String,
    key: String,
    client_ca: Option<String>,
}

impl Setup {
    /// Adds a line of `redis.conf`: `maxmemory 100mb`, `user reader on >secret +ping +info`.
    #[must_use]
    pub fn line(mut self, line: &str) -> Self {
        self.lines.push(line.to_owned());
        self
    }

    /// Listens on this port instead of a free one.
    #[must_use]
    pub const fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// Asks every client for a password.
    #[must_use]
    pub fn password(mut self, password: &str) -> Self {
        self.lines.push(format!("requirepass {password}"));
        self.password = Some(password.to_owned());
        self
    }

    /// Follows another instance.
    #[must_use]
    pub fn replica_of(self, primary: &Redis) -> Self {
        let port = primary.port;
        self.line(&format!("replicaof 127.0.0.1 {port}"))
            .line("repl-diskless-sync-delay 0")
    }

    /// Speaks TLS and nothing else, with a chain and a key in PEM; with a CA, clients need a certificate.
    #[must_use]
    pub fn tls(mut self, chain: &str, key: &str, client_ca: Option<&str>) -> Self {
        self.tls = Some(Tls {
            chain: chain.to_owned(),
            key: key.to_owned(),
            client_ca: client_ca.map(ToOwned::to_owned),
        });
        self
    }

    /// Is a sentinel instead of a database.
    #[must_use]
    pub const fn sentinel(mut self) -> Self {
        self.sentinel = true;
        self
    }

    /// Starts the instance and waits until it takes connections.
    ///
    /// # Errors
    ///
    /// When Redis is not installed, or does not start.
    pub fn start(self) -> io::Result<Redis> {
        let folder = Folder::new("redis")?;
        let (server, port) = match self.port {
            Some(port) => (self.start_in(&folder, port)?, port),
            None => on_free_port(|port| self.start_in(&folder, port))?,
        };
        Ok(Redis {
            server,
            folder,
            setup: self,
            port,
        })
    }

    fn start_in(&self, folder: &Folder, port: u16) -> io::Result<Server> {
        let path = folder.path().display();
        let data = folder.path().join("data");
        std::fs::create_dir_all(&data)?;
        let mut text = format!(
            "bind 127.0.0.1\ndaemonize no\ndir {path}/data\nlogfile {path}/log\nsave \"\"\nappendonly no\n"
        );
        match &self.tls {
            None => text.push_str(&format!("port {port}\n")),
            Some(tls) => {
                folder.write("chain.pem", &tls.chain)?;
                folder.write("key.pem", &tls.key)?;
                let ca = tls.client_ca.as_deref().unwrap_or(&tls.chain);
                folder.write("ca.pem", ca)?;
                let clients = if tls.client_ca.is_some() { "yes" } else { "no" };
                text.push_str(&format!(
                    "port 0\ntls-port {port}\ntls-cert-file {path}/chain.pem\ntls-key-file {path}/key.pem\n\
                     tls-ca-cert-file {path}/ca.pem\ntls-auth-clients {clients}\n"
                ));
            }
        }
        for line in &self.lines {
            text.push_str(line);
            text.push('\n');
        }
        let conf = folder.write("redis.conf", &text)?;
        let mut command = Command::new("redis-server");
        command.arg(conf);
        if self.sentinel {
            command.arg("--sentinel");
        }
        let mut server = Server::start(command)?;
        let until = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if !server.is_running() || Instant::now() > until {
                let log = folder.read("log");
                return Err(io::Error::other(format!(
                    "redis-server does not start\n{log}"
                )));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(server)
    }
}

impl Redis {
    /// Starts an instance without a password and without TLS.
    ///
    /// # Errors
    ///
    /// When Redis is not installed, or does not start.
    pub fn start() -> io::Result<Self> {
        Setup::default().start()
    }

    /// Returns its port on 127.0.0.1.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Returns its URL, without a password.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.setup.tls.is_some() {
            "rediss"
        } else {
            "redis"
        };
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    /// Returns the folder of its data.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Returns its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.server.pid()
    }

    /// Runs a command on it as its administrator and returns what `redis-cli` prints.
    ///
    /// # Errors
    ///
    /// When `redis-cli` cannot be started.
    pub fn command(&self, arguments: &[&str]) -> io::Result<String> {
        let mut cli = Command::new("redis-cli");
        cli.args(["-h", "127.0.0.1", "-p", &self.port.to_string()]);
        if self.setup.tls.is_some() {
            cli.args(["--tls", "--insecure"]);
        }
        if let Some(password) = &self.setup.password {
            cli.env("REDISCLI_AUTH", password);
        }
        let output = cli.args(arguments).output()?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Waits until `INFO` has a line, such as `master_link_status:up`.
    ///
    /// # Errors
    ///
    /// When it has none within 20 seconds.
    pub fn wait_for(&self, line: &str) -> io::Result<()> {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let info = self.command(&["INFO"])?;
            if info.lines().any(|l| l.trim() == line) {
                return Ok(());
            }
            if Instant::now() > until {
                return Err(io::Error::other(format!("no {line} in\n{info}")));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Stops the process without ending it: it holds its connections and answers nothing.
    ///
    /// # Errors
    ///
    /// When the process is gone.
    pub fn pause(&self) -> io::Result<()> {
        self.signal(Signal::STOP)
    }

    /// Lets a paused process go on.
    ///
    /// # Errors
    ///
    /// When the process is gone.
    pub fn resume(&self) -> io::Result<()> {
        self.signal(Signal::CONT)
    }

    /// Ends it; nothing listens at its address any more.
    pub fn stop(&mut self) {
        self.server.stop();
    }

    /// Starts it again at the same address, with the data that it wrote to disk.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn restart(&mut self) -> io::Result<()> {
        self.server.stop();
        self.server = self.setup.start_in(&self.folder, self.port)?;
        Ok(())
    }

    /// Returns its log, for a test that fails.
    #[must_use]
    pub fn log(&self) -> String {
        self.folder.read("log")
    }

    fn signal(&self, signal: Signal) -> io::Result<()> {
        let pid = i32::try_from(self.server.pid()).map_err(io::Error::other)?;
        let pid = Pid::from_raw(pid).ok_or_else(|| io::Error::other("no process"))?;
        Ok(kill_process(pid, signal)?)
    }
}
