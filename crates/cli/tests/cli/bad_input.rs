//! Bad input: each is told with file, line, cause and remedy, and nothing is written.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::machine::{FILES, Machine, Said};
use crate::program;
use crate::repository::committed;

/// Runs the binary, which must end with `code`, say all of `words` on stderr and leave every byte
/// of the checkout.
pub fn refuses(machine: &Machine, args: &[&str], code: i32, words: &[&str]) -> Said {
    let before = machine.tree();
    let said = machine.xtask(args).with(code);
    words
        .iter()
        .for_each(|word| assert!(said.stderr.contains(word), "{word:?} is not said: {said}"));
    assert!(machine.tree() == before, "the checkout changed: {said}");
    said
}

/// What `migrate`, its dry run and `status` say of a checkout whose local file holds this.
fn local_file(bytes: &[u8], words: &[&str]) {
    let machine = Machine::with_shop();
    machine.write("docker-compose.yml", bytes);
    for args in [
        &["migrate"][..],
        &["migrate", "--dry-run"],
        &["migrate", "--check"],
        &["status"],
        &["verify"],
    ] {
        refuses(&machine, args, 2, words);
    }
    assert_eq!(
        machine.starts(),
        0,
        "Docker is not asked about what cannot be read"
    );
}

#[test]
fn no_compose_file() {
    let machine = Machine::bare();
    let root = machine.root().display().to_string();
    refuses(
        &machine,
        &["migrate"],
        2,
        &["no Compose file in", &root, "--root DIR"],
    );
    refuses(
        &machine,
        &["migrate", "--root", "."],
        2,
        &["no Compose file", "--root DIR"],
    );
    refuses(
        &machine,
        &["migrate", "--root", "nowhere"],
        2,
        &["--root nowhere", "No such file"],
    );
}

#[test]
fn not_yaml() {
    local_file(
        b"services: [\n  a: b: c\n",
        &["docker-compose.yml:2:7: not YAML", "mend that line"],
    );
}

#[test]
fn conflict_markers_of_git() {
    let text =
        b"services:\n<<<<<<< HEAD\n  a: {image: x}\n=======\n  b: {image: x}\n>>>>>>> other\n";
    local_file(text, &["docker-compose.yml:2: git conflict markers"]);
}

#[test]
fn not_compose() {
    local_file(
        b"just a text\n",
        &[
            "docker-compose.yml:1:1: not a Compose file",
            "`services` is expected",
        ],
    );
    local_file(
        b"# nothing but this\n",
        &["docker-compose.yml: no YAML in it"],
    );
}

#[test]
fn binary() {
    local_file(
        b"services:\n  \0\x01",
        &[
            "docker-compose.yml:2: not text (byte 12 is NUL)",
            "tr -d '\\000' < docker",
        ],
    );
    local_file(
        b"services:\n  caf\xe9: {image: x}\n",
        &[
            "docker-compose.yml:2: not UTF-8 (byte 15), but Latin-1",
            "iconv -f ISO-8859-1 -t UTF-8 docker-compose.yml >",
        ],
    );
}

#[test]
fn no_bytes() {
    local_file(b"", &["docker-compose.yml: the file is empty (0 bytes)"]);
}

#[test]
fn a_duplicate_key() {
    let words = ["docker-compose.yml:2:1: duplicate key `services` (first at 1:1)"];
    local_file(b"services: {}\nservices: {}\n", &words);
}

#[test]
fn a_folder() {
    let machine = Machine::with_shop();
    machine.remove("docker-compose.yml");
    fs::create_dir(machine.root().join("docker-compose.yml")).unwrap();
    refuses(
        &machine,
        &["migrate"],
        2,
        &["docker-compose.yml is a folder, not a file", "move it away"],
    );
}

#[test]
fn a_link_out_of_the_checkout() {
    let machine = Machine::with_shop();
    machine.write("../elsewhere.yml", machine.read("docker-compose.yml"));
    machine.remove("docker-compose.yml");
    std::os::unix::fs::symlink(
        "../elsewhere.yml",
        machine.root().join("docker-compose.yml"),
    )
    .unwrap();
    refuses(
        &machine,
        &["migrate"],
        2,
        &[
            "docker-compose.yml is a link that leaves the checkout",
            "put the file itself",
        ],
    );
}

