//! `env`: the settings that a program will be started with are there, well-formed, and those of this environment.
//!
//! They are read from gonogo's own environment or from a file of settings. No value ever leaves the probe: facts
//! name variables and say what is wrong with them; of a URL the parts are facts that are no secret.

mod codes;
mod config;
mod dsn;
mod facts;
mod placeholder;
mod probe;
mod settings;
#[cfg(test)]
mod tests;

use gonogo_kind::{Example, KindDecl, Looks};

pub(crate) use config::compile;

/// The declaration of `env`.
pub(crate) static KIND: KindDecl = KindDecl {
    name: "env",
    summary: "Variables are set, well-formed, and hold no placeholder and no value of another environment.",
    manual: MANUAL,
    looks: Looks::Directly,
    schemes: &[],
    short: "names",
    fields: config::FIELDS,
    facts: facts::FACTS,
    state: None,
    built_in: facts::BUILT_IN,
    worth: facts::WORTH,
    codes: codes::ALL,
    examples: &[
        Example {
            title: "The pipeline has what the deployment needs",
            yaml: "env: [DATABASE_URL, REDIS_URL, JWT_SECRET]\n",
        },
        Example {
            title: "The settings of production are whole, and nothing of staging is left in them",
            yaml: "\
env:
  names: [API_URL, PORT, JWT_SECRET]
  file: .env.production
  patterns: { API_URL: '^https://', PORT: '^[0-9]+$', JWT_SECRET: '.{32}' }
  forbid: [staging, sandbox, localhost]
  differs_from: .env.staging
  shared: [PORT]
",
        },
        Example {
            title: "The database is the one of production, and its connection is verified",
            yaml: "\
env:
  names: [DATABASE_URL]
  dsn: DATABASE_URL
expect:
  host: { ends_with: .prod.internal }
  sslmode: verify-full
",
        },
    ],
};

const MANUAL: &str = "\
`names` must be set, and not to an empty text. They are looked up in gonogo's own environment, which is that
of the pipeline; with `file`, in a file of lines `NAME=value` as programs that read `.env` know them
(`export`, quotes, comments; `$NAME` inside a value is replaced). What a program on another machine was started with cannot be seen
from here: run gonogo there, as a command of that machine.

`wrong` lists each name with what is wrong with it, and nothing may be in it. A value is wrong that is missing, that
does not match its pattern (searched anywhere: `^` and `$` tie it to the ends), that is a placeholder, that
holds a word of `forbid` in any case, or that is the same in the file of `differs_from`, unless the name is in `shared`.
The other facts list the same names one reason at a time, and are absent where nothing asks for the reason.

Placeholders are texts that stand for a value that was never put in: `changeme`, `todo`, `tbd`, `fixme`, `placeholder`,
`dummy`, `example` and the like as the whole value or as a word of it, `xxx`, `your-...`, `replace...`, anything in `<...>`, `{{...}}` or `${...}`, and hosts of
`example.com` and its kin (RFC 2606). `allow_placeholders` lists names that may hold one.

No value is shown, in no report and no message. With `dsn`, the parts of a connection string that are no secret become facts:
scheme, host, port, database and sslmode. A part that is not written is absent, never a default.

A file that is missing or cannot be read makes the check unknown: it proves nothing about the settings.
";
