//! Nothing silently changes which checks exist: not the way a gate is written, not what is selected.
//!
//! A random gate is written down twice: plainly, everything in one file and written out, and with every
//! means that the language has: variables, environments, `each`, templates and included files. Both
//! must come to the same plan, and every id of the gate must be in it or be excluded with a reason.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use gonogo_config::{Commands, Includes, Inputs, Loaded, Source, load, render};
use gonogo_engine::{Plan, PlanError};
use gonogo_model::{PlannedCheck, Selection};
use gonogo_probes::Kinds;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree as _;

const PHASES: [&str; 3] = ["build", "canary", "after"];
const TAGS: [&str; 3] = ["edge", "data", "slow"];
const INSTANCES: [&str; 3] = ["eu", "us", "ap"];

/// One entry of `checks`.
#[derive(Debug, Clone)]
struct Entry {
    /// The names of its instances; none when it has no `each`.
    each: Vec<&'static str>,
    port: u16,
    seconds: u8,
    attempts: u8,
    phases: Vec<&'static str>,
    tags: Vec<&'static str>,
    /// An earlier entry that must pass first.
    needs: Option<usize>,
    /// Whether the gate has it, when a condition says so.
    when: Option<bool>,
    is_warning: bool,
    /// What is expected, beside what the kind brings along.
    duration: Option<u16>,
    /// Where and how the second way writes it.
    file: usize,
    template: usize,
}

#[derive(Debug, Clone)]
struct Gate {
    entries: Vec<Entry>,
    has_phases: bool,
}

fn entry() -> impl Strategy<Value = Entry> {
    let names = prop_oneof![Just(Vec::new()), subsequence(&INSTANCES[..], 1..=3)];
    let own = (names, 1_u16..9, 1_u8..9, 1_u8..4, any::<Option<u16>>());
    let place = (
        subsequence(&PHASES[..], 0..=3),
        subsequence(&TAGS[..], 0..=2),
        any::<Option<prop::sample::Index>>(),
        prop_oneof![3 => Just(None), 1 => any::<bool>().prop_map(Some)],
        any::<bool>(),
    );
    (own, place, 0_usize..3, 0_usize..3).prop_map(|(own, place, file, template)| {
        let (each, port, seconds, attempts, duration) = own;
        let (phases, tags, needs, when, is_warning) = place;
        Entry {
            each,
            port,
            seconds,
            attempts,
            phases,
            tags,
            needs: needs.map(|index| index.index(1_000)),
            when,
            is_warning,
            duration: duration.map(|d| d % 900 + 1),
            file,
            template,
        }
    })
}

fn gate() -> impl Strategy<Value = Gate> {
    (prop::collection::vec(entry(), 1..7), any::<bool>()).prop_map(|(mut entries, has_phases)| {
        for at in 0..entries.len() {
            // A need is an earlier entry, and none that `when` takes away.
            let need = entries[at].needs.filter(|_| at > 0).map(|need| need % at);
            if !has_phases {
                entries[at].phases.clear();
            }
            // Most belong to the same phases, or the gate would be no gate.
            let fits = |need: &usize| {
                entries[*need].when != Some(false)
                    && (entries[*need].phases.is_empty() || entries[at].seconds == 1)
            };
            entries[at].needs = need.filter(fits);
        }
        Gate {
            entries,
            has_phases,
        }
    })
}

fn selection() -> impl Strategy<Value = Selection> {
    let phase = prop_oneof![1 => Just(None), 3 => select(&PHASES[..]).prop_map(Some)];
    // The id of an `each` stands for all its instances, so it is no id of the gate that is written out.
    let glob = || {
        let globs = select(&["*", "c0*", "c1*", "*.eu", "c[12]*", "nothing"][..]);
        prop_oneof![3 => Just(Vec::new()), 1 => globs.prop_map(|glob| vec![glob.to_owned()])]
    };
    (phase, subsequence(&TAGS[..], 0..=2), glob(), glob()).prop_map(|(phase, tags, only, skip)| {
        Selection {
            phase: phase.map(str::to_owned),
            tags: tags.into_iter().map(str::to_owned).collect(),
            only,
            skip,
            ..Selection::default()
        }
    })
}

impl Entry {
    /// Returns the ids that it stands for.
    fn ids(&self, at: usize) -> Vec<String> {
        if self.each.is_empty() {
            return vec![format!("c{at}")];
        }
        let names = self.each.iter();
        names.map(|name| format!("c{at}.{name}")).collect()
    }

