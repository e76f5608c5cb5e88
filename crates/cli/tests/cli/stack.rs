//! `up`, `down`, `restart`, `logs`, `ps` and `shell` with a stand-in for docker: what it is asked,
//! what comes of its answers.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use crate::machine::Machine;

/// A client whose Compose says what stands in `compose` and ends with `code`, and an engine with a
/// container of `web`.
const DOCKER: &str = r#"
case "$1" in
version) echo 28.0.0 ;;
compose)
    if [ -e "$here/compose" ]; then cat "$here/compose"; fi
    if [ -e "$here/problem" ]; then cat "$here/problem" >&2; fi
    if [ -e "$here/code" ]; then exit "$(cat "$here/code")"; fi ;;
ps) [ ! -e "$here/inspect" ] || echo c0ffee ;;
inspect) cat "$here/inspect" ;;
diff) [ ! -e "$here/diff" ] || cat "$here/diff" ;;
logs) echo "cannot reach fixture-api-token" ;;
volume) [ ! -e "$here/volumes" ] || cat "$here/volumes-$2" ;;
cp) [ -e "$here/cp" ] && exec cat "$here/cp"; echo "Error: Could not find the file in container" >&2; exit 1 ;;
info) echo 2026-01-01T00:00:00Z ;;
context) echo unix:///var/run/docker.sock ;;
events) [ ! -e "$here/events" ] || cat "$here/events" ;;
*) exit 1 ;;
esac"#;

fn machine() -> Machine {
    let machine = Machine::with_shop();
    machine.replace("docker-compose.yml", "services:", "name: shop\nservices:");
    fs::write(machine.docker.file("answer"), DOCKER).unwrap();
    let ports =
        r#"[{"published": "8080", "target": 80, "protocol": "tcp", "host_ip": "127.0.0.1"}]"#;
    machine.compose_answers(&format!(
        r#"echo '{{"name": "shop", "services": {{"frontend": {{"ports": {ports}}}}}, "volumes": {{}}}}'"#
    ));
    machine
}

/// The container of `frontend` in a state, as `docker inspect` has it.
fn container(machine: &Machine, state: &str, health: &str) {
    let never = "0001-01-01T00:00:00Z";
    let text = format!(
        r#"[{{"Id": "c0ffee", "Name": "/shop-frontend-1", "Image": "sha256:1", "RestartCount": 0, "Mounts": [],
            "State": {{"Status": "{state}", "ExitCode": 3, "StartedAt": "{never}", "FinishedAt": "{never}"{health}}},
            "Config": {{"Image": "x", "Labels": {{"com.docker.compose.project": "shop",
                "com.docker.compose.service": "frontend"}}}}}}]"#
    );
    fs::write(machine.docker.file("inspect"), text).unwrap();
}

/// The arguments of `docker compose` in the calls so far.
fn composed(machine: &Machine) -> Vec<String> {
    machine
        .docker
        .calls()
        .into_iter()
        .filter(|call| call.starts_with("compose "))
        .collect()
}

#[test]
fn up_waits_and_tells_where_the_page_is() {
    let machine = machine();
    container(
        &machine,
        "running",
        r#", "Health": {"Status": "healthy", "Log": []}"#,
    );
    let words = [
        "frontend  healthy        127.0.0.1:8080",
        "local is up, project shop",
        "http://localhost:8080/",
        "Next: ",
    ];
    machine.xtask(&["up"]).with(0).says(&words);
    let [call] = &composed(&machine)[..] else {
        panic!("{:?}", machine.docker.calls())
    };
    assert!(
        call.ends_with("docker-compose.yml up --detach --wait"),
        "{call}"
    );
    assert!(call.contains("--env-file"), "{call}");
    machine
        .xtask(&[
            "up",
            "local",
            "--build",
            "--wait-timeout",
            "9",
            "--",
            "frontend",
            "--no-deps",
        ])
        .with(0);
    let call = composed(&machine).pop().unwrap();
    assert!(
        call.ends_with("up --detach --wait --build --wait-timeout 9 frontend --no-deps"),
        "{call}"
    );
}

