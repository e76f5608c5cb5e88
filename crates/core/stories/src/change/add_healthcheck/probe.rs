//! Which probe a service gets: what its files say of it, and how sure that is.

use compose_model::Service;

use super::{AddHealthcheck, words};
use crate::assessment::Note;
use crate::context::Context;
use crate::evidence::image::Programs;
use crate::evidence::program::Program;
use crate::evidence::protocol::{self, Protocol, Spoken};
use crate::evidence::{Evidence, Subject, health_path, port};
use crate::{Answer, Parameter, Question, Section};

/// A probe and all that it was made of.
#[derive(Debug)]
pub(super) struct Probe {
    /// As Compose takes it.
    pub(super) command: Vec<String>,
    parts: Parts,
}

#[derive(Debug)]
enum Parts {
    /// The whole command is stated.
    Stated(Evidence<()>),
    /// It is put together.
    Found {
        port: Evidence<u32>,
        path: Evidence<String>,
        program: Evidence<Option<Program>>,
        /// Whether the image is known to have none.
        has_none: bool,
        /// What is spoken there instead of plain HTTP.
        spoken: Option<Spoken>,
    },
}

impl Probe {
    pub(super) fn of(story: &AddHealthcheck, cx: &Context<'_>, service: Service<'_>) -> Self {
        if let Some(parameter) = cx.parameter(&story.test.parameter) {
            return Self {
                command: words(parameter).iter().map(|word| literal(word)).collect(),
                parts: Parts::Stated(Evidence::stated(&story.test.parameter, ())),
            };
        }
        let subject = Subject::of(cx, service);
        let stated = cx
            .parameter(&story.port.parameter)
            .and_then(Parameter::number);
        let port = match stated {
            Some(port) => Evidence::stated(&story.port.parameter, port),
            None => port::of(&subject, story.port.default),
        };
        let stated = cx
            .parameter(&story.path.parameter)
            .and_then(Parameter::text);
        let path = match stated {
            Some(path) => Evidence::stated(&story.path.parameter, path),
            None => health_path::of(&subject, &story.path.default),
        };
        let programs = Programs::of(&subject);
        let program = programs.best();
        let fill = |word: &String| {
            let word = word.replace("{port}", &port.value.to_string());
            literal(&word.replace("{path}", &path.value))
        };
        let test: Vec<_> = story.test.default.iter().map(fill).collect();
        let url = test.iter().find(|word| word.contains("://")).cloned();
        let command = match (program.value, url) {
            (Some(program), Some(url)) => program.probe(&test, &url),
            _ => test,
        };
        let has_none = program.value.is_none() && programs.is_all;
        let spoken = protocol::instead_of_http(&subject, &port);
        Self {
            command,
            parts: Parts::Found {
                port,
                path,
                program,
                has_none,
                spoken,
            },
        }
    }

    /// What must be answered before it may be written; none where all is stated or found, or where
    /// the guesses are taken.
    pub(super) fn question(
        &self,
        story: &AddHealthcheck,
        cx: &Context<'_>,
        service: Service<'_>,
    ) -> Option<Question> {
        let Parts::Found {
            port,
            path,
            program,
            has_none,
            spoken,
        } = &self.parts
        else {
            return None;
        };
        let is_open = port.is_guess() || path.is_guess() || program.is_guess();
        // What is put together of guesses would fail in any case.
        let cannot_be_guessed = *has_none || spoken.is_some();
        if !cannot_be_guessed && (!is_open || cx.stack.accepts_guesses()) {
            return None;
        }
        let name = service.name;
        let mut asked = Asked::default();
        let asks_command = program.is_guess() || spoken.is_some();
        if asks_command {
            // The command says the port and the path too.
            asked.answers.push(Answer {
                section: Section::Parameters,
                name: story.test.parameter.clone(),
                what: format!("a command in the image of {name} that succeeds while it is well"),
                guess: self.likely(*has_none, spoken.as_ref()),
            });
        }
        asked.port(story, name, port, asks_command);
        asked.path(story, name, path, asks_command);
        asked.program(program, *has_none, &self.command);
        let speaks = |spoken: &Spoken| format!("port {} speaks {spoken}", port.value);
        asked.contradictions.extend(spoken.as_ref().map(speaks));
        let whats: Vec<_> = asked
            .answers
            .iter()
            .map(|answer| answer.what.clone())
            .collect();
        Some(Question {
            at: cx.locate(service.value),
            service: name.to_owned(),
            asks: format!("what is {}?", whats.join(", and ")),
            found: asked.found,
            contradictions: asked.contradictions,
            guesses: if cannot_be_guessed {
                Vec::new()
            } else {
                asked.guesses
            },
            answers: asked.answers,
        })
    }

