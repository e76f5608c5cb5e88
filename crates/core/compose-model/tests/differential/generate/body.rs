//! Bodies: some keys, each with a value.

use super::keys::{Form, Key};
use super::random::Random;

/// Keys and values of a mapping, values in flow style.
pub type Body = Vec<(String, String)>;

/// Some of the keys, each with a value.
pub fn body(random: &mut Random, keys: &[&Key], most: usize) -> Body {
    let keys: Vec<_> = random.some(keys, most).into_iter().collect();
    keys.into_iter()
        .map(|key| (key.name.to_owned(), value(random, key)))
        .collect()
}

/// A value for a key.
pub fn value(random: &mut Random, key: &Key) -> String {
    match random.pick(key.forms) {
        Form::One(texts) => (*random.pick(texts)).to_owned(),
        Form::Items(pool) => format!("[{}]", join(random.some(pool, 3))),
        Form::Entries(pool) => {
            let mut entries = random.some(pool, 3);
            let mut names = std::collections::HashSet::new();
            entries.retain(|entry| names.insert(entry.split(':').next()));
            format!("{{{}}}", join(entries))
        }
    }
}

fn join(texts: Vec<&&str>) -> String {
    texts.into_iter().copied().collect::<Vec<_>>().join(", ")
}

/// The body as a block, indented.
pub fn block(body: &Body, indent: usize) -> String {
    body.iter()
        .map(|(key, value)| format!("{:indent$}{key}: {value}\n", ""))
        .collect()
}
