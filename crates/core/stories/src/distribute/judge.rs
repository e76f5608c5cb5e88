//! Whether environments say what is wanted: as Compose reads it, whatever its form and whichever
//! files say it.

use compose_edit::{Document, NewValue, Path, Segment};
use compose_model::{Data, Files, Value, View};

use super::Wanted;
use crate::Stack;
use crate::context::Context;
use crate::op::list_to_map::Meaning;
use crate::proof::same;
use crate::refusal::Refusal;

/// Refuses a stack in which an environment says something else at a place than what is wanted.
pub(super) fn refuse_other(stack: &Stack, at: &Path, wanted: &Wanted) -> Result<(), Refusal> {
    for (environment, value) in wanted {
        let said = stack
            .team_view(environment)
            .get(at)
            .filter(|said| !is_empty(&said.data));
        let value = value.as_ref().and_then(|value| read(at, value));
        let value = value.as_ref().filter(|value| !is_empty(&value.data));
        let is_so = match (said, value) {
            (Some(said), Some(value)) => same(&alike(at, &said.data), &alike(at, &value.data)),
            (said, value) => said.is_none() && value.is_none(),
        };
        if !is_so {
            let cx = Context::of_team(stack, environment);
            return Err(Refusal::Overridden {
                environment: environment.clone(),
                path: at.clone(),
                at: said.map_or_else(|| "another file".to_owned(), |said| cx.locate(said)),
            });
        }
    }
    Ok(())
}

fn is_empty(data: &Data) -> bool {
    match data {
        Data::Null => true,
        Data::Map(entries) => entries.is_empty(),
        Data::List(items) => items.is_empty(),
        _ => false,
    }
}

/// A value as a model of one file says it.
fn read(at: &Path, value: &NewValue) -> Option<Value> {
    let document = Document::parse("{}\n").ok()?;
    let (Some(Segment::Key(section)), Some(Segment::Key(_))) =
        (at.segments().first(), at.segments().get(1))
    else {
        return None;
    };
    let whole =
        at.segments()[1..]
            .iter()
            .rev()
            .fold(value.clone(), |value, segment| match segment {
                Segment::Key(key) => NewValue::Map(vec![(key.clone(), value)]),
                Segment::Index(_) => value,
            });
    let mut edit = document.edit();
    edit.insert(&Path::root(), section, &whole, None).ok()?;
    let files = Files::from_iter([("compose.yml".to_owned(), edit.finish().ok()?)]);
    View::resolve(&files, &["compose.yml"])
        .ok()?
        .get(at)
        .cloned()
}

/// `NAME=value` items like entries, which two files make a list of; scalars by their text.
fn alike(at: &Path, data: &Data) -> Data {
    match (Meaning::at(at), data) {
        (Meaning::Assignment, Data::Map(entries)) => {
            let pairs = entries
                .iter()
                .map(|(key, value)| match value.scalar_text() {
                    Some(text) if !value.is_null() => format!("{key}={text}"),
                    _ => key.clone(),
                });
            sorted(pairs.collect())
        }
        (Meaning::Assignment, Data::List(items)) => {
            sorted(items.iter().filter_map(Value::scalar_text).collect())
        }
        (_, data) => data.clone(),
    }
}

fn sorted(mut pairs: Vec<String>) -> Data {
    pairs.sort();
    Data::String(pairs.join("\n"))
}
