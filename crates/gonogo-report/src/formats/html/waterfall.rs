//! The waterfall: when each check ran, in which phases, and who waited for whom.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::{CheckRecord, Decimal, Id, Outcome};

use super::Page;
use super::drawing::{Paint, ROW, TOP, label, legend, middle, open_chart, seconds, tick};
use super::markup::Html;
use crate::text;

/// A check with its place on the time axis, in seconds since the run began.
struct Row<'r> {
    check: &'r CheckRecord,
    start: f64,
    end: f64,
    /// How many rows it needs, one through the other.
    depth: usize,
}

struct Chart<'r> {
    rows: Vec<Row<'r>>,
    /// How many checks could be drawn.
    all: usize,
    /// The row in which a check, or the last member of a group, stands.
    places: BTreeMap<&'r Id, usize>,
    /// The length of the axis in seconds.
    span: f64,
    begin: f64,
}

/// Adds the waterfall.
pub(super) fn waterfall(html: &mut Html, page: &Page<'_>) {
    let chart = Chart::of(page);
    if chart.rows.is_empty() {
        return;
    }
    html.raw("<section id=\"waterfall\" aria-labelledby=\"h-waterfall\">");
    html.raw(
        "<h2 id=\"h-waterfall\">Waterfall</h2>\n<p>When each check ran. A line leads from what ",
    );
    html.raw(
        "a check needs to where the check begins; a skipped check stands where its cause ended.",
    );
    if chart.rows.len() < chart.all {
        html.raw(" Of ").word(chart.all).raw(" checks, these are ");
        html.word(chart.rows.len());
        html.raw(": what is not in order, then what took longest.");
    }
    html.raw("</p>\n");
    let phases = chart.rows.iter().flat_map(|row| &row.check.attempts);
    let names = phases.flat_map(|attempt| &attempt.phases);
    let paints: BTreeSet<Paint> = names.map(|phase| Paint::of(&phase.name)).collect();
    if !paints.is_empty() {
        legend(html, paints.into_iter());
    }
    html.raw("<div class=\"chart\"><ol>");
    for row in &chart.rows {
        chart.label(html, row);
    }
    html.raw("</ol>");
    open_chart(html, chart.rows.len());
    chart.axis(html);
    for (at, row) in chart.rows.iter().enumerate() {
        chart.needs(html, at, row);
    }
    for (at, row) in chart.rows.iter().enumerate() {
        chart.row(html, at, row);
    }
    html.raw("</svg></div></section>\n");
}

impl<'r> Chart<'r> {
    fn of(page: &Page<'r>) -> Self {
        let record = &page.report.record;
        let mut rows: Vec<Row<'r>> = record
            .checks
            .iter()
            .filter_map(|check| row(page, check))
            .collect();
        let all = rows.len();
        if all > MOST {
            let is_fine = |row: &Row<'_>| row.check.result.outcome == Outcome::Passed;
            let took = |row: &Row<'_>| row.end - row.start;
            rows.sort_by(|a, b| {
                let worse = is_fine(a).cmp(&is_fine(b));
                worse.then(took(b).total_cmp(&took(a)))
            });
            rows.truncate(MOST);
        }
        let ran = |row: &Row<'_>| row.check.elapsed.is_some();
        rows.sort_by(|a, b| {
            let first = a.start.total_cmp(&b.start);
            first.then(ran(b).cmp(&ran(a)))
        });
        let rows = under_what_they_need(rows);
        let places = places(&rows);
        let begin = seconds(&record.started.elapsed);
        let last = rows
            .iter()
            .map(|row| row.end)
            .fold(seconds(&record.finished.elapsed), f64::max);
        Self {
            rows,
            all,
            places,
            span: (last - begin).max(0.000_001),
            begin,
        }
    }

    /// Returns a moment as a percentage of the axis.
    fn x(&self, moment: f64) -> f64 {
        ((moment - self.begin) * 100.0 / self.span).clamp(0.0, 100.0)
    }

