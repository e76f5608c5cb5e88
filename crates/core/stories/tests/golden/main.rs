//! Every story on small checkouts, byte for byte: `<story>/<case>/before` becomes `after`, as
//! `expected.yaml` tells.
//!
//! A case is a folder. `case.yaml` says what it shows and how it is run, `before/` is a checkout,
//! `after/` holds the files that the story changes and the record that it leaves, `expected.yaml`
//! says what a person is told. Every case is also applied a second time, which must change nothing,
//! and undone by its record, which must give back what was said before.
//!
//! `BLESS=1 cargo test -p stories --test golden` writes `after/` and `expected.yaml` anew; look at
//! every line of the diff.
#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read their cases from disk"
)]

mod case;
mod checkout;
mod expected;
mod revert;

use std::collections::{BTreeMap, BTreeSet};

use case::Case;
use stories::Story;

#[test]
fn every_case_ends_as_expected() {
    let catalog = checkout::catalog();
    let mut failures = Vec::new();
    let (mut cases, mut applied) = (0, 0);
    for story in catalog.in_order() {
        for case in Case::all(story) {
            cases += 1;
            match case.run(&catalog, story) {
                Ok(changed) => applied += usize::from(changed),
                Err(reason) => failures.push(format!("{}: {reason}", case.name())),
            }
        }
    }
    println!("{cases} cases, {applied} of them change files");
    assert!(
        failures.is_empty(),
        "{} of {cases} cases\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn line_endings_and_marks_at_the_start_stay_as_they_are() {
    let catalog = checkout::catalog();
    let shapes: [fn(&str) -> String; 2] = [
        |text| text.replace('\n', "\r\n"),
        |text| format!("\u{feff}{text}"),
    ];
    for story in catalog.in_order() {
        for case in Case::all(story) {
            for shape in shapes {
                case.check_shape(&catalog, story, shape)
                    .unwrap_or_else(|reason| panic!("{}: {reason}", case.name()));
            }
        }
    }
}

#[test]
fn every_row_of_a_compatibility_table_has_a_case() {
    for story in checkout::catalog().in_order() {
        let rows: BTreeSet<&str> = story
            .changes
            .iter()
            .flat_map(|change| change.compatibility().iter().map(|(stands, _)| *stands))
            .collect();
        let covered: BTreeSet<String> = Case::all(story)
            .iter()
            .flat_map(|case| case.covers().to_vec())
            .collect();
        let covered: BTreeSet<&str> = covered.iter().map(String::as_str).collect();
        assert_eq!(rows, covered, "rows and cases of {}", story.id);
    }
}

#[test]
fn every_folder_belongs_to_a_story() {
    let stories: BTreeMap<String, Story> = checkout::catalog()
        .in_order()
        .into_iter()
        .map(|story| (case::folder(story), story.clone()))
        .collect();
    let folders = case::folders(&case::root());
    assert_eq!(folders, stories.into_keys().collect::<Vec<_>>());
}
