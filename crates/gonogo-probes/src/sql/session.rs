//! A logged-in connection to PostgreSQL.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use gonogo_kind::{ProbeCx, RootsSource};
use gonogo_model::{Phase, codes};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;

use super::bridge::{self, Door, Stream};
use super::error::{ServerError, SqlError, Stage};
use super::guard::Ended;
use super::rows::{self, Rows};
use super::url::{Place, Security, Target};
use crate::net::tls::{Demand, Identity, TlsOptions, TlsSession, handshake_demanding};
use crate::net::{Net, fault_of_io, net_fault, phase_since, within};

/// A logged-in connection.
pub(crate) struct Session {
    connection: PgConnection,
    carrier: Option<Carrier>,
    secured: bool,
}

type Carrier = Pin<Box<dyn Future<Output = Ended> + Send>>;

/// What opening a session brought, as far as it came.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    /// `resolve`, `connect`, `tls`, `login`: those that ended.
    pub(crate) phases: Vec<Phase>,
    /// What was agreed on, when the connection is secured.
    pub(crate) tls: Option<Box<TlsSession>>,
}

/// Where the names in a question are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SearchPath {
    /// In the system's catalog alone: nobody else's function can answer in its place.
    Ours,
    /// Where the role's own are: untouched.
    Theirs,
}

impl Session {
    /// Connects and logs in; `opened` tells how far it came, also when it fails.
    pub(crate) async fn open(
        target: &Target,
        roots: &Arc<RootsSource>,
        identity: Option<&Identity>,
        net: &Net,
        cx: &ProbeCx,
        opened: &mut Opened,
    ) -> Result<Self, SqlError> {
        let stream = Box::pin(connect(target, roots, identity, net, cx, opened)).await?;
        let begin = Instant::now();
        let ours = |error: std::io::Error| fault_of_io(&error, "login");
        let door = Door::open().map_err(ours)?;
        let options = options(target, door.folder());
        let startup = bridge::startup(&[
            ("user", &target.user),
            ("database", &target.database),
            ("client_encoding", "UTF8"),
            ("DateStyle", "ISO, MDY"),
            ("TimeZone", "UTC"),
            ("application_name", "gonogo"),
        ]);
        let mut carrier: Option<Carrier> = Some(Box::pin(bridge::carry(door, stream, startup)));
        let login = Box::pin(PgConnection::connect_with(&options));
        let connection = drive(&mut carrier, Stage::Login, cx, login).await?;
        opened.phases.push(phase_since(begin, "login", cx));
        Ok(Self {
            connection,
            carrier,
            secured: target.security != Security::Plain,
        })
    }

    /// Returns whether the connection is encrypted.
    pub(crate) const fn is_secured(&self) -> bool {
        self.secured
    }

