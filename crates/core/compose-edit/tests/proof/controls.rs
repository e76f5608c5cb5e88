//! Does the judge see? Texts that a broken editor would have made must be found damaged, each kind
//! of damage by its name.

use compose_edit::{EditError, NewScalar, NewValue};
use serde_yaml::Value;

use crate::case::{Case, Change};
use crate::judge::{Before, Damage, judge};
use crate::random::Random;
use crate::{cases, corpus, refusal};

const BEFORE: &str = "services:\n  a:\n    image: x  # beside\n    # about ports\n    ports:\n      - 80:80\n\n  # about b\n  b:\n    image: y\n";

fn case(path: &str, change: Change) -> Case {
    Case {
        path: path.parse().unwrap(),
        change,
    }
}

fn set() -> Case {
    let value = NewScalar::string("z");
    case(
        "services.a.image",
        Change::Set(value, Value::String("z".into())),
    )
}

fn insert() -> Case {
    let change = Change::Insert {
        key: "new".into(),
        value: "v".into(),
        read: Value::String("v".into()),
        banner: None,
    };
    case("services.a", change)
}

fn verdict(after: &str, case: &Case) -> Result<(), Damage> {
    judge(&Before::read(BEFORE).unwrap(), after, case)
}

#[test]
fn what_is_right_passes() {
    for case in [set(), insert(), case("services.a.ports", Change::Remove)] {
        let before = Before::read(BEFORE).unwrap();
        let after = case.run(&before.document, &[]).unwrap();
        assert_eq!(judge(&before, &after, &case), Ok(()));
    }
}

#[test]
fn a_wrong_value_is_seen() {
    assert_eq!(
        verdict(&BEFORE.replace("image: x", "image: w"), &set()),
        Err(Damage::WrongValue)
    );
    assert_eq!(verdict(BEFORE, &insert()), Err(Damage::WrongValue));
    let other_place = BEFORE.replace("    image: y\n", "    image: y\n    new: v\n");
    assert_eq!(verdict(&other_place, &insert()), Err(Damage::WrongValue));
    let other_order = BEFORE.replace("    # about ports", "    new: v\n    # about ports");
    assert_eq!(verdict(&other_order, &insert()), Err(Damage::WrongValue));
}

#[test]
fn no_yaml_is_seen() {
    assert_eq!(
        verdict(&BEFORE.replace("image: x", "image: [x"), &set()),
        Err(Damage::NotYaml)
    );
}

#[test]
fn a_swallowed_comment_is_seen() {
    let below_the_comment = BEFORE.replace("  # about b\n  b:", "  # about b\n    new: v\n  b:");
    assert!(matches!(
        verdict(&below_the_comment, &insert()),
        Err(Damage::Comment(_))
    ));
    let removed = "services:\n  a:\n    image: x  # beside\n\n  b:\n    image: y\n";
    let gone = verdict(removed, &case("services.a.ports", Change::Remove));
    assert!(matches!(gone, Err(Damage::Comment(_))), "{gone:?}");
}

#[test]
fn a_blank_line_is_seen() {
    let right = BEFORE.replace("      - 80:80\n", "      - 80:80\n    new: v\n");
    assert_eq!(verdict(&right, &insert()), Ok(()));
    assert_eq!(
        verdict(&right.replace("    new", "\n    new"), &insert()),
        Err(Damage::BlankLine)
    );
    let moved = right.replace("    new: v\n\n", "\n    new: v\n");
    assert_eq!(verdict(&moved, &insert()), Err(Damage::BlankLine));
}

#[test]
fn a_line_ending_is_seen() {
    let right = BEFORE.replace("image: x", "image: z");
    assert_eq!(verdict(&right, &set()), Ok(()));
    assert_eq!(
        verdict(&right.replace("  b:\n", "  b:\r\n"), &set()),
        Err(Damage::LineEnding)
    );
    assert_eq!(verdict(right.trim_end(), &set()), Err(Damage::LineEnding));
}