/// What is well inside its container is asked from outside too, where it is published.
#[test]
fn up_asks_the_health_path_that_is_published() {
    let machine = machine();
    let health = r#", "Health": {"Status": "healthy", "Log": []}"#;
    container(&machine, "running", health);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let ports = format!(
        r#"[{{"published": "{port}", "target": 80, "protocol": "tcp", "host_ip": "127.0.0.1"}}]"#
    );
    let check = r#"{"test": ["CMD", "wget", "-qO-", "http://127.0.0.1/up"]}"#;
    machine.compose_answers(&format!(
        r#"echo '{{"name": "shop", "services": {{"frontend": {{"ports": {ports}, "healthcheck": {check}}}}}, "volumes": {{}}}}'"#
    ));
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = [0; 256];
        let length = stream.read(&mut asked).unwrap();
        stream.write_all(b"HTTP/1.1 204 Well\r\n\r\n").unwrap();
        String::from_utf8_lossy(&asked[..length]).into_owned()
    });
    let words = format!("frontend answers 204 at http://localhost:{port}/up");
    machine.xtask(&["up"]).with(0).says(&[&words]);
    assert!(server.join().unwrap().starts_with("GET /up "));
}

#[test]
fn a_service_that_ends_after_docker_was_content_is_a_failure() {
    let machine = machine();
    container(&machine, "exited", "");
    let words = [
        "frontend ended with exit code 3",
        "its last lines",
        "cannot reach ***",
        "local is not up: frontend",
    ];
    let said = machine.xtask(&["up"]).with(1).says(&words);
    assert!(!said.all().contains("fixture-api-token"), "{said}");
}

