//! Every state, on both databases.

use super::*;
use gonogo_model::{Fault, Outcome};

/// What a case comes to, whichever database the ledger is in.
struct Case {
    /// The statements of the ledger, made of these rows; none when there is no ledger.
    rows: Option<Vec<Row>>,
    outcome: Outcome,
    facts: serde_json::Value,
    faults: &'static [(&'static str, &'static str)],
}

/// Facts, from the lists that are not empty.
#[expect(clippy::needless_pass_by_value, reason = "it takes what json! makes")]
fn facts(
    state: &str,
    ledger: &str,
    newest: &str,
    total: u32,
    lists: serde_json::Value,
) -> serde_json::Value {
    let mut facts = json!({
        "state": state,
        "ledger": ledger,
        "newest": newest,
        "total": total,
    });
    for name in [
        "applied",
        "pending",
        "out_of_order",
        "modified",
        "failed",
        "missing_on_disk",
    ] {
        let list = lists.get(name).cloned().unwrap_or(json!([]));
        facts[format!("{name}_count")] = json!(list.as_array().unwrap().len());
        facts[name] = list;
    }
    facts
}

async fn hold(folder: &Folder, case: Case) {
    let base = base();
    if let Some(rows) = &case.rows {
        base.sql(&postgres_ledger(rows));
    }
    let sql = case.rows.as_deref().map(sqlite_ledger).unwrap_or_default();
    let file = sqlite_file(folder, &sql).await;
    for url in [base.url.clone(), format!("sqlite://{}", file.display())] {
        let (judged, observation) = check(&url, folder).built_in().judge().await;
        assert_eq!(seen(&observation), case.facts, "{url}");
        let wanted: Vec<_> = case
            .faults
            .iter()
            .map(|(code, message)| ((*code).to_owned(), (*message).to_owned()))
            .collect();
        assert_eq!(faults(&observation), wanted, "{url}");
        assert_eq!(judged.outcome, case.outcome, "{url} {judged:?}");
        let first = case.faults.first();
        assert_eq!(
            judged.code.map(|code| code.to_string()),
            first.map(|(code, _)| (*code).to_owned())
        );
        let more = match case.faults.len() {
            0 | 1 => String::new(),
            several => format!(" (and {} more)", several - 1),
        };
        assert_eq!(
            judged.message,
            first.map(|(_, message)| format!("{message}{more}"))
        );
    }
}

#[tokio::test]
async fn a_database_in_step_passes() {
    let folder = Folder::new();
    three_migrations(&folder);
    hold(
        &folder,
        Case {
            rows: Some(three_rows().into()),
            outcome: Outcome::Passed,
            facts: facts(
                "applied",
                "present",
                "3",
                3,
                json!({"applied": ["1", "2", "3"]}),
            ),
            faults: &[],
        },
    )
    .await;
}

#[tokio::test]
async fn a_pending_migration_fails() {
    let folder = Folder::new();
    three_migrations(&folder);
    let [one, two, _] = three_rows();
    hold(
        &folder,
        Case {
            rows: Some(vec![one, two]),
            outcome: Outcome::Failed,
            facts: facts(
                "pending",
                "present",
                "2",
                3,
                json!({"applied": ["1", "2"], "pending": ["3"]}),
            ),
            faults: &[("migrations/pending", "1 migration pending: 3 (add index)")],
        },
    )
    .await;
}

#[tokio::test]
async fn an_edited_migration_fails() {
    let folder = Folder::new();
    three_migrations(&folder);
    folder.write(
        "0003_add_index.sql",
        "CREATE INDEX users_by_mail ON users (mail);\n",
    );
    hold(
        &folder,
        Case {
            rows: Some(three_rows().into()),
            outcome: Outcome::Failed,
            facts: facts(
                "modified",
                "present",
                "3",
                3,
                json!({"applied": ["1", "2"], "modified": ["3"]}),
            ),
            faults: &[(
                "migrations/modified",
                "1 migration changed since applied: 3 (add index)",
            )],
        },
    )
    .await;
}

