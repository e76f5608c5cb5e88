//! The developer's own stack of the same files, beside a run: nothing of it changes.

use crate::stack::{Stack, docker};

/// The stack of the checkout itself, up with data; gone with its volumes in the end.
struct Living<'s>(&'s Stack);

impl<'s> Living<'s> {
    fn start(stack: &'s Stack) -> Self {
        let living = Self(stack);
        living.compose(&["up", "--detach", "--wait", "--no-build", "--pull", "never"]);
        living.compose(&[
            "exec",
            "-T",
            "redis",
            "redis-cli",
            "SET",
            "mine",
            "precious",
        ]);
        living
    }

    fn compose(&self, args: &[&str]) -> String {
        let file = self.0.root().join("docker-compose.yml");
        docker(&[&["compose", "-f", file.to_str().unwrap()], args].concat())
    }

    /// Containers with their starts and ports, volumes and networks with their birth, and the data.
    fn state(&self) -> Vec<String> {
        let project = "label=com.docker.compose.project=live-fixture";
        let ids = docker(&["ps", "-aq", "--no-trunc", "--filter", project]);
        let mut ids: Vec<_> = ids.lines().collect();
        ids.sort_unstable();
        let format = "{{.Id}} {{.Name}} {{.State.StartedAt}} {{.RestartCount}} {{json .NetworkSettings.Ports}} {{json .Mounts}}";
        let containers = docker(&[&["inspect", "--format", format], &ids[..]].concat());
        let volumes = docker(&[
            "volume",
            "inspect",
            "live-fixture_redis_data",
            "live-fixture-pinned",
        ]);
        let network = docker(&[
            "network",
            "inspect",
            "--format",
            "{{.Id}} {{.Created}}",
            "live-fixture_default",
        ]);
        let data = self.compose(&[
            "exec",
            "-T",
            "redis",
            "sh",
            "-c",
            "redis-cli GET mine; redis-cli DBSIZE",
        ]);
        vec![containers, volumes, network, data]
    }
}

impl Drop for Living<'_> {
    fn drop(&mut self) {
        self.compose(&["down", "--volumes", "--timeout", "1"]);
    }
}

#[test]
fn the_developers_own_stack_is_not_touched() {
    let Some(stack) = Stack::sound() else { return };
    let stack = stack.without(&["backend", "frontend"]);
    let living = Living::start(&stack);
    let before = living.state();
    assert!(
        before[0].contains("26379") && before[3].contains("precious"),
        "{before:?}"
    );
    let files = |root: &std::path::Path| {
        std::fs::read_dir(root)
            .unwrap()
            .flatten()
            .map(|entry| entry.path())
            .collect::<Vec<_>>()
    };
    let beside = files(&stack.root());
    let proofs = stack.proofs();
    for id in [
        "redis-data",
        "postgres-data",
        "redis-upgrade",
        "volumes",
        "never-healthy",
    ] {
        assert_eq!(proofs[id]["status"], "proved", "{:#}", proofs[id]);
    }
    assert_eq!(living.state(), before);
    assert_eq!(
        files(&stack.root()),
        beside,
        "nothing is written beside the files"
    );
}