#[test]
fn one_that_never_gets_healthy_is_told_with_its_last_probe() {
    let machine = machine();
    let time = "2026-01-01T00:00:00Z";
    let log = format!(
        r#"[{{"Start": "{time}", "End": "{time}", "ExitCode": 7, "Output": "no fixture-api-token"}}]"#
    );
    container(
        &machine,
        "running",
        &format!(r#", "Health": {{"Status": "unhealthy", "Log": {log}}}"#),
    );
    fs::write(machine.docker.file("code"), "1").unwrap();
    fs::write(
        machine.docker.file("problem"),
        "dependency failed with fixture-api-token\n",
    )
    .unwrap();
    let words = [
        "frontend is unhealthy",
        "exit code 7",
        "no ***",
        "dependency failed with ***",
        "cargo xtask logs local",
    ];
    let said = machine.xtask(&["up"]).with(1).says(&words);
    assert!(!said.all().contains("fixture-api-token"), "{said}");
    let document = machine.xtask(&["up", "--format", "json"]).with(1).json();
    assert_eq!(document["done"], false);
    assert_eq!(document["troubles"][0]["service"], "frontend");
    assert!(
        !document.to_string().contains("fixture-api-token"),
        "{document}"
    );
}

#[test]
fn up_starts_nothing_that_would_cost_data_or_lacks_its_env_file() {
    let machine = machine();
    for flags in [["-V"], ["--renew-anon-volumes"], ["-y"], ["--yes"]] {
        machine
            .xtask(&[&["up", "local", "--"][..], &flags].concat())
            .with(2)
            .says(&["never does"]);
    }
    machine.remove(".env.prod");
    machine.replace(
        "docker-compose.prod.yml",
        "services:",
        "services:\n  more: { image: x, env_file: .env.prod }",
    );
    machine.xtask(&["up", "prod"]).with(1).says(&[
        ".env.prod is missing",
        "cargo xtask onboard --environment prod",
    ]);
    machine.compose_answers("echo 'services.x is wrong: fixture-api-token' >&2; exit 1");
    let said = machine
        .xtask(&["up"])
        .with(1)
        .says(&["docker compose rejects local", "services.x is wrong: ***"]);
    assert!(composed(&machine).is_empty(), "{said}");
}

#[test]
fn up_needs_compose_and_an_engine() {
    machine().without_compose().xtask(&["up"]).with(12);
    Machine::with_shop().xtask(&["up"]).with(12);
}

#[test]
fn down_never_takes_volumes_along() {
    let machine = machine();
    for flags in [
        "-v",
        "--volumes",
        "-vt5",
        "--volumes=true",
        "--volume",
        "--volume=1",
    ] {
        machine
            .xtask(&["down", "local", "--", flags])
            .with(2)
            .says(&["never does"]);
    }
    assert!(composed(&machine).is_empty());
    fs::write(machine.docker.file("volumes"), "").unwrap();
    fs::write(machine.docker.file("volumes-ls"), "shop_data\n").unwrap();
    fs::write(
        machine.docker.file("volumes-inspect"),
        r#"[{"Name": "shop_data"}]"#,
    )
    .unwrap();
    machine
        .xtask(&["down", "--", "--remove-orphans"])
        .with(0)
        .says(&["1 volume stays with the data: shop_data"]);
    assert!(
        composed(&machine)
            .pop()
            .unwrap()
            .ends_with(" down --remove-orphans")
    );
}

#[test]
fn down_stops_before_data_without_a_name_is_lost() {
    let machine = machine();
    container(&machine, "running", "");
    let mount = format!(
        r#"[{{"Type": "volume", "Name": "{}", "Destination": "/data", "RW": true}}]"#,
        "0a".repeat(32)
    );
    let text = fs::read_to_string(machine.docker.file("inspect")).unwrap();
    fs::write(
        machine.docker.file("inspect"),
        text.replace("\"Mounts\": []", &format!("\"Mounts\": {mount}")),
    )
    .unwrap();
    fs::write(machine.docker.file("cp"), crate::stand_in::tar("dump.rdb")).unwrap();
    let words = [
        "data first",
        "frontend keeps /data in a volume without a name: 1 entry",
        "--allow-data-loss",
    ];
    machine.xtask(&["down"]).with(1).says(&words);
    assert!(composed(&machine).is_empty());
    fs::write(machine.docker.file("volumes"), "").unwrap();
    fs::write(
        machine.docker.file("volumes-ls"),
        format!("{}\n", "0a".repeat(32)),
    )
    .unwrap();
    fs::write(machine.docker.file("volumes-inspect"), "[]").unwrap();
    machine.xtask(&["down", "--allow-data-loss"]).with(0);
}

#[test]
fn down_stops_before_data_in_a_layer_is_lost() {
    let machine = machine();
    container(&machine, "running", "");
    fs::write(
        machine.docker.file("diff"),
        "C /srv\nA /srv/notes.txt\nA /tmp/x\nD /gone\n",
    )
    .unwrap();
    machine.xtask(&["down"]).with(0);
    fs::write(machine.docker.file("cp"), crate::stand_in::tar("notes.txt")).unwrap();
    machine
        .xtask(&["down"])
        .with(1)
        .says(&["frontend keeps /srv/notes.txt in its own layer"]);
    assert_eq!(
        composed(&machine).len(),
        1,
        "the first time nothing was there"
    );
    machine
        .xtask(&["compose", "local", "--", "rm", "-sf"])
        .with(1)
        .says(&["/srv/notes.txt in its own layer"]);
    machine
        .xtask(&["compose", "local", "--", "rm", "-f"])
        .with(0);
}

#[test]
fn a_volume_that_vanishes_is_told_whatever_made_it_vanish() {
    let machine = machine();
    let docker = DOCKER.replace("compose)\n", "compose)\n    : >\"$here/volumes-ls\"\n");
    fs::write(machine.docker.file("answer"), docker).unwrap();
    for words in [
        &["down"][..],
        &["up"],
        &["compose", "local", "--", "exec", "redis", "x"],
        &["compose", "--", "stop"],
    ] {
        fs::write(machine.docker.file("volumes"), "").unwrap();
        fs::write(machine.docker.file("volumes-ls"), "shop_data\n").unwrap();
        fs::write(
            machine.docker.file("volumes-inspect"),
            r#"[{"Name": "shop_data"}]"#,
        )
        .unwrap();
        machine
            .xtask(words)
            .with(1)
            .says(&["1 volume vanished", "shop_data"]);
    }
}

#[test]
fn what_is_not_known_to_keep_the_data_is_not_passed_on() {
    let machine = machine();
    for (words, reason) in [
        (
            "--ansi never --profile x down --volume",
            "deletes the volumes",
        ),
        ("-f docker-compose.yml down -v", "deletes the volumes"),
        ("up -dV", "a new, empty one"),
        ("create -y", "destroy volumes"),
        ("prune", "is not known here"),
        ("down --everything", "is not known here"),
        ("-p other ps", "leads to another project"),
        ("--file other.yml down", "go by other files"),
        ("--env-file x up -d", "go by other files"),
        ("--project-directory /tmp rm -f", "go by other files"),
    ] {
        let words: Vec<_> = ["compose", "local", "--"]
            .into_iter()
            .chain(words.split(' '))
            .collect();
        machine
            .xtask(&words)
            .with(2)
            .says(&[reason, "nothing was done"]);
    }
    assert!(composed(&machine).is_empty());
    let said = machine
        .xtask(&["compose", "local", "--", "down", "-v"])
        .with(2);
    assert!(
        said.stderr.contains("  docker compose --project-directory"),
        "{said}"
    );
    assert!(
        said.stderr
            .trim_end()
            .ends_with("docker-compose.yml down -v"),
        "{said}"
    );
    for words in [
        "-p shop ps",
        "--file other.yml ps",
        "logs -v",
        "exec redis down -v",
        "--dry-run down",
        "run --no-deps x -v",
    ] {
        let words: Vec<_> = ["compose", "local", "--"]
            .into_iter()
            .chain(words.split(' '))
            .collect();
        machine.xtask(&words).with(0);
    }
}

#[test]
fn a_part_that_is_up_is_not_called_the_whole() {
    let machine = machine();
    container(
        &machine,
        "running",
        r#", "Health": {"Status": "healthy", "Log": []}"#,
    );
    machine.compose_answers(
        r#"echo '{"name": "shop", "services": {"frontend": {}, "web": {"ports": [{"published": "8081"}]}}}'"#,
    );
    let words = [
        "A part of local is up, project shop",
        "Not started: web.",
        "All of it: cargo xtask up local",
    ];
    let said = machine
        .xtask(&["up", "--", "frontend"])
        .with(0)
        .says(&words);
    assert!(!said.all().contains("Open http"), "{said}");
    let document = machine
        .xtask(&["up", "--format", "json", "--", "frontend"])
        .with(0)
        .json();
    assert_eq!(document["not_started"][0], "web");
}

/// Sentence S1: while it waits, `up` shows which service waits for which, once, and nothing of
/// Compose's own progress.
#[test]
fn while_it_waits_up_shows_which_service_waits_for_which() {
    let machine = machine();
    container(
        &machine,
        "running",
        r#", "Health": {"Status": "starting", "Log": []}"#,
    );
    machine.compose_answers(
        r#"echo '{"name": "shop", "services": {
            "frontend": {}, "job": {"depends_on": {"frontend": {"condition": "service_started"}}},
            "web": {"depends_on": {"frontend": {"condition": "service_healthy"}, "job": {"condition": "service_completed_successfully"}}}}}'"#,
    );
    let progress =
        " Container shop-frontend-1  Waiting\n Container shop-frontend-1  Error\nweb Pulling\n";
    fs::write(machine.docker.file("problem"), progress).unwrap();
    // It ends once it has been looked at twice: what the first look found is told by then.
    let wait = r#"looks() { grep -c '^inspect' "$here/calls"; }; n=$(looks); i=0
        while [ "$(looks)" -lt $((n + 2)) ] && [ $i -lt 600 ]; do sleep 0.1; i=$((i + 1)); done"#;
    let docker = DOCKER.replace("compose)\n", &format!("compose)\n    {wait}\n"));
    fs::write(machine.docker.file("answer"), docker).unwrap();
    let said = machine.xtask(&["up"]);
    let screen: Vec<_> = said.stderr.lines().collect();
    let expected = [
        "local runs; this up makes anew or leaves:",
        "  anew    frontend: its image is another one, or may be",
        "  new     job and web",
        "web waits until frontend is healthy and job has ended",
        " Container shop-frontend-1  Error",
        "web Pulling",
    ];
    assert_eq!(screen[..6], expected, "{said}");
    assert!(!said.all().contains("Waiting"), "{said}");
}

