//! JUnit XML, for CI systems: a suite a group.
//! The form is Ant's, as CI systems read it: <https://llg.cubic.org/docs/junit/>. A test case has the
//! attributes `file` and `line` too, which GitLab, CircleCI and pytest's readers know.

use crate::diagnostic::{Diagnostic, Group, Severity};
use crate::invocation::Invocation;
use crate::printable::{is_hidden, printable};

use super::lines;

/// The document of a command, as `verify`; `folder` is where the checkout lies in its repository,
/// from which paths count there.
#[must_use]
pub fn junit(groups: &[Group], invocation: &Invocation, command: &str, folder: &str) -> String {
    let mut document = Document {
        xml: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned(),
        depth: 0,
    };
    let suite = Suite {
        invocation,
        command,
        folder,
    };
    let name = format!("{} {command}", invocation.program());
    document.element("testsuites", &[("name", name)], |document| {
        groups.iter().for_each(|group| suite.write(document, group));
    });
    document.xml
}

/// What every suite of a document is written with.
struct Suite<'d> {
    invocation: &'d Invocation,
    command: &'d str,
    folder: &'d str,
}

/// What becomes of a test case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Skipped,
    Failed,
}

impl Outcome {
    /// What is open, and what could not be looked at, is no pass.
    fn of(severity: Severity) -> Self {
        match severity {
            Severity::Pass => Self::Passed,
            // A warning fails no command, so it fails no case either.
            Severity::NotApplicable | Severity::Note | Severity::Warning => Self::Skipped,
            Severity::Unknown | Severity::Error => Self::Failed,
        }
    }
}

impl Suite<'_> {
    fn write(&self, document: &mut Document, group: &Group) {
        let place = group.environment.as_ref();
        let place = place.map(|name| format!(" {name}")).unwrap_or_default();
        let number = |outcome: Outcome| {
            let all = group.diagnostics.iter();
            all.filter(|one| Outcome::of(one.severity) == outcome)
                .count()
                .to_string()
        };
        let attributes = [
            ("name", format!("{}{place}", group.kind)),
            ("tests", group.diagnostics.len().to_string()),
            ("failures", number(Outcome::Failed)),
            ("errors", "0".to_owned()),
            ("skipped", number(Outcome::Skipped)),
        ];
        document.element("testsuite", &attributes, |document| {
            let all = group.diagnostics.iter();
            all.for_each(|one| self.case(document, one, group.kind));
        });
    }

    fn case(&self, document: &mut Document, one: &Diagnostic, kind: &str) {
        let environment = one.environment.as_deref().unwrap_or("all");
        let mut attributes = vec![
            ("name", one.subject.clone()),
            (
                "classname",
                format!("{}.{kind}.{environment}", self.command),
            ),
        ];
        if let Some(location) = &one.location {
            attributes.push(("file", location.file_in(self.folder)));
            attributes.extend(location.line.map(|line| ("line", line.to_string())));
        }
        let took = one.took.map(|took| format!("{:.3}", took.as_secs_f64()));
        attributes.extend(took.map(|took| ("time", took)));
        document.element("testcase", &attributes, |document| {
            self.result(document, one);
        });
    }

    fn result(&self, document: &mut Document, one: &Diagnostic) {
        let place = one.location.as_ref().map(|at| at.in_folder(self.folder));
        let behind = place
            .map(|at| at.to_string())
            .into_iter()
            .chain(lines::evidence(one))
            .chain(lines::remedies(one, self.invocation));
        let first = one.message.lines().next().unwrap_or_default().to_owned();
        match Outcome::of(one.severity) {
            Outcome::Failed => {
                let attributes = [("type", one.rule.clone()), ("message", first)];
                let all: Vec<_> = [one.message.clone()].into_iter().chain(behind).collect();
                document.text("failure", &attributes, &all.join("\n"));
            }
            Outcome::Skipped => {
                document.element("skipped", &[("message", first)], |_| {});
                document.output(behind);
            }
            Outcome::Passed => document.output(lines::evidence(one)),
        }
    }
}

/// XML as it is written: elements, their attributes and texts.
struct Document {
    xml: String,
    depth: usize,
}

impl Document {
    fn element(
        &mut self,
        name: &str,
        attributes: &[(&str, String)],
        inner: impl FnOnce(&mut Self),
    ) {
        self.begin(name, attributes);
        let begun = self.xml.len();
        self.depth += 1;
        inner(self);
        self.depth -= 1;
        if self.xml.len() == begun {
            self.xml.push_str("/>");
        } else {
            self.xml.insert(begun, '>');
            self.line();
            self.xml.push_str(&format!("</{name}>"));
        }
    }

    /// An element that holds a text alone, as it is.
    fn text(&mut self, name: &str, attributes: &[(&str, String)], text: &str) {
        self.begin(name, attributes);
        self.xml.push_str(&format!(">{}</{name}>", escaped(text)));
    }

    fn output(&mut self, lines: impl Iterator<Item = String>) {
        let text: String = lines.map(|line| line + "\n").collect();
        if !text.is_empty() {
            self.text("system-out", &[], &text);
        }
    }

