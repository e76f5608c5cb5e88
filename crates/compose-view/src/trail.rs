//! Where a rule applies: the way from the model's root, and patterns over it.

use std::fmt;

/// The way from the root to a value, in the dotted form in which Compose keeps it.
///
/// A key that holds a dot counts as several steps, as it does for Compose: no rule of `services.*.ports` reaches the
/// ports of a service named `my.api`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Trail {
    text: String,
    depth: usize,
}

/// A dotted pattern in which `*` stands for any one step, and what belongs to it. Tables of rules are made of these.
#[derive(Debug)]
pub(crate) struct Row<R> {
    pub(crate) pattern: &'static str,
    depth: usize,
    pub(crate) rule: R,
}

/// A row of a table of rules.
pub(crate) const fn row<R>(pattern: &'static str, rule: R) -> Row<R> {
    Row { pattern, depth: depth_of(pattern), rule }
}

/// How many steps a dotted text has.
const fn depth_of(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0, 1);
    while at < bytes.len() {
        if bytes[at] == b'.' {
            depth += 1;
        }
        at += 1;
    }
    depth
}

/// The first row of a table whose pattern fits.
pub(crate) fn look_up<'t, R>(table: &'t [Row<R>], trail: &Trail) -> Option<&'t R> {
    table.iter().find(|row| row.depth == trail.depth && trail.fits(row.pattern)).map(|row| &row.rule)
}

impl Trail {
    pub(crate) fn child(&self, key: &str) -> Self {
        let text = if self.depth == 0 { key.to_owned() } else { format!("{}.{key}", self.text) };
        Self { text, depth: self.depth + depth_of(key) }
    }

    /// The step into a list, whichever the item.
    pub(crate) fn item(&self) -> Self {
        self.child("[]")
    }

    /// Whether the trail has the pattern's steps; compares from the end, where trails differ most.
    pub(crate) fn fits(&self, pattern: &str) -> bool {
        let mut steps = self.text.rsplit('.');
        let same = pattern.rsplit('.').all(|wanted| steps.next().is_some_and(|step| wanted == "*" || wanted == step));
        same && steps.next().is_none()
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Trail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_step_by_step() {
        let ports = Trail::default().child("services").child("web").child("ports");
        assert!(ports.fits("services.*.ports"));
        assert!(!ports.fits("services.*"));
        assert!(!ports.fits("services.*.ports.*"));
        assert_eq!(look_up(&[row("services.*", 1), row("*.web.ports", 2)], &ports), Some(&2));
    }

    #[test]
    fn a_dot_in_a_key_is_a_step() {
        let ports = Trail::default().child("services").child("my.api").child("ports");
        assert!(!ports.fits("services.*.ports"));
        assert_eq!(ports.to_string(), "services.my.api.ports");
    }
}
