//! Which files make an environment: `compose/stack.yaml`, or what the files' names and contents
//! say.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::yaml_error::place_and_reason;

mod detect;
pub(crate) mod unique;
mod write;

use unique::Unique;

pub use detect::{Found, LayoutDoubt, detect, is_compose_file};
pub use write::{environments, plain_or_quoted};

/// Which files make which environment, and what the stories need to know beside.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// The environments by name, in the order in which they are shown. Where `compose/stack.yaml`
    /// names none, those that are found.
    #[serde(default)]
    pub environments: IndexMap<String, EnvironmentFiles>,
    /// Names of the services that play a role, by role.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub roles: BTreeMap<String, String>,
    /// Values that stories ask for, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Parameter>,
    /// What the team says of volumes, by their key or their real name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub volumes: BTreeMap<String, VolumeRemarks>,
}

/// What the team says of a volume.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct VolumeRemarks {
    /// Why it lies there though nothing uses it: it is not told of any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forgotten: Option<String>,
}

/// [`Layout`] as it is written down.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    environments: Option<Unique<EnvironmentFiles>>,
    #[serde(deserialize_with = "unique::map")]
    roles: BTreeMap<String, String>,
    #[serde(deserialize_with = "unique::map")]
    parameters: BTreeMap<String, Parameter>,
    #[serde(deserialize_with = "unique::map")]
    volumes: BTreeMap<String, VolumeRemarks>,
}

/// The files of an environment, relative to the checkout's root.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EnvironmentFiles {
    /// The Compose files in the order in which Compose merges them.
    pub files: Vec<String>,
    /// The files that set variables, later ones last.
    #[serde(default)]
    pub env_files: Vec<String>,
}

impl EnvironmentFiles {
    /// The env files that Compose reads: those that are listed, else the `.env` of the project
    /// directory, which is the folder of the first file.
    #[must_use]
    pub fn env_files_or_default(&self) -> Vec<String> {
        if !self.env_files.is_empty() {
            return self.env_files.clone();
        }
        let folder = self
            .files
            .first()
            .and_then(|file| file.rsplit_once('/'))
            .map(|(folder, _)| folder);
        vec![folder.map_or_else(|| ".env".to_owned(), |folder| format!("{folder}/.env"))]
    }
}

/// A value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Parameter {
    /// A number, such as a port.
    Number(u32),
    /// A text, such as a path or a command for a shell.
    Text(String),
    /// Words, such as a command without a shell.
    Words(Vec<String>),
}

impl Parameter {
    /// The number; also of a text that is one, for a port is often quoted.
    #[must_use]
    pub fn number(&self) -> Option<u32> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.parse().ok(),
            Self::Words(_) => None,
        }
    }

    /// The text; also of a number.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Number(number) => Some(number.to_string()),
            Self::Text(text) => Some(text.clone()),
            Self::Words(_) => None,
        }
    }
}

/// Why a text is no [`Layout`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{at}: {reason}")]
pub struct LayoutError {
    file: String,
    at: String,
    reason: String,
}

impl Layout {
    /// Reads `compose/stack.yaml`; `file` is its path, for messages. Every key may be left out;
    /// without `environments` there are none.
    ///
    /// # Errors
    /// [`LayoutError`] for a text of another form, an environment without files and a path that
    /// leaves the checkout.
    pub fn parse(file: &str, text: &str) -> Result<Self, LayoutError> {
        let fail = |at: String, reason: String| LayoutError {
            file: file.to_owned(),
            at,
            reason,
        };
        let written: Option<Written> = serde_yaml::from_str(text).map_err(|error| {
            let (at, reason) = place_and_reason(&error);
            fail(at, reason)
        })?;
        let Written {
            environments,
            roles,
            parameters,
            volumes,
        } = written.unwrap_or_default();
        let is_written = environments.is_some();
        let environments: IndexMap<_, _> = environments.unwrap_or_default().into_iter().collect();
        let names_none = is_written && environments.is_empty();
        let mut layout = Self {
            environments,
            roles,
            parameters,
            volumes,
        };
        for environment in layout.environments.values_mut() {
            environment
                .files
                .iter_mut()
                .chain(&mut environment.env_files)
                .for_each(|path| *path = plain(path));
        }
        if names_none {
            return Err(fail(
                String::new(),
                "no environment: write environments: { local: { files: [...] } }, or take the line out to have them found"
                    .to_owned(),
            ));
        }
        for (name, environment) in &layout.environments {
            if let Some(reason) = fault(name, environment) {
                return Err(fail(place_of_environment(text, name), reason));
            }
        }
        Ok(layout)
    }

