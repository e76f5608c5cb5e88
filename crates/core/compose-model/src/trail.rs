//! Where a rule applies: the way from the model's root, and patterns over it.

use std::fmt;

/// The way from the root to a value: a chain of keys, each held by whoever took that step.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Trail<'t> {
    before: Option<&'t Trail<'t>>,
    step: &'t str,
    depth: usize,
}

/// A dotted pattern in which `*` stands for any one step, and what belongs to it. Tables of rules are made of these.
#[derive(Debug)]
pub(crate) struct Row<R> {
    pattern: &'static str,
    /// The pattern's number of steps and its last one: they rule out most rows at once.
    depth: usize,
    last: &'static str,
    rule: R,
}

/// A row of a table of rules.
pub(crate) const fn row<R>(pattern: &'static str, rule: R) -> Row<R> {
    let bytes = pattern.as_bytes();
    let (mut at, mut depth, mut last_start) = (0, 1, 0);
    while at < bytes.len() {
        if bytes[at] == b'.' {
            depth += 1;
            last_start = at + 1;
        }
        at += 1;
    }
    Row { pattern, depth, last: pattern.split_at(last_start).1, rule }
}

/// The first row of a table whose pattern fits.
pub(crate) fn look_up<'t, R>(table: &'t [Row<R>], trail: &Trail<'_>) -> Option<&'t R> {
    let may_fit = |row: &&Row<R>| row.depth == trail.depth && (row.last == trail.step || row.last == "*");
    table.iter().filter(may_fit).find(|row| trail.fits(row.pattern)).map(|row| &row.rule)
}

impl<'t> Trail<'t> {
    pub(crate) fn child(&'t self, step: &'t str) -> Self {
        Self { before: Some(self), step, depth: self.depth + 1 }
    }

    /// The step into a list, whichever the item.
    pub(crate) fn item(&'t self) -> Self {
        self.child("[]")
    }

    /// The steps from the last one back to the root.
    fn backwards(&self) -> impl Iterator<Item = &'t str> {
        let mut here = *self;
        std::iter::from_fn(move || {
            let step = here.step;
            here = *here.before?;
            Some(step)
        })
    }

    /// Whether the trail has the pattern's steps. A key that holds a dot is one step.
    pub(crate) fn fits(&self, pattern: &str) -> bool {
        let mut steps = self.backwards();
        let same = pattern.rsplit('.').all(|wanted| steps.next().is_some_and(|step| wanted == "*" || wanted == step));
        same && steps.next().is_none()
    }

    /// Whether the trail has exactly these steps.
    pub(crate) fn is(&self, steps: &[String]) -> bool {
        self.depth == steps.len() && self.backwards().zip(steps.iter().rev()).all(|(step, wanted)| step == wanted)
    }

    /// The steps from the root on.
    pub(crate) fn steps(&self) -> Vec<String> {
        let mut steps: Vec<_> = self.backwards().map(str::to_owned).collect();
        steps.reverse();
        steps
    }
}

impl fmt::Display for Trail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.steps().join("."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_step_by_step() {
        let top = Trail::default();
        let services = top.child("services");
        let service = services.child("my.api");
        let ports = service.child("ports");
        assert!(ports.fits("services.*.ports"));
        assert!(!ports.fits("services.*"));
        assert!(!ports.fits("services.*.ports.*"));
        assert_eq!(look_up(&[row("services.*", 1), row("*.*.ports", 2)], &ports), Some(&2));
    }

    #[test]
    fn steps_are_told_apart() {
        let top = Trail::default();
        let a = top.child("a");
        let b = a.child("b");
        assert!(b.is(&["a".to_owned(), "b".to_owned()]));
        assert!(!b.is(&["a.b".to_owned()]));
        assert_eq!((b.to_string(), top.to_string()), ("a.b".to_owned(), String::new()));
    }
}
