//! An own PostgreSQL instance.
//!
//! A fresh cluster in a folder of its own, on a free port of 127.0.0.1 and a unix socket, without
//! fsync. The server refuses to run as root, so root's tests run it as the user `postgres`. On the
//! socket the superuser `postgres` needs no password (that is how [`Postgres::sql`] comes in); over
//! TCP everybody logs in by SCRAM.

use std::fs;
use std::io::{self, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::process::{Server, free_port};

/// A running PostgreSQL; ends and removes its files when dropped.
#[derive(Debug)]
pub struct Postgres {
    server: Mutex<Server>,
    folder: PathBuf,
    bin: PathBuf,
    port: u16,
    _template: Arc<Template>,
}

/// An empty cluster that instances are copied from, which is much faster than making one each time;
/// removed with the last instance.
#[derive(Debug)]
struct Template {
    folder: PathBuf,
}

/// How an instance is to be started.
#[derive(Debug, Default)]
pub struct Setup {
    settings: Vec<(String, String)>,
    hba: Vec<String>,
    tls: Option<(String, String)>,
    client_ca: Option<String>,
    port: Option<u16>,
    standby: bool,
}

impl Setup {
    /// Listens on this port instead of a free one.
    #[must_use]
    pub const fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// Makes it a standby: it stays in recovery and takes no writes. No role can be created in it.
    #[must_use]
    pub const fn standby(mut self) -> Self {
        self.standby = true;
        self
    }

    /// Sets a parameter of `postgresql.conf`.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Puts a line of `pg_hba.conf` before the others.
    #[must_use]
    pub fn hba(mut self, line: &str) -> Self {
        self.hba.push(line.to_owned());
        self
    }

    /// Turns TLS on, with a chain and a key in PEM.
    #[must_use]
    pub fn tls(mut self, chain: &str, key: &str) -> Self {
        self.tls = Some((chain.to_owned(), key.to_owned()));
        self
    }

    /// Names the CA of client certificates, in PEM.
    #[must_use]
    pub fn client_ca(mut self, pem: &str) -> Self {
        self.client_ca = Some(pem.to_owned());
        self
    }

    /// Starts the instance and waits until it takes connections.
    ///
    /// # Errors
    ///
    /// When PostgreSQL is not installed, or does not start.
    pub fn start(self) -> io::Result<Postgres> {
        let bin = bin_folder()?;
        let template = Template::shared(&bin)?;
        let folder = own_folder()?;
        match self.start_in(&template, &bin, &folder) {
            Ok((server, port)) => Ok(Postgres {
                server: Mutex::new(server),
                folder,
                bin,
                port,
                _template: template,
            }),
            Err(error) => {
                let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
                // The reason is what counts; a folder that stays behind is in the system's temporary folder.
                let _left = fs::remove_dir_all(&folder);
                Err(io::Error::other(format!("{error}\n{log}")))
            }
        }
    }

    fn start_in(self, template: &Template, bin: &Path, folder: &Path) -> io::Result<(Server, u16)> {
        let data = folder.join("data");
        let mut copy = as_postgres(Path::new("cp"));
        run(copy.arg("-R").arg("-p").arg(template.data()).arg(&data), "")?;
        let port = self.port.map_or_else(free_port, Ok)?;
        let folder_text = folder.display();
        let mut conf = format!(
            "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{folder_text}'\n\
             fsync = off\nfull_page_writes = off\nshared_buffers = 16MB\nmax_connections = 100\n\
             password_encryption = 'scram-sha-256'\nmax_wal_size = 32MB\n"
        );
        for (name, value) in &self.settings {
            conf.push_str(&format!("{name} = '{value}'\n"));
        }
        if let Some((chain, key)) = &self.tls {
            write_as_postgres(&data.join("server.crt"), chain)?;
            write_as_postgres(&data.join("server.key"), key)?;
            conf.push_str("ssl = on\n");
        }
        if let Some(ca) = &self.client_ca {
            write_as_postgres(&data.join("client-ca.crt"), ca)?;
            conf.push_str("ssl_ca_file = 'client-ca.crt'\n");
        }
        append(&data.join("postgresql.conf"), &conf)?;
        let mut hba = self.hba.join("\n");
        hba.push_str("\nlocal all postgres trust\nlocal all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n");
        fs::write(data.join("pg_hba.conf"), hba)?;
        if self.standby {
            write_as_postgres(&data.join("standby.signal"), "")?;
        }

        // The server's words go to a file: its streams are closed.
        let mut postgres = as_postgres(Path::new("sh"));
        postgres
            .args(["-c", "exec \"$0\" -D \"$1\" >\"$2\" 2>&1"])
            .arg(bin.join("postgres"))
            .arg(&data)
            .arg(folder.join("log"));
        let mut server = Server::start(postgres)?;
        wait_until_ready(&mut server, bin, folder, port)?;
        Ok((server, port))
    }
}

impl Template {
    fn shared(bin: &Path) -> io::Result<Arc<Self>> {
        static SHARED: Mutex<Weak<Template>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = shared.upgrade() {
            return Ok(made);
        }
        let made = Arc::new(Self {
            folder: own_folder()?,
        });
        let mut initdb = as_postgres(&bin.join("initdb"));
        initdb
            .arg("-D")
            .arg(made.data())
            .args(["-U", "postgres", "-A", "trust", "-N", "-E", "UTF8"])
            .args(["--locale=C", "--wal-segsize=1", "--no-instructions"]);
        run(&mut initdb, "")?;
        *shared = Arc::downgrade(&made);
        Ok(made)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }
}

impl Drop for Template {
    fn drop(&mut self) {
        // What cannot be removed is in the system's temporary folder.
        let _left = fs::remove_dir_all(&self.folder);
    }
}

impl Postgres {
    /// Returns an instance that the tests of this process share while any of them holds it.
    ///
    /// # Errors
    ///
    /// When PostgreSQL is not installed, or does not start.
    pub fn shared() -> io::Result<Arc<Self>> {
        static SHARED: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = shared.upgrade() {
            return Ok(running);
        }
        let fresh = Arc::new(Setup::default().start()?);
        *shared = Arc::downgrade(&fresh);
        Ok(fresh)
    }

    /// Returns the port on 127.0.0.1.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Returns the folder of the unix socket.
    #[must_use]
    pub fn socket_folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the process id of the postmaster.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.lock().pid()
    }

    /// Returns the URL by which a role reaches a database over TCP.
    #[must_use]
    pub fn url(&self, role: &str, password: &str, database: &str) -> String {
        format!(
            "postgres://{role}:{password}@127.0.0.1:{}/{database}",
            self.port
        )
    }

    /// Runs SQL as the superuser and returns what `psql` prints: bare values, one row a line.
    ///
    /// # Errors
    ///
    /// The first SQL error, in the words of the server.
    pub fn sql(&self, database: &str, sql: &str) -> io::Result<String> {
        let mut psql = Command::new(self.bin.join("psql"));
        psql.env_clear()
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"])
            .args(["-U", "postgres", "-d", database, "-p"])
            .arg(self.port.to_string())
            .arg("-h")
            .arg(&self.folder);
        run(&mut psql, sql).map(|text| text.trim_end().to_owned())
    }

    /// Creates a database that belongs to a new role of the same name, and returns its URL.
    ///
    /// # Errors
    ///
    /// As [`Self::sql`].
    pub fn database(&self, name: &str, password: &str) -> io::Result<String> {
        self.sql(
            "postgres",
            &format!("CREATE ROLE {name} LOGIN PASSWORD '{password}'"),
        )?;
        self.sql(
            "postgres",
            &format!("CREATE DATABASE {name} OWNER {name} TEMPLATE template0"),
        )?;
        Ok(self.url(name, password, name))
    }

    /// Returns a name for a database or role that no other test of this process uses.
    #[must_use]
    pub fn fresh_name(prefix: &str) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        format!("{prefix}_{}", NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// Ends the server, as a crash of the machine would; its files stay until the value is dropped.
    pub fn stop(&self) {
        let mut server = self.lock();
        // SIGQUIT lets the postmaster end its children and free its shared memory; it does not wait for clients.
        if let Ok(pid) = i32::try_from(server.pid())
            && let Some(pid) = rustix::process::Pid::from_raw(pid)
            && server.is_running()
        {
            let _gone = rustix::process::kill_process(pid, rustix::process::Signal::QUIT);
            let patience = Instant::now() + Duration::from_secs(5);
            while server.is_running() && Instant::now() < patience {
                std::thread::sleep(POLL);
            }
        }
        server.stop();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Server> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
        // What cannot be removed is in the system's temporary folder.
        let _left = fs::remove_dir_all(&self.folder);
    }
}

/// Finds the newest PostgreSQL of this machine.
fn bin_folder() -> io::Result<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, bin)| bin.join("postgres").exists() && bin.join("initdb").exists())
        .collect();
    found.sort();
    let on_path = || {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|folder| folder.join("initdb").exists())
    };
    found
        .pop()
        .map(|(_, bin)| bin)
        .or_else(on_path)
        .ok_or_else(|| io::Error::other("no PostgreSQL is installed (Debian package postgresql)"))
}

