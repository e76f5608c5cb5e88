//! The scenes: a checkout in a state, and a command in it. Those of the plain shop are not listed: their
//! kept texts begin with the command.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use super::engines::running;
use super::snapshot::Kept;
use crate::doctor::DOCKER;
use crate::last_run::cut;
use crate::machine::Machine;
use crate::places::stores;
use crate::recovery::half_done;
use crate::repository::committed;
use crate::stand_in::{BY_VERB, tar};

/// A command whose whole screen is kept.
pub struct Scene {
    /// The name of its file.
    pub name: &'static str,
    /// The checkout before it.
    pub machine: fn() -> Machine,
    /// The command's words.
    pub words: &'static [&'static str],
}

/// The scenes of the plain shop: the texts that no scene of the lists has. The first line of each is
/// the command, words without a blank.
pub fn of_the_shop(listed: &[&[Scene]]) -> Vec<Scene> {
    let is_listed = |name: &str| {
        listed
            .iter()
            .copied()
            .flatten()
            .any(|scene| scene.name == name)
    };
    let scene = |(name, text): (String, String)| {
        let line = text.lines().next().unwrap_or_default();
        let words = line.strip_prefix("$ cargo xtask ");
        let words =
            words.unwrap_or_else(|| panic!("{name}.txt must begin with its command: {line}"));
        let words: Vec<_> = words
            .split(' ')
            .map(|word| &*word.to_owned().leak())
            .collect();
        Scene {
            name: name.leak(),
            machine: Machine::with_shop,
            words: words.leak(),
        }
    };
    let texts = Kept::committed("text").all().into_iter();
    texts
        .filter(|(name, _)| !is_listed(name))
        .map(scene)
        .collect()
}

pub(super) const fn scene(
    name: &'static str,
    machine: fn() -> Machine,
    words: &'static [&'static str],
) -> Scene {
    Scene {
        name,
        machine,
        words,
    }
}

/// The table itself and what only reads.
pub const STATUS: &[Scene] = &[
    scene("status-colour", mixed, &["status", "--color", "always"]),
    scene("status-up-to-date", migrated, &["status"]),
    scene("status-mixed", mixed, &["status"]),
    scene("status-conflict", conflicting, &["status"]),
    scene("status-place-in-conflict", stores, &["status"]),
    scene("status-edited", edited_story, &["status"]),
    scene("status-layers", Machine::with_layers, &["status"]),
    scene("status-no-story-applies", nothing, &["status"]),
    scene("status-roles-open", by_name_alone, &["status"]),
    scene("status-last", migrated, &["status", "--last"]),
    scene("status-last-failed", failed, &["status", "--last"]),
    scene("status-last-unfinished", cut_short, &["status", "--last"]),
    scene("explain", Machine::with_shop, &["explain", "5.1"]),
    scene(
        "explain-without-checkout",
        Machine::bare,
        &["explain", "5.3"],
    ),
];

/// `migrate`, as it goes well and as it stops.
pub const MIGRATE: &[Scene] = &[
    scene("migrate-roles-open", several_backends, &["migrate"]),
    scene("init-roles-open", several_backends, &["init", "--dry-run"]),
    scene("migrate-again", migrated, &["migrate"]),
    scene("migrate-adopts", without_ledger, &["migrate"]),
    scene(
        "migrate-check-up-to-date",
        migrated,
        &["migrate", "--check"],
    ),
    scene("migrate-check-blocked", mixed, &["migrate", "--check"]),
    scene("migrate-embedded", without_compose, &["migrate"]),
    scene("migrate-no-story-applies", nothing, &["migrate"]),
    scene("migrate-conflict", conflicting, &["migrate"]),
    scene(
        "migrate-conflict-colour",
        conflicting,
        &["migrate", "--color", "always"],
    ),
    scene(
        "migrate-conflict-elsewhere",
        conflicting,
        &["migrate", "--root", "../checkout"],
    ),
    scene("migrate-place-in-conflict", stores, &["migrate"]),
    scene("migrate-drifted", drifted, &["migrate"]),
    scene("migrate-edited", edited_story, &["migrate"]),
    scene("migrate-rejected", rejecting, &["migrate"]),
    scene("migrate-rejected-before", rejecting_all, &["migrate"]),
    scene("migrate-unanswered", answering_nonsense, &["migrate"]),
    scene("migrate-data", holding_data, &["migrate"]),
    scene("migrate-data-unseen", hiding_data, &["migrate"]),
    scene("migrate-dirty", dirty, &["migrate"]),
    scene("migrate-commit", shop_in_git, &["migrate", "--commit"]),
    scene(
        "migrate-commit-uncommitted",
        uncommitted,
        &["migrate", "--commit"],
    ),
    scene(
        "migrate-apply-outdated",
        outdated,
        &["migrate", "--apply", "../plan.json"],
    ),
    scene(
        "migrate-without-compose",
        without_compose,
        &["migrate", "--checker", "docker"],
    ),
];

