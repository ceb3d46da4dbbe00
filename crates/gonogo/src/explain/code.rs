//! The page of a code, and of an area of codes.

use gonogo_report::row;

use super::words::AnyCode;

/// Returns the page of a code.
pub(super) fn page(code: &AnyCode, width: usize) -> String {
    let mut page = format!("{}\n\n", code.code);
    page.push_str(&row(width, 2, &[], code.meaning));
    page.push('\n');
    let mut labels = vec![("means", code.outcome())];
    labels.extend(code.again().map(|again| ("again", again)));
    labels.push(("hint", code.hint));
    for (label, text) in labels {
        page.push_str(&row(width, 2, &[(label, LABEL)], text));
    }
    page
}

/// Returns the page of an area: each code with its meaning.
pub(super) fn area_page(about: &str, codes: &[&AnyCode], width: usize) -> String {
    let mut page = row(width, 0, &[], &format!("Codes of {about}"));
    let longest = codes.iter().map(|code| code.code.len()).max();
    let columns = (longest.unwrap_or(0) + 2).min(width / 2);
    page.push('\n');
    for code in codes {
        page.push_str(&row(width, 2, &[(code.code, columns)], code.meaning));
    }
    page
}

const LABEL: usize = 8;
