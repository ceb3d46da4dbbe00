//! The page in a real browser: it is quiet, asks for nothing, and does what its controls say.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

#[path = "browser/chromium.rs"]
mod chromium;
mod fixture;
#[path = "fixture/large.rs"]
mod large;
#[path = "fixture/later.rs"]
mod later;
#[path = "fixture/poison.rs"]
mod poison;

use std::path::PathBuf;

use chromium::Chromium;
use gonogo_model::Report;
use gonogo_report::diff::Since;
use gonogo_report::{Format, View};
use serde_json::{Value, json};

/// Writes a page into a file of its own and returns its address.
fn file(name: &str, report: &Report) -> String {
    view(name, &View::of(report))
}

fn view(name: &str, view: &View<'_>) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.html"));
    let page = Format::named("html").unwrap().render(view);
    std::fs::write(&path, page).unwrap();
    format!("file://{}", path.display())
}

/// Says that the browser reported nothing but that it loaded the file.
fn assert_quiet(chromium: &mut Chromium, url: &str) {
    // What the browser has to say about what came before comes before its next answer.
    assert_eq!(chromium.value("window.harmed === undefined"), true);
    for event in &chromium.events {
        let params = &event["params"];
        let method = event["method"].as_str().unwrap();
        match method {
            "Network.requestWillBeSent" => assert_eq!(params["request"]["url"], url, "{event}"),
            "Runtime.consoleAPICalled"
            | "Runtime.exceptionThrown"
            | "Log.entryAdded"
            | "Audits.issueAdded"
            | "Page.javascriptDialogOpening"
            | "Page.windowOpen"
            | "Page.downloadWillBegin" => {
                panic!("{event}")
            }
            _ => {}
        }
    }
}

fn shown(chromium: &mut Chromium) -> Vec<String> {
    let shown = "[...document.querySelectorAll('details.check')].filter((row) => row.checkVisibility()).map((row) => row.id.slice(6))";
    let rows = chromium.value(shown);
    let row = |row: &Value| row.as_str().unwrap().to_owned();
    rows.as_array().unwrap().iter().map(row).collect()
}

fn search(chromium: &mut Chromium, text: &str, found: &str) {
    chromium.press("/");
    assert_eq!(chromium.value("document.activeElement.id"), "q");
    chromium.call("Input.insertText", &json!({"text": text}));
    chromium.until(&format!(
        "document.getElementById('found').textContent === '{found}'"
    ));
}

#[test]
fn search_and_filters_find_the_right_checks() {
    let mut chromium = Chromium::start("filters");
    let url = file("filters", &fixture::report());
    chromium.open(&url);
    assert_eq!(
        chromium.value("document.getElementById('found').textContent"),
        "18 checks"
    );
    assert_eq!(
        shown(&mut chromium),
        [
            "service.core",
            "database",
            "migrations",
            "reports",
            "edge-cert",
            "regions.us",
            "regions.ap",
            "replica-lag",
            "queues.a",
            "caches.b",
            "approval",
            "smoke",
            "legacy",
            "grafana",
            "regions.eu",
            "caches.a",
            "service.auth",
            "service.gateway",
        ],
        "root causes stand before what they brought about, what is in order comes last"
    );

    // A fact that stands only in the details of a closed check, and two words in any order.
    search(&mut chromium, "pg_monitor PERMISSION", "1 of 18 checks");
    assert_eq!(shown(&mut chromium), ["replica-lag"]);
    assert_eq!(chromium.value("location.hash"), "#q=pg_monitor+PERMISSION");
    chromium.press("Escape");
    assert_eq!(
        chromium.value("document.getElementById('found').textContent"),
        "18 checks"
    );
    search(&mut chromium, "<script>", "0 of 18 checks");
    assert_eq!(
        chromium.value("document.getElementById('none').checkVisibility()"),
        true
    );
    chromium.press("Escape");

    chromium.value("document.querySelector('input[value=\"unknown\"]').click()");
    chromium.value("document.querySelector('input[value=\"waived\"]').click()");
    assert_eq!(shown(&mut chromium), ["replica-lag", "queues.a", "legacy"]);
    choose(&mut chromium, "kind", "tcp");
    assert_eq!(shown(&mut chromium), ["legacy"]);
    let kept = chromium.value("location.hash").as_str().unwrap().to_owned();
    assert_eq!(kept, "#outcome=unknown&outcome=waived&kind=tcp");

    chromium.open(&format!("{url}{kept}"));
    assert_eq!(
        shown(&mut chromium),
        ["legacy"],
        "the address keeps what was chosen"
    );
    chromium.value("document.getElementById('clear').click()");
    choose(&mut chromium, "tag", "data");
    assert_eq!(shown(&mut chromium), ["database"]);
    chromium.value("document.getElementById('clear').click()");
    choose(&mut chromium, "severity", "warning");
    assert_eq!(shown(&mut chromium), ["approval"]);
    chromium.value("document.getElementById('clear').click()");
    choose(&mut chromium, "phase", "pre-deploy");
    assert_eq!(
        shown(&mut chromium).len(),
        18,
        "a check without phases belongs to all of them"
    );

    assert_quiet(&mut chromium, &url);
}