#[tokio::test]
async fn a_migration_that_stopped_halfway_fails() {
    let folder = Folder::new();
    three_migrations(&folder);
    let [one, two, _] = three_rows();
    hold(
        &folder,
        Case {
            rows: Some(vec![one, two, half_done(3, "add index", THREE)]),
            outcome: Outcome::Failed,
            facts: facts(
                "failed",
                "present",
                "2",
                3,
                json!({"applied": ["1", "2"], "failed": ["3"]}),
            ),
            faults: &[(
                "migrations/failed",
                "1 migration did not succeed: 3 (add index)",
            )],
        },
    )
    .await;
}

#[tokio::test]
async fn a_migration_whose_file_is_gone_fails() {
    let folder = Folder::new();
    three_migrations(&folder);
    std::fs::remove_file(folder.migrations().join("0002_add_columns.up.sql")).unwrap();
    hold(
        &folder,
        Case {
            rows: Some(three_rows().into()),
            outcome: Outcome::Failed,
            facts: facts(
                "missing_on_disk",
                "present",
                "3",
                2,
                json!({"applied": ["1", "3"], "missing_on_disk": ["2"]}),
            ),
            faults: &[(
                "migrations/missing_on_disk",
                "1 migration in the ledger, not on disk: 2 (add columns)",
            )],
        },
    )
    .await;
}

#[tokio::test]
async fn a_migration_that_was_overtaken_fails() {
    let folder = Folder::new();
    three_migrations(&folder);
    let [one, _, three] = three_rows();
    hold(
        &folder,
        Case {
            rows: Some(vec![one, three]),
            outcome: Outcome::Failed,
            facts: facts(
                "out_of_order",
                "present",
                "3",
                3,
                json!({"applied": ["1", "3"], "pending": ["2"], "out_of_order": ["2"]}),
            ),
            faults: &[(
                "migrations/out_of_order",
                "1 migration pending before the newest applied: 2 (add columns)",
            )],
        },
    )
    .await;
}

#[tokio::test]
async fn everything_at_once_is_told_worst_first() {
    let folder = Folder::new();
    three_migrations(&folder);
    folder.write("0005_more.sql", "SELECT 5;\n");
    folder.write("0009_last.sql", "SELECT 9;\n");
    let rows = vec![
        half_done(1, "create users", ONE),
        row(2, "add columns", "SELECT 2;\n"),
        row(4, "gone", "SELECT 4;\n"),
    ];
    hold(
        &folder,
        Case {
            rows: Some(rows),
            outcome: Outcome::Failed,
            facts: facts(
                "failed",
                "present",
                "4",
                5,
                json!({
                    "pending": ["3", "5", "9"],
                    "out_of_order": ["3"],
                    "modified": ["2"],
                    "failed": ["1"],
                    "missing_on_disk": ["4"],
                }),
            ),
            faults: &[
                (
                    "migrations/failed",
                    "1 migration did not succeed: 1 (create users)",
                ),
                (
                    "migrations/modified",
                    "1 migration changed since applied: 2 (add columns)",
                ),
                (
                    "migrations/missing_on_disk",
                    "1 migration in the ledger, not on disk: 4 (gone)",
                ),
                (
                    "migrations/out_of_order",
                    "1 migration pending before the newest applied: 3 (add index)",
                ),
                (
                    "migrations/pending",
                    "2 migrations pending: 5 (more), 9 (last)",
                ),
            ],
        },
    )
    .await;
}

#[tokio::test]
async fn without_a_ledger_everything_is_pending() {
    let folder = Folder::new();
    three_migrations(&folder);
    for (rows, ledger, message) in [
        (
            None,
            "absent",
            "3 migrations pending, the ledger _sqlx_migrations is absent: 1 (create users), 2 (add columns), 3 (add index)",
        ),
        (
            Some(vec![]),
            "empty",
            "3 migrations pending, the ledger _sqlx_migrations is empty: 1 (create users), 2 (add columns), 3 (add index)",
        ),
    ] {
        let faults: &'static [_] = Box::leak(Box::new([("migrations/pending", message)]));
        hold(
            &folder,
            Case {
                rows,
                outcome: Outcome::Failed,
                facts: facts(
                    "pending",
                    ledger,
                    "(absent)",
                    3,
                    json!({"pending": ["1", "2", "3"]}),
                ),
                faults,
            },
        )
        .await;
        std::fs::remove_file(folder.path().join("app.db")).unwrap();
    }
}

