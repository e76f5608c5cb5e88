//! What surprises most in Compose's merge, row by row: what the view must say, and that Compose
//! says so too.

use compose_edit::Path;
use serde_json::{Value, json};

use crate::checkout;
use crate::compose::{Compose, Depth};
use crate::generate::Set;
use crate::judge::{differences, json_of};

/// A rule, files that show it (`-f` in order), and what the model says at a path; nothing there is
/// null.
struct Row {
    rule: &'static str,
    files: &'static [&'static str],
    path: &'static str,
    says: &'static str,
}

const fn row(
    rule: &'static str,
    files: &'static [&'static str],
    path: &'static str,
    says: &'static str,
) -> Row {
    Row {
        rule,
        files,
        path,
        says,
    }
}

/// The body of a service `a` of a file.
macro_rules! a {
    ($body:literal) => {
        concat!("services: {a: {image: i, ", $body, "}}")
    };
}

const ROWS: &[Row] = &[
    row(
        "a map may replace a scalar",
        &[a!("x-v: 1"), a!("x-v: {b: 2}")],
        "services.a.x-v",
        r#"{"b": 2}"#,
    ),
    row(
        "lists append",
        &[a!("x-v: [1, 2]"), a!("x-v: [2]")],
        "services.a.x-v",
        "[1, 2, 2]",
    ),
    row(
        "null keeps what was",
        &[a!("x-v: [1]"), a!("x-v: ")],
        "services.a.x-v",
        "[1]",
    ),
    row(
        "an empty text wins",
        &[a!("hostname: h"), a!("hostname: ''")],
        "services.a.hostname",
        r#""""#,
    ),
    row(
        "an empty list adds nothing",
        &[a!("ports: ['1:1']"), a!("ports: []")],
        "services.a.ports[0].published",
        r#""1""#,
    ),
    row(
        "null clears a command",
        &[a!("command: x"), a!("command: ")],
        "services.a.command",
        "null",
    ),
    row(
        "command is replaced whole",
        &[a!("command: [x, y]"), a!("command: [z]")],
        "services.a.command",
        r#"["z"]"#,
    ),
    row(
        "disable leaves the test",
        &[
            a!("healthcheck: {test: t}"),
            a!("healthcheck: {disable: true}"),
        ],
        "services.a.healthcheck",
        r#"{"test": "t", "disable": true}"#,
    ),
    row(
        "environment: a name alone unsets",
        &[a!("environment: {B: x, C: 1.50}"), a!("environment: [B]")],
        "services.a.environment",
        r#"{"B": null, "C": "1.5"}"#,
    ),
    row(
        "tmpfs: the same up to the first =",
        &[
            a!("tmpfs: ['/b:mode=1,size=2', /a]"),
            a!("tmpfs: ['/b:mode=7', '/a:size=1']"),
        ],
        "services.a.tmpfs",
        r#"["/b:mode=7", "/a", "/a:size=1"]"#,
    ),
    row(
        "env_file: paths as written",
        &[
            a!("env_file: a.env"),
            a!("env_file: [./a.env, {path: a.env, required: false}]"),
        ],
        "services.a.env_file",
        r#"[{"path": "./a.env", "required": false}, {"path": "./a.env", "required": true}]"#,
    ),
    row(
        "extra_hosts: only the same words are the same",
        &[
            a!("extra_hosts: ['h=1.1.1.1']"),
            a!("extra_hosts: ['h=2.2.2.2', 'h=1.1.1.1']"),
        ],
        "services.a.extra_hosts",
        r#"["h=1.1.1.1", "h=2.2.2.2"]"#,
    ),
    row(
        "ports: another target is another port",
        &[
            a!("ports: ['8080:80']"),
            a!("ports: ['8080:81', '0.0.0.0:8080:80']"),
        ],
        "services.a.ports[1].target",
        "81",
    ),
    row(
        "ports: no address is 0.0.0.0",
        &[a!("ports: ['8080:80']"), a!("ports: ['0.0.0.0:8080:80']")],
        "services.a.ports[0].host_ip",
        r#""0.0.0.0""#,
    ),
    row(
        "ports: mode is not in the key",
        &[
            a!("ports: ['8080:80']"),
            a!("ports: [{target: 80, published: '8080', mode: host}]"),
        ],
        "services.a.ports[0].mode",
        r#""host""#,
    ),
    row(
        "ports: a number is not a text",
        &[
            a!("ports: ['8080:80']"),
            a!("ports: [{target: 80, published: 8080, mode: host}]"),
        ],
        "services.a.ports[1].published",
        r#""8080""#,
    ),
    row(
        "volumes: a later one replaces at the earlier place",
        &[
            a!("volumes: ['a1:/x', 'b1:/y']"),
            a!("volumes: ['c1:/z/../x/:ro']"),
        ],
        "services.a.volumes[0].source",
        r#""c1""#,
    ),
    row(
        "volumes: a long target is compared as written",
        &[
            a!("volumes: ['a1:/x']"),
            a!("volumes: [{type: volume, source: b1, target: /x/}]"),
        ],
        "services.a.volumes[1].target",
        r#""/x""#,
    ),
    row(
        "volumes: one letter is a drive",
        &[a!("volumes: ['v:/y']")],
        "services.a.volumes[0].target",
        r#""v:/y""#,
    ),
    row(
        "secrets: short and long with another target are two",
        &[a!("secrets: [s]"), a!("secrets: [{source: s, target: x}]")],
        "services.a.secrets",
        r#"[{"source": "s", "target": "/run/secrets/s"}, {"source": "s", "target": "x"}]"#,
    ),
    row(
        "expose: 80 is '80'",
        &[a!("expose: [80]"), a!("expose: ['80', '81']")],
        "services.a.expose",
        r#"["80", "81"]"#,
    ),
    row(
        "depends_on: the short form resets the condition, not the rest",
        &[
            a!("depends_on: {b: {condition: service_healthy, restart: true}}"),
            a!("depends_on: [b]"),
        ],
        "services.a.depends_on.b",
        r#"{"condition": "service_started", "restart": true, "required": true}"#,
    ),
    row(
        "networks: null keeps the body",
        &[a!("networks: {n: {aliases: [x]}}"), a!("networks: [n]")],
        "services.a.networks.n.aliases",
        r#"["x"]"#,
    ),
    row(
        "build: a text changes the context alone",
        &[a!("build: {context: x, args: [A=1]}"), a!("build: ./y")],
        "services.a.build",
        r#"{"context": "./y", "args": {"A": "1"}}"#,
    ),
    row(
        "ulimits: a limit is replaced whole",
        &[
            a!("ulimits: {n: {soft: 1, hard: 2}}"),
            a!("ulimits: {n: 5}"),
        ],
        "services.a.ulimits.n",
        "5",
    ),
    row(
        "logging: another driver starts afresh",
        &[
            a!("logging: {driver: x, options: {a: 1}}"),
            a!("logging: {driver: y}"),
        ],
        "services.a.logging",
        r#"{"driver": "y"}"#,
    ),
    row(
        "logging: no driver is the same driver",
        &[
            a!("logging: {driver: x, options: {a: 1}}"),
            a!("logging: {options: {b: 2}}"),
        ],
        "services.a.logging",
        r#"{"driver": "x", "options": {"a": 1, "b": 2}}"#,
    ),
    row(
        "one subnet merges with itself",
        &[
            "networks: {n: {ipam: {config: [{subnet: 10.0.0.0/24}]}}}\nservices: {a: {image: i}}",
            "networks: {n: {ipam: {config: [{subnet: 10.0.0.0/24, gateway: 10.0.0.1}]}}}",
        ],
        "networks.n.ipam.config",
        r#"[{"subnet": "10.0.0.0/24", "gateway": "10.0.0.1"}]"#,
    ),
    row(
        "!reset",
        &[a!("ports: ['1:1'], user: u"), a!("ports: !reset ['2:2']")],
        "services.a.ports",
        "null",
    ),
    row(
        "!override",
        &[a!("x-v: [1]"), a!("x-v: !override [2]")],
        "services.a.x-v",
        "[2]",
    ),
    row(
        "!reset of an entry of a map",
        &[
            a!("environment: {A: 1, B: 2}"),
            a!("environment: {A: !reset }"),
        ],
        "services.a.environment",
        r#"{"B": "2"}"#,
    ),
    row(
        "!reset of an entry is lost on a list",
        &[
            a!("environment: [A=1, B=2]"),
            a!("environment: {A: !reset }"),
        ],
        "services.a.environment",
        r#"{"A": "1", "B": "2"}"#,
    ),
    row(
        "!reset of an item touches the item alone",
        &[a!("x-v: [1, 2]"), a!("x-v: [!reset 1, 3]")],
        "services.a.x-v",
        "[1, 2, 3]",
    ),
    row(
        "!reset behind an anchor is lost",
        &[
            a!("x-v: [1]"),
            "x-c: &c {x-v: !reset []}\nservices: {a: {<<: *c}}",
        ],
        "services.a.x-v",
        "[1]",
    ),
    row(
        "!override behind an anchor is not",
        &[
            a!("x-v: [1]"),
            "x-c: &c {x-v: !override [2]}\nservices: {a: {<<: *c}}",
        ],
        "services.a.x-v",
        "[2]",
    ),
    row(
        "!reset beside << brings the anchor's back",
        &["x-c: &c {hostname: c}\nservices: {a: {image: i, <<: *c, hostname: !reset }}"],
        "services.a.hostname",
        r#""c""#,
    ),
    row(
        "an own key beats <<, wherever it stands",
        &["x-c: &c {user: c, tty: true}\nservices: {a: {image: i, user: own, <<: *c}}"],
        "services.a",
        r#"{"image": "i", "user": "own", "tty": true}"#,
    ),
    row(
        "the first of several << wins",
        &[
            "x-c: &c {user: c}\nx-d: &d {user: d, tty: true}\nservices: {a: {image: i, <<: [*c, *d]}}",
        ],
        "services.a",
        r#"{"image": "i", "user": "c", "tty": true}"#,
    ),
    row(
        "extends is resolved before files merge",
        &[
            "services: {b: {image: b}, a: {extends: b}}",
            "services: {b: {image: new}}",
        ],
        "services.a.image",
        r#""b""#,
    ),
    row(
        "extends inherits everything, and null does not undo it",
        &[
            "services: {b: {image: b, container_name: one, profiles: [p]}, a: {extends: b, container_name: }}",
        ],
        "services.a",
        r#"{"image": "b", "container_name": "one", "profiles": ["p"]}"#,
    ),
    row(
        "documents merge like files",
        &["services: {a: {image: i, x-v: [1]}}\n---\nservices: {a: {x-v: [2]}}"],
        "services.a.x-v",
        "[1, 2]",
    ),
    row(
        "version goes",
        &["version: '3'\nservices: {a: {image: i}}"],
        "version",
        "null",
    ),
    row(
        "rules reach a name with a dot",
        &[
            "services: {a.b: {image: i, command: [x]}}",
            "services: {a.b: {command: [y]}}",
        ],
        r#"services."a.b".command"#,
        r#"["y"]"#,
    ),
];

