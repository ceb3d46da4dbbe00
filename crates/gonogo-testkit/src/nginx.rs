//! An own nginx instance.

use std::io;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::folder::Folder;
use crate::process::{Server, free_port};

/// A running nginx; ends and removes its files when dropped.
#[derive(Debug)]
pub struct Nginx {
    server: Server,
    folder: Folder,
    http: u16,
    https: u16,
}

/// How an instance is to be started.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    site: String,
    tls: Option<(String, String)>,
    client_ca: Option<String>,
    files: Vec<(String, String)>,
    ports: Option<(u16, u16)>,
}

impl Setup {
    /// Adds lines to the `server` block that both ports share; `$http_port` and `$https_port` stand
    /// for the ports.
    #[must_use]
    pub fn site(mut self, lines: &str) -> Self {
        self.site.push_str(lines);
        self.site.push('\n');
        self
    }

    /// Adds a file to serve, by its path below the root.
    #[must_use]
    pub fn file(mut self, path: &str, text: &str) -> Self {
        self.files.push((path.to_owned(), text.to_owned()));
        self
    }

    /// Opens a port for HTTPS, with HTTP/2, with a chain and a key in PEM.
    #[must_use]
    pub fn tls(mut self, chain: &str, key: &str) -> Self {
        self.tls = Some((chain.to_owned(), key.to_owned()));
        self
    }

    /// Asks clients on the HTTPS port for a certificate of this CA, in PEM.
    #[must_use]
    pub fn client_ca(mut self, pem: &str) -> Self {
        self.client_ca = Some(pem.to_owned());
        self
    }

    /// Listens on these ports for HTTP and HTTPS instead of free ones.
    #[must_use]
    pub const fn ports(mut self, http: u16, https: u16) -> Self {
        self.ports = Some((http, https));
        self
    }

    /// Starts the instance and waits until it takes connections.
    ///
    /// # Errors
    ///
    /// When nginx is not installed, or does not start.
    pub fn start(self) -> io::Result<Nginx> {
        let folder = Folder::new("nginx")?;
        std::fs::create_dir(folder.path().join("www"))?;
        for (path, text) in &self.files {
            folder.write(&format!("www/{path}"), text)?;
        }
        // Another process may take a free port before nginx does.
        let mut failure = io::Error::other("nginx was not started");
        for _attempt in 0..3 {
            let (http, https) = match self.ports {
                Some(ports) => ports,
                None => (free_port()?, free_port()?),
            };
            match self.start_in(&folder, http, https) {
                Ok(server) => {
                    return Ok(Nginx {
                        server,
                        folder,
                        http,
                        https,
                    });
                }
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    fn start_in(&self, folder: &Folder, http: u16, https: u16) -> io::Result<Server> {
        let conf = folder.write("nginx.conf", &self.conf(folder, http, https)?)?;
        let mut command = Command::new(program());
        command
            .arg("-p")
            .arg(folder.path())
            .arg("-c")
            .arg(conf)
            .arg("-e")
            .arg(folder.path().join("error.log"));
        let left_behind = folder.path().join("pid");
        if left_behind.exists() {
            std::fs::remove_file(left_behind)?;
        }
        let mut server = Server::start(command)?;
        let until = Instant::now() + Duration::from_secs(20);
        // The file is written when all sockets listen.
        while folder.read("pid").is_empty() {
            if !server.is_running() || Instant::now() > until {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        if server.is_running() {
            return Ok(server);
        }
        let log = folder.read("error.log");
        Err(io::Error::other(format!("nginx does not start\n{log}")))
    }

    fn conf(&self, folder: &Folder, http: u16, https: u16) -> io::Result<String> {
        let path = folder.path().display();
        let mut listen = format!("listen 127.0.0.1:{http};\n");
        if let Some((chain, key)) = &self.tls {
            folder.write("chain.pem", chain)?;
            folder.write("key.pem", key)?;
            listen.push_str(&format!(
                "listen 127.0.0.1:{https} ssl http2;\n\
                 ssl_certificate {path}/chain.pem;\nssl_certificate_key {path}/key.pem;\n"
            ));
        }
        if let Some(ca) = &self.client_ca {
            folder.write("client-ca.pem", ca)?;
            listen.push_str(&format!(
                "ssl_client_certificate {path}/client-ca.pem;\nssl_verify_client on;\n"
            ));
        }
        let site = self
            .site
            .replace("$https_port", &https.to_string())
            .replace("$http_port", &http.to_string());
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .iter()
            .map(|what| format!("{what}_temp_path {path}/{what};\n"))
            .collect();
        Ok(format!(
            "daemon off;\nmaster_process off;\npid {path}/pid;\nerror_log {path}/error.log;\n\
             events {{ worker_connections 256; }}\n\
             http {{\naccess_log off;\n{temporary}\
             types {{ text/html html; application/json json; text/plain txt; }}\n\
             server {{\n{listen}root {path}/www;\n{site}}}\n}}\n"
        ))
    }
}

impl Nginx {
    /// Returns its port for HTTP on 127.0.0.1.
    #[must_use]
    pub const fn http_port(&self) -> u16 {
        self.http
    }

    /// Returns its port for HTTPS on 127.0.0.1.
    #[must_use]
    pub const fn https_port(&self) -> u16 {
        self.https
    }

    /// Returns the folder that it serves.
    #[must_use]
    pub fn root(&self) -> std::path::PathBuf {
        self.folder.path().join("www")
    }

    /// Ends it; the ports are free again.
    pub fn stop(&mut self) {
        self.server.stop();
    }
}

/// The Debian package puts it where an ordinary user's PATH does not look.
fn program() -> &'static str {
    if Path::new("/usr/sbin/nginx").exists() {
        "/usr/sbin/nginx"
    } else {
        "nginx"
    }
}
