//! What is in force where a check says nothing else.

use std::time::Duration;

use gonogo_kind::{Entry, FieldValue, Node};

use crate::keys::{self, Keys};
use crate::reader::Reader;
use crate::substitute::Instance;

/// What is in force where a check says nothing else.
#[derive(Debug)]
pub(crate) struct Defaults {
    pub(crate) timeout: Duration,
    pub(crate) retry: Retry,
}

/// How often to try again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Retry {
    pub(crate) attempts: u32,
    pub(crate) backoff: Duration,
}

impl Defaults {
    /// Returns what is in force where a file has no `defaults`.
    pub(crate) const fn built_in() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            retry: Retry {
                attempts: 1,
                backoff: Duration::from_millis(500),
            },
        }
    }

    /// Reads `defaults`.
    pub(crate) fn read(reader: &mut Reader<'_>, node: Option<&Node>) -> Self {
        let mut defaults = Self::built_in();
        let keys = node.and_then(|node| Keys::of(reader, node, keys::DEFAULTS, "`defaults`"));
        if let Some(keys) = keys {
            let timeout = reader.field_of(&keys, keys::DEFAULTS, "timeout", None);
            if let Some(FieldValue::Duration(timeout)) = timeout {
                defaults.timeout = timeout;
            }
            defaults.retry = Retry::read(reader, keys.entry("retry"), defaults.retry, None);
        }
        defaults
    }
}

impl Retry {
    /// Reads `retry`; what it leaves out is as in `inherited`.
    pub(crate) fn read(
        reader: &mut Reader<'_>,
        entry: Option<&Entry>,
        inherited: Self,
        instance: Option<&Instance>,
    ) -> Self {
        let mut retry = inherited;
        let keys = entry.and_then(|e| Keys::of(reader, &e.value, keys::RETRY, "`retry`"));
        let Some(keys) = keys else {
            return retry;
        };
        let attempts = reader.field_of(&keys, keys::RETRY, "attempts", instance);
        if let Some(FieldValue::Integer(attempts)) = attempts {
            retry.attempts = u32::try_from(attempts).unwrap_or(1);
        }
        let backoff = reader.field_of(&keys, keys::RETRY, "backoff", instance);
        if let Some(FieldValue::Duration(backoff)) = backoff {
            retry.backoff = backoff;
        }
        retry
    }
}
