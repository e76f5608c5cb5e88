//! What users wait for, against its floor, in one run: `migrate` against the bare `docker compose
//! config -q` calls that it must make, on as many workers; the CPU of `status` and of a `migrate`
//! with nothing to do against that of `git status`; and how both grow with the services.
//!
//!     cargo bench -p compose-stories
//!
//! The build measured is the one that `cargo xtask` runs. Process starts and file reads are
//! included. Rounds alternate between the two sides, so that a busy machine is unfair to neither;
//! medians are compared.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROUNDS: usize = 15;

/// A first `migrate` of two environments and four stories: one call for each environment's start
/// and for each story.
const CALLS: usize = 2 + 4 * 2;
const WORKERS: usize = 2;

fn main() {
    let xtask = build();
    let work = tempfile::tempdir().expect("a temporary folder");
    let stack = work.path().join("stack");
    beside_git(&xtask, &stack, work.path());
    growth(&xtask, work.path());
    if !Command::new("docker")
        .args(["compose", "version"])
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|code| code.success())
    {
        println!("SKIPPED migrate: Docker Compose is not installed");
        return;
    }
    beside_compose(&xtask, &stack, work.path());
}

/// A first `migrate` beside the calls of Compose that it must make.
fn beside_compose(xtask: &Path, stack: &Path, state: &Path) {
    let (mut ours, mut bare, mut plugin) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        fresh(stack);
        ours.push(time(|| run(migrate(xtask, stack, state))));
        bare.push(time(|| calls(stack, &|| docker(&["compose"]))));
        if let Some(path) = plugin_path() {
            plugin.push(time(|| calls(stack, &|| Command::new(&path))));
        }
    }
    let (ours, bare) = (median(ours), median(bare));
    println!(
        "migrate, 4 stories, 2 environments: {} ms",
        ours.as_millis()
    );
    report("docker compose config -q", ours, bare);
    if !plugin.is_empty() {
        report("the plugin called directly", ours, median(plugin));
    }
}

/// What does nothing beside the tool that everybody has at hand: the CPU of `status` and of a
/// `migrate` that finds nothing to do, against `git status` of the same checkout.
fn beside_git(xtask: &Path, stack: &Path, state: &Path) {
    const TIMES: u32 = 50;
    fresh(stack);
    run(migrate(xtask, stack, state));
    for arguments in [
        &["init", "--quiet"][..],
        &["add", "--all"],
        &["commit", "--quiet", "--message=All"],
    ] {
        run(git(stack, arguments));
    }
    // Many of a kind in a row: the kernel counts in ticks, and one run is shorter than a tick.
    let many = |command: &dyn Fn() -> Command| cpu(|| (0..TIMES).for_each(|_| run(command())));
    let floor = many(&|| git(stack, &["status"]));
    for (name, word) in [
        ("status", "status"),
        ("migrate with nothing to do", "migrate"),
    ] {
        let ours = many(&|| verb(xtask, word, stack, state));
        let (ratio, each) = (ours / floor, ours * 1000.0 / f64::from(TIMES));
        println!(
            "{name}: {each:.1} ms of CPU, {ratio:.1} times git status of the same checkout (goal: at most 2)"
        );
    }
}

/// How the CPU of a large checkout's commands grows with it: twice the services, at most 2.3 times
/// the CPU, which leaves room for sorting and a busy machine; what is quadratic takes 4 times.
fn growth(xtask: &Path, state: &Path) {
    const SERVICES: usize = 500;
    let took = |services: usize, arguments: &[&str]| {
        let stack = state.join(format!("of-{services}"));
        generated(&stack, services);
        let mut command = Command::new(xtask);
        command
            .args(arguments)
            .arg("--root")
            .arg(&stack)
            .env("XDG_STATE_HOME", state);
        // `status` says by its code that there is something to do.
        cpu(|| drop(command.stdin(Stdio::null()).output().expect("it starts")))
    };
    for arguments in [
        &["status"][..],
        &["migrate", "--dry-run", "--checker", "embedded"],
    ] {
        let (one, two) = (took(SERVICES, arguments), took(2 * SERVICES, arguments));
        println!(
            "{}: {SERVICES} services {:.0} ms of CPU, {} services {:.0} ms, ratio {:.2} (goal: at most 2.3)",
            arguments.join(" "),
            one * 1000.0,
            2 * SERVICES,
            two * 1000.0,
            two / one
        );
    }
}

