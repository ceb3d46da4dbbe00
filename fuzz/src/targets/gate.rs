//! What the targets share that read gates: an input as a folder of files, and what holds of every gate.
//!
//! An input is a gate file. What follows a line `#=== NAME` is another file, which the gate may include
//! or name.

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

use gonogo_config::{Includes, Inputs, Loaded, Source, decode, load, render};
use gonogo_kind::Span;
use gonogo_model::Selection;
use gonogo_probes::Kinds;
use jiff::{SignedDuration, Timestamp};

use crate::behaviour::Behaviour;

/// Reads an input as text; what is none has a behaviour of its own.
pub(super) fn read(input: &[u8]) -> Result<String, Behaviour> {
    decode(input).map_err(|mistake| {
        assert!(visible(&mistake.message), "{:?}", mistake.message);
        Behaviour::of(mistake.code)
    })
}

/// The files of an input, by name; the gate itself has none.
pub(super) struct Folder<'t> {
    files: BTreeMap<&'t str, &'t str>,
}

/// How a gate is read.
#[derive(Clone, Copy)]
pub(super) struct How<'p> {
    pub(super) secrets: Secrets,
    /// Hours after the usual time.
    pub(super) later: i64,
    pub(super) policies: &'p [Source],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Secrets {
    Here,
    Elsewhere,
}

/// What came of reading a gate in the usual way.
pub(super) struct Judged {
    pub(super) loaded: Loaded,
    pub(super) behaviour: Behaviour,
}

impl How<'_> {
    /// With every secret, and without a policy.
    pub(super) const USUAL: Self = Self {
        secrets: Secrets::Here,
        later: 0,
        policies: &[],
    };
}

impl<'t> Folder<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let mut parts = text.split("\n#=== ");
        let mut files = BTreeMap::from([("", parts.next().unwrap_or_default())]);
        for part in parts {
            let (name, text) = part.split_once('\n').unwrap_or((part, ""));
            files.entry(name.trim()).or_insert(text);
        }
        Self { files }
    }

    /// Returns one of the files.
    pub(super) fn file(&self, name: &str) -> Option<&'t str> {
        self.files.get(name).copied()
    }

    /// Returns one of the files as a source; an empty one when it is not there.
    pub(super) fn source(&self, file: &str, name: &str) -> Source {
        Source {
            name: name.to_owned(),
            text: self.file(file).unwrap_or_default().to_owned(),
            base: PathBuf::from(ROOT),
        }
    }

    /// Reads the gate, and holds what must hold of every gate.
    pub(super) fn judged(&self) -> Judged {
        let known = self.load(How::USUAL);
        let again = self.load(How::USUAL);
        assert_eq!(known.diagnostics, again.diagnostics, "read twice");
        assert_eq!(known.checks, again.checks, "read twice");
        self.sound(&known);
        let planned = known.manifest.as_ref().map(|_| plan(&known, &again));

        let elsewhere = self.load(How {
            secrets: Secrets::Elsewhere,
            ..How::USUAL
        });
        places(&elsewhere, self.files[""]);
        shown(&elsewhere);
        let behaviour = Behaviour::of((codes(&known), planned));
        Judged {
            loaded: known,
            behaviour,
        }
    }

    /// Holds what must hold of a gate that was read with its secrets.
    pub(super) fn sound(&self, loaded: &Loaded) {
        // Nothing may be able to stand in for what a program prints.
        if loaded.manifest.is_some() || loaded.from_commands.is_empty() {
            let has_manifest = loaded.manifest.is_some();
            assert_ne!(loaded.has_errors(), has_manifest, "errors, or a manifest");
        }
        places(loaded, self.files[""]);
        let shown = shown(loaded);
        keeps_secret(loaded, self.files.values(), &shown);
    }

    pub(super) fn load(&self, how: How<'_>) -> Loaded {
        let source = self.source("", "gate.yaml");
        self.with(how, |inputs| load(&source, inputs))
    }

    /// Hands what reading may use to somebody who reads.
    pub(super) fn with<T>(&self, how: How<'_>, reads: impl FnOnce(&Inputs<'_>) -> T) -> T {
        let secrets = how.secrets;
        let now = 24 * 365 * 57 + how.later;
        let read = |path: &Path| self.read(path);
        let list = |path: &Path| self.list(path);
        reads(&Inputs {
            kinds: kinds(),
            env: &|name| environment(name, secrets),
            read_file: &read,
            includes: Includes {
                real_path: &|path| Ok(straight(path)),
                list: &list,
                read: &read,
            },
            vars: Vec::new(),
            version: "0.1.0",
            now: Timestamp::UNIX_EPOCH + SignedDuration::from_hours(now),
            resolve_secrets: secrets == Secrets::Here,
            comparing: false,
            commands: gonogo_config::Commands::StandIn,
            policies: how.policies,
            environment: self.files[""]
                .contains("environments:")
                .then(|| "production".to_owned())
                .filter(|_| secrets == Secrets::Here),
            phase: None,
        })
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let straight = straight(path);
        let name = straight.strip_prefix(ROOT).ok().and_then(Path::to_str);
        let file = name.filter(|name| !name.is_empty());
        let text = file.and_then(|name| self.files.get(name));
        let text = text.ok_or(io::ErrorKind::NotFound)?;
        Ok(text.as_bytes().to_vec())
    }

    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        let folder = straight(path);
        let inside = |name: &&str| {
            let path = Path::new(ROOT).join(name);
            let is_here = path.parent() == Some(&folder);
            let name = path.file_name().and_then(|name| name.to_str());
            name.filter(|_| is_here).map(str::to_owned)
        };
        Ok(self.files.keys().filter_map(inside).collect())
    }
}

