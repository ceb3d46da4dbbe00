//! Where a PostgreSQL is and how to log in, read from a URL and from nothing else.
//!
//! libpq and sqlx complete a URL from the environment (`PGHOST`, `PGPASSWORD`, `PGSSLMODE`,
//! `PGOPTIONS`, ...), from `~/.pgpass` and from service files. A gate that does so judges whatever
//! happens to be set where it runs; here a URL says everything, and what it cannot say is a mistake.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gonogo_kind::{FieldMistake, RootsSource};
use percent_encoding::percent_decode_str;
use rustls_pki_types::ServerName;
use url::Url;

use crate::net::tls::server_name;

/// A PostgreSQL server, a database of it and a role.
#[derive(Clone)]
pub(crate) struct Target {
    /// Where it listens.
    pub(crate) place: Place,
    /// The role.
    pub(crate) user: String,
    /// Its password; empty when the URL has none.
    pub(crate) password: String,
    /// The database; the server takes the role's name when there is none.
    pub(crate) database: String,
    /// Whether and how the connection is secured.
    pub(crate) security: Security,
    /// The roots that the URL names; they go before those of the check.
    pub(crate) roots: Option<Arc<RootsSource>>,
}

/// Where a server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// At a host and a port.
    Tcp {
        /// A name or an address, IPv6 without brackets.
        host: String,
        /// The port.
        port: u16,
        /// What the server's certificate must be for.
        name: ServerName<'static>,
    },
    /// At the socket `.s.PGSQL.<port>` of a folder.
    Unix(PathBuf, u16),
}

/// Whether and how a connection is secured: `sslmode`, without the modes that give way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Security {
    /// `disable`: plain text. The default on loopback and unix sockets.
    Plain,
    /// `require`: encrypted, with whoever answers.
    Encrypted,
    /// `verify-ca`: the chain is verified, the name is not.
    VerifiedChain,
    /// `verify-full`: chain and name are verified. The default elsewhere.
    Verified,
}

impl Target {
    /// Reads a URL; `field` is the field that mistakes are reported at.
    pub(crate) fn read(url: &Url, field: &'static str) -> Result<Self, FieldMistake> {
        let mistake = |message: String| FieldMistake::new(field, message);
        let mut parts = Parts::of(url).map_err(mistake)?;
        parts.take_parameters(url).map_err(|(message, hint)| {
            let mistake = FieldMistake::new(field, message);
            match hint {
                Some(hint) => mistake.hint(hint),
                None => mistake,
            }
        })?;
        parts
            .finish()
            .map_err(|(message, hint)| mistake(message).hint(hint))
    }

    /// Returns where it listens, without role and password: `db:5432/app`.
    pub(crate) fn shown(&self) -> String {
        format!("{}/{}", self.place, self.database)
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("place", &self.place)
            .field("database", &self.database)
            .field("security", &self.security)
            .finish_non_exhaustive()
    }
}

impl Place {
    /// Returns the path of the socket, if it is one.
    pub(crate) fn socket(folder: &Path, port: u16) -> PathBuf {
        folder.join(format!(".s.PGSQL.{port}"))
    }

    fn is_local(&self) -> bool {
        match self {
            Self::Unix(..) => true,
            Self::Tcp { host, .. } => {
                host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
            }
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port, .. } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Tcp { host, port, .. } => write!(f, "{host}:{port}"),
            Self::Unix(folder, port) => write!(f, "{}", Self::socket(folder, *port).display()),
        }
    }
}

/// What a URL says, part by part, before it is known whether the parts make a whole.
#[derive(Default)]
struct Parts {
    host: Option<String>,
    port: Option<u16>,
    user: Option<String>,
    password: Option<String>,
    database: Option<String>,
    security: Option<Security>,
    roots: Option<Arc<RootsSource>>,
}

type Mistake = (String, Option<String>);

impl Parts {
    fn of(url: &Url) -> Result<Self, String> {
        let text = |raw: &str| decoded(raw).map(|text| (!text.is_empty()).then_some(text));
        let host = url.host_str().unwrap_or_default();
        let database = url.path().strip_prefix('/').unwrap_or_default();
        if url.fragment().is_some() {
            return Err("has a `#`; in a user name or password it is written %23".to_owned());
        }
        Ok(Self {
            host: text(host.trim_start_matches('[').trim_end_matches(']'))?,
            port: url.port(),
            user: text(url.username())?,
            password: text(url.password().unwrap_or_default())?,
            database: text(database)?,
            security: None,
            roots: None,
        })
    }

    fn take_parameters(&mut self, url: &Url) -> Result<(), Mistake> {
        for (name, value) in url.query_pairs() {
            self.take(&name, value.into_owned())?;
        }
        Ok(())
    }

