//! Reading receivers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gonogo_kind::{Diagnostic, Entry, FieldValue, Node, NodeValue, SecretText};

use super::keys::SERVICES;
use super::receiver::{Occasion, Receiver, Service, WebhookFormat, is_mailbox, texts};
use crate::keys::{KeyDecl, Keys, list};
use crate::lint::is_loopback;
use crate::reader::{Reader, is_label};

/// Reads `notify`; the rest of the gate was read before.
///
/// Of the secrets that are missing, those that somebody else uses are told as mistakes, and so are those
/// that nobody uses.
pub(crate) fn read(reader: &mut Reader<'_>, node: Option<&Node>) -> Vec<Receiver> {
    tell_absent(reader, Used::Yes);
    let entries = reader.entries(node, "notify");
    let is_empty = node.is_some_and(|node| matches!(node.value, NodeValue::Map(_)));
    if let (Some(node), true, true) = (node, entries.is_empty(), is_empty) {
        reader.mistakes.push(
            Diagnostic::error("config/empty_list", "`notify` is empty", node.span)
                .hint("Leave the key out."),
        );
    }
    if let (Some(node), true) = (node, entries.len() > MOST_RECEIVERS) {
        let message = format!("there are more than {MOST_RECEIVERS} receivers");
        reader.mistakes.push(
            Diagnostic::error("config/too_large", message, node.span)
                .hint("Tell one of them, which tells the others."),
        );
    }
    let receivers = entries.iter().take(MOST_RECEIVERS);
    let receivers = receivers
        .filter_map(|entry| receiver(reader, entry))
        .collect();
    tell_absent(reader, Used::No);
    // The others keep nobody but receivers from anything, and each of those says so.
    reader.absent.clear();
    receivers
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Used {
    Yes,
    No,
}

/// Tells the mistakes of secrets that are missing, as far as they are used or not.
fn tell_absent(reader: &mut Reader<'_>, used: Used) {
    for (name, mistake) in std::mem::take(&mut reader.absent) {
        let known = reader.names.by_name.get(&name);
        let is_used = known.is_some_and(|known| known.used.get());
        if is_used == (used == Used::Yes) {
            reader.mistakes.push(mistake);
        } else {
            reader.absent.push((name, mistake));
        }
    }
}

fn receiver(reader: &mut Reader<'_>, entry: &Entry) -> Option<Receiver> {
    let name = entry.key.value.clone();
    if !is_label(&name) {
        let message = format!("`{name}` cannot name a receiver");
        reader.mistakes.push(
            Diagnostic::error("config/bad_name", message, entry.key.span)
                .hint("A name is small letters, digits, '.', '_' and '-'."),
        );
        return None;
    }
    let (kind, table, required) = service_of(reader, &entry.value)?;
    let what = match kind {
        "email" => "a receiver of e-mail".to_owned(),
        kind => format!("a receiver of {kind}"),
    };
    let keys = Keys::of(reader, &entry.value, table, &what)?;
    for key in required.iter().filter(|key| keys.get(key).is_none()) {
        let example = table.iter().find(|decl| decl.name == *key);
        let example = example.map_or("", |decl| decl.example);
        let message = format!("{what} needs `{key}`");
        reader.mistakes.push(
            Diagnostic::error("config/missing_key", message, keys.span)
                .hint(format!("For example `{key}: {example}`.")),
        );
    }
    let mut fields = Fields {
        reader,
        keys: &keys,
        table,
        absent: None,
    };
    let occasion = fields.text("on").and_then(|on| Occasion::named(&on.text));
    let service = service(&mut fields, kind);
    let service = match (fields.absent, service) {
        (Some(absent), _) => Err(absent),
        (None, Some(service)) => Ok(service),
        // What is wrong was told.
        (None, None) => return None,
    };
    Some(Receiver {
        name,
        kind,
        occasion: occasion.unwrap_or_default(),
        service,
    })
}

type Table = (&'static str, &'static [KeyDecl], &'static [&'static str]);

/// Returns the one service that a receiver names.
fn service_of(reader: &mut Reader<'_>, node: &Node) -> Option<Table> {
    let names = || SERVICES.iter().map(|(name, ..)| *name);
    let entries: &[Entry] = match &node.value {
        NodeValue::Map(entries) => entries,
        NodeValue::Scalar(_) | NodeValue::List(_) => {
            let message = format!("a receiver is a map, not {}", node.describe());
            let code = if node.describe() == "nothing" {
                "config/empty_value"
            } else {
                "config/wrong_type"
            };
            reader.mistakes.push(
                Diagnostic::error(code, message, node.span)
                    .hint("For example `{ slack: \"${slack_hook}\" }`."),
            );
            return None;
        }
    };
    let has = |name: &str| entries.iter().any(|entry| entry.key.value == name);
    let mut named = SERVICES.iter().filter(|(name, ..)| has(name));
    let message = match (named.next(), named.next()) {
        (Some(one), None) => return Some(*one),
        (Some((one, ..)), Some((other, ..))) => {
            format!("the receiver names two services, `{one}` and `{other}`")
        }
        (None, _) if is_misspelt(reader, entries) => return None,
        (None, _) => "the receiver names no service".to_owned(),
    };
    reader.mistakes.push(
        Diagnostic::error("config/bad_receiver", message, node.span)
            .hint(format!("It has exactly one of {}.", list(names()))),
    );
    None
}

