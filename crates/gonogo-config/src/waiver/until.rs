//! The end of a waiver: a date, or a time with its zone.

use gonogo_model::Until;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Why a text is not the end of a waiver: what is wrong, and what to write.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misread {
    pub(super) message: String,
    pub(super) hint: String,
}

/// Reads the end of a waiver.
pub(super) fn read(text: &str) -> Result<Until, Misread> {
    let until = |ends| Until {
        text: text.to_owned(),
        ends,
    };
    let neither = || Misread {
        message: format!("until: `{text}` is neither a date nor a time with a zone"),
        hint: "A date ends that day in UTC: `until: 2027-01-31`; or write a time with its zone: \
               `until: 2027-01-31T18:00:00+01:00`."
            .to_owned(),
    };
    let start = text.get(..DATE).unwrap_or_default();
    let parts = date_parts(start).ok_or_else(neither)?;
    let date = date(start, parts)?;
    if text == start {
        return Ok(until(end_of(date)));
    }
    // A zone by its name, in brackets, is no RFC 3339.
    if text.contains('[') {
        return Err(neither());
    }
    if let Ok(ends) = text.parse::<Timestamp>() {
        return Ok(until(ends));
    }
    if text.parse::<DateTime>().is_err() {
        return Err(neither());
    }
    Err(Misread {
        message: format!("until: `{text}` has no zone"),
        hint: format!("Write `{text}Z` for UTC, or with an offset: `{text}+01:00`."),
    })
}

/// Returns year, month and day of what is spelled like a date.
fn date_parts(text: &str) -> Option<(i16, i8, i8)> {
    let mut parts = text.split('-');
    let mut number = |digits: usize| {
        let part = parts.next()?;
        let is_number = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
        is_number.then_some(part)
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    let numbers = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    parts.next().is_none().then_some(numbers)
}

fn date(text: &str, (year, month, day): (i16, i8, i8)) -> Result<Date, Misread> {
    Date::new(year, month, day).map_err(|_| Misread {
        message: format!("until: there is no day {text}"),
        hint: match Date::new(year, month, 1) {
            Ok(first) => {
                let days = first.days_in_month();
                format!("That month has {days} days: the last is `{year:04}-{month:02}-{days}`.")
            }
            Err(_) => "A date is year, month and day: `2027-01-31`.".to_owned(),
        },
    })
}

/// Returns the end of a day in UTC; that of the last day of the calendar is the calendar's end.
fn end_of(date: Date) -> Timestamp {
    let next = date.tomorrow().ok();
    let midnight = next.and_then(|next| next.to_zoned(TimeZone::UTC).ok());
    midnight.map_or(Timestamp::MAX, |midnight| midnight.timestamp())
}

const DATE: usize = "2027-01-31".len();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_end_their_day_and_times_are_moments() {
        for (text, ends) in [
            ("2027-01-31", "2027-02-01T00:00:00Z"),
            ("2028-02-29", "2028-03-01T00:00:00Z"),
            ("2027-12-31", "2028-01-01T00:00:00Z"),
            ("0000-01-01", "0000-01-02T00:00:00Z"),
            ("2027-01-31T18:00:00Z", "2027-01-31T18:00:00Z"),
            ("2027-01-31t18:00:00z", "2027-01-31T18:00:00Z"),
            ("2027-01-31 18:00:00+01:00", "2027-01-31T17:00:00Z"),
            ("2027-01-31T18:00:00.5-02:30", "2027-01-31T20:30:00.5Z"),
            ("2026-12-31T23:59:60Z", "2026-12-31T23:59:59Z"),
        ] {
            let until = read(text).unwrap();
            assert_eq!(
                (until.text.as_str(), until.ends),
                (text, ends.parse().unwrap())
            );
        }
        assert_eq!(read("9999-12-31").unwrap().ends, Timestamp::MAX);
    }

    #[test]
    fn anything_else_is_a_mistake_that_says_what_to_write() {
        let told = |text: &str| {
            let misread = read(text).unwrap_err();
            format!("{} {}", misread.message, misread.hint)
        };
        assert_eq!(
            told("2027-01-31T18:00:00"),
            "until: `2027-01-31T18:00:00` has no zone Write `2027-01-31T18:00:00Z` for UTC, or with an offset: `2027-01-31T18:00:00+01:00`."
        );
        assert_eq!(
            told("2026-02-30"),
            "until: there is no day 2026-02-30 That month has 28 days: the last is `2026-02-28`."
        );
        assert_eq!(
            told("2026-02-30T00:00:00Z"),
            "until: there is no day 2026-02-30 That month has 28 days: the last is `2026-02-28`."
        );
        assert_eq!(
            told("2026-13-01"),
            "until: there is no day 2026-13-01 A date is year, month and day: `2027-01-31`."
        );
        for text in [
            "",
            "tomorrow",
            "30d",
            "2027-1-31",
            "31.01.2027",
            "2027/01/31",
            "20270131",
            "2027-01",
            "2027-W05",
            "+2027-01-31",
            "-002027-01-31",
            "2027-01-31T25:00:00Z",
            "2027-01-31T18:00:00+01:00[Europe/Paris]",
            "2027-01-31T18:00:00[Europe/Paris]",
            "2027-01-31Z",
            "\u{662}\u{660}27-01-31",
        ] {
            let misread = read(text).unwrap_err();
            let message = format!("until: `{text}` is neither a date nor a time with a zone");
            assert_eq!(misread.message, message);
        }
    }
}
