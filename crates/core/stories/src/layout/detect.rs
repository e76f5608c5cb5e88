//! The layout of a checkout without `compose/stack.yaml`.

use compose_edit::{Document, Node};
use compose_model::Files;
use indexmap::IndexMap;

use super::{EnvironmentFiles, Layout};

/// What lies in a checkout's root.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The Compose files there, parsed.
    pub files: &'a Files,
    /// Names of the env files and of their examples there.
    pub env_files: &'a [String],
    /// The files that `COMPOSE_FILE` lists.
    pub compose_file: Option<&'a [String]>,
}

/// The files can be read in more than one way, or there are none.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LayoutAmbiguity {
    /// There is no Compose file.
    #[error("no Compose file here (looked for compose.yaml, docker-compose.yml and their like)")]
    Nothing,
    /// Several readings are possible.
    #[error("{reason}")]
    Ambiguous {
        /// What is unclear.
        reason: String,
        /// A `compose/stack.yaml` for each reading.
        readings: Vec<Layout>,
    },
}

/// The names that Compose looks for, in its order.
const BASES: [&str; 4] = [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
];
const OVERRIDES: [&str; 4] = [
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];

/// Whether a file's name is one that may hold an environment.
#[must_use]
pub fn is_compose_file(name: &str) -> bool {
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    let says_kind = || name.contains("compose") && (is_local(name) || is_prod(name));
    is_yaml && (BASES.contains(&name) || OVERRIDES.contains(&name) || says_kind())
}

/// Words of a file's name that say for whom it is.
const LOCAL: [&str; 4] = ["dev", "devel", "development", "local"];
const PROD: [&str; 2] = ["prod", "production"];

/// Words that turn the next one into another environment: `non-prod`, `pre-prod`.
const OTHER: [&str; 4] = ["no", "non", "not", "pre"];

fn is_local(name: &str) -> bool {
    says(name, &LOCAL)
}

fn is_prod(name: &str) -> bool {
    says(name, &PROD)
}

/// Whether one of some words stands in a name between dots, dashes and underscores: `devices` and
/// `preprod` say neither.
fn says(name: &str, words: &[&str]) -> bool {
    let name = name.to_lowercase();
    let own: Vec<_> = name.split(['.', '-', '_']).collect();
    let is_turned = |at: usize| at > 0 && OTHER.contains(&own[at - 1]);
    own.iter()
        .enumerate()
        .any(|(at, word)| words.contains(word) && !is_turned(at))
}

/// Reads the layout off the files' names, and off their services where a name alone does not tell.
///
/// # Errors
/// [`LayoutAmbiguity`] when there is no Compose file or more than one way to read those that are there.
pub fn detect(found: Found<'_>) -> Result<Layout, LayoutAmbiguity> {
    if let Some(list) = found.compose_file {
        return Ok(found.layout(&Reading {
            local: list.to_vec(),
            prod: Vec::new(),
        }));
    }
    let mut doubts = Vec::new();
    let locals = found.locals(&mut doubts);
    let readings: Vec<_> = locals
        .into_iter()
        .flat_map(|local| found.with_prod(local, &mut doubts))
        .collect();
    let layouts: Vec<_> = readings
        .iter()
        .map(|reading| found.layout(reading))
        .collect();
    match (layouts.as_slice(), doubts.into_iter().next()) {
        ([one], _) if one.environments.is_empty() => Err(LayoutAmbiguity::Nothing),
        ([one], _) => Ok(one.clone()),
        (_, reason) => Err(LayoutAmbiguity::Ambiguous {
            reason: reason.unwrap_or_default(),
            readings: layouts,
        }),
    }
}

/// One way to read the files; an environment without files is not there.
struct Reading {
    local: Vec<String>,
    prod: Vec<String>,
}

