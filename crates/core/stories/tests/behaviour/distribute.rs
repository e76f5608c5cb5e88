//! What differs by environment, over random layers of files: every environment says what is wanted,
//! nothing else changes, and it comes back.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use compose_edit::{Document, NewScalar, NewValue, Path};
use compose_model::{Files, View};
use proptest::prelude::*;
use stories::distribute::{Wanted, distribute};
use stories::proof::differences;
use stories::{FileState, Layout, Operation, Refusal, Stack, Workspace, op};

const LAYOUTS: [&str; 6] = [
    "{ local: { files: [a.yml] }, prod: { files: [b.yml] } }",
    "{ local: { files: [a.yml, b.yml] } }",
    "{ local: { files: [a.yml] }, prod: { files: [a.yml, b.yml] } }",
    "{ local: { files: [a.yml, b.yml] }, prod: { files: [a.yml, c.yml] } }",
    "{ local: { files: [a.yml] }, ci: { files: [a.yml, b.yml] }, prod: { files: [a.yml, b.yml, c.yml] } }",
    "{ local: { files: [a.yml, b.yml] }, ci: { files: [a.yml, c.yml] }, prod: { files: [d.yml, c.yml] } }",
];

/// Keys of a service, each with what files may say there already.
const PLACES: [(&str, [&str; 3]); 6] = [
    (
        "hostname",
        ["", "    hostname: old # why\n", "    hostname: \"older\"\n"],
    ),
    (
        "environment",
        [
            "",
            "    environment:\n      A: one # why\n      B: two\n",
            "    environment: [A=one, C]\n",
        ],
    ),
    (
        "labels",
        [
            "",
            "    labels: { A: one }\n",
            "    labels:\n      - B=two # why\n",
        ],
    ),
    (
        "cap_add",
        [
            "",
            "    cap_add: [A, B]\n",
            "    cap_add:\n      # why\n      - C\n",
        ],
    ),
    (
        "command",
        ["", "    command: [A, B]\n", "    command: run it\n"],
    ),
    (
        "ulimits",
        [
            "",
            "    ulimits: { A: 1 }\n",
            "    ulimits:\n      A: { soft: 1, hard: 2 } # why\n",
        ],
    ),
];

static TALLY: [AtomicUsize; 2] = [const { AtomicUsize::new(0) }; 2];

fn stack(layout: usize, place: usize, choices: &[u8]) -> Option<Stack> {
    let layout = Layout::parse(
        "compose/stack.yaml",
        &format!("environments: {}\n", LAYOUTS[layout]),
    )
    .unwrap();
    let file = |(name, choice): (&str, &u8)| {
        let there = PLACES[place].1[usize::from(*choice) % 3];
        let text = format!(
            "services:\n  app:\n    image: app:1 # ours\n{there}  other:\n    image: other:1\n"
        );
        (name.to_owned(), Document::parse(text).unwrap())
    };
    Stack::new(
        layout,
        ["a.yml", "b.yml", "c.yml", "d.yml"]
            .into_iter()
            .zip(choices)
            .map(file)
            .collect(),
    )
    .ok()
}

/// What an environment may want at a place, of few values, so that several often want the same.
fn value(place: usize, choice: u8) -> Option<NewValue> {
    let text = |text: &str| NewValue::from(text);
    let list = |items: &[&str]| {
        let items = items.iter().map(|item| text(item)).collect();
        Some(NewValue::List { items, flow: true })
    };
    let map = |entries: &[(&str, NewValue)]| {
        Some(NewValue::Map(
            entries
                .iter()
                .map(|(key, value)| ((*key).to_owned(), value.clone()))
                .collect(),
        ))
    };
    let number = |number: i64| NewValue::Scalar(NewScalar::int(number));
    let limits = |soft: i64| {
        NewValue::Map(vec![
            ("soft".to_owned(), number(soft)),
            ("hard".to_owned(), number(9)),
        ])
    };
    match (PLACES[place].0, choice % 5) {
        (_, 0) => None,
        ("hostname", choice) => Some(text(
            ["one", "two", "old", "${HOST:-x}"][usize::from(choice) - 1],
        )),
        ("environment" | "labels", 1) => map(&[("A", text("one")), ("B", text("two"))]),
        ("environment" | "labels", 2) => map(&[("A", text("one")), ("B", text("three"))]),
        ("environment" | "labels", 3) => map(&[("B", text("two"))]),
        ("environment" | "labels", _) => {
            map(&[("A", text("one")), ("C", text("")), ("D", text("4"))])
        }
        ("ulimits", 1) => map(&[("A", number(1))]),
        ("ulimits", 2) => map(&[("A", limits(1)), ("B", number(2))]),
        ("ulimits", 3) => map(&[("A", limits(2)), ("B", number(2))]),
        ("ulimits", _) => map(&[("B", number(2))]),
        (_, 1) => list(&["A", "B"]),
        (_, 2) => list(&["A", "B", "C"]),
        (_, 3) => list(&["A", "C"]),
        (_, _) => list(&["D"]),
    }
}

/// What a file says that says this alone.
fn alone(key: &str, value: &NewValue) -> View {
    let document =
        Document::parse("services:\n  app:\n    image: app:1\n  other:\n    image: other:1\n")
            .unwrap();
    let mut edit = document.edit();
    edit.insert(&Path::from(["services", "app"]), key, value, None)
        .unwrap();
    View::resolve(
        &Files::from_iter([("alone.yml".to_owned(), edit.finish().unwrap())]),
        &["alone.yml"],
    )
    .unwrap()
}

