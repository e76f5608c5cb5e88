//! Mistakes at the top level.

use compose_edit::{Document, Node, Path};

use super::services::one;
use super::splice::{lines, replace, set};
use super::{Changed, Kind};

pub const KINDS: &[Kind] = &[
    ("declaration removed", declaration_removed),
    ("section removed", section_removed),
    ("declaration renamed", declaration_renamed),
    ("bad declaration", bad_declaration),
    ("good declaration", good_declaration),
    ("unknown top-level key", unknown_section),
    ("bad top-level value", bad_value),
    ("good top-level value", good_value),
    ("two ways to say it", two_ways),
];

const SECTIONS: [&str; 4] = ["volumes", "networks", "secrets", "configs"];

/// An entry of a top-level section.
fn declaration(document: &Document, pick: usize) -> Option<(Node<'_>, Node<'_>)> {
    let root = document.root()?.as_mapping()?;
    let sections = SECTIONS
        .iter()
        .filter_map(|section| root.get(section)?.as_mapping());
    let all: Vec<_> = sections.flat_map(|section| section.entries()).collect();
    all.get(pick % all.len().max(1)).copied()
}

fn declaration_removed(document: &Document, pick: usize) -> Changed {
    let (key, value) = declaration(document, pick)?;
    Some((
        key.text().to_owned(),
        replace(document, lines(document, key, value), ""),
    ))
}

fn declaration_renamed(document: &Document, pick: usize) -> Changed {
    let (key, _) = declaration(document, pick)?;
    let name = format!("{}2", key.as_scalar()?.value());
    Some((name.clone(), replace(document, key.span(), &name)))
}

fn section_removed(document: &Document, pick: usize) -> Changed {
    let root = document.root()?.as_mapping()?;
    let there: Vec<_> = SECTIONS
        .iter()
        .filter_map(|section| root.entry(section))
        .collect();
    let (key, value) = *there.get(pick % there.len().max(1))?;
    Some((
        key.text().to_owned(),
        replace(document, lines(document, key, value), ""),
    ))
}

/// Declarations to put under a section that is there, or with the section where it is not.
fn declare(document: &Document, declaration: &str) -> Changed {
    let (section, body) = declaration.split_once(": ")?;
    let root = document.root()?;
    let text = match document.get(&Path::from([section])) {
        Some(there)
            if there
                .as_mapping()
                .is_some_and(|mapping| !mapping.is_empty()) =>
        {
            set(document, there, "declared", body)?
        }
        Some(_) => return None,
        None => set(document, root, section, &format!("{{declared: {body}}}"))?,
    };
    Some((declaration.to_owned(), text))
}

fn bad_declaration(document: &Document, pick: usize) -> Changed {
    const BAD: [&str; 18] = [
        "volumes: local",
        "volumes: [local]",
        "volumes: {drivr: local}",
        "volumes: {external: true, driver: local}",
        "volumes: {external: maybe}",
        "volumes: {driver_opts: {a: true}}",
        "volumes: {name: 7}",
        "networks: bridge",
        "networks: {internal: perhaps}",
        "networks: {ipam: {config: {subnet: 10.0.0.0/8}}}",
        "networks: {ipam: {subnet: 10.0.0.0/8}}",
        "networks: {driver: null}",
        "secrets: {}",
        "secrets: {file: a, environment: B}",
        "secrets: ./secret.txt",
        "configs: {content: a, file: b}",
        "configs: {source: a}",
        "secrets: {external: false}",
    ];
    declare(document, BAD[pick % BAD.len()])
}

fn good_declaration(document: &Document, pick: usize) -> Changed {
    const GOOD: [&str; 8] = [
        "volumes: ",
        "volumes: {external: true, name: x}",
        "volumes: {driver_opts: {type: none, o: bind, size: 5}, labels: [a=b]}",
        "networks: {internal: true, ipam: {config: [{subnet: 10.0.0.0/8}]}}",
        "networks: {external: 'true', x-note: 1}",
        "secrets: {file: ./gone.txt}",
        "secrets: {external: true}",
        "configs: {content: hello}",
    ];
    declare(document, GOOD[pick % GOOD.len()])
}

fn unknown_section(document: &Document, pick: usize) -> Changed {
    let key = ["service", "volume", "network", "foo", "image", "Services"][pick % 6];
    Some((
        key.to_owned(),
        set(document, document.root()?, key, "{a: b}")?,
    ))
}

fn bad_value(document: &Document, pick: usize) -> Changed {
    let (key, value) = [
        ("version", "3.8"),
        ("name", "7"),
        ("name", "'##'"),
        ("services", ""),
        ("services", "[web]"),
        ("volumes", "[data]"),
        ("networks", ""),
        ("secrets", "[token]"),
        ("include", "other.yaml"),
    ][pick % 9];
    Some((
        format!("{key}: {value}"),
        set(document, document.root()?, key, value)?,
    ))
}

fn good_value(document: &Document, pick: usize) -> Changed {
    let (key, value) = [
        ("version", "'3.8'"),
        ("name", "some-name"),
        ("name", "Some Name"),
        ("x-note", "{a: [b]}"),
        ("include", "[]"),
    ][pick % 5];
    Some((
        format!("{key}: {value}"),
        set(document, document.root()?, key, value)?,
    ))
}

/// Two keys of one service that do not go together.
fn two_ways(document: &Document, pick: usize) -> Changed {
    let (first, second) = [
        (("network_mode", "host"), ("networks", "[default]")),
        (("scale", "3"), ("deploy", "{replicas: 2}")),
        (("scale", "3"), ("container_name", "only-one")),
        (("deploy", "{replicas: 3}"), ("container_name", "only-one")),
        (
            ("cpus", "2"),
            ("deploy", "{resources: {limits: {cpus: '1'}}}"),
        ),
        (
            ("mem_limit", "2g"),
            ("deploy", "{resources: {limits: {memory: 1g}}}"),
        ),
        (
            ("mem_limit", "1g"),
            ("deploy", "{resources: {limits: {memory: 1024m}}}"),
        ),
        (("volumes", "['/data']"), ("tmpfs", "/data")),
        (
            ("platform", "linux/arm64"),
            ("build", "{context: ., platforms: [linux/amd64]}"),
        ),
    ][pick % 9];
    let (name, body) = one(document, pick)?;
    let half = Document::parse(set(document, body, first.0, first.1)?).ok()?;
    let path = Path::from(["services", name.as_scalar()?.value()]);
    let text = set(&half, half.get(&path)?, second.0, second.1)?;
    Some((
        format!("{}: {}, {}: {}", first.0, first.1, second.0, second.1),
        text,
    ))
}
