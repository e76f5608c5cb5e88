//! Whole environments.

use super::body::{Body, block, body, value};
use super::keys::{Key, PLAIN, RICH, SECTIONS};
use super::random::Random;

/// An environment made up.
#[derive(Debug, Default)]
pub struct Set {
    /// Paths and texts; not all of them belong to the order.
    pub files: Vec<(String, String)>,
    /// The files that are given with `-f`.
    pub order: Vec<String>,
    /// What it does, of [`super::FEATURES`].
    pub features: Vec<&'static str>,
}

/// A YAML document in the making.
#[derive(Debug, Default)]
struct Draft {
    /// Top-level lines before everything else.
    head: Vec<String>,
    services: Vec<(String, Body)>,
    sections: String,
}

impl Draft {
    fn text(&self) -> String {
        let mut text: String = self.head.iter().map(|line| format!("{line}\n")).collect();
        if !self.services.is_empty() {
            text.push_str("services:\n");
        }
        for (name, body) in &self.services {
            match body.as_slice() {
                [(key, value)] if key.is_empty() => text.push_str(&format!("  {name}: {value}\n")),
                _ => text.push_str(&format!("  {name}:\n{}", block(body, 4))),
            }
        }
        text + &self.sections
    }

    fn body(&mut self, random: &mut Random) -> &mut Body {
        let index = random.below(self.services.len());
        &mut self.services[index].1
    }
}

struct Generator {
    random: Random,
    set: Set,
    /// The keys that this set is about, so that its files meet, and one that most services have.
    focus: Vec<&'static Key>,
    rich: &'static Key,
}

/// The environment of a seed.
pub fn generate(seed: u64) -> Set {
    let mut random = Random::new(seed);
    let rich = random.pick(RICH);
    let mut focus = random.some(PLAIN, 9);
    focus.retain(|key| key.name != rich.name);
    let mut generator = Generator { random, set: Set::default(), focus, rich };
    generator.base();
    if generator.random.percent(85) {
        generator.later("override file");
    }
    if generator.random.percent(35) {
        generator.later("production overlay");
    }
    generator.set
}

impl Generator {
    fn note(&mut self, feature: &'static str) {
        self.set.features.push(feature);
    }

    fn service(&mut self, name: &str) -> (String, Body) {
        let mut body = body(&mut self.random, &self.focus, 6);
        if self.random.percent(40) {
            body.push((self.rich.name.to_owned(), value(&mut self.random, self.rich)));
        }
        (name.to_owned(), body)
    }

    fn add_file(&mut self, path: &str, text: String) {
        if self.set.files.iter().all(|(known, _)| known != path) {
            self.set.files.push((path.to_owned(), text));
        }
    }

    fn base(&mut self) {
        let mut draft = Draft::default();
        for name in ["web", "api", "db"] {
            let mut service = self.service(name);
            if service.1.iter().all(|(key, _)| key != "image") {
                service.1.push(("image".to_owned(), format!("{name}:1")));
            }
            draft.services.push(service);
        }
        draft.sections = self.sections(60);
        if self.random.percent(15) {
            draft.head.push("name: made-up".to_owned());
        }
        if self.random.percent(35) {
            self.merge_keys(&mut draft);
        }
        if self.random.percent(30) {
            self.extend_sibling(&mut draft);
        } else if self.random.percent(35) {
            self.extend_other_file(&mut draft);
        }
        if self.random.percent(25) {
            self.include(&mut draft);
        }
        if self.random.percent(5) {
            self.note("!reset in the first file");
            let value = "!reset null".to_owned();
            draft.body(&mut self.random).push(("hostname".to_owned(), value));
        }
        self.finish("compose.yml", draft);
    }

    /// Writes a draft, now and then as two documents.
    fn finish(&mut self, path: &str, mut draft: Draft) {
        dedupe(&mut draft);
        let mut text = draft.text();
        if self.random.percent(8) {
            self.note("several documents in a file");
            let service = self.service("web");
            let more = Draft { services: vec![service], ..Draft::default() };
            text = format!("{text}---\n{}", more.text());
        }
        self.add_file(path, text);
        self.set.order.push(path.to_owned());
    }

