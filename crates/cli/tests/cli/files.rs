//! Files that Compose reads, as Compose reads them: which make an environment, and what gives
//! variables their values.

use std::fs;
use std::process::Command;

use crate::bad_input::refuses;
use crate::machine::{Machine, Said};
use crate::repository::{committed, git};

const REDIS: &str = "services:\n  redis:\n    image: redis:6-alpine\n";

/// A checkout of these files.
fn checkout(files: &[(&str, &str)]) -> Machine {
    let machine = Machine::bare();
    files
        .iter()
        .for_each(|(path, text)| machine.write(path, text));
    machine
}

/// The binary in a shell with some variables.
fn in_shell(machine: &Machine, shell: &[(&str, &str)], args: &[&str]) -> Said {
    Said::of(
        machine
            .command(args)
            .envs(shell.iter().copied())
            .output()
            .unwrap(),
    )
}

/// A checkout whose included folder pins the tag.
fn including() -> Machine {
    checkout(&[
        ("compose.yaml", "include:\n  - cache/compose.yaml\n"),
        (
            "cache/compose.yaml",
            "services:\n  redis:\n    image: redis:${REDIS_TAG:-6-alpine}\n",
        ),
        ("cache/.env", "# pinned\nREDIS_TAG=6.2-alpine\n"),
    ])
}

#[test]
fn an_included_folders_env_file_is_never_overlooked() {
    let machine = including();
    machine.xtask(&["migrate"]).with(1).says(&[
        "5.2 Redis 7: conflict in local",
        "cache/.env:2",
        "REDIS_TAG=6.2-alpine",
    ]);
    assert!(
        machine
            .read("cache/compose.yaml")
            .contains("${REDIS_TAG:-6-alpine}")
    );
    machine
        .xtask(&["status"])
        .with(1)
        .says(&["5.2  Redis 7", "local conflict", "cache/.env:2"]);
    machine.write("cache/.env", "REDIS_TAG=7.2-alpine\n");
    machine.xtask(&["migrate"]).with(0);
}

#[test]
fn a_shell_that_wins_is_told_and_nothing_is_called_applied() {
    let machine = including();
    machine.remove("cache/.env");
    let shell = [("REDIS_TAG", "6.0-alpine"), ("HOME", "/nowhere")];
    let said = in_shell(&machine, &shell, &["migrate"]).with(1);
    said.says(&[
        "local: this shell sets REDIS_TAG",
        "REDIS_TAG=6.0-alpine in this shell",
        "unset REDIS_TAG",
    ]);
    machine.xtask(&["migrate"]).with(0);
    let said = in_shell(&machine, &shell, &["status"]).with(1);
    assert!(!said.all().contains("HOME"), "{said}");
}

#[test]
fn an_env_file_that_an_include_names_is_missed_by_its_place() {
    let machine = including();
    machine.write(
        "compose.yaml",
        "include:\n  - path: cache/compose.yaml\n    env_file: tags.env\n",
    );
    machine.write("tags.env.example", "REDIS_TAG=6-alpine\n");
    refuses(
        &machine,
        &["migrate"],
        2,
        &[
            "compose.yaml:2:5: tags.env is missing",
            "Make it from tags.env.example: cargo xtask onboard",
        ],
    );
}

#[test]
fn a_required_variable_that_an_include_sets_is_not_missing() {
    let Some(machine) = including().with_real_compose() else {
        return;
    };
    machine.write(
        "cache/compose.yaml",
        "services:\n  redis:\n    image: redis:${REDIS_TAG:?say which}\n",
    );
    machine.write("cache/.env", "REDIS_TAG=7.2-alpine\n");
    let said = machine.xtask(&["verify"]).with(0).says(&["accepts local"]);
    assert!(!said.all().contains("shape only"), "{said}");
    machine.xtask(&["migrate", "--checker", "embedded"]).with(0);
}

