//! The fields of `migrations`.

use std::sync::Arc;

use gonogo_kind::{Choice, FieldDecl, FieldMistake, FieldType, Fields, Probe};

use super::frameworks;
use super::ledger::{Database, Table};
use super::postgres::Server;
use super::probe::MigrationsProbe;
use crate::net::Net;
use crate::net::tls::fields::{CLIENT_CERT, CLIENT_KEY, ROOTS};
use crate::net::tls::identity_fields;
use crate::sql::{SqliteFile, Target};

/// The keys of the long form.
pub(super) const FIELDS: &[FieldDecl] = &[
    FieldDecl {
        name: "url",
        ty: FieldType::Url(&["postgres", "postgresql", "sqlite"]),
        required: true,
        default: None,
        sentence: "The database whose ledger is read: a URL as of `postgres`, or sqlite: and a path from the working folder.",
        example: "${database_url}",
    },
    FieldDecl {
        name: "tool",
        ty: FieldType::Choice(TOOLS),
        required: true,
        default: None,
        sentence: "The tool that applies the migrations.",
        example: "sqlx",
    },
    FieldDecl {
        name: "dir",
        ty: FieldType::Path,
        required: true,
        default: None,
        sentence: "The folder of the migrations that the release brings along, relative to the gate file's.",
        example: "migrations",
    },
    FieldDecl {
        name: "schema",
        ty: FieldType::Text,
        required: false,
        default: None,
        sentence: "The schema of the ledger; when it is not given, whichever schema has the table.",
        example: "public",
    },
    FieldDecl {
        name: "table",
        ty: FieldType::Text,
        required: false,
        default: None,
        sentence: "The table of the ledger; when it is not given, the tool's own: _sqlx_migrations.",
        example: "_sqlx_migrations",
    },
    ROOTS,
    CLIENT_CERT,
    CLIENT_KEY,
];

/// The words of `tool`; a test holds them equal to the table of frameworks.
const TOOLS: &[Choice] = &[Choice {
    word: "sqlx",
    sentence: "Files named version_description.sql, ledger _sqlx_migrations.",
}];

/// Builds the probe.
pub(crate) fn compile(
    fields: &Fields,
    net: &Arc<Net>,
) -> Result<Arc<dyn Probe>, Vec<FieldMistake>> {
    let url = fields.url("url").expect("url is required");
    let text = &fields.text("url").expect("url is required").text;
    let tool = &fields.text("tool").expect("tool is required").text;
    let framework = frameworks::find(tool).expect("a tool is one of the words of TOOLS");
    let folder = fields.path("dir").expect("dir is required").to_owned();
    let given = |name| fields.text(name).map(|text| text.text.clone());
    let schema = given("schema");
    let table = given("table").unwrap_or_else(|| framework.table.to_owned());
    let mut mistakes = Vec::new();
    for (field, text) in [("schema", schema.as_ref()), ("table", Some(&table))] {
        if text.is_some_and(|text| text.contains('\0')) {
            mistakes.push(FieldMistake::new(field, "has a NUL in it"));
        }
    }
    let identity = identity_fields(fields).unwrap_or_else(|mistake| {
        mistakes.push(mistake);
        None
    });
    let database = if url.scheme() == "sqlite" {
        if schema.is_some() {
            mistakes.push(FieldMistake::new(
                "schema",
                "is for servers: an SQLite file has none",
            ));
        }
        SqliteFile::read(text, "url").map(Database::Sqlite)
    } else {
        Target::read(url, "url").map(|target| {
            let roots = target
                .roots
                .clone()
                .unwrap_or_else(|| fields.roots("roots"));
            let net = Arc::clone(net);
            Database::Postgres(Server {
                target,
                roots,
                identity,
                net,
            })
        })
    };
    let database = database.map_err(|mistake| mistakes.push(mistake));
    let (Ok(database), true) = (database, mistakes.is_empty()) else {
        return Err(mistakes);
    };
    Ok(Arc::new(MigrationsProbe {
        database,
        table: Table {
            schema,
            name: table,
        },
        folder,
        framework,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_framework_is_a_word_of_tool() {
        let words: Vec<_> = TOOLS.iter().map(|choice| choice.word).collect();
        let known: Vec<_> = frameworks::ALL
            .iter()
            .map(|framework| framework.word)
            .collect();
        assert_eq!(words, known);
    }
}
