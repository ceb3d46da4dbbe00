//! What can go wrong in a session, before a kind gives it a code of its own.

use gonogo_model::Fault;

/// Why a session could not be opened or a question was not answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SqlError {
    /// The name, the connection, TLS or a wait failed: faults of `net/` or `tls/`, the cause first.
    Net(Vec<Fault>),
    /// The server does not speak TLS, and the URL asks for it.
    NoTls,
    /// Whatever answers does not speak the protocol of the database; what it said instead.
    Garbage(String),
    /// The server refuses, in its own words.
    Server(Stage, ServerError),
    /// The answer is larger than any question of ours needs.
    TooLarge(String),
    /// The rows came, but cannot be understood in one way only.
    BadRows(String),
    /// The session writes where it must only read.
    NotReadOnly(String),
}

/// How far a session had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It was not open yet.
    Login,
    /// A question was asked.
    Query,
}

/// The refusal of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerError {
    /// The five characters that name the condition, of Appendix A of the PostgreSQL manual.
    pub(crate) sqlstate: String,
    /// The server's words; hostile, and shortened.
    pub(crate) message: String,
}

impl ServerError {
    /// Returns a refusal, its words shortened to what a report can show.
    pub(crate) fn new(sqlstate: &str, message: &str) -> Self {
        Self {
            sqlstate: shortened(sqlstate, 5),
            message: shortened(message, MAX_MESSAGE),
        }
    }
}

impl From<Fault> for SqlError {
    fn from(fault: Fault) -> Self {
        Self::Net(vec![fault])
    }
}

/// Returns the first characters of a text, and dots when there are more.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

const MAX_MESSAGE: usize = 500;
