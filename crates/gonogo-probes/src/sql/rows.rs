//! The question of a gate, and its answer.
//!
//! The question becomes the inner part of one `SELECT`, and is sent as one statement of the extended
//! protocol, which takes no second one. So whatever stands in it can only be read from: COPY, SET,
//! BEGIN and DO are no part of a SELECT, and closing the parenthesis early only makes another SELECT.
//! The server turns each row into JSON: its own names and types, every digit, no binary formats.

use serde_json::Value as Json;

use super::error::SqlError;

/// The answer to a question of a gate.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rows {
    /// The rows, objects from column to value, [`MAX_ROWS`] at most.
    pub(crate) rows: Vec<Json>,
    /// Whether there were more.
    pub(crate) more: bool,
}

/// Returns the statement that asks a question. The line break ends a comment at its end.
pub(super) fn wrapped(question: &str) -> String {
    let limit = MAX_ROWS + 1;
    format!(
        "SELECT row_to_json(gonogo_query)::text FROM ({question}\n) AS gonogo_query LIMIT {limit}"
    )
}

/// Reads the answer of the server.
pub(super) fn read(answer: Vec<Vec<Option<String>>>) -> Result<Rows, SqlError> {
    let more = answer.len() > MAX_ROWS;
    let rows = answer
        .into_iter()
        .take(MAX_ROWS)
        .map(|row| match row.into_iter().next() {
            Some(Some(text)) => crate::json::parse(text.as_bytes()).map_err(SqlError::BadRows),
            Some(None) | None => Err(SqlError::BadRows("a row is NULL".to_owned())),
        })
        .collect::<Result<_, _>>()?;
    Ok(Rows { rows, more })
}

/// The most rows that are read.
pub(crate) const MAX_ROWS: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_keep_their_columns_in_order() {
        let answer = vec![vec![Some(r#"{"b":1.50,"a":null}"#.to_owned())]];
        let rows = read(answer).unwrap();
        assert_eq!(rows.rows[0].to_string(), r#"{"b":1.50,"a":null}"#);
        assert!(!rows.more);
    }

    #[test]
    fn two_columns_of_one_name_are_not_silently_one() {
        let answer = vec![vec![Some(r#"{"count":1,"count":2}"#.to_owned())]];
        let error = read(answer).unwrap_err();
        assert!(matches!(error, SqlError::BadRows(why) if why.contains("count")));
    }

    #[test]
    fn rows_beyond_the_most_are_told() {
        let answer = vec![vec![Some("{}".to_owned())]; MAX_ROWS + 1];
        let rows = read(answer).unwrap();
        assert_eq!((rows.rows.len(), rows.more), (MAX_ROWS, true));
        assert_eq!(rows.rows[0], json!({}));
    }
}
