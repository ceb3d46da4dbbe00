//! The reference pages, in Markdown.

use gonogo_kind::KindDecl;

use super::words::{self, AnyCode, every_code};

/// Returns the page of a kind.
pub(crate) fn kind_markdown(kind: &KindDecl) -> String {
    let mut page = format!(
        "{NOTICE}# `{}`\n\n{}\n\n{}\n",
        kind.name,
        kind.summary,
        kind.manual.trim()
    );
    let mut remarks = vec![words::looks(kind).to_owned()];
    remarks.extend(words::wanted_failure(kind));
    if !kind.schemes.is_empty() {
        let schemes: Vec<String> = kind.schemes.iter().map(|s| format!("`{s}://`")).collect();
        remarks.push(format!(
            "`gonogo probe` knows it by {}.",
            schemes.join(", ")
        ));
    }
    page.push_str(&format!("\n{}\n", remarks.join("\n\n")));
    if !kind.examples.is_empty() {
        page.push_str("\n## Examples\n");
    }
    for example in kind.examples {
        let yaml: Vec<String> = example
            .yaml
            .trim_end()
            .lines()
            .map(|line| format!("  {line}").trim_end().to_owned())
            .collect();
        let title = example.title;
        page.push_str(&format!(
            "\n{title}:\n\n```yaml\ncheck:\n{}\n```\n",
            yaml.join("\n")
        ));
    }
    page.push_str(&fields(kind));
    page.push_str(&facts(kind));
    page.push_str(&built_in(kind));
    page.push_str(&codes(kind));
    page
}

