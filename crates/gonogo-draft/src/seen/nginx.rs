//! Configurations of nginx: names with certificates, servers, upstreams.

use std::net::IpAddr;

use super::health::clean_path;
use super::http_check;
use super::nginx_syntax::{self, Directive};
use crate::folder::{Folder, name};
use crate::names;
use crate::sketch::{Check, Place, Sketch};

/// Looks at every configuration of nginx.
pub(super) fn look(folder: &Folder, sketch: &mut Sketch) {
    for path in folder.files.iter().filter(|path| is_nginx(path)) {
        let Some(text) = folder.read(path, sketch) else {
            continue;
        };
        match nginx_syntax::read(&text) {
            Ok(directives) => {
                let whole = Directive {
                    inside: directives,
                    ..Directive::default()
                };
                block(path, &whole, sketch);
            }
            Err(why) => sketch.note(
                &Place::new(path, 0),
                &format!("no nginx configuration: {why}"),
            ),
        }
    }
}

fn is_nginx(path: &str) -> bool {
    let name = name(path);
    let folders = ["nginx", "conf.d", "sites-enabled", "sites-available"];
    let in_folder = path
        .split('/')
        .rev()
        .skip(1)
        .any(|part| folders.contains(&part));
    let is_site = name.ends_with(".conf") || !name.contains('.');
    name.ends_with(".nginx")
        || (name.ends_with(".conf") && name.starts_with("nginx"))
        || (in_folder && is_site)
}

fn block(path: &str, outer: &Directive, sketch: &mut Sketch) {
    for directive in &outer.inside {
        match directive.name() {
            "server" if !directive.inside.is_empty() => server(path, directive, sketch),
            "upstream" => upstream(path, directive, sketch),
            "http" | "stream" => block(path, directive, sketch),
            "include" if directive.arguments().iter().any(|a| a.contains('*')) => {
                let words = format!("include {}: not followed", directive.arguments().join(" "));
                sketch.note(&Place::new(path, directive.line), &words);
            }
            _ => {}
        }
    }
}

/// Where a server listens.
struct Listen {
    port: u16,
    is_tls: bool,
    line: usize,
}

fn server(path: &str, server: &Directive, sketch: &mut Sketch) {
    let mut listens: Vec<Listen> = Vec::new();
    for directive in server.all("listen") {
        match listen(directive) {
            Some(listen) if listens.iter().all(|l| l.port != listen.port) => listens.push(listen),
            Some(_) => {}
            None => {
                let words = format!("listen {}: not a TCP port", directive.arguments().join(" "));
                sketch.note(&Place::new(path, directive.line), &words);
            }
        }
    }
    if listens.is_empty() && server.all("listen").next().is_none() {
        listens.push(Listen {
            port: 80,
            is_tls: false,
            line: server.line,
        });
    }
    for (shown, host) in hosts(path, server, sketch) {
        for listen in &listens {
            answers(path, server, listen, (&shown, &host), sketch);
        }
    }
}

fn answers(
    path: &str,
    server: &Directive,
    listen: &Listen,
    (shown, host): (&str, &str),
    sketch: &mut Sketch,
) {
    let place = Place::new(path, listen.line);
    let words = format!("server {shown}, port {}", listen.port);
    if listen.is_tls {
        let address = format!("{host}:{}", listen.port);
        let wish = format!("{shown}-certificate");
        sketch.add(Check::of_certificate(&wish, address).from(&place, &words));
    }
    let (scheme, usual) = if listen.is_tls {
        ("https", 443)
    } else {
        ("http", 80)
    };
    let port = if listen.port == usual {
        String::new()
    } else {
        format!(":{}", listen.port)
    };
    let wish = if listen.is_tls {
        shown.to_owned()
    } else {
        format!("{shown}-plain")
    };
    let url = format!("{scheme}://{host}{port}");
    if let Some((status, target)) = redirect(server) {
        let mut check =
            Check::new(&wish, "http", "url", format!("{url}/")).expect("status", status);
        if target.starts_with("https://") {
            check = check.expect("location", "{ starts_with: \"https://\" }");
        }
        sketch.add(
            check
                .expect("duration", "under 2s")
                .from(&place, &format!("{words}, a redirect")),
        );
        return;
    }
    let health = server
        .all("location")
        .filter_map(|location| location.arguments().last())
        .find(|path| {
            HEALTH
                .iter()
                .any(|word| path.trim_end_matches('/').ends_with(word))
        });
    let check = match health {
        Some(health) => http_check(&wish, format!("{url}{}", clean_path(health))),
        None => Check::new(&wish, "http", "url", format!("{url}/"))
            .expect("status", "200..399")
            .expect("duration", "under 2s"),
    };
    sketch.add(check.from(&place, &words));
}

