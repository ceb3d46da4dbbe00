//! One folder a kind.

pub(crate) mod command;
pub(crate) mod dns;
pub(crate) mod env;
pub(crate) mod http;
pub(crate) mod migrations;
pub(crate) mod postgres;
pub(crate) mod redis;
pub(crate) mod tcp;
pub(crate) mod tls;
