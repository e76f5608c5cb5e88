//! Layouts that are read off file names and contents.

use compose_model::Files;
use stories::Layout;
use stories::layout::{Found, LayoutAmbiguity, detect, is_compose_file};

use crate::fixture::files;

const BASE: &str = "services:\n  api:\n    image: example/api:1\n  db:\n    image: postgres:17\n";
const OVERLAY: &str = "services:\n  api:\n    restart: always\n";
/// Every service runs by itself, and none of the base is missing.
const WHOLE: &str = BASE;
/// Every service runs by itself, but the base has another one.
const HALF: &str = "services:\n  api:\n    image: example/api:1\n";

fn found(files: &Files) -> Result<Layout, LayoutAmbiguity> {
    detect(Found {
        files,
        env_files: &[],
        compose_file: None,
    })
}

/// `local=a+b prod=c`.
fn shown(layout: &Layout) -> String {
    let entry = |(name, own): (&String, &stories::EnvironmentFiles)| {
        format!("{name}={}", own.files.join("+"))
    };
    layout
        .environments
        .iter()
        .map(entry)
        .collect::<Vec<_>>()
        .join(" ")
}

fn check(texts: &[(&str, &str)], expected: &str) {
    assert_eq!(shown(&found(&files(texts)).unwrap()), expected, "{texts:?}");
}

fn doubt(texts: &[(&str, &str)], reason: &str, readings: &[&str]) {
    let LayoutAmbiguity::Ambiguous {
        reason: why,
        readings: found,
    } = found(&files(texts)).unwrap_err()
    else {
        panic!("{texts:?}: nothing found")
    };
    assert!(why.contains(reason), "{why}");
    assert_eq!(
        found.iter().map(shown).collect::<Vec<_>>(),
        readings,
        "{texts:?}"
    );
}

#[test]
fn a_base_alone_and_with_its_override_is_local() {
    for base in [
        "compose.yaml",
        "compose.yml",
        "docker-compose.yml",
        "docker-compose.yaml",
    ] {
        check(&[(base, BASE)], &format!("local={base}"));
    }
    check(
        &[
            ("docker-compose.yml", BASE),
            ("docker-compose.override.yml", OVERLAY),
        ],
        "local=docker-compose.yml+docker-compose.override.yml",
    );
    check(
        &[("compose.yaml", BASE), ("compose.override.yaml", OVERLAY)],
        "local=compose.yaml+compose.override.yaml",
    );
}

#[test]
fn production_stands_alone_when_it_has_every_service_whole() {
    check(
        &[
            ("docker-compose.yml", BASE),
            ("docker-compose.prod.yml", WHOLE),
        ],
        "local=docker-compose.yml prod=docker-compose.prod.yml",
    );
    check(
        &[
            ("docker-compose.yml", BASE),
            ("docker-compose.override.yml", OVERLAY),
            ("docker-compose.prod.yml", WHOLE),
        ],
        "local=docker-compose.yml+docker-compose.override.yml prod=docker-compose.prod.yml",
    );
}

#[test]
fn production_is_an_overlay_when_a_service_of_it_cannot_run_by_itself() {
    check(
        &[
            ("docker-compose.yml", BASE),
            ("docker-compose.production.yml", OVERLAY),
        ],
        "local=docker-compose.yml prod=docker-compose.yml+docker-compose.production.yml",
    );
    check(
        &[
            ("compose.yaml", BASE),
            ("compose.prod.yaml", "volumes: { data: }\n"),
        ],
        "local=compose.yaml prod=compose.yaml+compose.prod.yaml",
    );
}

#[test]
fn production_that_could_be_both_is_a_doubt() {
    doubt(
        &[
            ("docker-compose.yml", BASE),
            ("docker-compose.prod.yml", HALF),
        ],
        "docker-compose.yml also has db",
        &[
            "local=docker-compose.yml prod=docker-compose.prod.yml",
            "local=docker-compose.yml prod=docker-compose.yml+docker-compose.prod.yml",
        ],
    );
}

#[test]
fn three_files_are_a_base_with_two_overlays() {
    check(
        &[
            ("docker-compose.yml", BASE),
            ("docker-compose.dev.yml", OVERLAY),
            ("docker-compose.prod.yml", OVERLAY),
        ],
        "local=docker-compose.yml+docker-compose.dev.yml prod=docker-compose.yml+docker-compose.prod.yml",
    );
}

#[test]
fn files_without_a_base_stand_alone() {
    check(
        &[("docker-compose.prod.yml", BASE)],
        "prod=docker-compose.prod.yml",
    );
    check(
        &[
            ("docker-compose.local.yml", BASE),
            ("docker-compose.prod.yml", HALF),
        ],
        "local=docker-compose.local.yml prod=docker-compose.prod.yml",
    );
}

#[test]
fn a_base_beside_a_developers_file_may_be_productions() {
    doubt(
        &[
            ("docker-compose.yml", BASE),
            ("docker-compose.dev.yml", OVERLAY),
        ],
        "docker-compose.dev.yml stands beside docker-compose.yml",
        &[
            "local=docker-compose.yml+docker-compose.dev.yml prod=docker-compose.yml",
            "local=docker-compose.yml+docker-compose.dev.yml",
        ],
    );
}

