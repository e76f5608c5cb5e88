//! New values for the edits, with what the oracle must read in their place.

use std::sync::LazyLock;

use compose_edit::{NewScalar, NewValue};
use serde_yaml::Value;

#[derive(Clone)]
pub struct Sample<T> {
    pub new: T,
    pub read: Value,
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

pub static SCALARS: LazyLock<Vec<Sample<NewScalar>>> = LazyLock::new(scalars);
pub static VALUES: LazyLock<Vec<Sample<NewValue>>> = LazyLock::new(values);

fn scalars() -> Vec<Sample<NewScalar>> {
    let strings = [
        "redis:7-alpine",
        "new value",
        "1.5",
        "yes",
        "it's",
        "say \"x\"",
        "${A:-b, c}",
        "",
        "a: b",
        "#c",
        "- x",
        "0644",
        "22:22",
        "null",
        "é ü 漢",
        "back\\slash",
        "[a",
        "*x",
        "two\nlines\n",
        "trailing ",
        "a #b",
        "x:",
    ];
    let mut all: Vec<Sample<NewScalar>> = strings
        .iter()
        .map(|text| Sample {
            new: NewScalar::string(*text),
            read: Value::String((*text).into()),
        })
        .collect();
    all.push(Sample {
        new: NewScalar::plain("30s"),
        read: yaml("30s"),
    });
    all.push(Sample {
        new: NewScalar::plain("0.5"),
        read: yaml("0.5"),
    });
    all.push(Sample {
        new: NewScalar::int(-7),
        read: yaml("-7"),
    });
    all.push(Sample {
        new: NewScalar::bool(true),
        read: yaml("true"),
    });
    all.push(Sample {
        new: NewScalar::quoted("5"),
        read: yaml("\"5\""),
    });
    all
}

fn values() -> Vec<Sample<NewValue>> {
    let mut all: Vec<Sample<NewValue>> = scalars()
        .into_iter()
        .take(8)
        .map(|sample| Sample {
            new: NewValue::Scalar(sample.new),
            read: sample.read,
        })
        .collect();
    all.push(Sample {
        new: NewValue::Null,
        read: Value::Null,
    });
    let words = |words: &[&str]| {
        words
            .iter()
            .map(|word| NewScalar::quoted(*word).into())
            .collect::<Vec<NewValue>>()
    };
    let flow = NewValue::List {
        items: words(&["CMD", "curl", "-f"]),
        flow: true,
    };
    let block = NewValue::List {
        items: vec!["a".into(), "b,c".into()],
        flow: false,
    };
    all.push(Sample {
        new: flow.clone(),
        read: yaml("[CMD, curl, -f]"),
    });
    all.push(Sample {
        new: block.clone(),
        read: yaml("[a, 'b,c']"),
    });
    all.push(Sample {
        new: NewValue::List {
            items: vec![],
            flow: false,
        },
        read: yaml("[]"),
    });
    all.push(Sample {
        new: NewValue::Map(vec![]),
        read: yaml("{}"),
    });
    let nested = NewValue::Map(vec![
        ("test".into(), flow),
        ("interval".into(), NewScalar::plain("30s").into()),
        (
            "deep".into(),
            NewValue::Map(vec![
                ("list".into(), block),
                ("none".into(), NewValue::Null),
            ]),
        ),
    ]);
    let read = yaml("{test: [CMD, curl, -f], interval: 30s, deep: {list: [a, 'b,c'], none: null}}");
    all.push(Sample { new: nested, read });
    let items = vec![
        NewValue::Map(vec![("a".into(), "1".into()), ("b".into(), NewValue::Null)]),
        "c".into(),
    ];
    all.push(Sample {
        new: NewValue::List { items, flow: false },
        read: yaml("[{a: '1', b: null}, c]"),
    });
    all
}

/// How many lines a value takes in block style, its key's or dash's included.
pub fn lines(value: &NewValue) -> usize {
    match value {
        NewValue::List { items, flow: false } if !items.is_empty() => {
            1 + items.iter().map(item_lines).sum::<usize>()
        }
        NewValue::Map(entries) if !entries.is_empty() => {
            1 + entries.iter().map(|(_, value)| lines(value)).sum::<usize>()
        }
        _ => 1,
    }
}

/// The same for an item, of which the first line is the dash's.
pub fn item_lines(value: &NewValue) -> usize {
    match value {
        NewValue::List { items, flow: false } if !items.is_empty() => {
            items.iter().map(item_lines).sum()
        }
        NewValue::Map(entries) if !entries.is_empty() => {
            entries.iter().map(|(_, value)| lines(value)).sum()
        }
        _ => 1,
    }
}
