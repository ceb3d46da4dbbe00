//! The fields of `postgres`.

use std::sync::Arc;

use gonogo_kind::{FieldDecl, FieldMistake, FieldType, Fields, Probe};

use super::facts;
use super::probe::PostgresProbe;
use crate::net::Net;
use crate::net::tls::fields::{CLIENT_CERT, CLIENT_KEY, ROOTS};
use crate::net::tls::identity_fields;
use crate::sql::Target;

/// The keys of the long form.
pub(super) const FIELDS: &[FieldDecl] = &[
    FieldDecl {
        name: "url",
        ty: FieldType::Url(&["postgres", "postgresql"]),
        required: true,
        default: None,
        sentence: "Where the server is, the role, its password and the database; nothing is taken from the environment.",
        example: "${database_url}",
    },
    FieldDecl {
        name: "query",
        ty: FieldType::Text,
        required: false,
        default: None,
        sentence: "One SELECT, VALUES or WITH, whose rows become facts; it runs read-only and is rolled back.",
        example: "SELECT count(*) FROM jobs WHERE failed",
    },
    ROOTS,
    CLIENT_CERT,
    CLIENT_KEY,
];

/// Builds the probe.
pub(crate) fn compile(
    fields: &Fields,
    net: &Arc<Net>,
) -> Result<Arc<dyn Probe>, Vec<FieldMistake>> {
    let mut mistakes = Vec::new();
    let url = fields.url("url").expect("url is required");
    let target = Target::read(url, "url")
        .map_err(|mistake| mistakes.push(mistake))
        .ok();
    let identity = identity_fields(fields)
        .map_err(|mistake| mistakes.push(mistake))
        .ok();
    let query = fields
        .text("query")
        .map(|text| question(&text.text))
        .transpose()
        .map_err(|mistake| mistakes.push(mistake))
        .ok();
    let (Some(target), Some(identity), Some(query)) = (target, identity, query) else {
        return Err(mistakes);
    };
    let wanted = facts::OF_QUERY.iter().any(|fact| fields.wants(fact));
    if query.is_none() && wanted {
        let mistake = FieldMistake::new("query", "is missing: an expectation looks at its rows");
        return Err(vec![
            mistake.hint("rows, row_count and value are what a `query:` gives."),
        ]);
    }
    let roots = target
        .roots
        .clone()
        .unwrap_or_else(|| fields.roots("roots"));
    Ok(Arc::new(PostgresProbe {
        target,
        roots,
        identity,
        query,
        query_wanted: wanted,
        net: Arc::clone(net),
    }))
}

/// Returns a query without the semicolon that people put at its end.
fn question(text: &str) -> Result<String, FieldMistake> {
    let text = text.trim();
    let text = text.strip_suffix(';').unwrap_or(text).trim_end();
    if text.is_empty() {
        return Err(FieldMistake::new("query", "is empty"));
    }
    if text.contains('\0') {
        return Err(FieldMistake::new("query", "has a NUL in it"));
    }
    Ok(text.to_owned())
}
