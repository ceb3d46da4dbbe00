//! The command line, as clap reads it.

use std::path::PathBuf;

use crate::commands::baseline::BaselineArgs;
use crate::commands::run_merge::MergeArgs;
use clap::{Args, Parser, Subcommand, ValueEnum};
use gonogo_model::Shard;
use gonogo_report::Format;
use gonogo_report::formats::FORMATS;
use gonogo_run::{Ci, Destination, GateRequest, OutputSpec, Push, World};

/// Proves a deployment checklist: one YAML file, one verdict.
#[derive(Debug, Parser)]
#[command(name = "gonogo", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colour; `auto` does on a terminal, unless `NO_COLOR` is set.
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "auto",
        value_name = "WHEN"
    )]
    pub(crate) color: ColorChoice,

    /// How much to log to standard error: off, error, warn, info, debug, trace.
    #[arg(long, global = true, default_value = "warn", value_name = "LEVEL")]
    pub(crate) log_level: LogLevel,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Runs a gate and exits with its verdict.
    Check(Box<CheckArgs>),
    /// Makes one ad hoc check: `gonogo probe https://x/health --expect 'duration < 500ms'`.
    Probe(ProbeArgs),
    /// Finds every mistake in a gate without touching the network.
    Lint(LintArgs),
    /// Shows what would run, in which order, with every expectation and where it comes from.
    Plan(PlanArgs),
    /// Prints the manual of a kind or of a diagnostic code.
    Explain(ExplainArgs),
    /// Writes a first gate from what is found in a folder: compose files, manifests, .env, nginx, migrations.
    Init(InitArgs),
    /// Looks at a live target, and adds a check with what was seen to a gate: `gonogo add https://x/health`.
    Add(AddArgs),
    /// Says whether this machine is fit to judge: roots, resolver, descriptors, clock.
    #[command(after_help = "Exit codes:\n  0  it is\n  1  it is not")]
    Doctor,
    /// Runs a gate and answers as a monitoring plugin: one line with performance data, and exit codes of its own.
    Nagios(NagiosArgs),
    /// Works on saved runs.
    #[command(subcommand)]
    Run(RunCommand),
    /// Prints the JSON Schema of the gate file, or of a policy file.
    Schema {
        /// What is described.
        #[arg(value_enum, default_value_t = SchemaOf::Gate)]
        of: SchemaOf,
    },
    /// Prints the completions of a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Prints the manual page of a command: `gonogo man check`, read with `gonogo man check | man -l -`.
    Man(ManArgs),
    /// Writes the reference pages into a folder; for `cargo xtask gen`.
    #[command(hide = true)]
    Reference {
        /// The folder.
        folder: PathBuf,
    },
}

/// `gonogo man`.
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The command: `check`, `run show`; without one, gonogo itself.
    #[arg(value_name = "COMMAND", num_args = 0..=2)]
    pub(crate) command: Vec<String>,

    /// Writes the pages of every command into this folder instead, `gonogo.1`, `gonogo-check.1` and so on.
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    pub(crate) folder: Option<PathBuf>,
}

/// What a JSON Schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum SchemaOf {
    /// A gate file, and the files that it includes.
    Gate,
    /// A file of rules that gates must obey: `--policy FILE`.
    Policy,
}

/// Which gate, with which values.
#[derive(Debug, Args)]
pub(crate) struct GateArgs {
    /// The gate file; `-` is standard input.
    #[arg(default_value = "probes.yaml", value_name = "FILE")]
    pub(crate) file: String,

    /// A file of rules that the gate must obey besides its own, from a place that its authors cannot change.
    #[arg(long = "policy", value_name = "FILE")]
    pub(crate) policies: Vec<PathBuf>,

    /// The environment whose values hold. A gate that declares environments needs one; `lint` looks at all of them
    /// unless given.
    #[arg(long = "env", value_name = "NAME")]
    pub(crate) environment: Option<String>,

    /// Sets a variable of the gate; beats --var-file and everything in the gate.
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = pair)]
    pub(crate) vars: Vec<(String, String)>,

    /// Reads variables from a YAML file, a map of names to values; beats everything in the gate.
    #[arg(long = "var-file", value_name = "FILE")]
    pub(crate) var_files: Vec<PathBuf>,
}

impl GateArgs {
    /// Returns which gate is meant, to be read in a phase.
    pub(crate) fn request(&self, phase: Option<&str>, resolve_secrets: bool) -> GateRequest {
        GateRequest {
            file: self.file.clone(),
            vars: self.vars.clone(),
            var_files: self.var_files.clone(),
            resolve_secrets,
            run_commands: false,
            policies: self.policies.clone(),
            environment: self.environment.clone(),
            phase: phase.map(str::to_owned),
        }
    }
}