#[test]
fn a_foreign_line_is_seen() {
    let right = BEFORE.replace("image: x", "image: z");
    for foreign in [
        right.replace("- 80:80", "-  80:80"),
        right.replace("about b", "about a"),
        right.replace("y\n", "y \n"),
    ] {
        assert!(
            matches!(verdict(&foreign, &set()), Err(Damage::ForeignLine(_))),
            "{foreign}"
        );
    }
}

#[test]
fn another_style_is_seen() {
    let deeper = "a:\n  b:\n      c: 1\n  d: 2\n";
    let change = Change::Push("z".into(), Value::String("z".into()));
    let before = Before::read("a:\n  - \"x\"\n  - \"y\"\n").unwrap();
    assert!(matches!(
        judge(
            &before,
            "a:\n  - \"x\"\n  - \"y\"\n  - z\n",
            &case("a", change)
        ),
        Err(Damage::Style(_))
    ));
    let before = Before::read(deeper).unwrap();
    let map = compose_edit::NewValue::Map(vec![("f".into(), "g".into())]);
    let change = Change::Insert {
        key: "e".into(),
        value: map,
        read: serde_yaml::from_str("{f: g}").unwrap(),
        banner: None,
    };
    let after = format!("{deeper}  e:\n    f: g\n");
    assert!(matches!(
        judge(&before, &after, &case("a", change)),
        Err(Damage::Style(_))
    ));
}

#[test]
fn equal_lines_do_not_mislead() {
    let before = Before::read("a: 1\n# x\n# y\n").unwrap();
    let read = serde_yaml::from_str("t").unwrap();
    let banner = Some("x\nz".into());
    let case = case(
        "",
        Change::Insert {
            key: "b".into(),
            value: NewValue::from("t"),
            read,
            banner,
        },
    );
    assert_eq!(
        judge(&before, "a: 1\n# x\n# z\nb: t\n# x\n# y\n", &case),
        Ok(())
    );
    assert!(matches!(
        judge(&before, "a: 1\n# x\n# y\n# x\n# z\nb: t\n", &case),
        Err(Damage::Comment(_))
    ));
    let before = Before::read("x:\n  a: 1\n   # c\n  b: 2\n   # c\n  d: 3\n").unwrap();
    let removed = |after: &str| judge(&before, after, &self::case("x.b", Change::Remove));
    assert_eq!(removed("x:\n  a: 1\n   # c\n  d: 3\n"), Ok(()));
    assert!(matches!(
        removed("x:\n  a: 1\n  d: 3\n"),
        Err(Damage::Comment(_))
    ));
}

#[test]
fn the_keys_of_json_are_strings() {
    let list = |path| case(path, Change::ListToMap);
    let judged =
        |before: &str, after: &str| judge(&Before::read(before).unwrap(), after, &list("a"));
    assert_eq!(
        judged(
            "{\"a\": [-7]}",
            "{\"a\": {\"-7\": {\"condition\": \"service_started\"}}}"
        ),
        Ok(())
    );
    assert_eq!(
        judged(
            "{a: [-7]}",
            "{a: {\"-7\": {\"condition\": \"service_started\"}}}"
        ),
        Err(Damage::WrongValue)
    );
}

