//! Kinds of change, each with cases of its own: `changes/<kind>.yaml` lists them. A kind that a story
//! of the tool is made of has its cases with that story, in `tests/golden`.
//!
//! A case is a small checkout, the change's own values, and what the files that it changes say then.
//! Each is also applied a second time, which must change nothing, and taken back by its record.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_yaml::Value;
use stories::proof::differences;
use stories::{Draft, ProvedDraft, Record, Refusal, Revert, Stack, State, Story};

use crate::fixture::{catalog, stack};

/// One case of a kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What the case shows.
    shows: String,
    /// The rows of the compatibility table that it is a case of.
    covers: Vec<String>,
    /// The change's own values.
    change: Value,
    /// The files, by name.
    before: BTreeMap<String, String>,
    /// Where a story of this change stands in each environment.
    states: BTreeMap<String, String>,
    /// The files that change, as they are then.
    #[serde(default)]
    after: BTreeMap<String, String>,
    /// What a person is told where it is not applied; a part of it.
    refused: Option<String>,
}

impl Case {
    fn story(&self, kind: &str) -> Story {
        let change = BTreeMap::from([(kind, &self.change)]);
        let story = BTreeMap::from([
            ("id", Value::from("9.9")),
            ("since", "0.1.0".into()),
            ("title", self.shows.as_str().into()),
            ("why", self.shows.as_str().into()),
            ("changes", serde_yaml::to_value([change]).unwrap()),
        ]);
        let text = serde_yaml::to_string(&story).unwrap();
        Story::parse("9.9-case.yaml", &text).unwrap()
    }

    fn run(&self, kind: &str) -> Result<(), String> {
        let story = self.story(kind);
        let texts: Vec<_> = self
            .before
            .iter()
            .map(|(name, text)| (&**name, &**text))
            .collect();
        let before = stack(&texts);
        let names: Vec<_> = before
            .layout
            .environments
            .keys()
            .map(String::as_str)
            .collect();
        let states: BTreeMap<_, _> = names
            .iter()
            .map(|name| ((*name).to_owned(), State::of(&before, &story, None, name)))
            .map(|(name, state)| (name, state.name().to_owned()))
            .collect();
        is_equal(&states, &self.states)?;
        let draft = match (draft(&before, &story), &self.refused) {
            (Ok(draft), None) => draft,
            (Err(refusal), Some(words)) if told(&refusal).contains(words) => return Ok(()),
            (Err(refusal), _) => return Err(format!("refused: {}", told(&refusal))),
            (Ok(_), Some(words)) => return Err(format!("not refused, though expected: {words}")),
        };
        let text = |file: &String| (file.clone(), draft.stack.files[file].text().to_owned());
        is_equal(&draft.changed.iter().map(text).collect(), &self.after)?;
        let again = draft_again(&draft.stack, &story)?;
        is_equal(&again, &BTreeSet::new())?;
        match Record::after(None, &story, &draft) {
            Some(record) => comes_back(&before, &draft.stack, &story, &record),
            None => Ok(()),
        }
    }
}

fn draft(stack: &Stack, story: &Story) -> Result<ProvedDraft, Refusal> {
    let names: Vec<_> = stack
        .layout
        .environments
        .keys()
        .map(String::as_str)
        .collect();
    Draft::make(stack, story, &names)?.prove(stack, story)
}

fn draft_again(stack: &Stack, story: &Story) -> Result<BTreeSet<String>, String> {
    let again = draft(stack, story).map_err(|refusal| format!("again: {}", told(&refusal)))?;
    Ok(again.changed.iter().cloned().collect())
}

/// Every environment says again what it said before.
fn comes_back(before: &Stack, after: &Stack, story: &Story, record: &Record) -> Result<(), String> {
    let refused = |refusal: Refusal| format!("the way back is refused: {refusal}");
    let revert = Revert::make(after, story, record, &BTreeMap::new()).map_err(refused)?;
    let revert = revert.prove(after).map_err(refused)?;
    let views = |name| (before.view(name).root(), revert.stack.view(name).root());
    let left = before.layout.environments.keys().flat_map(|name| {
        let (before, after) = views(name);
        differences(before, after)
    });
    let left: Vec<_> = left.map(|found| found.to_string()).collect();
    is_equal(&left, &Vec::new())
}