/// Which checks.
#[derive(Debug, Args)]
pub(crate) struct SelectionArgs {
    /// Judges the checks of this phase, and those of no phase.
    #[arg(long, value_name = "PHASE")]
    pub(crate) phase: Option<String>,

    /// Judges the checks with this tag; several unite.
    #[arg(long = "tag", value_name = "TAG")]
    pub(crate) tags: Vec<String>,

    /// Runs only the checks whose id matches; the others count as skipped, so at best HOLD.
    #[arg(long, value_name = "GLOB")]
    pub(crate) only: Vec<String>,

    /// Leaves out the checks whose id matches; they count as skipped, so at best HOLD.
    #[arg(long, value_name = "GLOB")]
    pub(crate) skip: Vec<String>,

    /// Runs only what did not pass in an earlier run; the others count as skipped, so at best HOLD.
    #[arg(long, value_name = "RUN.json")]
    pub(crate) failed: Option<PathBuf>,

    /// Leaves out every check that does more than look; they count as skipped, so at best HOLD.
    #[arg(long)]
    pub(crate) read_only: bool,

    /// Makes checks and groups of severity warning blockers, and every `should` an `expect`.
    #[arg(long)]
    pub(crate) strict: bool,
}

/// `gonogo check`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) gate: GateArgs,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    /// Runs exactly the plan that was reviewed: `gonogo plan -o json`.
    #[arg(
        long,
        value_name = "PLAN.json",
        conflicts_with_all = ["phase", "tags", "only", "skip", "failed", "read_only", "strict"]
    )]
    pub(crate) plan: Option<PathBuf>,

    /// Runs part K of N of the plan, 1/N to N/N: at best HOLD; `gonogo run merge` judges all parts together.
    ///
    /// An index that begins at 0 is given as K+1/N: `--shard "$(JOB_COMPLETION_INDEX)+1/8"` of a Kubernetes Job.
    /// Every shard takes the same gate, values and options. A selection by name is for people, and none of a
    /// shard: `--phase`, `--tag` and `--read-only` select for all of them.
    #[arg(
        long,
        value_name = "K/N",
        conflicts_with_all = ["only", "skip", "failed"]
    )]
    pub(crate) shard: Option<Shard>,

    /// Looks again at what has not passed, until GO or until this time is up.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) wait: Option<std::time::Duration>,

    /// Ends the whole run by then; 10m unless given, and with --wait that much longer.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) deadline: Option<std::time::Duration>,

    /// Stops as soon as the verdict can only be NO-GO.
    #[arg(long)]
    pub(crate) fail_fast: bool,

    /// Makes at most this many attempts at once, 1 to 10000; as many as descriptors allow, 1000 at most, unless given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) jobs: Option<u32>,

    #[command(flatten)]
    pub(crate) baseline: BaselineArgs,

    #[command(flatten)]
    pub(crate) output: OutputArgs,

    #[command(flatten)]
    pub(crate) ci: CiArgs,

    /// Tells none of the receivers that the gate names under `notify`.
    #[arg(long)]
    pub(crate) no_notify: bool,

    /// Lists the checks that would run, and runs none.
    #[arg(long)]
    pub(crate) list: bool,

    /// Runs the gate again whenever one of its files is saved, until Ctrl-C.
    #[arg(long, conflicts_with = "list")]
    pub(crate) watch_file: bool,
}

/// Where the report goes.
#[derive(Debug, Default, Args)]
pub(crate) struct OutputArgs {
    /// Writes the report in a format, to a file or (once) to standard output: `-o json=report.json`.
    #[arg(
        short,
        long = "output",
        value_name = "FORMAT[=PATH]",
        value_parser = output,
        long_help = formats_help()
    )]
    pub(crate) outputs: Vec<OutputSpec>,

    /// Prints the line of the verdict and nothing else.
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Shows every check with its facts.
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

impl OutputArgs {
    /// Returns what standard output gets, unless that is the view for people.
    pub(crate) fn machine(&self) -> Option<&'static Format> {
        let mut formats = self
            .outputs
            .iter()
            .filter(|output| output.to == Destination::Stdout);
        let format = formats.next()?.format;
        (!format.is_human()).then_some(format)
    }

    /// Returns whether standard output gets events as they come.
    pub(crate) fn is_live(&self) -> bool {
        self.machine().is_some_and(Format::is_live)
    }
}

/// What a CI is told.
#[derive(Debug, Args)]
pub(crate) struct CiArgs {
    /// Tells the CI that this run is part of nothing: no annotations, no step summary, no step outputs.
    #[arg(long)]
    pub(crate) no_ci: bool,
}

