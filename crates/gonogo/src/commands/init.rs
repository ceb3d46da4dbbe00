//! `gonogo init`: a first gate from what is found in a folder.

use std::path::{Path, PathBuf};

use gonogo_run::{Before, Refusal, write_gate};

use crate::args::InitArgs;
use crate::exit::Exit;
use crate::streams::Streams;

/// Runs the command.
pub(crate) fn run(args: &InitArgs, streams: &mut Streams) -> Result<Exit, Refusal> {
    let is_printed = args.output.as_deref() == Some(Path::new("-"));
    let path = match &args.output {
        Some(path) => path.clone(),
        None if args.folder == Path::new(".") => PathBuf::from("probes.yaml"),
        None => args.folder.join("probes.yaml"),
    };
    if !is_printed && !args.force && path.is_file() {
        let message = format!("`{}` is there already", path.display());
        return Err(Refusal::request("config/file_exists", message).hint(
            "Overwrite it with --force, or look at the text first with `gonogo init -o -`.",
        ));
    }
    let gate_folder = (!is_printed).then(|| folder_of(&path));
    let made = gonogo_draft::init(&args.folder, gate_folder.as_deref()).map_err(|error| {
        let folder = args.folder.display();
        Refusal::request(
            "config/unreadable_file",
            format!("cannot look through `{folder}`: {error}"),
        )
    })?;
    let before = if args.force {
        Before::Anything
    } else {
        Before::Nothing
    };
    if is_printed {
        streams.data(&made.text);
    } else if let Err(lost) = write_gate(&path, &made.text, before) {
        streams.complain(&unwritten(&lost));
        return Ok(Exit::Broken);
    }
    for note in &made.notes {
        streams.complain(&format!("no check: {note}"));
    }
    streams.complain(&said(made.found));
    if !is_printed {
        streams.complain(&next(&path, &made.environment));
    }
    Ok(Exit::Done)
}

/// Says that a file could not be written.
pub(crate) fn unwritten(lost: &gonogo_run::Unwritten) -> String {
    let path = lost.path.display();
    format!(
        "error[{}]: cannot write `{path}`: {}",
        lost.code, lost.error
    )
}

/// Returns the folder in which a file stands, or will.
pub(crate) fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn said(found: usize) -> String {
    match found {
        0 => "nothing was found that gonogo knows: the gate is an example to start from".to_owned(),
        1 => "1 check, from what was found".to_owned(),
        found => format!("{found} checks, from what was found"),
    }
}

/// Returns the two commands to type next.
fn next(path: &Path, environment: &[String]) -> String {
    let file = match path.file_name() {
        Some(name) if folder_of(path) == Path::new(".") && name == "probes.yaml" => String::new(),
        _ => format!(" {}", path.display()),
    };
    let set: String = environment
        .iter()
        .map(|name| format!("{name}=... "))
        .collect();
    format!(
        "{} is written; next:\n  {set}gonogo lint{file}\n  {set}gonogo check{file}",
        path.display()
    )
}
