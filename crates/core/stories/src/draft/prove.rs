//! The proof of a draft.

use std::collections::BTreeSet;
use std::ops::Deref;

use compose_edit::{NewValue, Path, Segment};
use compose_model::{Difference, DifferenceKind, Value};

use super::{Draft, Outcome, outcome};
use crate::assessment::{Assessment, Want, Wanted};
use crate::context::Context;
use crate::proof::{differences, says};
use crate::refusal::Refusal;
use crate::{Found, Operation, Place, Stack, Story, profiles};

/// A draft that was proved. Only [`Draft::prove`] makes one, and nothing changes it afterwards.
#[derive(Debug)]
pub struct ProvedDraft(Draft);

impl ProvedDraft {
    /// The draft alone, for who goes on with it in memory.
    #[must_use]
    pub fn into_draft(self) -> Draft {
        self.0
    }
}

impl Deref for ProvedDraft {
    type Target = Draft;

    fn deref(&self) -> &Draft {
        &self.0
    }
}

impl Draft {
    /// Proves the draft: the files and the environments differ in the paths that the story declares
    /// and nowhere else, the environments say what it wants, and a second apply changes nothing.
    ///
    /// # Errors
    /// [`Refusal::Stray`], [`Refusal::Overridden`], [`Refusal::NotIdempotent`] and what an
    /// independent reader finds in the texts.
    pub fn prove(self, before: &Stack, story: &Story) -> Result<ProvedDraft, Refusal> {
        self.must_hold(before, story)?;
        Ok(ProvedDraft(self))
    }

    fn must_hold(&self, before: &Stack, story: &Story) -> Result<(), Refusal> {
        for file in &self.changed {
            self.prove_text(before, file)?;
        }
        for environment in before.layout.environments.keys() {
            self.prove_view(before, environment)?;
            profiles::refuse_broken(before, &self.stack, environment)?;
        }
        for (environment, want) in &self.wants {
            self.prove_said(environment, want)?;
        }
        for environment in self.outcomes.keys() {
            self.prove_second(story, environment)?;
            self.prove_private(before, story, environment)?;
        }
        Ok(())
    }

    fn prove_text(&self, before: &Stack, file: &str) -> Result<(), Refusal> {
        let declared = self
            .undo
            .iter()
            .flat_map(Operation::declared_paths)
            .filter(|place| place.file == *file);
        let declared: BTreeSet<Path> = declared.map(|place| place.path).collect();
        if declared.contains(&Path::root()) {
            return Ok(());
        }
        let [old, new] = [before, &self.stack].map(|stack| stack.text(file).unwrap_or_default());
        let found = compose_edit::differences(old, new);
        let found = found.map_err(|source| Refusal::Oracle {
            file: file.to_owned(),
            source,
        })?;
        let stray = found
            .into_iter()
            .filter(|path| !declared.iter().any(|own| path.starts_with(own)));
        refuse_stray(
            file,
            stray
                .map(|path| Difference {
                    path,
                    kind: DifferenceKind::Changed,
                })
                .collect(),
        )
    }

    fn prove_view(&self, before: &Stack, environment: &str) -> Result<(), Refusal> {
        let found = differences(
            before.view(environment).root(),
            self.stack.view(environment).root(),
        );
        let declared = self.declared(environment);
        let stray = found.into_iter().filter(|difference| {
            !is_declared(declared, difference)
                && !self.is_idle_volume(difference)
                && !self.means_the_same(before, environment, &difference.path)
        });
        refuse_stray(environment, stray.collect())
    }

    /// A volume that another environment wants and that this one, which reads the same file, has no
    /// use for.
    fn is_idle_volume(&self, difference: &Difference) -> bool {
        let is_volume = difference.path.segments().first() == Some(&Segment::from("volumes"));
        let mut elsewhere = self
            .outcomes
            .keys()
            .flat_map(|environment| self.declared(environment));
        is_volume
            && difference.kind == DifferenceKind::Added
            && elsewhere.any(|path| path == &difference.path)
    }

    /// Another default of a variable that the environment sets.
    fn means_the_same(&self, before: &Stack, environment: &str, path: &Path) -> bool {
        let text = |stack: &Stack| {
            let cx = Context::new(stack, environment);
            let value = cx.view.get(path)?;
            Some(cx.expand(value.as_str()?, value))
        };
        text(before).is_some_and(|old| text(&self.stack) == Some(old))
    }

    fn prove_said(&self, environment: &str, want: &Want) -> Result<(), Refusal> {
        let Wanted::Entry(value) = &want.what else {
            return Ok(());
        };
        let found = self.stack.team_view(environment).get(&want.at);
        if found.is_some_and(|found| says(found, value)) {
            return Ok(());
        }
        let cx = Context::of_team(&self.stack, environment);
        let heard = found.and_then(|found| unlike(found, value));
        Err(Refusal::Overridden {
            environment: environment.to_owned(),
            path: want.at.clone(),
            at: heard.map_or_else(|| "another file".to_owned(), |heard| cx.locate(heard)),
        })
    }

    fn prove_second(&self, story: &Story, environment: &str) -> Result<(), Refusal> {
        let cx = Context::of_team(&self.stack, environment);
        let mut what = Vec::new();
        for place in self
            .outcomes
            .get(environment)
            .into_iter()
            .flatten()
            .map(|(place, _)| place)
        {
            if let Outcome::Applied(paths) = outcome(environment, story.assess_at(&cx, place))?.0 {
                what.extend(paths.iter().map(ToString::to_string));
            }
        }
        if what.is_empty() {
            return Ok(());
        }
        Err(Refusal::NotIdempotent {
            environment: environment.to_owned(),
            what: what.join(", "),
        })
    }

    /// What a private file adds to an environment must not make the story harmful there, where the
    /// draft reaches it.
    pub(crate) fn prove_private(
        &self,
        before: &Stack,
        story: &Story,
        environment: &str,
    ) -> Result<(), Refusal> {
        let mut found = differences(
            before.view(environment).root(),
            self.stack.view(environment).root(),
        )
        .into_iter();
        let is_reached = found.any(|difference| !self.is_idle_volume(&difference));
        if !is_reached {
            return Ok(());
        }
        let drafted = self.outcomes.get(environment);
        for Found { place, assessment } in story.assess(&Context::new(&self.stack, environment)) {
            let is_drafted = drafted.is_some_and(|drafted| drafted.contains_key(&place));
            if let Assessment::Conflict(conflict) = assessment
                && (is_drafted || place == Place::Stack)
            {
                return Err(Refusal::conflict(environment, conflict));
            }
        }
        Ok(())
    }
}

/// What says something else than is wanted, the innermost such value.
fn unlike<'v>(found: &'v Value, wanted: &NewValue) -> Option<&'v Value> {
    if let NewValue::Map(entries) = wanted
        && found.as_map().is_some()
    {
        let mut entries = entries.iter();
        return entries.find_map(|(key, value)| unlike(found.get(key)?, value));
    }
    (!says(found, wanted)).then_some(found)
}

fn refuse_stray(place: &str, differences: Vec<Difference>) -> Result<(), Refusal> {
    if differences.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Stray {
            place: place.to_owned(),
            differences,
        })
    }
}

/// A declared path covers what is below it. A removal is never declared; a list's items may only be
/// added.
fn is_declared(declared: &[Path], difference: &Difference) -> bool {
    let covered = declared
        .iter()
        .any(|path| difference.path.starts_with(path));
    covered && difference.kind != DifferenceKind::Removed
}
