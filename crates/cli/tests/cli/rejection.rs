//! A check that fails at a story leaves everything as without it.

use crate::machine::Machine;

/// The stories, each with a text that its draft of production's file holds and the one before does
/// not.
const STORIES: [(&str, &str); 4] = [
    ("5.1", "redis_data:/data"),
    ("5.2", "redis:7-alpine"),
    ("5.3", "start_period: 40s"),
    ("5.4", "condition: service_healthy"),
];

/// A machine whose Compose rejects production's file once it holds `text`.
fn rejecting(text: &str) -> Machine {
    let machine = Machine::with_shop();
    machine.compose_answers(&format!(
        r#"case "$*" in *docker-compose.prod.yml*) if grep -q '{text}' docker-compose.prod.yml; then
             echo 'time="2026-01-01T00:00:00Z" level=warning msg="Found orphans."' >&2
             echo "$PWD/docker-compose.prod.yml: no {text} with fixture-prod-secret, please" >&2; exit 15
           fi;; esac; echo '{{}}'"#
    ));
    machine
}

/// The others are applied as if it were none of the stories; those that need it wait.
#[test]
fn a_rejected_draft_stops_its_story_and_those_that_need_it() {
    for (id, text) in STORIES {
        let machine = rejecting(text);
        machine.xtask(&["migrate"]).with(1);
        let expected = Machine::with_shop();
        let waits = |other: &str| id == "5.3" && other == "5.4";
        for (other, _) in STORIES
            .into_iter()
            .filter(|(other, _)| *other != id && !waits(other))
        {
            expected.xtask(&["migrate", "--only", other]).with(0);
        }
        assert_eq!(
            machine.contents(),
            expected.contents(),
            "a rejection of {id}"
        );
    }
}

#[test]
fn it_says_which_story_which_environment_why_and_what() {
    for (id, text) in STORIES {
        let said = rejecting(text).xtask(&["migrate"]).with(1);
        let words = format!("  docker-compose.prod.yml: no {text} with ***, please");
        assert!(said.stderr.contains(&words), "{said}");
        assert!(said.stderr.contains(&format!("error: {id} ")), "{said}");
        assert!(
            said.stderr
                .contains("docker compose 2.40.3 rejects the draft of prod"),
            "{said}"
        );
        let added = format!(
            "    +{}",
            if id == "5.2" {
                "    image: redis:7-alpine"
            } else {
                ""
            }
        );
        assert!(
            said.stderr.contains(&added) && said.stderr.contains("+++ b/docker-compose.prod.yml"),
            "{said}"
        );
        assert!(!said.all().contains("fixture-prod-secret"), "{said}");
        assert!(!said.stderr.contains("2026-01-01"), "{said}");
    }
}

#[test]
fn it_says_where_things_stand_and_how_to_see_the_draft() {
    let first = rejecting("redis_data:/data").xtask(&["migrate", "--to", "5.1"]);
    first.says(&[
        "Nothing was written.",
        "cargo xtask migrate --to 5.1 --dry-run",
    ]);
    let third = rejecting("start_period: 40s").xtask(&["migrate"]);
    third.says(&["as after 5.1 and 5.2.", "cargo xtask migrate --dry-run"]);
}

#[test]
fn programs_are_told_the_same() {
    let failure = rejecting("redis:7-alpine")
        .xtask(&["migrate", "--format", "json"])
        .with(1)
        .json()["failures"][0]
        .clone();
    assert_eq!(failure["rule"], "story-rejected");
    assert_eq!(failure["story"], "5.2");
    assert_eq!(failure["environment"], "prod");
    assert_eq!(
        failure["evidence"][0]["seen"],
        "docker-compose.prod.yml: no redis:7-alpine with ***, please"
    );
    let files: Vec<_> = failure["draft"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["path"].as_str().unwrap())
        .collect();
    assert_eq!(files, ["docker-compose.yml", "docker-compose.prod.yml"]);
}

#[test]
fn a_model_that_changes_elsewhere_stops_the_story() {
    let machine = Machine::with_shop();
    machine.compose_answers(
        r#"if grep -q redis:7 docker-compose.prod.yml; then n=2; else n=1; fi
           echo "{\"services\": {\"frontend\": {\"scale\": $n}}}""#,
    );
    let words = [
        "5.2 Redis 7: the draft would change more in",
        "services.frontend.scale",
        "as after 5.1.",
    ];
    machine.xtask(&["migrate"]).with(1).says(&words);
}

#[test]
fn the_next_run_goes_on_where_this_one_stopped() {
    let machine = rejecting("start_period: 40s");
    machine.xtask(&["migrate"]).with(1);
    machine.compose_answers("echo '{}'");
    let said = machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["5.3  Backend health check", "Applied 2 stories"]);
    assert!(!said.stdout.contains("5.1  "), "{said}");
}

/// A record says that the files are good as they stand, so they are checked even where nothing else
/// is written.
#[test]
fn what_is_only_recorded_is_checked_too() {
    let machine = Machine::bare();
    machine.write(
        "docker-compose.yml",
        "services:\n  redis:\n    image: redis:7-alpine\n    volumes: [d:/data]\nvolumes:\n  d:\n",
    );
    machine.compose_answers("echo 'service redis refers to undefined secret x' >&2; exit 15");
    let said = machine.xtask(&["migrate", "--only", "5.1"]).with(1);
    said.says(&[
        "service redis refers to undefined secret x",
        "docker compose 2.40.3 rejects",
    ]);
    assert!(
        !machine
            .contents()
            .keys()
            .any(|path| path.starts_with("compose/ledger"))
    );
}

/// What would end in a rejection is not offered.
#[test]
fn files_that_are_rejected_are_told_before_drift() {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate", "--only", "5.2"]).with(0);
    let undone = machine
        .read("docker-compose.yml")
        .replace("redis:7-alpine", "redis:6.2.13-alpine");
    machine.write("docker-compose.yml", &undone);
    machine
        .xtask(&["migrate", "--only", "5.2"])
        .with(1)
        .says(&["migrate --only 5.2 --reapply"]);
    machine.compose_answers("echo 'volumes must be a mapping' >&2; exit 15");
    let said = machine.xtask(&["migrate", "--only", "5.2"]).with(1);
    assert!(!said.all().contains("--reapply"), "{said}");
    said.says(&["volumes must be a mapping", "docker compose 2.40.3 rejects"]);
    // Nor is a person asked for it.
    let Some(said) = crate::drift::on_a_terminal(&machine, "migrate --only 5.2", "y\n") else {
        return;
    };
    assert!(!said.all().contains("Apply it again?"), "{said}");
    said.with(1)
        .says(&["volumes must be a mapping", "docker compose 2.40.3 rejects"]);
}

/// A mount that goes where the story's comes: its place in the list is the one that the story
/// declares.
#[test]
fn what_goes_below_a_declared_path_is_more_than_the_story_declares() {
    let machine = Machine::with_shop();
    let model = |target: &str| {
        format!(r#"{{"services": {{"redis": {{"volumes": [{{"target": "{target}"}}]}}}}}}"#)
    };
    machine.compose_answers(&format!(
        "if grep -qs redis_data:/data docker-compose*.yml; then echo '{}'; else echo '{}'; fi",
        model("/data"),
        model("/conf"),
    ));
    let words = [
        "would change more in local than the story declares",
        "services.redis.volumes[0]",
        "Nothing was written",
    ];
    machine
        .xtask(&["migrate", "--only", "5.1"])
        .with(1)
        .says(&words);
}
