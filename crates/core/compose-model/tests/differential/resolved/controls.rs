//! Does the comparison notice mistakes? Each of these is one that a wrong model would make.

use compose_model::ResolvedModel;
use compose_model::resolved::{Mount, MountSource, Resolved, Service};

use super::agree::{Agree, Report};
use super::{env_files, ours, parsed};
use crate::checkout;
use crate::compose::{Compose, Depth};
use crate::generate::Set;

const COMPOSE: &str = "
name: shop
services:
  web:
    image: web:${TAG}
    command: [serve, '${NONE}']
    env_file: [own.env]
    ports: ['${PORT}:80']
    volumes: ['data:/data', './here:/here:ro']
    healthcheck: {test: [CMD, ok], interval: 90s}
    depends_on: {db: {condition: service_healthy}}
    mem_limit: 1g
  db: {image: db, healthcheck: {test: [CMD, ok]}}
volumes: {data: }
";

/// A way to be wrong.
type Mistake = fn(&mut ResolvedModel);

const MISTAKES: &[(&str, Mistake)] = &[
    ("the key of a volume for its name", |model| {
        volume(model).name = Resolved::Known("data".to_owned())
    }),
    ("a volume that is not there", |model| {
        drop(model.volumes.remove("data"))
    }),
    ("another tag", |model| web(model).image = None),
    ("a variable of an env file that is missed", |model| {
        drop(web(model).environment.remove("OWN"))
    }),
    ("a port that is missed", |model| web(model).ports.clear()),
    ("a path that is not absolute", |model| {
        mount(model).source = Resolved::Known(MountSource::Bind("./here".to_owned()));
    }),
    ("a mount that may be written", |model| {
        mount(model).read_only = false
    }),
    ("a time in the wrong unit", |model| web(model).health = None),
    ("a service that waits for nobody", |model| {
        web(model).depends_on.clear()
    }),
    ("a size that is missed", |model| web(model).memory = None),
    ("no default network", |model| web(model).networks.clear()),
    ("the folder's name for the project's", |model| {
        model.project = "checkout".to_owned()
    }),
];

fn web(model: &mut ResolvedModel) -> &mut Service {
    model.services.get_mut("web").unwrap()
}

fn mount(model: &mut ResolvedModel) -> &mut Mount {
    web(model).mounts.last_mut().unwrap()
}

fn volume(model: &mut ResolvedModel) -> &mut compose_model::resolved::Volume {
    model.volumes.get_mut("data").unwrap()
}

#[test]
fn mistakes_are_noticed_and_what_nothing_sets_is_named() {
    let Some(compose) = Compose::find() else {
        return;
    };
    let files = [
        ("compose.yml", COMPOSE),
        (".env", "TAG=7\nPORT=8080\n"),
        ("own.env", "OWN=1\n"),
    ];
    let files = files
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .to_vec();
    let set = Set {
        files,
        order: vec!["compose.yml".to_owned()],
        features: Vec::new(),
    };
    let folder = checkout::write(&set);
    let root = checkout::root(&folder);
    let theirs = compose
        .config(&root, &["compose.yml"], Depth::Plain)
        .unwrap();
    let theirs = ResolvedModel::from_compose_json(&theirs);
    let ours = ours(
        &parsed(&set),
        &["compose.yml"],
        env_files(&set.files),
        &root,
    )
    .unwrap();
    let report = compare(&ours, &theirs);
    assert!(report.differences.is_empty(), "{:?}", report.differences);
    assert_eq!(report.unresolved.into_iter().collect::<Vec<_>>(), ["NONE"]);
    for (name, mistake) in MISTAKES {
        let mut wrong = ours.clone();
        mistake(&mut wrong);
        assert_ne!(compare(&wrong, &theirs).differences, [""; 0], "{name}");
    }
}

fn compare(ours: &ResolvedModel, theirs: &ResolvedModel) -> Report {
    let mut report = Report::default();
    ours.agree(theirs, "", &mut report);
    report
}
