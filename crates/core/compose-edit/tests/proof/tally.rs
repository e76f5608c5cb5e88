//! Counts what became of the edits, and prints the table.

use std::collections::BTreeMap;

use compose_edit::EditError;

use crate::judge::Damage;

#[derive(Default)]
pub struct Tally {
    applied: BTreeMap<&'static str, usize>,
    /// Of those, the ones that were refused until sharing was allowed.
    shared: BTreeMap<&'static str, usize>,
    refused: BTreeMap<(&'static str, String), Refusals>,
    /// Refusals for a reason that the text does not bear out.
    unfounded: Vec<String>,
    damaged: Vec<String>,
}

#[derive(Default)]
struct Refusals {
    count: usize,
    example: String,
}

impl Tally {
    pub fn applied(&mut self, operation: &'static str) {
        *self.applied.entry(operation).or_insert(0) += 1;
    }

    pub fn shared(&mut self, operation: &'static str) {
        *self.shared.entry(operation).or_insert(0) += 1;
    }

    pub fn refused(&mut self, operation: &'static str, place: &str, error: &EditError) {
        let reason = format!("{error:?}")
            .split([' ', '('])
            .next()
            .unwrap_or_default()
            .to_owned();
        let all = self.refused.entry((operation, reason)).or_default();
        all.count += 1;
        all.example = format!("{place}: {error}");
    }

    pub fn unfounded(
        &mut self,
        operation: &'static str,
        place: &str,
        error: &EditError,
        before: &str,
    ) {
        self.unfounded.push(format!(
            "{operation} {place}: {error:?}\n--- before\n{before}\n---"
        ));
    }

    pub fn damaged(
        &mut self,
        operation: &'static str,
        place: &str,
        damage: &Damage,
        before: &str,
        after: &str,
    ) {
        let shown = if self.damaged.len() < 20 {
            format!("\n--- before\n{before}\n--- after\n{after}\n---")
        } else {
            String::new()
        };
        self.damaged
            .push(format!("{operation} {place}: {damage:?}{shown}"));
    }

    pub fn join(&mut self, other: Self) {
        for (operation, count) in other.applied {
            *self.applied.entry(operation).or_insert(0) += count;
        }
        for (operation, count) in other.shared {
            *self.shared.entry(operation).or_insert(0) += count;
        }
        for (key, refusals) in other.refused {
            let all = self.refused.entry(key).or_default();
            all.count += refusals.count;
            all.example = refusals.example;
        }
        self.damaged.extend(other.damaged);
        self.unfounded.extend(other.unfounded);
    }

    pub fn total(&self) -> usize {
        self.applied.values().sum()
    }

    pub fn print(&self, title: &str) {
        println!("{title}");
        println!(
            "  {:<12} {:>8} {:>8} {:>8} {:>8}",
            "operation", "applied", "shared", "refused", "of all"
        );
        for (operation, applied) in &self.applied {
            let (refused, share) = self.refused_share(operation);
            let shared = self.shared.get(operation).copied().unwrap_or(0);
            println!(
                "  {operation:<12} {applied:>8} {shared:>8} {refused:>8} {:>7.3}%",
                share * 100.0
            );
        }
        for ((operation, reason), Refusals { count, example }) in &self.refused {
            println!("    refused: {operation} {reason} {count}, such as {example}");
        }
        println!("  {} applied, {} damaged", self.total(), self.damaged.len());
    }

    fn refused_share(&self, operation: &str) -> (usize, f64) {
        let refused: usize = self
            .refused
            .iter()
            .filter(|((name, _), _)| *name == operation)
            .map(|(_, refusals)| refusals.count)
            .sum();
        let applied = self.applied.get(operation).copied().unwrap_or(0);
        #[allow(clippy::cast_precision_loss)]
        let share = refused as f64 / (applied + refused).max(1) as f64;
        (refused, share)
    }

    /// Of each operation, less than a share was refused, for whatever reason.
    pub fn assert_few_refused(&self, most: f64) {
        for operation in self.applied.keys() {
            let (refused, share) = self.refused_share(operation);
            assert!(
                share < most,
                "{operation}: {refused} refused, {:.3} % of all",
                share * 100.0
            );
        }
    }

    pub fn is_flawless(&self) -> bool {
        self.damaged.is_empty()
    }

    /// No damage.
    pub fn assert_sound(&self) {
        let first: Vec<&String> = self.damaged.iter().take(20).collect();
        for damage in &first {
            println!("{damage}");
        }
        assert!(
            self.is_flawless(),
            "{} edits did damage",
            self.damaged.len()
        );
    }

    /// No damage, and nothing refused without a reason that can be seen in the text.
    pub fn assert_flawless(&self) {
        self.assert_sound();
        self.unfounded
            .iter()
            .take(20)
            .for_each(|refusal| println!("{refusal}"));
        assert!(
            self.unfounded.is_empty(),
            "{} edits were refused without reason",
            self.unfounded.len()
        );
    }
}
