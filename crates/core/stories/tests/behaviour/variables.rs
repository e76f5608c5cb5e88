//! Values come from where Compose takes them.

use compose_model::{EnvFile, VariableSources};
use stories::{Context, Stack, State};

use crate::fixture::{stack_of, story};

const REDIS: &str = "services:\n  redis:\n    image: redis:${REDIS_TAG:-6-alpine}\n";

fn including() -> Stack {
    let files = [
        ("compose.yaml", "include: [cache/compose.yaml]\n"),
        ("cache/compose.yaml", REDIS),
    ];
    stack_of(
        "environments: { local: { files: [compose.yaml] } }\n",
        &files,
    )
}

fn around(env_files: &[(&str, &str)], shell: &[(&str, &str)]) -> VariableSources {
    let env_files = env_files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), EnvFile::parse(text)));
    let shell = shell
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    VariableSources {
        env_files: env_files.collect(),
        shell: shell.collect(),
    }
}

/// Where story 5.2 finds a conflict, what stands there, and what settles it.
fn conflict(stack: &Stack) -> (String, String, String) {
    match State::of(stack, &story("5.2"), None, "local") {
        State::Conflict(conflict) => (conflict.at, conflict.stands, conflict.settle),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_included_folders_env_file_is_named_and_never_taken_for_the_default() {
    let mut stack = including();
    stack.set_variable_sources(around(
        &[("cache/.env", "# pinned\nREDIS_TAG=6.2-alpine\n")],
        &[],
    ));
    let expected = (
        "cache/.env:2",
        "REDIS_TAG=6.2-alpine",
        "edit line 2 of cache/.env: REDIS_TAG=7-alpine",
    );
    assert_eq!(
        conflict(&stack),
        (
            expected.0.to_owned(),
            expected.1.to_owned(),
            expected.2.to_owned()
        )
    );
}

#[test]
fn the_environments_own_env_file_wins_over_that_of_an_include() {
    let mut stack = including();
    stack.set_variable_sources(around(
        &[
            ("cache/.env", "REDIS_TAG=6.2-alpine\n"),
            (".env", "REDIS_TAG=6.0-alpine\n"),
        ],
        &[],
    ));
    assert_eq!(conflict(&stack).0, ".env:1");
}

#[test]
fn the_shell_wins_over_every_file_and_is_told() {
    let mut stack = including();
    stack.set_variable_sources(around(
        &[(".env", "REDIS_TAG=7-alpine\n")],
        &[("REDIS_TAG", "6.0-alpine"), ("OTHER", "x")],
    ));
    let (at, stands, settle) = conflict(&stack);
    assert_eq!(
        (at.as_str(), settle.as_str()),
        ("cache/compose.yaml:3:5", "unset REDIS_TAG")
    );
    assert!(
        stands.contains("REDIS_TAG=6.0-alpine in this shell"),
        "{stands}"
    );
    assert_eq!(stack.taken_from_the_shell("local"), ["REDIS_TAG"]);
}

/// The line is told for the file that has the last word where the image stands.
#[test]
fn a_tag_without_a_value_names_its_env_file_and_the_line() {
    let text = REDIS.replace(":-6-alpine", "");
    let without_value = |layout: &str, path: &str, sources: VariableSources| {
        let including = format!("include: [{path}]\n");
        let files = [("compose.yaml", including.as_str()), (path, text.as_str())];
        let mut stack = stack_of(layout, &files);
        stack.set_variable_sources(sources);
        conflict(&stack)
    };
    let own = "environments: { local: { files: [redis.yaml], env_files: [a.env, b.env] } }\n";
    let included = "environments: { local: { files: [compose.yaml] } }\n";
    let written = "image: redis:${REDIS_TAG}";
    let table = [
        (
            without_value(
                own,
                "redis.yaml",
                around(&[("a.env", ""), ("b.env", "")], &[]),
            ),
            (
                "redis.yaml:3:5",
                written,
                "write REDIS_TAG=7-alpine in b.env",
            ),
        ),
        (
            without_value(
                own,
                "redis.yaml",
                around(&[("a.env", "A=\nREDIS_TAG=\n")], &[]),
            ),
            (
                "a.env:2",
                "REDIS_TAG=",
                "edit line 2 of a.env: REDIS_TAG=7-alpine",
            ),
        ),
        (
            without_value(included, "cache/compose.yaml", around(&[], &[])),
            (
                "cache/compose.yaml:3:5",
                written,
                "write REDIS_TAG=7-alpine in cache/.env",
            ),
        ),
        (
            without_value(own, "redis.yaml", around(&[], &[("REDIS_TAG", "")])),
            (
                "redis.yaml:3:5",
                written,
                "export REDIS_TAG=7-alpine, which is empty in this shell",
            ),
        ),
    ];
    for ((at, stands, settle), expected) in table {
        assert_eq!((at.as_str(), stands.as_str(), settle.as_str()), expected);
    }
}

/// What is written into files must not hang on one person's shell.
#[test]
fn a_port_is_never_taken_from_the_shell() {
    let text = "services:\n  backend:\n    image: example/api:1\n    expose: ['${PORT:-8000}']\n";
    let mut stack = stack_of(
        "environments: { local: { files: [compose.yaml] } }\n",
        &[("compose.yaml", text)],
    );
    stack.set_variable_sources(around(&[], &[("PORT", "9999")]));
    let draft = stories::Draft::make(&stack, &story("5.3"), &["local"]).unwrap();
    let written = draft.stack.files["compose.yaml"].text();
    assert!(
        written.contains("localhost:8000") && !written.contains("9999"),
        "{written}"
    );
}

/// The tag is what counts: a registry that a variable names, too, is no reason to be sent there.
#[test]
fn the_variable_that_holds_the_version_is_named() {
    let text = "services:\n  redis:\n    image: ${REGISTRY:-docker.io}/library/redis:${TAG:-6}\n";
    let mut stack = stack_of(
        "environments: { local: { files: [compose.yaml] } }\n",
        &[("compose.yaml", text)],
    );
    stack.set_variable_sources(around(&[(".env", "REGISTRY=docker.io\nTAG=6.2\n")], &[]));
    assert_eq!(conflict(&stack).0, ".env:2");
}

#[test]
fn without_env_files_the_default_one_counts() {
    let mut stack = stack_of(
        "environments: { local: { files: [infra/compose.yaml] } }\n",
        &[("infra/compose.yaml", REDIS)],
    );
    stack.set_variable_sources(around(
        &[
            ("infra/.env", "REDIS_TAG=7.2-alpine\n"),
            (".env", "REDIS_TAG=6-alpine\n"),
        ],
        &[],
    ));
    let cx = Context::new(&stack, "local");
    assert_eq!(
        cx.image(cx.view.service("redis").unwrap())
            .unwrap()
            .to_string(),
        "redis:7.2-alpine"
    );
}
