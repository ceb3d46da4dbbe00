//! What a server tells about itself and about us.

use gonogo_model::{CodeDecl, Decimal, Observation, Reading, Value, Version};

use super::codes;

/// The question; every column a text or NULL, in the order of [`record`].
///
/// Who may not read the statistics of others sees their sessions without a type, and would count only
/// itself: then nothing is counted.
pub(super) const QUESTION: &str = "
SELECT pg_is_in_recovery()::text,
       current_setting('default_transaction_read_only'),
       current_setting('server_version'),
       current_database()::text,
       current_user::text,
       (me.rolsuper OR me.rolreplication OR EXISTS (
           SELECT FROM pg_roles AS power
            WHERE power.rolname IN ('pg_execute_server_program', 'pg_write_server_files')
              AND pg_has_role(me.oid, power.oid, 'MEMBER')))::text,
       (current_setting('max_connections')::int
           - current_setting('superuser_reserved_connections')::int
           - coalesce(current_setting('reserved_connections', true), '0')::int)::text,
       CASE WHEN me.rolsuper OR EXISTS (
           SELECT FROM pg_roles AS stats
            WHERE stats.rolname = 'pg_read_all_stats' AND pg_has_role(me.oid, stats.oid, 'USAGE'))
       THEN (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::text
       END
  FROM pg_roles AS me
 WHERE me.rolname = current_user";

/// Records the one row that the server answered.
pub(super) fn record(row: &[Option<String>], observation: &mut Observation) {
    let column = |number: usize| -> Option<&str> { row.get(number)?.as_deref() };
    let recovering = column(0).and_then(boolean);
    let only_reads = column(1).and_then(boolean);
    let role = recovering.map(|yes| Value::text(if yes { "replica" } else { "primary" }));
    let read_only = recovering
        .zip(only_reads)
        .map(|(recovering, only_reads)| Value::Boolean(recovering || only_reads));
    let version = column(2).and_then(Version::parse).map(Value::Version);
    let most = column(6).and_then(|text| text.parse::<u64>().ok());
    for (name, value) in [
        ("role", role),
        ("read_only", read_only),
        ("version", version),
        ("server_version", column(2).map(Value::text)),
        ("database", column(3).map(Value::text)),
        ("user", column(4).map(Value::text)),
        ("superuser", column(5).and_then(boolean).map(Value::Boolean)),
        ("connections_max", most.map(Value::integer)),
    ] {
        let untold = || {
            unreadable(
                codes::UNREADABLE,
                format!("the server does not tell {name}"),
            )
        };
        observation.set(name, value.map_or_else(untold, Reading::Value));
    }
    let used = column(7).and_then(|text| text.parse::<u64>().ok());
    let hidden = || {
        let message = "the role may not see the sessions of others";
        unreadable(codes::MISSING_GRANT, message.to_owned())
    };
    observation.set(
        "connections",
        used.map_or_else(hidden, |used| Value::integer(used).into()),
    );
    let ratio = match (used, most) {
        (Some(used), Some(most)) => Decimal::ratio(used, most, PLACES),
        _ => None,
    };
    observation.set(
        "connections_used",
        ratio.map_or_else(hidden, |ratio| Value::Ratio(ratio).into()),
    );
}

fn unreadable(code: &'static CodeDecl, message: String) -> Reading {
    Reading::Unreadable {
        code: code.into(),
        message,
    }
}

/// Reads a boolean as casts and settings write it.
fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "on" => Some(true),
        "false" | "off" => Some(false),
        _ => None,
    }
}

const PLACES: u32 = 6;
