//! The manual of a kind, for a terminal.

use gonogo_kind::{FactDecl, FieldDecl, KindDecl};
use gonogo_report::row;

use super::prose::prose;
use super::words;

/// Returns the manual of a kind.
pub(super) fn page(kind: &KindDecl, width: usize) -> String {
    let mut page = row(width, 0, &[(kind.name, kind.name.len() + 2)], kind.summary);
    if !kind.manual.is_empty() {
        page.push('\n');
        page.push_str(&prose(kind.manual, width));
    }
    let mut remarks = vec![words::looks(kind).replace('*', "")];
    remarks.extend(words::wanted_failure(kind));
    if !kind.schemes.is_empty() {
        let schemes: Vec<String> = kind.schemes.iter().map(|s| format!("{s}://")).collect();
        remarks.push(format!(
            "`gonogo probe` knows it by {}.",
            schemes.join(", ")
        ));
    }
    for remark in remarks {
        page.push('\n');
        page.push_str(&row(width, 0, &[], &remark));
    }
    examples(&mut page, kind, width);
    fields(&mut page, kind, width);
    facts(&mut page, kind, width);
    built_in(&mut page, kind, width);
    codes(&mut page, kind, width);
    page
}

fn heading(page: &mut String, text: &str, width: usize) {
    page.push('\n');
    page.push_str(&row(width, 0, &[], text));
}

fn examples(page: &mut String, kind: &KindDecl, width: usize) {
    if kind.examples.is_empty() {
        return;
    }
    heading(page, "Examples", width);
    for example in kind.examples {
        page.push('\n');
        page.push_str(&row(width, 2, &[("#", 2)], example.title));
        page.push_str("  check:\n");
        for line in example.yaml.trim_end().lines() {
            page.push_str(format!("    {line}").trim_end());
            page.push('\n');
        }
    }
}

fn fields(page: &mut String, kind: &KindDecl, width: usize) {
    let title = format!(
        "Keys (`{0}: VALUE` alone sets `{1}`)",
        kind.name, kind.short
    );
    heading(page, &title, width);
    let columns = columns(kind.fields.iter().map(|field| field.name), width);
    for field in kind.fields {
        field_rows(page, field, columns, width);
    }
}

fn field_rows(page: &mut String, field: &FieldDecl, columns: usize, width: usize) {
    let listed = words::field_words(field);
    let mut what = format!(
        "{}, {}",
        words::field_type(field.ty),
        words::presence(field)
    );
    if listed.is_empty() {
        what.push_str(&format!(", such as {}", field.example));
    }
    page.push_str(&row(width, 2, &[(field.name, columns)], &what));
    page.push_str(&row(width, 2, &[("", columns)], field.sentence));
    word_rows(page, &listed, columns, width);
}

fn facts(page: &mut String, kind: &KindDecl, width: usize) {
    heading(
        page,
        "Facts, each with a matcher that may stand in `expect` or `should`",
        width,
    );
    let columns = columns(kind.facts.iter().map(|fact| fact.name), width);
    for fact in kind.facts {
        fact_rows(page, fact, columns, width);
    }
}

fn fact_rows(page: &mut String, fact: &FactDecl, columns: usize, width: usize) {
    let what = format!("{}, such as {}", fact.ty.name(), fact.example);
    page.push_str(&row(width, 2, &[(fact.name, columns)], &what));
    page.push_str(&row(width, 2, &[("", columns)], fact.sentence));
    let listed: Vec<(&str, &str)> = words::fact_words(fact.ty)
        .iter()
        .map(|choice| (choice.word, choice.sentence))
        .collect();
    word_rows(page, &listed, columns, width);
}

fn word_rows(page: &mut String, words: &[(&str, &str)], columns: usize, width: usize) {
    let longest = words.iter().map(|(word, _)| word.len()).max();
    let inner = (longest.unwrap_or(0) + 2).min(width / 4);
    for (word, sentence) in words {
        page.push_str(&row(width, 2 + columns, &[(word, inner)], sentence));
    }
}

fn built_in(page: &mut String, kind: &KindDecl, width: usize) {
    if kind.built_in.is_empty() {
        heading(
            page,
            "Nothing is built in: a check needs an `expect`.",
            width,
        );
        return;
    }
    heading(page, "Built in, unless `expect` names the same fact", width);
    let columns = columns(kind.built_in.iter().map(|built_in| built_in.fact), width);
    for built_in in kind.built_in {
        let leads = [
            (built_in.strength.as_str(), STRENGTH),
            (built_in.fact, columns),
        ];
        page.push_str(&row(width, 2, &leads, built_in.matcher));
    }
}

fn codes(page: &mut String, kind: &KindDecl, width: usize) {
    if !kind.codes.is_empty() {
        heading(page, "Codes", width);
        let columns = columns(kind.codes.iter().map(|code| code.code), width);
        for code in kind.codes {
            page.push_str(&row(width, 2, &[(code.code, columns)], code.meaning));
            page.push_str(&row(width, 2, &[("", columns)], code.hint));
        }
    }
    heading(
        page,
        "Names, connections and certificates have codes of their own: gonogo explain net, gonogo explain CODE.",
        width,
    );
}

fn columns<'n>(names: impl Iterator<Item = &'n str>, width: usize) -> usize {
    let longest = names.map(str::len).max().unwrap_or(0);
    (longest + 2).min(width / 3)
}

const STRENGTH: usize = 8;
