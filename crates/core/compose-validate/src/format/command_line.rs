//! Commands written as one line.

/// Whether a line can be split into words: what is opened is closed. Compose (by `go-shellwords`) stops reading at the
/// first `;`, `&`, `|`, `<` or `>` outside quotes.
pub(super) fn is_complete(line: &str) -> bool {
    let mut scan = Scan::default();
    for c in line.chars() {
        match scan.step(c) {
            Step::On => {}
            Step::Stop => break,
            Step::Fail => return false,
        }
    }
    !(scan.escaped || scan.double || scan.single || scan.backtick || scan.dollar)
}

/// What is open at a place in the line.
#[derive(Default)]
struct Scan {
    escaped: bool,
    double: bool,
    single: bool,
    backtick: bool,
    dollar: bool,
    /// Whether the word so far ends in `$`, so that a bracket opens a command.
    behind_dollar: bool,
}

enum Step {
    On,
    Stop,
    Fail,
}

impl Scan {
    fn step(&mut self, c: char) -> Step {
        let behind_dollar = std::mem::replace(&mut self.behind_dollar, c == '$');
        if std::mem::take(&mut self.escaped) {
            return Step::On;
        }
        let quoted = self.single || self.double;
        match c {
            '\\' if !self.single => self.escaped = true,
            '`' if !quoted && !self.dollar => self.backtick = !self.backtick,
            ')' if !quoted && !self.backtick => self.dollar = !self.dollar,
            '(' if !quoted && !self.backtick => {
                if self.dollar || !behind_dollar {
                    return Step::Fail;
                }
                self.dollar = true;
            }
            '"' if !self.single && !self.dollar => self.double = !self.double,
            '\'' if !self.double && !self.dollar => self.single = !self.single,
            ';' | '&' | '|' | '<' | '>' if !quoted && !self.backtick && !self.dollar => return Step::Stop,
            _ => {}
        }
        Step::On
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_opened_must_be_closed() {
        for line in
            ["", "echo 'a b'", r#"a\"b"#, "a; b | c > d && (e", r"'a\'", "a $(b c) d", "a;", "a & b \"", r"a \\"]
        {
            assert!(is_complete(line), "{line}");
        }
        for line in ["echo 'a", "a \"b", "a `b", "a $(b", "a # it's", r"'a\''", "a `it's`", "a ) d", "(a", "`", r"a\"] {
            assert!(!is_complete(line), "{line}");
        }
    }
}
