//! Notices that go by e-mail.
//!
//! A library speaks SMTP and makes the message. The connection is ours, and so is the step from plain text
//! to TLS: trust, deadlines and faults are those of every other connection.

use std::net::IpAddr;
use std::time::SystemTime;

use gonogo_model::codes::notify::{PLAIN, REFUSED};
use gonogo_model::{Fault, codes};
use gonogo_probes::Link;
use gonogo_report::notice::mail;
use lettre::address::Envelope;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message as Encoded};
use percent_encoding::percent_decode_str;
use tokio::io::AsyncWriteExt as _;
use url::Url;

use super::smtp_stream::{Greeted, reply};
use super::{Means, Message};

/// Between whom a message goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letter<'a> {
    pub(super) receiver: &'a str,
    pub(super) to: &'a [String],
    pub(super) from: &'a str,
}

/// Where the server is, and how it is talked to.
struct Server {
    host: String,
    port: u16,
    login: Option<Credentials>,
    security: Security,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS before anything is said.
    StartTls,
    /// None.
    Plain,
}

/// Sends a notice.
///
/// # Errors
///
/// Why it did not get through.
pub(super) async fn send(
    letter: &Letter<'_>,
    (url, starttls): (&str, Option<bool>),
    message: Message<'_>,
    means: &Means<'_>,
) -> Result<(), Fault> {
    let server = server(url, starttls)?;
    let (envelope, bytes) = encoded(letter, message, means)?;
    let talk = talk(&server, &envelope, &bytes, means);
    let deadline = means.cx.deadline();
    match tokio::time::timeout_at(deadline.into(), talk).await {
        Ok(result) => result,
        Err(_late) => Err(Fault::new(
            codes::net::TIMEOUT,
            "the server of e-mail did not take the message in time",
        )),
    }
}

fn server(url: &str, starttls: Option<bool>) -> Result<Server, Fault> {
    let bad = || Fault::new(REFUSED, "the URL of the server cannot be used");
    let url = Url::parse(url).map_err(|_| bad())?;
    let host = url
        .host_str()
        .filter(|host| !host.is_empty())
        .ok_or_else(bad)?;
    let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    let host = bare.unwrap_or(host).to_owned();
    let is_here = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    let security = match (url.scheme(), starttls) {
        ("smtps", _) => Security::Tls,
        (_, Some(true)) => Security::StartTls,
        (_, None) if !is_here => Security::StartTls,
        (_, Some(false) | None) => Security::Plain,
    };
    let part = |text: &str| {
        percent_decode_str(text)
            .decode_utf8()
            .map(|t| t.into_owned())
    };
    let login = match (url.username(), url.password()) {
        ("", _) => None,
        (user, password) => Some(Credentials::new(
            part(user).map_err(|_| bad())?,
            part(password.unwrap_or_default()).map_err(|_| bad())?,
        )),
    };
    if security == Security::Plain && login.is_some() && !is_here {
        return Err(Fault::new(
            PLAIN,
            "a password is not sent over a connection that is not secured",
        ));
    }
    let port = url.port().unwrap_or(match security {
        Security::Tls => 465,
        Security::StartTls => 587,
        Security::Plain => 25,
    });
    Ok(Server {
        host,
        port,
        login,
        security,
    })
}

fn encoded(
    letter: &Letter<'_>,
    message: Message<'_>,
    means: &Means<'_>,
) -> Result<(Envelope, Vec<u8>), Fault> {
    let bad = || Fault::new(REFUSED, "the message cannot be encoded");
    let address = |text: &str| text.parse::<Address>().map_err(|_| bad());
    let from = address(letter.from)?;
    let to: Vec<Address> = letter
        .to
        .iter()
        .map(|to| address(to))
        .collect::<Result<_, _>>()?;
    let mail = mail(message.report, message.news);
    let header = |name: &str, value: &str| {
        let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|_| bad())?;
        Ok(HeaderValue::new(name, value.to_owned()))
    };
    let run_id: String = message
        .report
        .record
        .header
        .run_id
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let id = format!("<{run_id}.{}@{}>", letter.receiver, from.domain());
    let mut builder = Encoded::builder()
        .from(Mailbox::new(None, from.clone()))
        .subject(mail.subject)
        .date(SystemTime::from((means.world.now)()))
        .message_id(Some(id))
        // So that nobody's absence is told to us.
        .raw_header(header("Auto-Submitted", "auto-generated")?)
        .raw_header(header(
            "X-Gonogo-Verdict",
            message.report.judgement.verdict.as_str(),
        )?)
        .header(ContentType::TEXT_PLAIN);
    for to in &to {
        builder = builder.to(Mailbox::new(None, to.clone()));
    }
    let encoded = builder.body(mail.text).map_err(|_| bad())?;
    let envelope = Envelope::new(Some(from), to).map_err(|_| bad())?;
    Ok((envelope, encoded.formatted()))
}