#[test]
fn a_refusal_without_reason_is_seen() {
    let at = Default::default();
    let in_use = EditError::AnchorInUse {
        at,
        path: "a".parse().unwrap(),
        anchor: "a".into(),
        aliases: vec![],
    };
    let refused = |text: &str, error: &EditError| {
        refusal::is_founded(
            &Before::read(text).unwrap(),
            &case("a", Change::Remove),
            error,
        )
    };
    assert!(refused("a: &a 1\nb: *a\n", &in_use));
    assert!(!refused("a: 1\nb: 2\n", &in_use));
    assert!(!refused("a: [&a 1, *a]\n", &in_use));
    assert!(!refused(
        "a: 1\n",
        &EditError::AlreadyEdited {
            at,
            path: "a".parse().unwrap()
        }
    ));
    assert!(!refused("a: 1\n", &EditError::TabIndentation { at }));
    assert!(!refused(
        "a: x\nb: |\n  t\n",
        &EditError::KeptBlankLines { at }
    ));
    let long = format!("a: [{}]\n", "k".repeat(1025));
    assert!(refused(&long, &EditError::ItemIsNoKey { at }));
    assert!(refused(
        "a: [&a # c\n  b]\n",
        &EditError::ItemIsNoKey { at }
    ));
    assert!(!refused(
        "a: [\"a\\nb\", # c\n  b]\n",
        &EditError::ItemIsNoKey { at }
    ));
    let pair = Before::read("a: [b, c: 1]\nd: {e: 1}\n").unwrap();
    let moved = |to: &str| case("d.e", Change::Move(to.parse().unwrap()));
    assert!(refusal::is_founded(
        &pair,
        &moved("a[1]"),
        &EditError::BarePair { at }
    ));
    assert!(!refusal::is_founded(
        &pair,
        &moved("d"),
        &EditError::BarePair { at }
    ));
    // The whole text has it, content or none.
    assert!(refused(
        "# a\n\u{feff}# b\n",
        &EditError::StrayByteOrderMark { at }
    ));
    assert!(!refused(
        "# a\n# b\n",
        &EditError::StrayByteOrderMark { at }
    ));
}

/// Ways in which an editor can go wrong that has found the right place.
type Break = fn(&str, &mut Random) -> Option<String>;

#[test]
fn a_broken_editor_is_caught() {
    let breaks: [(&str, Break); 5] = [
        ("a comment lost", |text, random| {
            without(text, random, |line| line.trim_start().starts_with('#'))
        }),
        ("a blank line lost", |text, random| {
            without(text, random, |line| line.trim().is_empty())
        }),
        ("a line lost", |text, random| {
            without(text, random, |line| line.trim_start().starts_with("- "))
        }),
        ("a line ending changed", |text, random| {
            changed(text, random, |line| line.replace('\n', "\r\n"))
        }),
        ("a blank behind a line", |text, random| {
            changed(text, random, |line| line.replace('\n', " \n"))
        }),
    ];
    for (name, damage) in breaks {
        let (mut tried, mut caught) = (0, 0);
        for file in corpus::files()
            .iter()
            .filter(|file| !file.text.contains('\r'))
        {
            let (Some(before), mut random) = (Before::read(&file.text), Random::of(7, &file.name))
            else {
                continue;
            };
            let scalar = cases::every(&before.document, &mut random)
                .into_iter()
                .find(|case| {
                    matches!(case.change, Change::Set(..))
                        && before
                            .document
                            .get(&case.path)
                            .is_some_and(|node| !node.text().contains('\n'))
                });
            let Some(after) = scalar
                .as_ref()
                .and_then(|case| case.run(&before.document, &[]).ok())
            else {
                continue;
            };
            let (Some(case), Some(broken)) = (scalar, damage(&after, &mut random)) else {
                continue;
            };
            tried += 1;
            match judge(&before, &broken, &case) {
                Ok(()) => println!("{name}: not seen in {} {}\n{broken}", file.name, case.path),
                Err(_) => caught += 1,
            }
        }
        println!("{name}: {caught} of {tried} caught");
        assert!(
            tried > 0 && caught == tried,
            "{name}: {caught} of {tried} caught"
        );
    }
}

/// The text without one of the lines that please.
fn without(text: &str, random: &mut Random, pleases: fn(&str) -> bool) -> Option<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let chosen: Vec<usize> = (0..lines.len())
        .filter(|line| pleases(lines[*line]))
        .collect();
    let gone = *chosen.get(random.below(chosen.len().max(1)))?;
    Some(
        lines
            .iter()
            .enumerate()
            .filter(|(line, _)| *line != gone)
            .map(|(_, line)| *line)
            .collect(),
    )
}

fn changed(text: &str, random: &mut Random, change: fn(&str) -> String) -> Option<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let chosen = random.below(lines.len());
    let changed = |(line, text): (usize, &&str)| {
        if line == chosen {
            change(text)
        } else {
            (*text).to_owned()
        }
    };
    Some(lines.iter().enumerate().map(changed).collect()).filter(|new: &String| new != text)
}
