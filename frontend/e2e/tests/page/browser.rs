//! A real Chromium without a window, driven through its own driver.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::{ParseError, Url};

use crate::stack;

const PATIENCE: Duration = Duration::from_secs(60);

/// What is missing here to run it.
pub fn missing() -> Option<String> {
    let programs = ["chromium", "chromedriver"];
    let absent = programs
        .into_iter()
        .find(|program| !stack::answers(program, &["--version"]))?;
    Some(format!("{absent} is missing (.ci/run tools)"))
}

/// The driver's process.
pub struct Driver {
    process: Child,
    profile: TempDir,
    port: u16,
}

impl Driver {
    /// Starts it on a port of its choice.
    pub fn start() -> Self {
        let mut command = Command::new("chromedriver");
        let mut process = command
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut lines = lines.map_while(Result::ok);
        let port = lines
            .find_map(|line| {
                line.split("successfully on port ")
                    .nth(1)?
                    .trim_end_matches('.')
                    .parse()
                    .ok()
            })
            .unwrap();
        // It must not stop at a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            process,
            profile: tempfile::tempdir().unwrap(),
            port,
        }
    }

    /// Opens a browser.
    pub async fn open(&self) -> Page {
        let profile = format!("--user-data-dir={}", self.profile.path().display());
        let args = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--lang=en",
            &profile,
        ];
        let wanted = json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "args": args },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let Value::Object(wanted) = wanted else {
            unreachable!()
        };
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await;
        Page {
            client: client.unwrap(),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// The page in the browser.
#[derive(Clone)]
pub struct Page {
    client: Client,
}

impl Page {
    /// Goes to an address.
    pub async fn visit(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Opens the same address anew.
    pub async fn reload(&self) {
        self.client.refresh().await.unwrap();
    }

    /// Ends the browser.
    pub async fn close(self) {
        self.client.close().await.unwrap();
    }

    /// The value of an expression.
    pub async fn value(&self, expression: &str) -> Value {
        self.client
            .execute(&format!("return {expression}"), Vec::new())
            .await
            .unwrap()
    }

    /// The text of the first element that is so selected.
    pub async fn text(&self, selector: &str) -> String {
        self.value(&format!(
            "document.querySelector({selector:?})?.textContent"
        ))
        .await
        .as_str()
        .unwrap()
        .to_owned()
    }

    /// Waits until an expression is true.
    pub async fn until(&self, expression: &str) {
        let begun = Instant::now();
        while self.value(expression).await != Value::Bool(true) {
            let said = self.value("document.body.innerText").await;
            assert!(
                begun.elapsed() < PATIENCE,
                "never: {expression}; the page says: {said}"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until an element's text is this.
    pub async fn until_text(&self, selector: &str, text: &str) {
        self.until(&format!(
            "document.querySelector({selector:?})?.textContent === {text:?}"
        ))
        .await;
    }

    /// Presses a key, wherever the focus is.
    pub async fn press(&self, key: Key) {
        self.type_text(&char::from(key).to_string()).await;
    }

    /// Types, wherever the focus is.
    pub async fn type_text(&self, text: &str) {
        let strokes = text
            .chars()
            .fold(KeyActions::new("keyboard".to_owned()), |keys, value| {
                keys.then(KeyAction::Down { value })
                    .then(KeyAction::Up { value })
            });
        self.client.perform_actions(strokes).await.unwrap();
    }

    /// What the browser's console was told since it was last asked.
    pub async fn console(&self) -> Vec<Value> {
        let said = self.send("se/log", json!({ "type": "browser" })).await;
        said.as_array().unwrap().clone()
    }

    /// Shows the page as on a screen of this width, light or dark.
    pub async fn screen(&self, width: u32, scheme: &str) {
        let metrics =
            json!({ "width": width, "height": 780, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await;
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        )
        .await;
    }

    /// Keeps a picture of the page in the target folder, for people.
    pub async fn picture(&self, name: &str) {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("page");
        fs::create_dir_all(&folder).unwrap();
        fs::write(
            folder.join(format!("{name}.png")),
            self.client.screenshot().await.unwrap(),
        )
        .unwrap();
    }

    async fn devtools(&self, command: &str, params: Value) {
        self.send(
            "goog/cdp/execute",
            json!({ "cmd": command, "params": params }),
        )
        .await;
    }

    async fn send(&self, path: &'static str, body: Value) -> Value {
        self.client.issue_cmd(Own { path, body }).await.unwrap()
    }
}

/// A command of Chromium's own driver, beyond the standard.
#[derive(Debug)]
struct Own {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Own {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
