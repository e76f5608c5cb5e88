//! How the house is built: files that import one another in a circle, crates that outgrow the
//! others, programs that are spelt in a second place, parameters without a name.

mod imports;
mod sources;

use std::collections::BTreeMap;

use imports::{circles, expand};
use sources::{Source, sources};

/// The only circle: a service that extends another one is loaded by what loads services.
const RECURSION: [&str; 2] = [
    "crates/core/compose-model/src/extends.rs",
    "crates/core/compose-model/src/load.rs",
];

/// Who may start a program, and which.
const STARTERS: [(&str, &str); 2] = [
    ("crates/cli/src/git/call.rs", "git"),
    ("crates/host/docker/src", "docker and its plugin"),
];

/// The share of all lines that a crate may hold.
const LARGEST_SHARE: usize = 3;

/// The lines of `xtask`, which only calls the tool.
const LINES_OF_XTASK: usize = 100;

#[test]
fn no_files_import_one_another_in_a_circle() {
    let found = circles(&sources());
    let recursion: Vec<_> = RECURSION.map(str::to_owned).to_vec();
    let others: Vec<_> = found
        .into_iter()
        .filter(|circle| *circle != recursion)
        .collect();
    assert!(others.is_empty(), "circles of imports: {others:#?}");
}

#[test]
fn a_circle_would_be_seen() {
    let file = |path: &str, text: &str| Source {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let files = [
        file("crates/x/src/lib.rs", "mod a; mod b; mod c;"),
        file("crates/x/src/a.rs", "use crate::b::{self, B};"),
        file("crates/x/src/b.rs", "fn f() { super::c::g() }"),
        file("crates/x/src/c.rs", "use crate::{a::A};"),
    ];
    assert_eq!(
        circles(&files),
        [[
            "crates/x/src/a.rs",
            "crates/x/src/b.rs",
            "crates/x/src/c.rs"
        ]]
    );
    assert_eq!(
        expand("a::{b, c::{d, e as f}}"),
        ["a::b", "a::c::d", "a::c::e"]
    );
}

#[test]
fn no_crate_holds_more_than_a_third() {
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for source in sources() {
        *lines.entry(source.package().to_owned()).or_default() += source.text.lines().count();
    }
    let all: usize = lines.values().sum();
    let large: Vec<_> = lines
        .iter()
        .filter(|(_, own)| **own * LARGEST_SHARE > all)
        .collect();
    assert!(large.is_empty(), "of {all} lines: {large:?}");
    assert!(lines["xtask"] < LINES_OF_XTASK, "xtask only calls the tool");
}

#[test]
fn programs_are_started_in_few_places() {
    let starts = |source: &&Source| {
        ["Command::new(", "cmd!("]
            .iter()
            .any(|start| source.text.contains(start))
    };
    let is_known = |path: &str| STARTERS.iter().any(|(known, _)| path.starts_with(known));
    let of_the_tool =
        |source: &&Source| source.path.starts_with("crates/") || source.path.starts_with("xtask/");
    let all = sources();
    let unknown: Vec<_> = all
        .iter()
        .filter(of_the_tool)
        .filter(starts)
        .map(|one| &one.path)
        .collect();
    assert!(
        unknown.iter().any(|path| is_known(path)),
        "nothing starts a program any more?"
    );
    let unknown: Vec<_> = unknown.into_iter().filter(|path| !is_known(path)).collect();
    assert!(unknown.is_empty(), "these start programs too: {unknown:?}");
}

#[test]
fn every_parameter_has_a_name() {
    let all = sources();
    let found: Vec<_> = all
        .iter()
        .flat_map(|source| {
            unnamed_parameters(&source.text)
                .into_iter()
                .map(|name| format!("{}: {name}", source.path))
        })
        .collect();
    assert!(
        found.is_empty(),
        "functions that take a pair or more without a name: {found:#?}"
    );
}

#[test]
fn a_parameter_without_a_name_would_be_seen() {
    let text = "fn a(x: u8) {}\nfn b<T: Fn(u8)>(&self, (x, y): (u8, &str), z: T) {}\nlet c = |(a, b): (u8, u8)| a;";
    assert_eq!(unnamed_parameters(text), ["b"]);
}

#[test]
fn no_environment_is_looked_up_by_an_index() {
    let found: Vec<_> = sources()
        .into_iter()
        .filter(|source| indexes_environments(&source.text))
        .collect();
    let found: Vec<_> = found.iter().map(|source| &source.path).collect();
    assert!(
        found.is_empty(),
        "these panic for a name that the layout does not have: {found:?}"
    );
}

#[test]
fn an_index_would_be_seen() {
    assert!(indexes_environments(
        "let own = &stack.layout.environments[name];"
    ));
    assert!(!indexes_environments(
        "let own = stack.layout.environments.get(name)?; let all: [&str; 2] = environments;"
    ));
}

/// Whether a layout's environments are indexed, which panics where `get` gives nothing.
fn indexes_environments(text: &str) -> bool {
    text.contains("environments[")
}

/// The functions that take an anonymous tuple apart in their signature.
fn unnamed_parameters(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("fn ") {
        let rest = &text[at + 3..];
        let name: String = rest
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let Some(parameters) = parameters(&rest[name.len()..]) else {
            continue;
        };
        if !name.is_empty()
            && imports::split(parameters)
                .iter()
                .any(|one| one.starts_with('(') && one.contains("): ("))
        {
            found.push(name);
        }
    }
    found
}

/// What stands between the parentheses of a signature that begins behind the function's name.
fn parameters(signature: &str) -> Option<&str> {
    let mut depth = 0_usize;
    // Generic parameters may have parentheses of their own.
    let start = signature.char_indices().find_map(|(at, c)| {
        match c {
            '<' => depth += 1,
            '>' if !signature[..at].ends_with('-') => depth = depth.checked_sub(1)?,
            '(' if depth == 0 => return Some(Some(at)),
            '{' | ';' => return Some(None),
            _ => {}
        }
        None
    })??;
    let end = imports::closing(&signature[start..])?;
    Some(&signature[start + 1..start + end])
}
