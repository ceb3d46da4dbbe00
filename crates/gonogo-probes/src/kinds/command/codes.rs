//! The codes of `command`.

use gonogo_model::CodeDecl;

/// The command could not be started.
pub(super) const CANNOT_START: &CodeDecl = &CodeDecl::ours(
    "command/cannot_start",
    "The command could not be started.",
    "Is the program installed on this machine and executable, and does cwd exist? There is no shell: argv is a program and its arguments.",
);
/// The command did not finish in time and was ended.
pub(super) const TIMEOUT: &CodeDecl = &CodeDecl::subject(
    "command/timeout",
    "The command did not finish in time and was ended.",
    "Does it wait for input or for a service? Raise timeout only if it is known to take longer.",
);
/// A signal ended the command.
pub(super) const KILLED: &CodeDecl = &CodeDecl::subject(
    "command/killed",
    "A signal ended the command.",
    "SIGSEGV and SIGABRT are crashes; SIGKILL is often the kernel, out of memory. To want it, expect `signal`.",
);
/// The command printed something else than JSON.
pub(super) const NOT_JSON: &CodeDecl = &CodeDecl::subject(
    "command/not_json",
    "The standard output is not JSON, and an expectation looks into it.",
    "Does the command need an option for JSON, or does it print a banner first?",
);
/// The command printed more than is kept.
pub(super) const OUTPUT_TOO_LARGE: &CodeDecl = &CodeDecl::ours(
    "command/output_too_large",
    "The command printed more than output_limit, and an expectation needs the output.",
    "Make the command print less, or raise output_limit.",
);
/// Programs that the command left behind kept its output open.
pub(super) const OUTPUT_OPEN: &CodeDecl = &CodeDecl::ours(
    "command/output_open",
    "The command ended, but programs it left behind kept its output open, so the output may not be whole.",
    "Send the output of background programs elsewhere, or wait for them before the command ends.",
);

/// Every code of this kind.
pub(super) const ALL: &[&CodeDecl] = &[
    CANNOT_START,
    TIMEOUT,
    KILLED,
    NOT_JSON,
    OUTPUT_TOO_LARGE,
    OUTPUT_OPEN,
];
