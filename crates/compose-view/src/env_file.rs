//! Env files: the dotenv dialect of Compose.
//!
//! Source: compose-go's `dotenv` package, which `docker compose --env-file` reads with.

use crate::Template;

/// The variables that an env file sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvFile {
    entries: Vec<EnvEntry>,
}

/// One variable of an env file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvEntry {
    /// Its name.
    pub key: String,
    /// Its value: quotes taken off, earlier variables of the file put in.
    pub value: String,
    /// The line that it starts on, from 1.
    pub line: usize,
}

impl EnvFile {
    /// Reads a file. A line that sets nothing is passed over: Docker itself says what is wrong with it.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}');
        let mut file = Self::default();
        let (mut rest, mut line) = (text, 1);
        while !rest.is_empty() {
            let (own, behind) = statement(rest);
            if let Some((key, value)) = own {
                let value = file.interpolate(&value);
                file.entries.push(EnvEntry { key: key.to_owned(), value, line });
            }
            line += rest[..rest.len() - behind.len()].matches('\n').count();
            rest = behind;
        }
        file
    }

    /// The variables in the order of the file; the last one of a name counts.
    #[must_use]
    pub fn entries(&self) -> &[EnvEntry] {
        &self.entries
    }

    /// The value of a variable.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.entries.iter().rev().find(|entry| entry.key == key).map(|entry| entry.value.as_str())
    }

    fn interpolate(&self, value: &Raw) -> String {
        match value {
            Raw::Literal(text) => text.clone(),
            Raw::Template(text) => {
                let lookup = |name: &str| self.get(name).map(str::to_owned);
                Template::parse(text).and_then(|template| template.expand(&lookup)).unwrap_or_else(|_| text.clone())
            }
        }
    }
}

/// A value before its variables are put in.
enum Raw {
    /// From single quotes.
    Literal(String),
    Template(String),
}

/// The statement at the start of `text`, if its line has one, and what stands behind it.
fn statement(text: &str) -> (Option<(&str, Raw)>, &str) {
    let end = text.find('\n').map_or(text.len(), |at| at + 1);
    let line = &text[..end];
    let trimmed = line.trim_start();
    let own = trimmed.strip_prefix("export ").map_or(trimmed, str::trim_start);
    let Some(at) = own.find(['=', ':']).filter(|_| !own.starts_with('#')) else { return (None, &text[end..]) };
    let key = own[..at].trim_end();
    if key.is_empty() || !key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-')) {
        return (None, &text[end..]);
    }
    let start = text.len() - text[line.len() - own.len()..].len() + at + 1;
    let (value, behind) = value(&text[start..]);
    (Some((key, value)), behind)
}

/// The value at the start of `text`, which begins behind the `=`; a quoted one may span lines.
fn value(text: &str) -> (Raw, &str) {
    let blank = text.len() - text.trim_start_matches([' ', '\t']).len();
    let own = &text[blank..];
    let next_line = |text: &'_ str| text.find('\n').map_or(text.len(), |at| at + 1);
    if let Some(quote) = own.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        if let Some(close) = closing(&own[1..], quote) {
            let inside = &own[1..=close];
            let behind = &own[close + 2..];
            let raw = if quote == '\'' { Raw::Literal(inside.to_owned()) } else { Raw::Template(unescaped(inside)) };
            return (raw, &behind[next_line(behind)..]);
        }
    }
    let end = next_line(own);
    let line = own[..end].trim_end_matches(['\n', '\r']);
    let line = line.find(" #").map_or(line, |at| &line[..at]);
    let line = if line.starts_with('#') { "" } else { line };
    (Raw::Template(line.trim_end().to_owned()), &own[end..])
}

/// Where the closing quote stands; a backslash protects the character behind it.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, c)| {
        let closes = c == quote && !escaped;
        escaped = c == '\\' && !escaped;
        closes.then_some(at)
    })
}

/// The escapes of double quotes.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('$') => out.push_str("$$"),
            Some(other @ ('"' | '\\' | '\'')) => out.push(other),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_lines() {
        let text = "# c\nA=1\nexport B = two # c\n\nC=\"x ${A}\\n\"\nD='${A}'\nE=\"1\n2\"\nF=a#b\r\nG=\nH: y\nbad line\nI=${NO:-d}\n";
        let file = EnvFile::parse(text);
        let found: Vec<_> = file.entries().iter().map(|e| (e.key.as_str(), e.value.as_str(), e.line)).collect();
        let expected = [
            ("A", "1", 2),
            ("B", "two", 3),
            ("C", "x 1\n", 5),
            ("D", "${A}", 6),
            ("E", "1\n2", 7),
            ("F", "a#b", 9),
            ("G", "", 10),
            ("H", "y", 11),
            ("I", "d", 13),
        ];
        assert_eq!(found, expected);
    }
}
