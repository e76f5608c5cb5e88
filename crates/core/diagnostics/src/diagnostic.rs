//! What every check, judge and failure has to say, in one form: which rule, how bad, about what,
//! where, why, and what to do.

use std::time::Duration;

use serde::Serialize;

use crate::remedy::Remedy;

/// How a check came out, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It is as it should be.
    Pass,
    /// There is nothing here that it is about.
    NotApplicable,
    /// Worth knowing, and no finding.
    Note,
    /// Something is to be done; no command fails for it.
    Warning,
    /// It could not be looked at.
    Unknown,
    /// It is not as it should be.
    Error,
}

/// A place in a file of the checkout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file's path from the root.
    pub file: String,
    /// The line, from 1; none for the whole file.
    pub line: Option<u32>,
    /// The column in characters, from 1; none for the whole line.
    pub column: Option<u32>,
}

impl Location {
    /// What `docker-compose.yml:38:9`, with or without column and line, says; none for an empty
    /// text.
    #[must_use]
    pub fn parse(place: &str) -> Option<Self> {
        let (before, last) = split_number(place);
        let (file, first) = split_number(before);
        let (file, line, column) = match (first, last) {
            (Some(line), column) => (file, Some(line), column),
            (None, line) => (before, line, None),
        };
        (!file.is_empty()).then(|| Self {
            file: file.to_owned(),
            line,
            column,
        })
    }

    /// The file's path from the folder that a checkout lies below: `deploy` is where that is.
    #[must_use]
    pub fn file_in(&self, folder: &str) -> String {
        if folder.is_empty() || self.file.starts_with('/') {
            self.file.clone()
        } else {
            format!("{folder}/{}", self.file)
        }
    }

    /// The location with its path from the folder that a checkout lies below.
    #[must_use]
    pub fn in_folder(&self, folder: &str) -> Self {
        Self {
            file: self.file_in(folder),
            ..self.clone()
        }
    }

    /// The place at the beginning of `docker-compose.yml:38:9: what is wrong`.
    #[must_use]
    pub fn leading(message: &str) -> Option<Self> {
        let (place, _) = message.split_once(": ")?;
        Self::parse(place).filter(|location| location.line.is_some() && !place.contains(' '))
    }
}

/// `docker-compose.yml:38:9`.
impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        let numbers = [self.line, self.column];
        numbers
            .into_iter()
            .map_while(|number| number)
            .try_for_each(|number| write!(f, ":{number}"))
    }
}

fn split_number(text: &str) -> (&str, Option<u32>) {
    let split = text
        .rsplit_once(':')
        .and_then(|(before, number)| Some((before, number.parse().ok()?)));
    split.map_or((text, None), |(before, number)| (before, Some(number)))
}

/// Something that was looked at on the way to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What was looked at; empty where the rest says it.
    pub what: String,
    /// What was seen.
    pub seen: String,
}

impl Evidence {
    /// A sentence that says both.
    #[must_use]
    pub fn seen(seen: impl Into<String>) -> Self {
        Self {
            what: String::new(),
            seen: seen.into(),
        }
    }
}

impl std::fmt::Display for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { what, seen } = self;
        if what.is_empty() {
            write!(f, "{seen}")
        } else {
            write!(f, "{what}: {seen}")
        }
    }
}

/// What one check found, or why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's name, in kebab-case.
    pub rule: String,
    /// How it came out.
    pub severity: Severity,
    /// What it is about, as `5.1 Redis data volume`.
    pub subject: String,
    /// The environment; none where it is about all of them, or about the machine.
    pub environment: Option<String>,
    /// Where, if it is about a place in a file.
    pub location: Option<Location>,
    /// What it should be, in a sentence, where the subject does not say it.
    pub requirement: Option<String>,
    /// What was found, in a sentence; empty where a pass says all.
    pub message: String,
    /// What that is concluded from.
    pub evidence: Vec<Evidence>,
    /// What can be done, the best first.
    pub remedies: Vec<Remedy>,
    /// How long the check took, where it is worth knowing.
    pub took: Option<Duration>,
}

impl Diagnostic {
    /// One with nothing but what each has.
    #[must_use]
    pub fn new(
        rule: impl Into<String>,
        severity: Severity,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule: rule.into(),
            severity,
            subject: subject.into(),
            environment: None,
            location: None,
            requirement: None,
            message: message.into(),
            evidence: Vec::new(),
            remedies: Vec::new(),
            took: None,
        }
    }

    /// The diagnostic as one of an environment.
    #[must_use]
    pub fn of(self, environment: impl Into<String>) -> Self {
        Self {
            environment: Some(environment.into()),
            ..self
        }
    }

    /// The diagnostic at a place, if there is one.
    #[must_use]
    pub fn at(self, location: Option<Location>) -> Self {
        Self { location, ..self }
    }

    /// The diagnostic with what it is concluded from.
    #[must_use]
    pub fn with_evidence(self, evidence: Vec<Evidence>) -> Self {
        Self { evidence, ..self }
    }

    /// The diagnostic with what can be done.
    #[must_use]
    pub fn with_remedies(self, remedies: Vec<Remedy>) -> Self {
        Self { remedies, ..self }
    }

    /// `docker-compose.yml:38:9: services.web.ports: what is wrong`, with as much of it as is
    /// known.
    #[must_use]
    pub fn in_one_line(&self) -> String {
        let at = self.location.as_ref().map(|at| format!("{at}: "));
        let subject = (!self.subject.is_empty()).then(|| format!("{}: ", self.subject));
        let head: String = at.into_iter().chain(subject).collect();
        head + &self.message
    }

    /// Whether somebody has to do something about it, or to look again.
    #[must_use]
    pub fn is_finding(&self) -> bool {
        self.severity > Severity::Note
    }
}

/// Diagnostics that belong together, with a title of their own in a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The kind of what was looked at, for programs, as `live`.
    pub kind: &'static str,
    /// The environment that all of it is about, if it is one.
    pub environment: Option<String>,
    /// The title for people, as `Running stack: local`.
    pub title: String,
    /// How a pass and an error are called, as `proved` and `failed`.
    pub words: [&'static str; 2],
    /// The diagnostics.
    pub diagnostics: Vec<Diagnostic>,
    /// What else is to be known.
    pub notes: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_they_are_written() {
        let place = |file: &str, line, column| {
            Some(Location {
                file: file.to_owned(),
                line,
                column,
            })
        };
        assert_eq!(
            Location::parse("a/b.yml:38:9"),
            place("a/b.yml", Some(38), Some(9))
        );
        assert_eq!(Location::parse("b.yml:38"), place("b.yml", Some(38), None));
        assert_eq!(Location::parse("b.yml"), place("b.yml", None, None));
        assert_eq!(
            Location::parse("a:b.yml:1"),
            place("a:b.yml", Some(1), None)
        );
        assert_eq!(Location::parse(""), None);
        assert_eq!(
            Location::leading("b.yml:3:1: services.x: unknown"),
            place("b.yml", Some(3), Some(1))
        );
        assert_eq!(
            Location::leading("services.x: no image"),
            None,
            "that is no file"
        );
        assert_eq!(Location::leading("port 8080:80: taken"), None);
    }
}
