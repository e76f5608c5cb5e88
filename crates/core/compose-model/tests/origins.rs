//! Which text gives each value: file, line and column for every kind of merge.
#![allow(clippy::unwrap_used, reason = "a test's panic is its report")]

use compose_edit::{Document, Path};
use compose_model::{Files, Value, View};

fn files(texts: &[(&str, &str)]) -> Files {
    texts
        .iter()
        .map(|(path, text)| ((*path).to_owned(), Document::parse(*text).unwrap()))
        .collect()
}

/// Where the value at each path comes from, and the text of its own bytes.
fn assert_origins(texts: &[(&str, &str)], order: &[&str], expected: &[(&str, &str, &str)]) {
    let files = files(texts);
    let view = View::resolve(&files, order).unwrap();
    for (path, place, text) in expected {
        let path: Path = path.parse().unwrap();
        let value: &Value = view
            .get(&path)
            .unwrap_or_else(|| panic!("{path} is not there"));
        let own = &files[&*value.origin.file].text()[value.origin.span.range()];
        assert_eq!(
            (value.origin.locate(&files).as_str(), own),
            (*place, *text),
            "{path}"
        );
    }
}

const BASE: &str = "\
x-common: &common
  user: nobody
services:
  web:
    <<: *common
    image: web:1
    command: run
    environment:
      A: 1
      B: 2
    ports: ['8080:80', '9090:90']
    depends_on: [db, cache]
    build: ./web
    volumes:
      - data:/data
      - ./src:/src
  db:
    image: &db db:1
  cache:
    image: *db
volumes:
  data:
";

const OVER: &str = "\
services:
  web:
    command:
    environment: [B=3, C=4]
    ports:
      - '8080:80'
    depends_on:
      db: {condition: service_healthy}
    volumes: ['other:/data']
  db:
    tty: true
";

#[test]
fn one_file_gives_its_own_places() {
    assert_origins(
        &[("deploy/base.yml", BASE)],
        &["deploy/base.yml"],
        &[
            ("services.web.image", "deploy/base.yml:6:5", "web:1"),
            ("services.web.user", "deploy/base.yml:2:3", "nobody"),
            ("services.web.environment.B", "deploy/base.yml:10:7", "2"),
            (
                "services.web.ports[1]",
                "deploy/base.yml:11:24",
                "'9090:90'",
            ),
            (
                "services.web.ports[1].published",
                "deploy/base.yml:11:24",
                "'9090:90'",
            ),
            (
                "services.web.depends_on.cache.condition",
                "deploy/base.yml:12:22",
                "cache",
            ),
            (
                "services.web.build.context",
                "deploy/base.yml:13:5",
                "./web",
            ),
            (
                "services.web.volumes[1].source",
                "deploy/base.yml:16:9",
                "./src:/src",
            ),
            ("volumes.data", "deploy/base.yml:22:3", ""),
        ],
    );
}

#[test]
fn an_alias_names_its_key_and_the_anchored_text() {
    assert_origins(
        &[("base.yml", BASE)],
        &["base.yml"],
        &[
            ("services.cache.image", "base.yml:20:5", "db:1"),
            ("services.db.image", "base.yml:18:5", "db:1"),
        ],
    );
}

#[test]
fn the_later_file_is_credited_for_what_it_changes() {
    let texts = [("base.yml", BASE), ("over.yml", OVER)];
    assert_origins(
        &texts,
        &["base.yml", "over.yml"],
        &[
            ("services.web.image", "base.yml:6:5", "web:1"),
            ("services.web.environment.A", "base.yml:9:7", "1"),
            ("services.web.environment.B", "over.yml:4:19", "B=3"),
            ("services.web.environment.C", "over.yml:4:24", "C=4"),
            ("services.web.ports[0]", "over.yml:6:9", "'8080:80'"),
            ("services.web.ports[1]", "base.yml:11:24", "'9090:90'"),
            (
                "services.web.depends_on.db.condition",
                "over.yml:8:12",
                "service_healthy",
            ),
            (
                "services.web.depends_on.db.required",
                "base.yml:12:18",
                "db",
            ),
            ("services.web.depends_on.cache", "base.yml:12:22", "cache"),
            (
                "services.web.volumes[0].source",
                "over.yml:9:15",
                "'other:/data'",
            ),
            (
                "services.web.volumes[1].source",
                "base.yml:16:9",
                "./src:/src",
            ),
            ("services.db.image", "base.yml:18:5", "db:1"),
            ("services.db.tty", "over.yml:11:5", "true"),
            ("services.db", "over.yml:10:3", "tty: true"),
            ("services.web.command", "over.yml:3:5", ""),
        ],
    );
}

#[test]
fn null_changes_neither_value_nor_origin() {
    let texts = [
        ("a.yml", "services: {a: {image: i, user: u}}"),
        ("b.yml", "services: {a: {user: , image: }}"),
    ];
    assert_origins(
        &texts,
        &["a.yml", "b.yml"],
        &[("services.a.user", "a.yml:1:26", "u")],
    );
}

#[test]
fn what_is_inherited_or_included_names_its_file() {
    let texts = [
        (
            "compose.yml",
            "include: [inc/c.yml]\nservices:\n  web:\n    extends: {file: common/base.yml, service: b}\n",
        ),
        (
            "common/base.yml",
            "services:\n  b:\n    image: b\n    env_file: b.env\n    build: .\n",
        ),
        (
            "inc/c.yml",
            "services:\n  c:\n    image: c\n    volumes: [../x:/x]\n",
        ),
    ];
    assert_origins(
        &texts,
        &["compose.yml"],
        &[
            ("services.web.image", "common/base.yml:3:5", "b"),
            (
                "services.web.env_file[0].path",
                "common/base.yml:4:5",
                "b.env",
            ),
            ("services.c.image", "inc/c.yml:3:5", "c"),
            ("services.c.volumes[0].source", "inc/c.yml:4:15", "../x:/x"),
        ],
    );
}

#[test]
fn paths_lead_from_the_checkouts_root() {
    let files = files(&[
        (
            "deploy/compose.yml",
            "include: [inc/c.yml]\nservices: {a: {build: ., env_file: ../a.env, volumes: ['../../up:/u', '~/h:/h']}}",
        ),
        (
            "deploy/inc/c.yml",
            "services: {c: {image: c, build: ./ctx}}\nsecrets: {s: {file: s.txt}}",
        ),
    ]);
    let view = View::resolve(&files, &["deploy/compose.yml"]).unwrap();
    let text = |path: &str| {
        view.get(&path.parse().unwrap())
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(text("services.a.build.context"), "./deploy");
    assert_eq!(text("services.a.env_file[0].path"), "./a.env");
    assert_eq!(text("services.a.volumes[0].source"), "../up");
    assert_eq!(text("services.a.volumes[1].source"), "~/h");
    assert_eq!(text("services.c.build.context"), "./deploy/inc/ctx");
    assert_eq!(text("secrets.s.file"), "./deploy/inc/s.txt");
}

#[test]
fn services_keep_the_order_in_which_they_are_first_named() {
    let files = files(&[
        ("a.yml", "services: {web: {image: w}, db: {image: d}}"),
        (
            "b.yml",
            "services: {new: {image: n, profiles: [debug]}, db: {tty: true}}",
        ),
    ]);
    let view = View::resolve(&files, &["a.yml", "b.yml"]).unwrap();
    let names: Vec<_> = view.services().map(|service| service.name).collect();
    assert_eq!(names, ["web", "db", "new"]);
}