    /// Writes what belongs to the check alone, whichever way.
    fn own(&self, text: &mut String) {
        if !self.phases.is_empty() {
            writeln!(text, "    phases: [{}]", self.phases.join(", ")).unwrap();
        }
        if !self.tags.is_empty() {
            writeln!(text, "    tags: [{}]", self.tags.join(", ")).unwrap();
        }
        if let Some(when) = self.when {
            let word = if when { "yes" } else { "no" };
            writeln!(text, "    when: answer == \"{word}\"").unwrap();
        }
        if self.is_warning {
            text.push_str("    severity: warning\n");
        }
    }
}

impl Gate {
    fn ids(&self) -> Vec<String> {
        let entries = self.entries.iter().enumerate();
        entries.flat_map(|(at, entry)| entry.ids(at)).collect()
    }

    fn head(&self) -> String {
        let mut head = "version: 1\ngate: g\n".to_owned();
        if self.has_phases {
            writeln!(head, "phases: [{}]", PHASES.join(", ")).unwrap();
        }
        writeln!(head, "tags: [{}]", TAGS.join(", ")).unwrap();
        head
    }

    /// Writes everything out, in one file.
    fn plain(&self) -> BTreeMap<PathBuf, String> {
        let mut text = self.head();
        text.push_str("vars: { answer: \"yes\" }\nchecks:\n");
        for (at, entry) in self.entries.iter().enumerate() {
            for id in entry.ids(at) {
                let host = id.rsplit('.').next().unwrap();
                let (port, seconds) = (entry.port, entry.seconds);
                write!(
                    text,
                    "  {id}:\n    tcp: {host}.example.com:{port}\n    timeout: {seconds}s\n    retry: {{ attempts: {}, backoff: 1s }}\n",
                    entry.attempts
                )
                .unwrap();
                if let Some(most) = entry.duration {
                    writeln!(text, "    expect: {{ connect: under {most}ms }}").unwrap();
                }
                if let Some(need) = entry.needs {
                    let ids = self.entries[need].ids(need);
                    writeln!(text, "    needs: [{}]", ids.join(", ")).unwrap();
                }
                entry.own(&mut text);
            }
        }
        BTreeMap::from([(PathBuf::from("probes.yaml"), text)])
    }

    /// Writes the same with everything that the language has to say it shorter.
    fn rich(&self) -> BTreeMap<PathBuf, String> {
        let mut checks = [String::new(), String::new(), String::new()];
        let mut templates = String::new();
        let mut values = "answer: \"yes\", domain: example.com".to_owned();
        for (at, entry) in self.entries.iter().enumerate() {
            let text = &mut checks[entry.file];
            writeln!(text, "  c{at}:").unwrap();
            write!(values, ", port{at}: {}", entry.port).unwrap();
            let (name, more) = if entry.each.is_empty() {
                (format!("c{at}"), String::new())
            } else {
                let instances = entry
                    .each
                    .iter()
                    .map(|name| format!("{name}: {{ most{at}: {} }}", entry.duration.unwrap_or(1)));
                let instances: Vec<String> = instances.collect();
                (
                    "${each}".to_owned(),
                    format!("    each: {{ {} }}\n", instances.join(", ")),
                )
            };
            text.push_str(&more);
            let most = match (entry.duration, entry.each.is_empty()) {
                (Some(most), true) => Some(most.to_string()),
                (Some(_), false) => Some(format!("${{most{at}}}")),
                (None, _) => None,
            };
            let address = format!("\"{name}.${{domain}}:${{port{at}}}\"");
            let (seconds, attempts) = (entry.seconds, entry.attempts);
            let mut shared =
                format!("    timeout: {seconds}s\n    retry: {{ attempts: {attempts} }}\n");
            if let Some(most) = &most {
                writeln!(shared, "    expect: {{ connect: \"under {most}ms\" }}").unwrap();
            }
            match entry.template {
                // The check says everything itself.
                0 => write!(text, "    tcp: {address}\n{shared}").unwrap(),
                // It takes over everything but its address.
                1 => {
                    writeln!(
                        templates,
                        "  t{at}:\n    extends: base\n{}",
                        shared.trim_end()
                    )
                    .unwrap();
                    writeln!(text, "    extends: t{at}\n    tcp: {address}").unwrap();
                }
                // It takes over the address, too, and says the rest over again.
                _ => {
                    write!(templates, "  t{at}:\n    tcp: {{ address: {address} }}\n    timeout: 77s\n    retry: {{ attempts: 77 }}\n").unwrap();
                    write!(text, "    extends: [base, t{at}]\n{shared}").unwrap();
                }
            }
            if let Some(need) = entry.needs {
                writeln!(text, "    needs: [c{need}]").unwrap();
            }
            entry.own(text);
        }
        self.files(&checks, &templates, &values)
    }