    fn label(&self, html: &mut Html, row: &Row<'_>) {
        label(html, row.check, row.depth);
        let known = |need: &&Id| self.places.contains_key(*need);
        let needs: Vec<&Id> = row.check.plan.needs.iter().filter(known).collect();
        if !needs.is_empty() {
            html.raw("<span class=\"sr\"> after ");
            html.text(&crate::human::names(&needs, 12)).raw("</span>");
        }
        html.raw("<span class=\"took\">");
        if let Some(took) = &row.check.duration {
            html.text(&text::took(took));
        }
        html.raw("</span></li>");
    }

    fn axis(&self, html: &mut Html) {
        let step = step(self.span);
        for i in 0..=MOST_TICKS {
            let at = step.saturating_mul(i);
            #[expect(clippy::cast_precision_loss, reason = "a place in a drawing")]
            let x = self.x(self.begin + at as f64 / 1e6);
            if x >= 100.0 {
                break;
            }
            let moment = Decimal::scaled(i128::from(at), -6);
            tick(html, x, self.rows.len(), &text::took(&moment));
        }
    }

    fn needs(&self, html: &mut Html, at: usize, row: &Row<'_>) {
        for need in needed(row, at, &self.places) {
            let Some(from) = self.rows.get(need) else {
                continue;
            };
            let (x1, x2) = (self.x(from.end), self.x(row.start));
            html.raw("<line class=\"need\" x1=\"").figure(x1);
            html.raw("%\" x2=\"")
                .figure(x1)
                .raw("%\" y1=\"")
                .word(middle(need));
            html.raw("\" y2=\"").word(middle(at));
            html.raw("\"/><line class=\"need\" marker-end=\"url(#arrow)\" x1=\"")
                .figure(x1);
            html.raw("%\" x2=\"")
                .figure(x2)
                .raw("%\" y1=\"")
                .word(middle(at));
            html.raw("\" y2=\"").word(middle(at)).raw("\"/>");
        }
    }

    fn row(&self, html: &mut Html, at: usize, row: &Row<'_>) {
        let (x1, x2) = (self.x(row.start), self.x(row.end));
        let outcome = row.check.result.outcome;
        if row.check.elapsed.is_none() {
            let (anchor, shift) = if x1 > 70.0 {
                ("end", "-10")
            } else {
                ("start", "10")
            };
            html.raw("<text class=\"skipped\" x=\"").figure(x1);
            html.raw("%\" dx=\"")
                .raw(shift)
                .raw("\" y=\"")
                .word(middle(at) + 4);
            html.raw("\" text-anchor=\"").raw(anchor).raw("\">");
            html.raw(outcome.as_str()).raw("</text>");
            return;
        }
        html.raw("<line class=\"span f-").raw(outcome.as_str());
        html.raw("\" x1=\"").figure(x1).raw("%\" x2=\"").figure(x2);
        html.raw("%\" y1=\"")
            .word(middle(at))
            .raw("\" y2=\"")
            .word(middle(at))
            .raw("\"/>");
        for attempt in &row.check.attempts {
            let start = seconds(&attempt.elapsed);
            self.bar(
                html,
                at,
                "attempt f-",
                Some(attempt.outcome),
                start,
                seconds(&attempt.duration),
            );
            html.raw("/>");
            for phase in &attempt.phases {
                let begin = start + seconds(&phase.start);
                self.bar(html, at, "phase", None, begin, seconds(&phase.duration));
                Paint::of(&phase.name).fill(html);
                html.raw("><title>").line(&phase.name, 60).raw(" ");
                html.text(&text::took(&phase.duration))
                    .raw("</title></rect>");
            }
        }
    }

    /// Begins the bar of a stretch of time.
    fn bar(
        &self,
        html: &mut Html,
        at: usize,
        class: &'static str,
        outcome: Option<Outcome>,
        start: f64,
        took: f64,
    ) {
        let (x1, x2) = (self.x(start), self.x(start + took));
        let inset = if outcome.is_some() { 5 } else { 7 };
        html.raw("<rect class=\"").raw(class);
        html.raw(outcome.map_or("", Outcome::as_str));
        html.raw("\" x=\"")
            .figure(x1)
            .raw("%\" width=\"")
            .figure(x2 - x1);
        html.raw("%\" y=\"").word(TOP + at * ROW + inset);
        html.raw("\" height=\"").word(ROW - 2 * inset).raw("\"");
    }
}

