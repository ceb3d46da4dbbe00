//! One module a command.

pub(crate) mod add;
pub(crate) mod baseline;
pub(crate) mod check;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod init;
pub(crate) mod lint;
pub(crate) mod nagios;
pub(crate) mod notify;
pub(crate) mod plan;
pub(crate) mod probe;
pub(crate) mod reference;
pub(crate) mod run_diff;
pub(crate) mod run_merge;
pub(crate) mod run_show;
pub(crate) mod schema;
pub(crate) mod shell;
pub(crate) mod show;
pub(crate) mod watch;