    /// Begins a read-only transaction, and makes sure that it is one.
    ///
    /// # Errors
    ///
    /// [`SqlError::NotReadOnly`] when the server says otherwise: nothing is asked then.
    pub(crate) async fn begin(
        &mut self,
        search_path: SearchPath,
        cx: &ProbeCx,
    ) -> Result<(), SqlError> {
        let search_path = match search_path {
            SearchPath::Ours => "SET LOCAL search_path = pg_catalog; ",
            SearchPath::Theirs => "",
        };
        let most = statement_timeout(cx).as_millis();
        // A lock that is held is told apart from a question that takes long.
        let lock = (most * 3 / 4).max(1);
        let sql = format!(
            "BEGIN TRANSACTION READ ONLY; SET LOCAL statement_timeout = {most}; \
             SET LOCAL lock_timeout = {lock}; {search_path}SHOW transaction_read_only"
        );
        let begin = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&mut self.connection);
        let rows = drive(&mut self.carrier, Stage::Query, cx, begin).await?;
        match rows.last().map(|row| row.try_get::<String, _>(0)) {
            Some(Ok(word)) if word == "on" => Ok(()),
            Some(Ok(word)) => Err(SqlError::NotReadOnly(word)),
            Some(Err(_)) | None => Err(SqlError::NotReadOnly("nothing".to_owned())),
        }
    }

    /// Asks a question of ours inside the transaction; every column is a text or NULL.
    pub(crate) async fn ask(
        &mut self,
        sql: impl Into<String>,
        cx: &ProbeCx,
    ) -> Result<Vec<Vec<Option<String>>>, SqlError> {
        let query = sqlx::query(AssertSqlSafe(sql.into()))
            .persistent(false)
            .fetch_all(&mut self.connection);
        let rows = drive(&mut self.carrier, Stage::Query, cx, query).await?;
        rows.iter().map(texts).collect()
    }

    /// Asks the question of a gate inside the transaction, as one statement that can only select.
    pub(crate) async fn ask_foreign(&mut self, sql: &str, cx: &ProbeCx) -> Result<Rows, SqlError> {
        let answer = self.ask(rows::wrapped(sql), cx).await?;
        rows::read(answer)
    }

    /// Ends the transaction; nothing that happened in it stays.
    pub(crate) async fn rollback(&mut self, cx: &ProbeCx) -> Result<(), SqlError> {
        let rollback = sqlx::raw_sql("ROLLBACK").execute(&mut self.connection);
        drive(&mut self.carrier, Stage::Query, cx, rollback)
            .await
            .map(|_| ())
    }

    /// Says goodbye, so that the server does not log a lost connection.
    pub(crate) async fn close(self, cx: &ProbeCx) {
        let Self {
            connection,
            mut carrier,
            secured: _,
        } = self;
        // Everything was said; a goodbye that is not heard changes nothing.
        let _unheard = drive(&mut carrier, Stage::Query, cx, connection.close()).await;
        if let Some(carrier) = carrier {
            // It stands in the bridge by now, and has yet to cross it.
            let _unheard = within("query", cx, carrier).await;
        }
    }
}

/// Connects and secures the connection as the target wants it.
async fn connect(
    target: &Target,
    roots: &Arc<RootsSource>,
    identity: Option<&Identity>,
    net: &Net,
    cx: &ProbeCx,
    opened: &mut Opened,
) -> Result<Box<dyn Stream>, SqlError> {
    let (host, port, name) = match &target.place {
        Place::Tcp { host, port, name } => (host, *port, name.clone()),
        Place::Unix(folder, port) => {
            let begin = Instant::now();
            let stream = connect_unix(folder, *port, cx).await?;
            opened.phases.push(phase_since(begin, "connect", cx));
            return Ok(Box::new(stream));
        }
    };
    let dialed = net.dial(host, port, cx).await?;
    opened.phases.extend(dialed.phases);
    let mut stream = dialed.stream;
    let demand = match target.security {
        Security::Plain => return Ok(Box::new(stream)),
        Security::Encrypted => Demand::Nothing,
        Security::VerifiedChain => Demand::Chain,
        Security::Verified => Demand::Everything,
    };
    let begin = Instant::now();
    let request = async {
        stream.write_all(SSL_REQUEST).await?;
        stream.read_u8().await
    };
    let answer = within("tls", cx, request)
        .await?
        .map_err(|error| fault_of_io(&error, "tls"))?;
    match answer {
        b'S' => {}
        b'N' => return Err(SqlError::NoTls),
        other => {
            let what = format!(
                "answers the request for TLS with `{}`",
                other.escape_ascii()
            );
            return Err(SqlError::Garbage(what));
        }
    }
    let options = TlsOptions {
        name,
        roots: Arc::clone(roots),
        identity: identity.cloned(),
        alpn: Vec::new(),
    };
    let secured = handshake_demanding(demand, stream, &options, net, cx).await;
    opened.phases.push(phase_since(begin, "tls", cx));
    match secured {
        Ok(secured) => {
            opened.tls = Some(secured.session);
            Ok(Box::new(secured.stream))
        }
        Err(failed) => {
            opened.tls = failed.session;
            Err(SqlError::Net(failed.faults))
        }
    }
}

