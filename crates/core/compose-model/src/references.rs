//! Which other files a file names.

use std::sync::Arc;

use compose_edit::Document;

use crate::budget::Budget;
use crate::decode::{Home, decode};
use crate::problem::{Outcome, Problem};
use crate::{Data, Origin, ScopeId, Value, paths};

/// A file that another one names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its path from the checkout's root, or its whole URL.
    pub path: String,
    /// `file:line:column` of who names it.
    pub named_at: String,
    /// What relative paths in it count from: its own folder, or the `project_directory` of an
    /// `include`.
    pub directory: String,
    /// The env files of an `include`.
    pub env_files: EnvFiles,
}

/// The env files of an `include`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvFiles {
    /// Their paths from the checkout's root, later ones last.
    pub paths: Vec<String>,
    /// Whether the `include` names them, so that they must be there; else it is the `.env` that
    /// Compose looks for.
    pub are_named: bool,
}

/// The files that a file's `extends` and `include` name, relative to the checkout's root like
/// `path` itself, each once.
///
/// Good for loading most of an environment in one go. It takes the file's own folder for the
/// project directory, which a file that is included with a `project_directory`, or an override in
/// another folder, does not have; [`View::resolve`](crate::View::resolve) knows better and names
/// what is still missing, one file at a time. Remote ones and those that a variable names are not
/// among them.
#[must_use]
pub fn references(path: &str, document: &Document) -> Vec<String> {
    let named = named(path, document, paths::folder(path))
        .into_iter()
        .map(|named| named.path);
    named
        .filter(|path| !is_remote(path) && !path.contains('$'))
        .collect()
}

/// The files that a document names where the project directory is known, with all that an `include`
/// says of them, remote ones too.
#[must_use]
pub fn named(path: &str, document: &Document, directory: &str) -> Vec<Named> {
    let mut budget = Budget::new();
    let home = Home {
        file: Arc::from(path),
        scope: ScopeId::default(),
    };
    let mut found: Vec<Named> = Vec::new();
    for root in document.documents() {
        let Ok(decoded) = decode(root, &home, &mut budget) else {
            continue;
        };
        let of_document =
            extended(&decoded.value, directory).chain(included(&decoded.value, directory));
        for (named, origin) in of_document {
            if !found.iter().any(|known| known.path == named.path) {
                let named_at = format!(
                    "{path}:{}",
                    document.position(origin.key.unwrap_or(origin.span).start)
                );
                found.push(Named { named_at, ..named });
            }
        }
    }
    found
}

fn extended<'m>(model: &'m Value, directory: &'m str) -> impl Iterator<Item = (Named, &'m Origin)> {
    let services = model
        .get("services")
        .and_then(Value::as_map)
        .into_iter()
        .flat_map(|services| services.values());
    services.filter_map(move |service| {
        let file = service.get("extends")?.get("file")?;
        let path = path(file.as_str()?, directory);
        let directory = paths::folder(&path).to_owned();
        Some((
            Named {
                path,
                named_at: String::new(),
                directory,
                env_files: EnvFiles::default(),
            },
            &file.origin,
        ))
    })
}

fn included<'m>(model: &'m Value, directory: &'m str) -> impl Iterator<Item = (Named, &'m Origin)> {
    let items = model
        .get("include")
        .and_then(Value::as_list)
        .unwrap_or_default();
    items.iter().flat_map(move |item| {
        let files: Vec<_> = files_of(item)
            .unwrap_or_default()
            .into_iter()
            .map(|file| path(file, directory))
            .collect();
        let own = files
            .first()
            .map(|first| directory_of(item, first, directory))
            .unwrap_or_default();
        let env_files = env_files(item, directory, &own);
        let named = move |path| {
            let (directory, env_files) = (own.clone(), env_files.clone());
            (
                Named {
                    path,
                    named_at: String::new(),
                    directory,
                    env_files,
                },
                &item.origin,
            )
        };
        files.into_iter().map(named)
    })
}

/// The project directory of an item of `include` whose first file this is.
pub(crate) fn directory_of(item: &Value, first: &str, outer: &str) -> String {
    match item.get("project_directory").and_then(Value::as_str) {
        Some(directory) if !directory.is_empty() => paths::join(outer, directory),
        _ => paths::folder(first).to_owned(),
    }
}

