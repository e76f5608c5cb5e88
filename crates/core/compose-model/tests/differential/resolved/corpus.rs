//! Real files, each a project of its own.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use compose_edit::Document;
use compose_model::Files;

use super::{Tally, compare};
use crate::compose::Compose;
use crate::corpus::{files, folder};

#[test]
fn real_files_come_to_what_compose_says() {
    let (Some(compose), Some(folder)) = (Compose::find(), folder()) else {
        return;
    };
    let names = files(&folder);
    let (next, tally) = (AtomicUsize::new(0), Mutex::new(Tally::default()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let text = std::fs::read_to_string(folder.join(name)).unwrap();
                    let report = Document::parse(text)
                        .map_err(|error| error.to_string())
                        .and_then(|document| {
                            let files = Files::from([(name.clone(), document)]);
                            compare(&compose, &files, &[name], BTreeMap::new(), &folder)
                        });
                    tally.lock().unwrap().count(name, report);
                }
            });
        }
    });
    // Many real files need env files that are not there.
    tally.into_inner().unwrap().report(names.len() / 4);
}
