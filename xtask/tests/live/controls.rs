//! Each way to be unsound turns its proofs red, for its own reasons and no others.
//!
//! A control is a stack and what must be red on it. What waits for different things shares a stack: a run makes all seven
//! proofs anyway, and three sandboxes wait side by side.

use serde_json::Value;
use xtask::live::outcome::Proof;
use xtask::live::reason::Reason;

use crate::stack::{Stack, docker};

/// A stack on which proofs fail.
pub struct Control {
    stack: fn() -> Option<Stack>,
    red: &'static [Red],
}

/// A proof that fails, the reason, and what is told of it.
struct Red(Proof, Reason, &'static [&'static str]);

impl Control {
    /// Whether a proof fails on it for a reason.
    pub fn turns(&self, proof: Proof, reason: Reason) -> bool {
        self.red.iter().any(|red| (red.0, red.1) == (proof, reason))
    }

    /// Makes the proofs: these are red, and no other is.
    fn holds(&self) {
        if let Some(stack) = (self.stack)() {
            self.holds_on(&stack);
        }
    }

    fn holds_on(&self, stack: &Stack) -> Value {
        let proofs = stack.proofs();
        for proof in Proof::ALL {
            let said = &proofs[proof.id()];
            let red = self.red.iter().find(|red| red.0 == proof);
            let Some(Red(_, reason, words)) = red else {
                assert_ne!(said["status"], "failed", "{said:#}");
                continue;
            };
            assert_eq!((&said["status"], &said["reason"]), (&"failed".into(), &reason.word().into()), "{said:#}");
            let told = said["words"].as_str().unwrap();
            words.iter().for_each(|word| assert!(told.contains(word), "{word}: {told}"));
        }
        assert!(stack.left().is_empty(), "{:?}", stack.left());
        proofs
    }
}

/// Runs controls side by side, for they wait more than they compute.
fn hold(controls: &[Control]) {
    std::thread::scope(|scope| {
        controls.iter().for_each(|control| drop(scope.spawn(|| control.holds())));
    });
}

/// The Redis alone: no backend, no frontend, no PostgreSQL.
fn redis_alone() -> Option<Stack> {
    Some(Stack::sound()?.without(&["postgres", "backend", "frontend"]))
}

/// The two that keep data.
fn stores() -> Option<Stack> {
    Some(Stack::sound()?.without(&["backend", "frontend"]))
}

/// The backend and what it needs.
fn backend() -> Option<Stack> {
    Some(Stack::sound()?.without(&["postgres", "frontend"]))
}

/// The same, and who waits for it.
fn frontend() -> Option<Stack> {
    Some(Stack::sound()?.without(&["postgres"]))
}