/// Tells of keys that no service has but one is close to; returns whether there are any.
fn is_misspelt(reader: &mut Reader<'_>, entries: &[Entry]) -> bool {
    let known = || {
        let tables = SERVICES.iter().flat_map(|(_, table, _)| table.iter());
        tables.map(|decl| decl.name)
    };
    let mut any = false;
    for entry in entries {
        let key = entry.key.value.as_str();
        if known().any(|name| name == key) {
            continue;
        }
        if let Some(meant) = reader.mistakes.closest(key, known()) {
            let message = format!("a receiver has no key `{key}`");
            reader.mistakes.push(
                Diagnostic::error("config/unknown_key", message, entry.key.span)
                    .hint(format!("Did you mean `{meant}`?")),
            );
            any = true;
        }
    }
    any
}

/// Reads the fields of one receiver.
struct Fields<'f, 'r, 'n> {
    reader: &'f mut Reader<'r>,
    keys: &'f Keys<'n>,
    table: &'static [KeyDecl],
    /// Why the receiver cannot be reached from here.
    absent: Option<String>,
}

impl Fields<'_, '_, '_> {
    fn get(&mut self, name: &str) -> Option<FieldValue> {
        let decl = self.table.iter().find(|decl| decl.name == name)?.field()?;
        let node = self.keys.get(name)?;
        let (mark, noted) = (self.reader.mark(), self.reader.written_mark());
        let put = self.reader.put(node, None);
        // Who is told is no part of what two gates are compared by.
        self.reader.take_written(noted);
        let stood_in = self.reader.take_stand_ins(mark);
        match put {
            Some(_) if !stood_in.is_empty() => {
                self.absent = Some("one of its secrets is not here".to_owned());
                None
            }
            Some(put) => self.reader.read_field(&put, &decl),
            None => {
                let absent = self.reader.absent.iter();
                let mut absent = absent.filter(|(name, _)| mentions(node, name));
                if let Some((_, mistake)) = absent.next() {
                    self.absent = Some(mistake.message.clone());
                }
                None
            }
        }
    }

    fn text(&mut self, name: &str) -> Option<SecretText> {
        match self.get(name)? {
            FieldValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns a URL, which is hidden from now on.
    fn url(&mut self, name: &str) -> Option<String> {
        // What is mistyped is no less of a token.
        let written = self.keys.get(name).and_then(Node::as_scalar);
        if let Some(written) = written.filter(|written| !written.text.contains("${")) {
            self.reader.hide.secret(&written.text).ok();
        }
        let FieldValue::Url(url, text) = self.get(name)? else {
            return None;
        };
        self.hide(name, &text);
        // The token of many services stands in the path.
        for part in url.path().split('/').filter(|part| is_token(part)) {
            self.reader.hide.secret(part).ok();
        }
        let is_plain = matches!(url.scheme(), "http") && !is_loopback(url.as_str());
        if let (Some(node), true) = (self.keys.get(name), is_plain) {
            self.reader.mistakes.push(
                Diagnostic::error(
                    "config/plain_hook",
                    "the notice, and the URL with it, goes over the network in plain text",
                    node.span,
                )
                .warning()
                .hint("Use https://."),
            );
        }
        Some(text.text)
    }

    /// Hides a text that is secret wherever it stands, and says so when it stands in the file.
    fn hide(&mut self, name: &str, text: &SecretText) {
        // What is too short to be hidden is too short to be one.
        self.reader.hide.secret(&text.text).ok();
        if let (Some(node), false) = (self.keys.get(name), text.secret) {
            let message = format!("the `{name}` of a receiver stands in the gate file");
            self.reader.mistakes.push(
                Diagnostic::error("config/hook_in_file", message, node.span)
                    .warning()
                    .hint("Whoever knows it can send in your name: declare it under `secrets`."),
            );
        }
    }

    fn refuse(&mut self, name: &str, message: String, hint: &str) {
        let span = self.keys.get(name).map_or(self.keys.span, |node| node.span);
        self.reader
            .mistakes
            .push(Diagnostic::error("config/bad_receiver", message, span).hint(hint));
    }

    fn mailbox(&mut self, name: &str, text: String) -> Option<String> {
        if is_mailbox(&text) {
            return Some(text);
        }
        self.refuse(
            name,
            format!("`{text}` is no address of e-mail"),
            "Write the address alone: ops@example.com.",
        );
        None
    }
}

/// Returns whether a part of a path looks as if it was drawn and not written: hiding a word would tear holes
/// into what people read.
fn is_token(part: &str) -> bool {
    let is_drawn = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase();
    part.len() >= TOKEN && part.bytes().any(is_drawn)
}

/// Returns whether a name is put in somewhere below a node.
fn mentions(node: &Node, name: &str) -> bool {
    let mention = format!("${{{name}}}");
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match &node.value {
            NodeValue::Scalar(scalar) if scalar.text.contains(&mention) => return true,
            NodeValue::Scalar(_) => {}
            NodeValue::List(items) => open.extend(items),
            NodeValue::Map(entries) => open.extend(entries.iter().map(|entry| &entry.value)),
        }
    }
    false
}

