//! Every operation wherever it is applicable, in all files and all variants of them.

use compose_edit::EditError;

use crate::case::Case;
use crate::cases;
use crate::corpus::{self, File};
use crate::judge::{Before, Damage, judge};
use crate::random::Random;
use crate::refusal;
use crate::tally::Tally;
use crate::variants;

/// In the variants of a longer file one case of so many is tried, each time others;
/// `COMPOSE_EDIT_FULL` tries all.
const SAMPLE: usize = 5;
const LONG: usize = 120;

/// In a corpus of so many files, founded refusals are rare: less than this share of each operation.
const MANY: usize = 200;
const MOST_REFUSED: f64 = 0.01;

#[test]
fn every_operation_on_every_node() {
    let full = std::env::var_os("COMPOSE_EDIT_FULL").is_some();
    let tally = on_all_files(|file, tally| {
        for (number, (variant, text)) in variants::of(&file.text).into_iter().enumerate() {
            let Some(before) = Before::read(&text) else {
                continue;
            };
            let mut random = Random::of(1, &file.name);
            let every = if full || number == 0 || text.lines().count() < LONG {
                1
            } else {
                SAMPLE
            };
            for case in cases::every(&before.document, &mut random)
                .iter()
                .skip(number % every)
                .step_by(every)
            {
                attempt(&before, case, &format!("{} {variant}", file.name), tally);
            }
        }
    });
    tally.print("every operation on every node of every file and variant");
    tally.assert_flawless();
    if corpus::files().len() >= MANY {
        tally.assert_few_refused(MOST_REFUSED);
    }
}

/// Makes one edit and judges it; gives back the new text if all is well.
pub fn attempt(before: &Before, case: &Case, place: &str, tally: &mut Tally) -> Option<String> {
    let operation = case.operation();
    let mut result = case.run(&before.document, &[]);
    if matches!(result, Err(EditError::Shared { .. })) {
        tally.shared(operation);
        result = case.run(&before.document, &[&compose_edit::Path::root()]);
    }
    let place = format!("{place} {}", case.path);
    match result {
        Err(EditError::Unreadable(_)) => {
            tally.damaged(
                operation,
                &place,
                &Damage::NotYaml,
                before.text(),
                "(unreadable)",
            );
            None
        }
        Err(error) => {
            tally.refused(operation, &place, &error);
            if !refusal::is_founded(before, case, &error) {
                tally.unfounded(operation, &place, &error, before.text());
            }
            None
        }
        Ok(after) => match judge(before, &after, case) {
            Ok(()) => {
                tally.applied(operation);
                Some(after)
            }
            Err(damage) => {
                tally.damaged(operation, &place, &damage, before.text(), &after);
                None
            }
        },
    }
}

/// Runs on all files, side by side.
pub fn on_all_files(work: impl Fn(&File, &mut Tally) + Sync) -> Tally {
    let files = corpus::files();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let mut total = Tally::default();
    std::thread::scope(|scope| {
        let run = || {
            let mut tally = Tally::default();
            while let Some(file) =
                files.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
            {
                work(file, &mut tally);
            }
            tally
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        workers
            .into_iter()
            .for_each(|worker| total.join(worker.join().unwrap()));
    });
    total
}