/// `verify` in each of its forms.
pub const VERIFY: &[Scene] = &[
    scene("verify", migrated, &["verify"]),
    scene("verify-drifted", drifted, &["verify"]),
    scene("verify-rejected", migrated_and_rejecting, &["verify"]),
    scene(
        "verify-rejected-colour",
        migrated_and_rejecting,
        &["verify", "--color", "always"],
    ),
    scene(
        "verify-junit",
        migrated_and_rejecting,
        &["verify", "--format", "junit"],
    ),
    scene(
        "verify-markdown",
        migrated_and_rejecting,
        &["verify", "--format", "markdown"],
    ),
    scene("verify-sarif", drifted, &["verify", "--format", "sarif"]),
    scene("verify-github", drifted, &["verify", "--format", "github"]),
    scene(
        "verify-sarif-nothing",
        migrated,
        &["verify", "--format", "sarif"],
    ),
    scene(
        "status-github",
        conflicting,
        &["status", "--format", "github"],
    ),
    scene("status-junit", mixed, &["status", "--format", "junit"]),
    scene(
        "migrate-check-sarif",
        mixed,
        &["migrate", "--check", "--format", "sarif"],
    ),
    scene("doctor-sarif", ill, &["doctor", "--format", "sarif"]),
    scene("doctor-markdown", ill, &["doctor", "--format", "markdown"]),
];

/// What takes back, leaves out and records.
pub const LEDGER: &[Scene] = &[
    scene("revert-dry-run", migrated, &["revert", "5.4", "--dry-run"]),
    scene("revert", migrated, &["revert", "5.4"]),
    scene(
        "revert-all",
        migrated,
        &["revert", "--all", "--accept-irreversible"],
    ),
    scene("revert-irreversible", migrated, &["revert", "5.2"]),
    scene(
        "revert-edited-since",
        edited_since,
        &["revert", "5.3", "--with-dependents"],
    ),
    scene("revert-needed", migrated, &["revert", "5.3"]),
    scene(
        "skip",
        Machine::with_shop,
        &["skip", "5.1", "--reason", "a cache and no more"],
    ),
    scene(
        "skip-place",
        stores,
        &["skip", "8.5", "--service", "queue", "--reason", "it may go"],
    ),
    scene(
        "volumes-forget",
        Machine::with_shop,
        &["volumes", "forget", "old", "--reason", "a copy of 2025"],
    ),
    scene(
        "skip-applied",
        migrated,
        &["skip", "5.1", "--reason", "it's no store"],
    ),
    scene(
        "ledger-rebuild-dry-run",
        without_a_record,
        &["ledger", "rebuild", "--dry-run"],
    ),
    scene(
        "ledger-rebuild",
        without_a_record,
        &["ledger", "rebuild", "--yes"],
    ),
    scene("ledger-rebuild-agrees", migrated, &["ledger", "rebuild"]),
    scene("recover-nothing", Machine::with_shop, &["recover"]),
    scene("recover", half_done, &["recover"]),
    scene("recover-edited-since", half_done_and_edited, &["recover"]),
];

