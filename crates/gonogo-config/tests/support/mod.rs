//! A table of kinds that look at nothing, and gates read with it.
#![allow(dead_code, reason = "each test binary uses its own part of it")]

pub(crate) mod samples;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use gonogo_config::{
    CommandFailure, Commands, Includes, Inputs, Loaded, SecretCommand, Source, load, render,
};
use gonogo_kind::{
    BoxFuture, BuiltIn, Choice, FactDecl, FactType, FieldDecl, FieldMistake, FieldType, Fields,
    KindDecl, KindTable, Looks, Probe, ProbeCx, TextChoice,
};
use gonogo_model::{Effect, Observation, Strength};

/// The table.
pub(crate) struct FakeKinds;

/// What the fake kinds compile to.
#[derive(Debug)]
pub(crate) struct FakeProbe {
    effect: Effect,
    subject: String,
    origin: Option<String>,
}

impl Probe for FakeProbe {
    fn effect(&self) -> Effect {
        self.effect
    }

    fn subject(&self) -> String {
        self.subject.clone()
    }

    fn origin(&self) -> Option<String> {
        self.origin.clone()
    }

    fn observe<'a>(&'a self, _cx: &'a ProbeCx) -> BoxFuture<'a, Observation> {
        Box::pin(async { Observation::default() })
    }
}

impl KindTable for FakeKinds {
    fn kinds(&self) -> &[&'static KindDecl] {
        TABLE
    }

    fn compile(
        &self,
        kind: &'static KindDecl,
        fields: &Fields,
    ) -> Result<Arc<dyn Probe>, Vec<FieldMistake>> {
        if kind.name == "http"
            && fields.text("body").is_some()
            && fields.text("method").is_none_or(|m| m.text == "GET")
        {
            let mistake = FieldMistake::new("body", "GET has no body");
            return Err(vec![mistake.hint("Say `method: POST`.")]);
        }
        let effect = match kind.name {
            "command" => Effect::Executes,
            "http" if fields.text("method").is_some_and(|m| m.text == "POST") => Effect::Writes,
            _ => Effect::Reads,
        };
        Ok(Arc::new(FakeProbe {
            effect,
            subject: kind.name.to_owned(),
            origin: fields
                .address("address")
                .map(|(host, port)| format!("{host}:{port}")),
        }))
    }
}

const fn field(
    name: &'static str,
    ty: FieldType,
    default: Option<&'static str>,
    example: &'static str,
) -> FieldDecl {
    FieldDecl {
        name,
        ty,
        required: false,
        default,
        sentence: "A field of a fake kind.",
        example,
    }
}

const fn required(name: &'static str, ty: FieldType, example: &'static str) -> FieldDecl {
    FieldDecl {
        required: true,
        ..field(name, ty, None, example)
    }
}

const fn fact(name: &'static str, ty: FactType, example: &'static str) -> FactDecl {
    FactDecl {
        name,
        ty,
        sentence: "A fact of a fake kind.",
        example,
    }
}

const fn must(fact: &'static str, matcher: &'static str) -> BuiltIn {
    BuiltIn {
        fact,
        matcher,
        strength: Strength::Must,
    }
}

const fn kind(
    name: &'static str,
    short: &'static str,
    fields: &'static [FieldDecl],
    facts: &'static [FactDecl],
    built_in: &'static [BuiltIn],
) -> KindDecl {
    KindDecl {
        name,
        summary: "A fake kind.",
        manual: "",
        looks: Looks::Directly,
        schemes: &[],
        short,
        fields,
        facts,
        state: None,
        built_in,
        worth: &[],
        codes: &[],
        examples: &[],
    }
}

static TABLE: &[&KindDecl] = &[&COMMAND, &HTTP, &METRIC, &POSTGRES, &TCP];

