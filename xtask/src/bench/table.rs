//! The table of results, in Markdown.

use std::fmt;

use super::figures::{Figure, Short};

/// Everything that was measured.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    what: String,
    figure: String,
    spread: String,
    goal: String,
    kept: &'static str,
}

/// What a figure should be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Goal {
    /// No more than this.
    AtMost(f64),
    /// The figure is there to compare with.
    None,
}

impl Table {
    /// Adds a figure in a unit, and whether its median keeps the goal.
    pub(super) fn add(&mut self, what: impl Into<String>, figure: Figure, unit: &str, goal: Goal) {
        let (goal, kept) = match goal {
            Goal::AtMost(most) if figure.median <= most => (Some(most), "yes"),
            Goal::AtMost(most) => (Some(most), "**no**"),
            Goal::None => (None, ""),
        };
        let spread = if figure.low == figure.high {
            String::new()
        } else {
            format!("{} .. {}", Short(figure.low), Short(figure.high))
        };
        self.rows.push(Row {
            what: what.into(),
            figure: format!("{} {unit}", Short(figure.median))
                .trim_end()
                .to_owned(),
            spread,
            goal: goal.map_or_else(String::new, |most| {
                format!("<= {} {unit}", Short(most)).trim_end().to_owned()
            }),
            kept,
        });
    }

    /// Adds what is so or is not, in words.
    pub(super) fn say(&mut self, what: impl Into<String>, text: impl Into<String>) {
        self.rows.push(Row {
            what: what.into(),
            figure: text.into(),
            spread: String::new(),
            goal: String::new(),
            kept: "",
        });
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| what | median | spread | goal | kept |")?;
        writeln!(f, "|---|---:|---:|---:|---|")?;
        for row in &self.rows {
            writeln!(
                f,
                "| {} | {} | {} | {} | {} |",
                row.what, row.figure, row.spread, row.goal, row.kept
            )?;
        }
        Ok(())
    }
}
