//! Points in time as the engine writes them, in RFC 3339: `2024-05-01T12:00:00.123456789+02:00`.
//!
//! By hand, because that is all of the calendar that the tool needs, and the lightest crate for it
//! takes three of every hundred seconds of a cold build (`.ci/build-cost`). The civil calendar is
//! Howard Hinnant's `days_from_civil`.

use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, de::Error as _};

const SECONDS_A_DAY: i64 = 86_400;

/// A point in time, to the nanosecond, whatever offset it was written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp {
    /// Seconds since 1970, negative before.
    seconds: i64,
    /// The rest, below one second.
    nanoseconds: u32,
}

/// A text that is no point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no time as RFC 3339 writes it, such as 2024-05-01T12:00:00Z")]
pub struct NotATimestamp;

impl Timestamp {
    /// The start of 1970.
    pub const UNIX_EPOCH: Self = Self {
        seconds: 0,
        nanoseconds: 0,
    };

    /// So long after the start of 1970, as a machine's clock counts.
    #[must_use]
    pub fn after_epoch(since: Duration) -> Self {
        Self {
            seconds: i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
            nanoseconds: since.subsec_nanos(),
        }
    }

    /// How long after `earlier` it is; none where it is before.
    #[must_use]
    pub fn since(self, earlier: Self) -> Option<Duration> {
        let nanoseconds =
            |one: Self| i128::from(one.seconds) * 1_000_000_000 + i128::from(one.nanoseconds);
        u64::try_from(nanoseconds(self) - nanoseconds(earlier))
            .ok()
            .map(Duration::from_nanos)
    }

    /// The minute, in UTC: `2024-05-01 10:00`.
    #[must_use]
    pub fn minute(self) -> String {
        let (year, month, day) = civil(self.seconds.div_euclid(SECONDS_A_DAY));
        let minutes = self.seconds.rem_euclid(SECONDS_A_DAY) / 60;
        format!(
            "{year:04}-{month:02}-{day:02} {:02}:{:02}",
            minutes / 60,
            minutes % 60
        )
    }

    /// The time of day, in UTC: `10:00:00.1Z`.
    #[must_use]
    pub fn time_of_day(self) -> String {
        let second = self.seconds.rem_euclid(SECONDS_A_DAY);
        let (hour, minute, tenth) = (
            second / 3600,
            second / 60 % 60,
            self.nanoseconds / 100_000_000,
        );
        format!("{hour:02}:{minute:02}:{:02}.{tenth}Z", second % 60)
    }
}

impl FromStr for Timestamp {
    type Err = NotATimestamp;

    fn from_str(text: &str) -> Result<Self, NotATimestamp> {
        parse(text).ok_or(NotATimestamp)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map_err(|error| D::Error::custom(format_args!("{text:?} {error}")))
    }
}

fn parse(text: &str) -> Option<Timestamp> {
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let [year, month, day] = numbers(date, '-')?;
    // A year of more digits would not fit where days are counted.
    let is_date = (0..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day);
    let (time, offset) = split_offset(time)?;
    let (time, nanoseconds) = match time.split_once('.') {
        Some((time, fraction)) => (time, fraction_of_a_second(fraction)?),
        None => (time, 0),
    };
    let [hour, minute, second] = numbers(time, ':')?;
    // A leap second is the last one of its minute, written as 60.
    let is_time = hour < 24 && minute < 60 && second <= 60;
    (is_date && is_time).then(|| {
        let seconds =
            days(year, month, day) * SECONDS_A_DAY + hour * 3600 + minute * 60 + second - offset;
        Timestamp {
            seconds,
            nanoseconds,
        }
    })
}

/// The time of day, and how many seconds its clock is ahead of UTC.
fn split_offset(time: &str) -> Option<(&str, i64)> {
    if let Some(time) = time.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let (time, offset) = time.split_at_checked(time.rfind(['+', '-'])?)?;
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let [hours, minutes] = numbers(offset.get(1..)?, ':')?;
    (hours < 24 && minutes < 60).then_some((time, sign * (hours * 3600 + minutes * 60)))
}

