//! Tests of `env`.

use gonogo_kind::{Node, flow};
use gonogo_model::{Observation, Outcome, Reading, Value};
use gonogo_testkit::folder::Folder;

use crate::testing::{Look, look};

/// A look at a file of settings.
fn settings(names: &str, text: &str) -> (Look, Folder) {
    let folder = Folder::new("env").unwrap();
    let file = folder.write("settings.env", text).unwrap();
    let look = look("env", &[("file", file.to_str().unwrap())])
        .field("names", node(names))
        .built_in();
    (look, folder)
}

fn node(text: &str) -> Node {
    flow::read(text).unwrap()
}

fn facts(observation: &Observation) -> Vec<(&str, String)> {
    observation
        .facts
        .iter()
        .map(|(name, reading)| {
            let shown = match reading {
                Reading::Value(Value::List(list)) => {
                    let texts = list.iter().map(|value| match value {
                        Value::Text(text) => text.clone(),
                        other => format!("{other:?}"),
                    });
                    texts.collect::<Vec<_>>().join(", ")
                }
                Reading::Value(Value::Text(text)) => text.clone(),
                Reading::Value(Value::Integer(number)) => number.to_string(),
                other => format!("{other:?}"),
            };
            (name.as_str(), shown)
        })
        .collect()
}

#[tokio::test]
async fn what_is_set_in_our_own_environment_passes_and_what_is_not_fails() {
    let of = |names: &str| look("env", &[]).field("names", node(names)).built_in();
    let (judged, observation) = of("[PATH, CARGO_MANIFEST_DIR]").judge().await;
    assert_eq!(
        facts(&observation),
        [
            ("wrong", String::new()),
            ("missing", String::new()),
            ("placeholders", String::new()),
            ("set", "2".to_owned())
        ]
    );
    assert_eq!(judged.outcome, Outcome::Passed);
    let (judged, _) = of("[PATH, GONOGO_IS_NEVER_SET]").judge().await;
    assert_eq!(judged.outcome, Outcome::Failed);
    assert_eq!(
        judged.message.as_deref(),
        Some("wrong is length 1: [GONOGO_IS_NEVER_SET is not set], expected { length: 0 }")
    );
}

#[tokio::test]
async fn each_reason_is_told_with_the_name_and_never_with_the_value() {
    let text = "\
# the settings of production
export API_URL=\"https://api.staging.beluga.dev\"
PORT=80a
EMPTY=
BLANK='  '
JWT_SECRET=changeme
SHARED_KEY=k3y-of-both
LOG_LEVEL=info
GOOD=fine
";
    let names = "[API_URL, PORT, EMPTY, BLANK, UNSET, JWT_SECRET, SHARED_KEY, LOG_LEVEL, GOOD]";
    let (look, folder) = settings(names, text);
    let other = folder
        .write(
            "staging.env",
            "SHARED_KEY=k3y-of-both\nLOG_LEVEL=info\nGOOD=other\n",
        )
        .unwrap();
    let look = look
        .field("patterns", node("{ PORT: '^[0-9]+$', GOOD: ^fine$ }"))
        .field("forbid", node("[Staging, localhost]"))
        .field("differs_from", Node::plain(other.to_str().unwrap()))
        .field("shared", node("[LOG_LEVEL]"));
    let (judged, observation) = look.judge().await;
    let wanted = [
        (
            "wrong",
            "API_URL holds `staging`, PORT does not match its pattern, EMPTY is not set, BLANK is not set, \
             UNSET is not set, JWT_SECRET holds a placeholder, SHARED_KEY is the same in the other environment",
        ),
        ("missing", "EMPTY, BLANK, UNSET"),
        ("placeholders", "JWT_SECRET"),
        ("set", "6"),
        ("mismatched", "PORT"),
        ("forbidden", "API_URL"),
        ("same", "SHARED_KEY"),
    ];
    assert_eq!(
        facts(&observation),
        wanted.map(|(name, shown)| (name, shown.to_owned()))
    );
    assert_eq!(judged.outcome, Outcome::Failed);
    let told = format!("{judged:?} {observation:?}");
    for value in ["beluga", "80a", "changeme", "k3y-of-both"] {
        assert!(!told.contains(value), "{value}");
    }
}

