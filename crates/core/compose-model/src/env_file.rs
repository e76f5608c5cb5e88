//! Env files: the dotenv dialect of Docker Compose 2.40.3.

mod read;

use crate::Template;

use read::{Raw, Reader};

/// The variables that an env file sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvFile {
    pub(crate) entries: Vec<EnvEntry>,
    /// The file's own text: what it sets hangs on what is set around it.
    text: String,
}

/// What gives a variable its value.
pub(crate) type Lookup<'l> = &'l dyn Fn(&str) -> Option<String>;

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
    /// Reads a file. A name alone is passed over, since it takes its value from the shell; so is a
    /// line that Docker rejects, and says why.
    ///
    /// ```
    /// use compose_model::EnvFile;
    ///
    /// let file = EnvFile::parse("# cache\nTAG=7\nexport IMAGE=\"redis:${TAG}\"\n");
    /// assert_eq!(file.get("IMAGE"), Some("redis:7"));
    /// assert_eq!(file.entries()[1].line, 3);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::read(text, &|_| None)
    }

    /// The file as read where variables are set already: those win over its own, in its values
    /// too.
    #[must_use]
    pub fn within(&self, outer: &dyn Fn(&str) -> Option<String>) -> Self {
        if self.text.contains('$') {
            Self::read(&self.text, outer)
        } else {
            self.clone()
        }
    }

    /// The variables of a service's env file as name and value. In its values `outer` variables,
    /// those around the project and the service's own, win over the file's, and those over what
    /// files `before` it say; a name alone stands for an outer variable.
    pub(crate) fn of_service(
        &self,
        outer: Lookup<'_>,
        before: Lookup<'_>,
    ) -> Vec<(String, String)> {
        let own = Self::read_behind(&self.text, outer, before).entries;
        let own = own.into_iter().map(|entry| (entry.key, entry.value));
        let alone =
            read::names_alone(&self.text).filter_map(|name| Some((name.to_owned(), outer(name)?)));
        own.chain(alone).collect()
    }

    /// The variables of a service's env file whose `format` is `raw`: what stands behind the first
    /// `=` is the value.
    pub(crate) fn raw(&self, outer: Lookup<'_>) -> Vec<(String, String)> {
        let lines = self
            .text
            .trim_start_matches('\u{feff}')
            .lines()
            .map(str::trim_start);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let entry = |line: &str| match line.split_once('=') {
            Some((name, value)) => Some((name.to_owned(), value.to_owned())),
            None => Some((line.to_owned(), outer(line)?)),
        };
        lines.filter_map(entry).collect()
    }

    fn read(text: &str, outer: Lookup<'_>) -> Self {
        Self::read_behind(text, outer, &|_| None)
    }

    fn read_behind(text: &str, outer: Lookup<'_>, before: Lookup<'_>) -> Self {
        let mut file = Self {
            entries: Vec::new(),
            text: text.to_owned(),
        };
        let mut reader = Reader::new(text);
        while let Some(statement) = reader.statement() {
            if let Some(value) = file.value(statement.value, outer, before) {
                file.entries.push(EnvEntry {
                    key: statement.key.to_owned(),
                    value,
                    line: statement.line,
                });
            }
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
        self.entries
            .iter()
            .rev()
            .find(|entry| entry.key == key)
            .map(|entry| entry.value.as_str())
    }

    /// The value with the variables around the file, its own earlier ones and those before it put
    /// in; none where it is no template.
    fn value(&self, raw: Raw, outer: Lookup<'_>, before: Lookup<'_>) -> Option<String> {
        match raw {
            Raw::Literal(text) => Some(text),
            Raw::Template(text) => {
                let own = |name: &str| self.get(name).map(str::to_owned);
                let lookup =
                    |name: &str| outer(name).or_else(|| own(name)).or_else(|| before(name));
                Template::parse(&text)
                    .and_then(|template| template.expand(&lookup))
                    .ok()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String, usize)> {
        EnvFile::parse(text)
            .entries
            .into_iter()
            .map(|entry| (entry.key, entry.value, entry.line))
            .collect()
    }

    fn values(text: &str) -> Vec<String> {
        read(text).into_iter().map(|(_, value, _)| value).collect()
    }

    #[test]
    fn lines_are_counted() {
        let text = "# c\nA=1\n\n  export B = two # c\nC=\"x\ny\" # c\nD='${A}'\r\nE: e\nF=last";
        let found = read(text);
        let found: Vec<_> = found
            .iter()
            .map(|(key, value, line)| (key.as_str(), value.as_str(), *line))
            .collect();
        assert_eq!(
            found,
            [
                ("A", "1", 2),
                ("B", "two", 4),
                ("C", "x\ny", 5),
                ("D", "${A}", 7),
                ("E", "e", 8),
                ("F", "last", 9)
            ]
        );
    }

    #[test]
    fn a_comment_wants_a_blank_before_it() {
        assert_eq!(
            values("A=x # y\nB=x#y\nC=#y\nD= #y\nE=x\t#y\nF=1#\n"),
            ["x", "x#y", "#y", "#y", "x\t#y", "1#"]
        );
    }

    #[test]
    fn quotes_protect() {
        assert_eq!(
            values("A='$B'\nB=\"'q'\"\nC='\"q\"'\nD=\nE=\"\"\nF=a\" b\"\n"),
            ["$B", "'q'", "\"q\"", "", "", "a\" b\""]
        );
        assert_eq!(values(r#"A='x\'y'"#), ["x'y"]);
        assert_eq!(
            values(r#"A="a\nb\tc\qd\\e\$F\"g""#),
            ["a\nb\tc\\qd\\e$F\"g"]
        );
        assert_eq!(values(r#"A="\0101\x41""#), [r"A\x41"]);
        assert_eq!(values("A=a\\nb"), ["a\\nb"]);
    }

    #[test]
    fn what_follows_a_quote_is_a_statement_of_its_own() {
        assert_eq!(values("A=\"x\"B=2\n"), ["x", "2"]);
        assert_eq!(values("A=\"x\" junk\nC=1\n"), ["x", "1"]);
    }

    #[test]
    fn earlier_variables_are_put_in() {
        assert_eq!(
            values("A=1\nB=${A}2\nC=${NO:-d}\nA=3\nD=$A$$\nE=$\n"),
            ["1", "12", "d", "3", "3$", "$"]
        );
    }

    #[test]
    fn what_sets_nothing_is_passed_over() {
        assert_eq!(
            values("A\nexport B\n=1\nC D=1\nE$=1\n\"F\"=1\nG=${\nH=${X?}\nI=\"open\nJ=1"),
            ["1"]
        );
        assert_eq!(
            values("A[0]=1\nB-c.d=2\n1E=3\n\u{e9}=4\n"),
            ["1", "2", "3", "4"]
        );
        assert_eq!(values("\u{feff}A=1\n"), ["1"]);
        assert_eq!(values("LONE"), Vec::<String>::new());
    }
}
