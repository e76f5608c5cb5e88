//! Does the judge notice mistakes? Each of these is one that a wrong rule would make.

use compose_model::View;
use serde_json::{Value, json};

use crate::checkout;
use crate::compose::{Compose, Depth};
use crate::generate::{Set, generate};
use crate::judge::{differences, json_of};

/// Made-up environments that the controls look at.
const SETS: u64 = 120;

/// A way to be wrong: what the view would say of the set, none where the mistake cannot show.
type Mistake = fn(&Set, &Value) -> Option<Value>;

const MISTAKES: &[(&str, Mistake)] = &[
    ("the later file is ignored", ignore_last),
    ("files merge in the wrong order", reverse),
    ("tags are ignored", |set, _| {
        without(set, &["!override ", "!reset "])
    }),
    ("ports append, duplicates and all", |_, view| {
        append_again(view, "ports")
    }),
    ("volumes append, duplicates and all", |_, view| {
        append_again(view, "volumes")
    }),
    ("an entry has an earlier file's value", |_, view| {
        change_entry(view)
    }),
    ("a service is lost", |_, view| {
        drop_entry(view, &["services"])
    }),
    ("a key of a service is lost", |_, view| {
        drop_entry(view, &["services", "web"])
    }),
    ("paths are relative to the wrong folder", |_, view| {
        move_paths(view)
    }),
];

#[test]
fn mistakes_are_noticed() {
    let Some(compose) = Compose::find() else {
        return;
    };
    let mut noticed = vec![(0, 0); MISTAKES.len()];
    for set in (0..SETS).map(generate) {
        let folder = checkout::write(&set);
        let root = checkout::root(&folder);
        let order: Vec<&str> = set.order.iter().map(String::as_str).collect();
        let (Ok(view), Ok(real)) = (
            checkout::resolve(&set),
            compose.config(&root, &order, Depth::Merged),
        ) else {
            continue;
        };
        let view = json_of(&view);
        for ((made, seen), (_, mistake)) in noticed.iter_mut().zip(MISTAKES) {
            let Some(wrong) = mistake(&set, &view).filter(|wrong| *wrong != view) else {
                continue;
            };
            *made += 1;
            *seen += usize::from(!differences(&wrong, &real, &root).is_empty());
        }
    }
    for ((made, seen), (name, _)) in noticed.iter().zip(MISTAKES) {
        println!("{seen} of {made} noticed: {name}");
        assert!(*made >= 3, "{name}: made only {made} times");
        assert_eq!(made, seen, "{name}");
    }
}

fn model(set: &Set, order: &[String]) -> Option<Value> {
    let order: Vec<&str> = order.iter().map(String::as_str).collect();
    View::resolve(&checkout::parse(set), &order)
        .ok()
        .map(|view| json_of(&view))
}

fn ignore_last(set: &Set, _: &Value) -> Option<Value> {
    let (_, earlier) = set.order.split_last()?;
    (!earlier.is_empty()).then(|| model(set, earlier)).flatten()
}

fn reverse(set: &Set, _: &Value) -> Option<Value> {
    let mut order = set.order.clone();
    order[1..].reverse();
    model(set, &order)
}

fn without(set: &Set, tags: &[&str]) -> Option<Value> {
    let strip = |text: &String| {
        tags.iter()
            .fold(text.clone(), |text, tag| text.replace(tag, ""))
    };
    let files = set
        .files
        .iter()
        .map(|(path, text)| (path.clone(), strip(text)))
        .collect();
    let stripped = Set {
        files,
        order: set.order.clone(),
        features: Vec::new(),
    };
    model(&stripped, &set.order)
}

/// The first item of a list a second time, at the end.
fn append_again(view: &Value, key: &str) -> Option<Value> {
    change_a_service(view, |service| {
        let items = service
            .get_mut(key)
            .and_then(Value::as_array_mut)
            .filter(|items| items.iter().all(Value::is_object));
        items.is_some_and(|items| {
            let first = items.first().cloned();
            items.extend(first);
            true
        })
    })
}

fn change_entry(view: &Value) -> Option<Value> {
    change_a_service(view, |service| {
        let keys = ["environment", "labels", "annotations", "sysctls"];
        let key = keys.into_iter().find(|key| service.get(key).is_some());
        let map = key
            .and_then(|key| service.get_mut(key))
            .and_then(Value::as_object_mut);
        let value = map.and_then(|map| map.values_mut().next());
        value
            .map(|value| *value = json!("another file's"))
            .is_some()
    })
}

fn change_a_service(view: &Value, mut change: impl FnMut(&mut Value) -> bool) -> Option<Value> {
    let mut wrong = view.clone();
    let services = wrong.get_mut("services")?.as_object_mut()?;
    let changed = services.values_mut().any(&mut change);
    changed.then_some(wrong)
}

fn drop_entry(view: &Value, path: &[&str]) -> Option<Value> {
    let mut wrong = view.clone();
    let entries = path
        .iter()
        .try_fold(&mut wrong, |value, key| value.get_mut(*key))?
        .as_object_mut()?;
    let first = entries
        .iter()
        .find(|(_, value)| !value.is_null())
        .map(|(key, _)| key.clone())?;
    entries.remove(&first);
    Some(wrong)
}

fn move_paths(view: &Value) -> Option<Value> {
    change_a_service(view, |service| {
        let context = service
            .get_mut("build")
            .and_then(|build| build.get_mut("context"));
        let local = context.filter(|context| {
            context
                .as_str()
                .is_some_and(|context| context.starts_with('.'))
        });
        local
            .map(|context| *context = json!("./wrong/folder"))
            .is_some()
    })
}
