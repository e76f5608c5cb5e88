//! What `up` makes anew, told before: by who changes the files, and by `up` itself.

use std::fs;

use serde_json::json;

use crate::living::{Project, docker};
use crate::machine::Machine;

const IMAGES: [&str; 3] = ["redis:6.2.13-alpine", "redis:7-alpine", "nginx:1.29-alpine"];

/// A datastore that story 5.2 is about, and a service that none is about.
const STACK: &str = "\
services:
  redis:
    image: redis:6.2.13-alpine
    network_mode: none
    stop_grace_period: 3s
    volumes: [redis_data:/data]
  tool:
    image: nginx:1.29-alpine
    network_mode: none
    volumes: [\"./:/here:ro\"]
volumes:
  redis_data:
";

/// The id of a service's container.
fn id(project: &Project, service: &str) -> String {
    docker(&[
        "inspect",
        "--format",
        "{{.Id}}",
        &format!("{}-{service}-1", project.name),
    ])
    .unwrap()
}

#[test]
fn what_up_makes_anew_is_told_before_and_so_it_comes() {
    let Some(project) = Project::of(&IMAGES, STACK) else {
        return;
    };
    // Nothing runs: nothing is told.
    let said = project.xtask("migrate --dry-run").with(0);
    assert!(!said.all().contains("next up"), "{said}");
    project.xtask("up").with(0);
    let volume = format!("keeps the volume {}_redis_data", project.name);
    let words = [
        "The next up makes anew or leaves:",
        "redis: it says something else now",
        "at most 3 s to stop",
        "which no health check tells the end of",
    ];
    let dry = project.xtask("migrate --dry-run").with(0).says(&words);
    assert!(flat(&dry.all()).contains(&volume), "{dry}");
    assert!(dry.all().contains("stays    tool"), "{dry}");
    let told = |words: &str| project.xtask(words).with(0).json()["impact"].clone();
    let dry = told("migrate --dry-run --format json");
    let away = json!({"stop_at_most_milliseconds": 3000, "probed_every_milliseconds": null});
    assert_eq!(
        dry,
        json!([{
            "environment": "local", "project": project.name, "created": [], "stays": ["tool"],
            "anew": [{
                "service": "redis", "reason": "configuration", "away": away,
                "keeps": [format!("{}_redis_data", project.name)],
            }],
        }])
    );
    assert_eq!(told("migrate --format json"), dry);
    // The files as they were are what runs.
    project
        .xtask("revert 5.2 --dry-run")
        .with(0)
        .says(&["makes nothing anew"]);
    let (redis, tool) = (id(&project, "redis"), id(&project, "tool"));
    let words = [
        "this up makes anew or leaves:",
        "redis: it says something else now",
    ];
    let said = project.xtask("up").with(0).says(&words);
    assert_ne!(id(&project, "redis"), redis, "{said}");
    assert_eq!(id(&project, "tool"), tool, "{said}");
    let again = project.xtask("up --format json").with(0);
    assert!(!again.all().contains("this up makes"), "{again}");
    assert_eq!(again.json()["impact"][0]["stays"], json!(["redis", "tool"]));
    project
        .xtask("revert 5.2 --dry-run --format json")
        .with(0)
        .json()["impact"][0]["anew"][0]["service"]
        .as_str()
        .map(|service| assert_eq!(service, "redis"))
        .unwrap();
}

/// A screen without its line breaks.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn an_image_that_was_made_again_is_a_reason_too() {
    let Some(project) = Project::named(&IMAGES, |machine, name| {
        docker(&["tag", IMAGES[2], &format!("{name}-own:1")])?;
        let own = STACK.replace("image: nginx:1.29-alpine", &format!("image: {name}-own:1"));
        machine.write("docker-compose.yml", format!("name: {name}\n{own}"));
        Some(machine)
    }) else {
        return;
    };
    project.xtask("up").with(0);
    let image = format!("{}-own:1", project.name);
    docker(&["tag", IMAGES[0], &image]).unwrap();
    let said = project.xtask("migrate --dry-run").with(0);
    docker(&["rmi", &image]).unwrap();
    said.says(&["tool: its image is another one, or may be"]);
}

/// An engine on which nothing runs.
const IDLE: &str = r#"case "$1" in version) echo 28.0.0 ;; esac"#;

#[test]
fn where_nothing_runs_it_costs_a_few_questions_and_no_call_of_compose() {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate", "--dry-run"]).with(0);
    let composed = machine.compose.calls().len();
    let machine = Machine::with_shop();
    fs::write(machine.docker.file("answer"), IDLE).unwrap();
    // The data guard, which asks too, is switched off.
    let said = machine
        .xtask(&["migrate", "--dry-run", "--allow-data-loss"])
        .with(0);
    assert!(!said.all().contains("next up"), "{said}");
    assert_eq!(machine.compose.calls().len(), composed);
    let calls = machine.docker.calls();
    let verbs: Vec<_> = calls
        .iter()
        .filter_map(|call| call.split(' ').next())
        .collect();
    // The stand-in does not count the question whether an engine answers.
    assert_eq!(verbs, ["ps"], "one look at the one project: {calls:#?}");
}
