//! `gonogo probe`: one ad hoc check.

use gonogo_config::{Includes, Inputs};
use gonogo_kind::{FieldType, KindDecl, KindTable as _, closest};
use gonogo_probes::Kinds;
use gonogo_run::{PlanRequest, Refusal, RunRequest, World, plan, raise_descriptors};

use crate::args::ProbeArgs;
use crate::commands::check::{finish, judge, manifest_of, one_output_each_place};
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
    let target = target(args, &world)?;
    let kind = match args.words.as_slice() {
        [kind, _] => named(kind, &kinds)?,
        _ => inferred(&target.text, &kinds)?,
    };
    let inputs = Inputs {
        now: (world.now)(),
        kinds: &kinds,
        env: &*world.env,
        read_file: &*world.read_file,
        includes: Includes::none(),
        vars: Vec::new(),
        version: env!("CARGO_PKG_VERSION"),
        resolve_secrets: true,
        environment: None,
        phase: None,
    };
    let request = gonogo_config::AdHoc {
        kind,
        target: without_scheme(kind, &target.text),
        secret: target.secret,
        set: &args.set,
        expect: &args.expect,
        timeout: args.timeout,
    };
    let loaded = gonogo_config::adhoc(&request, &inputs);
    logs.hide(&loaded.redactor);
    let manifest = manifest_of(&loaded, terminal.color_err)?;
    let mut wanted = PlanRequest::default();
    wanted.selection.read_only = args.read_only;
    let plan = plan(manifest, &wanted, &world)?;
    let request = RunRequest {
        wait: None,
        deadline: None,
        fail_fast: false,
        jobs: None,
        descriptors: raise_descriptors(),
    };
    let report = judge(manifest, &plan, &request, &world, &args.output, *terminal)?;
    Ok(finish(&report, &args.output, terminal, streams))
}

/// What to look at, and whether it is to be kept out of sight.
struct Target {
    text: String,
    secret: bool,
}

fn target(args: &ProbeArgs, world: &World) -> Result<Target, Refusal> {
    let word = args.words.last().cloned().unwrap_or_default();
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
fn without_scheme<'t>(kind: &KindDecl, target: &'t str) -> &'t str {
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
