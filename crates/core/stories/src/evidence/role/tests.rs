//! Who plays a role, by stacks of each kind.

use super::*;
use crate::{Layout, Stack};

fn stack(compose: &str) -> Stack {
    layered("", compose)
}

fn layered(layout: &str, compose: &str) -> Stack {
    let files = [(
        "compose.yaml".to_owned(),
        compose_edit::Document::parse(compose).unwrap(),
    )];
    let environments = "environments: { local: { files: [compose.yaml] } }\n";
    let layout = Layout::parse("stack.yaml", &format!("{environments}{layout}")).unwrap();
    Stack::new(layout, files.into_iter().collect()).unwrap()
}

/// Both roles in one line each: `api: its signs`, `? api, server` with `= guess`, or nobody.
fn cast(stack: &Stack) -> [String; 2] {
    let cx = Context::new(stack, "local");
    Role::ALL.map(|role| match of(&cx, role.name()) {
        Player::Nobody => "nobody".to_owned(),
        Player::Known {
            service, evidence, ..
        } => {
            assert!(!evidence.is_guess());
            service.name.to_owned()
        }
        Player::Open(question) => format!("? {}", question.settle()),
    })
}

const DB: &str = "  db:\n    image: postgres:17\n";

#[test]
fn one_candidate_with_a_sign_is_found_and_all_else_is_asked() {
    let asked = |role: &str, name: &str| format!("? roles: {{ {role}: {name} }}");
    let api = "  api:\n    build: ./api\n    depends_on: [db]\n";
    let web = "  web:\n    build: ./web\n    environment: { API: 'http://api:3000' }\n";
    let product = "  fleet-server:\n    build: .\n    ports: ['8220:8220']\n";
    let table: [(String, String, String); 20] = [
        // A word and signs.
        (format!("{api}{web}{DB}"), "api".into(), "web".into()),
        (
            format!("{api}  ui:\n    build: ./ui\n{DB}"),
            "api".into(),
            "ui".into(),
        ),
        // A name alone.
        (
            "  api:\n    image: a/b:1\n  web:\n    image: a/c:1\n".into(),
            asked("backend", "api"),
            asked("frontend", "web"),
        ),
        (
            "  web:\n    image: a/b:1\n".into(),
            "nobody".into(),
            "nobody".into(),
        ),
        // Several have as much.
        (
            format!("{api}  server:\n    build: ./server\n{DB}"),
            asked("backend", "NAME"),
            "nobody".into(),
        ),
        (
            format!("{api}  auth-api:\n    build: ./auth\n  pay-api:\n    build: ./pay\n{DB}"),
            asked("backend", "api"),
            "nobody".into(),
        ),
        // A word that either role has: the signs decide.
        (
            format!(
                "  web:\n    build: .\n    environment: {{ DATABASE_URL: 'postgres://u@db/x' }}\n{DB}"
            ),
            "web".into(),
            "nobody".into(),
        ),
        (
            format!("  app:\n    image: ghost:5\n    depends_on: [db]\n{DB}"),
            "app".into(),
            "nobody".into(),
        ),
        (
            format!("{api}  app:\n    build: ./app\n    environment: {{ VITE_API: '/api' }}\n{DB}"),
            "api".into(),
            "app".into(),
        ),
        (
            "  app:\n    build: .\n    ports: ['3000:3000']\n".into(),
            asked("backend", "app"),
            "nobody".into(),
        ),
        // A product's name.
        (
            product.into(),
            asked("backend", "fleet-server"),
            "nobody".into(),
        ),
        (
            format!("{product}    depends_on: [db]\n{DB}"),
            "fleet-server".into(),
            "nobody".into(),
        ),
        (
            format!("{api}  query-frontend:\n    image: a/q:1\n    ports: ['3200:3200']\n{DB}"),
            "api".into(),
            asked("frontend", "query-frontend"),
        ),
        // One service is both.
        (
            format!(
                "  web:\n    build: .\n    depends_on: [db]\n    environment: {{ NEXT_PUBLIC_URL: x }}\n{DB}"
            ),
            asked("backend", "web"),
            "nobody".into(),
        ),
        // What does something else plays no role.
        (
            format!("{api}  api-worker:\n    build: ./api\n    depends_on: [db]\n{DB}"),
            "api".into(),
            "nobody".into(),
        ),
        (
            "  server:\n    image: traefik:3\n    ports: ['80:80']\n".into(),
            "nobody".into(),
            "nobody".into(),
        ),
        // No word, all signs.
        (
            format!("  shop:\n    build: .\n    ports: ['8000:8000']\n    depends_on: [db]\n{DB}"),
            asked("backend", "shop"),
            "nobody".into(),
        ),
        (
            format!(
                "  shop:\n    image: a/shop:1\n    ports: ['8000:8000']\n    depends_on: [db]\n{DB}"
            ),
            "nobody".into(),
            "nobody".into(),
        ),
        // The name itself, however its words are joined.
        (
            format!("  back-end:\n    image: a/b:1\n{api}{DB}"),
            "back-end".into(),
            "nobody".into(),
        ),
        (
            format!("  backend:\n    image: a/b:1\n{api}{DB}"),
            "backend".into(),
            "nobody".into(),
        ),
    ];
    for (services, backend, frontend) in table {
        let found = cast(&stack(&format!("services:\n{services}")));
        assert_eq!(found, [backend, frontend], "{services}");
    }
}

#[test]
fn a_person_says_it_last_and_first() {
    let services = format!(
        "services:\n  api:\n    build: .\n    depends_on: [db]\n  x:\n    image: a/x:1\n{DB}"
    );
    let stack = layered("roles: { backend: x }\n", &services);
    assert_eq!(cast(&stack), ["x", "nobody"]);
    let absent = layered("roles: { backend: y }\n", &services);
    assert_eq!(cast(&absent), ["nobody", "nobody"]);
}

#[test]
fn where_it_is_seen_is_told() {
    let compose = format!(
        "services:\n  api:\n    build: .\n    expose: ['3000']\n    depends_on: [db]\n{DB}"
    );
    let stack = stack(&compose);
    let cx = Context::new(&stack, "local");
    let told = of(&cx, "backend").told("backend");
    let words = "the backend is api: starts after db (compose.yaml:5:18), built here \
                 (compose.yaml:3:5), port 3000 in expose (compose.yaml:4:14)";
    assert_eq!(told.as_deref(), Some(words));
}

#[test]
fn a_guess_is_taken_where_somebody_accepts_it() {
    let mut stack = stack("services:\n  api:\n    image: a/b:1\n");
    stack.accept_guesses();
    let player = of(&Context::new(&stack, "local"), "backend");
    assert!(player.is_guess());
    assert_eq!(
        player.told("backend").as_deref(),
        Some("the backend is api: its name")
    );
}

#[test]
fn a_recorded_role_stays_whatever_comes() {
    let services = "services:\n  api:\n    image: a/b:1\n  server:\n    image: a/c:1\n";
    let mut stack = stack(services);
    assert_eq!(cast(&stack)[0], "? roles: { backend: NAME }");
    let names = ["server".to_owned()].into();
    stack.recorded_roles.insert("backend".to_owned(), names);
    assert_eq!(cast(&stack)[0], "server");
}