#[test]
fn an_image_of_ones_own_is_built_and_asked_of_nobody() {
    let machine = machine();
    container(
        &machine,
        "running",
        r#", "Health": {"Status": "healthy", "Log": []}"#,
    );
    machine.compose_answers(
        r#"echo '{"name": "shop", "services": {"frontend": {"image": "team/web:dev", "build": {"context": "."}},
            "other": {"image": "redis:7"}}}'"#,
    );
    let missing = r#"image) echo '[]'; echo "Error response from daemon: No such image: team/web:dev" >&2; exit 1 ;;"#;
    let docker = DOCKER.replace("*) exit 1", &format!("{missing}\n*) exit 1"));
    fs::write(machine.docker.file("answer"), docker).unwrap();
    machine.xtask(&["up"]).with(0);
    let calls = composed(&machine);
    assert!(
        calls[0].ends_with(" build frontend") && calls[1].ends_with(" up --detach --wait"),
        "{calls:?}"
    );
    let there = DOCKER.replace(
        "*) exit 1",
        "image) echo '[{\"Id\": \"1\", \"Config\": null}]' ;;\n*) exit 1",
    );
    fs::write(machine.docker.file("answer"), there).unwrap();
    machine.xtask(&["up"]).with(0);
    assert_eq!(composed(&machine).len(), 3, "it is there");
}

