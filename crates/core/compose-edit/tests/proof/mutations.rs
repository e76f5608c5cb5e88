//! Files as nobody would write them: corpus files mutated by chance, then edited by chance.

use compose_edit::{Content, Document, Node};
use serde_yaml::Value;

use crate::every_operation::attempt;
use crate::judge::Before;
use crate::mutate;
use crate::random::Random;
use crate::tally::Tally;
use crate::{cases, corpus};

/// Edits that are made unless `COMPOSE_EDIT_EDITS` says otherwise.
const EDITS: usize = 100_000;
/// Longer files are left out: they have the same in them, and cost more.
const LONGEST: usize = 90;

#[test]
fn random_edits_of_mutated_files() {
    let seed = number("COMPOSE_EDIT_SEED").unwrap_or(0x5eed);
    let edits = number("COMPOSE_EDIT_EDITS").map_or(EDITS, |edits| usize::try_from(edits).unwrap());
    let files: Vec<String> = corpus::files().into_iter().map(|file| file.text).collect();
    let files: Vec<String> = files
        .into_iter()
        .filter(|text| text.lines().count() <= LONGEST)
        .collect();
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let mut total = Total::default();
    std::thread::scope(|scope| {
        let files = &files;
        // A fixed number of shares, so that the machine's size does not change what is tried.
        let shares: Vec<u64> = (0..SHARES).collect();
        for batch in shares.chunks(threads) {
            let work = |share: u64| {
                move || {
                    share_of(
                        files,
                        seed + share,
                        edits.div_ceil(usize::try_from(SHARES).unwrap()),
                    )
                }
            };
            let workers: Vec<_> = batch
                .iter()
                .map(|share| scope.spawn(work(*share)))
                .collect();
            workers
                .into_iter()
                .for_each(|worker| total.join(worker.join().unwrap()));
        }
    });
    total.tally.print(&format!(
        "random edits of mutated files, COMPOSE_EDIT_SEED={seed}"
    ));
    println!(
        "  {} mutated texts; {} more were no YAML or read differently by the two parsers",
        total.texts, total.unread
    );
    total.tally.assert_flawless();
    assert!(
        total.tally.total() >= edits,
        "{} of {edits} edits",
        total.tally.total()
    );
}

const SHARES: u64 = 16;

#[derive(Default)]
struct Total {
    tally: Tally,
    texts: usize,
    unread: usize,
}

impl Total {
    fn join(&mut self, other: Self) {
        self.tally.join(other.tally);
        self.texts += other.texts;
        self.unread += other.unread;
    }
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{variable}={text} is no number"))
    })
}

/// Mutates and edits until so many edits are made.
fn share_of(files: &[String], seed: u64, edits: usize) -> Total {
    let mut random = Random::new(seed);
    let mut total = Total::default();
    while total.tally.total() < edits && total.tally.is_flawless() {
        let mut text = random.pick(files).clone();
        for _ in 0..=random.below(8) {
            text = mutate::once(&text, &mut random);
        }
        let Some(before) =
            Before::read(&text).filter(|before| agree(&before.document, &before.value))
        else {
            total.unread += 1;
            continue;
        };
        total.texts += 1;
        for _ in 0..12 {
            let Some(case) = cases::any(&before.document, &mut random) else {
                break;
            };
            attempt(&before, &case, &format!("seed {seed}"), &mut total.tally);
        }
    }
    total
}

/// Whether both parsers read the same tree.
fn agree(document: &Document, value: &Value) -> bool {
    document
        .root()
        .map_or(value.is_null(), |root| same(root, value))
}

fn same(node: Node<'_>, value: &Value) -> bool {
    match (node.resolved().content(), value) {
        (_, Value::Tagged(tagged)) => same(node, &tagged.value),
        (Content::Mapping(mapping), Value::Mapping(value)) => {
            let pairs = mapping.entries().zip(value);
            mapping.len() == value.len()
                && pairs
                    .into_iter()
                    .all(|((key, own), (name, value))| same_key(key, name) && same(own, value))
        }
        (Content::Sequence(list), Value::Sequence(value)) => {
            list.len() == value.len()
                && list
                    .items()
                    .zip(value)
                    .all(|(item, value)| same(item, value))
        }
        (Content::Scalar(scalar), Value::String(text)) => scalar.value() == text,
        (Content::Scalar(_), Value::Null) => {
            node.resolved().is_null() || node.resolved().tag().is_some()
        }
        // The oracle takes a name that is anchored a third time for the last of them all.
        (Content::Scalar(scalar), other) => {
            crate::tree::read(scalar.value()).as_ref() == Some(other)
        }
        _ => false,
    }
}

/// A key that the two spell differently has no path that means the same to both.
fn same_key(key: Node<'_>, name: &Value) -> bool {
    key.as_scalar()
        .is_some_and(|scalar| !name.is_null() && crate::tree::key_text(name) == scalar.value())
}
