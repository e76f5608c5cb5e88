//! Made-up environments.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::compose::{Compose, Depth};
use crate::generate::{FEATURES, PLAIN, RICH, Set, generate};
use crate::judge::{differences, json_of};
use crate::{checkout, coverage};

/// How many sets are made up, and how many of them must be such that Compose accepts them.
const SETS: u64 = 1300;
const ENOUGH: usize = 1000;

/// How one set came out.
enum Verdict {
    Agree,
    BothReject,
    /// The view refuses by name what Compose does unpredictably.
    Refused(String),
    Disagree(Vec<String>),
}

#[derive(Default)]
struct Tally {
    agree: usize,
    both_reject: usize,
    refused: BTreeMap<String, usize>,
    disagree: Vec<String>,
    covered: BTreeMap<String, usize>,
}

#[test]
fn made_up_environments_mean_what_compose_says() {
    let Some(compose) = Compose::find() else {
        return;
    };
    let tally = Mutex::new(Tally::default());
    let next = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= SETS {
                        break;
                    }
                    let set = generate(seed);
                    let verdict = judge(&compose, &set);
                    tally.lock().unwrap().count(seed, &set, verdict);
                }
            });
        }
    });
    tally.into_inner().unwrap().report();
}

fn judge(compose: &Compose, set: &Set) -> Verdict {
    let folder = checkout::write(set);
    let root = checkout::root(&folder);
    let order: Vec<&str> = set.order.iter().map(String::as_str).collect();
    match (
        checkout::resolve(set),
        compose.config(&root, &order, Depth::Merged),
    ) {
        (Ok(view), Ok(real)) => match differences(&json_of(&view), &real, &root) {
            found if found.is_empty() => Verdict::Agree,
            found => Verdict::Disagree(found),
        },
        (Err(error), _) if is_refusal(&error.to_string()) => Verdict::Refused(error.to_string()),
        (Err(_), Err(_)) => Verdict::BothReject,
        (Ok(_), Err(words)) if is_beyond_merging(&words) => Verdict::BothReject,
        (Ok(_), Err(words)) => Verdict::Disagree(vec![format!("Compose rejects it: {words}")]),
        (Err(error), Ok(_)) => Verdict::Disagree(vec![format!("the view rejects it: {error}")]),
    }
}

/// What MERGE's measurements call broken or random.
fn is_refusal(words: &str) -> bool {
    ["predictably", "crashes", "at random"]
        .iter()
        .any(|word| words.contains(word))
}

/// The schema and the checks across fields are not the view's to judge.
fn is_beyond_merging(words: &str) -> bool {
    !words.contains("cannot override") && !words.contains("conflicts with imported")
}

impl Tally {
    fn count(&mut self, seed: u64, set: &Set, verdict: Verdict) {
        match verdict {
            Verdict::Agree => {
                self.agree += 1;
                for name in coverage::merged_keys(set)
                    .into_iter()
                    .chain(set.features.iter().map(|f| (*f).to_owned()))
                {
                    *self.covered.entry(name).or_default() += 1;
                }
            }
            Verdict::BothReject => self.both_reject += 1,
            Verdict::Refused(words) => *self.refused.entry(kind_of(&words)).or_default() += 1,
            Verdict::Disagree(found) => {
                let texts: String = set
                    .files
                    .iter()
                    .map(|(path, text)| format!("--- {path}\n{text}"))
                    .collect();
                self.disagree.push(format!(
                    "seed {seed} {:?}: {}\n{texts}",
                    set.order,
                    found.join("\n")
                ));
            }
        }
    }

    fn report(&self) {
        let Self {
            agree,
            both_reject,
            refused,
            disagree,
            covered,
        } = self;
        println!(
            "{SETS} sets: {agree} agree, {both_reject} rejected by both, {} disagree",
            disagree.len()
        );
        refused
            .iter()
            .for_each(|(words, count)| println!("refused by name, {count} times: {words}"));
        covered
            .iter()
            .for_each(|(name, count)| println!("{count:5} {name}"));
        disagree.iter().for_each(|line| println!("{line}"));
        assert_eq!(disagree.len(), 0);
        assert!(*agree >= ENOUGH, "only {agree} sets were accepted by both");
        let keys = PLAIN
            .iter()
            .chain(RICH)
            .map(|key| format!("services.*.{}", key.name));
        let places = FEATURES
            .iter()
            .chain(coverage::KEYS)
            .map(|name| (*name).to_owned());
        let rare: Vec<_> = keys
            .chain(places)
            .filter(|name| covered.get(name).is_none_or(|count| *count < 3))
            .collect();
        assert!(rare.is_empty(), "hardly ever made up: {rare:?}");
    }
}

/// A refusal without its place.
fn kind_of(words: &str) -> String {
    words
        .split_once(": ")
        .map_or(words, |(_, reason)| reason)
        .to_owned()
}