fn set(row: &Row) -> Set {
    let name = |at: usize| {
        if at == 0 {
            "compose.yml".to_owned()
        } else {
            format!("over{at}.yml")
        }
    };
    let files: Vec<_> = row
        .files
        .iter()
        .enumerate()
        .map(|(at, text)| (name(at), (*text).to_owned()))
        .collect();
    let order = files.iter().map(|(name, _)| name.clone()).collect();
    Set {
        files,
        order,
        features: Vec::new(),
    }
}

fn at(model: &Value, path: &str) -> Value {
    let path: Path = path.parse().unwrap();
    let found = path
        .segments()
        .iter()
        .try_fold(model, |value, segment| match segment {
            compose_edit::Segment::Key(key) => value.get(key),
            compose_edit::Segment::Index(index) => value.get(index),
        });
    found.cloned().unwrap_or(Value::Null)
}

#[test]
fn the_view_says_what_the_table_says() {
    for row in ROWS {
        let view =
            checkout::resolve(&set(row)).unwrap_or_else(|error| panic!("{}: {error}", row.rule));
        let says: Value = serde_json::from_str(row.says).unwrap();
        assert_eq!(at(&json_of(&view), row.path), says, "{}", row.rule);
    }
}

#[test]
fn compose_says_what_the_table_says() {
    let Some(compose) = Compose::find() else {
        return;
    };
    for row in ROWS {
        let set = set(row);
        let folder = checkout::write(&set);
        let root = checkout::root(&folder);
        let order: Vec<&str> = set.order.iter().map(String::as_str).collect();
        let real = compose
            .config(&root, &order, Depth::Merged)
            .unwrap_or_else(|words| panic!("{}: {words}", row.rule));
        let view = json_of(&checkout::resolve(&set).unwrap());
        assert_eq!(
            json!(differences(&view, &real, &root)),
            json!([]),
            "{}",
            row.rule
        );
    }
    println!("{} rows", ROWS.len());
}
