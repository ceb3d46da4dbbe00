//! sqlx: `<version>_<description>.sql` or `.up.sql` in one folder, ledger `_sqlx_migrations`.
//!
//! The rules are those of sqlx 0.9: the version is a 64-bit integer (`0001` is 1), a file whose name
//! has no `_` or does not end in `.sql` is none of its business, and one with another prefix makes it
//! refuse the folder. The digest is SHA-384 over the bytes of the file as they are, so a checkout
//! with other line endings counts as modified. A row with `success = false` is a migration that stopped
//! halfway; sqlx refuses to go on until somebody has looked at it. An older migration that is not in
//! the ledger is applied late, without a word: it is pending, and out of order.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha384};

use super::{Column, ColumnType, Framework};
use crate::kinds::migrations::compare::{Expected, Key, Row};

/// What there is to know about sqlx.
pub(super) static FRAMEWORK: Framework = Framework {
    word: "sqlx",
    table: "_sqlx_migrations",
    columns: &[
        Column {
            name: "version",
            ty: ColumnType::Plain,
        },
        Column {
            name: "description",
            ty: ColumnType::Plain,
        },
        Column {
            name: "success",
            ty: ColumnType::Boolean,
        },
        Column {
            name: "checksum",
            ty: ColumnType::Bytes,
        },
    ],
    is_migration,
    expected,
    row,
    apply: "sqlx migrate run",
};

fn is_migration(file: &str) -> Result<bool, String> {
    Ok(parts(file)?.is_some_and(|parts| parts.is_up))
}

struct Parts<'a> {
    version: i64,
    description: &'a str,
    is_up: bool,
}

/// Splits a file name; none when sqlx passes it over.
fn parts(file: &str) -> Result<Option<Parts<'_>>, String> {
    let Some((version, rest)) = file.split_once('_') else {
        return Ok(None);
    };
    if !rest.ends_with(".sql") {
        return Ok(None);
    }
    let version = version
        .parse()
        .map_err(|_| "its name does not begin with a whole number".to_owned())?;
    let suffix = [".up.sql", ".down.sql"]
        .into_iter()
        .find(|suffix| rest.ends_with(suffix))
        .unwrap_or(".sql");
    Ok(Some(Parts {
        version,
        description: rest.trim_end_matches(suffix),
        is_up: suffix != ".down.sql",
    }))
}

fn expected(file: &str, text: &str) -> Result<Expected, String> {
    let parts = parts(file)?.ok_or("it is no migration")?;
    let unix = text.replace("\r\n", "\n");
    let windows = unix.replace('\n', "\r\n");
    Ok(Expected {
        key: Key::Number(parts.version),
        name: parts.description.replace('_', " "),
        digest: digest(text),
        other_line_endings: vec![digest(&unix), digest(&windows)],
    })
}

fn row(columns: &[Option<String>]) -> Result<Row, String> {
    let [
        Some(version),
        Some(description),
        Some(success),
        Some(checksum),
    ] = columns
    else {
        return Err("a column is NULL".to_owned());
    };
    Ok(Row {
        key: Key::Number(
            version
                .parse()
                .map_err(|_| format!("version `{version}` is no whole number"))?,
        ),
        name: description.clone(),
        succeeded: match success.as_str() {
            "1" => true,
            "0" => false,
            other => return Err(format!("success is `{other}`")),
        },
        digest: checksum.clone(),
    })
}

fn digest(text: &str) -> String {
    let mut hex = String::with_capacity(96);
    for byte in Sha384::digest(text.as_bytes()) {
        write!(hex, "{byte:02x}").expect("a String takes everything");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_read_as_sqlx_reads_them() {
        for (file, is_one) in [
            ("1_a.sql", Ok(true)),
            ("0001_make_r.up.sql", Ok(true)),
            ("0001_make_r.down.sql", Ok(false)),
            ("README.md", Ok(false)),
            ("seed.sql", Ok(false)),
            ("1_notes.txt", Ok(false)),
            ("v1_a.sql", Err(())),
            ("create_table.sql", Err(())),
            ("99999999999999999999_a.sql", Err(())),
        ] {
            assert_eq!(is_migration(file).map_err(|_| ()), is_one, "{file}");
        }
        let read = expected("0001_make_r_two.up.sql", "CREATE TABLE r (id INT);\n").unwrap();
        assert_eq!(
            (read.key.id(), read.name.as_str()),
            ("1".to_owned(), "make r two")
        );
    }

    #[test]
    fn the_digest_is_the_one_that_sqlx_writes() {
        // Written by sqlx 0.9.0 for a file of one line that ends in CR LF.
        assert_eq!(
            digest("CREATE TABLE r (id INT);\r\n"),
            "f6c4354d45fb95efc6048473e7b7ab28364c43606eb57f4fc401ac6744cf84e5a2634ade0fb4480ece7e34145b5ede5a"
        );
    }

    #[test]
    fn other_line_endings_have_their_own_digests() {
        let unix = expected("1_a.sql", "SELECT 1;\nSELECT 2;\n").unwrap();
        let windows = expected("1_a.sql", "SELECT 1;\r\nSELECT 2;\r\n").unwrap();
        assert_ne!(unix.digest, windows.digest);
        assert!(unix.other_line_endings.contains(&windows.digest));
        assert!(windows.other_line_endings.contains(&unix.digest));
    }

    #[test]
    fn a_row_must_be_whole() {
        let text = |text: &str| Some(text.to_owned());
        let good = [text("7"), text("add users"), text("0"), text("ab")];
        assert_eq!(
            row(&good),
            Ok(Row {
                key: Key::Number(7),
                name: "add users".to_owned(),
                succeeded: false,
                digest: "ab".to_owned(),
            })
        );
        for (index, bad) in [(0, text("x")), (2, text("2")), (3, None)] {
            let mut columns = good.clone();
            columns[index] = bad;
            assert!(row(&columns).is_err());
        }
    }
}