/// The binary as somebody who is not root, for root may read and write everything; none where that
/// cannot be arranged.
fn as_nobody(machine: &Machine, args: &[&str]) -> Option<Said> {
    if !rustix::process::geteuid().is_root() {
        return Some(machine.xtask(args));
    }
    // The binary too must be where nobody may go.
    let binary = machine.folder().join("xtask");
    program::copy(&binary);
    let owned = Command::new("chown")
        .args(["-R", "65534:65534"])
        .arg(machine.folder())
        .status()
        .unwrap();
    assert!(owned.success());
    let mut setpriv = Command::new("setpriv");
    setpriv
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(binary);
    match machine
        .spell(setpriv, args)
        .env("COMPOSE_STORIES_PLUGIN", "/nowhere")
        .output()
    {
        Ok(output) => Some(Said::of(output)),
        Err(error) => {
            eprintln!(
                "SKIPPED: root may read and write everything, and setpriv cannot be used: {error}"
            );
            None
        }
    }
}

/// What somebody who is not root hears after `chmod mode path`, and that nothing changed.
fn without_permission(path: &str, mode: u32, code: i32, words: &[&str]) {
    let machine = Machine::with_shop();
    let before = machine.contents();
    let file = machine.root().join(path);
    let own = file.metadata().unwrap().permissions();
    fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
    let said = as_nobody(&machine, &["migrate"]);
    fs::set_permissions(&file, own).unwrap();
    if let Some(said) = said {
        said.with(code).says(words);
        assert_eq!(machine.contents(), before);
    }
}

#[test]
fn unreadable() {
    let words = [
        "docker-compose.yml cannot be read",
        "ls -l docker-compose.yml",
        "Permission denied (os error 13)",
    ];
    without_permission("docker-compose.yml", 0o000, 2, &words);
}

#[test]
fn a_cause_is_told_once() {
    let machine = Machine::with_shop();
    fs::set_permissions(
        machine.root().join(".env"),
        fs::Permissions::from_mode(0o000),
    )
    .unwrap();
    if let Some(said) = as_nobody(&machine, &["migrate"]) {
        assert_eq!(
            said.stderr.matches("Permission denied").count(),
            1,
            "{said}"
        );
    }
}

#[test]
fn not_writable() {
    let words = [
        "5.1",
        "docker-compose.prod.yml is read-only; allow writing: chmod u+w docker-compose.prod.yml",
    ];
    without_permission(
        "docker-compose.prod.yml",
        0o444,
        1,
        &[&words[..], &["Nothing was written."]].concat(),
    );
    without_permission(
        "",
        0o555,
        1,
        &[
            "is read-only; allow writing: chmod u+w",
            "Nothing was written.",
        ],
    );
}

#[test]
fn rejected_as_it_is() {
    let machine = Machine::with_shop();
    machine.compose_answers("echo 'services.web: additional properties not allowed' >&2; exit 1");
    let words = [
        "rejects local as it is, before any story",
        "services.web: additional properties",
        "Nothing was written.",
    ];
    let said = refuses(&machine, &["migrate"], 1, &words);
    assert!(!said.stderr.contains("5.1"), "no story is blamed: {said}");
}

#[test]
fn a_missing_env_file() {
    let machine = Machine::with_shop();
    machine.remove(".env");
    let words = [
        "docker-compose.yml:10:5: .env is missing",
        "Make it from .env.example: cargo xtask onboard\n",
    ];
    refuses(&machine, &["migrate"], 2, &words);
    // The first environment is expected here, whatever it is called.
    let layout = "environments:\n  dev: { files: [docker-compose.yml], env_files: [.env] }\n  \
                  local: { files: [docker-compose.prod.yml], env_files: [.env.prod] }\n\
                  parameters: { backend-health-command: [CMD, /probe] }\n";
    machine.write("compose/stack.yaml", layout);
    refuses(
        &machine,
        &["migrate"],
        2,
        &[".env is missing, and dev needs it"],
    );
    machine.write(".env", machine.read(".env.example"));
    machine.remove(".env.prod");
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&[".env.prod is missing here"]);
    // Production's is not expected on every machine.
    let machine = Machine::with_shop();
    machine.remove(".env.prod");
    let said = machine.xtask(&["migrate"]).with(0).says(&[
        "warning: ",
        ".env.prod is missing here",
        "shape only",
    ]);
    assert!(said.stdout.contains(" ms (shape only)"), "{said}");
}

