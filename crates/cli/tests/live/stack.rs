//! A checkout with the small stack, and what `verify --live` says of it.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard};

use docker::Compose;
use docker::engine::Engine;
use serde_json::Value;
use tempfile::TempDir;

/// What the small stack runs.
const IMAGES: [&str; 4] = [
    "redis:6.2.13-alpine",
    "redis:7-alpine",
    "postgres:17-alpine",
    "nginx:1.29-alpine",
];

/// A run waits more than it computes, so two cores carry four; what is measured must not wait for a
/// fifth.
static TURNS: [Mutex<()>; 4] = [const { Mutex::new(()) }; 4];

/// A checkout of the small stack on a machine with an engine.
pub struct Stack {
    folder: TempDir,
    /// What happens before each call of Compose and of the client, as shell.
    before_compose: String,
    before_docker: String,
    _turn: MutexGuard<'static, ()>,
}

/// How a run ended.
#[derive(Debug)]
pub struct Said {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Stack {
    /// The sound stack; none where the machine has not what it takes.
    pub fn sound() -> Option<Self> {
        let missing = missing();
        if let Some(missing) = missing {
            assert!(
                std::env::var_os("COMPOSE_STORIES_REQUIRE_DOCKER").is_none(),
                "{missing}"
            );
            eprintln!("SKIPPED: {missing} (.ci/engine, .ci/images)");
            return None;
        }
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/live");
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("checkout/compose")).unwrap();
        for file in ["compose/stack.yaml", ".env", "docker-compose.yml"] {
            fs::copy(
                fixture.join(file),
                folder.path().join("checkout").join(file),
            )
            .unwrap();
        }
        Some(Self {
            folder,
            before_compose: String::new(),
            before_docker: String::new(),
            _turn: turn(),
        })
    }

