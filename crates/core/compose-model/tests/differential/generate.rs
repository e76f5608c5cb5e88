//! Environments made up from a seed: base, override, production overlay, extended and included
//! files.

mod body;
mod draft;
mod keys;
pub mod random;
mod reuse;
mod tags;

use body::{Body, block, body, value};
use draft::Draft;
use keys::{Key, SECTIONS};
pub use keys::{PLAIN, RICH};
use random::Random;

/// What a set does beyond the keys it uses. Every one must occur.
pub const FEATURES: &[&str] = &[
    "override file",
    "production overlay",
    "several documents in a file",
    "an override in another folder",
    "extends: in the same file",
    "extends: a chain in the same file",
    "extends: in another file",
    "extends: a chain in another file",
    "extends: from a third file",
    "extends: in an override",
    "include: short",
    "include: long",
    "include: list of files",
    "include: project_directory",
    "include: env_file",
    "include: nested",
    "include: changed by a later file",
    "merge key",
    "merge key: list",
    "merge key: an own key beside it",
    "alias of a value",
    "!reset of a service's key",
    "!override of a service's key",
    "!reset of an entry",
    "!override of an entry",
    "!reset of a service",
    "!override of a service",
    "!reset of a section",
    "!reset of a list's item",
    "!reset in the first file",
    "!reset behind an anchor",
    "!reset over what is inherited",
    "!override over what is inherited",
    "null over a value",
    "another kind over a value",
];

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
    let mut generator = Generator {
        random,
        set: Set::default(),
        focus,
        rich,
    };
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
            body.push((
                self.rich.name.to_owned(),
                value(&mut self.random, self.rich),
            ));
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
            draft
                .body(&mut self.random)
                .push(("hostname".to_owned(), value));
        }
        self.finish("compose.yml", draft);
    }

    /// Writes a draft, now and then as two documents.
    fn finish(&mut self, path: &str, mut draft: Draft) {
        draft.dedupe();
        let mut text = draft.text();
        if self.random.percent(8) {
            self.note("several documents in a file");
            let service = self.service("web");
            let more = Draft {
                services: vec![service],
                ..Draft::default()
            };
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
        if self
            .set
            .features
            .iter()
            .any(|feature| feature.starts_with("include"))
            && self.random.percent(60)
        {
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
            let (key, value) = self.entry(&[
                ("x-own", "[1]"),
                ("healthcheck", "[a]"),
                ("profiles", "{a: 1}"),
                ("links", "text"),
            ]);
            draft.body(&mut self.random).push((key, value));
        }
        if self.random.percent(8)
            && !self
                .set
                .features
                .iter()
                .any(|feature| feature.starts_with("extends: in an"))
        {
            self.note("extends: in an override");
            self.add_file(
                "common/late.yml",
                "services:\n  late: {image: late, labels: {late: 1}, env_file: l.env}\n".to_owned(),
            );
            draft.services[0].1.push((
                "extends".to_owned(),
                "{file: common/late.yml, service: late}".to_owned(),
            ));
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
}
