//! From a file name to a manifest.

use std::io;
use std::path::{Path, PathBuf};

use gonogo_config::{Commands, Includes, Inputs, Loaded, SecretCommand, Source};
use gonogo_kind::KindTable;

use crate::mending::Mending;
use crate::open_to_all;
use crate::refusal::Refusal;
use crate::secret_command::Runner;
use crate::world::{MAX_FILE, World, read_all};

/// Which gate, with which values.
#[derive(Debug, Clone, Default)]
pub struct GateRequest {
    /// The gate file; `-` is standard input.
    pub file: String,
    /// `--var k=v`.
    pub vars: Vec<(String, String)>,
    /// `--var-file F`, read before `--var`.
    pub var_files: Vec<PathBuf>,
    /// Whether secrets are looked up; what only reads the file can do without them.
    pub resolve_secrets: bool,
    /// Whether programs that print secrets are run; a gate that needs them is refused otherwise, unless
    /// nothing resolves secrets.
    pub run_commands: bool,
    /// `--policy FILE`: the rules that the gate must obey besides its own.
    pub policies: Vec<PathBuf>,
    /// `--env NAME`.
    pub environment: Option<String>,
    /// `--phase NAME`, whose values hold.
    pub phase: Option<String>,
}

/// A gate file that was read, with everything that is to be said about it.
#[derive(Debug)]
pub struct Opened {
    /// What the file came to.
    pub loaded: Loaded,
}

impl Opened {
    /// Adds a warning for each of its files that everybody may change.
    fn watched(mut self, request: &GateRequest) -> Self {
        let warnings = open_to_all::warnings(request, &self.loaded);
        self.loaded.diagnostics.splice(0..0, warnings);
        self
    }

    /// Returns the warnings that a run must not keep to itself, as text: the gate may be another than its owners wrote.
    #[must_use]
    pub fn render_distrust(&self, color: bool) -> String {
        let code = open_to_all::WRITABLE_BY_ALL.code;
        let all = self.loaded.diagnostics.iter();
        let distrust: Vec<_> = all.filter(|d| d.code == code).cloned().collect();
        gonogo_config::render(
            &distrust,
            &self.loaded.sources,
            &self.loaded.redactor,
            color,
        )
    }

    /// Returns every mistake and warning as text.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        gonogo_config::render(
            &self.loaded.diagnostics,
            &self.loaded.sources,
            &self.loaded.redactor,
            color,
        )
    }
}

/// Reads a gate file.
///
/// # Errors
///
/// [`Refusal::Request`] when the file cannot be read at all. Mistakes inside it are in [`Opened`].
pub fn open(
    request: &GateRequest,
    world: &World,
    kinds: &dyn KindTable,
) -> Result<Opened, Refusal> {
    let source = source(&request.file, world)?;
    let runner = Runner::new(world);
    let opened = read_with(request, world, kinds, |inputs| {
        // First without running anything: a gate with a mistake runs no program.
        let loaded = gonogo_config::load(&source, inputs);
        if loaded.has_errors() || loaded.from_commands.is_empty() || !request.run_commands {
            return Opened { loaded };
        }
        let run = |command: &SecretCommand| runner.run(command);
        let inputs = inputs.with(Commands::Run(&run));
        Opened {
            loaded: gonogo_config::load(&source, &inputs),
        }
    })?
    .watched(request);
    let loaded = &opened.loaded;
    match loaded.from_commands.first() {
        Some(secret)
            if request.resolve_secrets && !request.run_commands && !loaded.has_errors() =>
        {
            let message = format!(
                "the secret `{secret}` comes from a command, which only a run of the gate starts"
            );
            Err(Refusal::request("config/secret_not_run", message)
                .hint("`gonogo check` runs it; `gonogo lint` reads the gate without it."))
        }
        _ => Ok(opened),
    }
}