/// Returns the names of a server and the variable for each.
fn hosts(path: &str, server: &Directive, sketch: &mut Sketch) -> Vec<(String, String)> {
    let mut hosts: Vec<(String, String)> = Vec::new();
    for directive in server.all("server_name") {
        for host in directive.arguments() {
            let place = Place::new(path, directive.line);
            if host == "_" || host.is_empty() || is_loopback(host) {
                continue;
            }
            if !is_host(host) {
                sketch.note(&place, &format!("server_name {host} is not one name"));
                continue;
            }
            hosts.push((host.clone(), sketch.var(&environment(host), Some(host))));
        }
    }
    if hosts.is_empty()
        && server
            .all("server_name")
            .flat_map(Directive::arguments)
            .all(|h| h == "_" || is_loopback(h))
    {
        hosts.push(("nginx".to_owned(), sketch.host()));
    }
    hosts
}

fn listen(directive: &Directive) -> Option<Listen> {
    let arguments = directive.arguments();
    let address = arguments.first()?;
    if address.starts_with("unix:") || arguments.iter().any(|a| a == "quic" || a == "udp") {
        return None;
    }
    let port = address.rsplit(':').next().unwrap_or(address);
    Some(Listen {
        port: match port.parse() {
            Ok(port) => port,
            Err(_) if is_host(address) || address.ends_with(']') || address == "*" => 80,
            Err(_) => return None,
        },
        is_tls: arguments.iter().any(|a| a == "ssl"),
        line: directive.line,
    })
}

/// Returns the status and the target of a server that does nothing but redirect.
fn redirect(server: &Directive) -> Option<(String, String)> {
    let whole = server.all("location").find(|l| l.arguments() == ["/"]);
    let mut returns = server
        .all("return")
        .chain(whole.into_iter().flat_map(|l| l.all("return")));
    let arguments = returns.next()?.arguments();
    let status = arguments.first()?;
    let is_redirect = ["301", "302", "303", "307", "308"].contains(&status.as_str());
    is_redirect.then(|| {
        (
            status.clone(),
            arguments.get(1).cloned().unwrap_or_default(),
        )
    })
}

fn upstream(path: &str, upstream: &Directive, sketch: &mut Sketch) {
    let group = upstream.arguments().first().map_or("", String::as_str);
    for server in upstream.all("server") {
        let place = Place::new(path, server.line);
        let words = format!("upstream {group}");
        let address = server.arguments().first().map_or("", String::as_str);
        let (host, port) = match address.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse::<u16>().ok()),
            _ => (address, Some(80)),
        };
        let Some(port) = port.filter(|_| is_host(host) || host.parse::<IpAddr>().is_ok()) else {
            sketch.note(&place, &format!("{words}: {address} is no host and port"));
            continue;
        };
        if server.arguments().iter().any(|a| a == "down") {
            sketch.note(&place, &format!("{words}: {address} is marked down"));
            continue;
        }
        let own = is_loopback(host).then(|| sketch.host());
        let inside = own.as_deref().unwrap_or(host);
        if sketch.is_covered(&format!("{inside}:{port}"), &place, &words) {
            continue;
        }
        let host = match own {
            Some(own) => own,
            None => sketch.var(&environment(host), Some(host)),
        };
        let check = Check::new(group, "tcp", "address", format!("{host}:{port}"));
        sketch.add(check.from(&place, &words));
    }
}

fn environment(host: &str) -> String {
    names::environment(host, "_HOST")
}

fn is_host(text: &str) -> bool {
    let inside = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'-' || b == b'_';
    text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.bytes().all(inside)
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_matches(['[', ']']);
    host == "localhost"
        || host.ends_with(".localhost")
        || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// How the paths of health endpoints end.
const HEALTH: [&str; 6] = ["/health", "/healthz", "/ready", "/readyz", "/ping", "/up"];
