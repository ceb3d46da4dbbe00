//! What other files say about a system, one module a sort of file.
//!
//! Each looks at what it knows, adds checks to the sketch, and notes what it saw and could not turn
//! into one. Values of environment files, commands and logins never get into the sketch.

mod compose;
mod dockerfile;
mod dotenv;
mod health;
mod kubernetes;
mod migrations;
mod nginx;
mod nginx_syntax;
mod ports;
mod project;

use std::path::Path;

use crate::folder::Folder;
use crate::sketch::{Check, Sketch};

/// Looks at everything, in an order of its own that does not depend on the machine.
pub(crate) fn look(folder: &Folder, gate_dir: &str, sketch: &mut Sketch) {
    let mut images = dockerfile::read(folder, sketch);
    compose::look(folder, &mut images, sketch);
    kubernetes::look(folder, sketch);
    nginx::look(folder, sketch);
    dotenv::look(folder, sketch);
    migrations::look(folder, gate_dir, sketch);
    dockerfile::look(&images, sketch);
}

/// Returns the name of the project.
pub(crate) fn project_name(folder: &Folder, root: &Path, sketch: &mut Sketch) -> String {
    project::name(folder, root, sketch)
}

/// Returns the check of a health endpoint; that something answers in time says more than a status alone.
fn http_check(wish: &str, url: String) -> Check {
    Check::new(wish, "http", "url", url)
        .expect("status", "200..299")
        .expect("duration", "under 2s")
}
