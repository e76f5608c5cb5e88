//! Mistakes in what is there already.

use compose_edit::{Content, Document, Node, Path, Span};

use super::services::{entries, one, services};
use super::splice::{insert, lines, replace, set, set_value};
use super::{Changed, Kind};

pub const KINDS: &[Kind] = &[
    ("typo in a service's key", typo),
    ("typo in a deeper key", deep_typo),
    ("no image and no build", no_image),
    ("key twice", key_twice),
    ("service twice", service_twice),
    ("existing value null", value_null),
    ("existing value a number", value_number),
    ("existing value a list", value_list),
    ("existing value a mapping", value_map),
    ("existing value a boolean", value_bool),
    ("existing item a mapping", item_map),
    ("existing item null", item_null),
    ("existing item twice", item_twice),
    ("existing text with a broken variable", broken_variable),
    ("circle of two", circle),
    ("circle of one", circle_of_one),
    ("needs a service behind a profile", behind_profile),
    ("services share a container's name", shared_container_name),
    ("service is no mapping", service_text),
    ("service with a bad name", service_name),
    ("indented too far", indented),
    ("tab", tab),
    ("quote left open", open_quote),
    ("bracket left open", open_bracket),
];

fn swapped(name: &str) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    let at = (1..letters.len()).find(|at| letters[*at] != letters[*at - 1])?;
    letters.swap(at - 1, at);
    Some(letters.into_iter().collect())
}

fn rename(document: &Document, key: Node<'_>) -> Changed {
    let name = swapped(key.as_scalar()?.value())?;
    Some((name.clone(), replace(document, key.span(), &name)))
}

fn picked<T: Copy>(all: &[T], pick: usize) -> Option<T> {
    all.get(pick % all.len().max(1)).copied()
}

fn typo(document: &Document, pick: usize) -> Changed {
    let (key, _) = picked(&entries(document, pick), pick / 3)?;
    rename(document, key)
}

fn deep_typo(document: &Document, pick: usize) -> Changed {
    let fixed = ["healthcheck", "deploy", "build", "logging", "develop"];
    let inside = entries(document, pick)
        .into_iter()
        .filter(|(key, _)| fixed.contains(&key.text()));
    let keys: Vec<_> = inside
        .filter_map(|(_, value)| value.as_mapping())
        .flat_map(|inside| inside.entries())
        .collect();
    let (key, _) = picked(&keys, pick)?;
    rename(document, key)
}

fn no_image(document: &Document, pick: usize) -> Changed {
    let (name, _) = one(document, pick)?;
    let entries = entries(document, pick);
    let sources: Vec<_> = entries
        .iter()
        .filter(|(key, _)| matches!(key.text(), "image" | "build"))
        .collect();
    let [(key, value)] = sources[..] else {
        return None;
    };
    Some((
        name.text().to_owned(),
        replace(document, lines(document, *key, *value), ""),
    ))
}

fn key_twice(document: &Document, pick: usize) -> Changed {
    let (key, _) = picked(&entries(document, pick), pick)?;
    let indent = " ".repeat(key.position().column - 1);
    Some((
        key.text().to_owned(),
        insert(
            document,
            key.span().start,
            &format!("{}: x\n{indent}", key.text()),
        ),
    ))
}

fn service_twice(document: &Document, pick: usize) -> Changed {
    let (name, _) = one(document, pick)?;
    let indent = " ".repeat(name.position().column - 1);
    Some((
        name.text().to_owned(),
        insert(
            document,
            name.span().start,
            &format!("{}: {{image: x}}\n{indent}", name.text()),
        ),
    ))
}

fn change_value(document: &Document, pick: usize, value: &str) -> Changed {
    let (key, old) = picked(&entries(document, pick), pick / 5)?;
    Some((key.text().to_owned(), set_value(document, key, old, value)))
}

fn value_null(document: &Document, pick: usize) -> Changed {
    change_value(document, pick, "")
}

fn value_number(document: &Document, pick: usize) -> Changed {
    change_value(document, pick, "7")
}

fn value_list(document: &Document, pick: usize) -> Changed {
    change_value(document, pick, "[a, b]")
}

fn value_map(document: &Document, pick: usize) -> Changed {
    change_value(document, pick, "{a: b}")
}

fn value_bool(document: &Document, pick: usize) -> Changed {
    change_value(document, pick, "true")
}

/// One item of the lists of a service.
fn item(document: &Document, pick: usize) -> Option<Node<'_>> {
    let lists = entries(document, pick)
        .into_iter()
        .filter_map(|(_, value)| value.as_sequence());
    let items: Vec<_> = lists
        .flat_map(|list| list.items())
        .filter(|item| item.as_scalar().is_some())
        .collect();
    picked(&items, pick)
}

fn change_item(document: &Document, pick: usize, change: impl Fn(&str) -> String) -> Changed {
    let item = item(document, pick)?;
    Some((
        item.text().to_owned(),
        replace(document, item.span(), &change(item.text())),
    ))
}

