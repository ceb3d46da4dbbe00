//! Dockerfiles: `EXPOSE` and `HEALTHCHECK`.

use std::collections::BTreeMap;

use super::health::{self, Health};
use super::http_check;
use crate::folder::{Folder, name, parent};
use crate::names;
use crate::sketch::{Check, Place, Sketch};

/// What a Dockerfile says.
#[derive(Debug, Default)]
pub(super) struct Image {
    /// The health check and its line.
    pub(super) health: Option<(Health, usize)>,
    /// The TCP ports, with their lines.
    ports: Vec<(u16, usize)>,
    /// Whether a compose file builds it, and speaks for it.
    pub(super) is_built: bool,
}

/// Reads every Dockerfile of a folder.
pub(super) fn read(folder: &Folder, sketch: &mut Sketch) -> BTreeMap<String, Image> {
    let is_dockerfile = |path: &&String| {
        let name = name(path);
        let exact = name == "Dockerfile" || name == "Containerfile";
        exact || name.starts_with("Dockerfile.") || name.ends_with(".Dockerfile")
    };
    let mut images = BTreeMap::new();
    for path in folder.files.iter().filter(is_dockerfile) {
        if let Some(text) = folder.read(path, sketch) {
            images.insert(path.clone(), image(path, &text, sketch));
        }
    }
    images
}

/// Makes checks of what no compose file speaks for.
pub(super) fn look(images: &BTreeMap<String, Image>, sketch: &mut Sketch) {
    for (path, image) in images.iter().filter(|(_, image)| !image.is_built) {
        let wish = match parent(path) {
            "" => "service",
            folder => name(folder),
        };
        let host = sketch.host();
        let mut asked_port = None;
        match &image.health {
            Some((Health::Asks(asked), line)) => {
                asked_port = Some(asked.port);
                let url = format!("{}://{host}:{}{}", asked.scheme, asked.port, asked.path);
                sketch.add(http_check(wish, url).from(&Place::new(path, *line), "HEALTHCHECK"));
            }
            Some((Health::Elsewhere, line)) => {
                let words = "its HEALTHCHECK asks something else than the container itself";
                sketch.note(&Place::new(path, *line), words);
            }
            Some((Health::Runs(program), line)) => {
                let words = format!("its HEALTHCHECK runs `{program}` inside the container");
                sketch.note(&Place::new(path, *line), &words);
            }
            None => {}
        }
        for (port, line) in &image.ports {
            let place = Place::new(path, *line);
            if asked_port != Some(*port) {
                let check = Check::new(wish, "tcp", "address", format!("{host}:{port}"));
                sketch.add(check.from(&place, "EXPOSE"));
            }
        }
    }
}

fn image(path: &str, text: &str, sketch: &mut Sketch) -> Image {
    let mut image = Image::default();
    for (line, instruction) in instructions(text) {
        let (word, rest) = instruction
            .split_once(char::is_whitespace)
            .unwrap_or((&instruction, ""));
        match word.to_ascii_uppercase().as_str() {
            // Only the last stage is what runs.
            "FROM" => image = Image::default(),
            "EXPOSE" => {
                for port in rest.split_whitespace() {
                    let (number, protocol) = port.split_once('/').unwrap_or((port, "tcp"));
                    match number.parse() {
                        Ok(number) if protocol.eq_ignore_ascii_case("tcp") => {
                            image.ports.push((number, line));
                        }
                        _ => {
                            let words = format!("EXPOSE {port}: no TCP port with a number");
                            sketch.note(&Place::new(path, line), &words);
                        }
                    }
                }
            }
            "HEALTHCHECK" => {
                let command = rest.split_once("CMD").map_or("", |(_, command)| command);
                let own = names::id(name(parent(path)));
                let command = command.replace(['[', ']', ','], " ");
                image.health = health::read(&command, &own).map(|health| (health, line));
            }
            _ => {}
        }
    }
    image
}

/// Joins lines that end in a backslash; comments between them are left out.
fn instructions(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut goes_on = false;
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (body, more) = match line.strip_suffix('\\') {
            Some(body) => (body, true),
            None => (line, false),
        };
        match found.last_mut() {
            Some((_, open)) if goes_on => {
                open.push(' ');
                open.push_str(body);
            }
            _ => found.push((at + 1, body.to_owned())),
        }
        goes_on = more;
    }
    found
}
