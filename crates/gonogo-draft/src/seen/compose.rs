//! Compose files: services with published ports, their images and health checks.

use std::collections::BTreeMap;

use super::dockerfile::Image;
use super::health::{self, Asked, Health};
use super::http_check;
use super::ports::{self, Published};
use crate::folder::{Folder, name, parent};
use crate::names;
use crate::sketch::{Check, Place, Sketch};
use crate::yaml::{self, Content, Entry, Yaml};

type Images = BTreeMap<String, Image>;

/// Looks at every compose file.
pub(super) fn look(folder: &Folder, images: &mut Images, sketch: &mut Sketch) {
    for path in &folder.files {
        let is_override = match file_sort(name(path)) {
            None => continue,
            Some(Sort::Base) => false,
            Some(Sort::Override) => true,
        };
        let place = Place::new(path, 0);
        if is_override {
            sketch.note(&place, "it changes another compose file, and is not read");
            continue;
        }
        let Some(text) = folder.read(path, sketch) else {
            continue;
        };
        match yaml::read(&text) {
            Ok(documents) => {
                for document in &documents {
                    services(path, document, images, sketch);
                }
            }
            Err(why) => sketch.note(&place, &why),
        }
    }
}

enum Sort {
    Base,
    Override,
}

fn file_sort(name: &str) -> Option<Sort> {
    let stem = name
        .strip_suffix(".yaml")
        .or_else(|| name.strip_suffix(".yml"))?;
    let rest = stem
        .strip_prefix("docker-compose")
        .or_else(|| stem.strip_prefix("compose"))?;
    match rest {
        "" => Some(Sort::Base),
        rest if rest.starts_with(['.', '-', '_']) => Some(Sort::Override),
        _ => None,
    }
}

/// Returns whether a file is a compose file.
pub(super) fn is_compose(path: &str) -> bool {
    file_sort(name(path)).is_some()
}

fn services(path: &str, document: &Yaml, images: &mut Images, sketch: &mut Sketch) {
    let Some(services) = document.get("services") else {
        sketch.note(&Place::new(path, 0), "a compose file without services");
        return;
    };
    if let Some(include) = document.get("include") {
        sketch.note(
            &Place::new(path, include.line),
            "what it includes is not read",
        );
    }
    let links = links(services);
    for entry in services.entries() {
        Service {
            path,
            entry,
            place: Place::new(path, entry.line),
        }
        .look(&links, images, sketch);
    }
}

/// Returns the environment variables whose values are URLs of other services, by the name of the service.
///
/// Only the name of the variable is kept, and never its value.
fn links(services: &Yaml) -> BTreeMap<(&'static str, String), String> {
    let mut links = BTreeMap::new();
    for service in services.entries() {
        for (name, value) in environment(service.value.get("environment")) {
            let Some((scheme, rest)) = value.split_once("://") else {
                continue;
            };
            let family = match scheme {
                "postgres" | "postgresql" => "postgres",
                "redis" | "rediss" => "redis",
                _ => continue,
            };
            let authority = rest.split(['/', '?']).next().unwrap_or_default();
            let host = authority.rsplit('@').next().unwrap_or_default();
            let host = host.split(':').next().unwrap_or_default();
            if names::is_environment(&name) {
                links.entry((family, host.to_owned())).or_insert(name);
            }
        }
    }
    links
}

fn environment(node: Option<&Yaml>) -> Vec<(String, String)> {
    let Some(node) = node else { return Vec::new() };
    let of_map = node.entries().iter().filter_map(|entry| {
        let value = entry.value.text()?;
        Some((entry.key.clone(), value.to_owned()))
    });
    let of_list = node.items().iter().filter_map(|item| {
        let (name, value) = item.text()?.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    });
    of_map.chain(of_list).collect()
}

struct Service<'y> {
    path: &'y str,
    entry: &'y Entry,
    place: Place,
}

