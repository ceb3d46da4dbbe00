//! The fields of `command`.

use std::sync::Arc;

use gonogo_kind::{FieldDecl, FieldMistake, FieldType, Fields, Probe, SecretText};

use super::probe::CommandProbe;
use crate::net::Net;

/// The keys of the long form.
pub(super) const FIELDS: &[FieldDecl] = &[
    FieldDecl {
        name: "argv",
        ty: FieldType::Texts,
        required: true,
        default: None,
        sentence: "The program and its arguments, as a list: there is no shell, so pipes, wildcards and variables of a shell mean nothing.",
        example: "[pg_isready, --quiet, --host, db.internal]",
    },
    FieldDecl {
        name: "env",
        ty: FieldType::TextMap,
        required: false,
        default: None,
        sentence: "Environment variables for the command; the place for secrets.",
        example: "{ PGPASSWORD: \"${database_password}\" }",
    },
    FieldDecl {
        name: "inherit",
        ty: FieldType::Texts,
        required: false,
        default: None,
        sentence: "The variables of gonogo's own environment that are passed on, instead of PATH, HOME, USER, LANG, LC_ALL, TZ and TMPDIR; every other one is kept from the command.",
        example: "[PATH, HOME, KUBECONFIG]",
    },
    FieldDecl {
        name: "cwd",
        ty: FieldType::Path,
        required: false,
        default: Some("."),
        sentence: "The folder in which the command runs, relative to the gate file's folder.",
        example: "deploy",
    },
    FieldDecl {
        name: "stdin",
        ty: FieldType::Text,
        required: false,
        default: None,
        sentence: "Text that the command reads from its standard input, which is empty otherwise.",
        example: "ping",
    },
    FieldDecl {
        name: "output_limit",
        ty: FieldType::Size,
        required: false,
        default: Some("1MiB"),
        sentence: "How much of the standard output and of the standard error is kept, each; beyond it the output cannot be judged.",
        example: "4MiB",
    },
];

/// Builds the probe.
pub(crate) fn compile(
    fields: &Fields,
    _net: &Arc<Net>,
) -> Result<Arc<dyn Probe>, Vec<FieldMistake>> {
    let mut mistakes = argv_mistakes(fields.texts("argv"));
    for (name, value) in fields.text_map("env") {
        check_name("env", name, &mut mistakes);
        if value.text.contains('\0') {
            let message = format!("the value of `{name}` holds a NUL character");
            mistakes.push(FieldMistake::new("env", message));
        }
    }
    for name in fields.texts("inherit") {
        check_name("inherit", &name.text, &mut mistakes);
    }
    let output_limit = fields.size("output_limit").unwrap_or(DEFAULT_LIMIT);
    if output_limit > MAX_LIMIT {
        let message = "is more than 1GiB: the output is kept in memory";
        mistakes.push(FieldMistake::new("output_limit", message));
    }
    let [program, arguments @ ..] = fields.texts("argv") else {
        mistakes.push(FieldMistake::new("argv", "names no program"));
        return Err(mistakes);
    };
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let inherit = match fields.texts("inherit") {
        [] => INHERITED.map(str::to_owned).to_vec(),
        names => names.iter().map(|name| name.text.clone()).collect(),
    };
    Ok(Arc::new(CommandProbe {
        program: program.text.clone(),
        arguments: arguments.iter().map(|a| a.text.clone()).collect(),
        env: fields.text_map("env").to_vec(),
        inherit,
        cwd: fields.path("cwd").unwrap_or(".".as_ref()).to_owned(),
        stdin: fields.text("stdin").cloned(),
        output_limit: usize::try_from(output_limit).unwrap_or(usize::MAX),
    }))
}

/// An argument list is visible to every user of the machine, and ends up in its logs.
fn argv_mistakes(argv: &[SecretText]) -> Vec<FieldMistake> {
    let mut mistakes = Vec::new();
    if argv.iter().any(|argument| argument.secret) {
        mistakes.push(
            FieldMistake::new(
                "argv",
                "holds a secret, which every user of this machine can see while the command runs",
            )
            .hint("Give the secret to the command through `env` or `stdin`."),
        );
    }
    if argv.iter().any(|argument| argument.text.contains('\0')) {
        mistakes.push(FieldMistake::new("argv", "holds a NUL character"));
    }
    if argv.first().is_some_and(|program| program.text.is_empty()) {
        mistakes.push(FieldMistake::new(
            "argv",
            "begins with an empty text, not with a program",
        ));
    }
    mistakes
}

fn check_name(field: &'static str, name: &str, mistakes: &mut Vec<FieldMistake>) {
    if name.is_empty() || name.contains(['=', '\0']) {
        let message = format!("`{}` is not the name of a variable", name.escape_debug());
        mistakes.push(FieldMistake::new(field, message));
    }
}

/// What nearly every program needs and what holds no secrets.
const INHERITED: [&str; 7] = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR"];
const DEFAULT_LIMIT: u64 = 1024 * 1024;
const MAX_LIMIT: u64 = 1 << 30;