    fn files(
        &self,
        checks: &[String; 3],
        templates: &str,
        values: &str,
    ) -> BTreeMap<PathBuf, String> {
        let defaults = "defaults: { retry: { backoff: 1s } }\n";
        let names = values.split(", ").map(|v| v.split(": ").next().unwrap());
        let declared: Vec<String> = names
            .map(|n| format!("{n}: {{ default: wrong }}"))
            .collect();
        let mut main = self.head();
        write!(
            main,
            "include: [parts/one.yaml, \"parts/t*.yaml\"]\nenvironments: {{ production: {{ vars: {{ {values} }} }}, staging: }}\n{defaults}"
        )
        .unwrap();
        if !checks[0].is_empty() {
            write!(main, "checks:\n{}", checks[0]).unwrap();
        }
        let mut one = format!(
            "version: 1\nvars: {{ {} }}\n{defaults}",
            declared.join(", ")
        );
        if !checks[1].is_empty() {
            write!(one, "checks:\n{}", checks[1]).unwrap();
        }
        let mut two = format!(
            "version: 1\n{defaults}templates:\n  base: {{ retry: {{ backoff: 1s }} }}\n{templates}"
        );
        if !checks[2].is_empty() {
            write!(two, "checks:\n{}", checks[2]).unwrap();
        }
        BTreeMap::from([
            (PathBuf::from("probes.yaml"), main),
            (PathBuf::from("parts/one.yaml"), one),
            (PathBuf::from("parts/two.yaml"), two),
        ])
    }
}

/// Reads a gate that stands in several files.
fn read(files: &BTreeMap<PathBuf, String>, environment: Option<&str>) -> Loaded {
    let missing = || io::Error::from(io::ErrorKind::NotFound);
    let plain = |path: &Path| -> PathBuf {
        path.components()
            .filter(|part| !matches!(part, std::path::Component::CurDir))
            .collect()
    };
    let real_path = |path: &Path| {
        let path = plain(path);
        let is_there = files.keys().any(|file| file.starts_with(&path));
        is_there.then_some(path).ok_or_else(missing)
    };
    let list = |path: &Path| {
        let inside = files
            .keys()
            .filter_map(|file| file.strip_prefix(plain(path)).ok());
        Ok(inside.map(|name| name.display().to_string()).collect())
    };
    let read_file = |path: &Path| {
        let text = files.get(&plain(path)).ok_or_else(missing)?;
        Ok(text.clone().into_bytes())
    };
    let source = Source {
        name: "probes.yaml".to_owned(),
        text: files[Path::new("probes.yaml")].clone(),
        base: PathBuf::new(),
    };
    let inputs = Inputs {
        kinds: &Kinds::new(),
        env: &|_| None,
        read_file: &read_file,
        includes: Includes {
            real_path: &real_path,
            list: &list,
            read: &read_file,
        },
        vars: Vec::new(),
        version: env!("CARGO_PKG_VERSION"),
        now: "2026-11-20T12:00:00Z".parse().unwrap(),
        resolve_secrets: true,
        policies: &[],
        environment: environment.map(str::to_owned),
        commands: Commands::StandIn,
        comparing: false,
        phase: None,
    };
    load(&source, &inputs)
}

fn told(loaded: &Loaded) -> String {
    render(
        &loaded.diagnostics,
        &loaded.sources,
        &loaded.redactor,
        false,
    )
}

/// Returns what is planned of each check, apart from where it was said.
fn planned(plan: &Plan) -> BTreeMap<String, PlannedCheck> {
    let without_places = |check: &PlannedCheck| {
        let mut check = check.clone();
        check.file.clear();
        check.line = 0;
        for expectation in &mut check.expectations {
            expectation.origin = gonogo_model::Origin::BuiltIn;
        }
        check
    };
    let checks = plan.summary().checks.iter();
    checks
        .map(|c| (c.id.to_string(), without_places(c)))
        .collect()
}

