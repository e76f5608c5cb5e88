//! `!reset`, `!override` and null.

use super::Generator;
use super::body::value;
use super::draft::Draft;

const RESETS: &[(&str, &str)] = &[
    ("deploy", "{replicas: !reset null, labels: {z: 1}}"),
    ("networks", "{n1: !reset null, n3: {}}"),
    (
        "depends_on",
        "{db: !reset null, x: {condition: service_started}}",
    ),
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
    (
        "build",
        "{args: !override [Z=1], tags: !override [\"z:1\"]}",
    ),
    ("x-own", "{b: !override [9]}"),
];

impl Generator {
    /// Adds one of the tags to an override.
    pub fn tag(&mut self, draft: &mut Draft) {
        let key = *self.random.pick(&self.focus);
        let new = value(&mut self.random, key);
        let own = |value: &str| (key.name.to_owned(), value.to_owned());
        let (feature, (name, text)) = match self.random.below(9) {
            0 | 1 => ("!reset of a service's key", own("!reset null")),
            2 | 3 => (
                "!override of a service's key",
                own(&format!("!override {new}")),
            ),
            4 => ("!reset of an entry", self.entry(RESETS)),
            5 => ("!override of an entry", self.entry(OVERRIDES)),
            6 => return self.tag_whole(draft),
            7 => (
                "!reset of a list's item",
                (
                    "ports".to_owned(),
                    "[!reset \"80\", \"9:9\", !override \"10:10\"]".to_owned(),
                ),
            ),
            _ => {
                self.note("!reset behind an anchor");
                draft.head.push(
                    "x-tagged: &tagged {dns: !reset null, hostname: !override behind}".to_owned(),
                );
                return draft.services[0]
                    .1
                    .insert(0, ("<<".to_owned(), "*tagged".to_owned()));
            }
        };
        self.note(feature);
        let body = draft.body(&mut self.random);
        body.retain(|(known, _)| *known != name);
        body.push((name, text));
    }

    pub fn entry(&mut self, from: &[(&str, &str)]) -> (String, String) {
        let (key, value) = self.random.pick(from);
        ((*key).to_owned(), (*value).to_owned())
    }

    fn tag_whole(&mut self, draft: &mut Draft) {
        let (feature, value) = match self.random.below(3) {
            0 => ("!reset of a service", "!reset null"),
            1 => (
                "!override of a service",
                "!override {image: fresh, ports: [\"5:5\"]}",
            ),
            _ => {
                self.note("!reset of a section");
                draft.sections =
                    "networks: !reset null\nsecrets: !override {s9: {file: ./s9}}\n".to_owned();
                return;
            }
        };
        self.note(feature);
        draft.services.retain(|(name, _)| name != "db");
        draft
            .services
            .push(("db".to_owned(), vec![(String::new(), value.to_owned())]));
    }

    pub fn null(&mut self, draft: &mut Draft) {
        self.note("null over a value");
        let base = self
            .set
            .files
            .iter()
            .find(|(path, _)| path == "compose.yml");
        let text = base.map_or("", |(_, text)| text);
        let known: Vec<_> = self
            .focus
            .iter()
            .filter(|key| text.contains(&format!("    {}:", key.name)))
            .collect();
        if known.is_empty() {
            return;
        }
        let key = self.random.pick(&known).name;
        let body = draft.body(&mut self.random);
        body.retain(|(known, _)| known != key);
        body.push((key.to_owned(), "null".to_owned()));
    }
}
