//! Gates without a mistake, and what is made of them.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod support;

use gonogo_kind::manifest::Manifest;
use support::{Machine, rendered};

fn manifest(machine: &Machine, text: &str) -> Manifest {
    let loaded = machine.load(text);
    assert!(!loaded.has_errors(), "{}", rendered(&loaded));
    loaded.manifest.unwrap()
}

#[test]
fn the_gate_of_the_design_is_read() {
    let machine = Machine::default()
        .env("TARGET_HOST", "stack.example.com")
        .env("DATABASE_URL", "postgres://app:canary-1@db.example.com/app")
        .file("/run/secrets/redis_url", "redis://:canary-2@cache:6379\n");
    let manifest = manifest(&machine, include_str!("valid/design.yaml"));
    let ids: Vec<&str> = manifest.checks.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "service.auth",
            "service.core",
            "edge",
            "database",
            "rows",
            "region.eu",
            "region.us",
            "region.ap"
        ]
    );
}
