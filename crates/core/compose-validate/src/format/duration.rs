//! Durations.

/// The units and their length in nanoseconds.
const UNITS: [(&str, f64); 9] = [
    ("ns", 1.0),
    ("us", 1e3),
    ("µs", 1e3),
    ("μs", 1e3),
    ("ms", 1e6),
    ("s", 1e9),
    ("m", 60e9),
    ("h", 3600e9),
    ("d", 24.0 * 3600e9),
];

/// A week, the one unit that Go's own durations lack beside the day.
const WEEK: (&str, f64) = ("w", 7.0 * 24.0 * 3600e9);

/// Whether a text is a duration: numbers with units, as Go reads them, with days and weeks; `0` needs no unit.
pub(super) fn is_duration(text: &str) -> bool {
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let Some((part, behind)) = leading_part(rest) else { return false };
        total += part;
        rest = behind;
    }
    text.ends_with(char::is_alphabetic) && total < i64::MAX as f64
}

/// Takes a number and its unit off the front; gives nanoseconds and what is left.
fn leading_part(text: &str) -> Option<(f64, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, rest) = text.split_at(digits);
    let unit_end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
    let (unit, rest) = rest.split_at(unit_end);
    let (_, length) = UNITS.iter().chain([&WEEK]).find(|(name, _)| *name == unit)?;
    let number: f64 = number.parse().ok()?;
    Some((number * length, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_gos_with_days_and_weeks() {
        for text in ["5s", "1.5h", "-5s", "+5s", "0", ".5s", "5.s", "5us", "5µs", "1d", "1w2d", "1h1h", "1.5d", "1d12h"]
        {
            assert!(is_duration(text), "{text}");
        }
        for text in
            ["", "5", "5x", " 5s", "5 s", "5S", "5m30", "1e3s", "5sec", "1m 30s", ".s", "1y", "9999999h", "1W", "-"]
        {
            assert!(!is_duration(text), "{text}");
        }
    }
}
