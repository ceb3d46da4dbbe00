//! `gonogo lint`: every mistake of a gate file, without touching the network.

use gonogo_kind::Level;
use gonogo_probes::Kinds;
use gonogo_run::{GateRequest, Refusal, World, open};

use crate::args::LintArgs;
use crate::exit::Exit;
use crate::streams::Streams;
use crate::terminal::Terminal;

/// Runs the command.
pub(crate) fn run(
    args: &LintArgs,
    terminal: &Terminal,
    streams: &mut Streams,
) -> Result<Exit, Refusal> {
    let request = GateRequest {
        file: args.gate.file.clone(),
        vars: args.gate.vars.clone(),
        var_files: args.gate.var_files.clone(),
        resolve_secrets: false,
    };
    let opened = open(&request, &World::real(), &Kinds::new())?;
    let count = |level| {
        opened
            .loaded
            .diagnostics
            .iter()
            .filter(|d| d.level == level)
            .count()
    };
    let (errors, warnings) = (count(Level::Error), count(Level::Warning));
    streams.data(&opened.render(terminal.color_out));
    if errors > 0 {
        streams.complain(&format!(
            "{}: {}, {}",
            args.gate.file,
            mistakes(errors),
            warned(warnings)
        ));
        return Ok(Exit::Refused);
    }
    let checks = opened.loaded.checks;
    let plural = if checks == 1 { "check" } else { "checks" };
    streams.complain(&format!(
        "{}: {checks} {plural}, no mistake, {}",
        args.gate.file,
        warned(warnings)
    ));
    Ok(Exit::Done)
}

fn mistakes(count: usize) -> String {
    if count == 1 {
        "1 mistake".to_owned()
    } else {
        format!("{count} mistakes")
    }
}

fn warned(count: usize) -> String {
    match count {
        0 => "no warning".to_owned(),
        1 => "1 warning".to_owned(),
        _ => format!("{count} warnings"),
    }
}
