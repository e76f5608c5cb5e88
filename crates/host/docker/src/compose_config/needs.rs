//! What a compose file needs beside itself before Compose accepts it: files and the values of
//! variables.

use compose_edit::{Content, Document, Node};
use compose_model::{OperatorKind, Part, Template};

/// The needs of one file.
#[derive(Debug, Default)]
pub struct Needs {
    /// The env and label files that must be there, as written.
    pub files: Vec<String>,
    /// The variables.
    pub variables: Vec<Variable>,
}

/// A variable as a compose file names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Whether Compose rejects the file without it: `${NAME:?}`, `${NAME?}`.
    pub required: bool,
    /// Whether the file says what to take without it: `${NAME:-x}`, `${NAME-x}`, `${NAME:+x}`.
    pub has_default: bool,
}

impl Needs {
    /// Walks a file. Aliases are not followed: what they stand for is walked where it stands.
    pub fn of(document: &Document) -> Self {
        let mut found = Self::default();
        document.documents().for_each(|root| found.walk(root, true));
        found
    }

    fn walk(&mut self, node: Node<'_>, is_top: bool) {
        match node.content() {
            Content::Scalar(scalar) => self.ask(scalar.value()),
            Content::Sequence(sequence) => sequence.items().for_each(|item| self.walk(item, false)),
            Content::Mapping(mapping) => {
                for (key, value) in mapping.entries() {
                    match key.as_scalar().map(|key| key.value()) {
                        Some("env_file" | "label_file") => self.files.extend(required_paths(value)),
                        // Its env files count from another folder; they are looked for with the
                        // file that it names.
                        Some("include") if is_top => {
                            Self::default().take_variables(value, self);
                            continue;
                        }
                        _ => {}
                    }
                    self.walk(value, false);
                }
            }
            Content::Alias(_) => {}
        }
    }

    /// What a part of a file asks for, without the files that it names.
    fn take_variables(mut self, node: Node<'_>, into: &mut Self) {
        self.walk(node, false);
        into.variables.append(&mut self.variables);
    }

    /// A text that is no template is left to Compose to complain of.
    fn ask(&mut self, text: &str) {
        if text.contains('$')
            && let Ok(template) = Template::parse(text)
        {
            self.ask_parts(&template);
        }
    }

    fn ask_parts(&mut self, template: &Template) {
        for part in template.parts() {
            let Part::Variable(variable) = part else {
                continue;
            };
            let kind = variable.operator.as_ref().map(|operator| operator.kind);
            self.variables.push(Variable {
                name: variable.name.clone(),
                required: kind == Some(OperatorKind::Required),
                has_default: matches!(
                    kind,
                    Some(OperatorKind::Default | OperatorKind::Replacement)
                ),
            });
            if let Some(operator) = &variable.operator {
                self.ask_parts(&operator.word);
            }
        }
    }
}

/// `a.env`, `[a.env, {path: b.env, required: true}]`.
fn required_paths(value: Node<'_>) -> Vec<String> {
    match value.resolved().content() {
        Content::Scalar(path) => vec![path.value().to_owned()],
        Content::Sequence(items) => items.items().flat_map(required_paths).collect(),
        Content::Mapping(entry) => {
            let optional = entry
                .get("required")
                .and_then(Node::as_scalar)
                .is_some_and(|flag| flag.value() == "false");
            let path = entry
                .get("path")
                .filter(|_| !optional)
                .and_then(Node::as_scalar);
            path.map(|path| path.value().to_owned())
                .into_iter()
                .collect()
        }
        Content::Alias(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Needs {
        Needs::of(&Document::parse(text).unwrap())
    }

    #[test]
    fn operators_tell_what_is_required() {
        let found =
            of("image: ${A:?say}/$B:${C:-${D?}} # ${G}\ncommand: [$$E, '${F}', '5$']\n").variables;
        let told: Vec<_> = found
            .iter()
            .map(|v| (v.name.as_str(), v.required, v.has_default))
            .collect();
        let expected = [
            ("A", true, false),
            ("B", false, false),
            ("C", false, true),
            ("D", true, false),
            ("F", false, false),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn every_form_names_the_files_that_must_be_there() {
        let text = "
x-env: &env [one.env]
services:
  a: {env_file: *env, label_file: a.labels}
  b: {env_file: [{path: two.env}, {path: may-miss.env, required: false}, {path: three.env, format: raw}]}
";
        assert_eq!(
            of(text).files,
            ["one.env", "a.labels", "two.env", "three.env"]
        );
    }
}
