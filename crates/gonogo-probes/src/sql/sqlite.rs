//! An SQLite file, read and never written.
//!
//! Opening read-only is not enough: a file in WAL mode gets a `-shm` beside it even then. So when no
//! `-wal` with anything in it is there (every writer has closed it, the file is whole), it is opened as immutable, without
//! locks and without traces, and looked at again afterwards; when one is there, so is its `-shm`, and
//! the writers' locks are respected.

use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use gonogo_kind::{FieldMistake, ProbeCx};
use gonogo_model::Fault;
use percent_encoding::percent_decode_str;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};

use super::error::shortened;
use crate::net::within;

/// A file that SQLite can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SqliteFile {
    path: PathBuf,
}

/// Why a question to an SQLite file was not answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SqliteError {
    /// There is no such file.
    Missing,
    /// It is there, and cannot be read; why.
    Unreadable(String),
    /// Somebody else holds it.
    Locked,
    /// SQLite refuses, in its own words.
    Refused(String),
    /// Time ran out.
    Late(Fault),
}

impl SqliteFile {
    /// Reads a URL as sqlx does: `sqlite:app.db`, `sqlite://app.db`, `sqlite:///srv/app.db`; a relative
    /// path begins at the working folder.
    pub(crate) fn read(url: &str, field: &'static str) -> Result<Self, FieldMistake> {
        let rest = url.strip_prefix("sqlite:").unwrap_or(url);
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let (path, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        for (name, value) in url::form_urlencoded::parse(parameters.as_bytes()) {
            // The modes of opening are ours to choose.
            if name != "mode" || value == "memory" {
                let message = format!("unknown parameter `{name}={value}`");
                return Err(FieldMistake::new(field, message)
                    .hint("The file is only read; no parameter is needed."));
            }
        }
        let path = percent_decode_str(path)
            .decode_utf8()
            .map_err(|_| FieldMistake::new(field, "has a part that is not UTF-8"))?;
        if path.is_empty() || path == ":memory:" || path.contains('\0') {
            let mistake = FieldMistake::new(field, "names no file");
            return Err(mistake.hint("For example sqlite:///srv/app/app.db."));
        }
        Ok(Self {
            path: PathBuf::from(path.as_ref()),
        })
    }

    /// Returns the path as it may be shown.
    pub(crate) fn shown(&self) -> String {
        self.path.display().to_string()
    }

    /// Asks several questions of one state of the file; every column must be a text or NULL.
    ///
    /// `next` gets the answers so far and returns the next question, until it has none.
    pub(crate) async fn ask(
        &self,
        mut next: impl FnMut(&[Answer]) -> Option<String>,
        cx: &ProbeCx,
    ) -> Result<Vec<Answer>, SqliteError> {
        for _ in 0..TRIES {
            let before = self.look(cx).await?;
            let answers = self.ask_once(before.is_still, &mut next, cx).await;
            if !before.is_still {
                return answers;
            }
            // What was read without locks counts only if nobody wrote meanwhile.
            if self.look(cx).await? == before {
                return answers;
            }
        }
        Err(SqliteError::Locked)
    }

    async fn ask_once(
        &self,
        is_still: bool,
        next: &mut impl FnMut(&[Answer]) -> Option<String>,
        cx: &ProbeCx,
    ) -> Result<Vec<Answer>, SqliteError> {
        let deadline = cx.deadline();
        let left = deadline.saturating_duration_since(Instant::now());
        let options = SqliteConnectOptions::new()
            .filename(&self.path)
            .read_only(true)
            .create_if_missing(false)
            .immutable(is_still)
            .busy_timeout(left / 2)
            .pragma("query_only", "ON")
            .pragma("trusted_schema", "OFF")
            .disable_statement_logging();
        let asked = async {
            let mut connection = options.connect().await.map_err(refusal)?;
            // A question that would never end is ended by SQLite itself: nobody can cancel its thread.
            let mut handle = connection.lock_handle().await.map_err(refusal)?;
            handle.set_progress_handler(STEPS, move || Instant::now() < deadline);
            drop(handle);
            let mut answers = Vec::new();
            // One transaction: all answers are of one state.
            run(&mut connection, "BEGIN").await?;
            while let Some(question) = next(&answers) {
                answers.push(fetch(&mut connection, question).await?);
            }
            run(&mut connection, "ROLLBACK").await?;
            connection.close().await.map_err(refusal)?;
            Ok(answers)
        };
        within("query", cx, Box::pin(asked))
            .await
            .unwrap_or_else(|late| Err(SqliteError::Late(late)))
    }

    async fn look(&self, cx: &ProbeCx) -> Result<Look, SqliteError> {
        let path = self.path.clone();
        let looked = tokio::task::spawn_blocking(move || Look::at(&path));
        let looked = within("query", cx, looked)
            .await
            .map_err(SqliteError::Late)?;
        looked.unwrap_or_else(|_panic| Err(SqliteError::Unreadable("it crashed".to_owned())))
    }
}

/// The rows of an answer.
pub(crate) type Answer = Vec<Vec<Option<String>>>;

/// What a file looks like from outside.
#[derive(Debug, PartialEq)]
struct Look {
    /// Whether it is in WAL mode and no log is beside it: nobody has it open for writing.
    is_still: bool,
    length: u64,
    modified: Option<SystemTime>,
}

impl Look {
    fn at(path: &Path) -> Result<Self, SqliteError> {
        let unreadable = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => SqliteError::Missing,
            _ => SqliteError::Unreadable(error.to_string()),
        };
        let metadata = std::fs::metadata(path).map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(SqliteError::Unreadable("it is not a file".to_owned()));
        }
        let mut header = Vec::new();
        File::open(path)
            .and_then(|file| file.take(HEADER).read_to_end(&mut header))
            .map_err(unreadable)?;
        if !header.is_empty() && !header.starts_with(MAGIC) {
            let why = "it is not an SQLite database".to_owned();
            return Err(SqliteError::Unreadable(why));
        }
        let in_wal_mode = header.get(18..20) == Some(&[2, 2]);
        Ok(Self {
            is_still: in_wal_mode && !has_log(path),
            length: metadata.len(),
            modified: Metadata::modified(&metadata).ok(),
        })
    }
}