#[test]
fn what_changed_since_the_baseline_is_filtered() {
    let mut chromium = Chromium::start("since");
    let [before, after] = later::runs();
    let baseline = Some(Since::Run(&before));
    let url = view(
        "since",
        &View {
            baseline,
            ..View::of(&after)
        },
    );
    chromium.open(&url);
    let told = "document.querySelector('#since p').textContent";
    assert_eq!(
        chromium.value(told),
        "Since run 01JD3KQ9 of 2026-11-20 03:00:00 UTC (NO-GO): 1 worse, 1 gone, 11 still open, 1 fixed, 1 new, 1 other, 1 slower."
    );
    assert_eq!(
        chromium.value("[...document.querySelectorAll('#since dl > *')].map((cell) => cell.textContent).join(' ')"),
        "worse regions.eu gone service.gateway fixed database"
    );
    for (change, found) in [
        ("worse", "regions.eu"),
        ("fixed", "database"),
        ("new", "brand-new"),
    ] {
        choose(&mut chromium, "change", change);
        assert_eq!(shown(&mut chromium), [found]);
        let row = format!("document.getElementById('check-{found}')");
        let chip = format!("{row}.querySelector('.chip.{change}').textContent");
        assert_eq!(chromium.value(&chip), change);
    }
    assert_eq!(chromium.value("location.hash"), "#change=new");
    chromium.open(&format!("{url}#change=fixed"));
    assert_eq!(
        shown(&mut chromium),
        ["database"],
        "the address keeps what was chosen"
    );
    assert_quiet(&mut chromium, &url);

    let first = View {
        baseline: Some(Since::Nothing),
        ..View::of(&after)
    };
    let url = view("since-first", &first);
    chromium.open(&url);
    assert_eq!(
        chromium.value(told),
        "The first run: there is no earlier one, and everything is new."
    );
    assert_eq!(
        chromium.value("document.getElementById('change')"),
        Value::Null
    );
    assert_quiet(&mut chromium, &url);
}

#[test]
fn a_link_to_a_check_opens_it() {
    let mut chromium = Chromium::start("links");
    let url = file("links", &fixture::report());
    chromium.open(&format!("{url}#check-grafana"));
    assert_eq!(
        chromium.value("document.getElementById('check-grafana').open"),
        true
    );
    search(&mut chromium, "no such thing", "0 of 18 checks");
    chromium.value("document.querySelector('.reasons a[href=\"#check-replica-lag\"]').click()");
    chromium.until("document.activeElement.closest('details')?.id === 'check-replica-lag'");
    assert_eq!(shown(&mut chromium).len(), 18);
    assert_quiet(&mut chromium, &url);
}

fn choose(chromium: &mut Chromium, id: &str, value: &str) {
    chromium.value(&format!(
        "{{ const field = document.getElementById('{id}'); field.value = '{value}'; field.dispatchEvent(new Event('change')); }}"
    ));
}

#[test]
fn the_page_is_used_by_keyboard() {
    let mut chromium = Chromium::start("keys");
    let url = file("keys", &fixture::report());
    chromium.open(&url);
    let here = "document.activeElement.closest('details').id";
    chromium.press("j");
    assert_eq!(chromium.value(here), "check-service.core");
    for _ in 0..4 {
        chromium.press("j");
    }
    chromium.press("k");
    assert_eq!(chromium.value(here), "check-reports");
    let body = "document.querySelectorAll('#check-reports .body').length";
    assert_eq!(chromium.value(body), 0, "its details are text yet");
    chromium.press("Enter");
    chromium.until(&format!("{body} === 1"));
    assert_eq!(
        chromium.value("document.querySelector('#check-reports .message').textContent"),
        "database failed"
    );

    chromium.value("document.getElementById('keys').click()");
    chromium.press("j");
    chromium.press("/");
    assert_eq!(
        chromium.value(here),
        "check-reports",
        "single keys can be turned off"
    );

    // What is printed is open, and closed again afterwards.
    let open = "document.querySelectorAll('details.check[open] > .body').length";
    let before = chromium.value(open);
    chromium.value("window.dispatchEvent(new Event('beforeprint'))");
    assert_eq!(chromium.value(open), 18);
    chromium.value("window.dispatchEvent(new Event('afterprint'))");
    assert_eq!(chromium.value(open), before);

    let scheme = "getComputedStyle(document.documentElement).colorScheme";
    assert_eq!(chromium.value(scheme), "light dark");
    chromium.value("document.getElementById('theme').click()");
    assert_eq!(chromium.value(scheme), "dark");
    chromium.value("document.getElementById('theme').click()");
    assert_eq!(chromium.value(scheme), "light");
    assert_quiet(&mut chromium, &url);
}

