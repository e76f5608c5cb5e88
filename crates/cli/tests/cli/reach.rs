//! "Up to date" is said of stories that are about the checkout, and it is told which are not.

use serde_json::json;

use crate::machine::Machine;

fn of(files: &[(&str, &str)]) -> Machine {
    let machine = Machine::bare();
    files
        .iter()
        .for_each(|(path, text)| machine.write(path, text));
    machine
}

/// Two services, and no story is about any of them.
fn nothing() -> Machine {
    of(&[(
        "compose.yaml",
        "services:\n  mailer:\n    image: a/b:1\n  wiki:\n    image: a/c:1\n",
    )])
}

#[test]
fn where_none_applies_that_comes_first() {
    let machine = nothing();
    let why = [
        "5.1 and 5.2 do not apply: no service runs redis",
        "5.3 does not apply: no service is called backend",
        "5.4 does not apply: no service is called frontend",
    ];
    for (args, first) in [
        (
            &["migrate"][..],
            "No story applies here. Nothing written.\n",
        ),
        (
            &["migrate", "--dry-run"],
            "No story applies here. Nothing written.\n",
        ),
        (&["migrate", "--check"], "No story applies here.\n"),
    ] {
        let said = machine.xtask(args).with(0).says(&why);
        assert!(said.stdout.starts_with(first), "{said}");
        assert!(!said.all().contains("Up to date"), "{said}");
    }
    machine
        .xtask(&["status"])
        .with(0)
        .says(&["No story applies here."]);
    machine
        .xtask(&["verify"])
        .with(0)
        .says(&["Verified: no story applies here"]);
    let document = machine
        .xtask(&["migrate", "--format", "json"])
        .with(0)
        .json();
    assert_eq!(
        (&document["up_to_date"], &document["applicable"]),
        (&json!(true), &json!(0))
    );
    let first = json!({ "stories": ["5.1", "5.2"], "environments": ["local"], "why": "no service runs redis" });
    assert_eq!(document["not_applicable"][0], first);
    assert!(!machine.root().join("compose").exists(), "nothing is left");
}

#[test]
fn where_some_apply_it_says_how_many() {
    let machine = of(&[(
        "compose.yaml",
        "services:\n  redis:\n    image: redis:6.2\n",
    )]);
    machine.xtask(&["migrate"]).with(0).says(&[
        "Applied 2 stories",
        "5.3 does not apply: no service is called backend",
    ]);
    let said = machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["5.4 does not apply"]);
    assert!(
        said.stdout.starts_with(
            "Up to date in local: 2 stories applied and 2 not applicable. Nothing written.\n"
        ),
        "{said}"
    );
    machine
        .xtask(&["status"])
        .with(0)
        .says(&["Up to date in local: 2 stories applied and 2 not applicable."]);
    machine
        .xtask(&["verify"])
        .with(0)
        .says(&["Verified: 2 stories applied and 2 not applicable; files and ledger agree."]);
    let document = machine
        .xtask(&["status", "--format", "json"])
        .with(0)
        .json();
    assert_eq!(
        (&document["up_to_date"], &document["applicable"]),
        (&json!(true), &json!(2))
    );
    machine
        .xtask(&["migrate", "--only", "5.3"])
        .with(0)
        .says(&["No story applies here."]);
}

#[test]
fn where_one_environment_lacks_it_that_one_is_named() {
    let redis = "services:\n  redis:\n    image: redis:7\n    volumes: [\"redis_data:/data\"]\nvolumes:\n  redis_data:\n";
    let layout = "environments:\n  local: { files: [docker-compose.yml] }\n  prod: { files: [docker-compose.prod.yml] }\n";
    let machine = of(&[
        ("compose/stack.yaml", layout),
        ("docker-compose.yml", redis),
        (
            "docker-compose.prod.yml",
            "services:\n  web:\n    image: a/b:1\n",
        ),
    ]);
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["5.1 and 5.2 do not apply in prod: no service runs redis"]);
}

#[test]
fn all_of_them_is_said_as_before() {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate"]).with(0);
    let said = machine.xtask(&["migrate"]).with(0);
    assert_eq!(
        said.stdout, "Up to date in local and prod: 4 stories applied. Nothing written.\n",
        "{said}"
    );
    assert_eq!(
        machine
            .xtask(&["migrate", "--format", "json"])
            .with(0)
            .json()["up_to_date"],
        true
    );
}