    /// The same with one text of its Compose file replaced.
    pub fn with(self, from: &str, to: &str) -> Self {
        let file = self.root().join("docker-compose.yml");
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "{from:?} is not in the fixture");
        fs::write(file, text.replacen(from, to, 1)).unwrap();
        self
    }

    /// The same without services that a control has no use for.
    pub fn without(self, services: &[&str]) -> Self {
        let file = self.root().join("docker-compose.yml");
        let mut text = fs::read_to_string(&file).unwrap();
        for service in services {
            let from = text.find(&format!("\n  {service}:")).unwrap();
            let next = text[from + 3..]
                .match_indices("\n")
                .map(|(at, _)| from + 3 + at);
            let ends = |at: &usize| {
                !text[at + 1..].starts_with("   ") && !text[at + 1..].starts_with('\n')
            };
            let end = next.into_iter().find(ends).unwrap();
            text.replace_range(from..end, "");
            text = text.replace(
                &format!("      {service}: {{ condition: service_healthy }}\n"),
                "",
            );
        }
        fs::write(file, text).unwrap();
        self
    }

    /// With a Compose that does something else first: a piece of shell that sees the arguments as
    /// `$@` and may change them, the project as `$project` and a folder of its own as `$folder`.
    /// Several follow one another.
    pub fn with_compose_that(mut self, shell: &str) -> Self {
        self.before_compose.push_str(&format!("{shell}\n"));
        let plugin = Compose::find()
            .unwrap()
            .plugin()
            .to_str()
            .unwrap()
            .to_owned();
        self.stand_in("docker-compose", &self.before_compose, &plugin);
        self
    }

    /// With a Docker client that does something else first, as [`Self::with_compose_that`].
    pub fn with_docker_that(mut self, shell: &str) -> Self {
        self.before_docker.push_str(&format!("{shell}\n"));
        self.stand_in("docker", &self.before_docker, "docker");
        self
    }

    /// With a Compose that lays one more file over a sandbox where it starts it: `when` is a piece
    /// of shell that sees all arguments as `$all`.
    pub fn with_more_on_up(self, when: &str, text: &str) -> Self {
        let more = self.beside(&format!("more-{}.yml", self.before_compose.lines().count()));
        fs::write(&more, text).unwrap();
        self.with_compose_that(&format!(
            "all=\" $* \"; words=(); for word; do
                [[ $word == up ]] && {{ {when}; }} && words+=(--file {})
                words+=(\"$word\")
            done; set -- \"${{words[@]}}\"",
            more.display()
        ))
    }

    /// The script is a committed one: what this process wrote itself might still be open for
    /// writing in a child that another test started at that moment, and could not be run
    /// (`ETXTBSY`).
    fn stand_in(&self, name: &str, before: &str, then: &str) {
        let (script, program) = (
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/live/stand-in"),
            self.beside(name),
        );
        fs::write(self.beside(&format!("{name}.before")), before).unwrap();
        fs::write(self.beside(&format!("{name}.then")), then).unwrap();
        if !program.exists() {
            symlink(script, program).unwrap();
        }
    }

    /// A file beside the checkout.
    fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The checkout's root.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("checkout")
    }

    /// The machine's memory.
    pub fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// `cargo xtask verify --live` there.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_compose-stories"));
        command
            .args(["verify", "--live"])
            .args(args)
            .current_dir(self.root())
            .stdin(Stdio::null());
        command
            .env("XDG_STATE_HOME", self.state())
            .env("NO_COLOR", "1")
            .env("COMPOSE_STORIES_NAME", "cargo xtask");
        for (name, variable) in [
            ("docker-compose", "COMPOSE_STORIES_PLUGIN"),
            ("docker", "COMPOSE_STORIES_DOCKER"),
        ] {
            let stand_in = self.beside(name);
            if stand_in.exists() {
                command.env(variable, stand_in);
            }
        }
        command
    }

    /// Runs it to its end.
    pub fn verify(&self, args: &[&str]) -> Said {
        Said::of(self.command(args).output().unwrap())
    }

    /// The proofs by their names, for programs.
    pub fn proofs(&self) -> Value {
        let said = self.verify(&["--format", "json"]);
        let document: Value =
            serde_json::from_str(&said.stdout).unwrap_or_else(|error| panic!("{error}: {said:?}"));
        let proofs = document["live"]["environments"][0]["proofs"]
            .as_array()
            .unwrap()
            .clone();
        proofs
            .into_iter()
            .map(|proof| (proof["id"].as_str().unwrap().to_owned(), proof))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    /// The ids of the runs that the machine remembers.
    pub fn runs(&self) -> Vec<String> {
        let folders = fs::read_dir(self.state().join("compose-stories/live"))
            .into_iter()
            .flatten()
            .flatten();
        folders
            .map(|run| run.file_name().into_string().unwrap())
            .collect()
    }

    /// What is left on the engine of the runs that the machine remembers: containers, volumes and
    /// networks. A run is forgotten when all of its projects are gone.
    pub fn left(&self) -> Vec<String> {
        self.runs().iter().flat_map(|id| of_run(id)).collect()
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // What a test killed in the middle leaves behind, by the names that its folder keeps.
        for name in self.left() {
            for kind in [
                ["rm", "-fv"].as_slice(),
                &["volume", "rm"],
                &["network", "rm"],
            ] {
                docker(&[kind, &[&name]].concat());
            }
        }
    }
}

impl Said {
    /// What a finished program said.
    pub fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let said = Self {
            code: output.status.code().unwrap_or(-1),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        };
        assert!(!said.stderr.contains("panicked"), "{said:?}");
        said
    }
}

/// What a run with this id has on the engine now.
pub fn of_run(id: &str) -> Vec<String> {
    let filter = format!("name=compose-stories-live-{id}");
    let listed = [
        docker(&["ps", "-a", "--filter", &filter, "--format", "{{.Names}}"]),
        docker(&["volume", "ls", "-q", "--filter", &filter]),
        docker(&[
            "network",
            "ls",
            "--filter",
            &filter,
            "--format",
            "{{.Name}}",
        ]),
    ];
    listed
        .iter()
        .flat_map(|text| text.lines())
        .map(str::to_owned)
        .collect()
}

/// What the client prints.
pub fn docker(args: &[&str]) -> String {
    let output = Command::new("docker")
        .args(args)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn missing() -> Option<String> {
    if Compose::find().is_err() {
        return Some("no Docker Compose".to_owned());
    }
    let Some(engine) = Engine::find() else {
        return Some("no Docker engine answers".to_owned());
    };
    let image = IMAGES
        .into_iter()
        .find(|image| !matches!(engine.image(image), Ok(Some(_))))?;
    Some(format!("no image {image}"))
}

fn turn() -> MutexGuard<'static, ()> {
    loop {
        for turn in &TURNS {
            match turn.try_lock() {
                Ok(free) => return free,
                Err(std::sync::TryLockError::Poisoned(failed)) => return failed.into_inner(),
                Err(std::sync::TryLockError::WouldBlock) => {}
            }
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}