#[test]
fn without_scripts_everything_is_there() {
    let mut chromium = Chromium::start("scripts");
    chromium.call(
        "Emulation.setScriptExecutionDisabled",
        &json!({"value": true}),
    );
    let url = file("scripts", &fixture::report());
    chromium.open(&url);
    assert_eq!(
        chromium.value("document.querySelectorAll('details.check .body').length"),
        18
    );
    assert_eq!(
        chromium.value("document.getElementById('tools').checkVisibility()"),
        false
    );
    assert_quiet(&mut chromium, &url);
}

#[test]
fn hostile_text_is_only_text() {
    let mut chromium = Chromium::start("hostile");
    for (i, hostile) in HOSTILE.iter().enumerate() {
        let url = file(&format!("hostile-{i}"), &poison::poisoned(hostile));
        chromium.open(&url);
        chromium.value("document.getElementById('open').click()");
        search(&mut chromium, hostile, "18 checks");
        chromium.press("Escape");
        // Nothing that could be followed, moved over or focused does anything either.
        chromium.value(
            "for (const element of document.querySelectorAll('*')) for (const kind of ['mouseover', 'focus', 'error', 'load']) element.dispatchEvent(new Event(kind))",
        );
        let addresses = "[...document.querySelectorAll('a')].every((link) => ['http:', 'https:', 'file:'].includes(new URL(link.href.baseVal ?? link.href, location).protocol))";
        assert_eq!(chromium.value(addresses), true);
        assert_quiet(&mut chromium, &url);
    }
}

/// What the other tests rest on: the browser tells when something is wrong, and the policy stops it.
#[test]
fn markup_of_others_would_be_stopped_and_told() {
    let mut chromium = Chromium::start("policy");
    let page = Format::named("html")
        .unwrap()
        .render(&View::of(&fixture::report()));
    let page = String::from_utf8(page).unwrap();
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("policy.html");
    for markup in [
        "<script>window.harmed=1</script>",
        "<p id=victim onclick=\"window.harmed=1\"></p>",
        "<img src=\"https://evil.example/x.png\">",
        "<style>main { display: none }</style>",
        "<p style=\"display: none\"></p>",
        "<base href=\"https://evil.example/\">",
        "<iframe srcdoc=\"<script>parent.harmed=1</script>\"></iframe>",
    ] {
        std::fs::write(
            &path,
            page.replacen("</main>", &format!("{markup}</main>"), 1),
        )
        .unwrap();
        chromium.open(&format!("file://{}", path.display()));
        chromium.value("document.getElementById('victim')?.click()");
        assert_eq!(chromium.value("window.harmed === undefined"), true);
        let told = |event: &Value| {
            event["method"] == "Log.entryAdded" || event["method"] == "Audits.issueAdded"
        };
        assert!(
            chromium.events.iter().any(told),
            "{markup}: {:#?}",
            chromium.events
        );
    }
}

#[test]
fn a_run_of_many_checks_opens_and_is_searched() {
    let mut chromium = Chromium::start("many");
    let url = file("many", &large::report(2000));
    chromium.open(&url);
    search(&mut chromium, "shop0013 skipped", "4 of 2000 checks");
    assert_eq!(
        shown(&mut chromium),
        [
            "shop0013.auth",
            "shop0013.core",
            "shop0013.search",
            "shop0013.gateway"
        ]
    );
    assert_quiet(&mut chromium, &url);
}

const HOSTILE: [&str; 6] = [
    "</noscript></details></script><script>window.harmed=1;alert(1)</script>",
    "\"><img src=https://evil.example/x onerror=\"window.harmed=1\">",
    "' onmouseover='window.harmed=1' autofocus onfocus='window.harmed=1",
    "<svg/onload=window.harmed=1></svg><style>@import 'https://evil.example/x.css'</style>",
    "javascript:window.harmed=1",
    "&lt;script&gt;window.harmed=1&lt;/script&gt;</title><base href=https://evil.example>",
];
