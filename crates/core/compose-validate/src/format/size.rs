//! Sizes in bytes.

/// The number of bytes that a text such as `512m` or `1.5 GiB` stands for, as Docker's `go-units` reads it; every unit
/// is a power of 1024.
pub(crate) fn bytes(text: &str) -> Option<f64> {
    let last = text.rfind(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' '))?;
    let (number, suffix) = text.split_at(last + 1);
    let number = number.strip_suffix(' ').unwrap_or(number).replace('_', "");
    let number: f64 = number.parse().ok()?;
    if number < 0.0 || number.is_infinite() {
        return None;
    }
    Some(number * multiple(&suffix.to_lowercase())?)
}

/// What a suffix multiplies with: none, `b`, or a unit with `b` or `ib` behind it.
fn multiple(suffix: &str) -> Option<f64> {
    let Some(unit) = suffix.chars().next() else { return Some(1.0) };
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
            ("10", 10.0),
            ("10b", 10.0),
            ("10 k", 10240.0),
            ("10KiB", 10240.0),
            (".5m", 524_288.0),
            ("5.m", 5_242_880.0),
            ("1e3", 1000.0),
            ("+5m", 5_242_880.0),
            ("10 ", 10.0),
            ("-0", 0.0),
        ] {
            assert_eq!(bytes(text), Some(size), "{text}");
        }
        for text in [
            "", "mb", "5x", "10ki", "10bb", "10e", " 10m", "10m ", "1 0m", "1.5.5m", "0x10", "inf", "-1", "64  mb",
            "10Мb",
        ] {
            assert_eq!(bytes(text), None, "{text}");
        }
    }
}