/// The files that an item of `include` names, in any of its forms.
pub(crate) fn files_of(item: &Value) -> Option<Vec<&str>> {
    let path = if item.as_map().is_some() {
        item.get("path")?
    } else {
        item
    };
    match &path.data {
        Data::String(file) => Some(vec![file]),
        Data::List(files) => files.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

fn path(written: &str, directory: &str) -> String {
    if is_remote(written) {
        written.to_owned()
    } else {
        paths::join(directory, written)
    }
}

/// The env files of an item of `include`: those that it names, from the folder of the project that
/// includes; else the `.env` of its own. `/dev/null` stands for none.
pub(crate) fn env_files(item: &Value, outer: &str, own: &str) -> EnvFiles {
    let named = item.get("env_file").map(|named| match named.as_list() {
        Some(items) => items.iter().filter_map(Value::as_str).collect(),
        None => named.as_str().into_iter().collect::<Vec<_>>(),
    });
    match named.filter(|named| !named.is_empty()) {
        Some(named) => {
            let paths = named
                .into_iter()
                .filter(|path| *path != "/dev/null")
                .map(|path| paths::join(outer, path));
            EnvFiles {
                paths: paths.collect(),
                are_named: true,
            }
        }
        None => EnvFiles {
            paths: vec![paths::join(own, ".env")],
            are_named: false,
        },
    }
}

/// Whether `include` or `extends` names what Compose fetches from elsewhere: a git repository or an
/// OCI artifact.
#[must_use]
pub fn is_remote(path: &str) -> bool {
    let is_ssh = || {
        let (user, rest) = path.split_once('@')?;
        let is_name = user
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
        let (host, _) = rest.split_once(':')?;
        Some(is_name && !user.is_empty() && !host.contains('/'))
    };
    path.contains("://") || path.starts_with("github.com/") || is_ssh() == Some(true)
}

/// Refuses what cannot be read from the checkout's own files.
pub(crate) fn must_be_local(key: &str, path: &str, at: &Origin) -> Outcome<()> {
    if is_remote(path) {
        let reason = format!(
            "`{key}` names {path}, which is remote and was not read; keep a copy of it in the checkout and name that"
        );
        return Err(Problem::rejected(at, reason));
    }
    if path.contains('$') {
        let reason = format!(
            "`{key}` names {path}: a variable says which file, so it was not read; name the file itself"
        );
        return Err(Problem::rejected(at, reason));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_names_its_files_once() {
        let text = "
include: [a.yml, {path: [b.yml, ../c.yml]}, a.yml, 'https://github.com/e/infra.git#main:c.yaml']
services:
  web: {extends: {file: ./common/base.yml, service: web}}
  api: {extends: web}
";
        let document = Document::parse(text).unwrap();
        assert_eq!(
            references("deploy/compose.yml", &document),
            [
                "deploy/common/base.yml",
                "deploy/a.yml",
                "deploy/b.yml",
                "c.yml"
            ]
        );
    }

    #[test]
    fn an_include_has_env_files_and_a_folder() {
        let text = "
include:
  - sub/a.yml
  - {path: sub/b.yml, project_directory: other, env_file: [x.env, sub/y.env]}
  - {path: sub/c.yml, env_file: /dev/null}
";
        let found = named(
            "deploy/compose.yml",
            &Document::parse(text).unwrap(),
            "deploy",
        );
        let told: Vec<_> = found
            .iter()
            .map(|named| {
                (
                    named.named_at.as_str(),
                    named.directory.as_str(),
                    named.env_files.paths.join(" "),
                )
            })
            .collect();
        let expected = [
            (
                "deploy/compose.yml:3:5",
                "deploy/sub",
                "deploy/sub/.env".to_owned(),
            ),
            (
                "deploy/compose.yml:4:5",
                "deploy/other",
                "deploy/x.env deploy/sub/y.env".to_owned(),
            ),
            ("deploy/compose.yml:5:5", "deploy/sub", String::new()),
        ];
        assert_eq!(told, expected);
        assert_eq!(
            found
                .iter()
                .map(|named| named.env_files.are_named)
                .collect::<Vec<_>>(),
            [false, true, true]
        );
    }

    #[test]
    fn what_compose_fetches_is_remote() {
        for path in [
            "https://github.com/example/infra.git#main:compose/redis.yaml",
            "oci://registry.example/stack:1",
            "git@github.com:example/infra.git",
            "ssh://git@example.org/infra.git",
            "github.com/example/infra",
        ] {
            assert!(is_remote(path), "{path}");
        }
        for path in [
            "compose.yaml",
            "./a@b/c:d.yaml",
            "../github.com/x.yaml",
            "a/b:c.yaml",
        ] {
            assert!(!is_remote(path), "{path}");
        }
    }
}
