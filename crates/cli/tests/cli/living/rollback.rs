//! Back to what ran, after an `up` that does not get healthy.

use super::{Project, docker};

const SERVICES: &str = "services:
  redis:
    build: redis
    command: redis-server --save 3600 1
    volumes: [redis_data:/data]
    healthcheck: { test: redis-cli ping | grep -q PONG, interval: 1s, retries: 20 }
volumes:
  redis_data:
";

/// The file has a mistake and the image of the same name is another one: both are gone back to, the
/// data is kept, and the checkout is as it was.
#[test]
fn what_ran_runs_again_with_its_files_and_images() {
    let lay_out = |machine: crate::machine::Machine, name: &str| {
        machine.write("docker-compose.yml", format!("name: {name}\n{SERVICES}"));
        machine.write("redis/Dockerfile", "FROM redis:7-alpine\n");
        Some(machine)
    };
    let Some(project) = Project::named(&["redis:7-alpine"], lay_out) else {
        return;
    };
    let says = ["nothing is known here of an up of local"];
    project.xtask("up --rollback").with(2).says(&says);
    project.xtask("up").with(0);
    project.write_a_key();
    let ran = docker(&["inspect", "--format", "{{.Image}}", &container(&project)]).unwrap();
    let broken = "FROM redis:7-alpine\nENTRYPOINT [\"false\"]\n";
    project.machine.write("redis/Dockerfile", broken);
    project.replace("--save 3600 1", "--save 3600 1 --no-such-option x");
    let files = project.machine.read("docker-compose.yml");
    let says = ["local is not up: redis", "cargo xtask up local --rollback"];
    project.xtask("up --build").with(1).says(&says);
    let says = ["local is up", "the files here are as they were"];
    project.xtask("up --rollback").with(0).says(&says);
    assert_eq!(project.keys(), "1");
    let now = docker(&["inspect", "--format", "{{.Image}}", &container(&project)]).unwrap();
    assert_eq!(now, ran);
    assert_eq!(project.machine.read("docker-compose.yml"), files);
    // The files that are here come into effect as before: the control that going back did it.
    project
        .xtask("up")
        .with(1)
        .says(&["local is not up: redis"]);
    project.replace(" --no-such-option x", "");
    project
        .machine
        .write("redis/Dockerfile", "FROM redis:7-alpine\n");
    project.xtask("up --build").with(0);
    assert_eq!(project.keys(), "1");
    docker(&["image", "rm", "--force", &format!("{}-redis", project.name)]);
}

fn container(project: &Project) -> String {
    format!("{}-redis-1", project.name)
}
