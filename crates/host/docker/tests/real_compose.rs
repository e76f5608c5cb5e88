//! Checks with the real Compose: what it sees through the shadow is what it sees in the checkout.
//!
//! Skipped where no Compose is installed; with `COMPOSE_STORIES_REQUIRE_DOCKER=1` that is a
//! failure.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]
#![allow(clippy::disallowed_macros, reason = "a test that is skipped says so")]

#[path = "support/checkout.rs"]
mod checkout;

use std::fs;
use std::path::Path;
use std::process::Command;

use docker::Compose;
use docker::compose_config::{CheckError, Subject, Verdict, differences};

use checkout::Checkout;

fn compose() -> Option<Compose> {
    match Compose::find() {
        Ok(compose) => Some(compose),
        Err(error) if std::env::var_os("COMPOSE_STORIES_REQUIRE_DOCKER").is_some() => {
            panic!("{error}")
        }
        Err(error) => {
            eprintln!("SKIPPED: {error}");
            None
        }
    }
}

fn check(compose: &Compose, checkout: &Checkout) -> Result<Verdict, CheckError> {
    compose.check(&checkout.subject(&checkout.root()))
}

/// A stack that reads or names a file in every way that a compose file has.
fn everything() -> Checkout {
    Checkout::of(&[
        (
            "docker-compose.yml",
            "include: [parts/cache/compose.yml, ../beside/compose.yml]
services:
  a:
    extends: {file: parts/base.yml, service: base}
    image: x:${TAG}
    env_file: [a.env, {path: parts/b.env}, {path: none.env, required: false}, ../beside/c.env]
    label_file: a.labels
    build: {context: ./app, dockerfile: ../Dockerfile, additional_contexts: {lib: ../lib}}
    volumes: [./data:/data, ../outside:/outside, ~/home:/home, named:/named, ./linked/x:/x]
    secrets: [word]
    configs: [conf]
    develop: {watch: [{path: ./app, action: rebuild}]}
volumes: {named: }
secrets: {word: {file: ./secrets/word.txt}}
configs: {conf: {file: conf/a.conf}}
",
        ),
        ("docker-compose.override.yml", "services: {a: {environment: {B: $B}, volumes: [./more:/more]}}\n"),
        ("parts/base.yml", "services: {base: {image: b, env_file: near.env, volumes: [./here:/here, ../up:/up]}}\n"),
        ("parts/near.env", "NEAR=1\n"),
        ("parts/b.env", "BEE=2\n"),
        ("parts/cache/compose.yml", "services: {cache: {image: c, env_file: cache.env, build: .}}\n"),
        ("parts/cache/cache.env", "CACHE=3\n"),
        ("../beside/compose.yml", "services: {beside: {image: d, env_file: c.env, volumes: ['.:/all']}}\n"),
        ("../beside/c.env", "SEA=4\n"),
        ("a.env", "A=5\n"),
        ("a.labels", "label=6\n"),
        (".env", "TAG=7\nB=8\n"),
        ("app/x", ""),
        ("secrets/word.txt", "w"),
        ("real/x", ""),
    ])
    .link("linked", "real")
    .files(&["docker-compose.yml", "docker-compose.override.yml"])
}

#[test]
fn the_shadow_gives_the_checkouts_own_model() {
    let Some(compose) = compose() else { return };
    let in_parts = || {
        Checkout::of(&[
            (
                "stack/docker-compose.yml",
                "services: {a: {image: 'x:${T}', env_file: ../up.env, build: ..}}\n",
            ),
            ("stack/.env", "T=1\n"),
            ("up.env", "U=2\n"),
        ])
        .files(&["stack/docker-compose.yml"])
    };
    let named = || Checkout::of(&[PLAIN, (".env", "COMPOSE_PROJECT_NAME=from-env\n")]);
    let linked = || {
        Checkout::of(&[
            PLAIN,
            (
                "real/docker-compose.yml",
                "services: {a: {image: x, env_file: y.env}}\n",
            ),
        ])
        .file("real/y.env", "Y=1\n")
        .link("stack", "real")
        .files(&["stack/docker-compose.yml"])
    };
    for checkout in [everything, in_parts, named, linked] {
        let checkout = checkout();
        let root = checkout.root();
        let own = check(&compose, &checkout).unwrap_or_else(|error| panic!("{error}"));
        let checkout = checkout.same_as_draft();
        let seen = compose
            .check(&checkout.subject(&root))
            .unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(seen.model.to_string(), own.model.to_string());
        assert_eq!((seen.shape_only, own.shape_only), (None, None));
    }
}

