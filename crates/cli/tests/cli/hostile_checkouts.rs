//! Checkouts that mean harm: every kind of file in every place that is read, names of all bytes,
//! and sizes without reason. Each command ends soon and in little memory, says what is in the way,
//! and writes nothing.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::machine::{Machine, Said};

/// What a command may use: seconds of the processor, and bytes of data. It is ended when it waits.
const LIMITED: &str = r#"ulimit -t 10; ulimit -d 1500000; exec "$@""#;
const WAIT: &str = "120";

/// Runs the binary within limits; a command that has to be ended has failed.
fn bounded(machine: &Machine, args: &[&str]) -> Said {
    let mut program = Command::new("timeout");
    program.args([
        "--signal=KILL",
        WAIT,
        "sh",
        "-c",
        LIMITED,
        "sh",
        env!("CARGO_BIN_EXE_compose-stories"),
    ]);
    let said = Said::of(machine.spell(program, args).output().unwrap());
    assert!(
        (0..=2).contains(&said.code),
        "{args:?} does not end by itself: {said}"
    );
    assert!(
        !said.all().contains(is_steering),
        "{args:?} steers the terminal: {said}"
    );
    said
}

fn is_steering(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What a path is, without opening anything: mode, number, size and time of change.
type Stands = BTreeMap<PathBuf, (u32, u64, u64, i64, i64)>;

fn stands(path: &Path, found: &mut Stands) {
    let Ok(own) = path.symlink_metadata() else {
        return;
    };
    let is_folder = own.is_dir();
    found.insert(
        path.to_owned(),
        (
            own.mode(),
            own.ino(),
            own.size(),
            own.mtime(),
            own.mtime_nsec(),
        ),
    );
    if is_folder && let Ok(entries) = fs::read_dir(path) {
        entries.for_each(|entry| stands(&entry.unwrap().path(), found));
    }
}

fn checkout_of(machine: &Machine) -> Stands {
    let mut found = Stands::new();
    stands(&machine.root(), &mut found);
    found
}

/// The binary, which must end with 2, say these words and leave everything.
fn refuses(machine: &Machine, args: &[&str], words: &[&str]) {
    let before = checkout_of(machine);
    let said = bounded(machine, args);
    // For `doctor` a checkout that cannot be read is one finding of several.
    let is_doctor = args == ["doctor"];
    assert!(
        said.code == 2 || is_doctor && said.code == 1,
        "{args:?}: {said}"
    );
    let told = if is_doctor {
        said.all()
    } else {
        said.stderr.clone()
    };
    words.iter().for_each(|word| {
        assert!(
            told.contains(word),
            "{args:?}: {word:?} is not said: {said}"
        )
    });
    assert!(checkout_of(machine) == before, "{args:?} writes: {said}");
}

const LAYOUT: &str = "\
environments:
  local: { files: [docker-compose.yml, docker-compose.override.yml], env_files: [.env] }
";

const COMPOSE: &str = "\
include: [included.yml]
services:
  redis:
    image: redis:6.2.13
  backend:
    extends: { file: extended.yml, service: base }
    build: ./backend
    env_file: service.env
    ports: [\"8080:8080\"]
    depends_on: [redis]
";

/// A checkout with a file in every place that is read.
fn checkout() -> Machine {
    let machine = Machine::bare();
    for (path, text) in [
        ("docker-compose.yml", COMPOSE),
        (
            "docker-compose.override.yml",
            "services: { redis: { ports: [\"6379:6379\"] } }\n",
        ),
        (
            "included.yml",
            "services: { mail: { image: mailhog/mailhog:v1.0.1 } }\n",
        ),
        ("extended.yml", "services: { base: { restart: always } }\n"),
        (".env", "A=1\n"),
        ("service.env", "B=1\n"),
        ("backend/Dockerfile", "FROM node:20\nEXPOSE 8080\n"),
        ("compose/stack.yaml", LAYOUT),
    ] {
        machine.write(path, text);
    }
    machine
}

/// What may lie in a place instead of a file. False where this user or this system cannot make it.
type Make = fn(&Path) -> bool;

/// The kinds that no text can be read from.
const SPECIAL: [(&str, Make); 6] = [
    ("a FIFO", |path| {
        mknodat(CWD, path, FileType::Fifo, Mode::RWXU, 0).is_ok()
    }),
    ("a socket", |path| UnixListener::bind(path).is_ok()),
    ("a folder", |path| fs::create_dir(path).is_ok()),
    ("a link to a device", |path| {
        symlink("/dev/zero", path).is_ok()
    }),
    ("a link loop", |path| {
        symlink(path.file_name().unwrap(), path).is_ok()
    }),
    ("a file nobody may read", |path| {
        fs::write(path, "a: 1\n").unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
        fs::read(path).is_err()
    }),
];

/// The kinds that can be opened and hold nothing to go on with.
const UNREADABLE: [(&str, Make); 6] = [
    ("a link that leads outside", |path| {
        symlink(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"), path).is_ok()
    }),
    ("a huge file", |path| {
        fs::File::create(path)
            .and_then(|file| file.set_len(1 << 40))
            .is_ok()
    }),
    ("a binary", |path| {
        fs::write(path, b"\x7fELF\x02\x01\x01\0\0\0\xff\xfe").is_ok()
    }),
    ("NUL bytes", |path| {
        fs::write(path, "a: 1\n\0\0\0\0").is_ok()
    }),
    ("Latin-1", |path| {
        fs::write(path, b"# caf\xe9\na: 1\n").is_ok()
    }),
    ("UTF-16", |path| {
        let text = "\u{feff}a: 1\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<_>>();
        fs::write(path, text).is_ok()
    }),
];

/// Where text must be read, so that a command cannot go on without it.
const NEEDED: [&str; 8] = [
    "docker-compose.yml",
    "docker-compose.override.yml",
    "included.yml",
    "extended.yml",
    ".env",
    "compose/stack.yaml",
    "compose/stories/9.1-own.yaml",
    "compose/ledger/5.1-redis-data-volume.yaml",
];

/// What is looked at and not needed, in the checkout and beside it.
const LOOKED_AT: [&str; 13] = [
    "backend/Dockerfile",
    "service.env",
    ".env.example",
    "compose/ledger/.lock",
    "compose/ledger/.journal",
    "compose/ledger/.gitignore",
    ".gitignore",
    ".git",
    "STATE/checks.json",
    "STATE/projects.json",
    "STATE/runs/00000000000000000001-0000001.jsonl",
    "STATE/preimages/index.json",
    "STATE/../plugin.json",
];

const COMMANDS: [&[&str]; 5] = [
    &["status"],
    &["migrate", "--accept-guesses"],
    &["verify"],
    &["init"],
    &["doctor"],
];

/// The checkout with one place spoilt; none where that cannot be made.
fn spoilt(place: &str, make: Make) -> Option<Machine> {
    let machine = checkout();
    let path = match place.strip_prefix("STATE/") {
        Some(name) => {
            let state = compose_stories::state::State::below(
                &machine.folder().join("state/compose-stories"),
                &machine.root(),
            );
            state.folder().unwrap().join(name)
        }
        None => machine.root().join(place),
    };
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::remove_file(&path).ok();
    make(&path).then_some(machine)
}

#[test]
fn what_must_be_read_and_cannot_be_is_named_by_every_command() {
    let mut counts = [0, 0];
    for (at, place) in NEEDED.iter().enumerate() {
        for (of, (kind, make)) in SPECIAL.iter().chain(&UNREADABLE).enumerate() {
            // Compose takes a folder of that name for no env file.
            if (*place, *kind) == (".env", "a folder") {
                continue;
            }
            let Some(machine) = spoilt(place, *make) else {
                counts[1] += 1;
                continue;
            };
            // Every command meets every kind and every place; all pairs of both would take minutes.
            let other = COMMANDS[1 + (at + of) % 4];
            let commands = [COMMANDS[0], other];
            for command in commands {
                eprintln!("{place} as {kind}: {command:?}");
                refuses(&machine, command, &[place]);
                counts[0] += 1;
            }
        }
    }
    println!(
        "hostile files where text is needed: {} runs, {} kinds that cannot be made here",
        counts[0], counts[1]
    );
    assert!(counts[0] > 150, "{counts:?}");
}

#[test]
fn what_is_only_looked_at_keeps_nobody_waiting() {
    let mut runs = 0;
    for (at, place) in LOOKED_AT.iter().enumerate() {
        for (of, (kind, make)) in SPECIAL.iter().enumerate() {
            let Some(machine) = spoilt(place, *make) else {
                continue;
            };
            if place.starts_with(".git") && *place != ".git" {
                let init = machine
                    .spell(Command::new("git"), &["init", "--quiet"])
                    .status()
                    .unwrap();
                assert!(init.success());
            }
            for command in [COMMANDS[(at + of) % 5], &["migrate", "--accept-guesses"]] {
                eprintln!("{place} as {kind}: {command:?}");
                let before = checkout_of(&machine);
                let said = bounded(&machine, command);
                let wrote = checkout_of(&machine) != before;
                assert!(
                    !wrote || said.code == 0,
                    "{place} as {kind}: {command:?} fails and writes: {said}"
                );
                runs += 1;
            }
        }
    }
    println!("hostile files where they are only looked at: {runs} runs");
    assert!(runs > 100);
}

#[test]
fn a_compose_folder_that_is_a_link_is_replaced_by_the_command_that_is_offered() {
    for (target, is_folder) in [("../elsewhere", true), ("../nowhere", false)] {
        let machine = checkout();
        fs::remove_dir_all(machine.root().join("compose")).unwrap();
        machine.write("../elsewhere/ledger/.keep", "");
        symlink(target, machine.root().join("compose")).unwrap();
        let before = checkout_of(&machine);
        let said = bounded(&machine, &["migrate"]);
        assert!(checkout_of(&machine) == before && said.code != 0, "{said}");
        let (_, command) = said
            .stderr
            .split_once(": rm ")
            .unwrap_or_else(|| panic!("no way on: {said}"));
        let command = format!("rm {}", command.lines().next().unwrap());
        assert_eq!(command.contains("cp -R"), is_folder, "{said}");
        let pasted = machine
            .spell(Command::new("sh"), &["-c", &command])
            .output()
            .unwrap();
        assert!(pasted.status.success(), "{command}: {pasted:?}");
        bounded(&machine, &["migrate", "--accept-guesses"])
            .with(0)
            .says(&["Applied"]);
    }
}

#[test]
fn a_record_that_is_a_link_is_no_record() {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate"]).with(0);
    let record = "compose/ledger/5.1-redis-data-volume.yaml";
    machine.write("kept.yaml", machine.read(record));
    machine.remove(record);
    symlink("../../kept.yaml", machine.root().join(record)).unwrap();
    for args in [&["status"][..], &["revert", "5.1"]] {
        refuses(
            &machine,
            args,
            &[
                "5.1-redis-data-volume.yaml is a link to ../../kept.yaml",
                ": rm compose/ledger/",
            ],
        );
    }
    let said = machine.xtask(&["status"]);
    let (_, command) = said.stderr.split_once("of its own: ").unwrap();
    let pasted = machine
        .spell(Command::new("sh"), &["-c", command.trim()])
        .output()
        .unwrap();
    assert!(pasted.status.success(), "{pasted:?}");
    machine.xtask(&["status"]).with(0);
}

/// Every character of one byte but `/`, quotes, and what turns a line round.
fn every_character() -> String {
    let bytes = (1..=255).map(char::from).filter(|c| *c != '/');
    bytes
        .chain("\u{202e}\u{2066}\u{200f}\u{2028}".chars())
        .collect()
}

/// A text as YAML in double quotes.
fn in_yaml(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|c| format!("\\U{:08x}", u32::from(c)))
        .collect();
    format!("\"{escaped}\"")
}

#[test]
fn names_of_all_characters_steer_no_terminal_and_break_no_document() {
    let every = in_yaml(&every_character());
    let machines = ["environment", "service", "volume", "image", "variable"].map(|what| {
        let machine = checkout();
        let compose = match what {
            "service" => COMPOSE
                .replace("  redis:", &format!("  {every}:"))
                .replace("[redis]", &format!("[{every}]")),
            "volume" => format!("{COMPOSE}volumes: {{ {every}: }}\n"),
            "image" => COMPOSE.replace("redis:6.2.13", &every),
            "variable" => {
                COMPOSE.replace("redis:6.2.13", &format!("\"redis:${{{}}}\"", "\\e[31mA"))
            }
            _ => COMPOSE.to_owned(),
        };
        machine.write("docker-compose.yml", compose);
        if what == "environment" {
            machine.write("compose/stack.yaml", LAYOUT.replace("local", &every));
        }
        machine
    });
    let mut runs = 0;
    for machine in &machines {
        for args in COMMANDS.into_iter().chain([
            &["migrate", "--dry-run"][..],
            &["verify", "--format", "markdown"],
        ]) {
            bounded(machine, args);
        }
        for args in [
            &["status", "--format", "json"][..],
            &["migrate", "--dry-run", "--format", "json"],
        ] {
            bounded(machine, args).json();
        }
        let said = bounded(machine, &["verify", "--format", "junit"]);
        let mut xml = quick_xml::Reader::from_str(&said.stdout);
        while !matches!(xml.read_event().unwrap(), quick_xml::events::Event::Eof) {}
        runs += 10;
    }
    println!("names of all characters: {runs} runs");
}

#[test]
fn a_files_name_may_hold_every_byte() {
    let machine = Machine::with_shop();
    let bytes: Vec<u8> = b"docker-compose.dev-"
        .iter()
        .copied()
        .chain((1..=255).filter(|b| *b != b'/'))
        .take(200)
        .collect();
    for name in [
        &[&bytes[..], b".yml"].concat()[..],
        b"docker-compose.dev-\xff.yml",
        b"-docker-compose.dev.yml",
    ] {
        fs::write(
            machine.root().join(OsStr::from_bytes(name)),
            "services: { web: { image: nginx:1.27.0 } }\n",
        )
        .unwrap();
    }
    for args in COMMANDS {
        bounded(&machine, args);
    }
    let machine = Machine::with_shop();
    machine.remove("docker-compose.yml");
    machine.write(
        "docker-compose.dev-\u{1b}[31m.yml",
        "services: { web: { image: nginx:1.27.0 } }\n",
    );
    let said = bounded(&machine, &["status"]);
    assert!(
        said.code == 2
            && said
                .stderr
                .contains("control characters; rename it: mv -- $'docker-compose."),
        "{said}"
    );
    let machine = Machine::with_shop();
    let folder = machine
        .folder()
        .join(OsStr::from_bytes(b"shop \xff\x1b[2J"));
    fs::rename(machine.root(), &folder).unwrap();
    fs::create_dir(machine.root()).unwrap();
    for args in [
        &["status", "--format", "json"][..],
        &["migrate", "--dry-run", "--format", "json"],
    ] {
        let words = args
            .iter()
            .map(OsStr::new)
            .chain([OsStr::new("--root"), folder.as_os_str()])
            .collect::<Vec<_>>();
        let said = Said::of(machine.command(&words).output().unwrap());
        assert!(
            said.json()["root"].as_str().unwrap().contains("shop ")
                && !said.all().contains(is_steering),
            "{said}"
        );
    }
}

#[test]
fn an_escape_in_a_file_reaches_no_terminal_with_colours_either() {
    let machine = Machine::with_shop();
    machine.replace(
        "docker-compose.yml",
        "# as in production",
        "# \u{202e}as in production",
    );
    let said = machine
        .xtask(&["migrate", "--dry-run", "--color", "always"])
        .with(0)
        .says(&["\\u{202e}as in"]);
    assert!(
        said.stdout.contains("\u{1b}[32m+"),
        "its own colours stay: {said}"
    );
    // In compose's words.
    machine.compose_answers(r#"printf 'bad \033]0;title\007 word\n' >&2; exit 1"#);
    let said = machine
        .xtask(&["migrate"])
        .with(1)
        .says(&["bad \\x1b]0;title\\x07 word"]);
    assert!(!said.all().contains(is_steering), "{said}");
}

/// A name, the text of the compose file, and words of the refusal; none where it may be read.
fn without_reason() -> Vec<(&'static str, String, &'static str)> {
    let services = |count: usize| -> String {
        let own = |number: usize| {
            format!("  service-{number}:\n    image: registry.example.org/team/app:1.{number}.0\n")
        };
        "services:\n".to_owned() + &(0..count).map(own).collect::<String>()
    };
    let chain: String = (0..30_000)
        .map(|depth| format!("{:depth$}a:\n", "", depth = depth.min(2_000)))
        .collect();
    vec![
        ("400,000 services", services(400_000), "larger than 2 MiB"),
        (
            "30,000 services",
            services(30_000),
            "no file with more than 10000",
        ),
        (
            "12,000 services",
            services(12_000),
            "no file with more than 10000",
        ),
        (
            "flow in flow",
            format!("a: {}{}\n", "[".repeat(100_000), "]".repeat(100_000)),
            "docker-compose.yml",
        ),
        (
            "flow without end",
            "[".repeat(1_000_000),
            "docker-compose.yml",
        ),
        ("maps in maps", chain, "docker-compose.yml"),
        (
            "one long line",
            format!("services: {{}}\nx-a: \"{}\"\n", "a".repeat(2_000_000)),
            "",
        ),
        (
            "many comments",
            format!("services: {{}}\n{}", "# one\n".repeat(90_000)),
            "",
        ),
        ("many lines", "\n".repeat(500_000), "more than 100000 lines"),
        (
            "many documents",
            "---\n".repeat(90_000),
            "docker-compose.yml",
        ),
        (
            "many aliases",
            format!(
                "services: {{}}\nx-a: &a 1\nx-b: [{}]\n",
                "*a, ".repeat(200_000)
            ),
            "",
        ),
    ]
}

#[test]
fn what_is_large_beyond_reason_ends_early() {
    let machine = Machine::with_shop();
    for (name, text, words) in without_reason() {
        machine.write("docker-compose.yml", &text);
        let start = Instant::now();
        let said = bounded(&machine, &["status"]);
        eprintln!(
            "{name}, {} bytes: {:?}, exit {}",
            text.len(),
            start.elapsed(),
            said.code
        );
        if !words.is_empty() {
            said.with(2).says(&["docker-compose.yml", words]);
        }
    }
}

#[test]
fn many_files_and_environments_end_early() {
    let machine = checkout();
    let environments: String = (0..30_000)
        .map(|at| format!("  e{at}: {{ files: [docker-compose.yml] }}\n"))
        .collect();
    machine.write(
        "compose/stack.yaml",
        format!("environments:\n{environments}"),
    );
    refuses(
        &machine,
        &["status"],
        &[
            "30000 environments (from compose/stack.yaml)",
            "no more than 250",
        ],
    );
    let machine = checkout();
    let next = |at: usize| format!("include: [f{}.yml]\nservices: {{}}\n", at + 1);
    (0..1_200).for_each(|at| machine.write(&format!("f{at}.yml"), next(at)));
    machine.write("docker-compose.yml", next(0).replace("f1", "f0"));
    refuses(
        &machine,
        &["status"],
        &["more than 1000 Compose files", "is one too many"],
    );
    let machine = Machine::bare();
    (0..400).for_each(|at| {
        machine.write(
            &format!("docker-compose.dev{at}.yml"),
            "services: { a: { image: b } }\n",
        )
    });
    refuses(
        &machine,
        &["status", "--root", "."],
        &["docker-compose.dev0.yml", "and 392 more"],
    );
    let machine = checkout();
    (0..1_200).for_each(|at| machine.write(&format!("compose/stories/9.{at}-a.yaml"), "a"));
    refuses(
        &machine,
        &["status"],
        &["compose/stories holds 1200 YAML files"],
    );
}

#[test]
fn a_signal_is_heard_while_a_reader_keeps_the_process_waiting() {
    use rustix::process::{Pid, Signal, kill_process};
    use std::io::Write as _;
    let machine = Machine::with_shop();
    for signal in [Signal::INT, Signal::TERM] {
        let (_reader, mut writer) = std::io::pipe().unwrap();
        // As much as a pipe takes: the next byte is waited for.
        writer.write_all(&[b'x'; 65_536]).unwrap();
        let mut child = machine.command(&["status"]).stdout(writer).spawn().unwrap();
        std::thread::sleep(Duration::from_secs(2));
        assert!(
            child.try_wait().unwrap().is_none(),
            "it waits for its reader"
        );
        kill_process(Pid::from_child(&child), signal).unwrap();
        let start = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if start.elapsed() > Duration::from_secs(20) {
                child.kill().unwrap();
                panic!("{signal:?} is not heard");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(child.wait().unwrap().code(), Some(130));
    }
}

/// Compose reads `.env` by itself where the env files that are listed are not there.
#[test]
fn nothing_waits_for_an_env_file_that_compose_reads_by_itself() {
    let Some(machine) = checkout().with_real_compose() else {
        return;
    };
    machine.write(
        "compose/stack.yaml",
        LAYOUT.replace("[.env]", "[.env.local]"),
    );
    machine.remove(".env");
    assert!(SPECIAL[0].1(&machine.root().join(".env")));
    for command in [
        &["up"][..],
        &["verify"],
        &["migrate"],
        &["compose", "local", "--", "config"],
    ] {
        refuses(
            &machine,
            command,
            &[".env is a named pipe (FIFO), not a file"],
        );
    }
}

/// Whoever reads a checkout's file by another way may wait for a FIFO.
#[test]
fn files_are_read_in_one_place() {
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let (mut seen, mut elsewhere) = (0, Vec::new());
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            seen += 1;
            let code = text.split("#[cfg(test)]").next().unwrap();
            if !path.ends_with("regular_file.rs")
                && (code.contains("fs::read(") || code.contains("fs::read_to_string("))
            {
                elsewhere.push(path);
            }
        }
    }
    assert!(seen > 100 && elsewhere.is_empty(), "{elsewhere:?}");
}