async fn talk(
    server: &Server,
    envelope: &Envelope,
    message: &[u8],
    means: &Means<'_>,
) -> Result<(), Fault> {
    let (net, cx) = (&*means.net, &means.cx);
    let link = Link::connect(&server.host, server.port, net, cx).await?;
    let stream = match server.security {
        Security::Plain => Greeted::fresh(link),
        Security::Tls => Greeted::fresh(link.secure(&server.host, means.roots, net, cx).await?),
        Security::StartTls => {
            let link = ask_for_tls(link).await?;
            Greeted::after_greeting(link.secure(&server.host, means.roots, net, cx).await?)
        }
    };
    let refused = |error: SmtpError| refused(&error);
    let mut connection = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &us())
        .await
        .map_err(refused)?;
    if let Some(login) = &server.login {
        let mechanisms = [Mechanism::Plain, Mechanism::Login];
        connection.auth(&mechanisms, login).await.map_err(refused)?;
    }
    connection.send(envelope, message).await.map_err(refused)?;
    // The server has the message; how it says goodbye is of no interest.
    let _goodbye = connection.quit().await;
    Ok(())
}

/// Asks the server to speak TLS from now on; without it, nothing is said.
async fn ask_for_tls(mut link: Link) -> Result<Link, Fault> {
    let broken = |error: std::io::Error| {
        Fault::new(
            codes::net::CLOSED,
            format!("the server of e-mail broke off: {error}"),
        )
    };
    let said = |lines: &[String]| {
        let last = lines.last().map(String::as_str).unwrap_or_default();
        Fault::new(
            REFUSED,
            format!("the server of e-mail says: {}", short(last)),
        )
    };
    let is = |lines: &[String], code: &str| lines.last().is_some_and(|l| l.starts_with(code));
    let greeting = reply(&mut link).await.map_err(broken)?;
    if !is(&greeting, "220") {
        return Err(said(&greeting));
    }
    let hello = format!("EHLO {}\r\n", us());
    link.write_all(hello.as_bytes()).await.map_err(broken)?;
    let offers = reply(&mut link).await.map_err(broken)?;
    let offered = offers.iter().any(|line| {
        let keyword = line.get(4..).unwrap_or_default();
        keyword.trim().eq_ignore_ascii_case("STARTTLS")
    });
    if !offered {
        return Err(Fault::new(
            PLAIN,
            "the server of e-mail does not offer STARTTLS",
        ));
    }
    link.write_all(b"STARTTLS\r\n").await.map_err(broken)?;
    let go = reply(&mut link).await.map_err(broken)?;
    if is(&go, "220") {
        Ok(link)
    } else {
        Err(said(&go))
    }
}

/// Whom we say we are: the name of a machine is nobody's business, and many servers want one all the same.
fn us() -> ClientId {
    ClientId::default()
}

fn refused(error: &SmtpError) -> Fault {
    let mut words = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        let inner_words = inner.to_string();
        if !words.contains(&inner_words) {
            words = format!("{words}: {inner_words}");
        }
        source = inner.source();
    }
    Fault::new(REFUSED, format!("the server of e-mail: {}", short(&words)))
}

fn short(text: &str) -> String {
    text.trim().chars().take(MOST_SAID).collect()
}

const MOST_SAID: usize = 160;
