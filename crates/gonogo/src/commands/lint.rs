//! `gonogo lint`: every mistake of a gate file, without touching the network.

use gonogo_config::{Compared, render_weakenings};
use gonogo_kind::Level;
use gonogo_probes::Kinds;
use gonogo_report::{escape, inert};
use gonogo_run::{GateRequest, Opened, Refusal, World, compare, lint, mend};

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
    let request = args.gate.request(args.phase.as_deref(), false);
    if args.fix {
        return fix(&request, terminal, streams);
    }
    if let Some(old) = &args.against {
        return against(&request, old, terminal, streams);
    }
    let opened = lint(&request, &World::real(), &Kinds::new())?;
    streams.data(&inert(&opened.render(terminal.color_out)));
    let exit = summary(&request.file, &opened, streams);
    // The process ends here; taking a large gate apart would only keep its user waiting.
    std::mem::forget(opened);
    Ok(exit)
}

/// Says in which ways a gate is weaker than another.
fn against(
    request: &GateRequest,
    old: &str,
    terminal: &Terminal,
    streams: &mut Streams,
) -> Result<Exit, Refusal> {
    let Compared {
        new,
        old: before,
        weakenings,
    } = compare(request, old, &World::real(), &Kinds::new())?;
    let (new, before) = (Opened { loaded: new }, Opened { loaded: before });
    streams.data(&inert(&new.render(terminal.color_out)));
    if before.loaded.has_errors() {
        streams.data(&inert(&before.render(terminal.color_out)));
    }
    let file = &request.file;
    let exit = summary(file, &new, streams);
    let Some(weakenings) = weakenings else {
        summary(old, &before, streams);
        return Ok(Exit::Refused);
    };
    if weakenings.is_empty() {
        streams.complain(&format!("{file}: not weaker than {old}"));
        return Ok(exit);
    }
    streams.data(&inert(&render_weakenings(&weakenings, terminal.color_out)));
    let ways = match weakenings.len() {
        1 => "1 way".to_owned(),
        count => format!("{count} ways"),
    };
    streams.complain(&format!("{file}: weaker than {old} in {ways}"));
    Ok(Exit::No)
}

/// Mends what is mechanical, says what was changed, and what is left.
fn fix(request: &GateRequest, terminal: &Terminal, streams: &mut Streams) -> Result<Exit, Refusal> {
    let mending = mend(request, &World::real(), &Kinds::new())?;
    let opened = &mending.opened;
    let mut told = String::new();
    let changed = mending.changed();
    for (file, change) in changed.flat_map(|(file, list)| list.iter().map(move |c| (file, c))) {
        let shown = |text: &str| {
            let text = opened.loaded.redactor.redact(text.trim());
            let text: String = text.chars().take(MOST_SHOWN).collect();
            escape(&text).into_owned()
        };
        let after = match &change.after {
            Some(after) => format!("`{}`", shown(after)),
            None => "taken out".to_owned(),
        };
        let (line, before) = (change.line, shown(&change.before));
        told.push_str(&format!("{file}:{line}: `{before}` -> {after}\n"));
    }
    if !told.is_empty() {
        told.push('\n');
    }
    if mending.file == "-" {
        streams.data(&mending.text);
        streams.talk(&told);
        streams.talk(&opened.render(terminal.color_err));
    } else {
        mending.write()?;
        streams.data(&told);
        streams.data(&inert(&opened.render(terminal.color_out)));
    }
    for (file, changes) in mending.changed() {
        let lines = changes.len();
        let plural = if lines == 1 { "line" } else { "lines" };
        streams.complain(&format!("{file}: {lines} {plural} mended"));
    }
    Ok(summary(&request.file, opened, streams))
}

/// Counts what is to be said about a gate.
fn summary(file: &str, opened: &Opened, streams: &mut Streams) -> Exit {
    let count = |level| {
        opened
            .loaded
            .diagnostics
            .iter()
            .filter(|d| d.level == level)
            .count()
    };
    let (errors, warnings) = (count(Level::Error), count(Level::Warning));
    if errors > 0 {
        streams.complain(&format!(
            "{file}: {}, {}",
            mistakes(errors),
            warned(warnings)
        ));
        return Exit::Refused;
    }
    let checks = opened.loaded.checks;
    let plural = if checks == 1 { "check" } else { "checks" };
    streams.complain(&format!(
        "{file}: {checks} {plural}, no mistake, {}",
        warned(warnings)
    ));
    Exit::Done
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

/// How many characters of a line are shown.
const MOST_SHOWN: usize = 300;
