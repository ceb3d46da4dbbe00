//! `command`: a program of this machine does its work.
//!
//! The program is started without a shell, in a process group of its own that never outlives the
//! attempt. Its output is read to the end whatever its size, so that it is not held up, and kept up
//! to a limit; what could not be kept whole cannot be judged.

mod codes;
mod config;
mod facts;
mod output;
mod probe;
#[cfg(test)]
mod tests;

use gonogo_kind::{Example, KindDecl, Looks};

pub(crate) use config::compile;

/// The declaration of `command`.
pub(crate) static KIND: KindDecl = KindDecl {
    name: "command",
    summary: "A program of this machine ends with the expected exit code and output.",
    manual: MANUAL,
    looks: Looks::Directly,
    schemes: &[],
    short: "argv",
    fields: config::FIELDS,
    facts: facts::FACTS,
    state: Some("signal"),
    built_in: facts::BUILT_IN,
    worth: facts::WORTH,
    codes: codes::ALL,
    examples: &[
        Example {
            title: "A program that says by its exit code whether all is well",
            yaml: "command: [pg_isready, --quiet, --host, 127.0.0.1]\n",
        },
        Example {
            title: "A program that prints JSON, with a secret in its environment",
            yaml: "\
command:
  argv: [deployctl, status, --output, json]
  env: { DEPLOYCTL_TOKEN: \"${token}\" }
expect:
  json: { $.replicas.ready: at least 3 }
",
        },
        Example {
            title: "A program that must refuse",
            yaml: "\
command: [./scripts/release-is-blocked.sh]
expect:
  exit_code: 3
  stderr: { contains: no release today }
",
        },
    ],
};

const MANUAL: &str = "\
The program is started directly: `argv` is its name and its arguments, and nothing is expanded. A
name without a slash is looked up in PATH, one with a slash is relative to `cwd`. Whoever needs a
shell names it: `[sh, -c, 'df / | tail -1']`; its text is then code, so no variable belongs in it
whose value comes from outside.

The command sees only the variables named in `inherit` and `env`. Its standard input is empty unless
`stdin` is given. An argument list is visible to every user of the machine, so a secret in `argv` is
a mistake; it belongs in `env` or `stdin`.

The command has the attempt's timeout less a twentieth of it (200 ms at most). Then it and everything
it started are asked to end (SIGTERM), and killed when the timeout is up. What a command leaves
running in its process group is killed when it ends; if that kept the output open, the output counts
as not whole, and an expectation on it is unknown.

A command that does not finish, or that a signal ends, has failed, whatever its output. A command
that cannot be started proves nothing: unknown. Bytes that are not UTF-8 are shown as U+FFFD.

The effect of a command is *executes*: `--read-only` skips it, and it is never retried.
";
