//! The real servers of `--real`, on the ports of the seeds.

use std::fmt;
use std::net::{Ipv4Addr, TcpListener};

use gonogo_testkit::nginx::{self, Nginx};
use gonogo_testkit::postgres::{self, Postgres};
use gonogo_testkit::prometheus::Prometheus;
use gonogo_testkit::redis::{self, Redis};
use sqlx::{Connection as _, PgConnection};

use crate::database::Migrations;
use crate::edge::Edge;
use crate::services::SERVICES;
use crate::stack::Trouble;

/// The real servers; end when dropped.
pub(crate) struct Real {
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
            ("PostgreSQL", POSTGRES),
            ("Redis", REDIS),
            ("nginx", HTTP),
            ("nginx", HTTPS),
            ("Prometheus", PROMETHEUS),
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

    /// Starts the servers, one after the other.
    pub(crate) async fn start(edge: &Edge, migrations: &Migrations) -> Result<Self, Trouble> {
        let failed = |name: &str| {
            let name = name.to_owned();
            move |error: std::io::Error| Trouble::new(format!("{name} does not start: {error}"))
        };
        let postgres = postgres::Setup::default()
            .port(POSTGRES)
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
            .port(REDIS)
            .password(REDIS_PASSWORD)
            .start()
            .map_err(failed("Redis"))?;
        let prometheus = Prometheus::start_on(PROMETHEUS).map_err(failed("Prometheus"))?;
        let nginx = start_nginx(edge, false)?;
        Ok(Self {
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
                format!("redis://:{REDIS_PASSWORD}@127.0.0.1:{REDIS}"),
            ),
        ]
    }

    /// Gives nginx the expired certificate, or the good one.
    pub(crate) fn set_expired(&mut self, edge: &Edge, expired: bool) -> Result<(), Trouble> {
        // The old one lets go of the ports before the new one takes them.
        drop(self.nginx.take());
        self.nginx = Some(start_nginx(edge, expired)?);
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

fn start_nginx(edge: &Edge, expired: bool) -> Result<Nginx, Trouble> {
    let (chain, key) = edge.pem(expired);
    nginx::Setup::default()
        .ports(HTTP, HTTPS)
        .tls(&chain, &key)
        .site(SITE)
        .start()
        .map_err(|error| Trouble::new(format!("nginx does not start: {error}")))
}

const SITE: &str = "if ($scheme = http) { return 301 https://$host$request_uri; }
add_header Strict-Transport-Security \"max-age=31536000\" always;
location / { proxy_pass http://127.0.0.1:8080; proxy_hide_header Strict-Transport-Security; }
";
const POSTGRES: u16 = 5432;
const REDIS: u16 = 6379;
const HTTP: u16 = 80;
const HTTPS: u16 = 443;
const PROMETHEUS: u16 = 9090;
/// The stack listens on loopback only and ends with the demo.
const REDIS_PASSWORD: &str = "demo-only-secret";