#[tokio::test]
async fn a_placeholder_may_be_allowed_by_name() {
    let (look, _folder) = settings("[LEVEL]", "LEVEL=default\n");
    assert_eq!(look.judge().await.0.outcome, Outcome::Failed);
    let look = look.field("allow_placeholders", node("[LEVEL]"));
    assert_eq!(look.judge().await.0.outcome, Outcome::Passed);
}

#[tokio::test]
async fn the_parts_of_a_connection_string_are_facts_and_its_password_is_none() {
    let (look, _folder) = settings(
        "[DATABASE_URL]",
        "DATABASE_URL=postgres://shop:hunter22@db.prod.internal:6432/shop?sslmode=verify-full\n",
    );
    let look = look
        .field("dsn", Node::plain("DATABASE_URL"))
        .expect("host", "{ ends_with: .prod.internal }")
        .expect("sslmode", "verify-full");
    let (judged, observation) = look.judge().await;
    let wanted = [
        ("wrong", ""),
        ("missing", ""),
        ("placeholders", ""),
        ("set", "1"),
        ("scheme", "postgres"),
        ("host", "db.prod.internal"),
        ("port", "6432"),
        ("database", "shop"),
        ("sslmode", "verify-full"),
    ];
    assert_eq!(
        facts(&observation),
        wanted.map(|(name, shown)| (name, shown.to_owned()))
    );
    assert_eq!(judged.outcome, Outcome::Passed);
    assert!(!format!("{observation:?}").contains("hunter22"));
}

#[tokio::test]
async fn a_part_that_is_not_written_is_absent_and_never_the_wanted_one() {
    let (look, _folder) = settings(
        "[DATABASE_URL]",
        "DATABASE_URL=postgres://db.prod.internal/shop\n",
    );
    let look = look
        .field("dsn", Node::plain("DATABASE_URL"))
        .expect("sslmode", "{ not: disable }");
    assert_eq!(look.judge().await.0.outcome, Outcome::Failed);
}

#[tokio::test]
async fn what_is_no_connection_string_fails() {
    let (look, _folder) = settings("[DATABASE_URL]", "DATABASE_URL=hunter22\n");
    let (judged, _) = look.field("dsn", Node::plain("DATABASE_URL")).judge().await;
    assert_eq!(judged.outcome, Outcome::Failed);
    assert_eq!(judged.code.unwrap().as_str(), "env/not_a_dsn");
    assert_eq!(
        judged.message.as_deref(),
        Some("the value of DATABASE_URL is not a connection string")
    );
}

#[tokio::test]
async fn settings_that_cannot_be_read_are_unknown() {
    let too_large = "A=b\n".repeat(1 << 18) + "A=b\n";
    for (text, code, words) in [
        (None, "env/no_file", "cannot read"),
        (
            Some(too_large.as_str()),
            "env/too_large",
            "is larger than 1 MiB",
        ),
        (
            Some("PORT=80\nhunter22 is no setting\n"),
            "env/not_settings",
            "holds a line that is not NAME=value",
        ),
    ] {
        let folder = Folder::new("env").unwrap();
        let file = folder.path().join("settings.env");
        if let Some(text) = text {
            folder.write("settings.env", text).unwrap();
        }
        let (judged, observation) = look("env", &[("file", file.to_str().unwrap())])
            .field("names", node("[PORT]"))
            .built_in()
            .judge()
            .await;
        assert_eq!(judged.outcome, Outcome::Unknown, "{code}");
        assert_eq!(judged.code.unwrap().as_str(), code);
        let message = judged.message.unwrap();
        assert!(message.contains(words), "{message}");
        assert!(!format!("{observation:?}").contains("hunter22"));
    }
    let folder = Folder::new("env").unwrap();
    let (judged, _) = look("env", &[("file", folder.path().to_str().unwrap())])
        .field("names", node("[PORT]"))
        .built_in()
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Unknown);
}

#[tokio::test]
async fn the_other_environment_must_be_read_too() {
    let (look, folder) = settings("[PORT]", "PORT=80\n");
    let missing = folder.path().join("none.env");
    let (judged, _) = look
        .field("differs_from", Node::plain(missing.to_str().unwrap()))
        .judge()
        .await;
    assert_eq!(judged.outcome, Outcome::Unknown);
    assert_eq!(judged.code.unwrap().as_str(), "env/no_file");
}
