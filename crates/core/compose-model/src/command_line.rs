//! Commands written as one line.

/// The words of a line as Compose splits it (by `go-shellwords`), which stops at the first `;`,
/// `&`, `|`, `<` or `>` outside quotes. None where something is opened and not closed, which
/// Compose rejects.
///
/// ```
/// assert_eq!(compose_model::words("sh -c 'a b'; c").as_deref(), Some(&["sh", "-c", "a b"].map(String::from)[..]));
/// assert_eq!(compose_model::words("it's"), None);
/// ```
#[must_use]
pub fn words(line: &str) -> Option<Vec<String>> {
    let mut scan = Scan::default();
    for c in line.chars() {
        match scan.step(c) {
            Step::On => {}
            Step::Stop => break,
            Step::Fail => return None,
        }
    }
    scan.end_word();
    let is_open = scan.escaped || scan.double || scan.single || scan.backtick || scan.dollar;
    (!is_open).then_some(scan.words)
}

/// What is open at a place in the line.
#[derive(Default)]
struct Scan {
    words: Vec<String>,
    /// The word that is being read; quotes alone make an empty one.
    word: Option<String>,
    escaped: bool,
    double: bool,
    single: bool,
    backtick: bool,
    dollar: bool,
}

enum Step {
    On,
    Stop,
    Fail,
}

impl Scan {
    fn step(&mut self, c: char) -> Step {
        if std::mem::take(&mut self.escaped) {
            return self.keep(c);
        }
        let quoted = self.single || self.double;
        let is_open = quoted || self.backtick || self.dollar;
        match c {
            '\\' if !self.single => {
                self.escaped = true;
                return Step::On;
            }
            ' ' | '\t' | '\r' | '\n' if !is_open => {
                self.end_word();
                return Step::On;
            }
            '`' if !quoted && !self.dollar => self.backtick = !self.backtick,
            ')' if !quoted && !self.backtick => self.dollar = !self.dollar,
            '(' if !quoted && !self.backtick => {
                if self.dollar || !self.word.as_ref().is_some_and(|word| word.ends_with('$')) {
                    return Step::Fail;
                }
                self.dollar = true;
            }
            '"' if !self.single && !self.dollar => return quote(&mut self.double, &mut self.word),
            '\'' if !self.double && !self.dollar => return quote(&mut self.single, &mut self.word),
            ';' | '&' | '|' | '<' | '>' if !is_open => return self.stop(c),
            _ => {}
        }
        self.keep(c)
    }

    fn keep(&mut self, c: char) -> Step {
        self.word.get_or_insert_default().push(c);
        Step::On
    }

    fn end_word(&mut self) {
        self.words.extend(self.word.take());
    }

    /// A word that begins with a digit right before a `>` names what is redirected.
    fn stop(&mut self, c: char) -> Step {
        let is_number = |word: &String| word.starts_with(|first: char| first.is_ascii_digit());
        if c == '>' && self.word.as_ref().is_some_and(is_number) {
            self.word = None;
        }
        Step::Stop
    }
}

/// Opens or closes a quotation.
fn quote(is_open: &mut bool, word: &mut Option<String>) -> Step {
    word.get_or_insert_default();
    *is_open = !*is_open;
    Step::On
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_opened_must_be_closed() {
        for line in [
            "",
            "echo 'a b'",
            r#"a\"b"#,
            "a; b | c > d && (e",
            r"'a\'",
            "a $(b c) d",
            "a;",
            "a & b \"",
            r"a \\",
        ] {
            assert!(words(line).is_some(), "{line}");
        }
        for line in [
            "echo 'a", "a \"b", "a `b", "a $(b", "a # it's", r"'a\''", "a `it's`", "a ) d", "(a",
            "`", r"a\",
        ] {
            assert_eq!(words(line), None, "{line}");
        }
    }

    #[test]
    fn quotes_and_backslashes_go_and_what_they_protect_stays() {
        for (line, expected) in [
            ("a  b\tc", &["a", "b", "c"][..]),
            (
                r#"sh -c "a 'b'" '' c\ d"#,
                &["sh", "-c", "a 'b'", "", "c d"],
            ),
            (r"'a\b' $(c d)", &[r"a\b", "$(c d)"]),
            ("run 2>&1", &["run"]),
            ("run a>b", &["run", "a"]),
            ("a; b", &["a"]),
        ] {
            assert_eq!(words(line).unwrap(), expected, "{line}");
        }
    }
}