    fn later(&mut self, kind: &'static str) {
        self.note(kind);
        let mut draft = Draft::default();
        for name in ["web", "api", "added"] {
            if self.random.percent(if name == "added" { 15 } else { 70 }) {
                let mut service = self.service(name);
                if name == "added" {
                    service.1.push(("image".to_owned(), "added:1".to_owned()));
                }
                draft.services.push(service);
            }
        }
        draft.sections = self.sections(50);
        if self.set.features.contains(&"include: short") && self.random.percent(60) {
            self.note("include: changed by a later file");
            let service = self.service("included");
            draft.services.push(service);
        }
        if draft.services.is_empty() {
            let service = self.service("web");
            draft.services.push(service);
        }
        if self.random.percent(45) {
            self.tag(&mut draft);
        }
        if self.random.percent(10) {
            self.null(&mut draft);
        }
        if self.random.percent(3) {
            self.note("another kind over a value");
            let (key, value) =
                self.entry(&[("x-own", "[1]"), ("healthcheck", "[a]"), ("profiles", "{a: 1}"), ("links", "text")]);
            draft.body(&mut self.random).push((key, value));
        }
        if self.random.percent(8) && !self.set.features.iter().any(|feature| feature.starts_with("extends: in an")) {
            self.note("extends: in an override");
            self.add_file(
                "common/late.yml",
                "services:\n  late: {image: late, labels: {late: 1}, env_file: l.env}\n".to_owned(),
            );
            draft.services[0].1.push(("extends".to_owned(), "{file: common/late.yml, service: late}".to_owned()));
        }
        let path = match kind {
            "override file" if self.random.percent(10) => {
                self.note("an override in another folder");
                "deploy/compose.override.yml"
            }
            "override file" => "compose.override.yml",
            _ => "compose.prod.yml",
        };
        self.finish(path, draft);
    }

    fn sections(&mut self, chance: usize) -> String {
        let mut text = String::new();
        for (section, names, keys) in SECTIONS {
            if !self.random.percent(chance) {
                continue;
            }
            text.push_str(&format!("{section}:\n"));
            for name in self.random.some(names, 2) {
                let keys: Vec<_> = keys.iter().collect();
                let mut body = body(&mut self.random, &keys, 3);
                match *section {
                    "models" => body.push(("model".to_owned(), "ai/x".to_owned())),
                    "secrets" | "configs" if body.iter().all(|(key, _)| key != "file") => {
                        body.push(("file".to_owned(), "./file".to_owned()));
                    }
                    _ => {}
                }
                text.push_str(&format!("  {name}:\n{}", block(&body, 4)));
            }
        }
        text
    }

    fn merge_keys(&mut self, draft: &mut Draft) {
        self.note("merge key");
        let one = self.service("one").1;
        let other = self.service("other").1;
        draft.head.push(format!("x-one: &one\n{}x-other: &other\n{}", block(&one, 2), block(&other, 2)));
        let list = self.random.percent(40);
        if list {
            self.note("merge key: list");
        }
        let body = draft.body(&mut self.random);
        if body.iter().any(|(key, _)| one.iter().any(|(other, _)| key == other)) {
            self.set.features.push("merge key: an own key beside it");
        }
        body.insert(0, ("<<".to_owned(), if list { "[*one, *other]" } else { "*one" }.to_owned()));
        if self.random.percent(40) {
            self.note("alias of a value");
            draft.head.push("x-value: &value {a: 1, c: x}".to_owned());
            let body = draft.body(&mut self.random);
            body.retain(|(key, _)| key != "labels");
            body.push(("labels".to_owned(), "*value".to_owned()));
        }
    }