#[test]
fn a_missing_env_file_that_nothing_needs_is_no_error() {
    let machine = checkout(&[
        ("docker-compose.yml", REDIS),
        (".env.example", "APP_DEBUG=1\n"),
    ]);
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Applied 2 stories to local"]);
    let said = machine.xtask(&["verify"]).with(0);
    assert!(!said.all().contains("shape only"), "{said}");
    let doctor = machine
        .xtask(&["doctor"])
        .says(&[".env is not here, and nothing in local needs it"]);
    assert!(!doctor.all().contains(".env is missing"), "{doctor}");
}

#[test]
fn a_missing_env_file_that_something_needs_is_one() {
    let needs = [
        ("    image: redis:${TAG}\n", "OTHER=1\n"),
        ("    image: redis:${APP_DEBUG:-6}\n", "APP_DEBUG=1\n"),
        (
            "    image: redis:6\n    environment: [APP_DEBUG]\n",
            "APP_DEBUG=1\n",
        ),
        ("    image: redis:6\n", "COMPOSE_PROJECT_NAME=shop\n"),
    ];
    for (body, example) in needs {
        let text = format!("services:\n  redis:\n{body}");
        let machine = checkout(&[("docker-compose.yml", &text), (".env.example", example)]);
        refuses(
            &machine,
            &["migrate"],
            2,
            &[
                ".env is missing",
                "Make it from .env.example: cargo xtask onboard",
            ],
        );
    }
}

#[test]
fn an_override_that_says_nothing_says_nothing() {
    for nothing in ["", "# to be filled\n", "\n\n"] {
        let machine = checkout(&[("compose.yaml", REDIS), ("compose.override.yaml", nothing)]);
        machine
            .xtask(&["migrate"])
            .with(0)
            .says(&["Applied 2 stories to local"]);
        assert_eq!(machine.read("compose.override.yaml"), nothing);
        machine.xtask(&["verify"]).with(0);
        machine
            .xtask(&["revert", "--all", "--accept-irreversible"])
            .with(0);
        assert_eq!(machine.read("compose.yaml"), REDIS);
    }
}

/// What an environment needs for itself alone goes into its own last file, be that empty.
#[test]
fn an_empty_overlay_can_be_written_to() {
    let machine = checkout(&[
        (
            "compose.yaml",
            "services:\n  web:\n    image: example/web:1\n",
        ),
        ("compose.override.yaml", REDIS),
        ("compose.prod.yaml", ""),
    ]);
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Applied 2 stories"]);
    assert!(machine.read("compose.override.yaml").contains("redis_data"));
    assert_eq!(machine.read("compose.prod.yaml"), "");
}