fn item_map(document: &Document, pick: usize) -> Changed {
    change_item(document, pick, |_| "{a: b}".to_owned())
}

fn item_null(document: &Document, pick: usize) -> Changed {
    change_item(document, pick, |_| "~".to_owned())
}

fn item_twice(document: &Document, pick: usize) -> Changed {
    let item = item(document, pick)?;
    let flow = item.parent()?.as_sequence()?.is_flow();
    let indent = " ".repeat(item.position().column.saturating_sub(3));
    let between = if flow {
        ", ".to_owned()
    } else {
        format!("\n{indent}- ")
    };
    change_item(document, pick, |text| format!("{text}{between}{text}"))
}

fn broken_variable(document: &Document, pick: usize) -> Changed {
    let mut texts = Vec::new();
    collect_texts(document.root()?, &mut texts);
    let text = picked(&texts, pick)?;
    Some((
        text.text().to_owned(),
        replace(document, text.span(), "'a${B'"),
    ))
}

fn collect_texts<'d>(node: Node<'d>, texts: &mut Vec<Node<'d>>) {
    match node.content() {
        Content::Mapping(mapping) => mapping
            .entries()
            .for_each(|(_, value)| collect_texts(value, texts)),
        Content::Sequence(sequence) => sequence.items().for_each(|item| collect_texts(item, texts)),
        Content::Scalar(_) if !node.is_null() => texts.push(node),
        Content::Scalar(_) | Content::Alias(_) => {}
    }
}

/// Two services next to each other.
fn pair(document: &Document, pick: usize) -> Option<[(Node<'_>, Node<'_>); 2]> {
    let services = services(document);
    let first = pick % services.len().max(1);
    let second = (first + 1) % services.len().max(1);
    (first != second).then(|| [services[first], services[second]])
}

/// The text with a key of two services set, one after the other.
fn set_both(
    document: &Document,
    pick: usize,
    values: impl Fn(&str, &str) -> [(&'static str, String); 2],
) -> Changed {
    let [(one, body), (other, _)] = pair(document, pick)?;
    let (first, second) = (one.as_scalar()?.value(), other.as_scalar()?.value());
    let [(key, value), (other_key, other_value)] = values(first, second);
    let half = Document::parse(set(document, body, key, &value)?).ok()?;
    let text = set(
        &half,
        half.get(&Path::from(["services", second]))?,
        other_key,
        &other_value,
    )?;
    Some((format!("{first} and {second}"), text))
}

fn circle(document: &Document, pick: usize) -> Changed {
    set_both(document, pick, |one, other| {
        [
            ("depends_on", format!("[{other}]")),
            ("links", format!("[{one}]")),
        ]
    })
}

fn behind_profile(document: &Document, pick: usize) -> Changed {
    let key = if pick.is_multiple_of(2) {
        "depends_on"
    } else {
        "links"
    };
    set_both(document, pick, |_, other| {
        [
            (key, format!("[{other}]")),
            ("profiles", "[debug]".to_owned()),
        ]
    })
}

fn shared_container_name(document: &Document, pick: usize) -> Changed {
    let name = || ("container_name", "the-same".to_owned());
    set_both(document, pick, |_, _| [name(), name()])
}

fn circle_of_one(document: &Document, pick: usize) -> Changed {
    let (name, body) = one(document, pick)?;
    let name = name.as_scalar()?.value();
    Some((
        name.to_owned(),
        set(document, body, "depends_on", &format!("[{name}]"))?,
    ))
}

fn service_text(document: &Document, pick: usize) -> Changed {
    let (name, body) = one(document, pick)?;
    let value = ["", "redis", "[redis]", "{}"][pick % 4];
    Some((
        format!("{}: {value}", name.text()),
        set_value(document, name, body, value),
    ))
}

fn service_name(document: &Document, pick: usize) -> Changed {
    let (name, _) = one(document, pick)?;
    let bad = ["a b", "a/b", "'a:b'", "${NAME}", "5"][pick % 5];
    Some((bad.to_owned(), replace(document, name.span(), bad)))
}

fn indented(document: &Document, pick: usize) -> Changed {
    let (key, _) = picked(&entries(document, pick), pick)?;
    Some((
        key.text().to_owned(),
        insert(document, key.span().start, " "),
    ))
}

fn tab(document: &Document, pick: usize) -> Changed {
    let (key, _) = picked(&entries(document, pick), pick)?;
    let start = key.span().start;
    let line = document.text()[..start].rfind('\n').map_or(0, |at| at + 1);
    Some((
        key.text().to_owned(),
        replace(document, Span::new(line, start), "\t"),
    ))
}

fn open_quote(document: &Document, pick: usize) -> Changed {
    change_item(document, pick, |text| {
        format!("\"{}", text.trim_matches(['"', '\'']))
    })
}

fn open_bracket(document: &Document, pick: usize) -> Changed {
    change_value(document, pick, "[a, b")
}