    fn extend_sibling(&mut self, draft: &mut Draft) {
        self.note("extends: in the same file");
        let extends = |service: &str| ("extends".to_owned(), service.to_owned());
        let (web, api) = (0, 1);
        let short_or_long = *self.random.pick(&["db", "{service: db}"]);
        draft.services[web].1.push(extends(short_or_long));
        if self.random.percent(40) {
            self.note("extends: a chain in the same file");
            draft.services[api].1.push(extends("web"));
        } else {
            self.tag_inherited(draft);
        }
        if self.random.percent(50) {
            draft.services.reverse();
        }
    }

    /// Takes away or replaces what the first service inherits.
    fn tag_inherited(&mut self, draft: &mut Draft) {
        if !self.random.percent(40) {
            return;
        }
        let key = *self.random.pick(&self.focus);
        let body = &mut draft.services[0].1;
        body.retain(|(name, _)| name != key.name);
        let (feature, tagged) = if self.random.percent(50) {
            ("!reset over what is inherited", "!reset null".to_owned())
        } else {
            ("!override over what is inherited", format!("!override {}", value(&mut self.random, key)))
        };
        body.push((key.name.to_owned(), tagged));
        self.note(feature);
    }

    fn extend_other_file(&mut self, draft: &mut Draft) {
        self.note("extends: in another file");
        let mut other = Draft { services: vec![self.service("base"), self.service("basis")], ..Draft::default() };
        if self.random.percent(30) {
            self.note("extends: a chain in another file");
            other.services[0].1.push(("extends".to_owned(), "basis".to_owned()));
        } else if self.random.percent(40) {
            self.note("extends: from a third file");
            other.services[0].1.push(("extends".to_owned(), "{file: ../third/third.yml, service: root}".to_owned()));
            let third = Draft { services: vec![self.service("root")], ..Draft::default() };
            self.add_file("third/third.yml", third.text());
        }
        self.add_file("common/base.yml", other.text());
        let extends = ("extends".to_owned(), "{file: ./common/base.yml, service: base}".to_owned());
        draft.services[0].1.push(extends.clone());
        if self.random.percent(30) {
            draft.services[1].1.push(extends);
        } else {
            self.tag_inherited(draft);
        }
    }

    fn include(&mut self, draft: &mut Draft) {
        let mut included = Draft { services: vec![self.service("included")], ..Draft::default() };
        included.services[0].1.retain(|(key, _)| key != "image");
        included.services[0].1.push(("image".to_owned(), "included:1".to_owned()));
        let line = match self.random.below(5) {
            0 => {
                self.note("include: long");
                "include: [{path: inc/compose.yml}]"
            }
            1 => {
                self.note("include: list of files");
                let more = Draft { services: vec![self.service("included")], ..Draft::default() };
                self.add_file("inc/more.yml", more.text());
                "include: [{path: [inc/compose.yml, inc/more.yml]}]"
            }
            2 => {
                self.note("include: project_directory");
                // Of a folder that is not there Compose takes the parent.
                self.add_file("elsewhere/kept.txt", String::new());
                "include: [{path: ./inc/compose.yml, project_directory: ./elsewhere}]"
            }
            3 => {
                self.note("include: env_file");
                self.add_file("inc/some.env", "UNUSED=1\n".to_owned());
                "include:\n  - path: inc/compose.yml\n    env_file: inc/some.env"
            }
            _ => {
                self.note("include: nested");
                self.add_file(
                    "inc/deep/compose.yml",
                    "services:\n  deep: {image: deep, build: ., env_file: d.env}\n".to_owned(),
                );
                included.head.push("include: [deep/compose.yml]".to_owned());
                "include: [inc/compose.yml]"
            }
        };
        self.note("include: short");
        self.add_file("inc/compose.yml", included.text());
        draft.head.push(line.to_owned());
    }

