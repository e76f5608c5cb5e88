//! No text makes the view panic, hang or grow without bound.

use compose_edit::Document;
use compose_model::{EnvFile, Files, Template, View, references};
use proptest::prelude::*;

/// Bits of Compose files, put together at random.
const BITS: &[&str] = &[
    "services:",
    "\n",
    "  ",
    " a: ",
    "b: ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    ", ",
    "&x ",
    "*x",
    "<<: ",
    "!reset ",
    "!override ",
    "null",
    "1",
    "'8080:80'",
    "ports: ",
    "volumes: ",
    "'a:/b:ro'",
    "extends: ",
    "include: ",
    "f.yml",
    "service: ",
    "file: ",
    "environment: ",
    "A=1",
    "depends_on: ",
    "build: ",
    "image: ",
    "ipam: ",
    "config: ",
    "networks:",
    "logging: ",
    "env_file: ",
    "---\n",
    "${X:-",
    "$",
    "..",
    "/",
    "external: ",
    "name: ",
    "devices: ",
    "gpus: ",
    "ssh: ",
    "command: ",
    "\"",
    "0x",
    "x-e: ",
    "secrets: ",
];

const KEYS: &[&str] = &[
    "ports",
    "volumes",
    "devices",
    "secrets",
    "configs",
    "depends_on",
    "env_file",
    "environment",
    "extra_hosts",
    "networks",
    "build",
    "logging",
    "ulimits",
    "deploy",
    "healthcheck",
    "gpus",
    "dns",
    "extends",
    "develop",
    "labels",
    "expose",
    "tmpfs",
    "models",
];

const VALUES: &[&str] = &[
    "",
    "null",
    "1",
    "-1",
    "true",
    "1.5",
    "text",
    "''",
    "[]",
    "{}",
    "[1]",
    "[text]",
    "['a=b', 'a=c']",
    "{a: 1}",
    "{a: {b: [1]}}",
    "[{target: 1}]",
    "[{source: x}]",
    "[[1]]",
    "['${X}:1', '1-3']",
    "{file: f.yml, service: a}",
    "a",
    "[':']",
    "['a:b:c:d']",
    "{driver: x}",
    "!reset 1",
    "!override [1]",
    "[!reset 1, 2]",
    "[\"\\x01/../..\"]",
];

fn resolve(texts: &[&str]) {
    let names = ["compose.yml", "f.yml", "g.yml"];
    let parsed = names
        .into_iter()
        .zip(texts)
        .filter_map(|(name, text)| Some((name.to_owned(), Document::parse(*text).ok()?)));
    let files: Files = parsed.collect();
    let order: Vec<&str> = files.keys().map(String::as_str).collect();
    if let Err(error) = View::resolve(&files, &order) {
        assert!(!error.to_string().is_empty());
    }
    for (path, document) in &files {
        drop(references(path, document));
    }
}

fn text_of_bits() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(BITS), 0..60).prop_map(|bits| bits.concat())
}

/// A service whose keys have values of any kind.
fn service() -> impl Strategy<Value = String> {
    let entry = (
        proptest::sample::select(KEYS),
        proptest::sample::select(VALUES),
    );
    let body = proptest::collection::hash_map(
        entry.clone().prop_map(|(key, _)| key),
        entry.prop_map(|(_, value)| value),
        1..6,
    );
    body.prop_map(|body| {
        body.into_iter()
            .map(|(key, value)| format!("    {key}: {value}\n"))
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bits_of_files_never_panic(one in text_of_bits(), other in text_of_bits()) {
        resolve(&[&one, &other]);
    }

    #[test]
    fn values_of_any_kind_never_panic(one in service(), other in service(), third in service()) {
        let file = |body: &str| format!("services:\n  a:\n{body}  b:\n{other}");
        resolve(&[&file(&one), &file(&third), &file(&one)]);
    }

    #[test]
    fn templates_and_env_files_never_panic(text in "[$\\{\\}A-C:?+=' \"\\\\\n#0-8é-]{0,40}") {
        let template = Template::parse(&text);
        if let Ok(template) = template {
            drop(template.expand(&|_| None));
        }
        drop(EnvFile::parse(&text));
    }
}
