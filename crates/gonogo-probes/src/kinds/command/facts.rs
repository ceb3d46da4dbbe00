//! What `command` observes, and what it expects by itself.

use gonogo_kind::{BuiltIn, FactDecl, FactType, Hold, TextChoice, Worth};
use gonogo_model::Strength;

/// The facts.
pub(super) const FACTS: &[FactDecl] = &[
    FactDecl {
        name: "exit_code",
        ty: FactType::Integer,
        sentence: "The code with which the command ended; absent when a signal ended it.",
        example: "0",
    },
    FactDecl {
        name: "signal",
        ty: FactType::Choice(SIGNALS),
        sentence: "The signal that ended the command; absent when it ended by itself.",
        example: "SIGTERM",
    },
    FactDecl {
        name: "duration",
        ty: FactType::Duration,
        sentence: "From the start of the command to its end.",
        example: "under 5s",
    },
    FactDecl {
        name: "stdout",
        ty: FactType::Text,
        sentence: "What it printed to its standard output, without the line break at the end.",
        example: "{ contains: ready }",
    },
    FactDecl {
        name: "stderr",
        ty: FactType::Text,
        sentence: "What it printed to its standard error, without the line break at the end.",
        example: "{ not: { contains: WARNING } }",
    },
    FactDecl {
        name: "stdout_size",
        ty: FactType::Size,
        sentence: "How much it printed to its standard output.",
        example: "at most 64KiB",
    },
    FactDecl {
        name: "lines",
        ty: FactType::List(&FactType::Text),
        sentence: "The lines of its standard output, without line breaks.",
        example: "{ length: at least 1 }",
    },
    FactDecl {
        name: "json",
        ty: FactType::Json,
        sentence: "Its standard output as one JSON document.",
        example: "{ $.status: ok }",
    },
];

/// The built-in expectations.
pub(super) const BUILT_IN: &[BuiltIn] = &[BuiltIn {
    fact: "exit_code",
    matcher: "0",
    strength: Strength::Must,
}];

/// What `gonogo add` takes into a new check.
pub(super) const WORTH: &[Worth] = &[Worth::must("exit_code", Hold::Exact)];

/// Returns the name of a signal by its number on this machine.
pub(super) fn signal_name(number: i32) -> String {
    use rustix::process::Signal;
    let named: [(Signal, &str); 20] = [
        (Signal::HUP, "SIGHUP"),
        (Signal::INT, "SIGINT"),
        (Signal::QUIT, "SIGQUIT"),
        (Signal::ILL, "SIGILL"),
        (Signal::TRAP, "SIGTRAP"),
        (Signal::ABORT, "SIGABRT"),
        (Signal::BUS, "SIGBUS"),
        (Signal::FPE, "SIGFPE"),
        (Signal::KILL, "SIGKILL"),
        (Signal::USR1, "SIGUSR1"),
        (Signal::SEGV, "SIGSEGV"),
        (Signal::USR2, "SIGUSR2"),
        (Signal::PIPE, "SIGPIPE"),
        (Signal::ALARM, "SIGALRM"),
        (Signal::TERM, "SIGTERM"),
        (Signal::XCPU, "SIGXCPU"),
        (Signal::XFSZ, "SIGXFSZ"),
        (Signal::VTALARM, "SIGVTALRM"),
        (Signal::PROF, "SIGPROF"),
        (Signal::SYS, "SIGSYS"),
    ];
    named
        .iter()
        .find(|(signal, _)| signal.as_raw() == number)
        .map_or_else(|| format!("SIG{number}"), |(_, name)| (*name).to_owned())
}

const SIGNALS: &[TextChoice] = &[
    TextChoice {
        word: "SIGHUP",
        sentence: "The terminal went away.",
    },
    TextChoice {
        word: "SIGINT",
        sentence: "Interrupted from the keyboard.",
    },
    TextChoice {
        word: "SIGQUIT",
        sentence: "Quit from the keyboard.",
    },
    TextChoice {
        word: "SIGILL",
        sentence: "An instruction that does not exist.",
    },
    TextChoice {
        word: "SIGTRAP",
        sentence: "A trap of a debugger.",
    },
    TextChoice {
        word: "SIGABRT",
        sentence: "The program gave up, often by a failed assertion.",
    },
    TextChoice {
        word: "SIGBUS",
        sentence: "Memory that is not there.",
    },
    TextChoice {
        word: "SIGFPE",
        sentence: "Arithmetic that has no result.",
    },
    TextChoice {
        word: "SIGKILL",
        sentence: "Killed; often by the kernel, out of memory.",
    },
    TextChoice {
        word: "SIGUSR1",
        sentence: "A signal of the program's own.",
    },
    TextChoice {
        word: "SIGSEGV",
        sentence: "Memory that belongs to somebody else.",
    },
    TextChoice {
        word: "SIGUSR2",
        sentence: "Another signal of the program's own.",
    },
    TextChoice {
        word: "SIGPIPE",
        sentence: "Wrote to a pipe that nobody reads.",
    },
    TextChoice {
        word: "SIGALRM",
        sentence: "A timer of the program ran out.",
    },
    TextChoice {
        word: "SIGTERM",
        sentence: "Asked to end.",
    },
    TextChoice {
        word: "SIGXCPU",
        sentence: "Used up its processor time.",
    },
    TextChoice {
        word: "SIGXFSZ",
        sentence: "Wrote a file larger than allowed.",
    },
    TextChoice {
        word: "SIGVTALRM",
        sentence: "A timer of processor time ran out.",
    },
    TextChoice {
        word: "SIGPROF",
        sentence: "A timer of a profiler ran out.",
    },
    TextChoice {
        word: "SIGSYS",
        sentence: "A system call that is forbidden.",
    },
];
