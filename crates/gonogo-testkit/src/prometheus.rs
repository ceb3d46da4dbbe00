//! An own Prometheus instance.

use std::io;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::folder::Folder;
use crate::http::get;
use crate::process::{Server, free_port};

/// A running Prometheus that scrapes nothing but itself; ends and removes its files when dropped.
#[derive(Debug)]
pub struct Prometheus {
    server: Server,
    _folder: Folder,
    port: u16,
}

impl Prometheus {
    /// Starts an instance on a free port and waits until it is ready.
    ///
    /// # Errors
    ///
    /// When Prometheus is not installed, or does not start.
    pub fn start() -> io::Result<Self> {
        Self::start_on(free_port()?)
    }

    /// Starts an instance on a given port and waits until it is ready.
    ///
    /// # Errors
    ///
    /// When Prometheus is not installed, or does not start.
    pub fn start_on(port: u16) -> io::Result<Self> {
        let folder = Folder::new("prometheus")?;
        let conf = folder.write(
            "prometheus.yml",
            &format!(
                "global: {{ scrape_interval: 1s }}\nscrape_configs:\n\
                 - job_name: prometheus\n  static_configs: [{{ targets: ['127.0.0.1:{port}'] }}]\n"
            ),
        )?;
        let data = folder.path().join("data");
        let mut command = Command::new("prometheus");
        command
            .arg(format!("--config.file={}", conf.display()))
            .arg(format!("--storage.tsdb.path={}", data.display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"));
        let mut server = Server::start(command)?;
        let until = Instant::now() + Duration::from_secs(60);
        while !get(port, "/-/ready").is_ok_and(|answer| answer.starts_with("HTTP/1.0 200")) {
            if !server.is_running() || Instant::now() > until {
                return Err(io::Error::other("prometheus does not start"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Self {
            server,
            _folder: folder,
            port,
        })
    }

    /// Returns its port on 127.0.0.1.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Ends it; the port is free again.
    pub fn stop(&mut self) {
        self.server.stop();
    }
}
