//! Where a rule applies: the way from the model's root, and patterns over it.

use std::fmt;

use crate::{Data, Value};

/// The way from the root to a value: a chain of keys, each held by whoever took that step.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Trail<'t> {
    before: Option<&'t Trail<'t>>,
    step: &'t str,
    depth: usize,
}

/// How many steps a pattern may have.
const LONGEST: usize = 8;

/// A dotted pattern in which `*` stands for any one step, and what belongs to it. Tables of rules
/// are made of these.
#[derive(Debug)]
pub(crate) struct Row<R> {
    steps: [&'static str; LONGEST],
    depth: usize,
    rule: R,
}

/// A row of a table of rules. The pattern is taken apart by the compiler: every value of a model is
/// held against it.
pub(crate) const fn row<R>(pattern: &'static str, rule: R) -> Row<R> {
    let (mut steps, mut depth) = ([""; LONGEST], 0);
    let (mut rest, mut at) = (pattern, 0);
    while at < rest.len() {
        if rest.as_bytes()[at] == b'.' {
            let (step, behind) = rest.split_at(at);
            steps[depth] = step;
            rest = behind.split_at(1).1;
            (depth, at) = (depth + 1, 0);
        } else {
            at += 1;
        }
    }
    steps[depth] = rest;
    Row {
        steps,
        depth: depth + 1,
        rule,
    }
}

/// The first row of a table whose pattern fits.
pub(crate) fn look_up<'t, R>(table: &'t [Row<R>], trail: &Trail<'_>) -> Option<&'t R> {
    table
        .iter()
        .find(|row| row.depth == trail.depth && row.leads_over(trail))
        .map(|row| &row.rule)
}

/// Visits every value that a row of a table fits, outer ones before what lies in them, each with
/// its first row's rule.
///
/// Most of a model lies where no pattern leads, and is passed over.
///
/// # Errors
/// The first of `visit`.
pub(crate) fn visit<R, E>(
    table: &[Row<R>],
    value: &mut Value,
    trail: &Trail<'_>,
    visit: &mut dyn FnMut(&mut Value, &Trail<'_>, &R) -> Result<(), E>,
) -> Result<(), E> {
    let ahead: Vec<_> = table.iter().filter(|row| row.leads_over(trail)).collect();
    descend(&ahead, value, trail, visit)
}

/// Visits what stands below a trail that leads to all of the rows that are `ahead`.
fn descend<R, E>(
    ahead: &[&Row<R>],
    value: &mut Value,
    trail: &Trail<'_>,
    visit: &mut dyn FnMut(&mut Value, &Trail<'_>, &R) -> Result<(), E>,
) -> Result<(), E> {
    if let Some(row) = ahead.iter().find(|row| row.depth == trail.depth) {
        visit(value, trail, &row.rule)?;
    }
    match &mut value.data {
        Data::List(items) => {
            let inside = trail.item();
            let ahead = beyond(ahead, &inside);
            if !ahead.is_empty() {
                items
                    .iter_mut()
                    .try_for_each(|item| descend(&ahead, item, &inside, visit))?;
            }
        }
        Data::Map(entries) => {
            for (key, value) in entries {
                let inside = trail.child(key);
                let ahead = beyond(ahead, &inside);
                if !ahead.is_empty() {
                    descend(&ahead, value, &inside, visit)?;
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// Those of the rows that were ahead which the trail's last step follows.
fn beyond<'r, R>(ahead: &[&'r Row<R>], trail: &Trail<'_>) -> Vec<&'r Row<R>> {
    ahead
        .iter()
        .copied()
        .filter(|row| row.allows(trail.depth, trail.step))
        .collect()
}

impl<R> Row<R> {
    /// Whether the pattern has such a step at a depth, which counts from 1.
    fn allows(&self, depth: usize, step: &str) -> bool {
        depth <= self.depth && ["*", step].contains(&self.steps[depth - 1])
    }

    /// Whether the pattern begins with a trail. A key that holds a dot is one step.
    fn leads_over(&self, trail: &Trail<'_>) -> bool {
        let mut here = trail;
        while let Some(before) = here.before {
            if !self.allows(here.depth, here.step) {
                return false;
            }
            here = before;
        }
        true
    }
}

impl<'t> Trail<'t> {
    pub(crate) fn child(&'t self, step: &'t str) -> Self {
        Self {
            before: Some(self),
            step,
            depth: self.depth + 1,
        }
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

    /// Whether the trail has exactly these steps.
    pub(crate) fn is(&self, steps: &[String]) -> bool {
        self.depth == steps.len()
            && self
                .backwards()
                .zip(steps.iter().rev())
                .all(|(step, wanted)| step == wanted)
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
    use std::convert::Infallible;

    use compose_edit::Span;

    use super::*;
    use crate::{Origin, ScopeId};

    #[test]
    fn patterns_fit_step_by_step() {
        let top = Trail::default();
        let services = top.child("services");
        let service = services.child("my.api");
        let ports = service.child("ports");
        let fits = |pattern| look_up(&[row(pattern, ())], &ports).is_some();
        assert!(fits("services.*.ports"));
        assert!(!fits("services.*"));
        assert!(!fits("services.*.ports.*"));
        assert_eq!(
            look_up(&[row("services.*", 1), row("*.*.ports", 2)], &ports),
            Some(&2)
        );
    }

    #[test]
    fn a_visit_goes_from_the_outside_in_and_sees_what_it_has_made() {
        let text = |text: &str| Data::String(text.to_owned());
        let origin = Origin {
            file: "".into(),
            span: Span::default(),
            key: None,
            scope: ScopeId::default(),
        };
        let value = |data| Value {
            data,
            origin: origin.clone(),
        };
        let map = |key: &str, data| Data::Map([(key.to_owned(), value(data))].into());
        let mut model = value(map("services", map("api", map("ports", text("80")))));
        let table = [
            row("services.*.ports", true),
            row("services.*.ports.*", false),
            row("volumes.*", false),
        ];
        let mut seen = Vec::new();
        let visited = visit::<_, Infallible>(
            &table,
            &mut model,
            &Trail::default(),
            &mut |place, trail, is_list| {
                seen.push(trail.to_string());
                if *is_list {
                    place.data = Data::List(vec![value(place.data.clone())]);
                }
                Ok(())
            },
        );
        assert_eq!(visited, Ok(()));
        assert_eq!(seen, ["services.api.ports", "services.api.ports.[]"]);
    }

    #[test]
    fn steps_are_told_apart() {
        let top = Trail::default();
        let a = top.child("a");
        let b = a.child("b");
        assert!(b.is(&["a".to_owned(), "b".to_owned()]));
        assert!(!b.is(&["a.b".to_owned()]));
        assert_eq!(
            (b.to_string(), top.to_string()),
            ("a.b".to_owned(), String::new())
        );
    }
}
