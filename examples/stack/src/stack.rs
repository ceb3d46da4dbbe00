//! The whole of the sample stack, and the variables by which a gate finds it.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::database::{self, Migrations};
use crate::edge::Edge;
use crate::fault::{Fault, Faults};
use crate::real::{Ports, Real};
use crate::services::{self, SERVICES};
use crate::{ports, zone};

/// What went wrong, in words for whoever runs the demo.
#[derive(Debug)]
pub(crate) struct Trouble(String);

impl Trouble {
    /// Returns trouble with a message.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// Says that a port cannot be had, and who has it.
    pub(crate) fn port(port: u16, service: &str, error: &io::Error) -> Self {
        let why = match ports::holder(port) {
            Some(holder) => format!("{holder} listens there"),
            None => error.to_string(),
        };
        Self(format!(
            "port {port}, which {service} needs, is not free: {why}"
        ))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Which servers stand behind the services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Servers {
    /// What this program can be by itself.
    Embedded,
    /// PostgreSQL, Redis, nginx and Prometheus, on the ports of the seeds.
    RealOnSeedPorts,
    /// The same, on free ports.
    RealOnFreePorts,
}

/// Everything that runs; ends when dropped.
#[derive(Debug)]
pub(crate) struct Stack {
    faults: Faults,
    migrations: Migrations,
    edge: Edge,
    real: Option<Real>,
}

impl Stack {
    /// Starts everything, and writes the variables of the gate to `vars.yaml` and its secrets to
    /// `secrets.env` in `dir`.
    pub(crate) async fn start(dir: &Path, servers: Servers) -> Result<Self, Trouble> {
        fs::create_dir_all(dir)?;
        let faults = Faults::default();
        let migrations = Migrations::write(dir)?;
        let ports = match servers {
            Servers::Embedded => None,
            Servers::RealOnSeedPorts => {
                Real::require_ports()?;
                Some(Ports::SEEDS)
            }
            Servers::RealOnFreePorts => Some(Ports::free()?),
        };
        let mut vars = Vec::new();
        let mut gateway = 0;
        for (name, port) in SERVICES {
            let port = if servers == Servers::RealOnSeedPorts {
                port
            } else {
                0
            };
            let port = services::start(name, port, faults.clone()).await?;
            if name == "gateway" {
                gateway = port;
            }
            vars.push((format!("{name}_port"), port.to_string()));
        }
        let edge = Edge::new(dir)?;
        let mut secrets = Vec::new();
        let real = if let Some(ports) = ports {
            let real = Real::start(ports, gateway, &edge, &migrations).await?;
            secrets.extend(real.secrets());
            vars.extend(ports.vars());
            vars.push(("host".to_owned(), "127.0.0.1".to_owned()));
            Some(real)
        } else {
            vars.push((
                "edge_port".to_owned(),
                edge.serve(&faults).await?.to_string(),
            ));
            let database = database::create(dir, &migrations).await?;
            secrets.push((
                "DATABASE_URL".to_owned(),
                format!("sqlite:{}", database.display()),
            ));
            None
        };
        vars.push((
            "dns_server".to_owned(),
            zone::start(faults.clone()).await?.to_string(),
        ));
        vars.push(("ca".to_owned(), edge.ca_file().display().to_string()));
        vars.push(("migrations".to_owned(), migrations.0.display().to_string()));
        write_vars(dir, &vars, &secrets)?;
        Ok(Self {
            faults,
            migrations,
            edge,
            real,
        })
    }

    /// Returns what runs, in one line.
    pub(crate) fn describe(&self) -> String {
        match &self.real {
            Some(_) => "PostgreSQL, Redis, nginx and Prometheus run on the ports of the seeds; the five services \
                 and Grafana's health endpoint are stand-ins of ours"
                .to_owned(),
            None => "five services, HTTPS with a throw-away CA, a DNS zone and a SQLite database run on free \
                 loopback ports"
                .to_owned(),
        }
    }

    /// Breaks one thing and says what.
    pub(crate) async fn break_down(&mut self, name: &str) -> Result<String, Trouble> {
        self.set(name, true).await
    }

    /// Mends one thing and says what.
    pub(crate) async fn mend(&mut self, name: &str) -> Result<String, Trouble> {
        self.set(name, false).await
    }

    async fn set(&mut self, name: &str, broken: bool) -> Result<String, Trouble> {
        let fault = Fault::named(name)
            .ok_or_else(|| Trouble::new(format!("nothing here is called `{name}`")))?;
        self.faults.set(fault, broken);
        match (fault, &mut self.real) {
            (Fault::Migration, _) => self.migrations.set_pending(broken)?,
            (Fault::Edited, _) => self.migrations.set_edited(broken)?,
            (Fault::Certificate, Some(real)) => real.set_expired(&self.edge, broken)?,
            (Fault::Redis, Some(real)) => real.set_redis_stopped(broken)?,
            (Fault::Redis, None) => {
                return Err(Trouble::new("there is no Redis in the embedded stack"));
            }
            // What serves these looks at the fault itself.
            (Fault::Certificate, None) | (Fault::Dns | Fault::Service | Fault::Hang, _) => {}
        }
        Ok(fault.words().to_owned())
    }
}

fn write_vars(
    dir: &Path,
    vars: &[(String, String)],
    secrets: &[(String, String)],
) -> io::Result<()> {
    let text: String = vars
        .iter()
        .map(|(name, value)| format!("{name}: \"{value}\"\n"))
        .collect();
    fs::write(dir.join("vars.yaml"), text)?;
    let text: String = secrets
        .iter()
        .map(|(name, value)| format!("{name}={value}\n"))
        .collect();
    let path: PathBuf = dir.join("secrets.env");
    fs::write(path, text)
}
