//! Where a datastore would keep its data: by its image, its variables, the options of its command
//! and the configuration that is mounted into it.

use std::path::{Component, Path, PathBuf};

use datastores::postgres::PGDATA;
use datastores::redis::{LOG_FILE, LOG_FOLDER, SNAPSHOT};
use datastores::{CONFIGURATIONS, ConfiguredBy, Datastore, Mark, POSTGRES, REDIS, setting};
use engine_facts::Signature;

use crate::evaluation::Evaluation;
use crate::{DesiredService, Observation, Query, Source};

/// Where a datastore would keep its data.
#[derive(Clone, Debug)]
pub(crate) struct DataRoot {
    /// What it is.
    pub(crate) family: &'static Datastore,
    /// The path in the container.
    pub(crate) path: String,
    /// What is mounted there; none for the container's own layer.
    pub(crate) source: Option<Source>,
    /// Where that is mounted; the path itself where nothing is.
    pub(crate) target: String,
    /// The folder below what is mounted.
    pub(crate) subpath: String,
    /// The files that it would read, one of which has to be there.
    pub(crate) reads: Vec<String>,
    /// Why it may be elsewhere: a configuration that could not be read.
    pub(crate) doubt: Option<String>,
}

impl DataRoot {
    /// Whether it would read what lies at a place of a volume or folder.
    pub(crate) fn finds(&self, source: &Source, found: &Signature) -> bool {
        self.is_at(source, &found.subpath)
            && found.files.iter().any(|file| self.reads.contains(file))
    }

    /// Whether it is this place.
    pub(crate) fn is_at(&self, source: &Source, subpath: &str) -> bool {
        self.source.as_ref() == Some(source) && self.subpath == subpath
    }
}

/// Of a service; none where it is no datastore whose files are known, and until what tells it was
/// looked at.
pub(crate) fn of(evaluation: &mut Evaluation<'_>, service: &DesiredService) -> Option<DataRoot> {
    let image = service.image_ref()?;
    let family = datastores::of(&image).filter(|family| !family.marks.is_empty())?;
    let configuration = configuration(evaluation, family, service)?;
    let path = path(evaluation, family, service, &configuration)?;
    let mount = service.mount_at(&path);
    let target = mount.map_or(path.as_str(), |mount| mount.target.as_str());
    let subpath = path
        .strip_prefix(target)
        .unwrap_or_default()
        .trim_start_matches('/');
    Some(DataRoot {
        family,
        source: mount.map(|mount| mount.source.clone()),
        target: target.to_owned(),
        subpath: subpath.to_owned(),
        reads: reads(family, service, &configuration),
        doubt: configuration.doubt,
        path,
    })
}

/// What a configuration file says.
#[derive(Default)]
struct Configured {
    text: String,
    folder: Option<&'static str>,
    doubt: Option<String>,
}

impl Configured {
    fn says(&self, name: &str) -> Option<&str> {
        setting(&self.text, name)
    }
}

/// None until it was looked at.
fn configuration(
    evaluation: &mut Evaluation<'_>,
    family: &Datastore,
    service: &DesiredService,
) -> Option<Configured> {
    let mut found = Configured::default();
    let Some(known) = CONFIGURATIONS.iter().find(|one| one.family == family.id) else {
        return Some(found);
    };
    found.folder = Some(known.folder);
    let mut files = Vec::new();
    match known.by {
        ConfiguredBy::Word(end) => files.extend(words(service).find(|word| word.ends_with(end))),
        ConfiguredBy::Option(names) => {
            files.extend(names.iter().find_map(|name| option(service, name)))
        }
        ConfiguredBy::Place(places) => {
            let is_there = |path: &&String| {
                places
                    .iter()
                    .any(|place| Path::new(path).starts_with(place))
            };
            files.extend(
                service
                    .mounts
                    .iter()
                    .map(|mount| &mount.target)
                    .filter(is_there)
                    .cloned(),
            );
        }
    }
    for file in files {
        let Some(host) = on_host(service, &file) else {
            found.doubt = Some(format!(
                "its configuration {file} is not one of this machine's files"
            ));
            continue;
        };
        match evaluation.observe(Query::Configuration(host.clone()))? {
            Observation::File(bytes) => {
                found.text.push_str(&String::from_utf8_lossy(bytes));
                found.text.push('\n');
            }
            _ => found.doubt = Some(format!("its configuration {host} could not be read")),
        }
    }
    Some(found)
}

/// The file of this machine that a container sees at a path.
fn on_host(service: &DesiredService, path: &str) -> Option<String> {
    let mount = service.mount_at(path)?;
    let Source::Bind(source) = &mount.source else {
        return None;
    };
    let below = Path::new(path).strip_prefix(&mount.target).ok()?;
    let host = if below.as_os_str().is_empty() {
        PathBuf::from(source)
    } else {
        Path::new(source).join(below)
    };
    Some(host.to_string_lossy().into_owned())
}