    /// A likely command, for a person to look at. Behind TLS nobody but the container's own asks, and
    /// no certificate is for `localhost`.
    fn likely(&self, has_none: bool, spoken: Option<&Spoken>) -> Option<Parameter> {
        if has_none {
            return None;
        }
        let Some(spoken) = spoken else {
            return Some(Parameter::Words(self.command.clone()));
        };
        let behind_tls = |word: &String| match word.as_str() {
            "-f" => "-fk".to_owned(),
            word => word.replacen("http://", "https://", 1),
        };
        let is_curl = self.command.get(1).is_some_and(|word| word == "curl");
        let is_known = is_curl && spoken.protocol == Protocol::Tls;
        is_known.then(|| Parameter::Words(self.command.iter().map(behind_tls).collect()))
    }

    /// Where its parts come from.
    pub(super) fn notes(&self) -> Vec<Note> {
        let words = || self.command.get(1..).unwrap_or_default().join(" ");
        match &self.parts {
            Parts::Stated(stated) => {
                vec![Note::Source(format!(
                    "probe {}, from {}",
                    words(),
                    stated.places()
                ))]
            }
            Parts::Found {
                port,
                path,
                program,
                ..
            } => {
                let program_name = program.value.map_or("curl", Program::name);
                let note = |evidence: String, what: &str, is_guess| match is_guess {
                    true => Note::Guess(what.to_owned()),
                    false => Note::Source(format!("{what}, from {evidence}")),
                };
                vec![
                    note(
                        port.places(),
                        &format!("port {}", port.value),
                        port.is_guess(),
                    ),
                    note(
                        path.places(),
                        &format!("path {}", path.value),
                        path.is_guess(),
                    ),
                    note(
                        program.places(),
                        &format!("program {program_name}"),
                        program.is_guess(),
                    ),
                ]
            }
        }
    }
}

/// A question as it comes together.
#[derive(Default)]
struct Asked {
    found: Vec<String>,
    contradictions: Vec<String>,
    guesses: Vec<String>,
    answers: Vec<Answer>,
}

impl Asked {
    /// `is_covered`: another answer says it too.
    fn port(&mut self, story: &AddHealthcheck, name: &str, port: &Evidence<u32>, is_covered: bool) {
        if !port.is_guess() {
            self.found
                .push(format!("port {}: {}", port.value, port.places()));
            return;
        }
        self.guesses.push(format!("port {}", port.value));
        let differing = port
            .contradictions
            .iter()
            .map(|claim| format!("port {claim}"));
        self.contradictions.extend(differing);
        if !is_covered {
            self.answers.push(Answer {
                section: Section::Parameters,
                name: story.port.parameter.clone(),
                what: format!("the port that {name} listens on"),
                guess: Some(Parameter::Number(port.value)),
            });
        }
    }

    fn path(
        &mut self,
        story: &AddHealthcheck,
        name: &str,
        path: &Evidence<String>,
        is_covered: bool,
    ) {
        if !path.is_guess() {
            self.found
                .push(format!("path {}: {}", path.value, path.places()));
            return;
        }
        self.guesses.push(format!("path {}", path.value));
        let differing = path
            .contradictions
            .iter()
            .map(|claim| format!("path {claim}"));
        self.contradictions.extend(differing);
        if !is_covered {
            let what = format!("the path that answers 200 while {name} is well");
            self.answers.push(Answer {
                section: Section::Parameters,
                name: story.path.parameter.clone(),
                what,
                guess: Some(Parameter::Text(path.value.clone())),
            });
        }
    }

    fn program(&mut self, program: &Evidence<Option<Program>>, has_none: bool, command: &[String]) {
        match program.value {
            Some(program_there) => {
                self.found
                    .push(format!("{}: in {}", program_there.name(), program.places()));
            }
            None if has_none => {
                let none = "no curl, wget, node, python3, php or ruby";
                self.contradictions
                    .push(format!("{none}: in {}", program.places()));
            }
            None => {
                let guess = command.get(1).map_or("curl", String::as_str);
                self.guesses
                    .push(format!("{guess} in {}", program.places()));
            }
        }
    }
}

/// A text that reaches the container as it is: Compose would replace a variable that the container
/// is meant to. What is doubled already, as in a Compose file, stays.
fn literal(text: &str) -> String {
    let mut parts = text.split_inclusive('$').peekable();
    let mut out = String::new();
    while let Some(part) = parts.next() {
        out.push_str(part);
        if part.ends_with('$') {
            out.push('$');
            parts.next_if_eq(&"$");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn a_dollar_is_doubled_once() {
        let table = [
            (
                "curl localhost:$PORT/health",
                "curl localhost:$$PORT/health",
            ),
            (
                "curl localhost:$$PORT/health",
                "curl localhost:$$PORT/health",
            ),
            ("test ${A:-1} = $B$$C$$$D", "test $${A:-1} = $$B$$C$$$$D"),
            ("grep ok$", "grep ok$$"),
            ("none", "none"),
            ("", ""),
        ];
        for (text, expected) in table {
            assert_eq!(literal(text), expected);
            assert_eq!(literal(expected), expected);
        }
    }
}
