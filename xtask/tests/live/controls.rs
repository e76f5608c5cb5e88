//! The sound stack is proved; each way to be unsound turns its proof red, for its own reason.

use serde_json::Value;

use crate::stack::{Stack, docker};

/// A proof that failed for a reason; what it says.
fn red(proofs: &Value, id: &str, reason: &str) -> String {
    let proof = &proofs[id];
    assert_eq!((proof["status"].as_str(), proof["reason"].as_str()), (Some("failed"), Some(reason)), "{proof:#}");
    proof["words"].as_str().unwrap().to_owned()
}

fn green(proofs: &Value, ids: &[&str]) {
    ids.iter().for_each(|id| assert_eq!(proofs[id]["status"], "proved", "{:#}", proofs[id]));
}

/// The Redis alone: no backend, no frontend, no PostgreSQL.
fn redis_alone() -> Option<Stack> {
    Some(Stack::sound()?.without(&["postgres", "backend", "frontend"]))
}

#[test]
fn all_seven_hold_on_the_sound_stack() {
    let Some(stack) = Stack::sound() else { return };
    let proofs = stack.proofs();
    let all =
        ["redis-data", "postgres-data", "redis-upgrade", "backend-health", "start-order", "volumes", "never-healthy"];
    green(&proofs, &all);
    let text = proofs.to_string();
    let words = ["GET /cgi-bin/health answers 503", "interval x retries 3.0 s", "failing streak 0", "held still"];
    for word in words.iter().chain(&["appendfsync everysec", "34.0 s (committed 8.0 s)"]) {
        assert!(text.contains(word), "{word}: {proofs:#}");
    }
    assert_eq!(proofs["start-order"]["pace"], "as committed");
    assert!(!text.contains("fixture-redis-secret") && !text.contains("fixture-postgres-secret"), "{proofs:#}");
    assert!(stack.left().is_empty(), "{:?}", stack.left());
}

#[test]
fn redis_data_with_the_volume_removed() {
    let Some(stack) = redis_alone() else { return };
    // A Compose that takes the volumes along.
    let stack =
        stack.with_compose_that("for word; do last=$word; done; [ \"$last\" = down ] && set -- \"$@\" --volumes");
    let words = red(&stack.proofs(), "redis-data", "volume-removed");
    assert!(words.contains("redis_data") && words.contains("down, up"), "{words}");
}

#[test]
fn redis_data_at_the_wrong_target() {
    let Some(stack) = redis_alone() else { return };
    let proofs = stack.with("redis_data:/data", "redis_data:/var/lib/redis").proofs();
    let words = red(&proofs, "redis-data", "wrong-target");
    assert!(words.contains("/data") && words.contains("mounted at /var/lib/redis"), "{words}");
    red(&proofs, "volumes", "wrong-target");
}

#[test]
fn redis_data_with_the_log_off() {
    let Some(stack) = redis_alone() else { return };
    let proofs = stack.with("--appendonly yes", "--appendonly no").proofs();
    let words = red(&proofs, "redis-data", "aof-off");
    assert!(words.contains("SIGKILL") && words.contains("appendonly is no"), "{words}");
    green(&proofs, &["volumes"]);
}

#[test]
fn postgres_data_at_the_wrong_path() {
    let Some(stack) = Stack::sound() else { return };
    let stack = stack.without(&["redis", "backend", "frontend"]);
    let proofs = stack.with("postgres_data:/var/lib/postgresql/data", "postgres_data:/var/lib/postgresql").proofs();
    let words = red(&proofs, "postgres-data", "wrong-target");
    assert!(words.contains("/var/lib/postgresql/data") && words.contains("anonymous"), "{words}");
    red(&proofs, "volumes", "wrong-target");
    assert_eq!(proofs["redis-data"]["status"], "not-applicable");
    assert_eq!(proofs["redis-upgrade"]["status"], "not-applicable");
}

#[test]
fn redis_7_with_the_log_switched_on_over_a_snapshot() {
    let Some(stack) = redis_alone() else { return };
    // The old Redis ran without the log, as with a team that switched it on in the file alone.
    let snapshot =
        "services: {redis: {command: 'redis-server --appendonly no --save 60 1 --requirepass fixture-redis-secret'}}\n";
    let stack = stack.with_more_on_up("[[ $word == *-steady.yml ]] && grep -q redis:6 \"$word\"", snapshot);
    let words = red(&stack.proofs(), "redis-upgrade", "rdb-only");
    assert!(words.contains("CONFIG SET appendonly yes") && words.contains("DBSIZE 0"), "{words}");
}