    fn take(&mut self, name: &str, value: String) -> Result<(), Mistake> {
        let refused = |message: String, hint: &str| Err((message, Some(hint.to_owned())));
        match name {
            "host" => self.host = Some(value),
            "port" => {
                let port = value.parse().ok().filter(|port| *port != 0);
                self.port = Some(port.ok_or_else(|| ("a port is 1 to 65535".to_owned(), None))?);
            }
            "user" => self.user = Some(value),
            "password" => self.password = Some(value),
            "dbname" => self.database = Some(value),
            "sslmode" => self.security = Some(security(&value)?),
            "sslrootcert" => self.roots = Some(roots(&value)?),
            // What they ask for is done anyway: an attempt has a deadline, and every session names itself.
            "connect_timeout" | "application_name" | "fallback_application_name" => {}
            "keepalives" | "keepalives_idle" | "keepalives_interval" | "keepalives_count" => {}
            "channel_binding" if matches!(value.as_str(), "disable" | "prefer") => {}
            "channel_binding" => {
                return refused(
                    format!("channel_binding={value} is not spoken"),
                    "Leave it out; sslmode=verify-full proves the server by its certificate.",
                );
            }
            "target_session_attrs" => {
                return refused(
                    "target_session_attrs is not known".to_owned(),
                    "Leave it out and say `expect: { role: primary }`.",
                );
            }
            "sslcert" | "sslkey" => {
                return refused(
                    format!("{name} is not known in a URL"),
                    "Use the fields client_cert and client_key of the check.",
                );
            }
            _ => {
                return refused(
                    format!("unknown parameter `{name}`"),
                    "Known are sslmode, sslrootcert, host, port, user, password, dbname, application_name, connect_timeout.",
                );
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Target, (String, String)> {
        let host = self.host.ok_or_else(|| {
            let hint = "A URL says everything: postgres://user:password@host:5432/database.";
            ("names no host".to_owned(), hint.to_owned())
        })?;
        if host.contains(',') {
            let hint = "Write one check a host: `each: { a: { host: a }, b: { host: b } }`.";
            return Err(("names several hosts".to_owned(), hint.to_owned()));
        }
        let port = self.port.unwrap_or(5432);
        let place = if host.starts_with('/') {
            Place::Unix(PathBuf::from(host), port)
        } else {
            let name = server_name(&host)
                .map_err(|why| (why, "Is the host of the URL spelled right?".to_owned()))?;
            Place::Tcp { host, port, name }
        };
        let default = if place.is_local() {
            Security::Plain
        } else {
            Security::Verified
        };
        let security = self.security.unwrap_or(default);
        if matches!(place, Place::Unix(..)) && security != Security::Plain {
            let hint = "Leave sslmode out: a unix socket does not leave the machine.";
            return Err((
                "TLS is not spoken over a unix socket".to_owned(),
                hint.to_owned(),
            ));
        }
        // As libpq does: who names roots wants them used.
        let security = match (&self.roots, security) {
            (Some(_), Security::Encrypted) => Security::VerifiedChain,
            (_, security) => security,
        };
        let user = self.user.ok_or_else(|| {
            let hint = "The name of the account that gonogo runs under is not taken instead.";
            ("names no user".to_owned(), hint.to_owned())
        })?;
        Ok(Target {
            place,
            database: self.database.unwrap_or_else(|| user.clone()),
            user,
            password: self.password.unwrap_or_default(),
            security,
            roots: self.roots,
        })
    }
}

/// Decodes a percent-encoded part; a NUL would end it early on the wire.
fn decoded(raw: &str) -> Result<String, String> {
    let text = percent_decode_str(raw)
        .decode_utf8()
        .map_err(|_| "has a part that is not UTF-8".to_owned())?;
    if text.contains('\0') {
        return Err("has a NUL in it".to_owned());
    }
    Ok(text.into_owned())
}

fn security(word: &str) -> Result<Security, Mistake> {
    match word {
        "disable" => Ok(Security::Plain),
        "require" => Ok(Security::Encrypted),
        "verify-ca" => Ok(Security::VerifiedChain),
        "verify-full" => Ok(Security::Verified),
        "prefer" | "allow" => Err((
            format!("sslmode={word} gives way to plain text without a word"),
            Some("Say disable, require, verify-ca or verify-full.".to_owned()),
        )),
        _ => Err((
            "sslmode is not one of disable, require, verify-ca, verify-full".to_owned(),
            None,
        )),
    }
}

/// Reads the roots that a URL names. The path is as libpq takes it: from the working folder.
fn roots(path: &str) -> Result<Arc<RootsSource>, Mistake> {
    if path == "system" {
        return Ok(Arc::new(RootsSource::system()));
    }
    let unreadable = |why: String| {
        let hint = "The field `roots` takes files relative to the gate file.".to_owned();
        (format!("cannot read sslrootcert: {why}"), Some(hint))
    };
    let size = std::fs::metadata(path).map_err(|error| unreadable(error.to_string()))?;
    if !size.is_file() || size.len() > MAX_ROOTS {
        return Err(unreadable("not a file, or too large".to_owned()));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    if !bytes.windows(PEM.len()).any(|window| window == PEM) {
        return Err(unreadable("it holds no PEM certificate".to_owned()));
    }
    Ok(Arc::new(RootsSource {
        system: false,
        files: vec![(path.into(), bytes.into())],
    }))
}

const PEM: &[u8] = b"-----BEGIN CERTIFICATE-----";
const MAX_ROOTS: u64 = 4 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Result<Target, FieldMistake> {
        Target::read(&url.parse().unwrap(), "url")
    }

    fn tcp(host: &str, port: u16) -> Place {
        Place::Tcp {
            host: host.to_owned(),
            port,
            name: server_name(host).unwrap(),
        }
    }

    #[test]
    fn a_url_says_everything() {
        let target = read("postgres://us%40er:p%2Fw%C3%A9@db.example.com:6000/my%20db").unwrap();
        assert_eq!(target.place, tcp("db.example.com", 6000));
        assert_eq!(target.user, "us@er");
        assert_eq!(target.password, "p/w\u{e9}");
        assert_eq!(target.database, "my db");
        assert_eq!(target.security, Security::Verified);
        assert_eq!(target.shown(), "db.example.com:6000/my db");
        assert!(!format!("{target:?}").contains("p/w"));
    }

    #[test]
    fn plain_text_is_the_default_only_on_this_machine() {
        for (url, place, security) in [
            (
                "postgres://u@127.0.0.1/d",
                tcp("127.0.0.1", 5432),
                Security::Plain,
            ),
            ("postgres://u@[::1]/d", tcp("::1", 5432), Security::Plain),
            (
                "postgresql://u@localhost/d",
                tcp("localhost", 5432),
                Security::Plain,
            ),
            (
                "postgres://u@10.0.0.1/d",
                tcp("10.0.0.1", 5432),
                Security::Verified,
            ),
            (
                "postgres://u@localhost.example/d",
                tcp("localhost.example", 5432),
                Security::Verified,
            ),
            (
                "postgres://u@localhost/d?sslmode=verify-full",
                tcp("localhost", 5432),
                Security::Verified,
            ),
            (
                "postgres://u@db/d?sslmode=disable",
                tcp("db", 5432),
                Security::Plain,
            ),
            (
                "postgres://u@db/d?sslmode=require",
                tcp("db", 5432),
                Security::Encrypted,
            ),
            (
                "postgres://u@db/d?sslmode=verify-ca",
                tcp("db", 5432),
                Security::VerifiedChain,
            ),
            (
                "postgres://u@%2Frun%2Fpg/d",
                Place::Unix("/run/pg".into(), 5432),
                Security::Plain,
            ),
            (
                "postgres:///d?host=/run/pg&port=6000&user=u",
                Place::Unix("/run/pg".into(), 6000),
                Security::Plain,
            ),
        ] {
            let target = read(url).unwrap();
            assert_eq!((target.place, target.security), (place, security), "{url}");
        }
        assert_eq!(read("postgres://u@db").unwrap().database, "u");
    }

    #[test]
    fn what_a_url_must_not_say_is_a_mistake() {
        for (url, message) in [
            (
                "postgres://u@db/d?sslmode=prefer",
                "sslmode=prefer gives way to plain text without a word",
            ),
            (
                "postgres://u@db/d?sslmode=allow",
                "sslmode=allow gives way to plain text without a word",
            ),
            (
                "postgres://u@db/d?sslmode=off",
                "sslmode is not one of disable, require, verify-ca, verify-full",
            ),
            ("postgres://u@a,b/d", "names several hosts"),
            (
                "postgres://u@db/d?options=-c%20x=y",
                "unknown parameter `options`",
            ),
            (
                "postgres://u@db/d?sslmod=disable",
                "unknown parameter `sslmod`",
            ),
            (
                "postgres://u@db/d?target_session_attrs=any",
                "target_session_attrs is not known",
            ),
            (
                "postgres://u@db/d?channel_binding=require",
                "channel_binding=require is not spoken",
            ),
            ("postgres://u@db/d?port=0", "a port is 1 to 65535"),
            ("postgres://db/d", "names no user"),
            ("postgres:///d?user=u", "names no host"),
            ("postgres://u:a%00b@db/d", "has a NUL in it"),
            ("postgres://u:%ff@db/d", "has a part that is not UTF-8"),
            (
                "postgres://u@db/d#x",
                "has a `#`; in a user name or password it is written %23",
            ),
            (
                "postgres://u@%2Frun/d?sslmode=require",
                "TLS is not spoken over a unix socket",
            ),
            (
                "postgres://u@db/d?sslrootcert=/nowhere",
                "cannot read sslrootcert: No such file or directory (os error 2)",
            ),
        ] {
            assert_eq!(read(url).unwrap_err().message, message, "{url}");
        }
    }
}
