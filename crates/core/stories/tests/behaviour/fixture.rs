//! Small checkouts.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use compose_edit::Document;
use compose_model::Files;
use stories::layout::{Found, detect};
use stories::{Catalog, Draft, Layout, Ledger, Record, Stack, Story};

/// The stories that the tool carries.
pub fn catalog() -> Catalog {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../compose/stories");
    let read = |path: PathBuf| {
        (
            path.display().to_string(),
            fs::read_to_string(&path).unwrap(),
        )
    };
    let texts: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| read(entry.unwrap().path()))
        .collect();
    Catalog::new(&[], &texts).unwrap()
}

/// A story that the tool carries.
pub fn story(id: &str) -> Story {
    catalog().get(&id.parse().unwrap()).unwrap().clone()
}

pub fn files(texts: &[(&str, &str)]) -> Files {
    texts
        .iter()
        .map(|(name, text)| ((*name).to_owned(), Document::parse(*text).unwrap()))
        .collect()
}

/// A stack whose layout is read off its files.
pub fn stack(texts: &[(&str, &str)]) -> Stack {
    let files = files(texts);
    let layout = detect(Found {
        files: &files,
        env_files: &[],
        compose_file: None,
    })
    .unwrap();
    guessing(Stack::new(layout, files).unwrap())
}

/// A stack that takes guesses: these tests are about what is written.
pub fn guessing(mut stack: Stack) -> Stack {
    stack.accept_guesses();
    stack
}

/// A stack of these environments.
pub fn stack_of(layout: &str, texts: &[(&str, &str)]) -> Stack {
    let layout = Layout::parse("compose/stack.yaml", layout).unwrap();
    guessing(Stack::new(layout, files(texts)).unwrap())
}

/// A stack of one local file.
pub fn local(text: &str) -> Stack {
    stack(&[("docker-compose.yml", text)])
}

/// The ledger after a story was applied to all environments, and the stack then.
pub fn applied(stack: &Stack, story: &Story) -> (Stack, Ledger) {
    let all: Vec<&str> = stack
        .layout
        .environments
        .keys()
        .map(String::as_str)
        .collect();
    let draft = Draft::make(stack, story, &all)
        .unwrap()
        .prove(stack, story)
        .unwrap();
    let record = Record::after(None, story, &draft).unwrap();
    (
        draft.into_draft().stack,
        Ledger::from([(story.id.clone(), record)]),
    )
}

/// A stack with another text for one of its files.
pub fn with(stack: &Stack, file: &str, edit: impl Fn(&str) -> String) -> Stack {
    let text = edit(stack.files[file].text());
    assert_ne!(text, stack.files[file].text(), "the edit has an effect");
    stack
        .with(BTreeMap::from([(
            file.to_owned(),
            Document::parse(text).unwrap(),
        )]))
        .unwrap()
}