const PLAIN: (&str, &str) = ("docker-compose.yml", "services: {a: {image: x}}\n");

/// What a person gets who types `docker compose config` in the folder.
#[test]
fn the_model_is_the_one_that_a_person_gets() {
    let Some(compose) = compose() else { return };
    let checkout = everything().same_as_draft();
    let mut typed = Command::new(compose.plugin());
    typed
        .args(["config", "--format", "json"])
        .current_dir(checkout.root());
    typed
        .env_clear()
        .env("HOME", std::env::var_os("HOME").unwrap_or_default());
    let printed = typed.output().unwrap();
    let printed: serde_json::Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert_eq!(
        check(&compose, &checkout).unwrap().model.to_string(),
        printed.to_string()
    );
}

#[test]
fn the_callers_environment_plays_no_part() {
    let Some(compose) = compose() else { return };
    let checkout = Checkout::of(&[(
        "docker-compose.yml",
        "services: {a: {image: 'x:${CARGO_PKG_NAME:-none}'}}\n",
    )]);
    assert_eq!(
        check(&compose, &checkout).unwrap().model["services"]["a"]["image"],
        "x:none"
    );
}

#[test]
fn drafts_are_seen_where_extends_and_include_look() {
    let Some(compose) = compose() else { return };
    let checkout = everything()
        .draft(
            "parts/base.yml",
            "services: {base: {image: b, environment: {NEW: base}}}\n",
        )
        .draft(
            "parts/cache/compose.yml",
            "services: {cache: {image: new-cache}}\n",
        )
        .draft("parts/new/file.env", "NEVER=read\n")
        .draft("a.env", "A=new\n");
    let model = check(&compose, &checkout).unwrap().model;
    assert_eq!(model["services"]["a"]["environment"]["NEW"], "base");
    assert_eq!(model["services"]["a"]["environment"]["A"], "new");
    assert_eq!(model["services"]["cache"]["image"], "new-cache");
}

#[test]
fn a_rejection_names_the_checkouts_file() {
    let Some(compose) = compose() else { return };
    let checkout = Checkout::of(&[PLAIN]).draft(
        "docker-compose.yml",
        "services: {a: {image: x, bogus: 1}}\n",
    );
    let CheckError::Rejected { words, .. } = check(&compose, &checkout).unwrap_err() else {
        panic!()
    };
    assert!(
        words.starts_with("validating docker-compose.yml: services.a"),
        "{words}"
    );
    let checkout = Checkout::of(&[PLAIN]).draft("docker-compose.yml", "services: {a: {image: x}\n");
    let CheckError::Rejected { words, .. } = check(&compose, &checkout).unwrap_err() else {
        panic!()
    };
    assert!(
        !words.contains("/tmp") && !words.contains("time="),
        "{words}"
    );
}

#[test]
fn both_profile_sets_are_checked() {
    let Some(compose) = compose() else { return };
    let text = "services: {a: {image: x, depends_on: [b]}, b: {image: x, profiles: [tools]}}\n";
    let checkout = Checkout::of(&[("docker-compose.yml", text)]);
    let root = checkout.root();
    let subject = checkout.subject(&root);
    assert!(compose.check(&subject).is_ok());
    let both = compose.check(&Subject {
        profiles: true,
        ..subject
    });
    assert!(
        matches!(both, Err(CheckError::Rejected { .. })),
        "a depends on a service behind a profile: {both:?}"
    );
}

#[test]
fn stand_ins_let_the_shape_be_checked() {
    let Some(compose) = compose() else { return };
    let text = "services:
  a:
    image: ${IMAGE}
    ports: ['${PORT}:80', '127.0.0.1:${OTHER:?must}:81']
    mem_limit: ${MEMORY}
    env_file: [.env.prod, {path: more.env, required: true}]
    label_file: [some.labels]
    deploy: {replicas: '${COUNT}'}
    environment: {TOKEN: '${TOKEN:?}'}
";
    let checkout = Checkout::of(&[
        ("docker-compose.yml", text),
        (".env", "IMAGE=the-local-one\n"),
    ])
    .env_file(".env.prod");
    let verdict = check(&compose, &checkout).unwrap_or_else(|error| panic!("{error}"));
    let why = verdict.shape_only.unwrap();
    for missing in [".env.prod", "more.env", "some.labels"] {
        assert!(why.contains(&format!("{missing} is missing here")), "{why}");
    }
    assert_eq!(
        verdict.model["services"]["a"]["image"], "1",
        "the local .env must not stand in for production's"
    );
}

