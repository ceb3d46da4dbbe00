//! The page to a parser by the book: without fault, and with nothing in it but what is ours.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod fixture;
#[path = "fixture/large.rs"]
mod large;
#[path = "fixture/later.rs"]
mod later;
#[path = "fixture/poison.rs"]
mod poison;

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::Report;
use gonogo_report::diff::Since;
use gonogo_report::{Format, View};
use html5ever::tendril::TendrilSink as _;
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

fn page(report: &Report) -> String {
    let page = Format::named("html").unwrap().render(&View::of(report));
    String::from_utf8(page).unwrap()
}

/// An element: its name and its attributes.
type Element = (String, BTreeMap<String, String>);

/// Parses as a browser with or without scripts does, and returns the elements in order.
fn elements(page: &str, scripting_enabled: bool) -> Vec<Element> {
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts {
            scripting_enabled,
            ..TreeBuilderOpts::default()
        },
        ..ParseOpts::default()
    };
    let dom = parse_document(RcDom::default(), options).one(page);
    assert_eq!(
        *dom.errors.borrow(),
        Vec::<String>::new(),
        "the page is well-formed"
    );
    let mut found = Vec::new();
    let mut open: Vec<Handle> = vec![dom.document.clone()];
    while let Some(node) = open.pop() {
        if let NodeData::Element { name, attrs, .. } = &node.data {
            let attributes = attrs.borrow();
            let attributes = attributes.iter().map(|attribute| {
                (
                    attribute.name.local.to_string(),
                    attribute.value.to_string(),
                )
            });
            found.push((name.local.to_string(), attributes.collect()));
        }
        open.extend(node.children.borrow().iter().rev().cloned());
    }
    // A document that is gone takes its nodes' children along.
    drop(dom);
    found
}

fn assert_only_ours(elements: &[Element]) {
    let count = |name: &str| {
        elements
            .iter()
            .filter(|(element, _)| element == name)
            .count()
    };
    for (name, wanted) in [
        ("script", 1),
        ("style", 1),
        ("title", 1),
        ("main", 1),
        ("h1", 1),
    ] {
        let drawn = if name == "title" {
            titles_of_drawings(elements)
        } else {
            0
        };
        assert_eq!(count(name) - drawn, wanted, "{name}");
    }
    for name in [
        "link", "base", "img", "iframe", "object", "embed", "form", "audio", "video",
    ] {
        assert_eq!(count(name), 0, "{name}");
    }
    let mut ids = BTreeSet::new();
    for (name, attributes) in elements {
        for (attribute, value) in attributes {
            assert!(!attribute.starts_with("on"), "{name} {attribute}");
            assert!(
                !["style", "src", "srcset", "action"].contains(&attribute.as_str()),
                "{name} {attribute}"
            );
            if attribute == "href" {
                let web = value.starts_with("https://") || value.starts_with("http://");
                assert!(web || value.starts_with('#'), "{name} {value}");
            }
            if attribute == "id" {
                assert!(ids.insert(value.clone()), "two elements are called {value}");
            }
        }
    }
}

/// Counts the titles that belong to shapes and not to the page.
fn titles_of_drawings(elements: &[Element]) -> usize {
    elements.iter().filter(|(name, _)| name == "title").count() - 1
}

