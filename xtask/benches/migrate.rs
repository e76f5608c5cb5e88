//! What users wait for, against its floor, in one run: `migrate` against the bare `docker compose config -q` calls that it
//! must make, on as many workers, and the CPU that `status` takes.
//!
//!     cargo bench -p xtask
//!
//! The build measured is the one that `cargo xtask` runs. Process starts and file reads are included. Rounds alternate
//! between the two sides, so that a busy machine is unfair to neither; medians are compared.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROUNDS: usize = 15;

/// A first `migrate` of two environments and four stories: one call for each environment's start and for each story.
const CALLS: usize = 2 + 4 * 2;
const WORKERS: usize = 2;

fn main() {
    let xtask = build();
    let work = tempfile::tempdir().expect("a temporary folder");
    let stack = work.path().join("stack");
    println!("status on a migrated checkout: {:.1} ms of CPU (goal: under 15)", status(&xtask, &stack, work.path()));
    if !Command::new("docker")
        .args(["compose", "version"])
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|code| code.success())
    {
        println!("SKIPPED migrate: Docker Compose is not installed");
        return;
    }
    let (mut ours, mut bare, mut plugin) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        fresh(&stack);
        ours.push(time(|| run(migrate(&xtask, &stack, work.path()))));
        bare.push(time(|| calls(&stack, &|| docker(&["compose"]))));
        if let Some(path) = plugin_path() {
            plugin.push(time(|| calls(&stack, &|| Command::new(&path))));
        }
    }
    let (ours, bare) = (median(ours), median(bare));
    println!("migrate, 4 stories, 2 environments: {} ms", ours.as_millis());
    report("docker compose config -q", ours, bare);
    if !plugin.is_empty() {
        report("the plugin called directly", ours, median(plugin));
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
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    run({
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--package", "xtask"]).current_dir(&root);
        cargo
    });
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    target.join("debug/xtask")
}

/// The real old checkout where it is at hand, else the example.
fn fresh(stack: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let real = root.join("../shared/checkouts/express-mongo");
    let from = if real.is_dir() { real } else { root.join("examples/old-checkout") };
    if stack.exists() {
        fs::remove_dir_all(stack).expect("the stack of the round before goes");
    }
    fs::create_dir_all(stack).expect("a folder");
    for name in ["docker-compose.yml", "docker-compose.prod.yml"] {
        fs::write(stack.join(name), fs::read(from.join(name)).expect("a Compose file")).expect("its copy");
    }
    for name in [".env", ".env.prod"] {
        fs::write(stack.join(name), fs::read(from.join(format!("{name}.example"))).expect("an example"))
            .expect("its copy");
    }
}

fn migrate(xtask: &Path, stack: &Path, state: &Path) -> Command {
    let mut command = Command::new(xtask);
    // What containers hold is not part of the floor either.
    command.args(["migrate", "--data-is-expendable", "--root"]).arg(stack).env("XDG_STATE_HOME", state);
    command
}

/// The calls in the rounds in which `migrate` makes them: both environments at once, story after story.
fn calls(stack: &Path, program: &dyn Fn() -> Command) {
    for _ in 0..CALLS / WORKERS {
        let start = |(file, env): (&str, &str)| {
            let mut command = program();
            command.args(["--env-file", env, "-f", file, "config", "-q"]).current_dir(stack).stdin(Stdio::null());
            command.stderr(Stdio::null()).spawn().expect("docker starts")
        };
        let children = [("docker-compose.yml", ".env"), ("docker-compose.prod.yml", ".env.prod")].map(start);
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
    let folders = ["/usr/local/lib/docker", "/usr/local/libexec/docker", "/usr/lib/docker", "/usr/libexec/docker"];
    folders.iter().map(|folder| Path::new(folder).join("cli-plugins/docker-compose")).find(|path| path.is_file())
}

/// Milliseconds of CPU of one `status`, the mean over many.
fn status(xtask: &Path, stack: &Path, state: &Path) -> f64 {
    const TIMES: u32 = 50;
    fresh(stack);
    run(migrate(xtask, stack, state));
    let before = children_cpu();
    for _ in 0..TIMES {
        let mut command = Command::new(xtask);
        command.args(["status", "--root"]).arg(stack).env("XDG_STATE_HOME", state);
        run(command);
    }
    (children_cpu() - before) * 1000.0 / f64::from(TIMES)
}

/// Seconds of CPU of the ended children, from `/proc/self/stat` (see proc(5): cutime and cstime, in ticks of 10 ms).
fn children_cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> =
        stat.rsplit(')').next().unwrap_or_default().split(' ').filter_map(|field| field.parse().ok()).collect();
    // Behind the name and the state, which are no numbers here: ppid is the first.
    fields.get(12).zip(fields.get(13)).map_or(0.0, |(user, system)| (user + system) / 100.0)
}

fn run(mut command: Command) {
    let output = command.stdin(Stdio::null()).output().expect("it starts");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
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