/// Reads a gate file in every environment and phase that the request leaves open.
///
/// # Errors
///
/// As [`open`].
pub fn lint(
    request: &GateRequest,
    world: &World,
    kinds: &dyn KindTable,
) -> Result<Opened, Refusal> {
    let source = source(&request.file, world)?;
    let opened = read_with(request, world, kinds, |inputs| Opened {
        loaded: gonogo_config::lint(&source, inputs),
    })?;
    Ok(opened.watched(request))
}

/// Reads a gate file and mends what is mechanical in it, without writing anything.
///
/// # Errors
///
/// As [`open`].
pub fn mend(
    request: &GateRequest,
    world: &World,
    kinds: &dyn KindTable,
) -> Result<Mending, Refusal> {
    let source = source(&request.file, world)?;
    read_with(request, world, kinds, |inputs| {
        let mended = gonogo_config::mend(&source, inputs);
        Mending {
            file: request.file.clone(),
            before: source.text.clone(),
            text: mended.text,
            changes: mended.changes,
            included: mended.included,
            opened: Opened {
                loaded: mended.loaded,
            },
        }
    })
}

/// Hands what reading a gate may use to `read`.
pub(crate) fn read_with<T>(
    request: &GateRequest,
    world: &World,
    kinds: &dyn KindTable,
    read: impl FnOnce(&Inputs<'_>) -> T,
) -> Result<T, Refusal> {
    let policies = request.policies.iter();
    let policies: Vec<Source> = policies
        .map(|file| source_of("policy", &file.display().to_string(), world))
        .collect::<Result<_, _>>()?;
    let mut vars = Vec::new();
    for file in &request.var_files {
        vars.extend(var_file(file, world)?);
    }
    vars.extend(
        request
            .vars
            .iter()
            .map(|(name, value)| (name.clone(), value.clone(), "--var".to_owned())),
    );
    let inputs = Inputs {
        kinds,
        env: &*world.env,
        read_file: &*world.read_file,
        includes: Includes {
            real_path: &*world.real_path,
            list: &*world.list_folder,
            read: &*world.read_included,
        },
        vars,
        version: env!("CARGO_PKG_VERSION"),
        now: (world.now)(),
        resolve_secrets: request.resolve_secrets,
        commands: Commands::StandIn,
        policies: &policies,
        environment: request.environment.clone(),
        phase: request.phase.clone(),
        comparing: false,
    };
    Ok(read(&inputs))
}

/// Reads the text of a gate file.
pub(crate) fn source(file: &str, world: &World) -> Result<Source, Refusal> {
    source_of("gate", file, world)
}

/// Reads a gate file or a policy file.
fn source_of(what: &str, file: &str, world: &World) -> Result<Source, Refusal> {
    let bytes = if file == "-" {
        read_all(io::stdin().lock(), MAX_FILE)
    } else {
        (world.read_file)(Path::new(file))
    };
    let bytes = bytes.map_err(|error| cannot_read(what, file, &error))?;
    let text = gonogo_config::decode(bytes).map_err(|mistake| {
        Refusal::request(mistake.code, format!("{file}: {}", mistake.message)).hint(
            mistake
                .hint
                .unwrap_or_else(|| "Save the file as UTF-8.".to_owned()),
        )
    })?;
    let base = match Path::new(file).parent() {
        Some(folder) if file != "-" && !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    Ok(Source {
        name: file.to_owned(),
        text,
        base,
    })
}

fn cannot_read(what: &str, file: &str, error: &io::Error) -> Refusal {
    let refusal = Refusal::request(
        "config/unreadable_file",
        format!("cannot read the {what} file `{file}`: {error}"),
    );
    if error.kind() == io::ErrorKind::NotFound && what == "gate" {
        refusal.hint("Name the file, or run gonogo in the folder of probes.yaml.")
    } else {
        refusal
    }
}

fn var_file(path: &Path, world: &World) -> Result<Vec<(String, String, String)>, Refusal> {
    let shown = path.display().to_string();
    let source = source(&shown, world)?;
    gonogo_config::read_var_file(&source).map_err(Refusal::Mistakes)
}