#[test]
fn an_unknown_story() {
    let machine = Machine::with_shop();
    let words = ["there is no story 9.9", "cargo xtask status"];
    for args in [
        &["migrate", "--only", "9.9"][..],
        &["migrate", "--to", "9.9"],
        &["explain", "9.9"],
        &["skip", "9.9", "--reason", "no"],
    ] {
        refuses(&machine, args, 2, &words);
    }
    refuses(
        &machine,
        &["explain", "nine"],
        2,
        &["`nine` is no story id", "such as 5.1"],
    );
}

#[test]
fn an_unknown_environment() {
    let machine = Machine::with_shop();
    let words = [
        "no environment is called staging",
        "known: local, prod",
        "cargo xtask init",
    ];
    for verb in ["migrate", "status", "verify"] {
        refuses(&machine, &[verb, "--environment", "staging"], 2, &words);
    }
    refuses(&machine, &["compose", "staging", "--", "ps"], 2, &words);
    machine.write(
        "compose/stack.yaml",
        "environments: { local: { files: [docker-compose.yml], env_files: [.env] } }\n",
    );
    let words = [
        "no environment is called prod",
        "known: local",
        "compose/stack.yaml",
    ];
    refuses(&machine, &["migrate", "--environment", "prod"], 2, &words);
}

#[test]
fn a_bad_layout_file() {
    let machine = Machine::with_shop();
    let cases: [(&str, &[&str]); 5] = [
        (
            "environments: {}\n",
            &["compose/stack.yaml: no environment", "write environments:"],
        ),
        (
            "environments:\n  local: { file: [a.yml] }\n",
            &["compose/stack.yaml:2:", "unknown field `file`"],
        ),
        (
            "environments:\n  local: { files: [../a.yml] }\n",
            &["compose/stack.yaml", "../a.yml leaves the checkout"],
        ),
        (
            "environments:\n  local: { files: [a.yml] }\n",
            &["a.yml is not there", "compose/stack.yaml"],
        ),
        ("environments: [\n", &["compose/stack.yaml:"]),
    ];
    for (text, words) in cases {
        machine.write("compose/stack.yaml", text);
        let said = refuses(&machine, &["migrate"], 2, words);
        assert!(
            !said.stderr.contains(" at line "),
            "the place is told once: {said}"
        );
    }
}

#[test]
fn a_layout_that_can_be_read_two_ways() {
    let machine = Machine::with_shop();
    machine.write(
        "docker-compose.prod.yml",
        "services: { redis: { image: x } }\n",
    );
    let words = [
        "docker-compose.prod.yml can be read two ways",
        "but docker-compose.yml also has backend",
        "Write one of these to compose/stack.yaml:",
        "    prod: { files: [docker-compose.prod.yml], env_files: [.env.prod] }",
        "    prod: { files: [docker-compose.yml, docker-compose.prod.yml], env_files: [.env.prod] }",
    ];
    refuses(&machine, &["migrate"], 2, &words);
    refuses(&machine, &["init"], 2, &words);
}

#[test]
fn each_reading_of_an_ambiguous_layout_is_whole() {
    let machine = Machine::with_shop();
    machine.write("compose.yaml", machine.read("docker-compose.yml"));
    let words = ["compose.yaml and docker-compose.yml are both here"];
    let said = refuses(&machine, &["migrate"], 2, &words);
    assert_eq!(
        said.stderr.matches("local: { files: [").count(),
        2,
        "{said}"
    );
    assert_eq!(
        said.stderr
            .matches("prod: { files: [docker-compose.prod.yml]")
            .count(),
        2,
        "{said}"
    );
}