    /// The volumes, by key or real name, that nobody is to be told of any more.
    pub fn forgotten_volumes(&self) -> impl Iterator<Item = String> + '_ {
        let forgotten = |(_, remarks): &(&String, &VolumeRemarks)| remarks.forgotten.is_some();
        self.volumes
            .iter()
            .filter(forgotten)
            .map(|(name, _)| name.clone())
    }

    /// The environments that read a file.
    pub fn users_of<'a>(&'a self, file: &'a str) -> impl Iterator<Item = &'a str> {
        let reads =
            move |environment: &EnvironmentFiles| environment.files.iter().any(|own| own == file);
        self.environments
            .iter()
            .filter(move |(_, environment)| reads(environment))
            .map(|(name, _)| name.as_str())
    }
}

/// Why nobody can work with an environment.
fn fault(name: &str, environment: &EnvironmentFiles) -> Option<String> {
    if name.trim().is_empty() {
        return Some("an environment without a name; give it one, such as local".to_owned());
    }
    if name.starts_with('-') {
        return Some(format!(
            "environment {name}: a command would read its name as a flag; give it a name that starts with a letter"
        ));
    }
    if environment.files.is_empty() {
        return Some(format!("environment {name} has no files"));
    }
    let mut paths = environment.files.iter().chain(&environment.env_files);
    let path = paths.find(|path| leaves_the_checkout(path))?;
    Some(format!("environment {name}: {path} leaves the checkout"))
}

/// `:line:column` of an environment's name.
fn place_of_environment(text: &str, name: &str) -> String {
    let document = compose_edit::Document::parse(text).ok();
    let key = document.as_ref().and_then(|document| {
        let environments = document.get(&["environments"].into())?.as_mapping()?;
        Some(environments.entry(name)?.0.position())
    });
    key.map_or_else(String::new, |at| format!(":{at}"))
}

/// A path without the `.` that say nothing: a file has one name.
fn plain(path: &str) -> String {
    let parts: Vec<_> = path.split('/').filter(|part| *part != ".").collect();
    parts.join("/")
}

/// Whether a path is absolute or climbs above the folder that it starts from.
#[must_use]
pub fn leaves_the_checkout(path: &str) -> bool {
    let mut depth = 0_i32;
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => depth -= 1,
            _ => depth += 1,
        }
        if depth < 0 {
            return true;
        }
    }
    path.starts_with(['/', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_out_of_the_checkout_is_refused() {
        let text = "environments:\n  local: { files: [../other/docker-compose.yml] }\n";
        let error = Layout::parse("compose/stack.yaml", text)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("../other/docker-compose.yml leaves the checkout"),
            "{error}"
        );
        assert!(
            leaves_the_checkout("/etc/passwd")
                && leaves_the_checkout("a/../../b")
                && !leaves_the_checkout("a/../b")
        );
    }

    #[test]
    fn an_environment_has_a_name_that_a_command_can_take() {
        for (name, says) in [
            ("\"\"", ":3:3: an environment without a name"),
            ("\" \"", ":3:3: an environment without a name"),
            ("-e", ":3:3: environment -e: a command would read"),
            ("--root", ":3:3: environment --root: a command would read"),
        ] {
            let text = format!(
                "environments:\n  local: {{ files: [a.yml] }}\n  {name}: {{ files: [a.yml] }}\n"
            );
            let error = Layout::parse("compose/stack.yaml", &text).unwrap_err();
            let expected = format!("compose/stack.yaml{says}");
            assert!(error.to_string().starts_with(&expected), "{error}");
        }
    }

    #[test]
    fn an_unknown_key_is_an_error_with_its_line() {
        let text = "environments:\n  local: { file: [a.yml] }\n";
        let error = Layout::parse("compose/stack.yaml", text)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("compose/stack.yaml:2:") && error.contains("unknown field `file`"),
            "{error}"
        );
    }

    #[test]
    fn what_is_given_twice_is_an_error_with_its_line() {
        let local = "  local: { files: [a.yml] }\n";
        for (text, says) in [
            (
                format!("environments:\n{local}{local}"),
                ":3:3: environments: local is given twice",
            ),
            (
                "roles:\n  api: a\n  api: b\n".to_owned(),
                ":3:3: roles: api is given twice",
            ),
            (
                "parameters:\n  port: 1\n  port: 2\n".to_owned(),
                ":3:3: parameters: port is given twice",
            ),
            (
                "volumes:\n  a: {}\n  a: { forgotten: old }\n".to_owned(),
                ":3:3: volumes: a is given twice",
            ),
        ] {
            let error = Layout::parse("compose/stack.yaml", &text).unwrap_err();
            assert_eq!(error.to_string(), format!("compose/stack.yaml{says}"));
        }
        let names = |text: &str| Layout::parse("x", text).map(|layout| layout.environments.len());
        assert_eq!(names(&format!("environments:\n{local}roles:\n")), Ok(1));
        assert!(names("environments: {}\n").is_err());
    }
}
