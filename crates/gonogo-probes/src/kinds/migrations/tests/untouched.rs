//! Nothing that is looked at is changed.

use super::*;
use std::collections::BTreeMap;

use gonogo_model::Outcome;

/// Returns every file of a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_file())
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

#[tokio::test]
async fn an_sqlite_file_stays_as_it_is() {
    for mode in ["DELETE", "WAL"] {
        let folder = Folder::new();
        three_migrations(&folder);
        let sql = format!(
            "PRAGMA journal_mode = {mode};{}",
            sqlite_ledger(&three_rows())
        );
        let file = sqlite_file(&folder, &sql).await;
        let before = files(folder.path());
        assert_eq!(before.keys().collect::<Vec<_>>(), ["app.db"]);
        let url = format!("sqlite://{}", file.display());
        let (judged, _) = check(&url, &folder).built_in().judge().await;
        assert_eq!(judged.outcome, Outcome::Passed, "{mode} {judged:?}");
        assert!(before == files(folder.path()), "{mode}");
    }
}

#[tokio::test]
async fn what_a_writer_has_not_yet_moved_out_of_its_log_counts() {
    let folder = Folder::new();
    three_migrations(&folder);
    let path = folder.path().join("app.db");
    let mut writer = sqlite(&path).await;
    execute(
        &mut writer,
        "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;",
    )
    .await;
    execute(&mut writer, sqlite_ledger(&three_rows())).await;
    let before = files(folder.path());
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        ["app.db", "app.db-shm", "app.db-wal"]
    );
    let url = format!("sqlite://{}", path.display());
    let (judged, _) = check(&url, &folder).built_in().judge().await;
    assert_eq!(judged.outcome, Outcome::Passed, "{judged:?}");
    let after = files(folder.path());
    assert_eq!(
        after.keys().collect::<Vec<_>>(),
        before.keys().collect::<Vec<_>>()
    );
    for name in ["app.db", "app.db-wal"] {
        assert!(before[name] == after[name], "{name}");
    }
    writer.close().await.unwrap();
}

#[tokio::test]
async fn a_missing_sqlite_file_is_not_created() {
    let folder = Folder::new();
    three_migrations(&folder);
    let path = folder.path().join("app.db");
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let (judged, observation) = check(&url, &folder).built_in().judge().await;
    assert_eq!(judged.outcome, Outcome::Unknown);
    let message = format!("there is no file {}", path.display());
    assert_eq!(
        faults(&observation),
        [("migrations/no_database".to_owned(), message)]
    );
    assert!(files(folder.path()).is_empty());
}

#[tokio::test]
async fn a_role_that_could_write_changes_nothing() {
    let folder = Folder::new();
    three_migrations(&folder);
    let base = base();
    base.sql(&postgres_ledger(&three_rows()));
    let state = "SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_settings),
                        (SELECT string_agg(version || ' ' || xmin || ' ' || ctid, ',') FROM _sqlx_migrations),
                        (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory')";
    let before = base.sql(state);
    let (judged, _) = check(&base.url, &folder).built_in().judge().await;
    assert_eq!(judged.outcome, Outcome::Passed);
    assert_eq!(base.sql(state), before);
    let fresh = super::base();
    let before = fresh.sql("SELECT count(*) FROM pg_class");
    let (judged, _) = check(&fresh.url, &folder).built_in().judge().await;
    assert_eq!(judged.outcome, Outcome::Failed);
    assert_eq!(fresh.sql("SELECT count(*) FROM pg_class"), before);
}