impl CiArgs {
    /// Returns the CI that is to be told of the run.
    pub(crate) fn detect(&self, world: &World) -> Option<Ci> {
        if self.no_ci {
            None
        } else {
            gonogo_run::detect(world)
        }
    }
}

/// `gonogo probe`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct ProbeArgs {
    /// What to look at, with its kind in front where the target does not say it: `tls x.example:443`.
    ///
    /// `env:NAME` takes the target from the environment and keeps its secrets out of sight. A command is
    /// a list: `command '[sh, -c, "exit 3"]'`.
    #[arg(required = true, num_args = 1..=2, value_names = ["KIND", "TARGET"])]
    pub(crate) words: Vec<String>,

    /// What must hold, as in a gate file: `'status 200'`, `'duration < 500ms'`, `'body { contains: ok }'`.
    #[arg(long = "expect", value_name = "FACT MATCHER")]
    pub(crate) expect: Vec<String>,

    /// Sets an option of the kind: `--set method=HEAD`.
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = pair)]
    pub(crate) set: Vec<(String, String)>,

    /// Ends an attempt by then; 10s unless given.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) timeout: Option<std::time::Duration>,

    /// Makes the check only if it does no more than look; otherwise HOLD.
    #[arg(long)]
    pub(crate) read_only: bool,

    #[command(flatten)]
    pub(crate) output: OutputArgs,

    #[command(flatten)]
    pub(crate) ci: CiArgs,
}

/// `gonogo nagios`.
#[derive(Debug, Args)]
#[command(after_help = PLUGIN_EXIT_CODES)]
pub(crate) struct NagiosArgs {
    #[command(flatten)]
    pub(crate) gate: GateArgs,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    /// Ends the whole run by then; 10m unless given, which is more than monitoring systems wait.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) deadline: Option<std::time::Duration>,
}

/// `gonogo lint`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  no mistake; there may be warnings\n  1  with --against: the gate is weaker than OLD, or cannot be shown to be as strong\n  2  a mistake: `check` would refuse the file, or OLD"
)]
pub(crate) struct LintArgs {
    #[command(flatten)]
    pub(crate) gate: GateArgs,

    /// Looks at the gate in this phase; in every one unless given.
    #[arg(long, value_name = "PHASE")]
    pub(crate) phase: Option<String>,

    /// Reports every way in which FILE is weaker than OLD, another gate file or `-` for standard input.
    ///
    /// `git show origin/main:probes.yaml | gonogo lint --against -`. The paths of a gate that comes from
    /// standard input are relative to the folder of the other one.
    #[arg(long, value_name = "OLD", conflicts_with = "fix")]
    pub(crate) against: Option<String>,

    /// Mends what is mechanical in FILE and leaves everything else as it is; of `-`, prints the mended text.
    #[arg(long)]
    pub(crate) fix: bool,
}

/// `gonogo plan`.
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) gate: GateArgs,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    /// The format: human, json, mermaid or dot.
    #[arg(short, long = "output", value_name = "FORMAT", default_value = "human")]
    pub(crate) output: PlanFormat,
}

/// The formats of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// Text for people.
    Human,
    /// For `gonogo check --plan`.
    Json,
    /// A flowchart that Markdown pages show.
    Mermaid,
    /// A graph for Graphviz: `gonogo plan -o dot | dot -Tsvg`.
    Dot,
}

/// `gonogo init`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  the gate is written\n  2  it is not: the file exists, or the folder cannot be read\n  4  it could not be written whole"
)]
pub(crate) struct InitArgs {
    /// The folder to look through.
    #[arg(default_value = ".", value_name = "FOLDER")]
    pub(crate) folder: PathBuf,

    /// Writes the gate there; `-` prints it. FOLDER/probes.yaml unless given.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Overwrites a file that is there.
    #[arg(long)]
    pub(crate) force: bool,
}

/// `gonogo add`.
#[derive(Debug, Args)]
#[command(after_help = ADD_EXIT_CODES)]
pub(crate) struct AddArgs {
    /// What to look at, with its kind in front where the target does not say it: `tls x.example:443`.
    ///
    /// `env:NAME` takes the target from the environment; the gate gets a secret, and never its value.
    #[arg(required = true, num_args = 1..=2, value_names = ["KIND", "TARGET"])]
    pub(crate) words: Vec<String>,

    /// The gate file; it is begun when there is none.
    #[arg(long = "to", default_value = "probes.yaml", value_name = "FILE")]
    pub(crate) to: PathBuf,

    /// The id of the check; made of the target's host unless given.
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<String>,

    /// The phases to which the check belongs; all unless given.
    #[arg(long = "phase", value_name = "PHASE")]
    pub(crate) phases: Vec<String>,

