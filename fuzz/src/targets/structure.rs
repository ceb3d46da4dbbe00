//! Gates of several files and layers: `include`, `templates`, `each`, `when`, `defaults`.
//!
//! What is written by templates and instances is held against what it comes to: a gate is never weaker than
//! itself, and what it declares is what it runs.

use gonogo_config::compare;

use super::Target;
use super::gate::{Folder, How, read};
use crate::behaviour::Behaviour;

pub(super) const TARGET: Target = Target {
    name: "structure",
    what: "gates of several files, with templates and instances",
    check,
    words: WORDS,
    tries: 500,
};

fn check(input: &[u8]) -> Behaviour {
    let text = match read(input) {
        Ok(text) => text,
        Err(behaviour) => return behaviour,
    };
    let folder = Folder::of(&text);
    let judged = folder.judged();
    if let Some(manifest) = &judged.loaded.manifest {
        let instances = manifest.checks.iter().filter(|c| c.each_of.is_some());
        for check in instances {
            let each = check.each_of.as_ref().map_or("", |id| id.as_str());
            let name = check.id.as_str().strip_prefix(each);
            assert!(name.is_some_and(|n| n.starts_with('.')), "{}", check.id);
        }
        let gate = folder.source("", "gate.yaml");
        let itself = folder.with(How::USUAL, |inputs| compare(&gate, &gate, inputs));
        assert_eq!(itself.weakenings.unwrap_or_default(), [], "against itself");
    }
    judged.behaviour
}

const WORDS: &[&str] = &[
    "include:",
    "templates:",
    "extends:",
    "each:",
    "when:",
    "defaults:",
    "groups:",
    "group:",
    "needs:",
    "vars:",
    "version: 1",
    "gate: g",
    "checks:",
    "expect:",
    "should:",
    "assert:",
    "message:",
    "retry:",
    "timeout:",
    "severity: warning",
    "phases: [pre]",
    "tags: [web]",
    "http:",
    "tcp:",
    "command:",
    "headers:",
    "extends: base",
    "extends: [base, page]",
    "extends: [page, base]",
    "base",
    "page",
    "[eu, us, ap]",
    "{ auth: { port: 3001 }, core: { port: 3002 } }",
    "{ a: , b: { host: x } }",
    "${each}",
    "${port}",
    "${host}",
    "$${each}",
    "{ duration: under 1s }",
    "{ status: 200 }",
    "{ at_least: 2 }",
    "{ attempts: 3 }",
    "each == 'eu'",
    "host != 'x'",
    "\n#=== a.yaml\nversion: 1\n",
    "\n#=== checks/b.yaml\nversion: 1\n",
    "include: [a.yaml]",
    "include: checks/*.yaml",
    "include: [a.yaml, checks/b.yaml]",
    "a.yaml",
    "../gate.yaml",
    "**",
    "*",
    "[]",
    "{}",
    "~",
    "&a",
    "*a",
];
