//! From the word after `gonogo explain` to its page.

use gonogo_kind::{KindDecl, KindTable, closest};
use gonogo_report::row;

use super::words::{self, AnyCode, every_code};
use super::{code, kind};

/// Returns the page of a kind, a code or an area of codes; without a topic, what there is.
///
/// # Errors
///
/// What to type instead, when there is no such topic.
pub(crate) fn page(
    topic: Option<&str>,
    kinds: &dyn KindTable,
    width: usize,
) -> Result<String, String> {
    let width = width.clamp(40, MOST_COLUMNS);
    let kinds = kinds.kinds();
    let codes = every_code(kinds);
    let Some(topic) = topic else {
        return Ok(index(kinds, &codes, width));
    };
    let topic = topic.trim().trim_end_matches('/');
    if let Some(kind) = kinds.iter().find(|kind| kind.name == topic) {
        return Ok(kind::page(kind, width));
    }
    if let Some(code) = codes.iter().find(|code| code.code == topic) {
        return Ok(code::page(code, width));
    }
    let of_area: Vec<&AnyCode> = codes.iter().filter(|code| code.area() == topic).collect();
    if !of_area.is_empty() {
        return Ok(code::area_page(&words::area(topic, kinds), &of_area, width));
    }
    let of_name: Vec<&AnyCode> = codes.iter().filter(|code| code.name() == topic).collect();
    match of_name.as_slice() {
        [code] => Ok(code::page(code, width)),
        [] => Err(suggestion(topic, kinds, &codes)),
        several => {
            let codes: Vec<&str> = several.iter().map(|code| code.code).collect();
            Err(format!("Several codes end in it: {}.", codes.join(", ")))
        }
    }
}

fn suggestion(topic: &str, kinds: &[&'static KindDecl], codes: &[AnyCode]) -> String {
    let names = kinds.iter().map(|kind| kind.name);
    let whole = codes.iter().map(|code| code.code);
    let bare = codes.iter().map(AnyCode::name);
    match closest(topic, names.chain(whole).chain(bare)) {
        Some(close) => format!("Did you mean `{close}`?"),
        None => "`gonogo explain` lists the kinds and the areas of codes.".to_owned(),
    }
}

fn index(kinds: &[&'static KindDecl], codes: &[AnyCode], width: usize) -> String {
    let mut page = "Kinds of checks (gonogo explain KIND)\n".to_owned();
    let names = kinds.iter().map(|kind| kind.name.len());
    let columns = names.max().unwrap_or(0) + 2;
    for kind in kinds {
        page.push_str(&row(width, 2, &[(kind.name, columns)], kind.summary));
    }
    page.push_str("\nCodes of what can go wrong (gonogo explain CODE, or an area for all of it)\n");
    let mut areas: Vec<&str> = codes.iter().map(AnyCode::area).collect();
    areas.dedup();
    for area in areas {
        let count = codes.iter().filter(|code| code.area() == area).count();
        let noun = if count == 1 { "code" } else { "codes" };
        let about = format!("{count} {noun} of {}", words::area(area, kinds));
        page.push_str(&row(width, 2, &[(area, columns)], &about));
    }
    page
}

/// Prose in longer lines is hard to read.
const MOST_COLUMNS: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;
    use gonogo_probes::Kinds;

    fn page_of(topic: &str) -> Result<String, String> {
        page(Some(topic), &Kinds::new(), 80)
    }

    #[test]
    fn every_kind_code_and_area_has_a_page_that_fits() {
        let kinds = Kinds::new();
        let codes = every_code(kinds.kinds());
        let topics = kinds.kinds().iter().map(|kind| kind.name);
        let topics = topics
            .chain(codes.iter().map(|code| code.code))
            .chain(codes.iter().map(AnyCode::area));
        for topic in topics {
            let text = page_of(topic).unwrap();
            assert!(text.ends_with('\n') && !text.contains("\n\n\n"), "{text}");
            for line in text.lines() {
                assert!(!line.ends_with(' '), "{topic}: {line:?}");
            }
        }
        let index = page(None, &kinds, 80).unwrap();
        for kind in kinds.kinds() {
            assert!(
                index.contains(kind.summary.split(' ').next().unwrap()),
                "{index}"
            );
        }
    }

    #[test]
    fn a_code_is_found_by_its_name_alone() {
        assert_eq!(page_of("unknown_key"), page_of("config/unknown_key"));
        assert_eq!(page_of("net/"), page_of("net"));
    }

    #[test]
    fn an_unknown_word_gets_a_suggestion() {
        assert_eq!(page_of("htpp"), Err("Did you mean `http`?".to_owned()));
        assert_eq!(
            page_of("tls/expird"),
            Err("Did you mean `tls/expired`?".to_owned())
        );
        assert_eq!(
            page_of("banana"),
            Err("`gonogo explain` lists the kinds and the areas of codes.".to_owned())
        );
    }
}
