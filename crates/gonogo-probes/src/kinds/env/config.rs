//! The fields of `env`.

use std::sync::Arc;

use gonogo_kind::{
    FieldDecl, FieldMistake, FieldType, Fields, Pattern, Probe, SecretText, closest,
};

use super::probe::EnvProbe;
use crate::net::Net;

/// The keys of the long form.
pub(super) const FIELDS: &[FieldDecl] = &[
    FieldDecl {
        name: "names",
        ty: FieldType::Texts,
        required: true,
        default: None,
        sentence: "The variables that must be set.",
        example: "[DATABASE_URL, REDIS_URL]",
    },
    FieldDecl {
        name: "file",
        ty: FieldType::Path,
        required: false,
        default: None,
        sentence: "A file of lines NAME=value in which they are looked up, instead of gonogo's own environment.",
        example: ".env.production",
    },
    FieldDecl {
        name: "patterns",
        ty: FieldType::TextMap,
        required: false,
        default: None,
        sentence: "A regular expression for each value that has to look like something; it is searched anywhere in the value.",
        example: "{ PORT: '^[0-9]+$' }",
    },
    FieldDecl {
        name: "forbid",
        ty: FieldType::Texts,
        required: false,
        default: None,
        sentence: "Words that no value may hold, in any case.",
        example: "[staging, localhost]",
    },
    FieldDecl {
        name: "allow_placeholders",
        ty: FieldType::Texts,
        required: false,
        default: None,
        sentence: "The names whose value may look like a placeholder.",
        example: "[SENTRY_ENVIRONMENT]",
    },
    FieldDecl {
        name: "differs_from",
        ty: FieldType::Path,
        required: false,
        default: None,
        sentence: "A file of settings of another environment, in which no value may be the same.",
        example: ".env.staging",
    },
    FieldDecl {
        name: "shared",
        ty: FieldType::Texts,
        required: false,
        default: None,
        sentence: "The names whose value may be the same in the file of differs_from.",
        example: "[PORT, LOG_LEVEL]",
    },
    FieldDecl {
        name: "dsn",
        ty: FieldType::Text,
        required: false,
        default: None,
        sentence: "The one of the names that holds a connection string; its parts become facts.",
        example: "DATABASE_URL",
    },
];

/// Builds the probe.
pub(crate) fn compile(
    fields: &Fields,
    _net: &Arc<Net>,
) -> Result<Arc<dyn Probe>, Vec<FieldMistake>> {
    let mut mistakes = Vec::new();
    let names = plain("names", fields.texts("names"), &mut mistakes);
    for name in &names {
        if name.is_empty() || name.contains(['=', '\0']) {
            let message = format!("`{}` is not the name of a variable", name.escape_debug());
            mistakes.push(FieldMistake::new("names", message));
        }
    }
    let mut known = |field: &'static str, name: &str| {
        if !names.iter().any(|known| known == name) {
            let message = format!("`{}` is not one of `names`", name.escape_debug());
            let meant = closest(name, names.iter().map(String::as_str));
            mistakes.push(FieldMistake::new(field, message).hint(match meant {
                Some(meant) => format!("Did you mean `{meant}`?"),
                None => "Add it to `names`, or take it out here.".to_owned(),
            }));
        }
    };
    for (name, _) in fields.text_map("patterns") {
        known("patterns", name);
    }
    for field in ["allow_placeholders", "shared"] {
        for name in fields.texts(field) {
            known(field, &name.text);
        }
    }
    if let Some(dsn) = fields.text("dsn") {
        known("dsn", &dsn.text);
    }
    if !fields.texts("shared").is_empty() && fields.path("differs_from").is_none() {
        let message = "says what may be the same in another file, and there is no `differs_from`";
        mistakes.push(FieldMistake::new("shared", message));
    }
    let mut patterns = Vec::new();
    for (name, text) in fields.text_map("patterns") {
        match Pattern::read(&text.text) {
            Ok(pattern) => patterns.push((name.clone(), pattern)),
            Err(why) => {
                let message = format!(
                    "the pattern of `{}` cannot be read: {why}",
                    name.escape_debug()
                );
                mistakes.push(FieldMistake::new("patterns", message));
            }
        }
    }
    let forbid = fields
        .texts("forbid")
        .iter()
        .map(|word| word.text.to_lowercase())
        .collect();
    let allow_placeholders = plain(
        "allow_placeholders",
        fields.texts("allow_placeholders"),
        &mut mistakes,
    );
    let shared = plain("shared", fields.texts("shared"), &mut mistakes);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    Ok(Arc::new(EnvProbe {
        names,
        file: fields.path("file").map(ToOwned::to_owned),
        patterns,
        forbid,
        allow_placeholders,
        differs_from: fields.path("differs_from").map(ToOwned::to_owned),
        shared,
        dsn: fields.text("dsn").map(|dsn| dsn.text.clone()),
    }))
}

/// Names are shown; a secret among them is a mistake.
fn plain(
    field: &'static str,
    texts: &[SecretText],
    mistakes: &mut Vec<FieldMistake>,
) -> Vec<String> {
    if texts.iter().any(|text| text.secret) {
        let message = "holds a secret where the name of a variable belongs";
        mistakes.push(
            FieldMistake::new(field, message)
                .hint("Names are shown in reports; write the name itself."),
        );
    }
    texts.iter().map(|text| text.text.clone()).collect()
}
