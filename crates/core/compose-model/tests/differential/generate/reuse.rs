//! Merge keys, `extends` and `include`.

use super::Generator;
use super::body::{block, value};
use super::draft::Draft;

impl Generator {
    pub fn merge_keys(&mut self, draft: &mut Draft) {
        self.note("merge key");
        let one = self.service("one").1;
        let other = self.service("other").1;
        draft.head.push(format!(
            "x-one: &one\n{}x-other: &other\n{}",
            block(&one, 2),
            block(&other, 2)
        ));
        let list = self.random.percent(40);
        if list {
            self.note("merge key: list");
        }
        let body = draft.body(&mut self.random);
        if body
            .iter()
            .any(|(key, _)| one.iter().any(|(other, _)| key == other))
        {
            self.set.features.push("merge key: an own key beside it");
        }
        body.insert(
            0,
            (
                "<<".to_owned(),
                if list { "[*one, *other]" } else { "*one" }.to_owned(),
            ),
        );
        if self.random.percent(40) {
            self.note("alias of a value");
            draft.head.push("x-value: &value {a: 1, c: x}".to_owned());
            let body = draft.body(&mut self.random);
            body.retain(|(key, _)| key != "labels");
            body.push(("labels".to_owned(), "*value".to_owned()));
        }
    }

    pub fn extend_sibling(&mut self, draft: &mut Draft) {
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
            (
                "!override over what is inherited",
                format!("!override {}", value(&mut self.random, key)),
            )
        };
        body.push((key.name.to_owned(), tagged));
        self.note(feature);
    }

    pub fn extend_other_file(&mut self, draft: &mut Draft) {
        self.note("extends: in another file");
        let mut other = Draft {
            services: vec![self.service("base"), self.service("basis")],
            ..Draft::default()
        };
        if self.random.percent(30) {
            self.note("extends: a chain in another file");
            other.services[0]
                .1
                .push(("extends".to_owned(), "basis".to_owned()));
        } else if self.random.percent(40) {
            self.note("extends: from a third file");
            other.services[0].1.push((
                "extends".to_owned(),
                "{file: ../third/third.yml, service: root}".to_owned(),
            ));
            let third = Draft {
                services: vec![self.service("root")],
                ..Draft::default()
            };
            self.add_file("third/third.yml", third.text());
        }
        self.add_file("common/base.yml", other.text());
        let extends = (
            "extends".to_owned(),
            "{file: ./common/base.yml, service: base}".to_owned(),
        );
        draft.services[0].1.push(extends.clone());
        if self.random.percent(30) {
            draft.services[1].1.push(extends);
        } else {
            self.tag_inherited(draft);
        }
    }

    pub fn include(&mut self, draft: &mut Draft) {
        let mut included = Draft {
            services: vec![self.service("included")],
            ..Draft::default()
        };
        included.services[0].1.retain(|(key, _)| key != "image");
        included.services[0]
            .1
            .push(("image".to_owned(), "included:1".to_owned()));
        let line = match self.random.below(5) {
            0 => {
                self.note("include: long");
                "include: [{path: inc/compose.yml}]"
            }
            1 => {
                self.note("include: list of files");
                let more = Draft {
                    services: vec![self.service("included")],
                    ..Draft::default()
                };
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
                self.note("include: short");
                self.note("include: nested");
                self.add_file(
                    "inc/deep/compose.yml",
                    "services:\n  deep: {image: deep, build: ., env_file: d.env}\n".to_owned(),
                );
                included.head.push("include: [deep/compose.yml]".to_owned());
                "include: [inc/compose.yml]"
            }
        };
        self.add_file("inc/compose.yml", included.text());
        draft.head.push(line.to_owned());
    }
}