fn told(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Conflict { conflict, .. } => format!("{refusal} {conflict:?}"),
        other => other.to_string(),
    }
}

fn is_equal<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    Err(format!("expected\n{expected:#?}\nbut it is\n{found:#?}"))
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The names in a folder, without what they end with.
fn stems(folder: &Path, extension: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let paths = entries.map(|entry| entry.unwrap().path());
    let of_kind = paths.filter(|path| path.extension().is_some_and(|own| own == extension));
    of_kind
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect()
}

fn cases(text: &str) -> Vec<Case> {
    serde_yaml::from_str(text).unwrap()
}

/// The rows that a kind's cases do not cover, and those that they cover and it has not.
fn uncovered(kind: &str, cases: &[Case]) -> Vec<String> {
    let rows: BTreeSet<_> = cases
        .iter()
        .flat_map(|case| case.story(kind).changes)
        .flat_map(|change| change.compatibility())
        .map(|(stands, _)| (*stands).to_owned())
        .collect();
    let covered = cases.iter().flat_map(|case| case.covers.clone()).collect();
    rows.symmetric_difference(&covered).cloned().collect()
}

#[test]
fn every_case_ends_as_expected_and_every_row_has_one() {
    let own = folder("tests/behaviour/changes");
    for kind in stems(&own, "yaml") {
        let cases = cases(&fs::read_to_string(own.join(format!("{kind}.yaml"))).unwrap());
        for case in &cases {
            let ended = case.run(&kind);
            assert_eq!(ended, Ok(()), "{kind}: {}", case.shows);
        }
        assert_eq!(uncovered(&kind, &cases), [""; 0], "{kind}");
    }
}

#[test]
fn every_kind_has_cases() {
    let files = stems(&folder("src/change"), "rs").into_iter();
    let kinds: BTreeSet<_> = files.map(|kind| kind.replace('_', "-")).collect();
    let key = |change| match serde_yaml::to_value(change).unwrap() {
        Value::Tagged(tagged) => tagged.tag.to_string().trim_start_matches('!').to_owned(),
        other => panic!("{other:?}"),
    };
    let catalog = catalog();
    let of_stories = catalog
        .in_order()
        .into_iter()
        .flat_map(|story| &story.changes);
    let mut with_cases: BTreeSet<_> = of_stories.map(key).collect();
    with_cases.extend(stems(&folder("tests/behaviour/changes"), "yaml"));
    assert_eq!(kinds, with_cases);
}

/// The control: another text, another state, a refusal that was not expected and a row without a case
/// are all seen.
#[test]
fn a_wrong_case_would_be_seen() {
    let sound = "
- shows: A volume
  covers: [no mount there]
  change: { service: { name: cache }, volume: data, target: /data }
  before: { compose.yaml: \"services:\\n  cache:\\n    image: redis:7\\n\" }
  states: { local: pending }
  after:
    compose.yaml: |
      services:
        cache:
          image: redis:7
          volumes:
            - data:/data
      volumes:
        data:
";
    let ends = |text: &str| cases(text)[0].run("mount-volume").is_ok();
    assert_eq!(cases(sound)[0].run("mount-volume"), Ok(()));
    for (from, to) in [
        ("- data:/data", "- data:/other"),
        ("pending", "satisfied"),
        ("states:", "refused: nothing of the kind\n  states:"),
        (
            "image: redis:7\\n\"",
            "image: redis:7\\n    volumes: [data:/data]\\nvolumes: {data: {}}\\n\"",
        ),
    ] {
        assert!(
            sound.contains(from) && !ends(&sound.replace(from, to)),
            "{to}"
        );
    }
    assert!(uncovered("mount-volume", &cases(sound)).len() > 3);
}
