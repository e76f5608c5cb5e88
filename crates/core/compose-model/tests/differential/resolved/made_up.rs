//! Made-up environments, with what they name beside themselves.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Tally, compare_set};
use crate::compose::Compose;
use crate::generate::{Set, generate};

/// How many sets are made up, and how many of them must be such that Compose accepts them.
const SETS: u64 = 500;
const ENOUGH: usize = 250;

/// What the sets name and do not always define.
const BESIDE: &str = "\
services:
  web: {image: web}
  api: {image: api}
  db: {image: db, healthcheck: {test: [CMD, ok]}}
  cache: {image: cache, healthcheck: {test: [CMD, ok]}}
volumes: {data: , other: , unused: }
networks: {n1: , n2: , unused: }
secrets: {s1: {file: ./s1}, s2: {file: ./s2}, s3: {file: ./s3}, unused: {file: ./s4}}
configs: {c1: {file: ./c1}, c2: {file: ./c2}}
models: {m1: {model: m}, m2: {model: m}}
";

/// Env files of services; the first one uses variables.
const ENV_FILES: [(&str, &str); 10] = [
    (".env", "PORT=9090\nH=of-the-project\n"),
    ("a.env", "AA=1\nAB=${AA}2\nH=${H}-again\n"),
    ("b.env", "BA=1\n"),
    ("../b.env", "BB=1\n"),
    ("c.env", "CA=$raw\n"),
    ("sub/d.env", "DA='${AA}'\nDB=\"${NONE:-d}\"\n"),
    ("l.env", "la=1\n"),
    ("m.env", "ma=1\n"),
    ("sub/m.env", "mb=1\n"),
    ("common/l.env", "lc=1\n"),
];

fn complete(mut set: Set) -> Set {
    for (path, text) in ENV_FILES {
        if set.files.iter().all(|(known, _)| known != path) {
            set.files.push((path.to_owned(), text.to_owned()));
        }
    }
    set.files.push(("beside.yml".to_owned(), BESIDE.to_owned()));
    set.order.insert(0, "beside.yml".to_owned());
    set
}

#[test]
fn made_up_environments_come_to_what_compose_says() {
    let Some(compose) = Compose::find() else {
        return;
    };
    let (next, tally) = (AtomicU64::new(0), Mutex::new(Tally::default()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= SETS {
                        break;
                    }
                    let set = complete(generate(seed));
                    let report = compare_set(&compose, &set);
                    let texts: String = set
                        .files
                        .iter()
                        .map(|(path, text)| format!("--- {path}\n{text}"))
                        .collect();
                    let name = if report.as_ref().is_ok_and(|one| !one.differences.is_empty()) {
                        texts
                    } else {
                        String::new()
                    };
                    tally
                        .lock()
                        .unwrap()
                        .count(&format!("seed {seed}\n{name}"), report);
                }
            });
        }
    });
    tally.into_inner().unwrap().report(ENOUGH);
}