static HTTP: KindDecl = KindDecl {
    schemes: &["http", "https"],
    ..kind(
        "http",
        "url",
        &[
            required(
                "url",
                FieldType::Url(&["http", "https"]),
                "https://example.com/health",
            ),
            field("method", FieldType::Choice(METHODS), Some("GET"), "HEAD"),
            field(
                "headers",
                FieldType::TextMap,
                None,
                "{ accept: text/plain }",
            ),
            field("body", FieldType::Text, None, "ping"),
            field("body_limit", FieldType::Size, Some("1MiB"), "2MiB"),
            field("roots", FieldType::Roots, None, "ca.pem"),
            field("follow", FieldType::Boolean, Some("false"), "true"),
        ],
        &[
            fact("status", FactType::Integer, "200..299"),
            fact("duration", FactType::Duration, "under 500ms"),
            fact("timing.connect", FactType::Duration, "under 100ms"),
            fact(
                "headers",
                FactType::Headers,
                "{ content-type: { contains: json } }",
            ),
            fact("json", FactType::Json, "{ $.status: ok }"),
            fact("body", FactType::Text, "{ contains: ok }"),
        ],
        &[must("status", "200..299")],
    )
};

static TCP: KindDecl = KindDecl {
    schemes: &["tcp"],
    state: Some("state"),
    ..kind(
        "tcp",
        "address",
        &[required(
            "address",
            FieldType::Address(None),
            "db.example.com:5432",
        )],
        &[
            fact("state", FactType::Choice(STATES), "open"),
            fact("duration", FactType::Duration, "under 1s"),
        ],
        &[must("state", "open"), must("duration", "under 10s")],
    )
};

static POSTGRES: KindDecl = KindDecl {
    schemes: &["postgres"],
    ..kind(
        "postgres",
        "url",
        &[
            required(
                "url",
                FieldType::Url(&["postgres", "postgresql"]),
                "postgres://app@db.example.com/app",
            ),
            field("query", FieldType::Text, None, "select 1"),
        ],
        &[
            fact("role", FactType::Text, "primary"),
            fact("version", FactType::Version, "\">= 15.4\""),
            fact("connections_used", FactType::Ratio, "under 80%"),
            fact("size", FactType::Size, "under 2GiB"),
            fact("rows", FactType::Rows, "{ length: 1 }"),
        ],
        &[must("role", "{ is: primary }")],
    )
};

static COMMAND: KindDecl = kind(
    "command",
    "argv",
    &[required("argv", FieldType::Texts, "[make, check]")],
    &[
        fact("exit_code", FactType::Integer, "0"),
        fact("stdout", FactType::Text, "{ contains: ok }"),
    ],
    &[must("exit_code", "0")],
);

static METRIC: KindDecl = kind(
    "metric",
    "query",
    &[
        required("query", FieldType::Text, "up"),
        field("max", FieldType::Integer { min: 1, max: 1000 }, None, "10"),
    ],
    &[
        fact("value", FactType::Number, "over 0.5"),
        fact("labels", FactType::Map(&FactType::Text), "{ job: api }"),
    ],
    &[],
);

const METHODS: &[Choice] = &[
    Choice {
        word: "GET",
        sentence: "Reads.",
    },
    Choice {
        word: "HEAD",
        sentence: "Reads the head.",
    },
    Choice {
        word: "POST",
        sentence: "Writes.",
    },
];

const STATES: &[TextChoice] = &[
    TextChoice {
        word: "open",
        sentence: "It accepts connections.",
    },
    TextChoice {
        word: "refused",
        sentence: "It refuses connections.",
    },
];

/// A machine as a gate sees it.
#[derive(Default, Clone)]
pub(crate) struct Machine {
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) files: BTreeMap<PathBuf, Vec<u8>>,
    /// Links, and where they lead.
    pub(crate) links: BTreeMap<PathBuf, PathBuf>,
    pub(crate) vars: Vec<(String, String, String)>,
    pub(crate) without_secrets: bool,
    pub(crate) policies: Vec<Source>,
    /// What programs print, by name; a program that is none of these fails.
    pub(crate) programs: Option<BTreeMap<String, Vec<u8>>>,
    pub(crate) environment: Option<String>,
    pub(crate) phase: Option<String>,
}