/// What plain `docker compose` takes, and what the tool hands it: the images of all services.
fn taken_alike(machine: &Machine, shell: &[(&str, &str)], case: &str) {
    let docker = |program: Command, args: &[&str]| {
        let mut command = machine.spell(program, args);
        Said::of(
            command
                .env("COMPOSE_STORIES_DOCKER", "docker")
                .envs(shell.iter().copied())
                .output()
                .unwrap(),
        )
    };
    let plain = docker(Command::new("docker"), &["compose", "config", "--images"]);
    let binary = Command::new(env!("CARGO_BIN_EXE_compose-stories"));
    let own = docker(binary, &["compose", "local", "--", "config", "--images"]);
    assert_eq!(own.code == 0, plain.code == 0, "{case}: {plain}{own}");
    let sorted = |said: &Said| {
        let mut lines: Vec<_> = said.stdout.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    if plain.code == 0 {
        assert_eq!(sorted(&own), sorted(&plain), "{case}: {own}");
    }
}

#[test]
fn compose_file_is_read_as_compose_reads_it() {
    let Some(machine) = Machine::bare().with_real_compose() else {
        return;
    };
    let service = |name: &str| format!("services:\n  {name}:\n    image: {name}:${{T:-d}}\n");
    for name in ["a", "b", "c"] {
        machine.write(&format!("{name}.yml"), service(name));
        machine.write(&format!("infra/{name}.yml"), service(name));
    }
    machine.write("compose.yaml", service("base"));
    machine.write("infra/.env", "T=infra\n");
    machine.write("list.env", "COMPOSE_FILE=b.yml\nT=list\n");
    let cases: [(&str, &[(&str, &str)]); 18] = [
        ("COMPOSE_FILE=a.yml:b.yml\n", &[]),
        ("COMPOSE_FILE=a.yml;b.yml\n", &[]),
        ("COMPOSE_PATH_SEPARATOR=,\nCOMPOSE_FILE=a.yml,b.yml\n", &[]),
        ("COMPOSE_PATH_SEPARATOR=\nCOMPOSE_FILE=a.yml:b.yml\n", &[]),
        (
            "COMPOSE_PATH_SEPARATOR=::\nCOMPOSE_FILE=a.yml::./c.yml\n",
            &[],
        ),
        ("COMPOSE_FILE=infra/a.yml\n", &[]),
        ("COMPOSE_FILE=infra/a.yml:b.yml\nT=top\n", &[]),
        ("COMPOSE_FILE=a.yml:\n", &[]),
        ("COMPOSE_FILE=\n", &[]),
        ("COMPOSE_FILE=a.yml\n", &[("COMPOSE_FILE", "b.yml:c.yml")]),
        (
            "COMPOSE_FILE=a.yml,b.yml\n",
            &[("COMPOSE_PATH_SEPARATOR", ",")],
        ),
        ("T=top\n", &[("COMPOSE_FILE", "infra/b.yml")]),
        ("T=top\n", &[("T", "shell")]),
        ("T=top\n", &[("COMPOSE_ENV_FILES", "infra/.env")]),
        (
            "T=top\nCOMPOSE_FILE=a.yml\n",
            &[("COMPOSE_ENV_FILES", "infra/.env")],
        ),
        (
            "T=top\nCOMPOSE_FILE=a.yml\n",
            &[("COMPOSE_ENV_FILES", "list.env,infra/.env")],
        ),
        (
            "T=top\nCOMPOSE_FILE=a.yml\n",
            &[("COMPOSE_ENV_FILES", "infra/.env,.env")],
        ),
        ("T=top\n", &[("COMPOSE_ENV_FILES", "")]),
    ];
    for (env_file, shell) in cases {
        machine.write(".env", env_file);
        taken_alike(&machine, shell, &format!("{env_file:?} {shell:?}"));
    }
}

#[test]
fn compose_profiles_are_taken_from_the_env_file_and_from_the_shell() {
    let Some(machine) = Machine::bare().with_real_compose() else {
        return;
    };
    let text = "services:\n  a: {image: a}\n  p: {image: p, profiles: [p]}\n  q: {image: q, profiles: [q]}\n";
    machine.write("compose.yaml", text);
    for (env_file, shell) in [
        ("", &[][..]),
        ("COMPOSE_PROFILES=p\n", &[]),
        ("COMPOSE_PROFILES=p\n", &[("COMPOSE_PROFILES", "q")]),
        ("COMPOSE_PROFILES=p,q\n", &[]),
    ] {
        machine.write(".env", env_file);
        taken_alike(&machine, shell, &format!("{env_file:?} {shell:?}"));
    }
}

/// Variables of a shell.
type Shell<'t> = &'t [(&'t str, &'t str)];

/// Whether `web` finds the service that it needs hangs on the profiles that are active.
#[test]
fn the_profiles_that_are_active_decide_what_is_accepted() {
    let text = format!(
        "{REDIS}  web: {{image: x, depends_on: [tool]}}\n  tool: {{image: x, profiles: [p]}}\n"
    );
    let cases: [(&str, Shell<'_>, i32); 6] = [
        ("A=1\n", &[], 1),
        ("A=1\n", &[("COMPOSE_PROFILES", "q, p")], 0),
        ("A=1\n", &[("COMPOSE_PROFILES", "*")], 0),
        ("COMPOSE_PROFILES=p\n", &[], 0),
        ("COMPOSE_PROFILES=p\n", &[("COMPOSE_PROFILES", "")], 1),
        ("COMPOSE_PROFILES=p\n", &[("COMPOSE_PROFILES", "q")], 1),
    ];
    let Some(machine) = checkout(&[("compose.yaml", &text)]).with_real_compose() else {
        return;
    };
    for checker in ["docker", "embedded"] {
        for (env_file, shell, code) in cases {
            machine.write(".env", env_file);
            let said = in_shell(
                &machine,
                shell,
                &[
                    "migrate",
                    "--dry-run",
                    "--only",
                    "5.1",
                    "--checker",
                    checker,
                ],
            );
            let said = said.with(code);
            assert_eq!(
                said.all().contains("COMPOSE_PROFILES of this shell says"),
                !shell.is_empty(),
                "{said}"
            );
        }
    }
    // What passed with some profiles has not passed with others.
    machine.write(".env", "A=1\n");
    in_shell(&machine, &[("COMPOSE_PROFILES", "p")], &["verify"]).says(&["docker compose 2"]);
    in_shell(&machine, &[("COMPOSE_PROFILES", "p")], &["verify"]).says(&["as it did before"]);
    in_shell(&machine, &[], &["verify"])
        .with(1)
        .says(&["depends on"]);
}

#[test]
fn the_shells_list_is_told_and_a_written_layout_wins_over_it() {
    let machine = checkout(&[("compose.yaml", REDIS), ("other.yml", REDIS)]);
    let shell = [("COMPOSE_FILE", "other.yml")];
    let said = in_shell(&machine, &shell, &["status"]).with(1);
    said.says(&[
        "COMPOSE_FILE of this shell says which files are read: other.yml",
        "local: other.yml",
    ]);
    machine.write(
        "compose/stack.yaml",
        "environments:\n  local: { files: [compose.yaml] }\n",
    );
    let said = in_shell(&machine, &shell, &["status"]).with(1);
    said.says(&[
        "COMPOSE_FILE of this shell does not count here",
        "local: compose.yaml",
    ]);
    // One that says the same is no news.
    let said = in_shell(&machine, &[("COMPOSE_FILE", "compose.yaml")], &["status"]).with(1);
    assert!(!said.all().contains("COMPOSE_FILE"), "{said}");
}

#[test]
fn the_shells_say_on_env_files_is_told_where_it_would_change_something() {
    let image = "services:\n  redis:\n    image: redis:${TAG:-6.2.13-alpine}\n";
    let machine = checkout(&[
        ("compose.yaml", image),
        (".env", "TAG=7-alpine\n"),
        ("other.env", "TAG=6.2.13-alpine\n"),
    ]);
    let said = in_shell(&machine, &[("COMPOSE_ENV_FILES", "other.env")], &["status"]);
    said.says(&[
        "COMPOSE_ENV_FILES of this shell says which env files are read: other.env",
        "other.env:1",
    ]);
    in_shell(&machine, &[("COMPOSE_ENV_FILES", "../x.env")], &["status"])
        .with(2)
        .says(&["which is not in"]);
    // What is written down wins over the shell's list.
    machine.write(
        "compose/stack.yaml",
        "environments:\n  local: { files: [compose.yaml] }\n",
    );
    for (name, value) in [
        ("COMPOSE_ENV_FILES", "other.env"),
        ("COMPOSE_ENV_FILES", ".env,other.env"),
        ("COMPOSE_DISABLE_ENV_FILE", "1"),
    ] {
        let said = in_shell(&machine, &[(name, value)], &["migrate", "--only", "5.2"]);
        said.says(&[
            &format!("{name} of this shell does not count here: what is read is .env;"),
            &format!("unset {name}"),
        ]);
    }
    // What changes nothing is no news.
    for (name, value) in [
        ("COMPOSE_ENV_FILES", ".env"),
        ("COMPOSE_ENV_FILES", ""),
        ("COMPOSE_DISABLE_ENV_FILE", "0"),
        ("COMPOSE_DISABLE_ENV_FILE", "False"),
    ] {
        let said = in_shell(&machine, &[(name, value)], &["status"]);
        assert!(!said.all().contains(name), "{name}={value}: {said}");
    }
    machine.remove(".env");
    let said = in_shell(&machine, &[("COMPOSE_DISABLE_ENV_FILE", "1")], &["status"]);
    assert!(!said.all().contains("COMPOSE_DISABLE_ENV_FILE"), "{said}");
    in_shell(&machine, &[("COMPOSE_ENV_FILES", "other.env")], &["status"])
        .says(&["COMPOSE_ENV_FILES of this shell does not count here: none is read;"]);
}

#[test]
fn the_settings_that_a_redis_mounts_from_the_checkout_say_where_its_data_is() {
    let compose = |mount: &str| {
        format!(
            "services:\n  redis:\n    image: redis:7-alpine\n    command: redis-server /etc/r/redis.conf\n    volumes:\n      \
             - {mount}\n"
        )
    };
    for mount in ["./conf/redis.conf:/etc/r/redis.conf:ro", "./conf:/etc/r"] {
        let machine = checkout(&[
            ("compose.yaml", &compose(mount)),
            ("conf/redis.conf", "# own\nport 6379\ndir /var/lib/r\n"),
        ]);
        let said = machine.xtask(&["migrate", "--only", "5.1"]).with(0);
        assert!(
            machine
                .read("compose.yaml")
                .contains("redis_data:/var/lib/r\n"),
            "{mount}: {said}"
        );
        assert!(!said.all().contains("was not read"), "{mount}: {said}");
    }
    // One that is not in the checkout, or that names others, is still a guess that is told.
    for (mount, settings) in [
        ("/etc/redis:/etc/r", "dir /var/lib/r\n"),
        (
            "./conf:/etc/r",
            "dir /var/lib/r\ninclude /etc/r/more.conf\n",
        ),
    ] {
        let machine = checkout(&[
            ("compose.yaml", &compose(mount)),
            ("conf/redis.conf", settings),
        ]);
        machine
            .xtask(&["migrate", "--only", "5.1"])
            .says(&["/etc/r/redis.conf may say another"]);
        assert!(
            machine.read("compose.yaml").contains("redis_data:/data\n"),
            "{mount}"
        );
    }
}

#[test]
fn a_list_that_names_what_is_elsewhere_or_nothing_is_refused() {
    let machine = checkout(&[("compose.yaml", REDIS)]);
    for (list, words) in [
        (
            "/etc/compose.yaml",
            [
                "of this shell names /etc/compose.yaml",
                "unset COMPOSE_FILE",
            ],
        ),
        ("../x.yaml", ["of this shell names ../x.yaml", "--root DIR"]),
        (
            "compose.yaml:",
            ["nothing stands beside a separator", "unset COMPOSE_FILE"],
        ),
        (
            "no.yaml",
            [
                "COMPOSE_FILE names no.yaml, which is not there",
                "mend the list",
            ],
        ),
    ] {
        let said = in_shell(&machine, &[("COMPOSE_FILE", list)], &["status"]).with(2);
        said.says(&words);
    }
}

#[test]
fn a_remote_include_is_told_whole() {
    let url = "https://github.com/example/infra.git#main:compose/redis.yaml";
    let machine = checkout(&[("compose.yaml", &format!("include:\n  - {url}\n"))]);
    for verb in ["migrate", "status", "verify"] {
        let said = refuses(
            &machine,
            &[verb],
            2,
            &["compose.yaml:2:5", url, "remote and was not read"],
        );
        assert!(!said.all().contains("stack.yaml"), "{said}");
    }
    assert_eq!(machine.starts(), 0, "nothing is fetched");
}

#[test]
fn a_file_of_another_name_is_named_and_offered() {
    let machine = checkout(&[
        ("docker-compose.full.yml", REDIS),
        (".gitlab-ci.yml", "services:\n  - redis\n"),
    ]);
    let written = "local: { files: [docker-compose.full.yml] }";
    refuses(
        &machine,
        &["status"],
        2,
        &[
            "found: docker-compose.full.yml",
            "compose/stack.yaml",
            "init",
            written,
        ],
    );
    refuses(
        &machine,
        &["status", "--root", "."],
        2,
        &["found: docker-compose.full.yml", written],
    );
    machine
        .xtask(&["init"])
        .with(0)
        .says(&[written, "Wrote compose/stack.yaml"]);
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Applied 2 stories to local"]);
}

#[test]
fn several_files_of_other_names_are_a_question() {
    let machine = checkout(&[
        ("docker-compose.full.yml", REDIS),
        ("stack.yml", REDIS),
        ("values.yml", "a: 1\n"),
    ]);
    let words = [
        "docker-compose.full.yml, stack.yml",
        "files: [docker-compose.full.yml]",
        "or\n",
        "files: [stack.yml]",
    ];
    let said = refuses(&machine, &["status"], 2, &words);
    assert!(!said.all().contains("values.yml"), "{said}");
    refuses(&machine, &["init"], 2, &words);
}

#[test]
fn the_top_of_a_monorepo_is_told_what_lies_below() {
    let machine = checkout(&[
        ("services/api/docker-compose.yml", REDIS),
        ("services/api/docker-compose.prod.yml", REDIS),
        (
            "services/web/compose.yaml",
            "services:\n  web:\n    image: example/web:1\n",
        ),
        ("node_modules/x/docker-compose.yml", REDIS),
    ]);
    let words = [
        "services/api/docker-compose.yml",
        "services/web/compose.yaml",
        "--root services/api",
        "init does it",
    ];
    let said = refuses(&machine, &["status"], 2, &words);
    assert!(!said.all().contains("node_modules"), "{said}");
    machine.xtask(&["init"]).with(0).says(&[
        "services-api-local: { files: [services/api/docker-compose.yml] }",
        "services-api-prod: { files: [services/api/docker-compose.prod.yml] }",
        "services-web: { files: [services/web/compose.yaml] }",
    ]);
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Applied 2 stories"]);
    machine
        .xtask(&["status", "--root", "services/web"])
        .says(&["local: compose.yaml"]);
}

#[test]
fn a_file_called_compose_is_told_with_a_way_on() {
    let machine = committed(checkout(&[("docker-compose.yml", REDIS), ("compose", "")]));
    for verb in ["migrate", "status", "verify", "init"] {
        refuses(
            &machine,
            &[verb],
            2,
            &["compose is a file", "git mv compose compose.file"],
        );
    }
    git(&machine, &["mv", "compose", "compose.file"]);
    machine.xtask(&["migrate"]).with(0);
    // One that git does not know is moved without it.
    let machine = checkout(&[("docker-compose.yml", REDIS), ("compose/ledger", "")]);
    refuses(
        &machine,
        &["status"],
        2,
        &[
            "compose/ledger is a file",
            "one: mv compose/ledger compose/ledger.file",
        ],
    );
}

/// The lines that are offered are added, and git then takes a record.
#[test]
fn an_ignored_ledger_is_told_with_the_lines_that_mend_it() {
    let cases = [
        (".gitignore", "compose/\n"),
        (".gitignore", "compose\n"),
        (".gitignore", "/compose/*\n"),
        (".gitignore", "ledger/\n"),
        (".gitignore", "*.yaml\n"),
        (".gitignore", "compose/**\n"),
        (".gitignore", "*\n"),
        (".gitignore", "compose/ledger/*.yaml\n"),
        ("compose/.gitignore", "*\n"),
        (".git/info/exclude", "compose/\n"),
    ];
    for (file, pattern) in cases {
        let machine = committed(checkout(&[("docker-compose.yml", REDIS)]));
        machine.write(file, pattern);
        let said = machine.xtask(&["migrate", "--allow-dirty"]).with(0);
        let by = format!(
            "compose/ledger/ is ignored by git ({file}:1: {})",
            pattern.trim()
        );
        assert!(said.stderr.contains(&by), "{said}");
        for verb in ["status", "doctor", "verify"] {
            machine.xtask(&[verb]).says(&[&by]);
        }
        let offered = said
            .stderr
            .lines()
            .find_map(|line| line.trim().strip_prefix("add to "))
            .unwrap();
        let (target, lines) = offered.split_once(":  ").unwrap();
        let own = fs::read_to_string(machine.root().join(target)).unwrap_or_default();
        machine.write(target, format!("{own}{}\n", lines.replace("  ", "\n")));
        let said = machine.xtask(&["status"]).with(0);
        assert!(
            !said.stderr.contains("ignored by git"),
            "{file} {pattern:?} {offered:?}: {said}"
        );
        git(
            &machine,
            &["add", "compose/ledger/5.1-redis-data-volume.yaml"],
        );
    }
}

#[test]
fn init_writes_names_that_it_reads_back() {
    let names = [
        "a, b.yml",
        "it's \"quoted\".yml",
        "a #b.yml",
        "-dash.yml",
        "caf\u{e9}.yml",
        "{a}.yml",
        "a: b.yml",
        "# c.yml",
    ];
    for name in names {
        let machine = checkout(&[(name, REDIS)]);
        machine.xtask(&["init"]).with(0);
        machine
            .xtask(&["migrate"])
            .with(0)
            .says(&["Applied 2 stories to local"]);
        assert!(machine.read(name).contains("redis_data"), "{name}");
    }
}

#[test]
fn every_key_of_the_stack_file_is_optional() {
    let machine = Machine::with_shop();
    machine.write("compose/stack.yaml", "roles:\n  backend: backend\n");
    machine
        .xtask(&["status"])
        .with(1)
        .says(&["local: docker-compose.yml   prod: docker-compose.prod.yml"]);
    machine.write("compose/stack.yaml", "parameters:\n  backend-port: 8123\n");
    machine
        .xtask(&["migrate", "--dry-run", "--accept-guesses"])
        .with(0)
        .says(&["port 8123"]);
    machine.xtask(&["init"]).with(0);
    let text = machine.read("compose/stack.yaml");
    let both = [
        "parameters:\n  backend-port: 8123\n\n",
        "local: { files: [docker-compose.yml], env_files: [.env] }",
    ];
    assert!(both.iter().all(|words| text.contains(words)), "{text}");
}

/// Compose reads `c:` there, and the parser that proves an edit does not.
#[test]
fn a_colon_before_a_brace_stops_no_story() {
    let machine = Machine::with_shop();
    machine.replace(
        "docker-compose.yml",
        "    build: ./frontend\n",
        "    build: ./frontend\n    labels: {c:}\n",
    );
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Applied 4 stories to local"]);
    assert!(
        machine
            .read("docker-compose.yml")
            .contains("    labels: {c:}\n")
    );
    machine
        .xtask(&["revert", "--all", "--accept-irreversible"])
        .with(0);
    // What it does not read in any way is told with file and line.
    machine.replace(
        "docker-compose.yml",
        "    labels: {c:}\n",
        "    labels:\n      c: |\n        \t# text\n",
    );
    let words = [
        "5.1 Redis data volume: docker-compose.yml:23:9: the old text is not read",
        "write that line another way",
    ];
    machine.xtask(&["migrate"]).with(1).says(&words);
}
