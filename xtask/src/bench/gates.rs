//! The gate files that are measured.

use std::fmt::Write as _;
use std::path::Path;

/// Returns a gate with one check for each URL, that expects what its kind expects by itself.
pub(super) fn plain(urls: &[String], top: &str) -> String {
    let mut text = format!("version: 1\ngate: bench\n{top}\nchecks:\n");
    for (place, url) in urls.iter().enumerate() {
        let (kind, target) = kind(url);
        // Writing to a text cannot fail.
        let _written = writeln!(text, "  c{place:05}:\n    {kind}: {target}");
    }
    text
}

/// Returns a gate as people write them, with a title, expectations and a tag for each check.
pub(super) fn rich(count: usize) -> String {
    let mut text = "version: 1\ngate: bench\ntags: [web]\nchecks:\n".to_owned();
    for place in 0..count {
        let _written = writeln!(
            text,
            "  c{place:05}:\n    title: Service {place} answers\n    http: https://service-{place}.example.com/health\n    \
             expect:\n      duration: under 500ms\n      json: {{ $.status: ok }}\n    tags: [web]\n    owner: platform-team"
        );
    }
    text
}

/// Returns the key of the file that names a file of roots, joined with the system's if asked.
pub(super) fn roots(file: &Path, system: bool) -> String {
    let file = file.display();
    if system {
        format!("tls: {{ roots: [system, {file}] }}")
    } else {
        format!("tls: {{ roots: {file} }}")
    }
}

fn kind(url: &str) -> (&str, &str) {
    match url.split_once("://") {
        Some(("tcp", address)) => ("tcp", address),
        Some(("postgres", _)) => ("postgres", url),
        Some(("redis", _)) => ("redis", url),
        _ => ("http", url),
    }
}