    fn begin(&mut self, name: &str, attributes: &[(&str, String)]) {
        self.line();
        self.xml.push_str(&format!("<{name}"));
        for (name, value) in attributes {
            // A reader makes a space of a line's end in an attribute.
            let value = escaped(value).replace('\n', "&#10;").replace('\t', "&#9;");
            self.xml.push_str(&format!(" {name}=\"{value}\""));
        }
    }

    fn line(&mut self) {
        self.xml.push('\n');
        self.xml.push_str(&"  ".repeat(self.depth));
    }
}

/// A text between tags or quotes. XML 1.0 has no way to write most control characters: they are
/// named, as on a screen.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(c),
            _ if is_hidden(c) => escaped.push_str(&printable(c.encode_utf8(&mut [0; 4]))),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::*;
    use crate::diagnostic::{Evidence, Location};
    use crate::remedy::Remedy;

    const HOSTILE: &str = "a \"<&>'\u{1b}[31m]]> 100 %\n\tb\u{fffe}";

    fn group(diagnostics: Vec<Diagnostic>) -> Group {
        Group {
            kind: "files",
            environment: None,
            title: "Files".to_owned(),
            words: ["holds", "finding"],
            diagnostics,
            notes: Vec::new(),
        }
    }

    fn written(diagnostics: Vec<Diagnostic>) -> String {
        let invocation = Invocation::new("cargo xtask", None);
        junit(&[group(diagnostics)], &invocation, "verify", "deploy")
    }

    #[test]
    fn what_is_open_or_unseen_is_no_pass() {
        let of = |severity| Diagnostic::new("rule", severity, "subject", "why");
        for (severity, sign, counted) in [
            (
                Severity::Pass,
                None,
                "failures=\"0\" errors=\"0\" skipped=\"0\"",
            ),
            (
                Severity::NotApplicable,
                Some("<skipped message=\"why\"/>"),
                "failures=\"0\" errors=\"0\" skipped=\"1\"",
            ),
            (
                Severity::Note,
                Some("<skipped message=\"why\"/>"),
                "failures=\"0\" errors=\"0\" skipped=\"1\"",
            ),
            (
                Severity::Unknown,
                Some("<failure type=\"rule\" message=\"why\">"),
                "failures=\"1\" errors=\"0\" skipped=\"0\"",
            ),
            (
                Severity::Error,
                Some("<failure type=\"rule\" message=\"why\">"),
                "failures=\"1\" errors=\"0\" skipped=\"0\"",
            ),
        ] {
            let said = written(vec![of(severity)]);
            assert!(said.contains(counted), "{said}");
            match sign {
                Some(sign) => assert!(said.contains(sign), "{said}"),
                None => assert!(said.contains(".all\"/>"), "{said}"),
            }
        }
    }

    #[test]
    fn a_failure_has_its_place_what_was_seen_and_what_to_do() {
        let one = Diagnostic::new(
            "story-drifted",
            Severity::Error,
            "5.1",
            "drifted: x is gone",
        )
        .of("local")
        .at(Location::parse("a.yml:3:9"))
        .with_evidence(vec![Evidence::seen("- a:/b")])
        .with_remedies(vec![Remedy::command("Again", &["migrate"])]);
        let said = written(vec![one]);
        assert!(
            said.contains("classname=\"verify.files.local\" file=\"deploy/a.yml\" line=\"3\">"),
            "{said}"
        );
        assert!(
            said.contains(
                ">drifted: x is gone\ndeploy/a.yml:3:9\n- a:/b\nAgain: cargo xtask migrate</failure>"
            ),
            "{said}"
        );
    }

    /// Read by another program's parser, every text is as it was, but for what XML has no way to
    /// write.
    #[test]
    fn nothing_in_a_text_is_markup() {
        let one = Diagnostic::new(HOSTILE, Severity::Error, HOSTILE, HOSTILE)
            .of(HOSTILE)
            .at(Location::parse(&format!("{HOSTILE}:3:9")))
            .with_evidence(vec![Evidence::seen(HOSTILE)]);
        let said = written(vec![one]);
        let mut reader = Reader::from_str(&said);
        let (mut subjects, mut text) = (Vec::new(), String::new());
        loop {
            match reader.read_event().unwrap() {
                Event::Start(element) if element.name().as_ref() == "testcase" => {
                    let name = element.try_get_attribute("name").unwrap().unwrap();
                    let name = name.value.into_owned();
                    subjects.push(quick_xml::escape::unescape(&name).unwrap().into_owned());
                }
                Event::Text(found) => text.push_str(found.as_ref()),
                Event::GeneralRef(name) => {
                    let name = format!("&{};", name.as_ref());
                    text.push_str(&quick_xml::escape::unescape(&name).unwrap());
                }
                Event::Eof => break,
                _ => {}
            }
        }
        let shown = HOSTILE
            .replace('\u{1b}', "\\x1b")
            .replace('\u{fffe}', "\\u{fffe}");
        assert_eq!(subjects.join(""), shown);
        assert!(
            text.contains(&format!("{shown}\ndeploy/{shown}:3:9\n{shown}")),
            "{text}"
        );
    }
}
