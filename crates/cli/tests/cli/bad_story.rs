//! A checkout's own story that is none.

use crate::bad_input::refuses;
use crate::machine::Machine;

const FILE: &str = "compose/stories/6.1-own.yaml";

const GOOD: &str = r#"id: "6.1"
since: 0.1.0
title: Redis data volume
why: The data survives.
changes:
  - mount-volume: { service: { image: redis }, volume: redis_data, target: /data }
"#;

/// What is said of the good story with `from` replaced by `to`.
fn told(from: &str, to: &str, words: &[&str]) {
    let machine = Machine::with_shop();
    machine.write(FILE, GOOD);
    machine.replace(FILE, from, to);
    let said = refuses(&machine, &["migrate"], 2, words);
    refuses(&machine, &["status"], 2, words);
    assert!(
        !said.stderr.contains(" at line "),
        "the place is told once: {said}"
    );
}

#[test]
fn a_good_one_is_a_story_among_the_others() {
    let machine = Machine::with_shop();
    machine.write(FILE, GOOD);
    machine
        .xtask(&["status"])
        .with(1)
        .says(&["6.1  Redis data volume", "local pending"]);
}

#[test]
fn an_unknown_change() {
    let words = [
        &format!("{FILE}:6:"),
        "unknown change `mount-disk`",
        "`mount-volume`, `set-image`",
    ];
    told(
        "mount-volume",
        "mount-disk",
        &words.map(|word| word as &str),
    );
}

#[test]
fn an_unquoted_id() {
    told(
        r#""6.1""#,
        "6.10",
        &["6.1-own.yaml:1:", "a quoted id such as \"5.10\""],
    );
    told(
        r#""6.1""#,
        r#""6.x""#,
        &["6.1-own.yaml:1:", "`6.x` is no story id", "such as 5.1"],
    );
}

#[test]
fn a_bad_version() {
    told(
        "0.1.0",
        "soon",
        &["6.1-own.yaml:2:", "since", "such as 0.1.0"],
    );
    told(
        "0.1.0",
        "0.1",
        &["6.1-own.yaml:2:", "since", "such as 0.1.0"],
    );
}

#[test]
fn an_unknown_field() {
    told(
        "why:",
        "reason:",
        &["6.1-own.yaml:4:", "unknown field `reason`", "`why`"],
    );
}

#[test]
fn a_path_that_leaves_the_checkout() {
    let words = [
        "6.1-own.yaml:6:",
        "volume `../../etc` is a path that may leave the checkout",
        "name a volume",
    ];
    told("redis_data", "../../etc", &words);
}

#[test]
fn a_relative_target() {
    told(
        "/data",
        "data",
        &["6.1-own.yaml:6:", "target `data` must be an absolute path"],
    );
}

#[test]
fn no_changes() {
    let mount = GOOD.lines().last().unwrap();
    told(
        &format!("changes:\n{mount}"),
        "changes: []",
        &["6.1-own.yaml", "a story without changes"],
    );
}

#[test]
fn an_id_twice() {
    let machine = Machine::with_shop();
    machine.write(FILE, GOOD);
    machine.write("compose/stories/6.1-again.yaml", GOOD);
    let words = [
        FILE,
        "story 6.1 is already in compose/stories/6.1-again.yaml",
        "give one of them another id",
    ];
    refuses(&machine, &["migrate"], 2, &words);
}

#[test]
fn a_name_that_says_another_id() {
    let machine = Machine::with_shop();
    machine.write("compose/stories/own.yaml", GOOD);
    refuses(
        &machine,
        &["migrate"],
        2,
        &[
            "compose/stories/own.yaml: the name must start with",
            "6.1-<slug>.yaml",
        ],
    );
}

#[test]
fn a_need_that_does_not_exist() {
    told(
        "changes:",
        "needs: [\"8.8\"]\nchanges:",
        &["6.1-own.yaml: story 6.1 needs 8.8, which does not exist"],
    );
}

#[test]
fn a_link_out_of_the_checkout() {
    let machine = Machine::with_shop();
    machine.write("compose/stories/../../../elsewhere.yaml", GOOD);
    std::os::unix::fs::symlink("../../../elsewhere.yaml", machine.root().join(FILE)).unwrap();
    refuses(
        &machine,
        &["migrate"],
        2,
        &[
            FILE,
            "is a link that leaves the checkout",
            "put the file itself there",
        ],
    );
}

#[test]
fn an_old_copy_of_an_embedded_story_gives_way() {
    let machine = Machine::with_shop();
    let copy = "compose/stories/5.1-redis-data-volume.yaml";
    machine.write(
        copy,
        GOOD.replace("6.1", "5.1")
            .replace("redis_data", "other_data"),
    );
    machine.xtask(&["migrate", "--to", "5.1"]).with(0).says(&[
        "warning: ",
        copy,
        "this build's own is used",
    ]);
    assert!(
        machine
            .read("docker-compose.yml")
            .contains("redis_data:/data")
    );
}
