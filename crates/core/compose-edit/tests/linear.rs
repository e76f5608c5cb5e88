//! What an edit of a long file costs: four times the lines, about four times the time. Quadratic
//! would be sixteen.
//!
//! They measure time: `cargo test -p compose-edit --test linear -- --ignored --nocapture`.
#![allow(
    missing_docs,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used
)]

use std::time::Duration;

use compose_edit::{Document, NewValue, Path};

/// Lines, of which the second measure has four times as many.
const FEW: usize = 2_000;
const FACTOR: usize = 4;
/// More than linear cost and noise come to, less than half of what quadratic cost does.
const LIMIT: f64 = 7.5;

#[track_caller]
fn is_linear(name: &str, text: impl Fn(usize) -> String, work: impl Fn(&Document)) {
    let time = |lines: usize| {
        let document = Document::parse(text(lines)).unwrap();
        let once = || {
            let start = cpu();
            work(&document);
            cpu() - start
        };
        // The clock that is read is a coarse one.
        (0..8).map(|_| once()).sum::<Duration>()
    };
    let (few, many) = (time(FEW), time(FEW * FACTOR));
    let ratio = many.as_secs_f64() / few.as_secs_f64();
    println!(
        "{name:<44} {FEW}: {few:>9.1?}   {}: {many:>9.1?}   x {ratio:.1}",
        FEW * FACTOR
    );
    assert!(
        ratio < LIMIT,
        "{name}: {ratio:.1} times as long for {FACTOR} times the lines"
    );
}

/// What this thread has computed for so far; neighbours on the machine do not count.
fn cpu() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")
        .expect("Linux tells a thread's time");
    Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
}

fn lines(head: &str, count: usize, line: impl Fn(usize) -> String) -> String {
    std::iter::once(head.to_owned())
        .chain((0..count).map(line))
        .collect()
}

#[test]
#[ignore = "measures time"]
fn comments() {
    is_linear(
        "comments()",
        |count| lines("a: 1\n", count, |line| format!("# {line}\n")),
        |document| {
            assert!(document.comments().len() >= FEW);
        },
    );
    is_linear(
        "comments() beside values",
        |count| lines("", count, |line| format!("k{line}: 1 # c\n")),
        |document| {
            assert!(document.comments().len() >= FEW);
        },
    );
}

#[test]
#[ignore = "measures time"]
fn conversions() {
    is_linear(
        "list_to_map of lines",
        |count| lines("a:\n", count, |line| format!("- i{line}\n")),
        |document| {
            let mut edit = document.edit();
            edit.list_to_map(&Path::from(["a"]), |item| (item.to_owned(), "v".into()))
                .unwrap();
            edit.finish().unwrap();
        },
    );
    is_linear(
        "list_to_map of brackets",
        |count| lines("a: [x", count, |line| format!(", i{line}")) + "]\n",
        |document| {
            let mut edit = document.edit();
            edit.list_to_map(&Path::from(["a"]), |item| (item.to_owned(), "v".into()))
                .unwrap();
            edit.finish().unwrap();
        },
    );
    for flow in [false, true] {
        is_linear(
            "map_to_list of lines",
            |count| lines("a:\n", count, |line| format!("  i{line}: v\n")),
            |document| {
                let mut edit = document.edit();
                edit.map_to_list(&Path::from(["a"]), flow).unwrap();
                edit.finish().unwrap();
            },
        );
    }
    is_linear(
        "map_to_list of braces",
        |count| lines("a: {x: 1", count, |line| format!(", i{line}: 1")) + "}\n",
        |document| {
            let mut edit = document.edit();
            edit.map_to_list(&Path::from(["a"]), true).unwrap();
            edit.finish().unwrap();
        },
    );
}

#[test]
#[ignore = "measures time"]
fn beside_block_scalars() {
    let scalars = |count| lines("a: 1\n", count, |line| format!("k{line}: |\n  text\n")) + "z: 1\n";
    is_linear("parse of block scalars", scalars, |document| {
        Document::parse(document.text()).unwrap();
    });
    is_linear(
        "remove + insert beside block scalars",
        scalars,
        |document| {
            let mut edit = document.edit();
            edit.remove(&Path::from(["z"])).unwrap();
            edit.insert(&Path::root(), "n", &NewValue::from("t"), None)
                .unwrap();
            edit.finish().unwrap();
        },
    );
    let tabbed = |count| {
        lines("z: 1\na: |\n", count, |line| {
            format!("  text\n  \t# {line}\n")
        })
    };
    is_linear("tab-indented # in a block scalar", tabbed, |document| {
        let mut edit = document.edit();
        edit.remove(&Path::from(["z"])).unwrap();
        edit.finish().unwrap();
    });
    let many = |count| lines("z: 1\n", count, |line| format!("k{line}: |\n  \t# text\n"));
    is_linear("tab-indented # in many block scalars", many, |document| {
        let mut edit = document.edit();
        edit.remove(&Path::from(["z"])).unwrap();
        edit.finish().unwrap();
    });
}

#[test]
#[ignore = "measures time"]
fn many_changes() {
    let items = |count| lines("a:\n", count, |line| format!("- i{line}\n"));
    is_linear("forty removals", items, |document| {
        let count = document
            .get(&Path::from(["a"]))
            .unwrap()
            .as_sequence()
            .unwrap()
            .len();
        let mut edit = document.edit();
        for index in (0..40).map(|turn| turn * count / 40) {
            edit.remove(&Path::from(["a"]).join(index)).unwrap();
        }
        edit.finish().unwrap();
    });
}