#[test]
fn containers_of_another_checkout_are_left_alone() {
    let machine = machine();
    container(&machine, "exited", "");
    let text = fs::read_to_string(machine.docker.file("inspect")).unwrap();
    let label = |folder: &str| {
        format!(
            r#""com.docker.compose.project.working_dir": "{folder}", "com.docker.compose.project": "shop""#
        )
    };
    let with =
        |folder: &str| text.replace(r#""com.docker.compose.project": "shop""#, &label(folder));
    fs::write(
        machine.docker.file("inspect"),
        with(&machine.folder().display().to_string()),
    )
    .unwrap();
    for words in [
        &["up"][..],
        &["down"],
        &["compose", "--", "up", "-d"],
        &["compose", "--", "rm", "-f"],
        &["compose", "--", "run", "x"],
    ] {
        let words = (
            words,
            [
                "nothing was done with local: another checkout",
                "as the same project, shop: /",
                "cargo xtask down --root",
            ],
        );
        machine.xtask(words.0).with(1).says(&words.1);
    }
    assert!(composed(&machine).is_empty());
    let own = machine.root().canonicalize().unwrap().display().to_string();
    for folder in [own.as_str(), "/a/folder/that/is/gone"] {
        fs::write(machine.docker.file("inspect"), with(folder)).unwrap();
        machine.xtask(&["down"]).with(0);
    }
}

#[test]
fn the_others_pass_on_what_docker_says() {
    let machine = machine();
    fs::write(
        machine.docker.file("compose"),
        "web  | token=fixture-api-token\n",
    )
    .unwrap();
    machine
        .xtask(&["logs"])
        .with(0)
        .says(&["web  | token=***", "--tail all"]);
    assert!(
        composed(&machine)
            .pop()
            .unwrap()
            .ends_with("logs --tail 100")
    );
    machine
        .xtask(&["logs", "local", "--", "--tail", "5", "web"])
        .with(0);
    assert!(
        composed(&machine)
            .pop()
            .unwrap()
            .ends_with("logs --tail 5 web")
    );
    machine.xtask(&["ps"]).with(0).says(&["token=***"]);
    container(&machine, "running", "");
    machine
        .xtask(&["restart", "-e", "local", "--", "frontend"])
        .with(0)
        .says(&["as they were when it was started"]);
    let last = composed(&machine).pop().unwrap();
    assert!(last.ends_with("restart frontend"), "{last}");
    fs::write(machine.docker.file("code"), "5").unwrap();
    for verb in ["logs", "ps", "restart", "down"] {
        machine.xtask(&[verb]).with(5);
    }
}

#[test]
fn what_has_no_container_is_not_restarted() {
    let machine = machine();
    let all = ["there is no container of local", "cargo xtask up local"];
    machine.xtask(&["restart"]).with(1).says(&all);
    container(&machine, "running", "");
    let one = [
        "there is no container of redis in local",
        "cargo xtask up local -- redis",
    ];
    machine.xtask(&["restart", "redis"]).with(1).says(&one);
    let calls = composed(&machine);
    assert!(
        calls.iter().all(|call| !call.contains("restart")),
        "{calls:?}"
    );
}

#[test]
fn ps_for_programs_is_one_document() {
    let machine = machine();
    fs::write(
        machine.docker.file("compose"),
        "{\"Service\": \"web\"}\n{\"Service\": \"db\"}\n",
    )
    .unwrap();
    let document = machine.xtask(&["ps", "--format", "json"]).with(0).json();
    assert_eq!(document["containers"][1]["Service"], "db");
}

#[test]
fn a_shell_is_opened_or_it_says_why_not() {
    let machine = machine();
    machine.xtask(&["shell", "redis"]).with(0);
    let calls = composed(&machine);
    assert!(
        calls[0].ends_with("exec --no-TTY redis sh -c :")
            && calls[1].ends_with("exec --no-TTY redis sh"),
        "{calls:?}"
    );
    fs::write(machine.docker.file("code"), "127").unwrap();
    for (problem, words) in [
        (
            "exec: \"sh\": executable file not found in $PATH",
            "the image of redis has no shell",
        ),
        ("service \"redis\" is not running", "cargo xtask up local"),
    ] {
        fs::write(machine.docker.file("problem"), problem).unwrap();
        machine.xtask(&["shell", "redis"]).with(2).says(&[words]);
    }
    machine
        .xtask(&["shell", "cache"])
        .with(2)
        .says(&["no service of local is called cache; known: ", "redis"]);
}

#[test]
fn services_are_named_behind_the_environment_or_alone() {
    let machine = machine();
    let last = |args: &[&str]| {
        machine.xtask(args).with(0);
        composed(&machine).pop().unwrap()
    };
    assert!(last(&["logs", "redis"]).ends_with("logs --tail 100 redis"));
    assert!(
        last(&["logs", "local", "redis", "backend", "--", "--tail", "5"])
            .ends_with("logs --tail 5 redis backend")
    );
    container(&machine, "running", "");
    assert!(last(&["restart", "-e", "local", "frontend"]).ends_with("restart frontend"));
    let words = [
        "rediss is neither an environment (local",
        "nor a service of local",
        "redis",
    ];
    machine.xtask(&["ps", "rediss"]).with(2).says(&words);
}

#[test]
fn a_volume_that_was_made_anew_under_its_name_is_told() {
    let machine = machine();
    let docker = DOCKER.replace(
        "compose)\n",
        "compose)\n    cp \"$here/later\" \"$here/volumes-inspect\"\n",
    );
    fs::write(machine.docker.file("answer"), docker).unwrap();
    let volume = |made: &str| {
        format!(
            r#"[{{"Name": "shop_data", "Labels": {{"com.docker.compose.config-hash": "{made}"}}}}]"#
        )
    };
    fs::write(machine.docker.file("volumes"), "").unwrap();
    fs::write(machine.docker.file("volumes-ls"), "shop_data\n").unwrap();
    for (later, code) in [("02", 1), ("01", 0)] {
        fs::write(machine.docker.file("volumes-inspect"), volume("01")).unwrap();
        fs::write(machine.docker.file("later"), volume(later)).unwrap();
        let said = machine
            .xtask(&["compose", "--", "exec", "redis", "x"])
            .with(code);
        assert_eq!(
            said.stderr.contains("1 volume vanished"),
            code == 1,
            "{said}"
        );
    }
    // With the same labels, what the engine has removed tells.
    for (removed, code) in [("other\n", 0), ("shop_data\n", 1)] {
        fs::write(machine.docker.file("events"), removed).unwrap();
        let said = machine
            .xtask(&["compose", "--", "exec", "redis", "x"])
            .with(code);
        assert_eq!(
            said.stderr.contains("1 volume vanished during exec"),
            code == 1,
            "{said}"
        );
    }
}

#[test]
fn an_offered_command_is_about_no_more_than_what_was_asked() {
    let machine = machine();
    container(&machine, "running", "");
    fs::write(
        machine.docker.file("diff"),
        "A /srv/data/x.db\nA /srv/uploads/a.png\n",
    )
    .unwrap();
    fs::write(machine.docker.file("cp"), crate::stand_in::tar("x.db")).unwrap();
    for (words, offered) in [
        (
            "down local -- frontend",
            "cargo xtask down local --allow-data-loss -- frontend\n",
        ),
        (
            "down local -- --rmi local -t 1",
            "cargo xtask down local --allow-data-loss -- --rmi local -t 1\n",
        ),
        (
            "compose local -- down frontend",
            "cargo xtask down local --allow-data-loss -- frontend\n",
        ),
        (
            "compose local -- --profile x down frontend -t 2",
            "cargo xtask compose local --allow-data-loss -- --profile x down frontend -t 2\n",
        ),
        (
            "up -- --force-recreate",
            "cargo xtask up local --allow-data-loss -- --force-recreate\n",
        ),
        (
            "compose local -- up -d --force-recreate --no-deps frontend",
            "cargo xtask compose local --allow-data-loss -- up -d --force-recreate --no-deps frontend\n",
        ),
    ] {
        let said = machine.xtask(&words.split(' ').collect::<Vec<_>>()).with(1);
        assert!(said.stderr.contains(offered), "{words}: {said}");
    }
    let copies = [
        "cargo xtask compose local -- cp frontend:/srv/data/x.db ./frontend-srv-data-x.db",
        "cargo xtask compose local -- cp frontend:/srv/uploads/a.png ./frontend-srv-uploads-a.png",
    ];
    machine
        .xtask(&["up", "--", "--force-recreate"])
        .with(1)
        .says(&copies);
    // A second container of the service has data of its own.
    let one = fs::read_to_string(machine.docker.file("inspect")).unwrap();
    let two = one.replace("c0ffee", "decaf").replace(
        "\"Labels\": {",
        "\"Labels\": {\"com.docker.compose.container-number\": \"2\", ",
    );
    let both = format!(
        "{},{}",
        one.trim_end_matches(']'),
        two.trim_start_matches('[')
    );
    fs::write(machine.docker.file("inspect"), both).unwrap();
    let copies = [
        "cp --index 1 frontend:/srv/data/x.db ./frontend-1-",
        "cp --index 2 frontend:/srv/data/x.db ./frontend-2-",
    ];
    machine
        .xtask(&["up", "--", "--force-recreate"])
        .with(1)
        .says(&copies);
}