#[test]
fn an_unknown_flag_runs_nothing() {
    let machine = Machine::with_shop();
    refuses(
        &machine,
        &["migrate", "--frobnicate"],
        2,
        &["unexpected argument '--frobnicate'", "--help"],
    );
    refuses(
        &machine,
        &["migrate", "--format", "xml"],
        2,
        &["invalid value 'xml'", "human, json"],
    );
    refuses(
        &machine,
        &["migrat"],
        2,
        &["unrecognized subcommand 'migrat'", "migrate"],
    );
    refuses(&machine, &[], 2, &["Usage"]);
    assert_eq!(machine.starts(), 0);
}

#[test]
fn flags_that_contradict_each_other() {
    let machine = Machine::with_shop();
    refuses(
        &machine,
        &["migrate", "--dry-run", "--check"],
        2,
        &["cannot be used with"],
    );
    refuses(
        &machine,
        &["migrate", "--to", "5.1", "--only", "5.1"],
        2,
        &["cannot be used with"],
    );
}

/// `bomb` unfolds to 9^10 values.
fn bomb() -> String {
    let mut text = "x-a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (last, name) in ('a'..='j').zip('b'..='k') {
        text.push_str(&format!(
            "x-{name}: &{name} [{}*{last}]\n",
            format!("*{last}, ").repeat(8)
        ));
    }
    text
}