/// None until it was looked at.
fn path(
    evaluation: &mut Evaluation<'_>,
    family: &Datastore,
    service: &DesiredService,
    configured: &Configured,
) -> Option<String> {
    let usual = family.usual_folder();
    let by_flag = family.flags().find_map(|flag| option(service, flag));
    let by_option = || {
        let is_postgres = family.id == POSTGRES.id;
        let names = ["-D", "data_directory"].into_iter().filter(|_| is_postgres);
        names.into_iter().find_map(|name| option(service, name))
    };
    let by_file = || Some(configured.says(configured.folder?)?.to_owned());
    let by_variable = || {
        family
            .variables()
            .find_map(|name| service.variables.get(name).cloned())
    };
    let said = by_flag
        .or_else(by_option)
        .or_else(by_file)
        .or_else(by_variable);
    if let Some(said) = said {
        return Some(joined(usual, &said));
    }
    if family.id == POSTGRES.id {
        return postgres(evaluation, service);
    }
    let image = service.image_ref()?;
    Some(family.folder_of(&image).to_owned())
}

/// Each major from 18 on has a folder of its own. Where the tag does not tell it the image does,
/// if it is here.
fn postgres(evaluation: &mut Evaluation<'_>, service: &DesiredService) -> Option<String> {
    let image = service.image_ref()?;
    let folder = POSTGRES.folder_of(&image);
    if let Some(version) = image.postgres_version() {
        return Some(match folder == POSTGRES.usual_folder() {
            true => folder.to_owned(),
            false => format!("{folder}/{}/docker", version.major),
        });
    }
    let name = service.image.clone().unwrap_or_default();
    let of_image = match evaluation.observe(Query::ImageVariables(name))? {
        Observation::File(variables) => String::from_utf8_lossy(variables)
            .lines()
            .find_map(|line| Some(line.strip_prefix(PGDATA)?.strip_prefix('=')?.to_owned())),
        _ => None,
    };
    Some(of_image.unwrap_or_else(|| folder.to_owned()))
}

/// The files that a server of the family reads when it starts.
fn reads(family: &Datastore, service: &DesiredService, configured: &Configured) -> Vec<String> {
    if family.id != REDIS.id {
        return family
            .marks
            .iter()
            .map(|mark| mark.path.to_owned())
            .collect();
    }
    let said = |flag: &str| {
        let by_file = || Some(configured.says(flag.trim_start_matches('-'))?.to_owned());
        option(service, flag).or_else(by_file)
    };
    let named = |mark: Mark| {
        mark.flag
            .and_then(said)
            .unwrap_or_else(|| mark.path.to_owned())
    };
    let appends = said("--appendonly").is_some_and(|value| value.eq_ignore_ascii_case("yes"));
    // That a snapshot is not read by one that appends, the rule of Redis tells.
    let mut reads = vec![named(SNAPSHOT)];
    if appends {
        reads.extend([LOG_FOLDER, LOG_FILE].map(named));
    }
    reads
}

/// A path as a server takes it that was started in a folder; without a slash at its end.
fn joined(folder: &str, path: &str) -> String {
    let mut clean = PathBuf::new();
    for part in Path::new(folder).join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(clean.pop()),
            other => clean.push(other),
        }
    }
    clean.to_string_lossy().into_owned()
}

fn words(service: &DesiredService) -> impl Iterator<Item = String> {
    let command = service.command.as_deref().unwrap_or_default();
    command
        .split_whitespace()
        .map(|word| word.trim_matches(['"', '\'', ';']).to_owned())
}

/// The value of an option in the command, the last time that it is there: behind it, or behind `=`.
pub(crate) fn option(service: &DesiredService, name: &str) -> Option<String> {
    let words: Vec<_> = words(service).collect();
    let value = |(at, word): (usize, &String)| {
        if word == name {
            return words.get(at + 1).cloned();
        }
        let value = word.strip_prefix(name)?.strip_prefix('=')?;
        Some(value.trim_matches(['"', '\'']).to_owned())
    };
    words.iter().enumerate().rev().find_map(value)
}

#[cfg(test)]
mod tests {
    use datastores::redis::DIR;

    use super::*;

    #[test]
    fn a_path_is_taken_from_where_the_server_starts() {
        for (path, whole) in [
            ("/other/", "/other"),
            ("./sub", "/data/sub"),
            ("../up", "/up"),
            (".", "/data"),
        ] {
            assert_eq!(joined("/data", path), whole);
        }
    }

    #[test]
    fn an_option_is_read_behind_it_and_behind_an_equals_sign() {
        let service = |command: &str| DesiredService {
            command: Some(command.to_owned()),
            ..DesiredService::default()
        };
        let of = |command: &str, name: &str| option(&service(command), name);
        assert_eq!(
            of("redis-server --dir /a --dir /b", DIR).as_deref(),
            Some("/b")
        );
        assert_eq!(
            of("mysqld --datadir=/a", "--datadir").as_deref(),
            Some("/a")
        );
        assert_eq!(
            of("postgres -c data_directory='/a'", "data_directory").as_deref(),
            Some("/a")
        );
        assert_eq!(
            of("sh -c 'redis-server --dir /a'", DIR).as_deref(),
            Some("/a")
        );
        assert_eq!(of("redis-server", DIR), None);
    }
}
