//! Durations as Compose reads them: Go's, with days and weeks.

use std::time;

/// The units and their length in nanoseconds. Go's own durations lack the day and the week.
const UNITS: [(&str, i128); 10] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND),
    ("m", 60 * SECOND),
    ("h", 3_600 * SECOND),
    ("d", 24 * 3_600 * SECOND),
    ("w", 7 * 24 * 3_600 * SECOND),
];

const SECOND: i128 = 1_000_000_000;

/// How many digits of a fraction count.
const LONGEST_FRACTION: usize = 18;

/// A length of time, in nanoseconds, up to 292 years; Compose accepts one below nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration(i64);

impl Duration {
    /// Reads numbers with units, such as `1m30s`, `1.5h` or `1w2d`, a sign before all of them; `0`
    /// needs no unit. None for what Compose rejects.
    ///
    /// ```
    /// use compose_model::Duration;
    ///
    /// assert_eq!(Duration::parse("1m30s"), Duration::parse("90s"));
    /// assert_eq!(Duration::parse("90"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
        if rest == "0" {
            return Some(Self(0));
        }
        let mut total: i128 = 0;
        while !rest.is_empty() {
            let (part, behind) = leading_part(rest)?;
            total = total.checked_add(part)?;
            rest = behind;
        }
        let signed = if text.starts_with('-') { -total } else { total };
        let nanoseconds = i64::try_from(signed).ok()?;
        text.ends_with(char::is_alphabetic)
            .then_some(Self(nanoseconds))
    }

    /// As the standard library's duration; one below zero is zero.
    #[must_use]
    pub fn to_std(self) -> time::Duration {
        time::Duration::from_nanos(u64::try_from(self.0).unwrap_or(0))
    }
}

/// Takes a number and its unit off the front; gives nanoseconds and what is left.
fn leading_part(text: &str) -> Option<(i128, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, rest) = text.split_at(digits);
    let unit_end = rest
        .find(|c: char| c.is_ascii_digit() || c == '.')
        .unwrap_or(rest.len());
    let (unit, rest) = rest.split_at(unit_end);
    let (_, length) = UNITS.iter().find(|(name, _)| *name == unit)?;
    Some((multiple(number, *length)?, rest))
}

/// So many times a length: `1.5`, `.5`, `5.`; what is below a nanosecond is cut off.
fn multiple(number: &str, length: i128) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| {
        if text.is_empty() {
            Some(0)
        } else {
            text.parse::<i128>().ok()
        }
    };
    if whole.len() + fraction.len() == 0 || fraction.contains('.') {
        return None;
    }
    // The longest unit has fifteen digits: behind those nothing counts.
    let fraction = &fraction[..fraction.len().min(LONGEST_FRACTION)];
    let behind =
        digits(fraction)?.checked_mul(length)? / 10_i128.pow(u32::try_from(fraction.len()).ok()?);
    digits(whole)?.checked_mul(length)?.checked_add(behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_gos_with_days_and_weeks() {
        for (text, nanoseconds) in [
            ("5s", 5_000_000_000),
            ("1.5h", 5_400_000_000_000),
            ("-5s", -5_000_000_000),
            ("+5s", 5_000_000_000),
            ("0", 0),
            ("-0", 0),
            (".5s", 500_000_000),
            ("5.s", 5_000_000_000),
            ("5us", 5_000),
            ("5µs", 5_000),
            ("1d", 86_400_000_000_000),
            ("1w2d", 777_600_000_000_000),
            ("1h1h", 7_200_000_000_000),
            ("1.5d", 129_600_000_000_000),
            ("1h0m0.5s", 3_600_500_000_000),
            ("500ms", 500_000_000),
        ] {
            assert_eq!(Duration::parse(text), Some(Duration(nanoseconds)), "{text}");
        }
        for text in [
            "", "5", "5x", " 5s", "5 s", "5S", "5m30", "1e3s", "5sec", "1m 30s", ".s", "1y",
            "9999999h", "1W", "-", "1..5s",
        ] {
            assert_eq!(Duration::parse(text), None, "{text}");
        }
    }

    #[test]
    fn who_waits_never_waits_less_than_nothing() {
        let wait = |text: &str| Duration::parse(text).map(Duration::to_std);
        assert_eq!(wait("1m30s"), Some(time::Duration::from_secs(90)));
        assert_eq!(wait("-5s"), Some(time::Duration::ZERO));
    }
}