impl Found<'_> {
    /// The files of the local environment, each way in which they can be read.
    fn locals(self, doubts: &mut Vec<String>) -> Vec<Vec<String>> {
        let bases = self.named(|name| BASES.contains(&name));
        if let [first, second, ..] = bases.as_slice() {
            doubts.push(format!(
                "{first} and {second} are both here; Compose reads one alone"
            ));
        }
        let over = OVERRIDES
            .into_iter()
            .find(|name| self.files.contains_key(*name));
        let developers = self.named(|name| is_local(name) && !BASES.contains(&name));
        if let ([first, second, ..], None) = (developers.as_slice(), over) {
            doubts.push(format!(
                "{first} and {second} are both here, and either may be the local environment"
            ));
        }
        match bases.as_slice() {
            [] if developers.is_empty() => vec![Vec::new()],
            [] => developers.into_iter().map(|own| vec![own]).collect(),
            bases => bases
                .iter()
                .flat_map(|base| self.locals_of(base, over, &developers, doubts))
                .collect(),
        }
    }

    fn locals_of(
        self,
        base: &str,
        over: Option<&str>,
        developers: &[String],
        doubts: &mut Vec<String>,
    ) -> Vec<Vec<String>> {
        if let Some(over) = over {
            return vec![vec![base.to_owned(), over.to_owned()]];
        }
        if developers.is_empty() {
            return vec![vec![base.to_owned()]];
        }
        developers
            .iter()
            .flat_map(|own| self.over(base, own, doubts))
            .collect()
    }

    /// A local reading together with each way in which production's files can be read.
    fn with_prod(self, local: Vec<String>, doubts: &mut Vec<String>) -> Vec<Reading> {
        let base = local
            .iter()
            .find(|name| BASES.contains(&name.as_str()))
            .cloned();
        let prods = self.named(|name| is_prod(name) && !BASES.contains(&name));
        if let [first, second, ..] = prods.as_slice() {
            doubts.push(format!(
                "{first} and {second} are both here, and either may be the prod environment"
            ));
        }
        let files = match &base {
            Some(base) if !prods.is_empty() => prods
                .iter()
                .flat_map(|own| self.over(base, own, doubts))
                .collect(),
            _ if prods.is_empty() => self.without_prod(&local, doubts),
            _ => prods.into_iter().map(|own| vec![own]).collect(),
        };
        files
            .into_iter()
            .map(|prod| Reading {
                local: local.clone(),
                prod,
            })
            .collect()
    }

    /// A base that only a developer's file stands beside may be production's own.
    fn without_prod(self, local: &[String], doubts: &mut Vec<String>) -> Vec<Vec<String>> {
        let base = self.named(|name| BASES.contains(&name)).into_iter().next();
        match (base, local.iter().find(|name| is_local(name))) {
            (Some(base), Some(own)) => {
                doubts.push(format!(
                    "{own} stands beside {base}, which may be production's"
                ));
                let alone = Vec::new();
                if local.contains(&base) {
                    vec![vec![base], alone]
                } else {
                    vec![vec![base]]
                }
            }
            _ => vec![Vec::new()],
        }
    }

    /// A file beside a base: alone, merged over the base, or either.
    fn over(self, base: &str, own: &str, doubts: &mut Vec<String>) -> Vec<Vec<String>> {
        let (alone, merged) = (vec![own.to_owned()], vec![base.to_owned(), own.to_owned()]);
        match stands_alone(&self.files[own], &self.files[base]) {
            Alone::Yes => vec![alone],
            Alone::No => vec![merged],
            Alone::Perhaps(service) => {
                doubts.push(format!(
                    "{own} can be read two ways: every service in it could run by itself, but {base} also has {service}"
                ));
                vec![alone, merged]
            }
        }
    }

    /// The files whose names are such, in Compose's order where it has one.
    fn named(self, is_such: impl Fn(&str) -> bool) -> Vec<String> {
        let rank = |name: &String| BASES.iter().position(|base| base == name);
        let mut names: Vec<_> = self
            .files
            .keys()
            .filter(|name| is_compose_file(name) && is_such(name))
            .cloned()
            .collect();
        names.sort_by_key(|name| rank(name));
        names
    }

    fn layout(self, reading: &Reading) -> Layout {
        let own = [("local", &reading.local), ("prod", &reading.prod)];
        let there = own.into_iter().filter(|(_, files)| !files.is_empty());
        let environments = there.map(|(name, files)| {
            (
                name.to_owned(),
                EnvironmentFiles {
                    files: files.clone(),
                    env_files: self.env_file(name),
                },
            )
        });
        Layout {
            environments: environments.collect(),
            ..Layout::default()
        }
    }

    /// An environment's own env file where there is one or an example of one, else the default
    /// `.env` likewise.
    fn env_file(self, environment: &str) -> Vec<String> {
        let names: &[&str] = match environment {
            "prod" => &[".env.prod", ".env.production", ".env"],
            _ => &[".env"],
        };
        let there = |name: &&&str| {
            let examples = [
                format!("{name}.example"),
                format!("{name}.sample"),
                format!("{name}.template"),
            ];
            self.env_files
                .iter()
                .any(|file| file == **name || examples.contains(file))
        };
        names
            .iter()
            .find(there)
            .map(|name| (*name).to_owned())
            .into_iter()
            .collect()
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
        entries.is_some_and(|body| {
            ["image", "build", "extends"]
                .iter()
                .any(|key| body.get(key).is_some())
        })
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
    let mapping = document
        .root()
        .and_then(Node::as_mapping)
        .and_then(|root| root.get("services")?.as_mapping());
    let entries = mapping
        .into_iter()
        .flat_map(|services| services.entries().collect::<Vec<_>>());
    entries
        .filter_map(|(key, value)| Some((key.as_scalar()?.value(), value)))
        .collect()
}
