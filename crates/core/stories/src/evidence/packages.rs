//! Which programs the `RUN`s of a Dockerfile install, and which they take out again.

use super::program::Program;

/// Commands that install and remove packages.
const MANAGERS: [&str; 9] = [
    "apt-get", "apt", "aptitude", "apk", "yum", "dnf", "microdnf", "tdnf", "zypper",
];

/// A program that was installed, under the name of the bundle that `apk --virtual` removes it by.
struct Package {
    program: Program,
    bundle: Option<String>,
}

/// Programs that are there after all `RUN`s, and those that were taken out.
pub(super) fn installed<'t>(runs: impl Iterator<Item = &'t str>) -> (Vec<Program>, Vec<Program>) {
    let (mut there, mut removed) = (Vec::<Package>::new(), Vec::new());
    for command in runs.flat_map(commands) {
        let Some(at) = command.iter().position(|word| MANAGERS.contains(word)) else {
            continue;
        };
        let words = &command[at + 1..];
        let has = |verbs: &[&str]| words.iter().any(|word| verbs.contains(word));
        if has(&["install", "add", "in"]) {
            let bundle = words
                .iter()
                .position(|word| ["--virtual", "-t"].contains(word))
                .and_then(|at| words.get(at + 1))
                .or_else(|| words.iter().find(|word| word.starts_with('.')))
                .map(|name| (*name).to_owned());
            there.extend(
                words
                    .iter()
                    .filter_map(|word| program(word))
                    .map(|program| Package {
                        program,
                        bundle: bundle.clone(),
                    }),
            );
        } else if has(&["purge", "remove", "del", "autoremove", "erase"]) {
            let is_gone = |package: &Package| {
                let of_bundle = package
                    .bundle
                    .as_deref()
                    .is_some_and(|name| words.contains(&name));
                of_bundle
                    || words
                        .iter()
                        .any(|word| program(word) == Some(package.program))
            };
            there.retain(|package| !is_gone(package));
            removed.extend(words.iter().filter_map(|word| program(word)));
        }
    }
    (
        there.into_iter().map(|package| package.program).collect(),
        removed,
    )
}

/// A package by its name, as `curl`, `curl=8.5` or `curl-8.5`.
fn program(word: &str) -> Option<Program> {
    let name = word.split(['=', '~', '<', '>', ':']).next()?;
    match name {
        "curl" | "curl-minimal" => Some(Program::Curl),
        "wget" => Some(Program::Wget),
        "nodejs" => Some(Program::Node),
        "python3" => Some(Program::Python),
        _ => None,
    }
}

/// The commands of a shell that run whatever is set: none of a script with conditions, none behind
/// a test.
fn commands(run: &str) -> Vec<Vec<&str>> {
    let separated = run.split([';', '|', '\n', '(', ')']);
    let mut all = Vec::new();
    for part in separated {
        for command in part.split("&&") {
            let words: Vec<_> = command
                .split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '[' | ']'))
                .filter(|word| !word.is_empty())
                .collect();
            let is_condition = command.trim_start().starts_with('[')
                && !command.trim_start().starts_with("[\"")
                || matches!(
                    words.first(),
                    Some(&("if" | "case" | "for" | "while" | "test"))
                );
            if is_condition {
                return all;
            }
            all.push(words);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_installed_stays_until_it_is_removed() {
        use Program::{Curl, Python, Wget};
        let table: [(&[&str], &[Program], &[Program]); 10] = [
            (&["apk add --no-cache curl"], &[Curl], &[]),
            (
                &[
                    "apt-get update && apt-get install -y --no-install-recommends curl=8.* wget \\ && rm -rf /x",
                ],
                &[Curl, Wget],
                &[],
            ),
            (
                &[
                    "apt-get install -y curl && curl -o x http://y && apt-get purge -y --auto-remove curl",
                ],
                &[],
                &[Curl],
            ),
            (&["apk add --virtual .deps curl", "apk del .deps"], &[], &[]),
            (
                &[
                    "apk add --virtual .deps gcc && apk add curl",
                    "apk del .deps",
                ],
                &[Curl],
                &[],
            ),
            (&["[\"apk\", \"add\", \"curl\"]"], &[Curl], &[]),
            (
                &["if [ \"$DEV\" ]; then apt-get install -y curl; fi"],
                &[],
                &[],
            ),
            (&["[ \"$DEV\" = 1 ] && apt-get install -y curl"], &[], &[]),
            (&["pip install curl", "echo apt-get install"], &[], &[]),
            (
                &["<<EOF\napt-get update\ndnf install -y python3\nEOF"],
                &[Python],
                &[],
            ),
        ];
        for (runs, there, removed) in table {
            let found = installed(runs.iter().copied());
            assert_eq!(
                (found.0.as_slice(), found.1.as_slice()),
                (there, removed),
                "{runs:?}"
            );
        }
    }
}
