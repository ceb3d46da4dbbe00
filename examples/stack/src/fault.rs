//! What can be broken, and whether it is.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Something that can be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// A migration is on disk that the database does not have.
    Migration,
    /// An applied migration was edited.
    Edited,
    /// The certificate of the edge has expired.
    Certificate,
    /// The record of the gateway is gone from the zone.
    Dns,
    /// The core service answers 503.
    Service,
    /// The analytics service accepts and never answers.
    Hang,
    /// Redis is stopped.
    Redis,
}

impl Fault {
    const ALL: [(&'static str, Self, &'static str); 7] = [
        (
            "migration",
            Self::Migration,
            "a migration is on disk that the database does not have",
        ),
        ("edited", Self::Edited, "an applied migration was edited"),
        (
            "certificate",
            Self::Certificate,
            "the certificate of the edge has expired",
        ),
        ("dns", Self::Dns, "the DNS record of the gateway is gone"),
        ("service", Self::Service, "the core service answers 503"),
        (
            "hang",
            Self::Hang,
            "the analytics service accepts and never answers",
        ),
        ("redis", Self::Redis, "Redis is stopped"),
    ];

    /// Returns the fault of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(known, ..)| *known == name)
            .map(|(_, fault, _)| *fault)
    }

    /// Returns what the fault is, in words.
    pub(crate) fn words(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, fault, _)| *fault == self)
            .map_or("", |(_, _, words)| words)
    }
}

/// The faults in force, shared by everything that serves.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults(Arc<Mutex<BTreeSet<Fault>>>);

impl Faults {
    /// Sets or clears a fault.
    pub(crate) fn set(&self, fault: Fault, broken: bool) {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if broken {
            faults.insert(fault);
        } else {
            faults.remove(&fault);
        }
    }

    /// Returns whether a fault is in force.
    pub(crate) fn has(&self, fault: Fault) -> bool {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&fault)
    }
}