/// Exactly as many numbers as are wanted, of digits alone.
fn numbers<const N: usize>(text: &str, between: char) -> Option<[i64; N]> {
    let number = |part: &str| {
        part.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| part.parse().ok())?
    };
    let parts: Option<Vec<i64>> = text.split(between).map(number).collect();
    parts?.try_into().ok()
}

/// The nanoseconds of up to nine digits behind the point; further digits are below what is kept.
fn fraction_of_a_second(digits: &str) -> Option<u32> {
    let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let kept = digits.get(..digits.len().min(9))?;
    all.then(|| format!("{kept:0<9}").parse().ok())?
}

/// Days since 1970 of a date in the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, month) = (year.div_euclid(400), (month + 9) % 12);
    let (of_era, of_year) = (year.rem_euclid(400), (153 * month + 2) / 5 + day - 1);
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The year, month and day that lie so many days after the start of 1970.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (day, month) = (
        of_year - (153 * shifted + 2) / 5 + 1,
        if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        },
    );
    (year + era * 400 + i64::from(month <= 2), month, day)
}

fn days_in(year: i64, month: i64) -> i64 {
    let (next_year, next) = if month == 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    };
    days(next_year, next, 1) - days(year, month, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse()
            .unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn an_offset_does_not_change_the_point_in_time() {
        let utc = time("2024-05-01T10:00:00.123456789Z");
        assert_eq!(time("2024-05-01T12:00:00.123456789+02:00"), utc);
        assert_eq!(time("2024-04-30T23:30:00.123456789-10:30"), utc);
        assert_eq!((utc.seconds, utc.nanoseconds), (1_714_557_600, 123_456_789));
    }

    #[test]
    fn what_never_was_is_before_1970_and_still_read() {
        assert!(time("0001-01-01T00:00:00Z") < Timestamp::UNIX_EPOCH);
        assert_eq!(time("0001-01-01T00:00:00Z").seconds, -62_135_596_800);
    }

    #[test]
    fn digits_behind_the_point_are_a_fraction() {
        assert_eq!(time("1970-01-01T00:00:00.5Z").nanoseconds, 500_000_000);
        assert_eq!(time("1970-01-01T00:00:00.000000001Z").nanoseconds, 1);
        assert_eq!(time("1970-01-01T00:00:00.0000000019Z").nanoseconds, 1);
    }

    #[test]
    fn every_day_of_four_centuries_comes_back_from_its_date() {
        for day in days(1900, 1, 1)..days(2300, 1, 1) {
            let (year, month, of_month) = civil(day);
            assert_eq!(days(year, month, of_month), day);
            assert!((1..=days_in(year, month)).contains(&of_month));
        }
        assert_eq!(
            (
                days_in(2024, 2),
                days_in(2023, 2),
                days_in(1900, 2),
                days_in(2000, 2)
            ),
            (29, 28, 28, 29)
        );
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2024-05-01",
            "2024-05-01T10:00:00",
            "2024-02-30T10:00:00Z",
            "2024-13-01T10:00:00Z",
            "2024-05-01T24:00:00Z",
            "2024-05-01T10:00Z",
            "2024-05-01T10:00:00.Z",
            "2024-05-01T10:00:00.1xZ",
            "2024-05-01T10:00:00+2",
            "2024-05-01T10:00:00+02:99",
            "+024-05-01T10:00:00Z",
            "9223372036854775807-05-01T10:00:00Z",
            "2024-05-01T9223372036854775807:00:00Z",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(NotATimestamp), "{text:?}");
        }
    }

    #[test]
    fn it_is_shown_in_utc() {
        let one = time("2024-12-31T23:59:59.9876Z");
        assert_eq!(
            (one.time_of_day().as_str(), one.minute().as_str()),
            ("23:59:59.9Z", "2024-12-31 23:59")
        );
    }

    #[test]
    fn what_lies_between_is_told_forwards_only() {
        let (first, second) = (
            time("2024-05-01T10:00:00.9Z"),
            time("2024-05-01T10:00:01.1Z"),
        );
        assert_eq!(second.since(first), Some(Duration::from_millis(200)));
        assert_eq!(first.since(second), None);
        assert_eq!(
            Timestamp::after_epoch(Duration::from_millis(1_500)),
            time("1970-01-01T00:00:01.5Z")
        );
    }
}
