//! Where variables get their values: env files, those of an `include`, the shell.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use compose_edit::Document;
use compose_model::{EnvFile, Files, VariableSources, View, references};

use crate::compose::Compose;

type Pairs<'t> = &'t [(&'t str, &'t str)];

/// A project: its files, the env files that are named on the command line, the shell's variables.
struct Case {
    files: Vec<(&'static str, &'static str)>,
    env_files: &'static [&'static str],
    shell: Pairs<'static>,
}

const TOP: &str =
    "include: [cache/compose.yaml]\nservices: {a: {image: 'a:${T:-d}-${U:-d}-${W:-d}'}}\n";
const CACHE: &str = "services: {c: {image: 'c:${T:-d}-${U:-d}-${W:-d}'}}\n";
const CACHE_ENV: &str = "T=cache\nU=${W:-w}$T\n";

impl Case {
    /// These files alone.
    fn of(files: Pairs<'static>) -> Self {
        Self {
            files: files.to_vec(),
            env_files: &[],
            shell: &[],
        }
    }

    /// A file that includes the folder `cache`, with the folder and more files.
    fn including(compose: &'static str, more: Pairs<'static>) -> Self {
        let cache = [
            ("compose.yaml", compose),
            ("cache/compose.yaml", CACHE),
            ("cache/.env", CACHE_ENV),
        ];
        Self::of(&[]).with(&cache).with(more)
    }

    fn with(mut self, more: &[(&'static str, &'static str)]) -> Self {
        self.files.extend(more);
        self
    }
}

fn cases() -> Vec<Case> {
    vec![
        Case::including(TOP, &[]),
        Case::including(TOP, &[(".env", "T=top\nW=topw\n")]),
        Case {
            env_files: &["own.env", "last.env"],
            ..Case::including(
                TOP,
                &[
                    (".env", "T=top\n"),
                    ("own.env", "T=own\nW=$T-w\n"),
                    ("last.env", "T=last$W\n"),
                ],
            )
        },
        Case {
            shell: &[("T", "shell"), ("W", "")],
            ..Case::including(TOP, &[(".env", "T=top\nU=$T$W\n")])
        },
        Case::including(
            "include: [{path: cache/compose.yaml, env_file: [one.env, cache/two.env]}]\n",
            &[
                ("one.env", "T=one\nU=one\n"),
                ("cache/two.env", "U=two$T\n"),
            ],
        ),
        Case::including(
            "include: [{path: cache/compose.yaml, project_directory: other}]\n",
            &[("other/.env", "W=other\n")],
        ),
        Case::including(
            "include: [{path: cache/compose.yaml, env_file: /dev/null}]\n",
            &[],
        ),
        Case::of(&[
            ("compose.yaml", "include: [cache/compose.yaml]\n"),
            (
                "cache/compose.yaml",
                "include: [../deep/compose.yaml]\nservices: {c: {extends: {file: base.yaml, service: b}}}\n",
            ),
            ("cache/base.yaml", "services: {b: {image: 'b:${T:-d}'}}\n"),
            ("cache/.env", "T=cache\n"),
            (
                "deep/compose.yaml",
                "services: {n: {image: 'n:${T:-d}-${W:-d}'}}\n",
            ),
            ("deep/.env", "T=deep\nW=deep$T\n"),
        ]),
        Case::of(&[
            (
                "compose.yaml",
                "include: [cache/compose.yaml, deep/compose.yaml]\n",
            ),
            (
                "cache/compose.yaml",
                "services: {c: {extends: {file: ../base.yaml, service: b}}}\n",
            ),
            (
                "deep/compose.yaml",
                "services: {n: {extends: {file: ../base.yaml, service: b}}}\n",
            ),
            ("base.yaml", "services: {b: {image: 'b:${T:-d}'}}\n"),
            ("cache/.env", "T=cache\n"),
            ("deep/.env", "T=deep\n"),
        ]),
        Case::including(
            "include: [cache/compose.yaml]\nservices: {a: {image: 'a:${T:-d}'}}\n",
            &[(
                "compose.override.yaml",
                "services: {c: {image: 'over:${T:-d}'}}\n",
            )],
        ),
    ]
}

