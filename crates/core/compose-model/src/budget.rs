//! A bound on how much a few lines may unfold to.

use crate::problem::{Outcome, Problem};
use crate::{Data, Origin, Value};

/// Values that one resolve may make. The biggest real stacks stay far below; an alias bomb is
/// stopped within milliseconds.
const VALUES: usize = 250_000;

/// How deep a value may lie. Compose's own schema ends long before.
pub(crate) const DEPTH: usize = 100;

/// What is left of the bound.
#[derive(Debug)]
pub(crate) struct Budget(usize);

impl Budget {
    pub(crate) const fn new() -> Self {
        Self(VALUES)
    }

    /// Takes values from what is left; `origin` is to blame when there are not enough.
    pub(crate) fn spend(&mut self, values: usize, origin: impl FnOnce() -> Origin) -> Outcome<()> {
        match self.0.checked_sub(values) {
            Some(left) => {
                self.0 = left;
                Ok(())
            }
            None => Err(Problem::rejected(
                &origin(),
                format!("unfolds to more than {VALUES} values"),
            )),
        }
    }

    /// A copy, paid for.
    pub(crate) fn copy(&mut self, value: &Value) -> Outcome<Value> {
        self.spend(count(value), || value.origin.clone())?;
        Ok(value.clone())
    }
}

fn count(value: &Value) -> usize {
    match &value.data {
        Data::List(items) => 1 + items.iter().map(count).sum::<usize>(),
        Data::Map(entries) => 1 + entries.values().map(count).sum::<usize>(),
        _ => 1,
    }
}
