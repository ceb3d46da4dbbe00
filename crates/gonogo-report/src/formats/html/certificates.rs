//! Certificates on a time line to their end.

use gonogo_model::{CheckRecord, Decimal, Reading, Value, quantity};
use jiff::Timestamp;

use super::Page;
use super::drawing::{label, middle, open_chart, seconds, tick};
use super::markup::Html;

/// A certificate that a check saw.
struct Certificate<'r> {
    check: &'r CheckRecord,
    /// Seconds from the end of the run until it ends; negative once it has.
    left: Decimal,
    ends: Option<Timestamp>,
}

/// Adds the time line of all certificates, the one that ends first on top.
pub(super) fn certificates(html: &mut Html, page: &Page<'_>) {
    let record = &page.report.record;
    let mut seen: Vec<Certificate<'_>> = record
        .checks
        .iter()
        .filter_map(|check| certificate(check, record.finished.wall))
        .collect();
    if seen.is_empty() {
        return;
    }
    seen.sort_by(|a, b| a.left.cmp(&b.left));
    html.raw("<section id=\"certificates\" aria-labelledby=\"h-certificates\">");
    html.raw("<h2 id=\"h-certificates\">Certificates <span class=\"n\">")
        .word(seen.len());
    html.raw(
        "</span></h2>\n<p>How long the first certificate of each path is still good, seen from ",
    );
    html.raw("the run. The axis is denser the further away it is.");
    if seen.len() > MOST {
        html.raw(" These are the ")
            .word(MOST)
            .raw(" that end first.");
        seen.truncate(MOST);
    }
    html.raw("</p>\n<div class=\"chart\"><ol>");
    for certificate in &seen {
        label(html, certificate.check, 0).raw("<span class=\"took\">");
        match certificate.ends {
            Some(ends) => {
                html.raw("<time datetime=\"").word(ends).raw("\">");
                html.text(&quantity::duration(&certificate.left))
                    .raw("</time>");
            }
            None => {
                html.text(&quantity::duration(&certificate.left));
            }
        }
        html.raw("</span></li>");
    }
    html.raw("</ol>");
    let farthest = seen
        .iter()
        .map(|c| seconds(&c.left))
        .fold(30.0 * DAY, f64::max);
    open_chart(html, seen.len());
    tick(html, NOW, seen.len(), "now");
    let mut before = NOW;
    for (days, word) in TICKS {
        let at = place(days * DAY, farthest);
        if at <= 97.0 && at - before >= 9.0 {
            tick(html, at, seen.len(), word);
            before = at;
        }
    }
    for (row, certificate) in seen.iter().enumerate() {
        bar(html, row, certificate, farthest);
    }
    html.raw("</svg></div></section>\n");
}

fn bar(html: &mut Html, row: usize, certificate: &Certificate<'_>, farthest: f64) {
    let at = place(seconds(&certificate.left), farthest);
    let outcome = certificate.check.result.outcome.as_str();
    html.raw("<line class=\"lasts f-")
        .raw(outcome)
        .raw("\" x1=\"")
        .figure(NOW);
    html.raw("%\" x2=\"")
        .figure(at)
        .raw("%\" y1=\"")
        .word(middle(row));
    html.raw("\" y2=\"")
        .word(middle(row))
        .raw("\"/><circle class=\"f-")
        .raw(outcome);
    html.raw("\" r=\"5\" cx=\"")
        .figure(at)
        .raw("%\" cy=\"")
        .word(middle(row))
        .raw("\"/>");
    if certificate.left.is_negative() {
        html.raw("<text class=\"skipped\" dx=\"12\" x=\"")
            .figure(NOW)
            .raw("%\" y=\"");
        html.word(middle(row) + 4).raw("\">expired</text>");
    }
}

/// Returns where a time left stands on the axis, in percent.
fn place(left: f64, farthest: f64) -> f64 {
    if left < 0.0 {
        return (NOW - NOW * (-left / farthest).sqrt()).clamp(1.0, NOW);
    }
    (NOW + (98.0 - NOW) * (left / farthest).sqrt()).clamp(NOW, 98.0)
}

fn certificate(check: &CheckRecord, finished: Timestamp) -> Option<Certificate<'_>> {
    let value = |names: [&str; 2]| {
        let facts = check.result.facts.iter();
        let mut named = facts.filter(|(name, _)| names.contains(&name.as_str()));
        named.find_map(|(_, reading)| match reading {
            Reading::Value(value) => Some(value),
            Reading::Absent | Reading::Unreadable { .. } => None,
        })
    };
    let ends = match value(["not_after", "tls.not_after"]) {
        Some(Value::Time(ends)) => Some(*ends),
        _ => None,
    };
    // What ends first on the path counts; it may be another certificate than the server's.
    let left = match (value(["expires_in", "tls.expires_in"]), ends) {
        (Some(Value::Duration(left)), _) => left.clone(),
        (_, Some(ends)) => Decimal::from(ends.as_second() - finished.as_second()),
        (_, None) => return None,
    };
    Some(Certificate { check, left, ends })
}

const DAY: f64 = 86_400.0;
/// Where the run stands on the axis, in percent.
const NOW: f64 = 12.0;
const TICKS: [(f64, &str); 9] = [
    (7.0, "7d"),
    (14.0, "14d"),
    (30.0, "30d"),
    (90.0, "90d"),
    (180.0, "180d"),
    (365.0, "1 year"),
    (730.0, "2 years"),
    (1825.0, "5 years"),
    (3650.0, "10 years"),
];
/// So many certificates are drawn.
const MOST: usize = 100;