/// A machine and a checkout that are made ready.
pub const MACHINE: &[Scene] = &[
    scene("doctor", well, &["doctor"]),
    scene("doctor-without-docker", ill, &["doctor"]),
    scene("doctor-prod", well, &["doctor", "--environment", "prod"]),
    scene("doctor-nothing-here", Machine::bare, &["doctor"]),
    scene("init-dry-run", nothing, &["init", "--dry-run"]),
    scene("init-again", with_layout, &["init"]),
    scene("onboard-without-docker", ill, &["onboard"]),
    scene("onboard", well, &["onboard"]),
];

/// What is not understood or not readable.
pub const ERRORS: &[Scene] = &[
    scene("no-checkout", Machine::bare, &["status"]),
    scene("not-yaml", not_yaml, &["status"]),
    scene("damaged-record", damaged_record, &["status"]),
    scene(
        "damaged-record-elsewhere",
        damaged_record,
        &["status", "--root", "../checkout"],
    ),
];

const RECORD: &str = "compose/ledger/5.1-redis-data-volume.yaml";
const MOUNT: &str = "    volumes:\n      - redis_data:/data\n";

fn migrated() -> Machine {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate"]).with(0);
    machine
}

fn drifted() -> Machine {
    let machine = migrated();
    machine.replace("docker-compose.yml", MOUNT, "");
    machine
}

/// Drifted, skipped, waiting and pending at once.
fn mixed() -> Machine {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate", "--to", "5.1"]).with(0);
    machine.replace("docker-compose.yml", MOUNT, "");
    machine
        .xtask(&[
            "skip",
            "5.2",
            "-e",
            "prod",
            "--reason",
            "the next release does it",
        ])
        .with(0);
    machine
}

pub fn conflicting() -> Machine {
    let machine = Machine::with_shop();
    machine.replace(
        "docker-compose.yml",
        "    ports:\n",
        "    volumes:\n      - ./data:/data:ro\n    ports:\n",
    );
    machine
}

fn edited_story() -> Machine {
    let machine = migrated();
    machine.replace(RECORD, "sha256:", "sha256:0");
    machine
}

fn edited_since() -> Machine {
    let machine = migrated();
    machine.replace(
        "docker-compose.yml",
        "      interval: 10s\n",
        "      interval: 15s\n",
    );
    machine
}

fn nothing() -> Machine {
    let machine = Machine::bare();
    machine.write(
        "compose.yaml",
        "services:\n  mailer:\n    image: a/b:1\n  wiki:\n    image: a/c:1\n",
    );
    machine
}

/// Two services of which nothing but their names says what they are.
fn by_name_alone() -> Machine {
    let machine = Machine::bare();
    machine.write(
        "compose.yaml",
        "services:\n  api:\n    image: a/b:1\n  web:\n    image: a/c:1\n",
    );
    machine
}

/// Two services that may be the backend, and a page.
fn several_backends() -> Machine {
    let machine = Machine::bare();
    machine.write("compose.yaml", crate::roles::SEVERAL);
    machine
}

fn without_ledger() -> Machine {
    let machine = migrated();
    fs::remove_dir_all(machine.root().join("compose/ledger")).unwrap();
    machine
}

fn without_a_record() -> Machine {
    let machine = migrated();
    machine.remove(RECORD);
    machine
}

fn damaged_record() -> Machine {
    let machine = committed(migrated());
    machine.replace(RECORD, "state: applied", "state: undone");
    machine
}

fn without_compose() -> Machine {
    Machine::with_shop().without_compose()
}

/// A shell that rejects production's file once it holds a text.
fn reject(machine: &Machine, text: &str) {
    machine.compose_answers(&format!(
        r#"case "$*" in *docker-compose.prod.yml*) if grep -q '{text}' docker-compose.prod.yml; then
             echo "services.backend: no {text} with fixture-prod-secret, please" >&2; exit 15
           fi;; esac; echo '{{}}'"#
    ));
}

fn rejecting() -> Machine {
    let machine = Machine::with_shop();
    reject(&machine, "start_period: 40s");
    machine
}

