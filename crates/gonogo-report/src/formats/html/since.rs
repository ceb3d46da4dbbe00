//! What changed since the baseline: how much, what by name, and the filter of the list.

use super::Page;
use super::markup::Html;
use super::words::{LONG, check_links};
use crate::diff::{Change, FIRST, NAMED};

/// Adds what changed; a page without a baseline has nothing of it.
pub(super) fn since(html: &mut Html, page: &Page<'_>) {
    if page.baseline.is_none() {
        return;
    }
    html.raw("<section id=\"since\" aria-labelledby=\"h-since\">");
    html.raw("<h2 id=\"h-since\">Since the run before</h2>\n<p>");
    let Some(difference) = &page.difference else {
        html.raw("The first run: ")
            .raw(FIRST)
            .raw(".</p></section>\n");
        return;
    };
    html.raw("Since ").line(&difference.earlier(), LONG);
    html.raw(": ").text(&difference.told()).raw(".</p>");
    for warning in difference.warnings() {
        html.raw("<p>Note: ").line(&warning, LONG).raw(".</p>");
    }
    html.raw("<dl class=\"facts\">");
    for change in NAMED {
        let ids = difference.ids(change);
        if ids.is_empty() {
            continue;
        }
        html.raw("<dt><span class=\"chip ").raw(change.as_str());
        html.raw("\">").raw(change.told()).raw("</span><dd>");
        if change == Change::Gone {
            // What is not planned any more stands nowhere on this page.
            for (i, id) in ids.iter().enumerate() {
                html.raw(if i > 0 { ", <code>" } else { "<code>" });
                html.text(id.as_str()).raw("</code>");
            }
        } else {
            check_links(html, ids.into_iter());
        }
    }
    html.raw("</dl></section>\n");
}

/// Adds the filter by what changed, when something did.
pub(super) fn select(html: &mut Html, page: &Page<'_>) {
    let on_page = |change: &Change| page.changes.values().any(|known| known == change);
    let changes: Vec<Change> = Change::ALL
        .into_iter()
        .filter(|change| *change != Change::Gone && on_page(change))
        .collect();
    if changes.is_empty() {
        return;
    }
    html.raw("<label class=\"field\">Change <select id=\"change\"><option value=\"\">any</option>");
    for change in changes {
        html.raw("<option value=\"").raw(change.as_str());
        html.raw("\">").raw(change.told()).raw("</option>");
    }
    html.raw("</select></label>");
}