/// Returns the table of kinds.
pub(crate) fn kinds_markdown(kinds: &[&'static KindDecl]) -> String {
    let mut page = format!("{NOTICE}# Kinds\n\n");
    let rows = kinds.iter().map(|kind| {
        let name = kind.name;
        [format!("[`{name}`]({name}.md)"), prose(kind.summary)]
    });
    table(&mut page, ["Kind", "What it proves"], rows);
    page
}

/// Returns the page of all codes, a heading for each.
pub(crate) fn codes_markdown(kinds: &[&'static KindDecl]) -> String {
    let mut page = format!(
        "{NOTICE}# Codes\n\nWhat can go wrong, what it means and what to do. A code keeps its meaning for ever.\n"
    );
    let codes = every_code(kinds);
    let mut area = "";
    for code in &codes {
        if code.area() != area {
            area = code.area();
            page.push_str(&format!("\n## {area}/: {}\n", words::area(area, kinds)));
        }
        page.push_str(&code_section(code));
    }
    page
}

fn code_section(code: &AnyCode) -> String {
    let mut section = format!(
        "\n### `{}`\n\n{}\n\n- means: {}\n",
        code.code,
        prose(code.meaning),
        code.outcome()
    );
    if let Some(again) = code.again() {
        section.push_str(&format!("- tried again: {again}\n"));
    }
    section.push_str(&format!("- hint: {}\n", prose(code.hint)));
    section
}

fn fields(kind: &KindDecl) -> String {
    let mut section = format!(
        "\n## Keys\n\n`{}: VALUE` alone sets `{}`.\n\n",
        kind.name, kind.short
    );
    let rows = kind.fields.iter().map(|field| {
        let mut sentence = prose(field.sentence);
        for (word, meaning) in words::field_words(field) {
            sentence.push_str(&format!("<br>`{word}`: {}", prose(meaning)));
        }
        [
            format!("`{}`", field.name),
            words::field_type(field.ty),
            match (field.required, field.default) {
                (true, _) => "required".to_owned(),
                (false, Some(default)) => format!("`{default}`"),
                (false, None) => String::new(),
            },
            sentence,
            format!("`{}: {}`", field.name, field.example),
        ]
    });
    let head = ["Key", "Type", "Default", "What it does", "Example"];
    table(&mut section, head, rows);
    section
}

fn facts(kind: &KindDecl) -> String {
    let mut section = "\n## Facts\n\n".to_owned();
    let rows = kind.facts.iter().map(|fact| {
        let mut sentence = prose(fact.sentence);
        for choice in words::fact_words(fact.ty) {
            sentence.push_str(&format!(
                "<br>`{}`: {}",
                choice.word,
                prose(choice.sentence)
            ));
        }
        [
            format!("`{}`", fact.name),
            fact.ty.name(),
            sentence,
            format!("`{}: {}`", fact.name, fact.example),
        ]
    });
    table(
        &mut section,
        ["Fact", "Type", "What it says", "Example"],
        rows,
    );
    section
}

fn built_in(kind: &KindDecl) -> String {
    if kind.built_in.is_empty() {
        return "\n## Built in\n\nNothing: a check needs an `expect`.\n".to_owned();
    }
    let mut section =
        "\n## Built in\n\nIn force unless `expect` names the same fact.\n\n".to_owned();
    let rows = kind.built_in.iter().map(|built_in| {
        [
            built_in.strength.as_str().to_owned(),
            format!("`{}: {}`", built_in.fact, built_in.matcher),
        ]
    });
    table(&mut section, ["Strength", "Expectation"], rows);
    section
}

fn codes(kind: &KindDecl) -> String {
    let mut section = "\n## Codes\n\n".to_owned();
    let rows = kind.codes.iter().copied().map(|decl| {
        let code = AnyCode::from(decl);
        [
            format!("`{}`", code.code),
            code.outcome()
                .split_once(':')
                .map_or("", |(word, _)| word)
                .to_owned(),
            prose(code.meaning),
            prose(code.hint),
        ]
    });
    if kind.codes.is_empty() {
        section.push_str("None of its own.\n");
    } else {
        table(
            &mut section,
            ["Code", "Outcome", "What it means", "What to do"],
            rows,
        );
    }
    section.push_str(
        "\nCodes of names, connections, certificates and the run: [codes](../codes.md).\n",
    );
    section
}

/// Keeps a sentence of a declaration from being read as HTML; code is shown as it is anyway.
fn prose(text: &str) -> String {
    let pieces: Vec<String> = text
        .split('`')
        .enumerate()
        .map(|(i, piece)| match i % 2 {
            0 => piece.replace('<', "&lt;"),
            _ => piece.to_owned(),
        })
        .collect();
    pieces.join("`")
}

fn table<const N: usize>(
    page: &mut String,
    head: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) {
    page.push_str(&format!(
        "| {} |\n|{}\n",
        head.join(" | "),
        " --- |".repeat(N)
    ));
    for row in rows {
        // A bar would end the cell, in code too.
        let cells = row.map(|cell| cell.replace('|', "\\|").replace('\n', " "));
        page.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
}

/// Generated files say so.
const NOTICE: &str = "<!-- Generated by `cargo xtask gen` from the declarations. -->\n\n";

#[cfg(test)]
mod tests {
    use super::*;
    use gonogo_kind::KindTable as _;
    use gonogo_probes::Kinds;

    #[test]
    fn every_row_of_a_table_has_the_cells_of_its_head() {
        for kind in Kinds::new().kinds() {
            let page = kind_markdown(kind);
            let mut cells = None;
            for line in page.lines() {
                if line.starts_with('|') {
                    let count = line.replace("\\|", "").matches('|').count();
                    assert_eq!(*cells.get_or_insert(count), count, "{line}");
                } else {
                    cells = None;
                }
            }
            for code in kind.codes {
                assert!(page.contains(code.code), "{}", code.code);
            }
        }
    }

    #[test]
    fn every_code_has_a_heading() {
        let kinds = Kinds::new();
        let page = codes_markdown(kinds.kinds());
        for code in every_code(kinds.kinds()) {
            assert!(
                page.contains(&format!("\n### `{}`\n", code.code)),
                "{}",
                code.code
            );
        }
    }
}
