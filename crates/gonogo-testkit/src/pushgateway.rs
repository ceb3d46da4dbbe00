//! An own Pushgateway.

use std::io;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::http::get;
use crate::process::{Server, free_port};

/// A running Pushgateway that keeps what it is sent in memory; ends when dropped.
#[derive(Debug)]
pub struct Pushgateway {
    _server: Server,
    port: u16,
}

impl Pushgateway {
    /// Starts an instance on a free port and waits until it is ready.
    ///
    /// # Errors
    ///
    /// When the Pushgateway is not installed, or does not start.
    pub fn start() -> io::Result<Self> {
        let port = free_port()?;
        let mut command = Command::new("prometheus-pushgateway");
        command.arg(format!("--web.listen-address=127.0.0.1:{port}"));
        let mut server = Server::start(command)?;
        let until = Instant::now() + Duration::from_secs(60);
        while !get(port, "/-/ready").is_ok_and(|answer| answer.starts_with("HTTP/1.0 200")) {
            if !server.is_running() || Instant::now() > until {
                return Err(io::Error::other("the Pushgateway does not start"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Self {
            _server: server,
            port,
        })
    }

    /// Returns the URL of a path on it.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Returns what it shows to Prometheus.
    ///
    /// # Errors
    ///
    /// When it does not answer.
    pub fn metrics(&self) -> io::Result<String> {
        get(self.port, "/metrics")
    }
}