/// Places a check that ran, or one that was skipped because of one that ran.
fn row<'r>(page: &Page<'r>, check: &'r CheckRecord) -> Option<Row<'r>> {
    if let Some(elapsed) = &check.elapsed {
        let start = seconds(elapsed);
        let took = check.duration.as_ref().map_or(0.0, seconds);
        let attempts = check.attempts.iter();
        let ends = attempts.map(|a| seconds(&a.elapsed) + seconds(&a.duration));
        let end = ends.fold(start + took, f64::max);
        return Some(Row {
            check,
            start,
            end,
            depth: 0,
        });
    }
    let root = page.check(check.result.blame.as_ref()?)?;
    let elapsed = root.elapsed.as_ref()?;
    let end = seconds(elapsed) + root.duration.as_ref().map_or(0.0, seconds);
    Some(Row {
        check,
        start: end,
        end,
        depth: 0,
    })
}

/// Returns the row in which a check stands, or the member of a group that ended last.
fn places<'r>(rows: &[Row<'r>]) -> BTreeMap<&'r Id, usize> {
    let mut places: BTreeMap<&Id, usize> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        places.insert(&row.check.plan.id, at);
        if let Some(group) = &row.check.plan.group {
            let last = places.entry(group).or_insert(at);
            if rows.get(*last).is_some_and(|old| old.end < row.end) {
                *last = at;
            }
        }
    }
    places
}

/// Returns the rows of what a row needs: what it is skipped because of, and what it waits for.
fn needed(row: &Row<'_>, at: usize, places: &BTreeMap<&Id, usize>) -> BTreeSet<usize> {
    let needs = row.check.result.blame.iter().chain(&row.check.plan.needs);
    let places = needs.filter_map(|need| places.get(need).copied());
    places.filter(|need| *need != at).collect()
}

/// Puts each row below the one that it waited for longest, so that a line between them is short.
fn under_what_they_need(rows: Vec<Row<'_>>) -> Vec<Row<'_>> {
    let places = places(&rows);
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
    let mut roots = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let end = |need: &usize| rows.get(*need).map_or(0.0, |row| row.end);
        let needs = needed(row, at, &places).into_iter();
        let last = needs.max_by(|a, b| end(a).total_cmp(&end(b)));
        match last.and_then(|last| below.get_mut(last)) {
            Some(below) => below.push(at),
            None => roots.push(at),
        }
    }
    // A record that was read from a file may hold a cycle, which no root leads to.
    let mut left: Vec<Option<Row<'_>>> = rows.into_iter().map(Some).collect();
    let mut ordered = Vec::with_capacity(left.len());
    for root in roots.into_iter().chain(0..left.len()) {
        let mut open = vec![(root, 0)];
        while let Some((at, depth)) = open.pop() {
            if let Some(row) = left.get_mut(at).and_then(Option::take) {
                ordered.push(Row { depth, ..row });
                let next = below.get(at).into_iter().flatten().rev();
                open.extend(next.map(|next| (*next, depth + 1)));
            }
        }
    }
    ordered
}

/// Returns a round number of microseconds that divides a span into a few parts.
fn step(span: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float is cast to the nearest number that there is"
    )]
    let micros = (span * 1e6) as u64;
    let mut step = 1_u64;
    loop {
        for factor in [1, 2, 5] {
            let step = step.saturating_mul(factor);
            if micros / step <= MOST_TICKS {
                return step;
            }
        }
        step = step.saturating_mul(10);
    }
}

/// So many checks are drawn.
const MOST: usize = 200;
const MOST_TICKS: u64 = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_a_few_round_steps() {
        for (span, steps) in [
            (0.000_001, 1),
            (0.734, 200_000),
            (6.4, 1_000_000),
            (59.0, 10_000_000),
            (600.0, 100_000_000),
            (f64::MAX, 5_000_000_000_000_000_000),
        ] {
            assert_eq!(step(span), steps, "{span}");
        }
    }
}
