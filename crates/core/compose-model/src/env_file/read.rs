//! Statements of an env file.

/// What is left to read.
pub(super) struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// The line of `at`, from 1.
    line: usize,
}

/// A name and its value.
pub(super) struct Statement<'t> {
    pub(super) key: &'t str,
    pub(super) value: Raw,
    pub(super) line: usize,
}

/// A value before its variables are put in.
pub(super) enum Raw {
    /// From single quotes: no variables.
    Literal(String),
    Template(String),
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text: text.trim_start_matches('\u{feff}'),
            at: 0,
            line: 1,
        }
    }

    /// The next name with a value.
    pub(super) fn statement(&mut self) -> Option<Statement<'t>> {
        loop {
            self.skip(char::is_whitespace);
            let rest = &self.text[self.at..];
            if rest.is_empty() {
                return None;
            }
            let line = self.line;
            let value = match key(rest) {
                Some((key, length)) => {
                    self.advance(length);
                    self.skip(is_blank);
                    self.value().map(|value| (key, value))
                }
                None => None,
            };
            match value {
                Some((key, value)) if !key.is_empty() => {
                    return Some(Statement { key, value, line });
                }
                Some(_) => {}
                None => self.skip(|c| c != '\n'),
            }
        }
    }

    fn advance(&mut self, bytes: usize) {
        let passed = &self.text[self.at..self.at + bytes];
        self.line += passed.bytes().filter(|byte| *byte == b'\n').count();
        self.at += bytes;
    }

    fn skip(&mut self, what: impl Fn(char) -> bool) {
        let rest = &self.text[self.at..];
        self.advance(rest.len() - rest.trim_start_matches(what).len());
    }

    /// A value; none where a quote never closes.
    fn value(&mut self) -> Option<Raw> {
        let rest = &self.text[self.at..];
        match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let (inside, length) = quoted(rest, quote)?;
                self.advance(length);
                Some(if quote == '"' {
                    Raw::Template(unescaped(&inside))
                } else {
                    Raw::Literal(inside)
                })
            }
            _ => {
                let line = rest.split('\n').next().unwrap_or_default();
                self.advance(line.len());
                let value = line.find(" #").map_or(line, |at| &line[..at]);
                Some(Raw::Template(value.trim_end().to_owned()))
            }
        }
    }
}

/// The names that stand alone on a line.
pub(super) fn names_alone(text: &str) -> impl Iterator<Item = &str> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    let lines = text
        .lines()
        .map(|line| line.strip_prefix("export ").unwrap_or(line).trim());
    lines.filter(move |line| !line.is_empty() && line.chars().all(is_name))
}

fn is_blank(c: char) -> bool {
    c != '\n' && c.is_whitespace()
}

/// The name at the start of a line, and how far its `=` or `:` reaches; none where the line sets
/// nothing.
fn key(text: &str) -> Option<(&str, usize)> {
    let exported = text
        .strip_prefix("export")
        .filter(|rest| rest.starts_with(char::is_whitespace));
    let own = exported.map_or(text, str::trim_start);
    let at = own
        .find(['=', ':', '\n'])
        .filter(|at| !own[*at..].starts_with('\n'))?;
    let key = own[..at].trim_end();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '[' | ']');
    key.chars()
        .all(is_name)
        .then_some((key, text.len() - own.len() + at + 1))
}

/// The text inside of quotes and the length of all of it. A backslash protects the quote, and stays
/// before anything else.
fn quoted(text: &str, quote: char) -> Option<(String, usize)> {
    let mut inside = String::new();
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if c == quote && !escaped => return Some((inside, at + 1)),
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            _ if escaped && c != quote => inside.push('\\'),
            _ => {}
        }
        escaped = false;
        inside.push(c);
    }
    None
}

/// The escapes of double quotes: `\n` and its kin, `\0` with up to three octal digits, and `\$` for
/// a `$` that means itself.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let (replaced, length) = escape(rest);
        match replaced {
            Some(replaced) => out.push_str(&replaced),
            None => out.push('\\'),
        }
        rest = &rest[length..];
    }
    out + rest
}

/// What stands behind a backslash: its meaning, if it has one, and its length.
fn escape(text: &str) -> (Option<String>, usize) {
    let meaning = match text.as_bytes().first() {
        Some(b'a') => "\u{7}",
        Some(b'b') => "\u{8}",
        Some(b'f') => "\u{c}",
        Some(b'n') => "\n",
        Some(b'r') => "\r",
        Some(b't') => "\t",
        Some(b'v') => "\u{b}",
        Some(b'\\') => "\\",
        Some(b'"') => "\"",
        Some(b'$') => "$$",
        Some(b'0') => return octal(text),
        _ => return (None, 0),
    };
    (Some(meaning.to_owned()), 1)
}

/// `0` and three octal digits as a character; fewer of them mean themselves.
fn octal(text: &str) -> (Option<String>, usize) {
    let code = text
        .get(1..4)
        .filter(|digits| digits.bytes().all(|digit| matches!(digit, b'0'..=b'7')));
    match code
        .and_then(|code| u32::from_str_radix(code, 8).ok())
        .and_then(char::from_u32)
    {
        Some(c) => (Some(c.to_string()), 4),
        None => (None, 0),
    }
}
