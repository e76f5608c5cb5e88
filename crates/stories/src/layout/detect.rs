//! The layout of a checkout without `compose/stack.yaml`.

use compose_edit::{Document, Node};
use compose_view::Files;
use indexmap::IndexMap;

use super::{EnvironmentFiles, Layout};

/// What lies in a checkout's root.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The Compose files there, parsed.
    pub files: &'a Files,
    /// Names of the env files and of their examples there.
    pub env_files: &'a [String],
    /// `COMPOSE_FILE` as `.env` sets it.
    pub compose_file: Option<&'a str>,
}

/// The files can be read in more than one way, or there are none.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LayoutDoubt {
    /// There is no Compose file.
    #[error("no Compose file here (looked for compose.yaml, docker-compose.yml and their like)")]
    Nothing,
    /// Two readings are possible.
    #[error("{reason}")]
    Ambiguous {
        /// What is unclear.
        reason: String,
        /// A `compose/stack.yaml` for each reading.
        readings: Vec<Layout>,
    },
}

/// The names that Compose looks for, in its order.
const BASES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const OVERRIDES: [&str; 4] =
    ["compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"];

/// Whether a file's name is one that may hold an environment.
#[must_use]
pub fn is_compose_file(name: &str) -> bool {
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    is_yaml && (BASES.contains(&name) || OVERRIDES.contains(&name) || (name.contains("compose") && says_kind(name)))
}

fn says_kind(name: &str) -> bool {
    ["prod", "dev", "local"].iter().any(|kind| name.contains(kind))
}

/// Reads the layout off the files' names, and off their services where a name alone does not tell.
///
/// # Errors
/// [`LayoutDoubt`] when there is no Compose file or more than one way to read those that are there.
pub fn detect(found: Found<'_>) -> Result<Layout, LayoutDoubt> {
    if let Some(list) = found.compose_file {
        let files = list.split([':', ';']).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        return Ok(layout([("local", files, env_file(found, "local"))]));
    }
    let local = local_files(found)?;
    let Some(prod) = single(found, "prod", |name| name.contains("prod"))? else {
        return match local {
            Some(local) => Ok(layout([("local", local, env_file(found, "local"))])),
            None => Err(LayoutDoubt::Nothing),
        };
    };
    let env = (env_file(found, "local"), env_file(found, "prod"));
    let Some(local) = local else { return Ok(layout([("prod", vec![prod], env.1)])) };
    let base = local[0].clone();
    let alone = layout([("local", local.clone(), env.0.clone()), ("prod", vec![prod.clone()], env.1.clone())]);
    let overlay = layout([("local", local, env.0), ("prod", vec![base.clone(), prod.clone()], env.1)]);
    match stands_alone(&found.files[&prod], &found.files[&base]) {
        Alone::Yes => Ok(alone),
        Alone::No => Ok(overlay),
        Alone::Perhaps(service) => Err(LayoutDoubt::Ambiguous {
            reason: format!(
                "{prod} can be read two ways: every service in it could run by itself, but {base} also has {service}"
            ),
            readings: vec![alone, overlay],
        }),
    }
}

/// The base and the override that Compose reads by itself.
fn local_files(found: Found<'_>) -> Result<Option<Vec<String>>, LayoutDoubt> {
    let there = |names: [&str; 4]| -> Vec<String> {
        names.into_iter().filter(|name| found.files.contains_key(*name)).map(str::to_owned).collect()
    };
    let (bases, overrides) = (there(BASES), there(OVERRIDES));
    if let [first, second, ..] = bases.as_slice() {
        return Err(LayoutDoubt::Ambiguous {
            reason: format!("{first} and {second} are both here; Compose reads {first} alone"),
            readings: [first, second].into_iter().flat_map(|other| readings_without(found, other)).rev().collect(),
        });
    }
    let dev = single(found, "dev", |name| name.contains("dev") || name.contains("local"))?;
    match (bases.into_iter().next(), overrides.into_iter().next(), dev) {
        (Some(base), None, Some(dev)) => base_and_dev(found, base, dev).map(Some),
        (Some(base), None, None) => Ok(Some(vec![base])),
        (Some(base), Some(over), _) => Ok(Some(vec![base, over])),
        (None, _, Some(dev)) => Ok(Some(vec![dev])),
        (None, _, None) => Ok(None),
    }
}