fn excluded(plan: &Plan) -> BTreeMap<String, String> {
    let excluded = plan.summary().excluded.iter();
    excluded
        .map(|e| (e.id.to_string(), e.reason.clone()))
        .collect()
}

/// Returns whether phase and tags choose an entry.
fn is_chosen(entry: &Entry, selection: &Selection) -> bool {
    let in_phase = match &selection.phase {
        Some(phase) => entry.phases.is_empty() || entry.phases.contains(&phase.as_str()),
        None => true,
    };
    let tagged = selection.tags.is_empty()
        || selection
            .tags
            .iter()
            .any(|tag| entry.tags.contains(&tag.as_str()));
    entry.when != Some(false) && in_phase && tagged
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_way_of_writing_and_no_selection_loses_a_check(gate in gate(), mut selection in selection()) {
        if !gate.has_phases {
            selection.phase = None;
        }
        let (plain, rich) = (gate.plain(), gate.rich());
        let one = read(&plain, None);
        let other = read(&rich, Some("production"));
        prop_assert_eq!(
            one.manifest.is_some(), other.manifest.is_some(),
            "{}\n{}\n{:#?}", told(&one), told(&other), rich
        );
        let (Some(one), Some(other)) = (one.manifest, other.manifest) else {
            // No blocker, a need out of its phase: a mistake, and no gate, either way.
            return Ok(());
        };
        // Each id of the file is there once, and no other.
        let wanted: BTreeSet<String> = gate.ids().into_iter().collect();
        for manifest in [&one, &other] {
            let checks = manifest.checks.iter().map(|c| c.id.to_string());
            let found: Vec<String> =
                checks.chain(manifest.excluded.iter().map(|e| e.id.to_string())).collect();
            prop_assert_eq!(found.len(), wanted.len());
            prop_assert_eq!(&found.into_iter().collect::<BTreeSet<_>>(), &wanted);
        }
        let nothing = !gate.entries.iter().any(|entry| is_chosen(entry, &selection));
        match (gonogo_engine::plan(&one, &selection, None), gonogo_engine::plan(&other, &selection, None)) {
            (Ok(one), Ok(other)) => {
                prop_assert!(!nothing, "a selection of nothing was planned");
                prop_assert_eq!(planned(&one), planned(&other));
                prop_assert_eq!(excluded(&one), excluded(&other));
                let (checks, excluded) = (planned(&one), excluded(&one));
                for (at, entry) in gate.entries.iter().enumerate() {
                    for id in entry.ids(at) {
                        let reason = excluded.get(&id).map(String::as_str);
                        prop_assert_ne!(checks.contains_key(&id), reason.is_some(), "{}", id);
                        prop_assert!(matches!(reason, None | Some("phase" | "tag" | "when")), "{}", id);
                        prop_assert_eq!(entry.when == Some(false), reason == Some("when"), "{}", id);
                        if is_chosen(entry, &selection) {
                            prop_assert!(checks.contains_key(&id), "{} was chosen", id);
                        }
                    }
                }
                prop_assert_eq!(checks.len() + excluded.len(), wanted.len());
                // What a flag leaves out stays in the plan, and the run is partial.
                let left_out = checks.values().any(|check| check.left_out.is_some());
                prop_assert_eq!(left_out, one.is_partial());
            }
            (Err(one), Err(other)) => {
                prop_assert_eq!(one.code(), other.code());
                if nothing && !matches!(one, PlanError::PhaseMissing { .. }) {
                    prop_assert!(matches!(one, PlanError::EmptySelection { .. }), "{}", one);
                }
            }
            (one, other) => prop_assert!(false, "{:?}\n{:?}", one.err(), other.err()),
        }
    }
}

#[test]
fn both_ways_of_writing_are_read() {
    // The property says little of gates that are all mistaken.
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut read_well, mut all) = (0, 0);
    for _ in 0..100 {
        let gate = gate().new_tree(&mut runner).unwrap().current();
        let loaded = read(&gate.rich(), Some("production"));
        all += 1;
        read_well += usize::from(loaded.manifest.is_some());
    }
    assert!(read_well * 2 > all, "{read_well} of {all}");
}
