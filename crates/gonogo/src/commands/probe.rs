//! `gonogo probe`: one ad hoc check.

use gonogo_config::{AdHoc, Commands, Includes, Inputs};
use gonogo_kind::{FieldType, KindDecl, KindTable as _, closest};
use gonogo_model::Report;
use gonogo_probes::Kinds;
use gonogo_run::{PlanRequest, Refusal, RunRequest, World, plan, raise_descriptors};

use crate::args::{OutputArgs, ProbeArgs};
use crate::commands::baseline::Baseline;
use crate::commands::check::{finish, judge, listen, manifest_of, one_output_each_place};
use crate::exit::Exit;
use crate::logging::Logs;
use crate::streams::Streams;
use crate::terminal::Terminal;

/// Runs the command.
pub(crate) fn run(
    args: &ProbeArgs,
    terminal: &Terminal,
    logs: &Logs,
    streams: &mut Streams,
) -> Result<Exit, Refusal> {
    one_output_each_place(&args.output)?;
    let (world, kinds) = (World::real(), Kinds::new());
    let (kind, target) = chosen(&args.words, &world, &kinds)?;
    let request = AdHoc {
        kind,
        target: without_scheme(kind, &target.text),
        secret: target.secret,
        set: &args.set,
        expect: &args.expect,
        timeout: args.timeout,
    };
    let report = look(
        &request,
        args.read_only,
        &args.output,
        (terminal, logs),
        streams,
    )?;
    let ci = args.ci.detect(&world);
    Ok(finish(
        &report,
        &Baseline::default(),
        &args.output,
        ci.as_ref(),
        terminal,
        streams,
    ))
}

/// Returns what the words of the command line choose: a kind and its target.
pub(crate) fn chosen(
    words: &[String],
    world: &World,
    kinds: &Kinds,
) -> Result<(&'static KindDecl, Target), Refusal> {
    let target = target(words, world)?;
    let kind = match words {
        [kind, _] => named(kind, kinds)?,
        _ => inferred(&target.text, kinds)?,
    };
    Ok((kind, target))
}

/// Looks at a target once.
pub(crate) fn look(
    request: &AdHoc<'_>,
    read_only: bool,
    output: &OutputArgs,
    (terminal, logs): (&Terminal, &Logs),
    streams: &mut Streams,
) -> Result<Report, Refusal> {
    let (world, kinds) = (World::real(), Kinds::new());
    let inputs = Inputs {
        now: (world.now)(),
        kinds: &kinds,
        env: &*world.env,
        read_file: &*world.read_file,
        includes: Includes::none(),
        vars: Vec::new(),
        version: env!("CARGO_PKG_VERSION"),
        resolve_secrets: true,
        commands: Commands::StandIn,
        comparing: false,
        policies: &[],
        environment: None,
        phase: None,
    };
    let loaded = gonogo_config::adhoc(request, &inputs);
    logs.hide(&loaded.redactor);
    let manifest = manifest_of(&loaded, terminal.color_err)?;
    let mut wanted = PlanRequest::default();
    wanted.selection.read_only = read_only;
    let plan = plan(manifest, &wanted, &world)?;
    let stop = listen()?;
    let request = RunRequest {
        wait: None,
        deadline: None,
        fail_fast: false,
        jobs: None,
        descriptors: raise_descriptors(),
    };
    judge(
        manifest,
        &plan,
        (&request, stop),
        &world,
        output,
        *terminal,
        streams,
    )
}

/// What to look at, and whether it is to be kept out of sight.
pub(crate) struct Target {
    pub(crate) text: String,
    pub(crate) secret: bool,
}

fn target(words: &[String], world: &World) -> Result<Target, Refusal> {
    let word = words.last().cloned().unwrap_or_default();
    let Some(name) = word.strip_prefix("env:") else {
        return Ok(Target {
            text: word,
            secret: false,
        });
    };
    match (world.env)(name).filter(|value| !value.is_empty()) {
        Some(text) => Ok(Target { text, secret: true }),
        None => Err(Refusal::request(
            "config/unset_variable",
            format!("the environment has no {name}, or it is empty"),
        )),
    }
}

fn named(name: &str, kinds: &Kinds) -> Result<&'static KindDecl, Refusal> {
    kinds.find(name).ok_or_else(|| {
        let names = kinds.kinds().iter().map(|kind| kind.name);
        let refusal = Refusal::request("config/unknown_kind", format!("there is no kind `{name}`"));
        match closest(name, names.clone()) {
            Some(close) => refusal.hint(format!("Did you mean `{close}`?")),
            None => refusal.hint(format!(
                "The kinds are {}.",
                names.collect::<Vec<_>>().join(", ")
            )),
        }
    })
}

/// Takes the scheme off a target whose kind wants no URL: `tcp://db.example:5432`.
pub(crate) fn without_scheme<'t>(kind: &KindDecl, target: &'t str) -> &'t str {
    let wants_url = kind
        .field(kind.short)
        .is_some_and(|field| matches!(field.ty, FieldType::Url(_)));
    match target.split_once("://") {
        Some((scheme, rest)) if !wants_url && kind.schemes.contains(&scheme) => {
            rest.trim_end_matches('/')
        }
        _ => target,
    }
}

/// Infers the kind from the scheme of the target.
fn inferred(target: &str, kinds: &Kinds) -> Result<&'static KindDecl, Refusal> {
    let scheme = target.split_once("://").map(|(scheme, _)| scheme);
    let found = scheme.and_then(|scheme| {
        kinds
            .kinds()
            .iter()
            .copied()
            .find(|kind| kind.schemes.contains(&scheme))
    });
    found.ok_or_else(|| {
        let schemes: Vec<String> = kinds
            .kinds()
            .iter()
            .flat_map(|kind| kind.schemes)
            .map(|s| format!("{s}://"))
            .collect();
        Refusal::request(
            "config/unknown_kind",
            "the target does not say of which kind it is",
        )
        .hint(format!(
            "Begin it with one of {}, or name the kind: gonogo probe tls x.example:443.",
            schemes.join(" ")
        ))
    })
}
