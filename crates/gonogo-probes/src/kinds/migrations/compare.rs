//! What is on disk against what the ledger says: pure, and the same for every tool.

use std::collections::BTreeMap;

/// The place of a migration among the others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// Ordered as a number.
    Number(i64),
}

/// A migration that should be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expected {
    /// Its place.
    pub(super) key: Key,
    /// What people call it.
    pub(super) name: String,
    /// The digest that its row must carry.
    pub(super) digest: String,
    /// Digests of the same text with other line endings.
    pub(super) other_line_endings: Vec<String>,
}

/// A row of a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// The place of its migration.
    pub(super) key: Key,
    /// What people call it.
    pub(super) name: String,
    /// Whether the migration went through.
    pub(super) succeeded: bool,
    /// The digest of what was applied.
    pub(super) digest: String,
}

/// Every migration of either side in one state, in order; pending ones may be out of order too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Comparison {
    /// On disk and in the ledger, alike.
    pub(super) applied: Vec<Known>,
    /// On disk, not in the ledger.
    pub(super) pending: Vec<Known>,
    /// Those of `pending` that come before one that is in the ledger.
    pub(super) out_of_order: Vec<Known>,
    /// On disk and in the ledger, with another text.
    pub(super) modified: Vec<Known>,
    /// Those of `modified` whose text differs in line endings alone.
    pub(super) only_line_endings: Vec<Known>,
    /// In the ledger, not gone through.
    pub(super) failed: Vec<Known>,
    /// In the ledger, not on disk.
    pub(super) missing_on_disk: Vec<Known>,
    /// Those of `missing_on_disk` that come after everything on disk.
    pub(super) ahead: Vec<Known>,
}

/// A migration as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    /// Its id: `20240101000000`.
    pub(super) id: String,
    /// What people call it.
    pub(super) name: String,
}

/// Compares the two sides; ids are unique on each.
pub(super) fn compare(expected: &[Expected], rows: &[Row]) -> Comparison {
    let on_disk: BTreeMap<&Key, &Expected> = expected.iter().map(|e| (&e.key, e)).collect();
    let in_ledger: BTreeMap<&Key, &Row> = rows.iter().map(|row| (&row.key, row)).collect();
    let newest_applied = in_ledger.keys().next_back();
    let newest_on_disk = on_disk.keys().next_back();
    let mut comparison = Comparison::default();
    for (key, row) in &in_ledger {
        let known = Known::new(key, &row.name);
        match on_disk.get(*key) {
            _ if !row.succeeded => comparison.failed.push(known),
            None => {
                if newest_on_disk < Some(key) {
                    comparison.ahead.push(known.clone());
                }
                comparison.missing_on_disk.push(known);
            }
            Some(expected) if expected.digest == row.digest => comparison.applied.push(known),
            Some(expected) => {
                if expected.other_line_endings.contains(&row.digest) {
                    comparison.only_line_endings.push(known.clone());
                }
                comparison.modified.push(known);
            }
        }
    }
    for (key, expected) in &on_disk {
        if in_ledger.contains_key(*key) {
            continue;
        }
        let known = Known::new(key, &expected.name);
        if newest_applied > Some(key) {
            comparison.out_of_order.push(known.clone());
        }
        comparison.pending.push(known);
    }
    comparison
}

impl Known {
    fn new(key: &Key, name: &str) -> Self {
        Self {
            id: key.id(),
            name: name.to_owned(),
        }
    }
}

impl Key {
    /// Returns the key as people write it.
    pub(super) fn id(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(number: i64, digest: &str) -> Expected {
        Expected {
            key: Key::Number(number),
            name: format!("m{number}"),
            digest: digest.to_owned(),
            other_line_endings: vec![format!("{digest}-crlf")],
        }
    }

    fn row(number: i64, digest: &str, succeeded: bool) -> Row {
        Row {
            key: Key::Number(number),
            name: format!("m{number}"),
            succeeded,
            digest: digest.to_owned(),
        }
    }

    fn ids(known: &[Known]) -> Vec<&str> {
        known.iter().map(|k| k.id.as_str()).collect()
    }

    #[test]
    fn every_migration_has_one_state() {
        let on_disk = [
            expected(1, "a"),
            expected(2, "b"),
            expected(3, "c"),
            expected(4, "d"),
            expected(5, "e"),
            expected(9, "i"),
            expected(11, "k"),
        ];
        let rows = [
            row(10, "j", true),
            row(1, "a", true),
            row(2, "changed", true),
            row(3, "c-crlf", true),
            row(5, "e", false),
            row(6, "f", true),
            row(12, "l", true),
        ];
        let compared = compare(&on_disk, &rows);
        assert_eq!(ids(&compared.applied), ["1"]);
        assert_eq!(ids(&compared.pending), ["4", "9", "11"]);
        assert_eq!(ids(&compared.out_of_order), ["4", "9", "11"]);
        assert_eq!(ids(&compared.modified), ["2", "3"]);
        assert_eq!(ids(&compared.only_line_endings), ["3"]);
        assert_eq!(ids(&compared.failed), ["5"]);
        assert_eq!(ids(&compared.missing_on_disk), ["6", "10", "12"]);
        assert_eq!(ids(&compared.ahead), ["12"]);
        let states = [
            &compared.applied,
            &compared.pending,
            &compared.modified,
            &compared.failed,
            &compared.missing_on_disk,
        ];
        assert_eq!(states.iter().map(|s| s.len()).sum::<usize>(), 10);
    }

    #[test]
    fn nothing_on_either_side_is_in_no_state() {
        assert_eq!(compare(&[], &[]), Comparison::default());
    }

    #[test]
    fn a_failed_row_without_a_file_is_failed() {
        let compared = compare(&[], &[row(1, "a", false)]);
        assert_eq!(ids(&compared.failed), ["1"]);
        assert_eq!(compared.missing_on_disk, []);
    }
}
