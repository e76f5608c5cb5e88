//! One round: up, down with and without the bytes from before, and up again.

use std::collections::BTreeMap;

use stories::{Before, Draft, Record, Revert, RevertMethod, Stack, Story};

use crate::corpus::{FILE, differences, text};

/// A file on which stories come and go.
#[derive(Clone, Copy)]
pub struct Round<'a> {
    pub name: &'a str,
    pub stack: &'a Stack,
}

/// What the rounds came to.
#[derive(Default)]
pub struct Tally {
    rounds: usize,
    steps: usize,
    same_layout: usize,
    failures: Vec<String>,
}

/// A story that was applied.
pub struct Applied<'a> {
    pub story: &'a Story,
    pub record: Record,
    pub before: Stack,
}

impl Tally {
    pub fn finish(&self, what: &str) {
        let Self {
            rounds,
            steps,
            same_layout,
            failures,
        } = self;
        println!(
            "{what}: {rounds} rounds of up, down, up over {steps} applied stories, byte for byte; \
             without the bytes from before every model is as before, and {same_layout} texts are too"
        );
        assert!(
            *rounds > 0 && failures.is_empty(),
            "{} failures\n{}",
            failures.len(),
            failures.join("\n")
        );
    }
}

impl<'a> Round<'a> {
    pub fn run(self, stories: &[&'a Story], tally: &mut Tally) {
        let (up, applied) = migrate(self.stack, stories);
        if applied.is_empty() {
            return;
        }
        tally.rounds += 1;
        tally.steps += applied.len();
        match self.judge(stories, &up, &applied) {
            Ok(same) => tally.same_layout += usize::from(same),
            Err(reason) => {
                let ids: Vec<_> = stories.iter().map(|story| story.id.to_string()).collect();
                tally
                    .failures
                    .push(format!("{} {}: {reason}", self.name, ids.join(", ")));
            }
        }
    }

    /// Whether the text is as before even where the bytes from before are not known.
    fn judge(
        self,
        stories: &[&Story],
        up: &Stack,
        applied: &[Applied<'_>],
    ) -> Result<bool, String> {
        let exact = down(up, applied, true)?;
        same_bytes("down", self.stack, &exact)?;
        same_bytes("up again", up, &migrate(&exact, stories).0)?;
        let structural = down(up, applied, false)?;
        same_model(
            "down without the bytes from before",
            self.stack,
            &structural,
        )?;
        same_model(
            "up again without the bytes from before",
            up,
            &migrate(&structural, stories).0,
        )?;
        Ok(text(self.stack) == text(&structural))
    }
}

pub fn same_bytes(what: &str, expected: &Stack, found: &Stack) -> Result<(), String> {
    let diff = || {
        format!(
            "{what}:\n--- expected\n{}\n--- found\n{}",
            text(expected),
            text(found)
        )
    };
    if text(expected) == text(found) {
        Ok(())
    } else {
        Err(diff())
    }
}

pub fn same_model(what: &str, expected: &Stack, found: &Stack) -> Result<(), String> {
    let differences = differences(expected, found);
    let told = || format!("{what}: {}\n{}", differences.join(", "), text(found));
    if differences.is_empty() {
        Ok(())
    } else {
        Err(told())
    }
}

/// Applies what can be applied.
pub fn migrate<'a>(stack: &Stack, stories: &[&'a Story]) -> (Stack, Vec<Applied<'a>>) {
    let mut now = stack.clone();
    let mut applied = Vec::new();
    for story in stories {
        let Ok(draft) = Draft::make(&now, story, &["local"]) else {
            continue;
        };
        let Ok(draft) = draft.prove(&now, story) else {
            continue;
        };
        if draft.changed.is_empty() {
            continue;
        }
        let record = Record::after(None, story, &draft).unwrap();
        let record = Record::parse("record", &record.text().unwrap()).unwrap();
        applied.push(Applied {
            story,
            record,
            before: std::mem::replace(&mut now, draft.into_draft().stack),
        });
    }
    (now, applied)
}

/// Takes all of them back, the last one first.
fn down(up: &Stack, applied: &[Applied<'_>], known: bool) -> Result<Stack, String> {
    let mut now = up.clone();
    for Applied {
        story,
        record,
        before,
    } in applied.iter().rev()
    {
        let snapshot = known.then(|| {
            (
                FILE.to_owned(),
                Before::snapshot(Some(text(before).to_owned())),
            )
        });
        let snapshots: BTreeMap<_, _> = snapshot.into_iter().collect();
        let fail = |why: String| format!("{} down: {why}", story.id);
        let revert = Revert::make(&now, story, record, &snapshots)
            .map_err(|refusal| fail(refusal.to_string()))?;
        let revert = revert
            .prove(&now)
            .map_err(|refusal| fail(refusal.to_string()))?;
        if !revert.edited.is_empty() {
            return Err(fail(format!("{:?}", revert.edited)));
        }
        let method = if known {
            RevertMethod::Snapshot
        } else {
            RevertMethod::Structural
        };
        if revert.changed.get(FILE) != Some(&method) {
            return Err(fail(format!("{:?} is not {method:?}", revert.changed)));
        }
        now = revert.into_revert().stack;
    }
    Ok(now)
}