async fn connect_unix(folder: &Path, port: u16, cx: &ProbeCx) -> Result<UnixStream, SqlError> {
    let path = Place::socket(folder, port);
    let connected = within("connect", cx, UnixStream::connect(&path)).await?;
    connected.map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            // Nobody listens: a server removes its socket when it ends.
            let message = format!("connection failed: there is no socket {}", path.display());
            return net_fault(codes::net::REFUSED, message).into();
        }
        fault_of_io(&error, "connect").into()
    })
}

/// Returns what sqlx needs to know: where our door is, and how to log in.
///
/// It reads the environment first; whatever it takes from there and cannot be overwritten stands in
/// the startup message, which is replaced.
fn options(target: &Target, folder: &Path) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .host("localhost")
        .socket(folder)
        .port(bridge::PORT)
        .username(&target.user)
        .password(&target.password)
        .database(&target.database)
        .ssl_mode(PgSslMode::Disable)
        .statement_cache_capacity(0)
        .disable_statement_logging()
}

/// Does one thing with sqlx while its bytes are carried.
async fn drive<T>(
    carrier: &mut Option<Carrier>,
    stage: Stage,
    cx: &ProbeCx,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, SqlError> {
    let phase = match stage {
        Stage::Login => "login",
        Stage::Query => "query",
    };
    // sqlx panics on some malformed messages that the guard lets through.
    let work = AssertUnwindSafe(work).catch_unwind();
    let (done, ended) = within(phase, cx, async {
        let mut work = std::pin::pin!(work);
        let ended = match carrier {
            None => return (work.await, None),
            Some(carrier) => tokio::select! {
                biased;
                done = &mut work => return (done, None),
                ended = carrier => ended,
            },
        };
        // Our end of the bridge is closed now: sqlx reads what is left, then the end.
        *carrier = None;
        (work.await, Some(ended))
    })
    .await?;
    let Ok(result) = done else {
        return Err(SqlError::Garbage("sends malformed messages".to_owned()));
    };
    result.map_err(|error| interpret(error, ended, stage))
}

/// Tells what an error of sqlx means, given why the connection ended.
fn interpret(error: sqlx::Error, ended: Option<Ended>, stage: Stage) -> SqlError {
    let phase = match stage {
        Stage::Login => "login",
        Stage::Query => "query",
    };
    if let sqlx::Error::Database(refusal) = &error {
        let sqlstate = refusal.code().unwrap_or_default();
        return SqlError::Server(stage, ServerError::new(&sqlstate, refusal.message()));
    }
    match (ended, error) {
        (Some(Ended::Garbage(what)), _) => SqlError::Garbage(what),
        (Some(Ended::TooLarge(what)), _) => SqlError::TooLarge(what),
        (Some(Ended::Broken(error)), _) | (_, sqlx::Error::Io(error)) => {
            fault_of_io(&error, phase).into()
        }
        (Some(Ended::ByUs) | None, error) => {
            SqlError::Garbage(super::shortened(&error.to_string(), 200))
        }
    }
}

fn texts(row: &PgRow) -> Result<Vec<Option<String>>, SqlError> {
    (0..row.len())
        .map(|column| {
            row.try_get(column)
                .map_err(|_| SqlError::Garbage("answers with another type than asked".to_owned()))
        })
        .collect()
}

/// Returns how long the server may work on a question: it gives up a little before we do.
fn statement_timeout(cx: &ProbeCx) -> Duration {
    let left = cx.deadline().saturating_duration_since(Instant::now());
    let margin = (left / 10).min(MARGIN);
    // Zero would mean without end.
    (left - margin).max(Duration::from_millis(1))
}

const SSL_REQUEST: &[u8] = &[0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];
const MARGIN: Duration = Duration::from_millis(250);