#[test]
fn all_seven_hold_on_the_sound_stack() {
    let Some(stack) = Stack::sound() else { return };
    let proofs = stack.proofs();
    for proof in Proof::ALL {
        assert_eq!(proofs[proof.id()]["status"], "proved", "{:#}", proofs[proof.id()]);
    }
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
fn volumes_that_are_removed_or_beside_the_data() {
    hold(&[VOLUMES_REMOVED, WRONG_TARGETS]);
}

#[test]
fn data_that_no_log_keeps_and_data_that_is_lost_for_no_known_reason() {
    hold(&[LOG_OFF, DATA_LOST]);
}

#[test]
fn a_new_redis_over_a_snapshot_and_data_in_a_containers_own_layer() {
    hold(&[SNAPSHOT_ALONE, OWN_LAYER]);
}

#[test]
fn databases_that_do_not_come_up_again_and_a_stack_that_does_not_start() {
    hold(&[REDIS_NOT_AGAIN, POSTGRES_NOT_AGAIN, NOTHING_STARTS]);
}

#[test]
fn a_backend_with_no_health_check_and_one_whose_check_cannot_fail() {
    hold(&[NO_CHECK, CANNOT_FAIL]);
}

#[test]
fn failures_that_count_from_the_start_and_starts_that_cannot_fail() {
    hold(&[COUNTED, LENIENT]);
}

#[test]
fn a_backend_that_does_not_find_redis_again() {
    hold(&[NEVER_AGAIN, LOOKS_ONCE, REDIS_STAYS_AWAY]);
}

/// A Compose that takes the volumes along, and a failing check that does not fail.
pub const VOLUMES_REMOVED: Control = Control {
    stack: || {
        let stack = stores()?.with_compose_that("[[ $last == down ]] && set -- \"$@\" --volumes");
        Some(never_healthy_with(stack, "healthcheck: !override { interval: 1s, retries: 1000, test: [CMD, 'true'] }"))
    },
    red: &[
        Red(Proof::RedisData, Reason::VolumeRemoved, &["redis_data", "down, up"]),
        Red(Proof::PostgresData, Reason::VolumeRemoved, &["postgres_data", "down, up"]),
        Red(Proof::NeverHealthy, Reason::CalledWell, &["postgres never was"]),
    ],
};

/// Volumes that lie beside the data.
pub const WRONG_TARGETS: Control = Control {
    stack: || {
        let stack = stores()?
            .with("redis_data:/data", "redis_data:/var/lib/redis")
            .with("postgres_data:/var/lib/postgresql/data", "postgres_data:/var/lib/postgresql");
        Some(never_healthy_with(stack, "healthcheck: !override { interval: 1s, retries: 1000, test: [CMD, 'false'] }"))
    },
    red: &[
        Red(Proof::RedisData, Reason::WrongTarget, &["/data", "mounted at /var/lib/redis"]),
        Red(Proof::PostgresData, Reason::WrongTarget, &["/var/lib/postgresql/data", "anonymous"]),
        Red(Proof::Volumes, Reason::WrongTarget, &["mounted at /var/lib/postgresql"]),
        Red(Proof::NeverHealthy, Reason::NoHealthOutput, &[]),
    ],
};

/// Redis without its log; a PostgreSQL that loses a schema while nothing else is wrong with it; and a second service that
/// does not come up beside the one that is never healthy.
pub const LOG_OFF: Control = Control {
    stack: || {
        let stack = stores()?.with("--appendonly yes", "--appendonly no").with_compose_that(&on_restart(DROP_SCHEMA));
        let other = "services: { other: { image: redis:7-alpine, entrypoint: [/bin/false] } }\n";
        Some(stack.with_more_on_up("[[ $project == *-broken ]]", other))
    },
    red: &[
        Red(Proof::RedisData, Reason::AofOff, &["SIGKILL", "appendonly is no"]),
        Red(Proof::PostgresData, Reason::Lost, &["restart", "nothing that is known explains it"]),
        Red(Proof::NeverHealthy, Reason::WrongName, &["it is other that is named"]),
    ],
};

/// Data that goes while the log and the volume are as they should be; what PostgreSQL does not write to disk; a client
/// that does not tell the last lines of a log; and a Redis that runs with less memory than its command says.
pub const DATA_LOST: Control = Control {
    stack: || {
        let image = "image: postgres:17-alpine\n";
        let stack = stores()?.with(image, &format!("{image}    command: postgres -c fsync=off\n"));
        let stack = stack.with_compose_that(&on_restart(&format!("{DROP_SCHEMA}\n{FLUSH}")));
        Some(stack.with_docker_that("[[ $1 == logs && \" $* \" == *' 5 '* ]] && exit 0"))
    },
    red: &[
        Red(Proof::RedisData, Reason::Lost, &["all 7 keys by restart", "nothing that is known explains it"]),
        Red(Proof::PostgresData, Reason::FsyncOff, &["the table of 100 rows", "fsync is off"]),
        Red(Proof::NeverHealthy, Reason::NoLogLines, &[]),
    ],
};

/// The old Redis ran without the log, as with a team that switched it on in the file alone; and an engine that hangs for a
/// moment when the time for a start is nearly over.
pub const SNAPSHOT_ALONE: Control = Control {
    stack: || {
        let snapshot = "services: {redis: {command: 'redis-server --appendonly no --save 60 1 --requirepass \
                        fixture-redis-secret'}}\n";
        let hangs = "if [[ $1 == ps && \" $* \" == *-broken* ]]; then
                [[ -e $folder/begun ]] || date +%s >\"$folder/begun\"
                (($(date +%s) - $(<\"$folder/begun\") > 10)) && mkdir \"$folder/hung\" && sleep 9
            fi 2>/dev/null";
        let when =
            "[[ $project == *-steady ]] && grep -q redis:6 \"$folder\"/state/compose-xtask/live/*/\"$project\".yml";
        Some(redis_alone()?.with_more_on_up(when, snapshot).with_docker_that(hangs))
    },
    red: &[
        Red(Proof::RedisUpgrade, Reason::RdbOnly, &["CONFIG SET appendonly yes", "DBSIZE 0"]),
        Red(Proof::NeverHealthy, Reason::TooLate, &["the limit was 12.0 s"]),
    ],
};

/// The volume is where it belongs, and Redis writes beside it.
pub const OWN_LAYER: Control = Control {
    stack: || {
        Some(redis_alone()?.with("    command: redis-server", "    entrypoint: [redis-server, --dir, /]\n    command:"))
    },
    red: &[
        Red(Proof::RedisUpgrade, Reason::Lost, &["all 7 keys of 7 are gone under the new Redis"]),
        Red(Proof::Volumes, Reason::Layer, &["redis writes /", "own layer"]),
        Red(Proof::RedisData, Reason::WrongTarget, &["in the container's own layer"]),
    ],
};

/// No volume; and an entrypoint that takes the command for a name, so that Redis asks for no password.
pub const ANONYMOUS: Control = Control {
    stack: || {
        let entrypoint = "    entrypoint: [sh, -c, exec redis-server --appendonly yes --maxmemory 64mb \
                          --maxmemory-policy allkeys-lru]\n    command: redis-server";
        let stack =
            redis_alone()?.with("    volumes: [redis_data:/data]\n", "").with("    command: redis-server", entrypoint);
        // A Compose that writes down which volumes its `down` leaves behind.
        Some(stack.with_compose_that(
            "[[ \" $* \" == *' down '* ]] && docker ps --all --quiet --filter \"name=$project\" |
                xargs docker inspect --format '{{range .Mounts}}{{.Name}} {{end}}' >>\"$folder/anonymous\"",
        ))
    },
    red: &[
        Red(Proof::Volumes, Reason::AnonymousVolume, &["redis keeps data in /data"]),
        Red(Proof::RedisData, Reason::WrongTarget, &["on an anonymous volume"]),
        Red(Proof::RedisUpgrade, Reason::Option, &["requirepass is not in force"]),
    ],
};

#[test]
fn data_on_an_anonymous_volume_and_its_end() {
    let Some(stack) = (ANONYMOUS.stack)() else { return };
    ANONYMOUS.holds_on(&stack);
    let anonymous = std::fs::read_to_string(stack.root().with_file_name("anonymous")).unwrap();
    assert!(anonymous.split_whitespace().count() > 0, "none was there");
    for volume in anonymous.split_whitespace() {
        assert_eq!(docker(&["volume", "ls", "--quiet", "--filter", &format!("name={volume}")]), "", "left behind");
    }
}

/// Redis does not come up when its container is made anew; and it runs with less memory than its command says.
pub const REDIS_NOT_AGAIN: Control = Control {
    stack: || {
        let smaller = "services: { redis: { command: redis-server --appendonly yes --maxmemory 32mb --requirepass \
                       fixture-redis-secret } }\n";
        let stack = redis_alone()?.with_more_on_up("[[ $project == *-steady ]]", smaller);
        Some(stack.with_more_on_up(RECREATED, "services: { redis: { entrypoint: [/bin/false] } }\n"))
    },
    red: &[
        Red(Proof::RedisUpgrade, Reason::Option, &["maxmemory is 33554432 and not 64mb"]),
        Red(Proof::RedisData, Reason::NotStarted, &["redis ended with exit code 1"]),
    ],
};

/// PostgreSQL does not come up when its container is made anew; Redis does.
pub const POSTGRES_NOT_AGAIN: Control = Control {
    stack: || Some(stores()?.with_more_on_up(RECREATED, "services: { postgres: { entrypoint: [/bin/false] } }\n")),
    red: &[Red(Proof::PostgresData, Reason::NotStarted, &["postgres ended with exit code 1"])],
};

/// A Redis that is never healthy, so that nobody who waits for it is started.
pub const NOTHING_STARTS: Control = Control {
    stack: || Some(frontend()?.with("redis-cli ping | grep -q PONG", "echo fixture says no; exit 1")),
    red: &[
        Red(Proof::RedisUpgrade, Reason::NotStarted, &["redis is unhealthy", "fixture says no"]),
        Red(Proof::StartOrder, Reason::NotStarted, &["redis is unhealthy"]),
    ],
};

/// No health check at all, so there is nothing that the frontend could wait for.
pub const NO_CHECK: Control = Control {
    stack: || {
        let check = format!(
            "    healthcheck:\n      test: {CHECK}\n      interval: 1s\n      timeout: 3s\n      retries: 3\n      \
             start_period: 8s\n"
        );
        Some(frontend()?.with(&check, "").with(WAITS, DOES_NOT_WAIT))
    },
    red: &[
        Red(Proof::BackendHealth, Reason::NoCheck, &["backend has no health check"]),
        Red(Proof::StartOrder, Reason::NotWaited, &["while no health probe of backend had succeeded"]),
    ],
};

/// A check that cannot fail.
pub const CANNOT_FAIL: Control = Control {
    stack: || {
        let stack = backend()?.with(CHECK, "[\"CMD\", \"true\"]");
        Some(stack.with("timeout: 3s\n      retries: 3", "timeout: 1s\n      retries: 3"))
    },
    red: &[Red(Proof::BackendHealth, Reason::NeverUnhealthy, &["still healthy", "answers 503"])],
};

/// The files promise a start period; what runs has none. And a frontend does not wait.
pub const COUNTED: Control = Control {
    stack: || {
        let none = "services: {backend: {healthcheck: {start_period: 0s}}}\n";
        Some(frontend()?.with(WAITS, DOES_NOT_WAIT).with_more_on_up("[[ $project == *-steady ]]", none))
    },
    red: &[
        Red(Proof::BackendHealth, Reason::Counted, &["failures in the start period counted: streak"]),
        Red(Proof::StartOrder, Reason::NotWaited, &["frontend started", "before backend was first healthy"]),
    ],
};

/// A check that is content with anything for the first seconds, as one that is to bridge a slow start.
pub const LENIENT: Control = Control {
    stack: || {
        let young = "[ $$(($$(date +%s) - $$(stat -c %Y /tmp/www/cgi-bin/health))) -lt 9 ]";
        let stack = backend()?.with("\"wget -q", &format!("\"{young} || wget -q"));
        // With more patience for the backend to be found unhealthy, and less for the start.
        Some(stack.with(
            "timeout: 3s\n      retries: 3\n      start_period: 8s",
            "timeout: 6s\n      retries: 3\n      start_period: 5s",
        ))
    },
    red: &[Red(Proof::BackendHealth, Reason::NoFailure, &["no probe failed"])],
};

/// A backend that does not serve again once it has lost Redis; and a frontend of which there is none.
pub const NEVER_AGAIN: Control = Control {
    stack: || {
        let loses = "said=$$(timeout 2 redis-cli -h redis ping 2>&1)
        case $$said in *'not connect'*) touch /tmp/lost ;; esac
        if [ ! -e /tmp/lost ] && echo $$said | grep -q PONG; then";
        let image = "image: nginx:1.29-alpine\n";
        Some(frontend()?.with(ASKS, loses).with(image, &format!("{image}    deploy: {{ replicas: 0 }}\n")))
    },
    red: &[
        Red(Proof::BackendHealth, Reason::NeverHealthyAgain, &["backend is not healthy", "after Redis is"]),
        Red(Proof::StartOrder, Reason::NotStarted, &["backend or frontend was never started"]),
    ],
};

/// A backend that looks for Redis at its start alone.
pub const LOOKS_ONCE: Control = Control {
    stack: || {
        let looks = "rm -f /tmp/alone; timeout 2 redis-cli -h redis ping | grep -q PONG || touch /tmp/alone
        mkdir -p /tmp/www/cgi-bin";
        let asks = ASKS.replace("if ", "if [ ! -e /tmp/alone ] && ");
        Some(backend()?.with("mkdir -p /tmp/www/cgi-bin", looks).with(ASKS, &asks))
    },
    red: &[Red(Proof::BackendHealth, Reason::NeverHealthyAgain, &["not healthy after a start without Redis"])],
};

/// A Redis that cannot be started a second time once the stack was down.
pub const REDIS_STAYS_AWAY: Control = Control {
    stack: || {
        let stack = backend()?.with_compose_that("[[ $last == down ]] && touch \"$folder/was-down\"");
        let once = "services: { redis: { entrypoint: [sh, -c, '[ ! -e /tmp/ran ] && touch /tmp/ran && exec \"$$0\" \"$$@\"'] } }\n";
        Some(stack.with_more_on_up("[[ -e $folder/was-down ]]", once))
    },
    red: &[Red(Proof::BackendHealth, Reason::NotStarted, &["redis ended with exit code 1"])],
};

/// The backend's health check, how it asks Redis, and how the frontend waits for it.
const CHECK: &str = "[\"CMD-SHELL\", \"wget -q -O - http://127.0.0.1:3000/cgi-bin/health || exit 1\"]";
const ASKS: &str = "if timeout 2 redis-cli -h redis ping 2>/dev/null | grep -q PONG; then";
const WAITS: &str = "backend: { condition: service_healthy }";
const DOES_NOT_WAIT: &str = "backend: { condition: service_started }";

/// When containers are made anew.
const RECREATED: &str = "[[ $all == *' --force-recreate '* ]]";

/// Somebody throws away what PostgreSQL has, and what Redis has.
const DROP_SCHEMA: &str =
    "docker exec \"$project-postgres-1\" psql -q -U postgres -c 'DROP SCHEMA compose_xtask_live CASCADE'";
const FLUSH: &str = "docker exec \"$project-redis-1\" redis-cli FLUSHALL";

/// Shell that does something before a restart.
fn on_restart(does: &str) -> String {
    format!("if [[ \" $* \" == *' restart '* ]]; then\n{does}\nfi >>\"$folder/said\" 2>&1")
}

/// A start that ought to fail, with another health check in the place of the one that never succeeds.
fn never_healthy_with(stack: Stack, check: &str) -> Stack {
    let text = format!("services: {{ postgres: {{ {check} }} }}\n");
    stack.with_more_on_up("[[ $project == *-broken ]]", &text)
}
