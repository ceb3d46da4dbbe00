//! Small pieces that every section uses: badges, links, times, rows of a list.

use gonogo_model::{CheckRecord, Code, Id, Outcome};
use jiff::Timestamp;

use super::markup::Html;

/// Adds an outcome: a word, which the style gives a sign and a colour.
pub(super) fn badge(html: &mut Html, outcome: Outcome) {
    html.raw("<span class=\"o ")
        .raw(outcome.as_str())
        .raw("\">")
        .raw(outcome.as_str())
        .raw("</span>");
}

/// Adds the id of a check, with a link to its row.
pub(super) fn check_link(html: &mut Html, id: &Id) {
    html.raw("<a class=\"id\" href=\"#check-")
        .text(id.as_str())
        .raw("\">")
        .text(id.as_str())
        .raw("</a>");
}

/// Adds the id of a group, with a link to it.
pub(super) fn group_link(html: &mut Html, id: &Id) {
    html.raw("group <a class=\"id\" href=\"#group-")
        .text(id.as_str())
        .raw("\">")
        .text(id.as_str())
        .raw("</a>");
}

/// Adds links to checks in a row; from some number on, they are folded.
pub(super) fn check_links<'i>(html: &mut Html, ids: impl ExactSizeIterator<Item = &'i Id>) {
    let count = ids.len();
    let folded = count > MOST_LINKS;
    if folded {
        html.raw("<details class=\"fold\"><summary>")
            .word(count)
            .raw(" checks</summary>");
    }
    for (i, id) in ids.enumerate() {
        html.raw(if i > 0 { ", " } else { "" });
        check_link(html, id);
    }
    if folded {
        html.raw("</details>");
    }
}

/// Adds a stable code.
pub(super) fn code(html: &mut Html, code: &Code) {
    html.raw("<code>").line(code.as_str(), SHORT).raw("</code>");
}

/// Adds a moment.
pub(super) fn moment(html: &mut Html, at: Timestamp) {
    html.raw("<time datetime=\"")
        .word(at)
        .raw("\">")
        .word(at.strftime("%Y-%m-%d %H:%M:%S UTC"))
        .raw("</time>");
}

/// Adds a link that leads out of the page, if it is one that a browser may follow.
pub(super) fn outward(html: &mut Html, address: &str) {
    if is_web(address) {
        html.raw("<a rel=\"noopener noreferrer\" href=\"")
            .text(address)
            .raw("\">")
            .line(address, LONG)
            .raw("</a>");
    } else {
        html.line(address, LONG);
    }
}

fn is_web(address: &str) -> bool {
    let scheme = |name: &str| {
        let start = address.get(..name.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    (scheme("https://") || scheme("http://")) && !address.chars().any(char::is_whitespace)
}

/// Adds a term with its text, unless there is none.
pub(super) fn row(html: &mut Html, term: &'static str, text: Option<&str>) {
    if let Some(text) = text {
        open_row(html, term).line(text, LONG);
    }
}

/// Begins a term; what is added then describes it.
pub(super) fn open_row<'h>(html: &'h mut Html, term: &'static str) -> &'h mut Html {
    html.raw("<dt>").raw(term).raw("<dd>")
}

/// Adds where a check or group stands in its file.
pub(super) fn place(html: &mut Html, file: &str, line: u32) {
    html.raw("<code>").line(file, SHORT);
    // A check of the command line stands in no file.
    if line > 0 {
        html.raw(":").word(line);
    }
    html.raw("</code>");
}

/// Adds a title, unless it only repeats the id.
pub(super) fn title(html: &mut Html, check: &CheckRecord) {
    if check.plan.title != check.plan.id.as_str() {
        html.raw(" <span class=\"title\">")
            .line(&check.plan.title, SHORT)
            .raw("</span>");
    }
}

/// How much is shown of a name or a title.
pub(super) const SHORT: usize = 200;
/// How much is shown of a message.
pub(super) const LONG: usize = 2000;
/// So many links stand in a row before they are folded.
const MOST_LINKS: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_are_links() {
        for (address, followed) in [
            ("https://runbooks.example.com/a?b=c#d", true),
            ("HTTP://example.com", true),
            ("javascript:alert(1)", false),
            (" javascript:alert(1)", false),
            ("java\nscript:alert(1)", false),
            ("data:text/html,x", false),
            ("//example.com", false),
            ("https://example.com/ x", false),
            ("https:/\u{e9}", false),
            ("", false),
        ] {
            assert_eq!(is_web(address), followed, "{address}");
        }
    }
}
