//! From the errors of a server to faults: pure.

use gonogo_model::{CodeDecl, Fault};
use redis::Value;

use super::codes;
use super::wire::quoted;
use crate::net::net_fault;

/// An error that a server answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The first word, in capitals: `NOAUTH`.
    pub(super) code: String,
    /// The rest.
    pub(super) detail: String,
}

impl Refusal {
    /// Returns the refusal, if a reply is one.
    pub(super) fn of(reply: &Value) -> Option<Self> {
        let Value::ServerError(error) = reply else {
            return None;
        };
        Some(Self {
            code: error.code().to_owned(),
            detail: error.details().unwrap_or_default().to_owned(),
        })
    }

    /// Returns the code for it.
    pub(super) fn decl(&self) -> &'static CodeDecl {
        let detail = self.detail.to_ascii_lowercase();
        match self.code.as_str() {
            "NOAUTH" => codes::NO_AUTH,
            "WRONGPASS" => codes::WRONG_PASS,
            "NOPERM" => codes::NO_PERMISSION,
            "LOADING" => codes::LOADING,
            "BUSY" => codes::BUSY,
            "MASTERDOWN" => codes::MASTER_DOWN,
            "MISCONF" => codes::MISCONF,
            "READONLY" => codes::READ_ONLY,
            "CLUSTERDOWN" => codes::CLUSTER_DOWN,
            "DENIED" => codes::PROTECTED_MODE,
            "OOM" => codes::OUT_OF_MEMORY,
            _ if detail.contains("max number of clients") => codes::MAX_CLIENTS,
            // Before Redis 6.
            _ if detail.contains("invalid password") => codes::WRONG_PASS,
            _ if detail.contains("without any password configured")
                || detail.contains("but no password is set") =>
            {
                codes::PASSWORD_NOT_SET
            }
            _ if detail.contains("db index") || detail.contains("select is not allowed") => {
                codes::NO_SUCH_DATABASE
            }
            _ => codes::ERROR,
        }
    }

    /// Returns the fault of a command that was refused.
    pub(super) fn fault(&self, command: &str) -> Fault {
        net_fault(self.decl(), self.told(command))
    }

    /// Returns what happened, in words.
    pub(super) fn told(&self, command: &str) -> String {
        let words: String = format!("{} {}", self.code, self.detail)
            .chars()
            .take(300)
            .collect();
        format!("the server refuses {command}: {}", words.trim())
    }
}

/// Returns the fault of a reply that is none of those a command has.
pub(super) fn out_of_place(reply: &Value, command: &str) -> Fault {
    let told = match reply {
        Value::SimpleString(text) => quoted(text.as_bytes()),
        Value::BulkString(bytes) => quoted(bytes),
        Value::Okay => "`OK`".to_owned(),
        Value::Int(number) => format!("the number {number}"),
        Value::Nil => "nothing".to_owned(),
        _ => "something else".to_owned(),
    };
    net_fault(
        codes::NOT_REDIS,
        format!("it answers {command} with {told}"),
    )
}
