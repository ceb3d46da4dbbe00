//! The gate, from outside: the rule case by case, and its properties.

#![expect(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

mod cases;
mod properties;
mod record;
mod shards;
mod waivers;
