//! `gonogo init`: a first gate from what is found in a folder.

use std::io;
use std::path::{Path, PathBuf};

use crate::folder::Folder;
use crate::seen;
use crate::sketch::{Check, Sketch};

/// A first gate.
#[derive(Debug)]
pub struct FirstGate {
    /// The text of the gate file.
    pub text: String,
    /// What was seen and is no check, each in one line.
    pub notes: Vec<String>,
    /// How many checks there are; 0 when nothing was found, and the text is a starter.
    pub found: usize,
    /// The variables of the environment that the gate wants.
    pub environment: Vec<String>,
}

/// Makes a first gate from what is found in a folder; `gate_folder` is where the gate file will be.
///
/// # Errors
///
/// The folder cannot be read.
pub fn init(folder: &Path, gate_folder: Option<&Path>) -> io::Result<FirstGate> {
    let mut sketch = Sketch::default();
    let files = Folder::look(folder, &mut sketch)?;
    let way = match gate_folder {
        Some(from) => way(from, folder)?,
        None => String::new(),
    };
    seen::look(&files, &way, &mut sketch);
    let gate = seen::project_name(&files, folder, &mut sketch);
    let found = sketch.checks.len();
    let head = if found > 0 {
        FOUND
    } else {
        starter(&mut sketch);
        NOTHING
    };
    sketch.prune();
    Ok(FirstGate {
        text: sketch.text(head, &gate),
        notes: std::mem::take(&mut sketch.notes),
        found,
        environment: sketch.environment(),
    })
}

/// The head of a gate without any check, to which one is added.
#[must_use]
pub fn empty_gate(folder: &Path) -> String {
    let mut sketch = Sketch::default();
    let gate = Folder::look(folder, &mut sketch)
        .map(|files| seen::project_name(&files, folder, &mut sketch))
        .unwrap_or_else(|_| "gate".to_owned());
    Sketch::default().text(ADDED, &gate)
}

fn starter(sketch: &mut Sketch) {
    let host = sketch.host();
    let mut check = Check::new("service", "http", "url", format!("https://{host}/health"))
        .expect("status", "200")
        .expect("duration", "under 2s");
    check.from = vec![
        "Nothing was found, so this is an example: put the address of your service here."
            .to_owned(),
        "`gonogo explain http` lists what else can be expected, such as json: { $.status: ok }."
            .to_owned(),
    ];
    sketch.add(check);
}

/// Returns the way from one folder to another, empty when they are the same.
fn way(from: &Path, to: &Path) -> io::Result<String> {
    let (from, to) = (from.canonicalize()?, to.canonicalize()?);
    let common = from
        .components()
        .zip(to.components())
        .take_while(|(a, b)| a == b)
        .count();
    let up = from.components().skip(common).map(|_| Path::new(".."));
    let down = to.components().skip(common);
    let way: PathBuf = up
        .chain(down.map(|part| Path::new(part.as_os_str())))
        .collect();
    Ok(way.to_string_lossy().into_owned())
}

const FOUND: &str = "\
# A first gate, made by `gonogo init` of what is found here. Read it, then make it yours:
# a check says what must be true before a deploy, and each comes with where it was found.
";

const NOTHING: &str = "\
# A gate to start from: `gonogo init` found nothing here that it knows.
# It knows compose files, Kubernetes manifests, .env files, nginx configurations, migrations, Dockerfiles.
";

const ADDED: &str =
    "# A gate, begun by `gonogo add`. A check says what must be true before a deploy.\n";
