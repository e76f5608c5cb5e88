//! Documents in the making.

use std::collections::HashSet;

use super::body::{Body, block};
use super::random::Random;

/// A YAML document in the making.
#[derive(Debug, Default)]
pub struct Draft {
    /// Top-level lines before everything else.
    pub head: Vec<String>,
    pub services: Vec<(String, Body)>,
    pub sections: String,
}

impl Draft {
    pub fn text(&self) -> String {
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

    pub fn body(&mut self, random: &mut Random) -> &mut Body {
        let index = random.below(self.services.len());
        &mut self.services[index].1
    }

    /// Keeps the first of two entries with the same key; a mapping may not have both.
    pub fn dedupe(&mut self) {
        let mut names = HashSet::new();
        self.services.retain(|(name, _)| names.insert(name.clone()));
        for (_, body) in &mut self.services {
            let mut keys = HashSet::new();
            body.retain(|(key, _)| keys.insert(key.clone()));
        }
    }
}
