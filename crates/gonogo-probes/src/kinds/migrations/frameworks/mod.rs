//! The tools whose migrations are understood, one file each.
//!
//! A tool says which files are migrations and what they promise, which columns of its ledger are read,
//! and what a row means. It never touches a disk or a database: reading is done once for all of them,
//! with limits and deadlines.

mod sqlx;

use super::compare::{Expected, Row};

/// The tools, as the field `tool` names them.
pub(super) const ALL: &[&Framework] = &[&sqlx::FRAMEWORK];

/// A tool that migrates databases.
pub(super) struct Framework {
    /// Its word in a gate file.
    pub(super) word: &'static str,
    /// The table it keeps its ledger in unless told otherwise.
    pub(super) table: &'static str,
    /// The columns of the ledger that are read, in the order of [`Self::row`].
    pub(super) columns: &'static [Column],
    /// Returns whether a file in the folder is one of its migrations, by its name.
    ///
    /// # Errors
    ///
    /// When the tool itself would refuse the folder for it; why, as a lowercase fragment.
    pub(super) is_migration: fn(file: &str) -> Result<bool, String>,
    /// Reads a migration file.
    pub(super) expected: fn(file: &str, text: &str) -> Result<Expected, String>,
    /// Reads a row of the ledger.
    pub(super) row: fn(columns: &[Option<String>]) -> Result<Row, String>,
    /// What the person on call does about pending migrations.
    pub(super) apply: &'static str,
}

/// A column of a ledger.
pub(super) struct Column {
    /// Its name.
    pub(super) name: &'static str,
    /// How it is made a text.
    pub(super) ty: ColumnType,
}

/// How a column is made a text, the same one on every database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnType {
    /// As it is: texts and numbers.
    Plain,
    /// `1` or `0`.
    Boolean,
    /// Bytes, in lower-case hexadecimal.
    Bytes,
}

/// Returns the tool of a word.
pub(super) fn find(word: &str) -> Option<&'static Framework> {
    ALL.iter().copied().find(|framework| framework.word == word)
}

impl std::fmt::Debug for Framework {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Framework").field(&self.word).finish()
    }
}