impl Service<'_> {
    fn look(
        &self,
        links: &BTreeMap<(&'static str, String), String>,
        images: &mut Images,
        sketch: &mut Sketch,
    ) {
        let name = &self.entry.key;
        let health = self.health(images);
        if self.entry.value.get("extends").is_some() {
            self.note("what it extends is not read", sketch);
        }
        let mut ports = Vec::new();
        for entry in self.entry.value.get("ports").map_or(&[][..], Yaml::items) {
            match ports::read(entry, sketch) {
                Ok(port) => ports.push(port),
                Err(why) => {
                    let place = Place::new(self.path, entry.line);
                    sketch.note(&place, &format!("service {name}: {why}"));
                }
            }
        }
        if let Some((family, secret, port)) = self.family() {
            let link = links.get(&(family, name.clone()));
            let check = self.data(family, link.map_or(secret, String::as_str), &health, sketch);
            sketch.stands_for(format!("{name}:{port}"), check);
            for published in &ports {
                let host = sketch.host();
                // Whoever finds the address of the database elsewhere finds it covered.
                sketch.stands_for(format!("{host}:{}", published.outside), check);
            }
            return;
        }
        self.speaks(&health, &ports, sketch);
    }

    /// Makes checks of a service that is reached through its published ports.
    fn speaks(&self, health: &Option<(Health, Place)>, ports: &[Published], sketch: &mut Sketch) {
        let mut is_asked = false;
        for port in ports {
            let host = sketch.host();
            let place = Place::new(self.path, port.line);
            let asked = match health {
                Some((Health::Asks(asked), from))
                    if port.inside == Some(asked.port) && !is_asked =>
                {
                    Some((asked, from))
                }
                _ => None,
            };
            let check = match asked {
                Some((asked, from)) => {
                    is_asked = true;
                    self.asks(asked, from, &format!("{host}:{}", port.outside))
                }
                None => {
                    let address = format!("{host}:{}", port.outside);
                    let words = format!("service {}, its published port", self.entry.key);
                    Check::new(&self.entry.key, "tcp", "address", address).from(&place, &words)
                }
            };
            let at = sketch.add(check);
            if let Some(inside) = port.inside {
                sketch.stands_for(format!("{}:{inside}", self.entry.key), at);
            }
            sketch.stands_for(format!("{host}:{}", port.outside), at);
        }
        match health {
            Some((Health::Asks(asked), _)) if !is_asked => {
                let words = format!(
                    "its healthcheck asks port {}, which is not published",
                    asked.port
                );
                self.note(&words, sketch);
            }
            Some((Health::Elsewhere, _)) => {
                self.note("its healthcheck asks a URL that is not its own", sketch);
            }
            Some((Health::Runs(program), _)) => {
                let words = format!("its healthcheck runs `{program}` inside the container");
                self.note(&words, sketch);
            }
            None if ports.is_empty() => {
                self.note("it publishes no port and has no healthcheck", sketch);
            }
            Some((Health::Asks(_), _)) | None => {}
        }
    }

    fn asks(&self, asked: &Asked, from: &Place, address: &str) -> Check {
        let url = format!("{}://{address}{}", asked.scheme, asked.path);
        let cut = if asked.is_cut {
            ", its login and query left out"
        } else {
            ""
        };
        let words = format!("service {}, its healthcheck{cut}", self.entry.key);
        http_check(&self.entry.key, url).from(from, &words)
    }

    /// Returns the health check and where it stands: of the service, or of the image that it builds.
    fn health(&self, images: &mut Images) -> Option<(Health, Place)> {
        let built = self.dockerfile().and_then(|path| {
            let image = images.get_mut(&path)?;
            image.is_built = true;
            let (health, line) = image.health.clone()?;
            Some((health, Place::new(&path, line)))
        });
        let Some(own) = self.entry.value.get("healthcheck") else {
            return built;
        };
        if own.text_of("disable") == Some("true") {
            return None;
        }
        let Some(test) = own.get("test") else {
            return built;
        };
        let command = match &test.value {
            Content::Text(text) => text.clone(),
            Content::List(items) => {
                let words: Vec<&str> = items.iter().filter_map(Yaml::text).collect();
                match words.as_slice() {
                    ["NONE", ..] => return None,
                    ["CMD" | "CMD-SHELL", rest @ ..] => rest.join(" "),
                    words => words.join(" "),
                }
            }
            Content::Null | Content::Map(_) => return built,
        };
        let health = health::read(&command, &self.entry.key)?;
        Some((health, Place::new(self.path, test.line)))
    }

    /// Returns the path of the Dockerfile that the service builds.
    fn dockerfile(&self) -> Option<String> {
        let build = self.entry.value.get("build")?;
        let context = build
            .text()
            .or_else(|| build.text_of("context"))
            .unwrap_or(".");
        let file = build.text_of("dockerfile").unwrap_or("Dockerfile");
        let mut parts: Vec<&str> = parent(self.path)
            .split('/')
            .filter(|p| !p.is_empty())
            .collect();
        for part in context.split('/').chain(file.split('/')) {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        Some(parts.join("/"))
    }

    /// Returns what the image is a server of, the usual name of its URL, and its port.
    fn family(&self) -> Option<(&'static str, &'static str, u16)> {
        let image = self.entry.value.text_of("image")?;
        let path = image.split('@').next().unwrap_or(image);
        let last = path.rsplit('/').next().unwrap_or(path);
        match last.split(':').next().unwrap_or(last) {
            "postgres" | "postgresql" | "postgis" | "timescaledb" | "timescaledb-ha"
            | "pgvector" => Some(("postgres", "DATABASE_URL", 5432)),
            "redis" | "valkey" | "redis-stack" | "redis-stack-server" => {
                Some(("redis", "REDIS_URL", 6379))
            }
            _ => None,
        }
    }

    fn data(
        &self,
        family: &'static str,
        environment: &str,
        health: &Option<(Health, Place)>,
        sketch: &mut Sketch,
    ) -> usize {
        let url = sketch.secret(environment);
        let runs = match health {
            Some((Health::Runs(program), _)) => format!("; its healthcheck runs `{program}`"),
            Some((Health::Asks(_) | Health::Elsewhere, _)) | None => String::new(),
        };
        let words = format!("service {}, its image{runs}", self.entry.key);
        let check = Check::new(&self.entry.key, family, "url", url)
            .expect("role", "primary")
            .from(&self.place, &words);
        sketch.add(check)
    }

    fn note(&self, words: &str, sketch: &mut Sketch) {
        let words = format!("service {}: {words}", self.entry.key);
        sketch.note(&self.place, &words);
    }
}
