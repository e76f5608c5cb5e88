//! `verify`: files, ledger and Docker agree, or it says where not.

use crate::machine::Machine;

fn migrated() -> Machine {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate"]).with(0);
    machine
}

#[test]
fn a_migrated_checkout_is_sound() {
    let machine = migrated();
    let before = machine.tree();
    let words = [
        "ok    docker compose 2.40.3 accepts local",
        "accepts prod",
        "Verified: 4 stories",
        "Unproved: ",
    ];
    machine.xtask(&["verify"]).with(0).says(&words);
    assert!(machine.tree() == before);
}

/// `status` and `migrate --check` are red for it.
#[test]
fn what_is_pending_is_a_note() {
    let machine = Machine::with_shop();
    let words = [
        "local pending",
        "note  not recorded: 5.1, 5.2, 5.3 and 5.4: pending in local and prod",
        "4 stories are open",
    ];
    machine.xtask(&["verify"]).with(0).says(&words);
    machine.xtask(&["status"]).with(1);
    machine.xtask(&["migrate", "--check"]).with(1);
    let junit = machine
        .xtask(&["verify", "--format", "junit"])
        .with(0)
        .stdout;
    assert!(
        junit.contains("failures=\"0\"") && !junit.contains("<failure"),
        "{junit}"
    );
}

/// A conflict is one of what is not recorded; what is recorded and does not hold stays red beside
/// it.
#[test]
fn a_conflict_is_a_note_and_drift_is_a_finding() {
    let machine = Machine::with_shop();
    machine.replace(
        "docker-compose.yml",
        "    ports:\n",
        "    volumes:\n      - ./data:/data:ro\n    ports:\n",
    );
    machine.xtask(&["migrate"]).with(1);
    machine.xtask(&["verify"]).with(0).says(&[
        "local conflict",
        "not recorded: 5.1: conflict in local",
        "1 story is open",
    ]);
    machine.replace(
        "docker-compose.prod.yml",
        "redis:7-alpine",
        "redis:6.2.13-alpine",
    );
    machine
        .xtask(&["verify"])
        .with(1)
        .says(&["prod drifted", "not recorded: 5.1", "1 finding."]);
}

#[test]
fn drift_is_told_path_by_path() {
    let machine = migrated();
    machine.replace("docker-compose.yml", "      interval: 10s\n", "");
    machine.xtask(&["verify"]).with(0).says(&["local applied"]);
    let text = machine.read("docker-compose.yml");
    let check = text.find("    healthcheck:").unwrap();
    let end = check + text[check..].find("\n\n").unwrap();
    machine.write(
        "docker-compose.yml",
        format!("{}{}", &text[..check], &text[end..]),
    );
    machine.replace(
        "docker-compose.prod.yml",
        "redis:7-alpine",
        "redis:6.2.13-alpine",
    );
    let words = [
        "local drifted",
        "services.backend.healthcheck is gone (docker-compose.yml:",
        "services.redis.image has changed (docker-compose.prod.yml:4:",
        "findings",
    ];
    machine.xtask(&["verify"]).with(1).says(&words);
}

#[test]
fn what_compose_rejects_is_quoted() {
    let machine = migrated();
    machine.compose_answers(
        "case \"$*\" in *prod*) echo 'services.x: no fixture-prod-secret' >&2; exit 1;; esac; echo '{}'",
    );
    let words = [
        "FAIL  docker compose 2.40.3 rejects prod",
        "services.x: no ***",
        "1 finding",
        "accepts local",
    ];
    machine.xtask(&["verify"]).with(1).says(&words);
    machine.xtask(&["verify"]).with(1).says(&words);
}

#[test]
fn one_that_gives_no_answer_is_not_called_a_rejection() {
    let machine = migrated();
    machine.compose_answers("echo '<html>'");
    let said = machine
        .xtask(&["verify"])
        .with(2)
        .says(&["gave no answer about local", "<html>"]);
    assert!(!said.all().contains("rejects"), "{said}");
}

#[test]
fn one_environment_is_verified_alone() {
    let machine = migrated();
    machine.compose_answers("case \"$*\" in *prod*) exit 1;; esac; echo '{}'");
    let said = machine.xtask(&["verify", "--environment", "local"]).with(0);
    assert!(!said.all().contains("prod"), "{said}");
}

#[test]
fn a_skipped_story_is_no_finding() {
    let machine = Machine::with_shop();
    machine
        .xtask(&["skip", "5.1", "--reason", "the cache is not kept"])
        .with(0);
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Applied 3 stories"]);
    machine
        .xtask(&["verify"])
        .with(0)
        .says(&["local skipped", "the cache is not kept"]);
}

/// Compose takes it, and the frontend never starts.
#[test]
fn a_wait_for_a_health_that_nothing_checks_is_told() {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate"]).with(0);
    machine
        .xtask(&["skip", "5.4", "-e", "prod", "--reason", "x"])
        .with(2);
    machine.replace(
        "docker-compose.yml",
        "      test: [",
        "      disable: true\n      test: [",
    );
    let words = ["note  local: frontend waits until backend is healthy (docker-compose.yml:"];
    machine.xtask(&["verify"]).says(&words);
    let notes = machine.xtask(&["verify", "--format", "json"]).json();
    assert!(
        notes["notes"][0]
            .as_str()
            .unwrap()
            .contains("unless backend's image does"),
        "{notes}"
    );
}