/// A checkout of many services, each with what services have, in a chain of dependencies.
fn generated(stack: &Path, services: usize) {
    let mut text = "services:\n  redis:\n    image: redis:6.2.13-alpine\n".to_owned();
    let mut volumes = "volumes:\n".to_owned();
    for number in 0..services {
        let before = number
            .checked_sub(1)
            .map_or("redis".to_owned(), |before| format!("service-{before}"));
        text.push_str(&format!(
            "  service-{number}:\n    image: example/service-{number}:1.{number}\n    restart: unless-stopped\n    \
             environment:\n      PORT: {}\n    depends_on:\n      - {before}\n    volumes:\n      - data-{number}:/data\n",
            3000 + number
        ));
        volumes.push_str(&format!("  data-{number}:\n"));
    }
    fs::create_dir_all(stack).expect("a folder");
    for name in ["docker-compose.yml", "docker-compose.prod.yml"] {
        fs::write(stack.join(name), format!("{text}{volumes}")).expect("a Compose file");
    }
    for name in [".env", ".env.prod"] {
        fs::write(stack.join(name), "A=1\n").expect("an env file");
    }
}

fn report(name: &str, ours: Duration, floor: Duration) {
    let ratio = ours.as_secs_f64() / floor.as_secs_f64();
    println!(
        "  {CALLS} x {name} on {WORKERS} workers: {} ms, ratio {ratio:.2} (goal: at most 1.25)",
        floor.as_millis()
    );
}

/// The build that `cargo xtask` runs.
fn build() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    run({
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(["build", "--quiet", "--package", "xtask"])
            .current_dir(&root);
        cargo
    });
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    target.join("debug/xtask")
}

/// The real old checkout where it is at hand, else the example.
fn fresh(stack: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let real = root.join("../shared/checkouts/express-mongo");
    let from = if real.is_dir() {
        real
    } else {
        root.join("examples/old-checkout")
    };
    if stack.exists() {
        fs::remove_dir_all(stack).expect("the stack of the round before goes");
    }
    fs::create_dir_all(stack).expect("a folder");
    for name in ["docker-compose.yml", "docker-compose.prod.yml"] {
        fs::write(
            stack.join(name),
            fs::read(from.join(name)).expect("a Compose file"),
        )
        .expect("its copy");
    }
    for name in [".env", ".env.prod"] {
        fs::write(
            stack.join(name),
            fs::read(from.join(format!("{name}.example"))).expect("an example"),
        )
        .expect("its copy");
    }
}

fn migrate(xtask: &Path, stack: &Path, state: &Path) -> Command {
    let mut command = Command::new(xtask);
    // What containers hold is not part of the floor either.
    command
        .args(["migrate", "--allow-data-loss", "--root"])
        .arg(stack)
        .env("XDG_STATE_HOME", state);
    command
}

/// The calls in the rounds in which `migrate` makes them: both environments at once, story after
/// story.
fn calls(stack: &Path, program: &dyn Fn() -> Command) {
    for _ in 0..CALLS / WORKERS {
        let start = |(file, env): (&str, &str)| {
            let mut command = program();
            command
                .args(["--env-file", env, "-f", file, "config", "-q"])
                .current_dir(stack)
                .stdin(Stdio::null());
            command
                .stderr(Stdio::null())
                .spawn()
                .expect("docker starts")
        };
        let children = [
            ("docker-compose.yml", ".env"),
            ("docker-compose.prod.yml", ".env.prod"),
        ]
        .map(start);
        for mut child in children {
            assert!(child.wait().expect("docker ends").success());
        }
    }
}

fn docker(arguments: &[&str]) -> Command {
    let mut command = Command::new("docker");
    command.args(arguments);
    command
}

fn plugin_path() -> Option<PathBuf> {
    let folders = [
        "/usr/local/lib/docker",
        "/usr/local/libexec/docker",
        "/usr/lib/docker",
        "/usr/libexec/docker",
    ];
    folders
        .iter()
        .map(|folder| Path::new(folder).join("cli-plugins/docker-compose"))
        .find(|path| path.is_file())
}

fn verb(xtask: &Path, verb: &str, stack: &Path, state: &Path) -> Command {
    let mut command = Command::new(xtask);
    command
        .args([verb, "--root"])
        .arg(stack)
        .env("XDG_STATE_HOME", state);
    command
}

/// Git with nothing of this machine's settings.
fn git(stack: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .args(["-c", "user.name=bench", "-c", "user.email=bench@localhost"])
        .args(arguments)
        .current_dir(stack);
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null");
    command
}

/// Seconds of CPU of what is started and ended meanwhile.
fn cpu(work: impl FnOnce()) -> f64 {
    let before = children_cpu();
    work();
    children_cpu() - before
}

/// Seconds of CPU of the ended children, from `/proc/self/stat` (see proc(5): cutime and cstime, in
/// ticks of 10 ms).
fn children_cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split(' ')
        .filter_map(|field| field.parse().ok())
        .collect();
    // Behind the name and the state, which are no numbers here: ppid is the first.
    fields
        .get(12)
        .zip(fields.get(13))
        .map_or(0.0, |(user, system)| (user + system) / 100.0)
}

fn run(mut command: Command) {
    let output = command.stdin(Stdio::null()).output().expect("it starts");
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