#[tokio::test]
async fn no_file_and_no_row_prove_nothing() {
    let folder = Folder::new();
    let base = base();
    let (judged, observation) = check(&base.url, &folder).built_in().judge().await;
    assert_eq!(judged.outcome, Outcome::Unknown);
    let message = format!(
        "{} holds no migration of sqlx, and the ledger _sqlx_migrations is absent",
        folder.migrations().display()
    );
    assert_eq!(
        faults(&observation),
        [("migrations/nothing".to_owned(), message)]
    );
    assert_eq!(observation.facts, []);
    // Nor does a state that would be wanted.
    let (judged, _) = check(&base.url, &folder)
        .expect("state", "{ one_of: [applied, pending] }")
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Unknown);
}

#[tokio::test]
async fn other_line_endings_are_told_as_such() {
    let folder = Folder::new();
    three_migrations(&folder);
    folder.write("0002_add_columns.up.sql", TWO.replace('\n', "\r\n"));
    let file = sqlite_file(&folder, &sqlite_ledger(&three_rows())).await;
    let observation = check(&format!("sqlite:{}", file.display()), &folder)
        .observe()
        .await;
    let hint = "Only line endings differ: check the files out as they were applied (.gitattributes, `*.sql text eol=lf`).";
    let wanted = Fault::new(
        super::super::codes::MODIFIED,
        "1 migration changed since applied: 2 (add columns)",
    )
    .shown_by("state", "modified")
    .with_hint(hint);
    assert_eq!(observation.faults, [wanted]);
}

#[tokio::test]
async fn a_database_ahead_of_the_release_is_told_as_such() {
    let folder = Folder::new();
    folder.write("0001_create_users.sql", ONE);
    let base = base();
    base.sql(&postgres_ledger(&three_rows()));
    let (judged, observation) = check(&base.url, &folder).built_in().judge().await;
    assert_eq!(judged.outcome, Outcome::Failed);
    assert_eq!(
        faults(&observation),
        [(
            "migrations/missing_on_disk".to_owned(),
            "2 migrations in the ledger, not on disk: 2 (add columns), 3 (add index)".to_owned()
        )]
    );
    assert!(
        judged
            .hint
            .unwrap()
            .starts_with("All of them are newer than the newest on disk")
    );
    let (judged, _) = check(&base.url, &folder)
        .expect("state", "missing_on_disk")
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Passed);
}

#[tokio::test]
async fn exactly_what_was_reviewed_may_be_pending() {
    let folder = Folder::new();
    three_migrations(&folder);
    let base = base();
    let [one, _, _] = three_rows();
    base.sql(&postgres_ledger(&[one]));
    for (pending, outcome) in [
        ("['2', '3']", Outcome::Passed),
        ("['3', '2']", Outcome::Passed),
        ("['2']", Outcome::Failed),
        ("['2', '3', '4']", Outcome::Failed),
    ] {
        let check = check(&base.url, &folder)
            .expect("state", "pending")
            .expect("pending", pending);
        assert_eq!(check.judge().await.0.outcome, outcome, "{pending}");
    }
    // Whatever else is wrong is not wanted.
    folder.write("0001_create_users.sql", "SELECT 1;\n");
    let (judged, _) = check(&base.url, &folder)
        .expect("state", "pending")
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Failed);
    assert_eq!(judged.code.unwrap().as_str(), "migrations/modified");
}

#[tokio::test]
async fn a_ledger_may_have_another_name_and_place() {
    let folder = Folder::new();
    three_migrations(&folder);
    let base = base();
    base.sql("CREATE SCHEMA \"Odd ' \\\\ schema\"; CREATE TABLE _sqlx_migrations (x int);");
    let sql = postgres_ledger(&three_rows()).replace(
        "_sqlx_migrations",
        "\"Odd ' \\\\ schema\".\"my \"\"ledger\"",
    );
    base.sql(&sql);
    let dir = folder.migrations();
    let fields = [
        ("url", base.url.as_str()),
        ("tool", "sqlx"),
        ("dir", dir.to_str().unwrap()),
        ("schema", "Odd ' \\\\ schema"),
        ("table", "my \"ledger"),
    ];
    let (judged, _) = look("migrations", &fields).built_in().judge().await;
    assert_eq!(judged.outcome, Outcome::Passed, "{judged:?}");
}
