//! `--var-file`: a flat YAML map from variables to values.

use gonogo_kind::{Diagnostic, NodeValue};

use crate::mistakes::Mistakes;
use crate::render::render;
use crate::source::{Source, Sources};
use crate::{characters, hide, tree};

/// Reads a file of variables: names, values, and the file's name as their origin.
///
/// # Errors
///
/// Every mistake in it, rendered.
pub fn read_var_file(source: &Source) -> Result<Vec<(String, String, String)>, String> {
    let mut sources = Sources::default();
    let file = sources.add(&source.name, &source.text);
    let mut mistakes = Mistakes::default();
    let mut hide = hide::Hide::default();
    let mut values = Vec::new();
    let root = sources.get(file).and_then(|text| {
        if characters::reject(text, file, &mut mistakes) {
            return None;
        }
        tree::parse(text, file, &mut mistakes)
    });
    let entries = match root.as_ref().map(|root| (&root.value, root)) {
        Some((NodeValue::Map(entries), _)) => entries.as_slice(),
        Some((NodeValue::Scalar(_) | NodeValue::List(_), root)) => {
            let message = format!("a file of variables is a map, not {}", root.describe());
            mistakes.push(
                Diagnostic::error("config/wrong_type", message, root.span)
                    .hint("For example `host: db.example.com`."),
            );
            &[]
        }
        // Nothing in it, or a mistake that was reported.
        None => &[],
    };
    for entry in entries {
        let name = &entry.key.value;
        match entry.value.as_scalar() {
            Some(scalar) if !scalar.is_null() => {
                hide.passwords(&scalar.text);
                values.push((name.clone(), scalar.text.clone(), source.name.clone()));
            }
            Some(_) | None => {
                let message = format!("`{name}` is one value, not {}", entry.value.describe());
                mistakes.push(Diagnostic::error(
                    "config/wrong_type",
                    message,
                    entry.value.span,
                ));
            }
        }
    }
    if mistakes.has_errors() {
        return Err(render(
            &mistakes.sorted(),
            &sources,
            &hide.redactor(),
            false,
        ));
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(String, String, String)>, String> {
        read_var_file(&Source {
            name: "vars.yaml".to_owned(),
            text: text.to_owned(),
            base: ".".into(),
        })
    }

    #[test]
    fn values_are_the_texts_as_they_stand() {
        let variable =
            |name: &str, value: &str| (name.to_owned(), value.to_owned(), "vars.yaml".to_owned());
        assert_eq!(
            read("host: db\nversion: 1.10\nzip: 010\n"),
            Ok(vec![
                variable("host", "db"),
                variable("version", "1.10"),
                variable("zip", "010")
            ])
        );
        assert_eq!(read(""), Ok(Vec::new()));
    }

    #[test]
    fn anything_but_values_is_a_mistake() {
        assert_eq!(
            read("host: [a]\nport:\n").unwrap_err(),
            "error[config/wrong_type]: `host` is one value, not a list\n --> vars.yaml:1:7\n  |\n1 | host: [a]\n  |       ^^^\n\nerror[config/wrong_type]: `port` is one value, not nothing\n --> vars.yaml:2:1\n  |\n2 | port:\n  | ^^^^\n\n"
        );
        assert!(read("- a\n").unwrap_err().contains("is a map, not a list"));
    }
}