/// The images as the view resolves them.
fn images(case: &Case) -> Vec<String> {
    let is_yaml = |path: &str| path.ends_with(".yaml");
    let yaml = case.files.iter().filter(|(path, _)| is_yaml(path));
    let files: Files = yaml
        .map(|(path, text)| ((*path).to_owned(), Document::parse(*text).unwrap()))
        .collect();
    let order = ["compose.yaml", "compose.override.yaml"]
        .into_iter()
        .filter(|path| files.contains_key(*path));
    let mut view = View::resolve(&files, &order.collect::<Vec<_>>()).unwrap();
    let env_files = case.files.iter().filter(|(path, _)| !is_yaml(path));
    let shell = case
        .shell
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let around = VariableSources {
        shell: shell.collect(),
        env_files: env_files
            .map(|(path, text)| ((*path).to_owned(), EnvFile::parse(text)))
            .collect(),
    };
    let own: &[&str] = if case.env_files.is_empty() {
        &[".env"]
    } else {
        case.env_files
    };
    view.set_variable_sources(
        &own.iter()
            .map(|path| (*path).to_owned())
            .collect::<Vec<_>>(),
        &around,
    );
    let written = view.services().map(|service| service.get("image").unwrap());
    let mut images: Vec<_> = written
        .map(|image| view.expand(image.as_str().unwrap(), &image.origin))
        .collect();
    images.sort();
    images
}

fn write(root: &Path, case: &Case) {
    for (path, text) in &case.files {
        let file = root.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    fs::create_dir_all(root.join("other")).unwrap();
}

#[test]
fn variables_have_the_values_that_compose_gives_them() {
    let Some(compose) = Compose::find() else {
        return;
    };
    for (at, case) in cases().iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), case);
        let real = compose.images(folder.path(), case.env_files, case.shell);
        assert_eq!(Ok(images(case)), real, "case {at}");
    }
}

/// The same cases told apart by hand, for machines without Compose.
#[test]
fn an_include_sees_its_own_env_files_behind_those_of_who_includes_it() {
    let found: BTreeMap<_, _> = cases().iter().map(images).enumerate().collect();
    assert_eq!(found[&0], ["a:d-d-d", "c:cache-wcache-d"]);
    assert_eq!(found[&1], ["a:top-d-topw", "c:top-topwtop-topw"]);
    assert_eq!(found[&3], ["a:shell-shell-d", "c:shell-shell-d"]);
    assert_eq!(found[&4], ["c:one-twoone-d"]);
    assert_eq!(found[&5], ["c:d-d-other"]);
    assert_eq!(found[&8], ["b:cache", "b:deep"]);
    assert_eq!(found[&9], ["a:d", "over:d"]);
}

#[test]
fn what_is_remote_or_named_by_a_variable_is_refused_with_its_place() {
    let table = [
        (
            "include:\n  - https://example.org/infra.git#main:redis.yaml\n",
            "compose.yaml:2:5",
            "is remote and was not read",
        ),
        (
            "include:\n  - path: oci://example.org/infra:1\n",
            "compose.yaml:2:5",
            "oci://example.org/infra:1",
        ),
        (
            "services:\n  a:\n    extends: { file: 'git@example.org:x/y.git', service: a }\n",
            "compose.yaml:3:5",
            "`extends` names git@example.org:x/y.git",
        ),
        (
            "include:\n  - ${FOLDER:-a}/compose.yaml\n",
            "compose.yaml:2:5",
            "a variable says which file",
        ),
    ];
    for (text, at, words) in table {
        let files = Files::from([("compose.yaml".to_owned(), Document::parse(text).unwrap())]);
        let error = View::resolve(&files, &["compose.yaml"])
            .unwrap_err()
            .to_string();
        assert!(error.starts_with(at) && error.contains(words), "{error}");
        assert!(
            references("compose.yaml", &files["compose.yaml"]).is_empty(),
            "{text}"
        );
    }
}