/// A base beside a development file. With a production file beside both, and services that do not run by themselves, the
/// base is what both share; else it may be production's.
fn base_and_dev(found: Found<'_>, base: String, dev: String) -> Result<Vec<String>, LayoutDoubt> {
    let has_prod = found.files.keys().any(|name| name.contains("prod"));
    if has_prod && matches!(stands_alone(&found.files[&dev], &found.files[&base]), Alone::No) {
        return Ok(vec![base, dev]);
    }
    let readings = readings_without(found, &dev).into_iter().flat_map(|rest| {
        [vec![dev.clone()], vec![base.clone(), dev.clone()]].map(|files| {
            let mut reading = layout([("local", files, env_file(found, "local"))]);
            let prod = EnvironmentFiles { files: vec![base.clone()], env_files: env_file(found, "prod") };
            let prod = rest.environments.get("prod").cloned().unwrap_or(prod);
            reading.environments.insert("prod".to_owned(), prod);
            reading
        })
    });
    Err(LayoutDoubt::Ambiguous {
        reason: format!("{dev} may stand alone beside {base}, or be merged over it"),
        readings: readings.collect(),
    })
}

/// The layouts of a checkout that lacks a file.
fn readings_without(found: Found<'_>, name: &str) -> Vec<Layout> {
    let mut files = found.files.clone();
    files.retain(|file, _| file != name);
    match detect(Found { files: &files, ..found }) {
        Ok(layout) => vec![layout],
        Err(LayoutDoubt::Ambiguous { readings, .. }) => readings,
        Err(LayoutDoubt::Nothing) => Vec::new(),
    }
}

/// The one Compose file whose name says `kind`.
fn single(found: Found<'_>, kind: &str, says: impl Fn(&str) -> bool) -> Result<Option<String>, LayoutDoubt> {
    let mut names =
        found.files.keys().filter(|name| name.contains("compose") && !BASES.contains(&name.as_str()) && says(name));
    match (names.next(), names.next()) {
        (first, None) => Ok(first.cloned()),
        (Some(first), Some(second)) => Err(LayoutDoubt::Ambiguous {
            reason: format!("{first} and {second} are both here, and either may be the {kind} environment"),
            readings: [first, second].into_iter().flat_map(|other| readings_without(found, other)).rev().collect(),
        }),
        (None, Some(_)) => Ok(None),
    }
}

enum Alone {
    Yes,
    No,
    /// It could; but the base has a service that it lacks.
    Perhaps(String),
}

fn stands_alone(file: &Document, base: &Document) -> Alone {
    let own = services(file);
    let runs = |node: Node<'_>| {
        let entries = node.resolved().as_mapping();
        entries.is_some_and(|body| ["image", "build", "extends"].iter().any(|key| body.get(key).is_some()))
    };
    if own.is_empty() || !own.values().all(|service| runs(*service)) {
        return Alone::No;
    }
    match services(base).keys().find(|name| !own.contains_key(*name)) {
        None => Alone::Yes,
        Some(missing) => Alone::Perhaps((*missing).to_owned()),
    }
}

fn services(document: &Document) -> IndexMap<&str, Node<'_>> {
    let mapping = document.root().and_then(Node::as_mapping).and_then(|root| root.get("services")?.as_mapping());
    let entries = mapping.into_iter().flat_map(|services| services.entries().collect::<Vec<_>>());
    entries.filter_map(|(key, value)| Some((key.as_scalar()?.value(), value))).collect()
}

/// An environment's own env file where there is one or an example of one, else the default `.env` likewise.
fn env_file(found: Found<'_>, environment: &str) -> Vec<String> {
    let names: &[&str] = match environment {
        "prod" => &[".env.prod", ".env.production", ".env"],
        _ => &[".env"],
    };
    let there = |name: &&&str| {
        let examples = [format!("{name}.example"), format!("{name}.sample"), format!("{name}.template")];
        found.env_files.iter().any(|file| file == **name || examples.contains(file))
    };
    names.iter().find(there).map(|name| (*name).to_owned()).into_iter().collect()
}

fn layout<const N: usize>(environments: [(&str, Vec<String>, Vec<String>); N]) -> Layout {
    let entry = |(name, files, env_files): (&str, _, _)| (name.to_owned(), EnvironmentFiles { files, env_files });
    Layout { environments: environments.into_iter().map(entry).collect(), ..Layout::default() }
}