    /// Sets an option of the kind: `--set method=HEAD`.
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = pair)]
    pub(crate) set: Vec<(String, String)>,
}

/// `gonogo explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// A kind (`http`), a code (`tls/expired`) or an area of codes (`net`); without one, a list.
    pub(crate) topic: Option<String>,
}

/// `gonogo run ...`.
#[derive(Debug, Subcommand)]
pub(crate) enum RunCommand {
    /// Shows a saved run as it was seen when it ran; exits with 0, whatever its verdict.
    Show {
        /// The JSON report of the run: `gonogo check -o json=FILE`.
        file: PathBuf,
        #[command(flatten)]
        baseline: BaselineArgs,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Judges the shards of a run together, and exits with their verdict: `gonogo run merge shards/*.json`.
    Merge(MergeArgs),
    /// Says what changed from one saved run to another; exits with 0, whatever that is.
    Diff {
        /// The JSON report of the earlier run.
        before: PathBuf,
        /// The JSON report of the later run.
        after: PathBuf,
        /// The format: human, json or markdown (a comment of a pull request).
        #[arg(short, long = "output", value_name = "FORMAT", default_value = "human")]
        output: DiffFormat,
    },
}

/// The formats of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// Text for people.
    Human,
    /// `gonogo.diff/1`.
    Json,
    /// A comment of a pull request.
    Markdown,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How much to log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogLevel {
    /// Nothing.
    Off,
    /// What went wrong.
    Error,
    /// And what looks wrong.
    Warn,
    /// And what is being done.
    Info,
    /// And how.
    Debug,
    /// And what the libraries say.
    Trace,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("wants NAME=VALUE".to_owned()),
    }
}

pub(crate) fn duration(text: &str) -> Result<std::time::Duration, String> {
    let seconds = gonogo_kind::unit::duration(text)?;
    match gonogo_kind::unit::to_std_duration(&seconds) {
        Some(duration) if !duration.is_zero() => Ok(duration),
        None if !seconds.is_negative() => Err("is longer than anybody waits".to_owned()),
        Some(_) | None => Err("wants a duration above zero, such as 30s or 5m".to_owned()),
    }
}

fn output(text: &str) -> Result<OutputSpec, String> {
    let (name, path) = match text.split_once('=') {
        Some((_, "")) => return Err("names no file after `=`".to_owned()),
        Some((name, path)) => (name, Some(path)),
        None => (text, None),
    };
    let names = || FORMATS.iter().map(|format| format.name);
    let format = Format::named(name).ok_or_else(|| match gonogo_kind::closest(name, names()) {
        Some(close) => format!("there is no format `{name}`; did you mean `{close}`?"),
        None => {
            let names: Vec<&str> = names().collect();
            format!(
                "there is no format `{name}`; there are {}",
                names.join(", ")
            )
        }
    })?;
    let to = match path {
        None => Destination::Stdout,
        Some(path) => match Push::parse(format, path, &World::real().env)? {
            Some(push) => Destination::Server(push),
            None => Destination::File(PathBuf::from(path)),
        },
    };
    Ok(OutputSpec { format, to })
}

/// Returns the help of `-o`, with every format.
fn formats_help() -> String {
    let mut help = "Writes the report in a format, to a file or (once) to standard output: `-o json=report.json`. \
                    May be given several times. `otlp` and `prometheus` also go to a server: \
                    `-o otlp=https://collector:4318/v1/traces`, `-o prometheus=http://pushgateway:9091/metrics/job/NAME`; \
                    `env:NAME` in the place of the URL takes it from the environment and keeps it out of sight. The \
                    formats:\n"
        .to_owned();
    for format in &FORMATS {
        help.push_str(&format!("\n- {}: {}", format.name, format.sentence));
    }
    help
}

const PLUGIN_EXIT_CODES: &str = "Exit codes, as the guideline for monitoring plugins has them:
  0  OK: GO, and every check passed
  1  WARNING: GO, and some check warned, is waived, or blocks nothing and did not pass
  2  CRITICAL: NO-GO
  3  UNKNOWN: HOLD, or the gate could not start";

const ADD_EXIT_CODES: &str = "Exit codes:
  0  the check is added
  1  the target is wrong: nothing is added
  2  the check cannot be added: usage, file or configuration
  3  nothing is proved about the target: nothing is added
  4  the file could not be written whole";

const EXIT_CODES: &str = "Exit codes:
  0  GO: every blocker is proved
  1  NO-GO: a blocker or a group is proved wrong
  2  could not start: usage, file or configuration; nothing was probed
  3  HOLD: nothing is proved wrong, but something is not proved
  4  an output could not be written whole, or gonogo itself failed
  129, 130, 143  interrupted (HUP, INT, TERM)";
