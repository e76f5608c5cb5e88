//! YAML's dates.

/// Whether a plain text is a date or a time to Compose's YAML reader: `2024-1-31`, `2024-01-31
/// 10:00:00` and the like.
pub(super) fn is_date(text: &str) -> bool {
    let (date, time) = text.find(['T', 't', ' ']).map_or((text, None), |at| {
        (&text[..at], Some(text[at + 1..].trim()))
    });
    is_day(date) && time.is_none_or(is_time)
}

/// Four digits of a year, a month and a day that there is.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let &[year, month, day] = parts.as_slice() else {
        return false;
    };
    let (Some(year), Some(month), Some(day)) = (
        number(year, 4..=4),
        number(month, 1..=2),
        number(day, 1..=2),
    ) else {
        return false;
    };
    (1..=12).contains(&month) && day >= 1 && day <= days(year, month)
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// `10:00:00` with a fraction and a zone at will.
fn is_time(text: &str) -> bool {
    let clock = text.find(['Z', '+', '-']).map_or(text, |at| &text[..at]);
    let parts: Vec<&str> = clock.split(':').collect();
    let &[hour, minute, second] = parts.as_slice() else {
        return false;
    };
    let second = second.split('.').next().unwrap_or(second);
    let below = |part: &str, limit| number(part, 1..=2).is_some_and(|number| number < limit);
    below(hour, 24) && below(minute, 60) && below(second, 60)
}

fn number(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let is_plain = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_that_there_are() {
        for text in [
            "2001-01-01",
            "2001-1-1",
            "2001-01-01T00:00:00Z",
            "2001-01-01 10:00:00",
            "2024-02-29",
        ] {
            assert!(is_date(text), "{text}");
        }
        for text in [
            "2001-13-01",
            "2001-02-29",
            "01-01-2001",
            "2001-01",
            "2001-01-01-alpine",
            "10:00:00",
            "2001-01-01 x",
            "",
        ] {
            assert!(!is_date(text), "{text}");
        }
    }
}
