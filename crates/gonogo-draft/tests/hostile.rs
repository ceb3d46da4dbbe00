//! Files that nobody means well with: a note and no crash, in no time, and nothing from outside the folder.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::fs;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use gonogo_draft::{FirstGate, init};
use gonogo_testkit::folder::Folder;

/// Makes a first gate of a folder, and asserts that it takes no time.
fn made(folder: &Folder) -> FirstGate {
    let began = Instant::now();
    let made = init(folder.path(), Some(folder.path())).unwrap();
    let took = began.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert!(!made.text.contains("canary"), "{}", made.text);
    assert!(
        !made.notes.join("\n").contains("canary"),
        "{:?}",
        made.notes
    );
    made
}

/// Returns the notes about a folder with one file.
fn notes(name: &str, bytes: &[u8]) -> Vec<String> {
    let folder = Folder::new("hostile").unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    let made = made(&folder);
    assert_eq!(made.found, 0);
    made.notes
}

fn bomb() -> String {
    let mut text = "x0: &x0 [canary]\n".to_owned();
    for level in 1..=9 {
        let items = vec![format!("*x{}", level - 1); 9].join(", ");
        text.push_str(&format!("x{level}: &x{level} [{items}]\n"));
    }
    text + "services: { a: *x9 }\n"
}

#[test]
fn hostile_yaml_is_a_note() {
    for (text, why) in [
        (bomb(), "not YAML"),
        ("[".repeat(100_000), "not YAML"),
        (format!("services: {}", "{a: ".repeat(100_000)), "not YAML"),
        ("a: ".repeat(100_000), "not YAML"),
        ("- ".repeat(100_000), "not YAML"),
        (format!("services:\n{}", "  a: {}\n".repeat(3)), "not YAML"),
        ("services: [".to_owned(), "not YAML"),
        ("services:\n  a: *canary\n".to_owned(), "not YAML"),
        (
            (0..30_000).map(|n| format!("k{n}: 1\n")).collect(),
            "not YAML",
        ),
        ("just a text".to_owned(), "without services"),
        ("services: 5".to_owned(), ""),
        ("services: { a: 5, b: [x], c: null }".to_owned(), ""),
    ] {
        let notes = notes("compose.yaml", text.as_bytes());
        let told = notes.join("\n");
        assert!(told.contains(why), "{why}: {told}");
    }
}

#[test]
fn what_is_no_text_or_too_large_is_a_note() {
    assert_eq!(
        notes("compose.yaml", b"a\0b"),
        ["compose.yaml: it is not text, and not read"]
    );
    assert_eq!(
        notes(".env", b"A=\xff\xfe"),
        [".env: it is not text, and not read"]
    );
    let huge = vec![b'#'; (1 << 20) + 1];
    assert_eq!(
        notes("Dockerfile", &huge),
        ["Dockerfile: it is too large, and not read"]
    );
    assert_eq!(
        notes("nginx.conf", "a {".repeat(100_000).as_bytes()),
        ["nginx.conf: no nginx configuration: line 1 is nested too deep"]
    );
}

#[test]
fn links_lead_nowhere_outside() {
    let outside = Folder::new("outside").unwrap();
    outside
        .write("compose.yaml", "services: { canary: { image: redis } }\n")
        .unwrap();
    let folder = Folder::new("hostile").unwrap();
    let at = |name: &str| folder.path().join(name);
    symlink(outside.path().join("compose.yaml"), at("compose.yaml")).unwrap();
    symlink("../../../../../../etc/passwd", at(".env")).unwrap();
    symlink(outside.path(), at("deploy")).unwrap();
    symlink("round", at("round")).unwrap();
    symlink("nowhere", at("Dockerfile")).unwrap();
    fs::create_dir(at("real")).unwrap();
    symlink("../real", at("real/again")).unwrap();
    fs::write(at("real/env"), "API_URL=https://api.example.com/\n").unwrap();
    symlink("real/env", at("app.env")).unwrap();
    let made = made(&folder);
    assert_eq!(made.environment, ["API_URL"], "a link inside is followed");
    assert_eq!(
        made.notes,
        [
            ".env: a link out of the folder, not followed",
            "Dockerfile: a link that leads nowhere",
            "compose.yaml: a link out of the folder, not followed",
            "deploy: a link out of the folder, not followed",
            "round: a link that leads nowhere",
            "real/again: a link to a folder, not followed",
        ]
    );
}

#[test]
fn pipes_and_folders_with_the_name_of_a_file_are_left_alone() {
    let folder = Folder::new("hostile").unwrap();
    let pipe = folder.path().join(".env");
    let made_pipe = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made_pipe.unwrap().success());
    fs::create_dir(folder.path().join("compose.yaml")).unwrap();
    assert_eq!(made(&folder).found, 0);
}

#[test]
fn names_cannot_break_out_of_their_place() {
    let folder = Folder::new("hostile").unwrap();
    let compose = "services:\n  \"a\\n  evil:\\n    tcp: x:1\": { ports: ['80:80'] }\n  \"${host}\": { image: redis }\n  \
        web: { ports: ['81:80'], healthcheck: { test: 'curl http://localhost/${secret}/#x' } }\n";
    folder.write("compose.yaml", compose).unwrap();
    folder
        .write("package.json", "{\"name\": \"a: b\\nchecks: {}\"}")
        .unwrap();
    let odd = folder.path().join("od\nd: x");
    fs::create_dir(&odd).unwrap();
    fs::write(odd.join("Dockerfile"), "EXPOSE 90\nEXPOSE $PORT\n").unwrap();
    assert_eq!(
        made(&folder).text,
        "# A first gate, made by `gonogo init` of what is found here. Read it, then make it yours:\n\
         # a check says what must be true before a deploy, and each comes with where it was found.\n\
         version: 1\ngate: a-b-checks\n\nvars:\n  host: { env: TARGET_HOST }\n\nsecrets:\n  redis_url: { env: REDIS_URL }\n\n\
         checks:\n  # compose.yaml:2: service a?  evil:?    tcp: x:1, its published port\n  a-evil-tcp-x-1:\n    tcp: ${host}:80\n\n  \
         # compose.yaml:3: service ${host}, its image\n  host:\n    redis: ${redis_url}\n    expect:\n      role: primary\n\n  \
         # compose.yaml:4: service web, its healthcheck, its login and query left out\n  web:\n    http: http://${host}:81/%24%7Bsecret%7D/\n    \
         expect:\n      status: 200..299\n      duration: under 2s\n\n  \
         # od?d: x/Dockerfile:1: EXPOSE\n  od-d-x:\n    tcp: ${host}:90\n\n\
         # Seen here, and no check yet:\n# - od?d: x/Dockerfile:2: EXPOSE $PORT: no TCP port with a number\n"
    );
}

#[test]
fn folders_too_deep_or_of_others_are_left_out() {
    let folder = Folder::new("hostile").unwrap();
    let env = "CANARY_URL=https://canary.example.com\n";
    for path in [
        "node_modules/x",
        ".git",
        "target",
        "vendor",
        "a/b/c/d/e/f/g",
        "a/b/c/d/e/h",
    ] {
        let inside = folder.path().join(path);
        fs::create_dir_all(&inside).unwrap();
        fs::write(inside.join(".env"), env).unwrap();
    }
    let made = made(&folder);
    assert_eq!(made.found, 0);
    assert_eq!(
        made.notes,
        ["a/b/c/d/e/f: it and 1 more folders so deep are not looked into"]
    );
}
