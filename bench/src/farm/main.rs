//! The targets of the benchmarks, on loopback: `bench-farm FOLDER KIND:COUNT...`
//!
//! For each kind the addresses go to `KIND.txt` in the folder, one URL a line, and the roots of the
//! certificates to `roots.pem`. Then it says `ready`, and it ends when its standard input does.
//!
//! | kind | what is there |
//! |---|---|
//! | `http` | answers at once |
//! | `slow` | answers after 50 ms |
//! | `https` | the same over TLS, each target with a certificate of its own |
//! | `shared` | over TLS, all with one certificate |
//! | `hole` | drops every attempt to connect |
//! | `postgres`, `redis` | one server, and its URL COUNT times |
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "its answer is its output"
)]

mod hole;
mod ports;
mod web;

use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use gonogo_testkit::ca::Ca;
use gonogo_testkit::postgres::{Postgres, Setup};
use gonogo_testkit::redis::Redis;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use hole::Hole;
use ports::Ports;
use web::{Manner, Web};

/// Everything that runs; ends with the value.
#[derive(Default)]
struct Farm {
    webs: Vec<Web>,
    holes: Vec<Hole>,
    postgres: Option<Postgres>,
    redis: Option<Redis>,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench-farm: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (folder, kinds) = words
        .split_first()
        .ok_or_else(|| io::Error::other("usage: bench-farm FOLDER KIND:COUNT..."))?;
    let folder = Path::new(folder);
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, raised)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let inside = runtime.enter();
    let ca = Ca::with_intermediate();
    std::fs::write(folder.join("roots.pem"), ca.root_pem())?;
    let mut farm = Farm::default();
    let mut ports = Ports::default();
    for kind in kinds {
        let (kind, count) = kind
            .split_once(':')
            .and_then(|(kind, count)| Some((kind, count.parse().ok()?)))
            .ok_or_else(|| io::Error::other(format!("`{kind}` is not KIND:COUNT")))?;
        let urls = farm.start(kind, count, &ca, &mut ports)?;
        std::fs::write(folder.join(format!("{kind}.txt")), urls.join("\n") + "\n")?;
    }
    println!("ready");
    io::stdout().flush()?;
    io::stdin().read_to_end(&mut Vec::new())?;
    drop(inside);
    runtime.shutdown_background();
    Ok(())
}

impl Farm {
    /// Starts targets, and returns their URLs.
    fn start(
        &mut self,
        kind: &str,
        count: usize,
        ca: &Ca,
        ports: &mut Ports,
    ) -> io::Result<Vec<String>> {
        match kind {
            "http" => self.web(&Manner::Plain, count, ports),
            "slow" => self.web(&Manner::Slow, count, ports),
            "https" => self.web(&Manner::OwnCertificates(ca), count, ports),
            "shared" => self.web(&Manner::OneCertificate(ca), count, ports),
            "hole" => {
                let holes: Vec<Hole> = (0..count)
                    .map(|_| Hole::open(ports))
                    .collect::<io::Result<_>>()?;
                hole::prove(&holes)?;
                let urls = holes.iter().map(|hole| format!("tcp://{}", hole.address()));
                let urls = urls.collect();
                self.holes.extend(holes);
                Ok(urls)
            }
            "postgres" => {
                let server = Setup::default().start()?;
                let url = server.database("bench", "not-a-secret")?;
                self.postgres = Some(server);
                Ok(vec![url; count])
            }
            "redis" => {
                let server = Redis::start()?;
                let url = server.url();
                self.redis = Some(server);
                Ok(vec![url; count])
            }
            _ => Err(io::Error::other(format!("there is no kind `{kind}`"))),
        }
    }

    fn web(
        &mut self,
        manner: &Manner<'_>,
        count: usize,
        ports: &mut Ports,
    ) -> io::Result<Vec<String>> {
        let web = Web::start(manner, count, ports)?;
        let urls = web.urls();
        self.webs.push(web);
        Ok(urls)
    }
}
