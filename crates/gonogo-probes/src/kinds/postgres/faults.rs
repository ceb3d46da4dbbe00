//! From errors of a session to faults with a code.
//!
//! A refused or failed query is the subject's doing (a table that is missing is what the check was to
//! find out), except where the gate file or our role is to blame: then we could not look.

use gonogo_model::{CodeDecl, Fault};

use super::codes;
use crate::sql::{ServerError, SqlError, Stage};

/// Returns the faults that an error of a session is, the cause first.
pub(super) fn faults_of(error: SqlError) -> Vec<Fault> {
    let fault = match error {
        SqlError::Net(faults) => return faults,
        SqlError::NoTls => Fault::new(codes::NO_TLS, "the server refuses to speak TLS"),
        SqlError::Garbage(what) => {
            let message = format!("what should be PostgreSQL {what}");
            Fault::new(codes::NOT_POSTGRES, message)
        }
        SqlError::Server(stage, refusal) => {
            let code = match stage {
                Stage::Login => code_of_login(&refusal),
                Stage::Query => code_of_query(&refusal),
            };
            let ServerError { sqlstate, message } = refusal;
            Fault::new(code, format!("{message} (SQLSTATE {sqlstate})"))
        }
        SqlError::TooLarge(what) => Fault::new(codes::ANSWER_TOO_LARGE, what),
        SqlError::BadRows(why) => {
            Fault::new(codes::BAD_ROWS, format!("cannot read the rows: {why}"))
        }
        SqlError::NotReadOnly(word) => Fault::new(
            codes::NOT_READ_ONLY,
            format!("transaction_read_only is `{word}` in a transaction that began READ ONLY"),
        ),
    };
    vec![fault]
}

fn code_of_login(refusal: &ServerError) -> &'static CodeDecl {
    match refusal.sqlstate.as_str() {
        // Class 28 is about authorization; 42501 is a database that the role may not connect to.
        state if state.starts_with("28") || state == "42501" => codes::LOGIN_REFUSED,
        _ => code_of_state(refusal).unwrap_or(codes::LOGIN_FAILED),
    }
}

fn code_of_query(refusal: &ServerError) -> &'static CodeDecl {
    match refusal.sqlstate.as_str() {
        "42501" => codes::MISSING_GRANT,
        "57014" => codes::QUERY_TIMEOUT,
        // A syntax error, something that no SELECT can hold, something that writes.
        "42601" | "0A000" | "25006" => codes::BAD_QUERY,
        _ => code_of_state(refusal).unwrap_or(codes::QUERY_FAILED),
    }
}

/// Returns the code of a state in which a server takes nobody, whatever is asked.
fn code_of_state(refusal: &ServerError) -> Option<&'static CodeDecl> {
    match refusal.sqlstate.as_str() {
        "3D000" => Some(codes::NO_SUCH_DATABASE),
        // One state for both; only the words tell them apart, in English.
        "57P03" if refusal.message.contains("shutting down") => Some(codes::SHUTTING_DOWN),
        "57P03" => Some(codes::STARTING),
        "57P01" | "57P02" | "57P05" => Some(codes::SHUTTING_DOWN),
        "53300" => Some(codes::TOO_MANY_CONNECTIONS),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hold(stage: Stage, cases: &[(&str, &str, &str)]) {
        for (sqlstate, message, code) in cases {
            let error = SqlError::Server(stage, ServerError::new(sqlstate, message));
            let faults = faults_of(error);
            assert_eq!(faults.len(), 1);
            assert_eq!(faults[0].code.as_str(), *code, "{sqlstate} {message}");
            assert_eq!(
                faults[0].message,
                format!("{message} (SQLSTATE {sqlstate})")
            );
        }
    }

    #[test]
    fn every_refusal_of_a_login_has_its_code() {
        hold(
            Stage::Login,
            &[
                (
                    "28P01",
                    "password authentication failed",
                    "postgres/login_refused",
                ),
                ("28000", "no pg_hba.conf entry", "postgres/login_refused"),
                (
                    "42501",
                    "permission denied for database",
                    "postgres/login_refused",
                ),
                (
                    "3D000",
                    "database \"x\" does not exist",
                    "postgres/no_such_database",
                ),
                (
                    "57P03",
                    "the database system is starting up",
                    "postgres/starting",
                ),
                (
                    "57P03",
                    "the database system is shutting down",
                    "postgres/shutting_down",
                ),
                (
                    "53300",
                    "too many clients already",
                    "postgres/too_many_connections",
                ),
                ("08P01", "server login failed", "postgres/login_failed"),
                ("", "", "postgres/login_failed"),
            ],
        );
    }

    #[test]
    fn every_refusal_of_a_query_has_its_code() {
        hold(
            Stage::Query,
            &[
                ("57P01", "terminating connection", "postgres/shutting_down"),
                ("57014", "canceling statement", "postgres/query_timeout"),
                (
                    "42501",
                    "permission denied for table",
                    "postgres/missing_grant",
                ),
                ("42601", "syntax error", "postgres/bad_query"),
                ("25006", "cannot execute nextval()", "postgres/bad_query"),
                ("42P01", "relation does not exist", "postgres/query_failed"),
                ("", "", "postgres/query_failed"),
            ],
        );
    }
}
