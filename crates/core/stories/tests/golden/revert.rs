//! A draft taken back by what its record says, without the bytes from before.

use std::collections::BTreeMap;

use compose_edit::Path;
use stories::proof::differences;
use stories::{Draft, Record, Revert, Stack, Story};

/// Every environment says again what it said before.
pub fn check(before: &Stack, draft: &Draft, story: &Story, record: &Record) -> Result<(), String> {
    let refused = |refusal| format!("the revert is refused: {refusal}");
    let revert = Revert::make(&draft.stack, story, record, &BTreeMap::new()).map_err(refused)?;
    let revert = revert.prove(&draft.stack).map_err(refused)?;
    if !revert.edited.is_empty() {
        return Err(format!(
            "the revert takes this for a person's edits: {:?}",
            revert.edited
        ));
    }
    for environment in before.layout.environments.keys() {
        let found = differences(
            before.view(environment).root(),
            revert.stack.view(environment).root(),
        );
        let mut left = found
            .iter()
            .filter(|found| !is_empty(&revert.stack, environment, &found.path))
            .peekable();
        if left.peek().is_some() {
            return Err(format!(
                "reverted, {environment} still differs: {}",
                left.map(ToString::to_string).collect::<String>()
            ));
        }
    }
    Ok(())
}

/// What was null or missing may be empty.
fn is_empty(stack: &Stack, environment: &str, path: &Path) -> bool {
    let value = stack.view(environment).get(path);
    value.is_some_and(|value| {
        value.as_map().is_some_and(indexmap::IndexMap::is_empty)
            || value.as_list().is_some_and(<[_]>::is_empty)
    })
}