    /// Adds one of the tags to an override.
    fn tag(&mut self, draft: &mut Draft) {
        let key = *self.random.pick(&self.focus);
        let new = value(&mut self.random, key);
        let own = |value: &str| (key.name.to_owned(), value.to_owned());
        let (feature, (name, text)) = match self.random.below(9) {
            0 | 1 => ("!reset of a service's key", own("!reset null")),
            2 | 3 => ("!override of a service's key", own(&format!("!override {new}"))),
            4 => ("!reset of an entry", self.entry(RESETS)),
            5 => ("!override of an entry", self.entry(OVERRIDES)),
            6 => return self.tag_whole(draft),
            7 => (
                "!reset of a list's item",
                ("ports".to_owned(), "[!reset \"80\", \"9:9\", !override \"10:10\"]".to_owned()),
            ),
            _ => {
                self.note("!reset behind an anchor");
                draft.head.push("x-tagged: &tagged {dns: !reset null, hostname: !override behind}".to_owned());
                return draft.services[0].1.insert(0, ("<<".to_owned(), "*tagged".to_owned()));
            }
        };
        self.note(feature);
        let body = draft.body(&mut self.random);
        body.retain(|(known, _)| *known != name);
        body.push((name, text));
    }

    fn entry(&mut self, from: &[(&str, &str)]) -> (String, String) {
        let (key, value) = self.random.pick(from);
        ((*key).to_owned(), (*value).to_owned())
    }

    fn tag_whole(&mut self, draft: &mut Draft) {
        let (feature, value) = match self.random.below(3) {
            0 => ("!reset of a service", "!reset null"),
            1 => ("!override of a service", "!override {image: fresh, ports: [\"5:5\"]}"),
            _ => {
                self.note("!reset of a section");
                draft.sections = "networks: !reset null\nsecrets: !override {s9: {file: ./s9}}\n".to_owned();
                return;
            }
        };
        self.note(feature);
        draft.services.retain(|(name, _)| name != "db");
        draft.services.push(("db".to_owned(), vec![(String::new(), value.to_owned())]));
    }

    fn null(&mut self, draft: &mut Draft) {
        self.note("null over a value");
        let base = self.set.files.iter().find(|(path, _)| path == "compose.yml");
        let text = base.map_or("", |(_, text)| text);
        let known: Vec<_> = self.focus.iter().filter(|key| text.contains(&format!("    {}:", key.name))).collect();
        if known.is_empty() {
            return;
        }
        let key = self.random.pick(&known).name;
        let body = draft.body(&mut self.random);
        body.retain(|(known, _)| known != key);
        body.push((key.to_owned(), "null".to_owned()));
    }
}

const RESETS: &[(&str, &str)] = &[
    ("deploy", "{replicas: !reset null, labels: {z: 1}}"),
    ("networks", "{n1: !reset null, n3: {}}"),
    ("depends_on", "{db: !reset null, x: {condition: service_started}}"),
    ("environment", "{A: !reset null, Z: 1}"),
    ("labels", "{a: !reset null, z: 1}"),
    ("healthcheck", "{test: !reset null, retries: 9}"),
    ("build", "{args: !reset null, target: z}"),
    ("x-own", "{b: !reset null, z: 1}"),
];

const OVERRIDES: &[(&str, &str)] = &[
    ("deploy", "{labels: !override {z: 1}}"),
    ("networks", "{n1: !override {aliases: [z]}}"),
    ("depends_on", "{db: !override {condition: service_healthy}}"),
    ("environment", "{A: !override z}"),
    ("healthcheck", "{test: !override [CMD, z]}"),
    ("build", "{args: !override [Z=1], tags: !override [\"z:1\"]}"),
    ("x-own", "{b: !override [9]}"),
];

/// Keeps the first of two entries with the same key; a mapping may not have both.
fn dedupe(draft: &mut Draft) {
    let mut names = std::collections::HashSet::new();
    draft.services.retain(|(name, _)| names.insert(name.clone()));
    for (_, body) in &mut draft.services {
        let mut keys = std::collections::HashSet::new();
        body.retain(|(key, _)| keys.insert(key.clone()));
    }
}
