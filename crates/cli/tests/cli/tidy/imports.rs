//! Which file uses which, and where that leads back to where it began.

use std::collections::{BTreeMap, BTreeSet};

use super::sources::Source;

/// The files of each circle, in the order of their paths. A module and the modules inside it are
/// one thing.
pub fn circles(sources: &[Source]) -> Vec<Vec<String>> {
    let places: BTreeMap<_, _> = sources
        .iter()
        .enumerate()
        .map(|(at, source)| ((source.package(), source.module()), at))
        .collect();
    let used: Vec<BTreeSet<usize>> = sources
        .iter()
        .map(|source| {
            let own = source.module();
            let named = paths(&source.text).into_iter().filter_map(|path| {
                let mut module = absolute(&own, &path)?;
                loop {
                    match places.get(&(source.package(), module.clone())) {
                        Some(at) => return Some(*at),
                        None => drop(module.pop()?),
                    }
                }
            });
            named
                .filter(|at| !are_kin(&own, &sources[*at].module()))
                .collect()
        })
        .collect();
    let reached: Vec<_> = (0..sources.len())
        .map(|from| reachable(from, &used))
        .collect();
    let mut found = BTreeSet::new();
    for from in 0..sources.len() {
        let circle: Vec<_> = reached[from]
            .iter()
            .filter(|to| reached[**to].contains(&from))
            .map(|to| sources[*to].path.clone())
            .collect();
        if !circle.is_empty() {
            found.insert(circle);
        }
    }
    found.into_iter().collect()
}

fn reachable(from: usize, used: &[BTreeSet<usize>]) -> BTreeSet<usize> {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(next) = open.pop() {
        open.extend(used[next].iter().filter(|to| seen.insert(**to)));
    }
    seen
}

fn are_kin(one: &[&str], other: &[&str]) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// The module that a path names, seen from another one.
fn absolute<'a>(own: &[&'a str], path: &'a str) -> Option<Vec<&'a str>> {
    let mut parts = path.split("::").peekable();
    let mut module = match parts.next()? {
        "crate" => Vec::new(),
        "self" => own.to_vec(),
        "super" => own.split_last()?.1.to_vec(),
        _ => return None,
    };
    while parts.next_if_eq(&"super").is_some() {
        module.pop();
    }
    module.extend(parts);
    Some(module)
}

/// The paths inside the crate that a text names, in `use` and elsewhere.
fn paths(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text.to_owned();
    for statement in text
        .split("use ")
        .skip(1)
        .filter_map(|rest| rest.split(';').next())
    {
        if ["crate::", "super::", "self::"]
            .iter()
            .any(|start| statement.starts_with(start))
        {
            found.extend(expand(statement));
            rest = rest.replacen(statement, "", 1);
        }
    }
    for start in ["crate::", "super::"] {
        for (at, _) in rest.match_indices(start) {
            let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':');
            found.push(rest[at..].chars().take_while(|c| is_path(*c)).collect());
        }
    }
    found
}

/// The paths of a tree, as `a::{b, c}` has two.
pub fn expand(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    match tree.split_once('{') {
        None => vec![tree.split(" as ").next().unwrap_or_default().to_owned()],
        Some((head, rest)) => split(rest.rsplit_once('}').map_or(rest, |(inside, _)| inside))
            .into_iter()
            .flat_map(|part| {
                expand(part)
                    .into_iter()
                    .map(move |path| format!("{head}{path}"))
            })
            .collect(),
    }
}

/// The parts between the commas that no bracket holds.
pub fn split(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0_i32, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            '>' if !text[..at].ends_with(['-', '=']) => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// Where the bracket closes with which a text begins.
pub fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_i32;
    text.char_indices().find_map(|(at, c)| {
        depth += i32::from("([{".contains(c)) - i32::from(")]}".contains(c));
        (depth == 0).then_some(at)
    })
}