#[test]
fn a_service_that_a_role_passes_over_is_named_with_its_state() {
    let machine = of(&[
        (
            "compose/stack.yaml",
            "environments:\n  local: { files: [compose.yaml] }\nroles: { redis: cache }\n",
        ),
        (
            "compose.yaml",
            "services:\n  cache:\n    image: redis:7-alpine\n    volumes: [\"kept:/data\"]\n  queue:\n    image: \
             redis:6.2-alpine\nvolumes:\n  kept:\n",
        ),
    ]);
    machine.xtask(&["migrate"]).with(0);
    let words = [
        "2 stories applied and 2 not applicable",
        "queue is left out",
        "say cache",
        "for it:",
        "5.2 pending",
    ];
    machine.xtask(&["migrate"]).with(0).says(&words);
    let document = machine
        .xtask(&["status", "--format", "json"])
        .with(0)
        .json();
    let left_out = &document["stories"][1]["environments"]["local"]["left_out"];
    assert_eq!(
        *left_out,
        json!([{ "service": "queue", "state": "pending" }])
    );
}

/// How the words of a name are joined is everybody's own.
#[test]
fn a_role_is_known_by_its_name_however_it_is_joined() {
    for (backend, frontend) in [
        ("back-end", "front-end"),
        ("back_end", "front_end"),
        ("Backend", "FrontEnd"),
    ] {
        let text = format!(
            "services:\n  {backend}:\n    image: a/b:1\n    healthcheck: {{ test: [CMD, check] }}\n  {frontend}:\n    image: a/c:1\n",
        );
        let machine = of(&[("compose.yaml", &text)]);
        let said = machine.xtask(&["migrate"]).with(0);
        let line = format!("services.{frontend}.depends_on.{backend}");
        said.says(&[&line]);
        let said = machine.xtask(&["init", "--dry-run"]).with(0);
        said.says(&[
            &format!("backend: {backend}"),
            &format!("frontend: {frontend}"),
        ]);
    }
    let both = "services:\n  back-end:\n    image: a/a:1\n  backend:\n    image: a/b:1\n  backend-worker:\n    image: a/c:1\n";
    let machine = of(&[("compose.yaml", both)]);
    machine
        .xtask(&["status"])
        .with(1)
        .says(&["in the image of backend that succeeds"]);
}

/// A role that is stated is heard: where the service is none of those that a story is about, it is
/// told why, and no other one is taken instead.
#[test]
fn a_stated_role_is_heard() {
    for (service, why) in [
        (
            "image: ${CACHE_IMAGE}",
            "which runs an image that has no value here",
        ),
        ("image: bitnami/redis:7.2", "which runs bitnami/redis"),
        ("build: ./cache", "which is built here"),
    ] {
        let text = format!("services:\n  cache:\n    {service}\n  queue:\n    image: redis:6.2\n");
        let machine = of(&[
            ("compose.yaml", &text),
            ("compose/stack.yaml", "roles: { redis: cache }\n"),
        ]);
        let document = machine.xtask(&["status", "--format", "json"]).json();
        let cell = &document["stories"][0]["environments"]["local"];
        assert_eq!(cell["state"], "not-applicable", "{document}");
        let told = cell["details"][0].as_str().unwrap();
        let place = "(compose.yaml:3:5); that is not known to be redis";
        assert!(told.contains(why) && told.contains(place), "{told}");
    }
}

/// What one environment does without, another has.
#[test]
fn stories_are_counted_by_environment() {
    let machine = Machine::with_shop();
    for id in ["5.1", "5.2"] {
        let words = ["skip", id, "--environment", "prod", "--reason", "theirs"];
        machine.xtask(&words).with(0);
    }
    let would = "Would apply 4 stories to local; would apply 2 stories to prod. Nothing";
    machine
        .xtask(&["migrate", "--dry-run"])
        .with(0)
        .says(&[would]);
    let did = "Applied 4 stories to local; applied 2 stories to prod in ";
    machine.xtask(&["migrate"]).with(0).says(&[did]);
    let counted = "4 stories applied in local; 2 stories applied and 2 skipped in prod";
    for verb in ["migrate", "verify"] {
        let said = machine.xtask(&[verb]).with(0).all().replace('\n', " ");
        assert!(said.contains(counted), "{said}");
    }
}