impl Machine {
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn file(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.into(), text.into());
        self
    }

    pub(crate) fn link(mut self, path: &str, to: &str) -> Self {
        self.links.insert(path.into(), to.into());
        self
    }

    /// Follows links, and returns where a path leads, if something is there.
    fn real_path(&self, path: &Path) -> std::io::Result<PathBuf> {
        let mut real = PathBuf::from("/gate");
        for part in path.components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir => {
                    real.pop();
                }
                part => real.push(part),
            }
            let below = real.strip_prefix("/gate").unwrap_or(&real);
            if let Some(to) = self.links.get(below) {
                real = Path::new("/gate").join(to);
            }
        }
        let below = real.strip_prefix("/gate").unwrap_or(&real);
        if self.files.keys().any(|file| file.starts_with(below)) || real == Path::new("/gate") {
            Ok(real)
        } else {
            Err(missing())
        }
    }

    /// Returns the names in a folder.
    fn list(&self, path: &Path) -> std::io::Result<Vec<String>> {
        let real = self.real_path(path)?;
        let below = real.strip_prefix("/gate").unwrap_or(&real);
        if self.files.contains_key(below) {
            return Err(std::io::ErrorKind::NotADirectory.into());
        }
        let all = self.files.keys().chain(self.links.keys());
        let inside = all.filter_map(|file| file.strip_prefix(below).ok());
        let names = inside.filter_map(|rest| rest.components().next());
        let names: BTreeSet<String> = names
            .map(|name| name.as_os_str().to_string_lossy().into_owned())
            .collect();
        Ok(names.into_iter().collect())
    }

    pub(crate) fn var(mut self, name: &str, value: &str) -> Self {
        self.vars
            .push((name.to_owned(), value.to_owned(), "--var".to_owned()));
        self
    }

    pub(crate) fn policy(mut self, name: &str, text: &str) -> Self {
        self.policies.push(Source {
            name: name.to_owned(),
            text: text.to_owned(),
            base: PathBuf::new(),
        });
        self
    }

    /// Lets a program print something; the others fail.
    pub(crate) fn program(mut self, name: &str, prints: &[u8]) -> Self {
        let programs = self.programs.get_or_insert_default();
        programs.insert(name.to_owned(), prints.to_vec());
        self
    }

    pub(crate) fn environment(mut self, name: &str) -> Self {
        self.environment = Some(name.to_owned());
        self
    }

    pub(crate) fn phase(mut self, name: &str) -> Self {
        self.phase = Some(name.to_owned());
        self
    }

    pub(crate) fn without_secrets(mut self) -> Self {
        self.without_secrets = true;
        self
    }

    pub(crate) fn with_inputs<T>(&self, act: impl FnOnce(&Inputs<'_>) -> T) -> T {
        let env = |name: &str| self.env.get(name).cloned();
        let read_file = |path: &Path| self.files.get(path).cloned().ok_or_else(missing);
        let real_path = |path: &Path| self.real_path(path);
        let list = |path: &Path| self.list(path);
        let read = |path: &Path| {
            let below = path.strip_prefix("/gate").unwrap_or(path);
            let is_folder = || std::io::Error::new(std::io::ErrorKind::IsADirectory, "is a folder");
            self.files.get(below).cloned().ok_or_else(is_folder)
        };
        let run = |command: &SecretCommand| {
            let programs = self.programs.as_ref();
            let printed = programs.and_then(|p| p.get(&command.argv.join(" ")));
            printed.cloned().ok_or_else(|| CommandFailure {
                why: "it ended with exit code 2".to_owned(),
                stdout: b"canary-of-stdout".to_vec(),
                stderr: b"\ndenied: canary-of-stdout, canary-of-env\nand more".to_vec(),
            })
        };
        act(&Inputs {
            kinds: &FakeKinds,
            env: &env,
            read_file: &read_file,
            includes: Includes {
                real_path: &real_path,
                list: &list,
                read: &read,
            },
            vars: self.vars.clone(),
            version: "0.1.0",
            now: "2026-11-20T12:00:00Z".parse().unwrap(),
            resolve_secrets: !self.without_secrets,
            commands: match self.programs {
                Some(_) => Commands::Run(&run),
                None => Commands::StandIn,
            },
            comparing: false,
            policies: &self.policies,
            environment: self.environment.clone(),
            phase: self.phase.clone(),
        })
    }

    pub(crate) fn load(&self, text: &str) -> Loaded {
        self.load_as("probes.yaml", text)
    }

    pub(crate) fn load_as(&self, name: &str, text: &str) -> Loaded {
        let source = Source {
            name: name.to_owned(),
            text: text.to_owned(),
            base: PathBuf::new(),
        };
        self.with_inputs(|inputs| load(&source, inputs))
    }
}

fn missing() -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::NotFound, "no such file")
}

/// Renders what was found, as a person sees it.
pub(crate) fn rendered(loaded: &Loaded) -> String {
    render(
        &loaded.diagnostics,
        &loaded.sources,
        &loaded.redactor,
        false,
    )
}
