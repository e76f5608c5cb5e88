//! Templates and env files against plain `config`.

use compose_model::{EnvFile, Template};
use serde_json::Value;

use crate::checkout;
use crate::compose::{Compose, Depth};
use crate::generate::Set;
use crate::generate::random::Random;

const PIECES: &[&str] = &[
    "a",
    "$SET",
    "${SET}",
    "${NONE}",
    "$$",
    "$",
    "$1",
    "{",
    "}",
    "x:y",
    "${SET:-d}",
    "${NONE:-d}",
    "${NONE-",
    "${EMPTY:+r}",
    "${EMPTY-d}",
    "${SET:+$SET}",
    "${NONE:-${SET",
    "}",
    "}}",
    "é",
    "\"q\"",
    "${NONE:?no}",
    "${SET?yes}",
    "${",
    "${A.b}",
    "-",
];

const LINES: &[&str] = &[
    "A=1",
    "B= two ",
    "C=x # y",
    "D=x#y",
    "E= #z",
    "export F=1",
    "export\tG = 2",
    "H: h",
    "# comment",
    "",
    "   ",
    "I='$A'",
    "J=\"${A}\"",
    "K=\"x\\ny\\$A\\\"\"",
    "L=$A$B",
    "M=\"two\nlines\"",
    "N=a\" b\"",
    "O=",
    "P=\"\"",
    "Q='it\\'s'",
    "R=\"x\" # y",
    "S=\"x\"T=2",
    "U",
    "V=$SET",
    "W=${NONE:-d}",
    "X-y.z=1",
    "Y[0]=2",
    "A=again\r",
    "Z=\"\\0101\\x\"",
    "AA=$$A",
    "AB=\t tab\t",
];

/// The variables of these tests, from the project's own `.env`.
const DOT_ENV: &str = "SET=s\nEMPTY=\n";

fn lookup(name: &str) -> Option<String> {
    EnvFile::parse(DOT_ENV).get(name).map(str::to_owned)
}

fn set(compose: String, more: Vec<(String, String)>) -> Set {
    let files = [
        ("compose.yml".to_owned(), compose),
        (".env".to_owned(), DOT_ENV.to_owned()),
    ];
    Set {
        files: files.into_iter().chain(more).collect(),
        order: vec!["compose.yml".to_owned()],
        features: Vec::new(),
    }
}

fn config(compose: &Compose, set: &Set) -> Result<Value, String> {
    let folder = checkout::write(set);
    compose.config(&checkout::root(&folder), &["compose.yml"], Depth::Plain)
}

/// The environment of a service in Compose's answer, where every `$` is doubled.
fn environment(model: &Value, service: &str) -> Vec<(String, String)> {
    let entries = model["services"][service]["environment"]
        .as_object()
        .into_iter()
        .flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().replace("$$", "$");
    entries
        .map(|(key, value)| (key.clone(), text(value)))
        .collect()
}

#[test]
fn templates_expand_as_compose_expands_them() {
    let Some(compose) = Compose::find() else {
        return;
    };
    let mut random = Random::new(7);
    let texts: Vec<String> = (0..600)
        .map(|_| random.some(PIECES, 4).into_iter().copied().collect())
        .collect();
    let expand = |text: &str| Template::parse(text).and_then(|template| template.expand(&lookup));
    let (valid, invalid): (Vec<_>, Vec<_>) = texts.iter().partition(|text| expand(text).is_ok());

    let lines: String = valid
        .iter()
        .enumerate()
        .map(|(at, text)| format!("      K{at}: {}\n", quoted(text)))
        .collect();
    let yaml = |lines: &str| format!("services:\n  web:\n    image: x\n    environment:\n{lines}");
    let model = config(&compose, &set(yaml(&lines), Vec::new())).unwrap();
    for (key, value) in environment(&model, "web") {
        let text = valid[key[1..].parse::<usize>().unwrap()];
        assert_eq!(expand(text).as_deref(), Ok(value.as_str()), "{text}");
    }

    let invalid = &invalid[..invalid.len().min(40)];
    for text in invalid {
        let answer = config(
            &compose,
            &set(yaml(&format!("      K: {}\n", quoted(text))), Vec::new()),
        );
        assert!(answer.is_err(), "{text} is fine for Compose");
    }
    println!(
        "{} templates expand alike, {} are refused by both",
        valid.len(),
        invalid.len()
    );
    assert!(valid.len() >= 300 && invalid.len() >= 20);
}

/// A text in YAML's single quotes.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[test]
fn env_files_read_as_compose_reads_them() {
    let Some(compose) = Compose::find() else {
        return;
    };
    let mut random = Random::new(11);
    let files: Vec<String> = (0..150)
        .map(|_| {
            random
                .some(LINES, 9)
                .into_iter()
                .map(|line| format!("{line}\n"))
                .collect()
        })
        .collect();
    let services: String = (0..files.len())
        .map(|at| format!("  s{at}:\n    image: x\n    env_file: e{at}.env\n"))
        .collect();
    let more = files
        .iter()
        .enumerate()
        .map(|(at, text)| (format!("e{at}.env"), text.clone()))
        .collect();
    let model = config(&compose, &set(format!("services:\n{services}"), more)).unwrap();
    for (at, text) in files.iter().enumerate() {
        // A variable of the project counts before the file's own; the view's reader is not told of
        // any.
        let text = format!("SET=s\n{text}");
        let mut mine: Vec<_> = EnvFile::parse(&text)
            .entries()
            .iter()
            .map(|entry| entry.key.clone())
            .collect();
        mine.sort();
        mine.dedup();
        mine.retain(|key| key != "SET");
        let file = EnvFile::parse(&text);
        let mine: Vec<_> = mine
            .into_iter()
            .map(|key| (key.clone(), file.get(&key).unwrap_or_default().to_owned()))
            .collect();
        let mut real = environment(&model, &format!("s{at}"));
        real.sort();
        assert_eq!(mine, real, "{text:?}");
    }
    println!("{} env files read alike", files.len());
}
