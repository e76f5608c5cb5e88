//! The stories there are: those of this build and those of the checkout.

mod asked;

use std::collections::BTreeMap;

use crate::context::Context;
use crate::{Change, Place, Story, StoryError, StoryId};

/// Stories by id.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    stories: BTreeMap<StoryId, Story>,
    files: BTreeMap<StoryId, String>,
    warnings: Vec<String>,
}

/// Why the stories do not make a catalog.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogError {
    /// A file is no story.
    #[error(transparent)]
    Story(#[from] StoryError),
    /// Two files have the same id.
    #[error("{second}: story {id} is already in {first}; give one of them another id")]
    Duplicate {
        /// The id.
        id: StoryId,
        /// The file that has it first.
        first: String,
        /// The file that has it again.
        second: String,
    },
    /// A story needs one that does not exist.
    #[error("{file}: story {id} needs {needed}, which does not exist")]
    UnknownNeed {
        /// The story's file.
        file: String,
        /// The story.
        id: StoryId,
        /// What it needs.
        needed: StoryId,
    },
    /// Stories need each other.
    #[error("stories {} need each other", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    Cycle(Vec<StoryId>),
}

impl Catalog {
    /// The stories of this build, then those of the checkout, each as path and text. A checkout's
    /// copy of a story of this build gives way to it, with a warning where they differ.
    ///
    /// # Errors
    /// [`CatalogError`] for a file that is no story, an id twice, and needs that cannot be met.
    pub fn new(
        embedded: &[(&str, &str)],
        checkout: &[(String, String)],
    ) -> Result<Self, CatalogError> {
        let mut catalog = Self::default();
        for (file, text) in embedded {
            catalog.add(file, Story::parse(file, text)?)?;
        }
        let own: Vec<_> = catalog.stories.keys().cloned().collect();
        for (file, text) in checkout {
            let story = Story::parse(file, text)?;
            if !own.contains(&story.id) {
                catalog.add(file, story)?;
            } else if catalog.stories[&story.id].checksum() != story.checksum() {
                let id = &story.id;
                catalog.warnings.push(format!(
                    "{file} is another version of story {id}; this build's own is used"
                ));
            }
        }
        catalog.check_needs()?;
        Ok(catalog)
    }

    fn add(&mut self, file: &str, story: Story) -> Result<(), CatalogError> {
        if let Some(first) = self.files.get(&story.id) {
            let (first, second) = (first.clone(), file.to_owned());
            return Err(CatalogError::Duplicate {
                id: story.id,
                first,
                second,
            });
        }
        self.files.insert(story.id.clone(), file.to_owned());
        self.stories.insert(story.id.clone(), story);
        Ok(())
    }

    fn check_needs(&self) -> Result<(), CatalogError> {
        for (id, story) in &self.stories {
            if let Some(needed) = story
                .needs
                .iter()
                .find(|needed| !self.stories.contains_key(needed))
            {
                let (file, needed) = (self.files[id].clone(), needed.clone());
                return Err(CatalogError::UnknownNeed {
                    file,
                    id: id.clone(),
                    needed,
                });
            }
        }
        let ordered: Vec<_> = self
            .in_order()
            .iter()
            .map(|story| story.id.clone())
            .collect();
        let left: Vec<_> = self
            .stories
            .keys()
            .filter(|id| !ordered.contains(id))
            .cloned()
            .collect();
        if left.is_empty() {
            Ok(())
        } else {
            Err(CatalogError::Cycle(left))
        }
    }

    /// The stories in the order in which they are applied: what is needed first, else by id.
    #[must_use]
    pub fn in_order(&self) -> Vec<&Story> {
        let mut ordered: Vec<&Story> = Vec::with_capacity(self.stories.len());
        let mut left: Vec<&Story> = self.stories.values().collect();
        let has = |ordered: &[&Story], id: &StoryId| ordered.iter().any(|story| story.id == *id);
        while let Some(next) = left
            .iter()
            .position(|story| story.needs.iter().all(|id| has(&ordered, id)))
        {
            ordered.push(left.remove(next));
        }
        ordered
    }

    /// The story that owns a place which another one takes too: of those with a change of the same
    /// group there the one with the lowest id. Two changes that take one service each, and not every
    /// one that they find, stand side by side. The model alone decides, never the ledger: so neither
    /// the order nor a skip nor a revert of one story makes the other one touch its places.
    #[must_use]
    pub fn owner(&self, story: &Story, cx: &Context<'_>, place: &Place) -> Option<&StoryId> {
        let is_contested = |other: &Change| {
            let takes = |change: &&Change| {
                change.is_of_group(other) && (change.is_each() || other.is_each())
            };
            story.changes.iter().any(|change| {
                takes(&change) && is_about(change, cx, place) && is_about(other, cx, place)
            })
        };
        let before = self.stories.range(..&story.id).map(|(_, before)| before);
        let mut owners = before.filter(|before| before.changes.iter().any(is_contested));
        owners.next().map(|owner| &owner.id)
    }

    /// A story by id.
    #[must_use]
    pub fn get(&self, id: &StoryId) -> Option<&Story> {
        self.stories.get(id)
    }

    /// What a person should know of the checkout's stories.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

fn is_about(change: &Change, cx: &Context<'_>, place: &Place) -> bool {
    change.places(cx).is_ok_and(|places| places.contains(place))
}
