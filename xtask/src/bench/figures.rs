//! Figures of several runs: the middle, and how far they lie apart.

use std::fmt;

/// The same figure of several runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Figure {
    /// The middle one.
    pub(super) median: f64,
    /// The smallest.
    pub(super) low: f64,
    /// The largest.
    pub(super) high: f64,
}

impl Figure {
    /// Sums up one figure of several runs; of none it is not a number.
    pub(super) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let at = |place: usize| values.get(place).copied().unwrap_or(f64::NAN);
        let (half, last) = (values.len() / 2, values.len().saturating_sub(1));
        let median = if values.len() % 2 == 1 {
            at(half)
        } else {
            f64::midpoint(at(half.saturating_sub(1)), at(half))
        };
        Self {
            median,
            low: at(0),
            high: at(last),
        }
    }

    /// Returns the figure in another unit.
    pub(super) fn times(self, factor: f64) -> Self {
        Self {
            median: self.median * factor,
            low: self.low * factor,
            high: self.high * factor,
        }
    }

    /// Returns the figure less a fixed part.
    pub(super) fn less(self, part: f64) -> Self {
        Self {
            median: self.median - part,
            low: self.low - part,
            high: self.high - part,
        }
    }
}

/// A number with as many digits as mean something: three, and no exponent.
pub(super) struct Short(pub(super) f64);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.abs();
        if size >= 1000.0 {
            let whole = format!("{size:.0}");
            let mut grouped = String::new();
            for (place, digit) in whole.chars().enumerate() {
                if place > 0 && (whole.len() - place) % 3 == 0 {
                    grouped.push(',');
                }
                grouped.push(digit);
            }
            let sign = if self.0 < 0.0 { "-" } else { "" };
            write!(f, "{sign}{grouped}")
        } else if size >= 100.0 {
            write!(f, "{:.0}", self.0)
        } else if size >= 10.0 {
            write!(f, "{:.1}", self.0)
        } else {
            write!(f, "{:.2}", self.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_found() {
        let figure = Figure::of([3.0, 1.0, 2.0]);
        assert_eq!((figure.median, figure.low, figure.high), (2.0, 1.0, 3.0));
        assert_eq!(Figure::of([1.0, 2.0]).median, 1.5);
        assert!(Figure::of([]).median.is_nan());
        assert_eq!(figure.times(10.0).less(1.0).high, 29.0);
    }

    #[test]
    fn numbers_are_short() {
        let shown: Vec<String> = [0.051, 12.34, 123.4, 1234.5, -9_876_543.0]
            .map(|number| Short(number).to_string())
            .into();
        assert_eq!(shown, ["0.05", "12.3", "123", "1,234", "-9,876,543"]);
    }
}