fn service(fields: &mut Fields<'_, '_, '_>, kind: &str) -> Option<Service> {
    match kind {
        "slack" => fields.url("slack").map(|url| Service::Slack { url }),
        "discord" => fields.url("discord").map(|url| Service::Discord { url }),
        "teams" => fields.url("teams").map(|url| Service::Teams { url }),
        "webhook" => webhook(fields),
        _ => email(fields),
    }
}

fn webhook(fields: &mut Fields<'_, '_, '_>) -> Option<Service> {
    let url = fields.url("webhook");
    let secret = match fields.text("secret") {
        Some(text) => {
            fields.hide("secret", &text);
            key_of(fields, &text.text)
        }
        None => None,
    };
    let format = match fields.text("format") {
        Some(word) if word.text == "cloudevents" => WebhookFormat::CloudEvents,
        Some(_) | None => WebhookFormat::Json,
    };
    let headers = match fields.get("headers") {
        Some(FieldValue::TextMap(headers)) => headers,
        _ => Vec::new(),
    };
    let headers: Vec<(String, String)> = headers
        .into_iter()
        .map(|(name, value)| (name, value.text))
        .collect();
    if let Some((name, _)) = headers.iter().find(|(name, value)| !is_header(name, value)) {
        let message = format!("the header `{name}` cannot be sent");
        let hint = "A name is letters, digits and '-'; a value is one line; `webhook-...`, `host` and those of the body are gonogo's own.";
        fields.refuse("headers", message, hint);
        return None;
    }
    // A key that is mistaken must not become a request without a signature.
    if secret.is_none() && fields.keys.get("secret").is_some() {
        return None;
    }
    Some(Service::Webhook {
        url: url?,
        secret,
        format,
        headers,
    })
}

fn key_of(fields: &mut Fields<'_, '_, '_>, text: &str) -> Option<Vec<u8>> {
    let encoded = text.strip_prefix("whsec_").unwrap_or(text);
    let key = STANDARD.decode(encoded).ok();
    let key = key.filter(|key| KEY.contains(&key.len()));
    if key.is_none() {
        fields.refuse(
            "secret",
            "`secret` is no key of Standard Webhooks".to_owned(),
            "It is `whsec_` and 24 to 64 bytes in base64: echo whsec_$(openssl rand -base64 32).",
        );
    }
    key
}

fn is_header(name: &str, value: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_ours = lower.starts_with("webhook-")
        || lower.starts_with("content-")
        || matches!(
            lower.as_str(),
            "host" | "connection" | "transfer-encoding" | "user-agent"
        );
    let is_token = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
    !is_ours
        && !name.is_empty()
        && name.bytes().all(is_token)
        && value.chars().all(|c| c.is_ascii_graphic() || c == ' ')
}

fn email(fields: &mut Fields<'_, '_, '_>) -> Option<Service> {
    let to = match fields.get("email") {
        Some(FieldValue::Texts(to)) => texts(to),
        _ => Vec::new(),
    };
    let count = to.len();
    let to: Vec<String> = to
        .into_iter()
        .filter_map(|text| fields.mailbox("email", text))
        .collect();
    let from = fields.text("from");
    let from = from.and_then(|text| fields.mailbox("from", text.text));
    let smtp = match fields.get("smtp") {
        Some(FieldValue::Url(url, text)) => {
            if url.path().trim_matches('/').is_empty() && url.query().is_none() {
                Some(text.text)
            } else {
                fields.refuse(
                    "smtp",
                    "a server of e-mail has no path".to_owned(),
                    "Write smtps://user:password@host:port.",
                );
                None
            }
        }
        _ => None,
    };
    let starttls = match fields.get("starttls") {
        Some(FieldValue::Boolean(yes)) => Some(yes),
        _ => None,
    };
    (to.len() == count && count > 0).then_some(())?;
    Some(Service::Email {
        to,
        from: from?,
        smtp: smtp?,
        starttls,
    })
}

/// The lengths of a key, in bytes.
const KEY: std::ops::RangeInclusive<usize> = 24..=64;
/// A part of a path that is as long is no word.
const TOKEN: usize = 16;
const MOST_RECEIVERS: usize = 50;