#[test]
fn nothing_stays_behind() {
    let Some(compose) = compose() else { return };
    let checkout = everything().same_as_draft();
    let listed = |folder: &Path| {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    let before = listed(&checkout.root());
    check(&compose, &checkout).unwrap();
    assert_eq!(listed(&checkout.root()), before);
}

/// An alias bomb is rejected long before this point, by the view; here it must only not take the
/// machine with it.
#[test]
fn an_alias_bomb_is_ended() {
    let Some(compose) = compose() else { return };
    let level = |name: char, of: &str| format!("x-{name}: &{name} [{}]\n", [of; 10].join(", "));
    let levels: String = ('b'..='i')
        .zip('a'..)
        .map(|(name, below)| level(name, &format!("*{below}")))
        .collect();
    let text = format!("{}{levels}services: {{a: {{image: x}}}}\n", level('a', "y"));
    let checkout = Checkout::of(&[("docker-compose.yml", &text)]);
    let root = checkout.root();
    let ended = compose.check_within(&checkout.subject(&root), std::time::Duration::from_secs(5));
    assert!(ended.is_err(), "{ended:?}");
}

#[test]
fn a_change_shows_at_its_deepest_path() {
    let Some(compose) = compose() else { return };
    let base = "services:\n  a: {image: x:1, ports: ['80:80'], volumes: [./b:/b]}\n";
    let more = "services:\n  a: {image: x:2, ports: ['80:80', '81:81'], volumes: [./a:/a, ./b:/b], init: true}\n";
    let checkout = Checkout::of(&[("docker-compose.yml", base)]);
    let before = check(&compose, &checkout).unwrap().model;
    let after = check(&compose, &checkout.draft("docker-compose.yml", more))
        .unwrap()
        .model;
    let found: Vec<_> = differences(&before, &after)
        .iter()
        .map(|found| found.path.to_string())
        .collect();
    assert_eq!(
        found,
        [
            "services.a.image",
            "services.a.init",
            "services.a.ports[1]",
            "services.a.volumes[0]"
        ]
    );
}

/// The files to learn from: the large corpus beside the repository where it is, else the
/// repository's own.
fn corpus() -> Vec<std::path::PathBuf> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let places = [
        std::env::var_os("COMPOSE_CORPUS")
            .unwrap_or_default()
            .into(),
        repository.join("../shared/corpus"),
    ];
    let place = places
        .into_iter()
        .find(|place| place.is_dir())
        .unwrap_or_else(|| repository.join("corpus"));
    let files = fs::read_dir(place)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|end| end != "md"))
        .collect();
    files.sort();
    files
}

/// What Compose accepts as it stands is accepted through the shadow and says the same; what it
/// rejects for want of a file or a value may pass as a shape, and only as that.
#[test]
fn the_corpus_passes_through_the_shadow_unchanged() {
    let Some(compose) = compose() else { return };
    let texts = corpus()
        .into_iter()
        .filter_map(|file| fs::read_to_string(file).ok());
    let checkouts: Vec<_> = texts
        .map(|text| Checkout::of(&[("docker-compose.yml", &text)]).same_as_draft())
        .collect();
    let roots: Vec<_> = checkouts.iter().map(Checkout::root).collect();
    let subjects: Vec<_> = checkouts
        .iter()
        .zip(&roots)
        .map(|(checkout, root)| checkout.subject(root))
        .collect();
    let (mut equal, mut shapes, mut rejected) = (0, 0, 0);
    for (verdict, root) in compose.check_all(&subjects).into_iter().zip(&roots) {
        let mut bare = Command::new(compose.plugin());
        bare.args(["--profile", "*", "config", "--format", "json"])
            .current_dir(root);
        let bare = bare
            .env_clear()
            .env("HOME", std::env::var_os("HOME").unwrap_or_default())
            .output()
            .unwrap();
        match (bare.status.success(), verdict) {
            (
                true,
                Ok(Verdict {
                    shape_only: None,
                    model,
                    ..
                }),
            ) => {
                let printed: serde_json::Value = serde_json::from_slice(&bare.stdout).unwrap();
                assert_eq!(model.to_string(), printed.to_string(), "{root:?}");
                equal += 1;
            }
            (
                false,
                Ok(Verdict {
                    shape_only: Some(_),
                    ..
                }),
            ) => shapes += 1,
            (false, Err(CheckError::Rejected { .. })) => rejected += 1,
            (accepted, other) => {
                panic!("Compose alone accepts: {accepted}, through the shadow: {other:?}")
            }
        }
    }
    println!(
        "corpus through the shadow: {equal} equal, {shapes} as a shape, {rejected} rejected by both"
    );
    assert!(equal > 0);
}
