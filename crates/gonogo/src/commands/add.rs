//! `gonogo add`: one more check, of a target that is looked at once.

use std::io;
use std::path::Path;

use gonogo_config::AdHoc;
use gonogo_draft::{AddRequest, Added, Target, prepare};
use gonogo_model::Verdict;
use gonogo_probes::Kinds;
use gonogo_run::{Before, GateRequest, Refusal, World, open, write_gate};

use crate::args::{AddArgs, OutputArgs};
use crate::commands::baseline::Baseline;
use crate::commands::check::finish;
use crate::commands::init::{folder_of, unwritten};
use crate::commands::probe::{chosen, look, without_scheme};
use crate::exit::Exit;
use crate::logging::Logs;
use crate::streams::Streams;
use crate::terminal::Terminal;

/// Runs the command.
pub(crate) fn run(
    args: &AddArgs,
    terminal: &Terminal,
    logs: &Logs,
    streams: &mut Streams,
) -> Result<Exit, Refusal> {
    let (world, kinds) = (World::real(), Kinds::new());
    let text = read(&args.to, &world)?;
    let (kind, target) = chosen(&args.words, &world, &kinds)?;
    let subject = without_scheme(kind, &target.text);
    let word = args.words.last().map_or("", String::as_str);
    let folder = folder_of(&args.to);
    let prepared = prepare(AddRequest {
        text: text.as_deref(),
        folder: &folder,
        kind,
        target: match word.strip_prefix("env:") {
            Some(name) => Target::Environment(name),
            None => Target::Written(subject),
        },
        set: &args.set,
        id: args.id.as_deref(),
        phases: &args.phases,
    })?;
    let request = AdHoc {
        kind,
        target: subject,
        secret: target.secret,
        set: prepared.set(),
        expect: &[],
        timeout: None,
    };
    let output = OutputArgs::default();
    let report = look(&request, false, &output, (terminal, logs), streams)?;
    let seen = match report.record.checks.first() {
        Some(check) if report.judgement.verdict == Verdict::Go => &check.result,
        _ => {
            let exit = finish(
                &report,
                &Baseline::default(),
                &output,
                None,
                terminal,
                streams,
            );
            streams
                .complain("nothing is added: a check starts from a target that passes by itself");
            return Ok(exit);
        }
    };
    let added = prepared.finish(seen, &|text| {
        let opened = open(&as_file(&args.to), &with(&args.to, text), &kinds)?;
        Ok(opened.loaded)
    })?;
    Ok(write(&args.to, text.as_deref(), &added, streams))
}

/// Reads the gate file, if there is one.
fn read(path: &Path, world: &World) -> Result<Option<String>, Refusal> {
    let refused = |code: &str, why: String| {
        let message = format!("cannot add to `{}`: {why}", path.display());
        Refusal::request(code, message)
    };
    match (world.read_file)(path) {
        Ok(bytes) => match gonogo_config::decode(bytes.as_slice()) {
            Ok(_) => Ok(String::from_utf8(bytes).ok()),
            Err(mistake) => Err(refused(mistake.code, mistake.message)),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound && !path.is_symlink() => Ok(None),
        Err(error) => Err(refused("config/unreadable_file", error.to_string())),
    }
}

fn as_file(path: &Path) -> GateRequest {
    GateRequest {
        file: path.display().to_string(),
        ..GateRequest::default()
    }
}

/// Returns the world in which the gate file has this text.
fn with(path: &Path, text: &str) -> World {
    let (path, bytes) = (path.to_owned(), text.as_bytes().to_vec());
    let real = World::real();
    World {
        read_file: Box::new(move |asked| {
            if asked == path {
                Ok(bytes.clone())
            } else {
                (real.read_file)(asked)
            }
        }),
        ..World::real()
    }
}

fn write(path: &Path, before: Option<&str>, added: &Added, streams: &mut Streams) -> Exit {
    let (id, file) = (&added.id, path.display());
    for note in &added.notes {
        streams.complain(&format!("not expected: {note}"));
    }
    let text = match &added.text {
        Ok(text) => text,
        Err(why) => {
            streams.data(&added.shown);
            streams.complain(&format!(
                "error[config/no_place]: `{file}` takes no check as text: {why}\n  \
                 = help: Paste the check that is shown where it belongs; nothing was written."
            ));
            return Exit::Refused;
        }
    };
    if let Err(lost) = write_gate(path, text, before.map_or(Before::Nothing, Before::Text)) {
        if lost.is_changed() {
            streams.complain(&format!(
                "error[config/no_place]: `{file}` was changed by somebody else meanwhile"
            ));
            return Exit::Refused;
        }
        streams.complain(&unwritten(&lost));
        return Exit::Broken;
    }
    streams.data(&added.shown);
    for warning in &added.warnings {
        streams.complain(&format!("warning[{}]: {}", warning.code, warning.message));
    }
    streams.complain(&format!("check `{id}` is added to {file}"));
    Exit::Done
}