/// Creates a folder that the server's user owns. Its path is short: a socket's has 107 bytes at most.
fn own_folder() -> io::Result<PathBuf> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let name = format!(
            "gonogo-pg-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let folder = std::env::temp_dir().join(name);
        match fs::create_dir(&folder) {
            Ok(()) => {
                hand_over(&folder)?;
                return Ok(folder);
            }
            // Left by a killed process of the same number.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

/// Returns a command that runs as the user the server runs as.
fn as_postgres(program: &Path) -> Command {
    let mut command = if is_root() {
        // A change of user clears the death signal that `Server` asks for: ask again after it.
        let mut setpriv = Command::new("setpriv");
        setpriv
            .args([
                "--reuid=postgres",
                "--regid=postgres",
                "--clear-groups",
                "--pdeathsig",
                "KILL",
            ])
            .arg("--")
            .arg(program);
        setpriv
    } else {
        Command::new(program)
    };
    // `initdb` looks at its working folder, which the user may not enter.
    command.current_dir("/").env("LC_ALL", "C");
    command
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Gives a file to the user the server runs as.
fn hand_over(path: &Path) -> io::Result<()> {
    if is_root() {
        run(
            Command::new("chown").arg("postgres:").arg("--").arg(path),
            "",
        )?;
    }
    Ok(())
}

/// Writes a file that only the server's user may read, as it demands of a key.
fn write_as_postgres(path: &Path, text: &str) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(path, text)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    hand_over(path)
}

fn append(path: &Path, text: &str) -> io::Result<()> {
    fs::OpenOptions::new()
        .append(true)
        .open(path)?
        .write_all(text.as_bytes())
}

/// Runs a program to its end and returns what it printed.
fn run(command: &mut Command, input: &str) -> io::Result<String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(words.trim_end().to_owned()))
}