/// Returns a path without `.` and `..`.
fn straight(path: &Path) -> PathBuf {
    let mut straight = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                straight.pop();
            }
            part => straight.push(part),
        }
    }
    straight
}

fn environment(name: &str, secrets: Secrets) -> Option<String> {
    match name {
        "TARGET_HOST" => Some("api.example.com".to_owned()),
        "RELEASE" => Some("1.2.3".to_owned()),
        "ODD" => Some("a: [b, {c: \"d\"}] # ${x}\n- e".to_owned()),
        "EMPTY" => Some(String::new()),
        "DATABASE_URL" if secrets == Secrets::Here => {
            Some(format!("postgres://app:{CANARY}@db.example.com/app"))
        }
        "TOKEN" if secrets == Secrets::Here => Some(CANARY.to_owned()),
        _ => None,
    }
}

pub(super) fn kinds() -> &'static Kinds {
    static KINDS: OnceLock<Kinds> = OnceLock::new();
    KINDS.get_or_init(Kinds::new)
}

/// Returns the codes of what was told.
pub(super) fn codes(loaded: &Loaded) -> Vec<&'static str> {
    loaded.diagnostics.iter().map(|d| d.code).collect()
}

/// Every place lies inside the text of its file, at the edges of characters.
fn places(loaded: &Loaded, gate: &str) {
    let gate = gate.strip_prefix('\u{feff}').unwrap_or(gate);
    for diagnostic in &loaded.diagnostics {
        assert!(
            diagnostic.code.starts_with("config/"),
            "{}",
            diagnostic.code
        );
        let related = diagnostic.related.iter().map(|(span, _)| *span);
        for span in diagnostic.span.into_iter().chain(related) {
            if span == Span::NOWHERE {
                continue;
            }
            let place = loaded.sources.place(span);
            assert!(place.is_some(), "no file of {diagnostic:?}");
            assert!(
                span.line >= 1 && span.column >= 1,
                "no line of {diagnostic:?}"
            );
            if span.file.0 == 0 {
                assert!(
                    gate.get(span.start..span.end).is_some(),
                    "no text of {diagnostic:?}"
                );
                let lines = gate
                    .get(..span.start)
                    .map_or(0, |t| t.matches('\n').count());
                assert_eq!(span.line as usize, lines + 1, "{diagnostic:?}");
            }
        }
    }
}

/// Everything can be shown, and what is shown steers no terminal.
fn shown(loaded: &Loaded) -> String {
    let shown = render(
        &loaded.diagnostics,
        &loaded.sources,
        &loaded.redactor,
        false,
    );
    assert!(visible(&shown), "{shown:?}");
    for diagnostic in &loaded.diagnostics {
        let head = format!("[{}]", diagnostic.code);
        assert!(shown.contains(&head), "{head} is not shown:\n{shown}");
    }
    shown
}

pub(super) fn visible(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() && c != '\n')
}

/// Every declared check is in the plan exactly once, or excluded; the plan is the same each time.
fn plan(known: &Loaded, again: &Loaded) -> Result<usize, String> {
    let (Some(manifest), Some(same)) = (&known.manifest, &again.manifest) else {
        panic!("read twice, and once it is no gate");
    };
    assert_eq!(manifest.checks.len(), known.checks, "declared and read");
    let mut selection = Selection {
        phase: manifest.phases.first().cloned(),
        ..Selection::default()
    };
    if !manifest.checks.iter().any(|check| !check.phases.is_empty()) {
        selection.phase = None;
    }
    let planned = gonogo_engine::plan(manifest, &selection, None);
    let plan = match planned {
        Ok(plan) => plan,
        Err(error) => return Err(error.to_string().chars().take(12).collect()),
    };
    let summary = plan.summary();
    let mut ids: Vec<String> = summary.checks.iter().map(|c| c.id.to_string()).collect();
    ids.extend(summary.excluded.iter().map(|e| e.id.to_string()));
    ids.sort();
    let mut declared: Vec<String> = manifest.checks.iter().map(|c| c.id.to_string()).collect();
    declared.sort();
    assert_eq!(ids, declared, "planned and declared");
    let twice = gonogo_engine::plan(same, &selection, None);
    let digest = twice.map(|plan| plan.summary().digest.clone());
    assert_eq!(digest.ok().as_ref(), Some(&summary.digest), "planned twice");
    Ok(summary.checks.len().min(20))
}

/// A secret is shown nowhere, unless the file itself says it or declares it a variable.
fn keeps_secret<'t>(loaded: &Loaded, files: impl IntoIterator<Item = &'t &'t str>, shown: &str) {
    let is_told = |text: &str| {
        let text = text.to_lowercase();
        text.contains("canary") || text.contains("vars")
    };
    if files.into_iter().any(|text| is_told(text)) {
        return;
    }
    assert!(!shown.contains(CANARY), "{shown}");
    let Some(manifest) = &loaded.manifest else {
        return;
    };
    for check in &manifest.checks {
        let texts = check.options.values().map(AsRef::as_ref);
        for text in texts.chain([check.title.as_str(), &check.probe.subject()]) {
            assert!(!text.contains(CANARY), "{text}");
        }
    }
}

const ROOT: &str = "/gate";
const CANARY: &str = "canary-7f3a9c";