#[test]
fn a_health_check_that_cannot_fail() {
    let Some(stack) = Stack::sound() else { return };
    let stack = stack.without(&["postgres", "frontend"]);
    let check = "[\"CMD-SHELL\", \"wget -q -O - http://127.0.0.1:3000/cgi-bin/health || exit 1\"]";
    let proofs = stack
        .with(check, "[\"CMD\", \"true\"]")
        .with("timeout: 3s\n      retries: 3", "timeout: 1s\n      retries: 3")
        .proofs();
    let words = red(&proofs, "backend-health", "never-unhealthy");
    assert!(words.contains("still healthy") && words.contains("answers 503"), "{words}");
}

#[test]
fn failures_that_count_from_the_start() {
    let Some(stack) = Stack::sound() else { return };
    let stack = stack.without(&["postgres", "frontend"]);
    // The files promise a start period; what runs has none.
    let stack = stack
        .with_more_on_up("[[ $word == *-steady.yml ]]", "services: {backend: {healthcheck: {start_period: 0s}}}\n");
    let words = red(&stack.proofs(), "backend-health", "counted");
    assert!(words.contains("failures in the start period counted: streak"), "{words}");
}

#[test]
fn a_frontend_that_does_not_wait() {
    let Some(stack) = Stack::sound() else { return };
    let stack = stack.without(&["postgres"]);
    let proofs =
        stack.with("backend: { condition: service_healthy }", "backend: { condition: service_started }").proofs();
    let words = red(&proofs, "start-order", "not-waited");
    assert!(words.contains("frontend"), "{words}");
}

#[test]
fn data_on_an_anonymous_volume() {
    let Some(stack) = redis_alone() else { return };
    let stack = stack.with("    volumes: [redis_data:/data]\n", "");
    // A Compose that writes down which volumes its `down` leaves behind.
    let stack = stack.with_compose_that(
        "[[ \" $* \" == *' down '* ]] && docker ps --all --quiet --filter name=xtask-live-\"$(ls \"$folder/state/compose-xtask/live\")\" |
            xargs docker inspect --format '{{range .Mounts}}{{.Name}} {{end}}' >>\"$folder/anonymous\"",
    );
    let proofs = stack.proofs();
    let words = red(&proofs, "volumes", "anonymous-volume");
    assert!(words.contains("redis keeps data in /data"), "{words}");
    red(&proofs, "redis-data", "wrong-target");
    let anonymous = std::fs::read_to_string(stack.root().with_file_name("anonymous")).unwrap();
    assert!(anonymous.split_whitespace().count() > 0, "none was there");
    for volume in anonymous.split_whitespace() {
        assert_eq!(docker(&["volume", "ls", "--quiet", "--filter", &format!("name={volume}")]), "", "left behind");
    }
}

#[test]
fn data_in_the_containers_own_layer() {
    let Some(stack) = redis_alone() else { return };
    // The volume is where it belongs, and Redis writes beside it.
    let stack = stack.with("    command: redis-server", "    entrypoint: [redis-server, --dir, /]\n    command:");
    let proofs = stack.proofs();
    let words = red(&proofs, "volumes", "layer");
    assert!(words.contains("redis writes /") && words.contains("own layer"), "{words}");
    red(&proofs, "redis-upgrade", "lost");
}

/// A start that ought to fail, with another health check in the place of the one that never succeeds.
fn never_healthy_with(check: &str) -> Option<Stack> {
    let text =
        format!("services: {{redis: {{healthcheck: !override {{interval: 1s, retries: 1000, test: {check}}}}}}}\n");
    Some(redis_alone()?.with_more_on_up("[[ $word == *-broken.yml ]]", &text))
}

#[test]
fn a_start_that_is_called_well_though_it_must_fail() {
    let Some(stack) = never_healthy_with("[CMD, 'true']") else { return };
    let words = red(&stack.proofs(), "never-healthy", "called-well");
    assert!(words.contains("redis never was"), "{words}");
}

#[test]
fn a_failed_start_without_the_last_health_output() {
    let Some(stack) = never_healthy_with("[CMD-SHELL, 'exit 1']") else { return };
    red(&stack.proofs(), "never-healthy", "no-health-output");
}
