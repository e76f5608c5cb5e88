//! How far the stories are about a checkout at all: "up to date" alone would say too much where
//! they are not.

use stories::{PassedOver, State};

use super::standings::{AbsenceDocument, Reach};
use super::{Cell, Row, count, listed};

/// Where stories have no object, and why.
#[derive(Debug, PartialEq, Eq)]
struct Absence<'r> {
    why: &'r str,
    environments: Vec<&'r str>,
    stories: Vec<&'r str>,
}

/// `Up to date in local and prod: 4 stories applied.`; first of all where no story is about this
/// checkout.
pub(super) fn up_to_date(rows: &[Row]) -> String {
    if !rows.is_empty() && !rows.iter().any(Row::applies) {
        return "No story applies here.".to_owned();
    }
    format!("Up to date{}: {}.", places(rows), counted(rows))
}

/// `2 stories applied, 1 skipped and 1 not applicable`, of stories that are all settled; by
/// environment where that differs: `2 stories applied in local; 1 story applied and 1 skipped in
/// prod`.
pub(super) fn counted(rows: &[Row]) -> String {
    let environments = rows.first().map_or(0, |row| row.cells.len());
    let mut found: Vec<(Counts, Vec<&str>)> = Vec::new();
    for at in 0..environments {
        let counts = Counts::of(rows.iter().map(|row| &row.cells[at]));
        let environment = rows[0].cells[at].environment.as_str();
        match found.iter_mut().find(|(known, _)| *known == counts) {
            Some((_, environments)) => environments.push(environment),
            None => found.push((counts, vec![environment])),
        }
    }
    match found.as_slice() {
        [(counts, _)] => counts.words(),
        several => {
            let one = |(counts, own): &(Counts, Vec<&str>)| {
                format!("{} in {}", counts.words(), listed(own))
            };
            several.iter().map(one).collect::<Vec<_>>().join("; ")
        }
    }
}

/// How the stories of an environment are settled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    applied: usize,
    skipped: usize,
    not_applicable: usize,
}

impl Counts {
    fn of<'r>(cells: impl Iterator<Item = &'r Cell>) -> Self {
        let mut counts = Self::default();
        for cell in cells {
            match cell.state {
                State::Skipped(_) => counts.skipped += 1,
                State::NotApplicable(_) => counts.not_applicable += 1,
                _ => counts.applied += 1,
            }
        }
        counts
    }

    fn words(self) -> String {
        let others = [
            (self.skipped, "skipped"),
            (self.not_applicable, "not applicable"),
        ];
        let others = others.into_iter().filter(|(number, _)| *number > 0);
        let mut parts = vec![format!(
            "{} applied",
            count(self.applied, "story", "stories")
        )];
        parts.extend(others.map(|(number, what)| format!("{number} {what}")));
        listed(&parts)
    }
}

/// ` in local and prod`.
fn places(rows: &[Row]) -> String {
    let environments: Vec<_> = rows
        .iter()
        .take(1)
        .flat_map(|row| &row.cells)
        .map(|cell| &cell.environment)
        .collect();
    if environments.is_empty() {
        String::new()
    } else {
        format!(" in {}", listed(&environments))
    }
}

/// A line for each reason for which stories are not about this checkout, with how to say that they
/// are, and one for each service that they pass over.
pub(super) fn beside(rows: &[Row]) -> Vec<String> {
    let all = rows.first().map_or(0, |row| row.cells.len());
    let line = |absence: &Absence<'_>| {
        let is_everywhere = absence.environments.len() == all;
        let place = if is_everywhere {
            String::new()
        } else {
            format!(" in {}", listed(&absence.environments))
        };
        let verb = if absence.stories.len() == 1 {
            "does"
        } else {
            "do"
        };
        format!(
            "{} {verb} not apply{place}: {}",
            listed(&absence.stories),
            absence.why
        )
    };
    let absent = absences(rows);
    absent.iter().map(line).chain(passed_over(rows)).collect()
}

/// `redis-queue is left out, for roles in compose/stack.yaml say redis-cache; for it: 5.1 pending
/// and 5.2 pending`.
fn passed_over(rows: &[Row]) -> Vec<String> {
    let mut found: Vec<(&PassedOver, Vec<String>)> = Vec::new();
    for row in rows {
        for one in row.cells.iter().flat_map(|cell| &cell.passed_over) {
            let state = format!("{} {}", row.id, one.state.name());
            match found
                .iter_mut()
                .find(|(known, _)| known.service == one.service)
            {
                Some((_, states)) if states.contains(&state) => {}
                Some((_, states)) => states.push(state),
                None => found.push((one, vec![state])),
            }
        }
    }
    let line = |(one, states): &(&PassedOver, Vec<String>)| {
        let (service, chosen) = (&one.service, &one.chosen);
        format!(
            "{service} is left out, for roles in compose/stack.yaml say {chosen}; for it: {}",
            listed(states)
        )
    };
    found.iter().map(line).collect()
}

fn absences(rows: &[Row]) -> Vec<Absence<'_>> {
    let mut found: Vec<Absence<'_>> = Vec::new();
    for row in rows {
        let mut own: Vec<Absence<'_>> = Vec::new();
        for cell in &row.cells {
            let State::NotApplicable(why) = &cell.state else {
                continue;
            };
            match own.iter_mut().find(|known| known.why == why) {
                Some(known) => known.environments.push(&cell.environment),
                None => own.push(Absence {
                    why,
                    environments: vec![&cell.environment],
                    stories: vec![&row.id],
                }),
            }
        }
        for one in own {
            let same = |known: &&mut Absence<'_>| {
                known.why == one.why && known.environments == one.environments
            };
            match found.iter_mut().find(same) {
                Some(known) => known.stories.push(&row.id),
                None => found.push(one),
            }
        }
    }
    found
}

fn absence_document(absence: Absence<'_>) -> AbsenceDocument<'_> {
    AbsenceDocument {
        stories: absence.stories,
        environments: absence.environments,
        why: absence.why,
    }
}

/// What the table shows, for programs.
pub(super) fn document(rows: &[Row]) -> Reach<'_> {
    Reach {
        up_to_date: rows.iter().all(Row::is_up_to_date),
        applicable: rows.iter().filter(|row| row.applies()).count(),
        not_applicable: absences(rows).into_iter().map(absence_document).collect(),
    }
}