#[test]
fn an_alias_bomb_ends_fast_wherever_it_lies() {
    let start = Instant::now();
    for file in FILES {
        let machine = Machine::with_shop();
        machine.write(file, machine.read(file) + &bomb());
        refuses(&machine, &["migrate"], 2, &[file, "unfolds to more than"]);
    }
    for file in [
        "compose/stack.yaml",
        "compose/stories/9.1-bomb.yaml",
        "compose/ledger/9.1-bomb.yaml",
    ] {
        let machine = Machine::with_shop();
        machine.write(file, "format: 1\n".to_owned() + &bomb());
        refuses(&machine, &["migrate"], 2, &[file]);
    }
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn an_alias_that_contains_itself() {
    local_file(
        b"services: {}\nx-a: &a [*a]\n",
        &["docker-compose.yml:2:", "`*a` contains itself"],
    );
}

#[test]
fn a_folder_of_somebody_elses() {
    use std::os::unix::fs::chown;
    use std::os::unix::process::CommandExt as _;
    let machine = Machine::with_shop();
    let program = machine.folder().join("xtask");
    program::copy(&program);
    fs::create_dir_all(machine.root().join("compose")).unwrap();
    fs::set_permissions(machine.folder(), fs::Permissions::from_mode(0o755)).unwrap();
    let own = [
        machine.root(),
        machine.root().join(FILES[0]),
        machine.root().join(FILES[1]),
    ];
    if own
        .iter()
        .any(|path| chown(path, Some(65534), Some(65534)).is_err())
    {
        eprintln!("SKIPPED: only root can give files away");
        return;
    }
    let mut command = machine.spell(Command::new(program), &["migrate", "--checker", "embedded"]);
    let said = Said::of(command.uid(65534).gid(65534).output().unwrap()).with(1);
    said.says(&[
        "compose belongs to user 0",
        "sudo chown $(id -u) compose",
        "Nothing was written",
    ]);
}

#[test]
fn a_path_that_a_shell_would_take_apart_is_quoted() {
    let machine = Machine::with_shop();
    machine.write(
        "compose/stack.yaml",
        "environments:\n  local: { files: [it's mine.yml] }\n",
    );
    machine.write("it's mine.yml", "services:\n  a: { image: x }\n");
    let machine = committed(machine);
    for (text, words) in [
        ("", r"git checkout HEAD -- 'it'\''s mine.yml'"),
        ("a: [", r"git checkout HEAD -- 'it'\''s mine.yml'"),
        (
            "<<<<<<< HEAD\na: 1\n=======\n",
            r"git mergetool -- 'it'\''s mine.yml'",
        ),
    ] {
        machine.write("it's mine.yml", text);
        refuses(&machine, &["status"], 2, &[words]);
    }
}

/// Git is named where it has another text of the file, and then with the checkout.
#[test]
fn a_damaged_file_is_restored_where_git_has_it_otherwise() {
    let damages: [(&str, &[u8]); 5] = [
        ("docker-compose.yml", b""),
        ("docker-compose.yml", b"services: [\n"),
        ("docker-compose.yml", b"just a text\n"),
        ("docker-compose.yml", b"services:\n  caf\xe9: {image: x}\n"),
        (
            "compose/ledger/5.1-redis-data-volume.yaml",
            b"format: one\n",
        ),
    ];
    for (file, damage) in damages {
        let machine = Machine::with_shop();
        machine.xtask(&["migrate", "--only", "5.1"]).with(0);
        let without_git = Machine::with_shop();
        without_git.write(file, damage);
        let said = without_git.xtask(&["status"]).with(2);
        assert!(
            !said.stderr.contains("git checkout"),
            "there is no git: {said}"
        );

        let machine = committed(machine);
        let sound = machine.read(file);
        machine.write(file, damage);
        let root = machine.root().display().to_string();
        let mut elsewhere = machine.command(&["status", "--root", &root]);
        let said =
            crate::machine::Said::of(elsewhere.current_dir(machine.folder()).output().unwrap())
                .with(2);
        let label = "  Restore it: ";
        let command = said
            .stderr
            .lines()
            .find_map(|line| line.strip_prefix(label))
            .unwrap_or_else(|| panic!("{said}"));
        let mut shell = machine.spell(Command::new("sh"), &["-c", command]);
        assert!(
            shell
                .current_dir(machine.folder())
                .status()
                .unwrap()
                .success(),
            "{command}"
        );
        assert_eq!(machine.read(file), sound);

        machine.write(file, damage);
        crate::repository::commit_all(&machine, "Damage");
        let said = machine.xtask(&["status"]).with(2);
        assert!(
            !said.stderr.contains("git checkout"),
            "it is committed like that: {said}"
        );
    }
}

/// What is offered works from where the person stands.
#[test]
fn a_command_of_an_error_names_the_checkout() {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate", "--only", "5.1"]).with(0);
    machine.write("compose/ledger/5.1-redis-data-volume.yaml", "format: one\n");
    let root = machine.root().display().to_string();
    let rebuild = format!("cargo xtask ledger --root {root} rebuild");
    machine
        .xtask(&["status", "--root", &root])
        .with(2)
        .says(&[&rebuild]);
    let words: Vec<_> = rebuild.split(' ').skip(2).collect();
    machine
        .xtask(&words)
        .with(1)
        .says(&["1 record would change"]);

    let machine = Machine::with_shop();
    machine.replace(
        "docker-compose.yml",
        "    ports:\n",
        "    volumes:\n      - { type: tmpfs, target: /data }\n    ports:\n",
    );
    let root = machine.root().display().to_string();
    let migrate = format!("then run cargo xtask migrate --root {root}");
    machine
        .xtask(&["migrate", "--only", "5.1", "--root", &root])
        .with(1)
        .says(&[&migrate]);
}

/// No command of git is offered where there is no repository, or no git, to take it.
#[test]
fn git_is_offered_where_there_is_one() {
    let marks = "<<<<<<< HEAD\na: 1\n=======\n";
    let machine = Machine::with_shop();
    let said = machine.xtask(&["migrate"]).with(0);
    assert!(
        said.stdout.contains("Next: cargo xtask verify\n") && !said.stdout.contains("git diff"),
        "{said}"
    );
    let said = machine.xtask(&["revert", "5.4"]).with(0);
    assert!(said.stdout.contains("Next: cargo xtask status\n"), "{said}");
    machine.write(FILES[0], marks);
    let words = [
        "docker-compose.yml:1: git conflict markers",
        "take one side",
    ];
    let said = refuses(&machine, &["status"], 2, &words);
    assert!(!said.stderr.contains("mergetool"), "{said}");
    let machine = committed(Machine::with_shop());
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Next: cargo xtask verify   or   git diff\n"]);
    machine.write(FILES[0], marks);
    refuses(
        &machine,
        &["status"],
        2,
        &["finish the merge: git mergetool -- docker-compose.yml"],
    );
    let mut command = machine.command(&["status"]);
    let said = Said::of(
        command
            .env("PATH", machine.folder().join("nothing"))
            .output()
            .unwrap(),
    )
    .with(2);
    assert!(!said.stderr.contains("mergetool"), "{said}");
}
