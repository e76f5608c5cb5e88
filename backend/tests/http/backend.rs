//! The binary, started as a container would start it: with its environment and nothing else.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::client::{Answer, eventually, send};
use crate::stores::{PASSWORD, Stores};

/// A backend that runs; killed when the test ends.
pub struct Backend {
    child: Child,
    /// Where it listens on 127.0.0.1.
    pub port: u16,
    log: Arc<Mutex<Vec<Value>>>,
    reader: Option<JoinHandle<()>>,
}

/// The environment for these databases; a test may change it before the start.
#[derive(Clone)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    /// Everything that is wanted, with no limit that a test would reach by accident.
    pub fn of(stores: &Stores) -> Self {
        Self::at(stores.postgres.port, stores.redis.port).set("POSTGRES_DB", &stores.database)
    }

    /// For databases on these ports, which may be away.
    pub fn at(postgres: u16, redis: u16) -> Self {
        Self(BTreeMap::new())
            .set("PORT", "0")
            .set("POSTGRES_HOST", "127.0.0.1")
            .set("POSTGRES_PORT", &postgres.to_string())
            .set("POSTGRES_DB", "app")
            .set("POSTGRES_USER", "app")
            .set("POSTGRES_PASSWORD", PASSWORD)
            .set("REDIS_HOST", "127.0.0.1")
            .set("REDIS_PORT", &redis.to_string())
            .set("REDIS_PASSWORD", PASSWORD)
            .set("RATE_LIMIT", "1000000")
    }

    /// With this variable.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.0.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Without this variable.
    pub fn unset(mut self, name: &str) -> Self {
        self.0.remove(name);
        self
    }

    /// Runs the binary to its end.
    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Starts a server, and waits until it listens.
    pub fn start(&self) -> Backend {
        let mut child = self.command(&[]).stdout(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let stdout = child.stdout.take().unwrap();
        let reader = std::thread::spawn({
            let log = Arc::clone(&log);
            move || collect(stdout, &log)
        });
        let mut backend = Backend {
            child,
            port: 0,
            log,
            reader: Some(reader),
        };
        eventually(Duration::from_secs(20), || {
            backend.logged("listening").is_some()
        });
        backend.port = backend.logged("listening").unwrap()["port"]
            .as_u64()
            .unwrap()
            .try_into()
            .unwrap();
        backend
    }

    /// Starts a server, and waits until it serves.
    pub fn healthy(&self) -> Backend {
        let backend = self.start();
        backend.becomes_healthy();
        backend
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backend"));
        command
            .args(args)
            .env_clear()
            .envs(&self.0)
            .stdin(Stdio::null());
        command
    }
}

/// Every line must be JSON: whatever collects the log relies on it.
fn collect(stdout: ChildStdout, log: &Mutex<Vec<Value>>) {
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        let message = serde_json::from_str(&line)
            .unwrap_or_else(|_| json!({ "message": "NOT JSON", "line": line }));
        log.lock().unwrap().push(message);
    }
}

impl Backend {
    /// Sends a request without a body.
    pub fn send(&self, method: &str, path: &str) -> Answer {
        send(self.port, method, path, &[], "")
    }

    /// Reads.
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path)
    }

    /// Sends JSON.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        send(
            self.port,
            "POST",
            path,
            &["Content-Type: application/json"],
            &body.to_string(),
        )
    }

    /// Adds a note; its id.
    pub fn add(&self, text: &str) -> i64 {
        self.post("/api/notes", &json!({ "text": text }))
            .with(201)
            .json()["id"]
            .as_i64()
            .unwrap()
    }

    /// The texts of the notes, as listed.
    pub fn texts(&self) -> Vec<String> {
        let list = self.get("/api/notes").with(200).json();
        list.as_array()
            .unwrap()
            .iter()
            .map(|note| note["text"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Waits for it.
    pub fn becomes_healthy(&self) {
        eventually(Duration::from_secs(20), || {
            self.get("/health").status == 200
        });
    }

    /// Waits until `/health` says 503, within the time that a health check waits, and names what
    /// failed.
    pub fn becomes_unhealthy(&self) -> Value {
        eventually(Duration::from_secs(20), || {
            self.get("/health").status == 503
        });
        let started = Instant::now();
        let json = self.get("/health").with(503).json();
        assert!(
            started.elapsed() < Duration::from_secs(4),
            "/health took {:?}",
            started.elapsed()
        );
        assert_eq!(json["status"], "unavailable");
        json["checks"].clone()
    }

    /// Ends it, and its whole log as text. A request is logged after its answer is sent, so a test
    /// that has the answer may come before the line.
    pub fn ended_log(&mut self) -> String {
        self.signal(Signal::TERM);
        self.ends_within(Duration::from_secs(10));
        self.log()
    }

    /// The first message of this text.
    pub fn logged(&self, message: &str) -> Option<Value> {
        self.log
            .lock()
            .unwrap()
            .iter()
            .find(|entry| entry["message"] == message)
            .cloned()
    }

    /// The log so far as text.
    pub fn log(&self) -> String {
        self.log
            .lock()
            .unwrap()
            .iter()
            .map(|entry| format!("{entry}\n"))
            .collect()
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for its end, which must come in this time, and for the rest of its log.
    pub fn ends_within(&mut self, limit: Duration) -> ExitStatus {
        eventually(limit, || self.child.try_wait().unwrap().is_some());
        self.reader.take().unwrap().join().unwrap();
        self.child.wait().unwrap()
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- log of the backend\n{}", self.log());
        }
    }
}