/// What an environment says at a key, whichever files say it: two files make a list of a map of
/// variables.
fn said(view: &View, key: &str) -> Option<String> {
    let value = view.get(&Path::from(["services", "app", key]))?;
    let text = |value: &compose_model::Value| {
        value
            .scalar_text()
            .unwrap_or_else(|| format!("{:?}", texts(value)))
    };
    let is_pairs = matches!(key, "environment" | "labels");
    let mut parts: Vec<String> = match (value.as_map(), value.as_list()) {
        (Some(map), _) => map
            .iter()
            .map(|(key, value)| format!("{key}={}", text(value)))
            .collect(),
        (_, Some(items)) => items.iter().map(text).collect(),
        _ => vec![text(value)],
    };
    if is_pairs || value.as_map().is_some() {
        parts.sort();
    }
    (!parts.is_empty()).then(|| parts.join("\n"))
}

fn texts(value: &compose_model::Value) -> BTreeMap<String, Option<String>> {
    let entries = value.as_map().into_iter().flatten();
    entries
        .map(|(key, value)| (key.clone(), value.scalar_text()))
        .collect()
}

fn after(stack: &Stack, workspace: &Workspace<'_>) -> Stack {
    let document = |path: &String| match workspace.file(path) {
        Some(FileState::Yaml(document)) => (path.clone(), document.clone().into_owned()),
        other => panic!("{path}: {other:?}"),
    };
    stack
        .with(stack.files.keys().map(document).collect())
        .unwrap()
}

fn is_as_wanted(
    stack: &Stack,
    next: &Stack,
    key: &str,
    wanted: &Wanted,
) -> Result<(), TestCaseError> {
    for (environment, wanted) in wanted {
        let expected = wanted
            .as_ref()
            .and_then(|wanted| said(&alone(key, wanted), key));
        prop_assert_eq!(
            said(next.view(environment), key),
            expected,
            "{}",
            environment
        );
        let place = Path::from(["services", "app", key]);
        let found = differences(
            stack.view(environment).root(),
            next.view(environment).root(),
        );
        let other: Vec<_> = found
            .iter()
            .filter(|found| !found.path.starts_with(&place))
            .collect();
        prop_assert!(other.is_empty(), "{}: {:?}", environment, other);
    }
    Ok(())
}

fn run(layout: usize, place: usize, choices: &[u8]) -> Result<(), TestCaseError> {
    let Some(stack) = stack(layout, place, choices) else {
        return Ok(());
    };
    let key = PLACES[place].0;
    let names = stack.layout.environments.keys().cloned();
    let wanted: Wanted = names
        .zip(&choices[4..])
        .map(|(name, choice)| (name, value(place, *choice)))
        .collect();
    let operations = match distribute(&stack, &Path::from(["services", "app", key]), &wanted) {
        Ok(operations) => operations,
        Err(Refusal::NoOwnFile { .. }) => {
            TALLY[1].fetch_add(1, Ordering::Relaxed);
            let has_own = |name: &String| {
                let own = &stack.layout.environments[name].files;
                own.iter()
                    .any(|file| stack.readers(file) == [name.as_str()])
            };
            prop_assert!(
                !wanted.keys().all(has_own),
                "each has a file of its own: {:?}",
                wanted
            );
            return Ok(());
        }
        Err(other) => return Err(TestCaseError::fail(format!("{other}: {wanted:?}"))),
    };
    TALLY[0].fetch_add(1, Ordering::Relaxed);
    let mut workspace = Workspace::of(&stack);
    let undo = op::run(&mut workspace, &operations).unwrap();
    let next = after(&stack, &workspace);
    is_as_wanted(&stack, &next, key, &wanted)?;
    prop_assert_eq!(
        distribute(&next, &Path::from(["services", "app", key]), &wanted).unwrap(),
        Vec::<Operation>::new()
    );
    let before = stack
        .files
        .iter()
        .map(|(path, file)| (path.clone(), FileState::of(path, file.text().to_owned())));
    let mut workspace = workspace.with_before(before.collect());
    op::take_back(&mut workspace, &undo).unwrap();
    let back = after(&next, &workspace);
    for environment in wanted.keys() {
        let is = |stack: &Stack| {
            said(stack.view(environment), key).map(|said| {
                let mut parts: Vec<_> = said.lines().map(str::to_owned).collect();
                parts.sort();
                parts
            })
        };
        prop_assert_eq!(is(&back), is(&stack), "{}", environment);
    }
    Ok(())
}

#[test]
fn every_environment_says_what_is_wanted() {
    let config = ProptestConfig {
        cases: 800,
        max_shrink_iters: 500,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let strategy = (
        0..LAYOUTS.len(),
        0..PLACES.len(),
        proptest::collection::vec(any::<u8>(), 8),
    );
    proptest!(config, |((layout, place, choices) in strategy)| run(layout, place, &choices)?);
    let [placed, refused] = TALLY.each_ref().map(|count| count.load(Ordering::Relaxed));
    println!("placed: {placed}, refused for want of a file: {refused}");
    assert!(placed > refused && refused > 50, "{placed} {refused}");
}