/// Returns whether a write-ahead log with anything in it is beside the file, or cannot be ruled out.
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    match std::fs::metadata(&log) {
        Ok(log) => log.len() > 0,
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

async fn run(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), SqliteError> {
    let done = sqlx::raw_sql(sql).execute(connection).await;
    done.map(|_| ()).map_err(refusal)
}

async fn fetch(connection: &mut SqliteConnection, sql: String) -> Result<Answer, SqliteError> {
    let rows = sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .fetch_all(connection)
        .await
        .map_err(refusal)?;
    rows.iter().map(texts).collect()
}

fn texts(row: &SqliteRow) -> Result<Vec<Option<String>>, SqliteError> {
    (0..row.len())
        .map(|column| row.try_get(column).map_err(refusal))
        .collect()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it stands in map_err, which gives the error away"
)]
fn refusal(error: sqlx::Error) -> SqliteError {
    let code = error.as_database_error().and_then(|refused| refused.code());
    // Extended codes carry the primary one in their low byte: 5 is BUSY, 6 LOCKED.
    let primary = code
        .and_then(|code| code.parse::<u32>().ok())
        .map(|code| code & 0xff);
    match primary {
        Some(5 | 6) => SqliteError::Locked,
        _ => SqliteError::Refused(shortened(&error.to_string(), MAX_MESSAGE)),
    }
}

const MAGIC: &[u8] = b"SQLite format 3\0";
const HEADER: u64 = 100;
const TRIES: u32 = 3;
const STEPS: i32 = 10_000;
const MAX_MESSAGE: usize = 300;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_a_file() {
        for (url, path) in [
            ("sqlite:app.db", "app.db"),
            ("sqlite://data/app.db", "data/app.db"),
            ("sqlite:///srv/a%20b.db?mode=rwc", "/srv/a b.db"),
            ("sqlite:/srv/app.db", "/srv/app.db"),
        ] {
            assert_eq!(
                SqliteFile::read(url, "url").unwrap().path,
                Path::new(path),
                "{url}"
            );
        }
        for (url, message) in [
            ("sqlite::memory:", "names no file"),
            ("sqlite://", "names no file"),
            ("sqlite:a.db?mode=memory", "unknown parameter `mode=memory`"),
            ("sqlite:a.db?vfs=x", "unknown parameter `vfs=x`"),
            ("sqlite:%ff", "has a part that is not UTF-8"),
        ] {
            assert_eq!(
                SqliteFile::read(url, "url").unwrap_err().message,
                message,
                "{url}"
            );
        }
    }
}