/// Waits until the server takes connections; a port that listens may still answer "starting up".
fn wait_until_ready(server: &mut Server, bin: &Path, folder: &Path, port: u16) -> io::Result<()> {
    let patience = Instant::now() + Duration::from_secs(30);
    while Instant::now() < patience {
        if !server.is_running() {
            return Err(io::Error::other("postgres ended while starting"));
        }
        let mut ready = Command::new(bin.join("pg_isready"));
        ready
            .env_clear()
            .args(["-q", "-p"])
            .arg(port.to_string())
            .arg("-h")
            .arg(folder);
        if TcpStream::connect(("127.0.0.1", port)).is_ok() && ready.status()?.success() {
            return Ok(());
        }
        std::thread::sleep(POLL);
    }
    Err(io::Error::other(
        "postgres does not take connections after 30 s",
    ))
}

const POLL: Duration = Duration::from_millis(20);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_answers_and_leaves_nothing_behind() {
        let server = Postgres::shared().unwrap();
        let name = Postgres::fresh_name("kit");
        let url = server.database(&name, "secret").unwrap();
        assert_eq!(
            url,
            format!(
                "postgres://{name}:secret@127.0.0.1:{}/{name}",
                server.port()
            )
        );
        assert_eq!(server.sql(&name, "SELECT 1 + 1").unwrap(), "2");
        let (pid, folder) = (server.pid(), server.socket_folder().to_owned());
        drop(server);
        assert!(!folder.exists());
        assert!(!Path::new("/proc").join(pid.to_string()).exists());
    }
}
