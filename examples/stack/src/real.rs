//! The real servers of `--real`, on the ports of the seeds or on free ones.

use std::fmt;
use std::net::{Ipv4Addr, TcpListener};

use gonogo_testkit::nginx::{self, Nginx};
use gonogo_testkit::postgres::{self, Postgres};
use gonogo_testkit::process::free_port;
use gonogo_testkit::prometheus::Prometheus;
use gonogo_testkit::redis::{self, Redis};
use sqlx::{Connection as _, PgConnection};

use crate::database::Migrations;
use crate::edge::Edge;
use crate::services::SERVICES;
use crate::stack::Trouble;

/// The ports of the real servers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ports {
    postgres: u16,
    redis: u16,
    http: u16,
    https: u16,
    prometheus: u16,
}

impl Ports {
    /// The ports of the seeds.
    pub(crate) const SEEDS: Self = Self {
        postgres: 5432,
        redis: 6379,
        http: 80,
        https: 443,
        prometheus: 9090,
    };

    /// Returns ports that nobody uses.
    pub(crate) fn free() -> Result<Self, Trouble> {
        Ok(Self {
            postgres: free_port()?,
            redis: free_port()?,
            http: free_port()?,
            https: free_port()?,
            prometheus: free_port()?,
        })
    }

    /// Returns the variables of the gate that say where the servers are.
    pub(crate) fn vars(self) -> [(String, String); 3] {
        [
            ("http_port", self.http),
            ("https_port", self.https),
            ("prometheus_port", self.prometheus),
        ]
        .map(|(name, port)| (name.to_owned(), port.to_string()))
    }
}

/// The real servers; end when dropped.
pub(crate) struct Real {
    ports: Ports,
    gateway: u16,
    nginx: Option<Nginx>,
    redis: Redis,
    database_url: String,
    _postgres: Postgres,
    _prometheus: Prometheus,
}

impl fmt::Debug for Real {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Real(..)")
    }
}

impl Real {
    /// Refuses to start anything while a port that is needed is taken, and says by whom.
    pub(crate) fn require_ports() -> Result<(), Trouble> {
        let servers = [
            ("PostgreSQL", Ports::SEEDS.postgres),
            ("Redis", Ports::SEEDS.redis),
            ("nginx", Ports::SEEDS.http),
            ("nginx", Ports::SEEDS.https),
            ("Prometheus", Ports::SEEDS.prometheus),
        ];
        let taken: Vec<String> = servers
            .into_iter()
            .chain(SERVICES)
            .filter_map(|(name, port)| {
                let error = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).err()?;
                Some(Trouble::port(port, name, &error).to_string())
            })
            .collect();
        if taken.is_empty() {
            Ok(())
        } else {
            Err(Trouble::new(taken.join("\n")))
        }
    }

    /// Starts the servers, one after the other; nginx passes requests on to the port of the gateway.
    pub(crate) async fn start(
        ports: Ports,
        gateway: u16,
        edge: &Edge,
        migrations: &Migrations,
    ) -> Result<Self, Trouble> {
        let failed = |name: &str| {
            let name = name.to_owned();
            move |error: std::io::Error| Trouble::new(format!("{name} does not start: {error}"))
        };
        let postgres = postgres::Setup::default()
            .port(ports.postgres)
            .start()
            .map_err(failed("PostgreSQL"))?;
        let database_url = postgres
            .database("beluga", "demo-only-password")
            .map_err(failed("PostgreSQL"))?;
        // Whoever counts the connections of all roles needs to see them.
        postgres
            .sql("postgres", "grant pg_monitor to beluga")
            .map_err(failed("PostgreSQL"))?;
        apply(&database_url, migrations).await?;
        let redis = redis::Setup::default()
            .port(ports.redis)
            .password(REDIS_PASSWORD)
            .start()
            .map_err(failed("Redis"))?;
        let prometheus = Prometheus::start_on(ports.prometheus).map_err(failed("Prometheus"))?;
        let nginx = start_nginx(ports, gateway, edge, false)?;
        Ok(Self {
            ports,
            gateway,
            nginx: Some(nginx),
            redis,
            database_url,
            _postgres: postgres,
            _prometheus: prometheus,
        })
    }

    /// Returns the secrets of the gate, by the names of its environment variables.
    pub(crate) fn secrets(&self) -> Vec<(String, String)> {
        vec![
            ("DATABASE_URL".to_owned(), self.database_url.clone()),
            (
                "REDIS_URL".to_owned(),
                format!("redis://:{REDIS_PASSWORD}@127.0.0.1:{}", self.ports.redis),
            ),
        ]
    }

    /// Gives nginx the expired certificate, or the good one.
    pub(crate) fn set_expired(&mut self, edge: &Edge, expired: bool) -> Result<(), Trouble> {
        // The old one lets go of the ports before the new one takes them.
        drop(self.nginx.take());
        self.nginx = Some(start_nginx(self.ports, self.gateway, edge, expired)?);
        Ok(())
    }

    /// Stops Redis, or starts it again.
    pub(crate) fn set_redis_stopped(&mut self, stopped: bool) -> Result<(), Trouble> {
        if stopped {
            self.redis.stop();
            Ok(())
        } else {
            self.redis
                .restart()
                .map_err(|error| Trouble::new(format!("Redis does not start again: {error}")))
        }
    }
}

async fn apply(url: &str, migrations: &Migrations) -> Result<(), Trouble> {
    let failed =
        |error: &dyn fmt::Display| Trouble::new(format!("cannot apply the migrations: {error}"));
    let mut connection = PgConnection::connect(url)
        .await
        .map_err(|error| failed(&error))?;
    migrations
        .migrator()
        .await?
        .run(&mut connection)
        .await
        .map_err(|error| failed(&error))?;
    connection.close().await.map_err(|error| failed(&error))
}

fn start_nginx(ports: Ports, gateway: u16, edge: &Edge, expired: bool) -> Result<Nginx, Trouble> {
    let (chain, key) = edge.pem(expired);
    nginx::Setup::default()
        .ports(ports.http, ports.https)
        .tls(&chain, &key)
        .site(&SITE.replace("GATEWAY", &gateway.to_string()))
        .start()
        .map_err(|error| Trouble::new(format!("nginx does not start: {error}")))
}

const SITE: &str = "if ($scheme = http) { return 301 https://$host$request_uri; }
add_header Strict-Transport-Security \"max-age=31536000\" always;
location / { proxy_pass http://127.0.0.1:GATEWAY; proxy_hide_header Strict-Transport-Security; }
";
/// The stack listens on loopback only and ends with the demo.
const REDIS_PASSWORD: &str = "demo-only-secret";
