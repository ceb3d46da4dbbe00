//! Nothing of the environment reaches a session.
//!
//! The environment of a process is changed for all of its threads, so the attempts are made by this
//! test binary started once more, with everything that libpq and sqlx would take set to a canary.

use super::*;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};

/// Makes one attempt in a process whose environment is full of canaries, and returns what it prints.
fn attempt(url: &str, home: &std::path::Path) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args([
            "--exact",
            "kinds::postgres::tests::hermetic::child",
            "--nocapture",
        ])
        .env("GONOGO_TEST_URL", url)
        .env("HOME", home)
        .env("PGPASSFILE", home.join(".pgpass"))
        .env("PGSERVICEFILE", home.join(".pg_service.conf"))
        .env("PGSYSCONFDIR", home)
        .stdin(Stdio::null());
    for name in [
        "PGHOST",
        "PGHOSTADDR",
        "PGDATABASE",
        "PGUSER",
        "PGSERVICE",
        "PGAPPNAME",
        "PGSSLROOTCERT",
        "PGSSLCERT",
        "PGSSLKEY",
        "PGSSLCRL",
        "PGREQUIREPEER",
        "PGKRBSRVNAME",
        "PGCLIENTENCODING",
        "PGDATESTYLE",
        "PGTZ",
        "PGGEQO",
        "PGLOCALEDIR",
        "PGTARGETSESSIONATTRS",
    ] {
        child.env(name, "canary");
    }
    child
        .env("PGPASSWORD", "hunter22")
        .env("PGPORT", "1")
        .env("PGSSLMODE", "require")
        .env(
            "PGOPTIONS",
            "-c application_name=canary -c default_transaction_read_only=on",
        )
        .env("PGCONNECT_TIMEOUT", "1");
    let output = child.output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The attempt itself; started by itself it has nothing to do.
#[tokio::test]
#[expect(
    clippy::print_stdout,
    reason = "it answers to the process that started it"
)]
async fn child() {
    let Ok(url) = std::env::var("GONOGO_TEST_URL") else {
        return;
    };
    let query = "SELECT current_setting('application_name')";
    let observation = look("postgres", &[("url", &url), ("query", query)])
        .observe()
        .await;
    println!("codes {}", codes(&observation).join(" "));
    for fact in ["user", "database", "read_only", "value"] {
        if let Some(Reading::Value(value)) = observation.get(fact) {
            println!("{fact} {}", value.to_json());
        }
    }
}

struct Home(std::path::PathBuf);

impl Drop for Home {
    fn drop(&mut self) {
        // It is in the system's temporary folder.
        let _left = std::fs::remove_dir_all(&self.0);
    }
}

fn home(port: u16) -> Home {
    let home = std::env::temp_dir().join(Postgres::fresh_name(&format!(
        "gonogo-home-{}",
        std::process::id()
    )));
    std::fs::create_dir_all(&home).unwrap();
    let pass = home.join(".pgpass");
    std::fs::write(&pass, format!("*:{port}:*:*:hunter22\n*:*:*:*:hunter22\n")).unwrap();
    std::fs::set_permissions(&pass, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    std::fs::write(
        home.join(".pg_service.conf"),
        "[canary]\npassword=hunter22\n",
    )
    .unwrap();
    Home(home)
}

#[test]
fn a_session_is_what_the_url_says() {
    let base = base();
    let home = home(base.server.port());
    let printed = attempt(&base.url, &home.0);
    let expected = format!(
        "codes \nuser \"{name}\"\ndatabase \"{name}\"\nread_only false\nvalue \"gonogo\"\n",
        name = base.name
    );
    assert!(printed.contains(&expected), "{printed}");
}

#[test]
fn a_password_that_the_url_does_not_have_is_taken_from_nowhere() {
    let base = base();
    let home = home(base.server.port());
    let printed = attempt(&base.url.replace(":hunter22@", "@"), &home.0);
    assert!(
        printed.contains("codes postgres/login_refused\n"),
        "{printed}"
    );
    let socket = format!("postgres://{}@%2Fnowhere/x", base.name);
    let printed = attempt(&socket, &home.0);
    assert!(printed.contains("codes net/refused\n"), "{printed}");
}

#[test]
fn a_server_sees_nothing_but_the_url() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut seen = vec![0; 4];
        stream.read_exact(&mut seen).unwrap();
        let length = u32::from_be_bytes(seen.clone().try_into().unwrap());
        let mut rest = vec![0; usize::try_from(length).unwrap() - 4];
        stream.read_exact(&mut rest).unwrap();
        seen.extend_from_slice(&rest);
        // A request for the password in clear text.
        stream.write_all(b"R\0\0\0\x08\0\0\0\x03").unwrap();
        let mut password = [0; 10];
        stream.read_exact(&mut password).unwrap();
        (seen, password)
    });
    let home = home(address.port());
    attempt(&format!("postgres://u:open@{address}/d"), &home.0);
    let (startup, password) = server.join().unwrap();
    let parameters = "user\0u\0database\0d\0client_encoding\0UTF8\0DateStyle\0ISO, MDY\0TimeZone\0UTC\0application_name\0gonogo\0\0";
    let expected = [&[0, 0, 0, 104, 0, 3, 0, 0], parameters.as_bytes()].concat();
    assert_eq!(
        String::from_utf8_lossy(&startup),
        String::from_utf8_lossy(&expected)
    );
    assert_eq!(&password, b"p\0\0\0\x09open\0");
}