fn failed() -> Machine {
    let machine = rejecting();
    machine.xtask(&["migrate"]).with(1);
    machine
}

fn migrated_and_rejecting() -> Machine {
    let machine = migrated();
    reject(&machine, "redis:7-alpine");
    machine
}

pub(super) fn rejecting_all() -> Machine {
    let machine = running();
    machine.compose_answers("echo 'services.web must be a mapping, fixture-api-token' >&2; exit 1");
    machine
}

/// A run that ended in the middle of its first story, and an edit since.
fn cut_short() -> Machine {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate", "--only", "5.1"]).with(0);
    cut(&machine, 2);
    machine.replace("docker-compose.prod.yml", "redis_data", "other_data");
    machine
}

fn half_done_and_edited() -> Machine {
    let machine = half_done();
    machine.replace("docker-compose.prod.yml", "services:", "# mine\nservices:");
    machine
}

fn answering_nonsense() -> Machine {
    let machine = Machine::with_shop();
    machine.compose_answers("echo '<html>'");
    machine
}

/// An engine on which a container of redis keeps a file at `/data`, in no volume.
fn holding_data() -> Machine {
    let machine = Machine::with_shop();
    fs::write(machine.docker.file("answer"), BY_VERB).unwrap();
    fs::write(machine.docker.file("ps"), "c0ffee\n").unwrap();
    fs::write(machine.docker.file("inspect"), "[]").unwrap();
    fs::write(machine.docker.file("cp"), tar("dump.rdb")).unwrap();
    machine
}

fn hiding_data() -> Machine {
    let machine = holding_data();
    fs::write(machine.docker.file("inspect"), "<html>").unwrap();
    machine
}

fn shop_in_git() -> Machine {
    committed(Machine::with_shop())
}

fn dirty() -> Machine {
    let machine = shop_in_git();
    machine.replace("docker-compose.yml", "# The shop", "# My shop");
    machine
}

fn uncommitted() -> Machine {
    let machine = shop_in_git();
    machine.xtask(&["migrate", "--to", "5.1"]).with(0);
    machine
}

fn outdated() -> Machine {
    let machine = Machine::with_shop();
    machine
        .xtask(&["migrate", "--plan", "../plan.json"])
        .with(0);
    machine.replace("docker-compose.yml", "# The shop", "# My shop");
    machine
}

fn with_layout() -> Machine {
    let machine = Machine::with_shop();
    machine.xtask(&["init"]).with(0);
    machine
}

fn not_yaml() -> Machine {
    let machine = committed(Machine::with_shop());
    machine.write("docker-compose.yml", "services: [\n  a: b: c\n");
    machine
}

/// A client and an engine that answer, and env files that lack nothing.
fn well() -> Machine {
    let machine = Machine::with_shop();
    fs::write(machine.docker.file("answer"), DOCKER).unwrap();
    machine.write(".env.example", "SESSION_SECRET=CHANGE_ME\nLOG_LEVEL=info\n");
    machine.write(
        ".env",
        "SESSION_SECRET=fixture-session-secret\nAPI_TOKEN=fixture-api-token\nLOG_LEVEL=info\n",
    );
    mode(&machine, ".env", 0o600);
    mode(&machine, ".env.prod", 0o644);
    machine.replace("docker-compose.yml", "services:", "name: shop\nservices:");
    committed(machine)
}

fn mode(machine: &Machine, path: &str, mode: u32) {
    fs::set_permissions(machine.root().join(path), Permissions::from_mode(mode)).unwrap();
}

/// No Docker, and env files with what everybody knows.
fn ill() -> Machine {
    let machine = Machine::with_shop().without_compose();
    machine.write(
        ".env.example",
        "SESSION_SECRET=CHANGE_ME\nLOG_LEVEL=info\nNEW_ONE=1\n",
    );
    machine.write(".env", "SESSION_SECRET=CHANGE_ME\nLOG_LEVEL=info\n");
    mode(&machine, ".env", 0o600);
    machine.remove(".env.prod");
    machine
}