fn names(elements: &[Element]) -> Vec<&str> {
    elements.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn the_page_is_well_formed_with_and_without_scripts() {
    for report in [
        fixture::report(),
        fixture::go(),
        fixture::interrupted(),
        large::report(300),
    ] {
        let page = page(&report);
        let with = elements(&page, true);
        assert_only_ours(&with);
        let without = elements(&page, false);
        let bodies = without
            .iter()
            .filter(|(_, attributes)| attributes.get("class").is_some_and(|class| class == "body"));
        assert_eq!(
            bodies.count(),
            report.record.checks.len(),
            "every check is told in full"
        );
    }
}

#[test]
fn the_page_is_well_formed_beside_a_baseline() {
    let [before, after] = later::runs();
    for baseline in [Since::Nothing, Since::Run(&before)] {
        let view = View {
            baseline: Some(baseline),
            ..View::of(&after)
        };
        let page = Format::named("html").unwrap().render(&view);
        let page = String::from_utf8(page).unwrap();
        assert_only_ours(&elements(&page, true));
        assert_only_ours(&elements(&page, false));
    }
}

#[test]
fn what_others_wrote_adds_no_element_and_no_attribute() {
    let plain = page(&poison::poisoned("x"));
    for hostile in HOSTILE {
        let hostile = page(&poison::poisoned(hostile));
        for scripting in [true, false] {
            let (plain, hostile) = (elements(&plain, scripting), elements(&hostile, scripting));
            assert_only_ours(&hostile);
            // A text of its own is the same everywhere, so that nothing but the text may differ.
            assert_eq!(names(&hostile), names(&plain));
        }
    }
}

#[test]
fn the_policy_names_the_very_style_and_script_of_the_page() {
    use base64::Engine as _;
    use sha2::Digest as _;
    let page = page(&fixture::report());
    for (open, close, directive) in [
        ("<style>", "</style>", "style-src"),
        ("<script>", "</script>", "script-src"),
    ] {
        let text = page
            .split_once(open)
            .unwrap()
            .1
            .split_once(close)
            .unwrap()
            .0;
        let digest = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(text));
        let allowed = format!("{directive} 'sha256-{digest}';");
        assert!(page.contains(&allowed), "{allowed}");
    }
    let policy = page
        .split_once("Content-Security-Policy\" content=\"")
        .unwrap()
        .1;
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
    assert!(!policy.split_once("\">").unwrap().0.contains("unsafe"));
}

/// What a text needs against what it stands on: 4.5 to 1 (WCAG 2.1, 1.4.3), in light and in dark.
#[test]
fn every_colour_can_be_read() {
    let page = page(&fixture::report());
    let style = page.split_once("<style>").unwrap().1;
    let colour = |name: &str, dark: bool| -> [f64; 3] {
        let (_, value) = style
            .split_once(&format!("--{name}: light-dark(#"))
            .unwrap();
        let (light, rest) = value.split_once(", #").unwrap();
        let hex = if dark {
            rest.split_once(')').unwrap().0
        } else {
            light
        };
        channels(hex)
    };
    let grounds = ["page", "card"];
    let mut pairs: Vec<(String, String)> = Vec::new();
    for text in [
        "ink", "quiet", "link", "good", "bad", "warn", "odd", "info", "none",
    ] {
        pairs.extend(grounds.map(|ground| (text.to_owned(), ground.to_owned())));
    }
    for sign in ["good", "bad", "warn", "odd", "info", "none"] {
        pairs.push((sign.to_owned(), format!("{sign}-soft")));
    }
    for (text, ground) in pairs {
        for dark in [false, true] {
            let contrast = contrast(colour(&text, dark), colour(&ground, dark));
            assert!(
                contrast >= 4.5,
                "{text} on {ground}, dark: {dark}: {contrast:.2}"
            );
        }
    }
    for (class, ground) in [("go", "0f6429"), ("hold", "7a4a00"), ("no-go", "a60f2b")] {
        assert!(style.contains(&format!(".banner.{class} {{ background: #{ground}; }}")));
        assert!(
            contrast([1.0; 3], channels(ground)) >= 4.5,
            "white on {class}"
        );
    }
}

/// Returns how bright red, green and blue of a colour are, linear.
fn channels(hex: &str) -> [f64; 3] {
    let hex = match hex.len() {
        3 => hex.chars().flat_map(|c| [c, c]).collect(),
        _ => hex.to_owned(),
    };
    [0, 2, 4].map(|at| {
        let part = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    })
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let bright =
        |[red, green, blue]: [f64; 3]| 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
    let (one, other) = (bright(one), bright(other));
    one.max(other) / one.min(other)
}

#[test]
fn a_page_is_the_same_each_time() {
    let report = large::report(100);
    assert_eq!(page(&report), page(&report));
}

const HOSTILE: [&str; 5] = [
    "</noscript></details></script><script>window.harmed=1</script>",
    "\"><img src=x onerror=\"window.harmed=1\"><a \"",
    "' onmouseover='window.harmed=1' x='",
    "</title></style><base href=//evil.example><style>*{display:none}</style>",
    "&lt;script&gt;window.harmed=1&lt;/script&gt;<!--",
];
