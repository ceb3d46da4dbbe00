//! OpenSSL as a server and as a maker of what nothing else here makes: weak keys and odd curves.

use std::ffi::OsStr;
use std::io;
use std::net::{Ipv4Addr, TcpStream};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::folder::Folder;
use crate::process::{Server, free_port};

/// A certificate and its key, both in PEM.
#[derive(Debug)]
pub struct Pair {
    /// The certificate.
    pub certificate: String,
    /// The private key.
    pub key: String,
}

/// A running `openssl s_server`; ends and removes its files when dropped.
#[derive(Debug)]
pub struct Openssl {
    _server: Server,
    _folder: Folder,
    port: u16,
}

/// Makes a certificate for `localhost` that signs itself, as `openssl req -x509 ARGUMENTS` does.
///
/// # Errors
///
/// When OpenSSL is not installed, or does not like the arguments.
pub fn self_signed(arguments: &[&str]) -> io::Result<Pair> {
    make(&Folder::new("openssl")?, "localhost", arguments)
}

/// Makes a certificate for `localhost` that another one signs, as `openssl req -x509 ARGUMENTS` does.
///
/// # Errors
///
/// When OpenSSL is not installed, or does not like the arguments.
pub fn signed_by(issuer: &Pair, arguments: &[&str]) -> io::Result<Pair> {
    let folder = Folder::new("openssl")?;
    let certificate = folder.write("issuer.pem", &issuer.certificate)?;
    let key = folder.write("issuer.key", &issuer.key)?;
    let (certificate, key) = (certificate.display().to_string(), key.display().to_string());
    let mut all = vec!["-CA", &certificate, "-CAkey", &key];
    all.extend(["-addext", "basicConstraints=critical,CA:FALSE"]);
    all.extend(arguments);
    make(&folder, "localhost", &all)
}

/// Makes the certificate of a CA, as `openssl req -x509 ARGUMENTS` does.
///
/// # Errors
///
/// When OpenSSL is not installed, or does not like the arguments.
pub fn authority(arguments: &[&str]) -> io::Result<Pair> {
    make(&Folder::new("openssl")?, "OpenSSL Root", arguments)
}

fn make(folder: &Folder, name: &str, arguments: &[&str]) -> io::Result<Pair> {
    let certificate = folder.path().join("certificate.pem");
    let key = folder.path().join("key.pem");
    let mut command = Command::new("openssl");
    command.args(["req", "-x509", "-nodes", "-days", "90"]);
    command.arg("-subj").arg(format!("/CN={name}"));
    command
        .arg("-addext")
        .arg(format!("subjectAltName=DNS:{}", name.replace(' ', "-")));
    command.args(arguments);
    command
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate);
    run(&mut command)?;
    Ok(Pair {
        certificate: folder.read("certificate.pem"),
        key: folder.read("key.pem"),
    })
}

/// Makes a private key, as `openssl genpkey ARGUMENTS` does, in PEM.
///
/// # Errors
///
/// When OpenSSL is not installed, or does not like the arguments.
pub fn key(arguments: &[&str]) -> io::Result<String> {
    let mut command = Command::new("openssl");
    command.arg("genpkey").args(arguments);
    run(&mut command)
}

fn run(command: &mut Command) -> io::Result<String> {
    let output = command.output()?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(io::Error::other(words))
    }
}

impl Openssl {
    /// Starts `openssl s_server` with a certificate, its key (both in PEM) and further arguments.
    ///
    /// # Errors
    ///
    /// When OpenSSL is not installed, or does not start.
    pub fn serve(
        chain: &str,
        key: &str,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> io::Result<Self> {
        let folder = Folder::new("s_server")?;
        let (leaf, above) = match chain.find(END).map(|at| at + END.len()) {
            Some(end) => chain.split_at(end),
            None => (chain, ""),
        };
        let port = free_port()?;
        let mut command = Command::new("openssl");
        command
            .arg("s_server")
            .arg("-accept")
            .arg(format!("127.0.0.1:{port}"));
        command.arg("-cert").arg(folder.write("leaf.pem", leaf)?);
        command.arg("-key").arg(folder.write("key.pem", key)?);
        if above.contains(END) {
            command
                .arg("-cert_chain")
                .arg(folder.write("above.pem", above)?);
        }
        command.args(arguments).arg("-quiet");
        let mut server = Server::start(command)?;
        let until = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if !server.is_running() || Instant::now() > until {
                return Err(io::Error::other("openssl s_server does not start"));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(Self {
            _server: server,
            _folder: folder,
            port,
        })
    }

    /// Returns the port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }
}

const END: &str = "-----END CERTIFICATE-----";
