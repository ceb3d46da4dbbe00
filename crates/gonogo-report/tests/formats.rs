//! The canonical run in every format, compared with `golden/formats/`; `UPDATE_GOLDEN=1` writes it anew.

mod fixture;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use gonogo_report::View;
use gonogo_report::formats::FORMATS;

#[test]
fn the_canonical_run_in_every_format() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/formats");
    let report = fixture::report();
    let mut names = BTreeSet::new();
    for format in &FORMATS {
        names.insert(format.name.to_owned());
        let found = format.render(&View::of(&report));
        let path = folder.join(format.name);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&path, &found).unwrap();
        }
        let wanted = fs::read(&path).unwrap_or_default();
        assert!(
            wanted == found,
            "{} is otherwise; UPDATE_GOLDEN=1 writes it anew. Found:\n{}",
            format.name,
            String::from_utf8_lossy(&found)
        );
    }
    let kept: BTreeSet<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(kept, names, "one file for each format");
}

#[test]
fn the_page_on_the_report_has_every_format_with_its_sentence() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/report.md");
    let page = fs::read_to_string(page).unwrap();
    let table = page
        .split("| format | what it is | specification |")
        .nth(1)
        .unwrap();
    let rows = table
        .trim_start()
        .lines()
        .skip(1)
        .take_while(|l| l.starts_with('|'));
    let mut told: Vec<(&str, &str)> = rows
        .map(|row| {
            let mut cells = row.split('|').map(str::trim).skip(1);
            (cells.next().unwrap(), cells.next().unwrap())
        })
        .collect();
    told.sort_unstable();
    let names: Vec<String> = FORMATS.iter().map(|f| format!("`{}`", f.name)).collect();
    let formats = names.iter().zip(&FORMATS);
    let mut known: Vec<(&str, &str)> = formats.map(|(name, f)| (&**name, f.sentence)).collect();
    known.sort_unstable();
    assert_eq!(told, known);
}
