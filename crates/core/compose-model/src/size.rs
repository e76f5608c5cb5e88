//! Sizes in bytes.

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(u64);

impl Size {
    /// Reads a text such as `512m` or `1.5 GiB`, as Docker's `go-units` does: every unit is a power
    /// of 1024. None for what Docker rejects.
    ///
    /// ```
    /// use compose_model::Size;
    ///
    /// assert_eq!(Size::parse("1.5k").map(Size::bytes), Some(1536));
    /// ```
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "as Docker cuts off fractions of a byte"
    )]
    pub fn parse(text: &str) -> Option<Self> {
        let last = text.rfind(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' '))?;
        let (number, suffix) = text.split_at(last + 1);
        let number = number.strip_suffix(' ').unwrap_or(number).replace('_', "");
        let number: f64 = number.parse().ok()?;
        if number < 0.0 || number.is_infinite() {
            return None;
        }
        Some(Self((number * multiple(&suffix.to_lowercase())?) as u64))
    }

    /// How many bytes.
    #[must_use]
    pub fn bytes(self) -> u64 {
        self.0
    }
}

/// What a suffix multiplies with: none, `b`, or a unit with `b` or `ib` behind it.
fn multiple(suffix: &str) -> Option<f64> {
    let Some(unit) = suffix.chars().next() else {
        return Some(1.0);
    };
    if suffix == "b" {
        return Some(1.0);
    }
    let power = "kmgtp".find(unit)?;
    let power = i32::try_from(power).ok()? + 1;
    matches!(&suffix[unit.len_utf8()..], "" | "b" | "ib").then(|| 1024f64.powi(power))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_docker_reads_them() {
        for (text, size) in [
            ("10", 10),
            ("10b", 10),
            ("10 k", 10240),
            ("10KiB", 10240),
            (".5m", 524_288),
            ("5.m", 5_242_880),
            ("1e3", 1000),
            ("+5m", 5_242_880),
            ("10 ", 10),
            ("-0", 0),
        ] {
            assert_eq!(Size::parse(text), Some(Size(size)), "{text}");
        }
        for text in [
            "", "mb", "5x", "10ki", "10bb", "10e", " 10m", "10m ", "1 0m", "1.5.5m", "0x10", "inf",
            "-1", "64  mb", "10Мb",
        ] {
            assert_eq!(Size::parse(text), None, "{text}");
        }
    }
}