#[test]
fn a_developers_file_that_stands_alone_makes_the_base_productions() {
    check(
        &[
            ("docker-compose.yml", BASE),
            ("docker-compose.dev.yml", WHOLE),
        ],
        "local=docker-compose.dev.yml prod=docker-compose.yml",
    );
}

#[test]
fn two_of_a_kind_are_a_doubt() {
    doubt(
        &[("compose.yaml", BASE), ("docker-compose.yml", BASE)],
        "compose.yaml and docker-compose.yml are both here",
        &["local=compose.yaml", "local=docker-compose.yml"],
    );
    doubt(
        &[
            ("docker-compose.yml", BASE),
            ("docker-compose.prod-eu.yml", OVERLAY),
            ("docker-compose.prod-us.yml", OVERLAY),
        ],
        "either may be the prod environment",
        &[
            "local=docker-compose.yml prod=docker-compose.yml+docker-compose.prod-eu.yml",
            "local=docker-compose.yml prod=docker-compose.yml+docker-compose.prod-us.yml",
        ],
    );
    doubt(
        &[
            ("docker-compose.dev.yml", BASE),
            ("docker-compose.local.yml", BASE),
        ],
        "either may be the local environment",
        &[
            "local=docker-compose.dev.yml",
            "local=docker-compose.local.yml",
        ],
    );
}

#[test]
fn no_file_is_said_to_be_none() {
    assert_eq!(found(&Files::new()), Err(LayoutAmbiguity::Nothing));
    assert_eq!(
        found(&files(&[("docker-compose.ci.yml", BASE)])),
        Err(LayoutAmbiguity::Nothing)
    );
}

#[test]
fn compose_file_has_the_word() {
    let files = files(&[
        ("docker-compose.yml", BASE),
        ("docker-compose.prod.yml", OVERLAY),
    ]);
    let list = ["docker-compose.yml", "docker-compose.prod.yml"].map(str::to_owned);
    let layout = detect(Found {
        files: &files,
        env_files: &[".env".to_owned()],
        compose_file: Some(&list),
    })
    .unwrap();
    assert_eq!(
        shown(&layout),
        "local=docker-compose.yml+docker-compose.prod.yml"
    );
    assert_eq!(layout.environments["local"].env_files, [".env"]);
}

#[test]
fn env_files_are_found_by_themselves_or_by_their_examples() {
    let files = files(&[
        ("docker-compose.yml", BASE),
        ("docker-compose.prod.yml", OVERLAY),
    ]);
    let env_files = |names: &[&str], environment: &str| {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let layout = detect(Found {
            files: &files,
            env_files: &names,
            compose_file: None,
        })
        .unwrap();
        layout.environments[environment].env_files.clone()
    };
    let both = [".env.example", ".env.production.template"];
    assert_eq!(env_files(&both, "local"), [".env"]);
    assert_eq!(env_files(&both, "prod"), [".env.production"]);
    assert_eq!(env_files(&[".env"], "prod"), [".env"]);
    assert!(env_files(&[], "prod").is_empty());
}

#[test]
fn only_names_that_say_so_are_compose_files() {
    for name in [
        "compose.yml",
        "docker-compose.override.yml",
        "docker-compose.prod.yml",
        "compose.local.yaml",
    ] {
        assert!(is_compose_file(name), "{name}");
    }
    for name in [
        "docker-compose.preprod.yml",
        "docker-compose.pre-prod.yml",
        "docker-compose.non-prod.yml",
        "compose.products.yaml",
        "compose.devices.yaml",
        "docker-compose_localhost.yml",
    ] {
        assert!(!is_compose_file(name), "{name}");
    }
    for name in [
        "compose_prod.yml",
        "docker-compose-production.yml",
        "docker-compose.Dev.yml",
    ] {
        assert!(is_compose_file(name), "{name}");
    }
    for name in [
        "docker-compose.yml.bak",
        "docker-compose.ci.yml",
        "prometheus.prod.yml",
        "compose.toml",
    ] {
        assert!(!is_compose_file(name), "{name}");
    }
}

#[test]
fn every_key_of_a_written_layout_is_optional() {
    for text in [
        "roles: { backend: api }\n",
        "parameters: { backend-port: 3000 }\n",
        "# nothing yet\n",
    ] {
        let layout = Layout::parse("compose/stack.yaml", text).unwrap();
        assert!(layout.environments.is_empty(), "{text}");
    }
    let layout = Layout::parse("compose/stack.yaml", "roles: { backend: api }\n").unwrap();
    assert_eq!(layout.roles["backend"], "api");
}

#[test]
fn a_written_layout_names_its_faults() {
    let table = [
        ("environments: {}\n", "no environment"),
        (
            "environments:\n  local: { files: [] }\n",
            "environment local has no files",
        ),
        (
            "environments:\n  local: { files: [a.yml], env_files: [/etc/env] }\n",
            "/etc/env leaves the checkout",
        ),
        (
            "environments:\n  local: { files: [a.yml] }\nrole: {}\n",
            "compose/stack.yaml:3:1: unknown field `role`",
        ),
        ("environments: [\n", "compose/stack.yaml:"),
    ];
    for (text, expected) in table {
        let error = Layout::parse("compose/stack.yaml", text)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("compose/stack.yaml") && error.contains(expected),
            "{error}"
        );
        assert!(
            !error.contains(" at line "),
            "the place stands in front alone: {error}"
        );
    }
}