/// Two servers in one folder, a check that cannot fail, memory over data: all of it Compose accepts,
/// and no engine is needed to see it.
#[test]
fn what_the_model_shows_to_be_wrong_is_found_without_an_engine() {
    let machine = Machine::bare().without_compose();
    machine.write(
        "docker-compose.yml",
        "\
services:
  db:
    image: postgres:17
    healthcheck:
      test: [CMD, \"true\"]
    volumes: [data:/var/lib/postgresql/data]
  old:
    image: postgres:17
    volumes: [data:/var/lib/postgresql/data]
  cache:
    image: redis:7
    tmpfs: /data
  bus:
    image: valkey/valkey:8
    tmpfs: /data
volumes:
  data: {}
",
    );
    let said = machine
        .xtask(&["verify", "--format", "json"])
        .with(1)
        .json();
    let findings = said["findings"].as_array().unwrap();
    let found: Vec<_> = findings
        .iter()
        .filter(|one| one["severity"] == "error" || one["severity"] == "warning")
        .map(|one| {
            [&one["rule"], &one["severity"], &one["location"]["line"]]
                .map(ToString::to_string)
                .join(" ")
        })
        .collect();
    let wanted = [
        "\"data-in-memory\" \"warning\" 15",
        "\"health-check-cannot-fail\" \"error\" 5",
        "\"shared-data-folder\" \"error\" 9",
    ];
    wanted
        .iter()
        .for_each(|line| assert!(found.iter().any(|own| own == line), "{line}: {found:#?}"));
    machine.xtask(&["verify"]).with(1).says(&[
        "the health check of db cannot fail",
        "docker-compose.yml:5:",
        "pg_isready --quiet",
        "db and old keep their data in one place",
        "bus keeps the data of Redis in /data",
        "5.1  Redis data volume                     local conflict",
    ]);
    machine.replace(
        "docker-compose.yml",
        "test: [CMD, \"true\"]",
        "test: [CMD-SHELL, pg_isready]",
    );
    machine.replace(
        "docker-compose.yml",
        "  old:\n    image: postgres:17\n    volumes: [data:",
        "  old:\n    image: postgres:17\n    volumes: [other:",
    );
    machine.replace(
        "docker-compose.yml",
        "  data: {}",
        "  data: {}\n  other: {}",
    );
    machine
        .xtask(&["verify"])
        .with(0)
        .says(&["note  local: bus keeps"]);
}

/// Of one finding there is one line, and where a story has one that is the story's.
#[test]
fn a_rule_does_not_repeat_a_story() {
    let machine = Machine::bare();
    let services =
        "services:\n  redis:\n    image: redis:7-alpine\n  db:\n    image: postgres:17\n";
    machine.write("compose.yaml", services);
    let outside = |state: &str| {
        let document = machine
            .xtask(&["verify", "--format", "json"])
            .with(0)
            .json();
        let story = &document["stories"][0]["environments"]["local"]["state"];
        assert_eq!(story, state, "{document}");
        let findings = document["findings"].as_array().unwrap().clone();
        let outside = findings
            .iter()
            .filter(|one| one["rule"] == "data-outside-volumes")
            .map(|one| one["subject"].as_str().unwrap().to_owned());
        outside.collect::<Vec<_>>()
    };
    assert_eq!(outside("pending"), ["services.db.volumes"]);
    let words = ["skip", "5.1", "--reason", "a cache that may be lost"];
    machine.xtask(&words).with(0);
    assert_eq!(outside("skipped"), ["services.db.volumes"]);
    let nothing =
        "    image: redis:7-alpine\n    command: redis-server --save \"\" --appendonly no\n";
    machine.remove("compose/ledger/5.1-redis-data-volume.yaml");
    machine.replace("compose.yaml", "    image: redis:7-alpine\n", nothing);
    assert_eq!(outside("not-applicable"), ["services.db.volumes"]);
    let told = "local: redis is told to keep nothing (compose.yaml:4:5)";
    machine.xtask(&["status"]).says(&[told]);
}

/// What is open to others, or closed to those who need it, each with its line.
#[test]
fn what_the_files_leave_open_is_named() {
    let machine = Machine::bare();
    machine.write(
        "docker-compose.prod.yml",
        "services:
  app:
    image: example/app:1
    environment:
      CACHE_URL: redis://cache:6379
      SECRET: ${APP_SECRET:-hush-hush}
    networks: [front]
  cache:
    image: redis:7
    command: redis-server --save ''
    ports: [\"6379:6379\"]
    networks: [back]
networks:
  front: {}
  back: {}
",
    );
    let said = machine.xtask(&["verify"]).with(1).says(&[
        "app is to reach cache (CACHE_URL)",
        "docker-compose.prod.yml:5:",
        "cache is published on every address (6379:6379)",
        "docker-compose.prod.yml:11:",
        "APP_SECRET has a default",
        "docker-compose.prod.yml:6:",
    ]);
    assert!(!said.all().contains("hush-hush"), "{said}");
}
