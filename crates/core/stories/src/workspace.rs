//! The files of a checkout as operations see and change them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use compose_edit::{Document, Node, Path};

use crate::op::{EditDocument, Target};
use crate::refusal::Refusal;
use crate::{Layout, Stack};

/// The files of a checkout, in memory. A file that is not in it was not looked at.
#[derive(Clone, Debug, Default)]
pub struct Workspace<'s> {
    files: BTreeMap<String, FileState<'s>>,
    layout: Cow<'s, Layout>,
    /// What files held before the story that is taken back, where that is known.
    before: BTreeMap<String, FileState<'static>>,
    sharing: Sharing,
}

/// What is known of a file.
#[derive(Clone, Debug)]
pub enum FileState<'s> {
    /// It is not there.
    Absent,
    /// It is YAML.
    Yaml(Cow<'s, Document>),
    /// It is another text.
    Text(Cow<'s, str>),
}

/// Whether an edit may change what aliases share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Sharing {
    #[default]
    Refused,
    Allowed,
}

impl<'s> FileState<'s> {
    /// A file that holds a text.
    #[must_use]
    pub fn of(path: &str, text: impl Into<Cow<'s, str>>) -> Self {
        let text = text.into();
        let is_yaml = [".yml", ".yaml"].iter().any(|end| path.ends_with(end));
        match Document::parse(&*text).ok().filter(|_| is_yaml) {
            Some(document) => Self::Yaml(Cow::Owned(document)),
            None => Self::Text(text),
        }
    }

    pub(crate) fn yaml(document: Document) -> Self {
        Self::Yaml(Cow::Owned(document))
    }

    /// The text; none for a file that is not there.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Absent => None,
            Self::Yaml(document) => Some(document.text()),
            Self::Text(text) => Some(text),
        }
    }
}

impl<'s> Workspace<'s> {
    /// The files of a stack.
    #[must_use]
    pub fn of(stack: &'s Stack) -> Self {
        let yaml = stack
            .files
            .iter()
            .map(|(path, file)| (path.clone(), FileState::Yaml(Cow::Borrowed(file))));
        let texts = stack
            .texts
            .iter()
            .map(|(path, text)| (path.clone(), FileState::of(path, text.as_str())));
        let absent = stack
            .absent
            .iter()
            .map(|path| (path.clone(), FileState::Absent));
        let layout = Cow::Borrowed(&stack.layout);
        Self {
            files: absent.chain(texts).chain(yaml).collect(),
            layout,
            ..Self::default()
        }
    }

    /// One file alone, whose anchored nodes may be changed though aliases share them.
    pub(crate) fn of_shared_file(path: &str, document: &'s Document) -> Self {
        let files = [(path.to_owned(), FileState::Yaml(Cow::Borrowed(document)))].into();
        Self {
            files,
            sharing: Sharing::Allowed,
            ..Self::default()
        }
    }

    /// With what files held before the story that is taken back, where that is known.
    #[must_use]
    pub fn with_before(mut self, before: BTreeMap<String, FileState<'static>>) -> Self {
        self.before = before;
        self
    }

    /// With this layout.
    #[must_use]
    pub fn with_layout(mut self, layout: Layout) -> Self {
        self.layout = Cow::Owned(layout);
        self
    }

    /// What is known of a file; none for one that was not looked at.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&FileState<'s>> {
        self.files.get(path)
    }

    /// The text of a file that is there.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path)?.text()
    }

    /// What is known of a file.
    ///
    /// # Errors
    /// [`Refusal::Unread`] for one that was not looked at.
    pub fn known(&self, path: &str) -> Result<&FileState<'s>, Refusal> {
        self.files.get(path).ok_or_else(|| Refusal::Unread {
            file: path.to_owned(),
        })
    }

    /// The text of a file from before the story that is taken back, where it is known.
    pub(crate) fn text_before(&self, path: &str) -> Option<&str> {
        self.before.get(path)?.text()
    }

    /// Which files make which environment.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    pub(crate) fn set_layout(&mut self, layout: Layout) {
        self.layout = Cow::Owned(layout);
    }

    /// Puts a file into it.
    pub fn put(&mut self, path: &str, state: FileState<'s>) {
        self.files.insert(path.to_owned(), state);
    }

    /// A YAML file.
    ///
    /// # Errors
    /// [`Refusal::Gone`] for a file that is not there, was not looked at or is no YAML.
    pub fn document(&self, file: &str) -> Result<&Document, Refusal> {
        match self.files.get(file) {
            Some(FileState::Yaml(document)) => Ok(document),
            _ => Err(Refusal::Gone {
                file: file.to_owned(),
            }),
        }
    }

    /// A node of a YAML file that is there and has it.
    pub(crate) fn node(&self, file: &str, path: &Path) -> Option<Node<'_>> {
        self.document(file).ok()?.get(path)
    }

    /// Makes edits of a file that keep apart against one parse.
    pub(crate) fn edit(&mut self, file: &str, edits: &[&dyn EditDocument]) -> Result<(), Refusal> {
        let document = self.document(file)?;
        let before = match self.before.get(file) {
            Some(FileState::Yaml(before)) => Some(before.as_ref()),
            _ => None,
        };
        let target = Target {
            file,
            document,
            before,
        };
        let mut edit = document.edit();
        if self.sharing == Sharing::Allowed {
            edit.allow_shared(&Path::root());
        }
        edits
            .iter()
            .try_for_each(|own| own.edit(&target, &mut edit))?;
        let edited = edit.finish().map_err(|source| target.refuse(source))?;
        self.files
            .insert(file.to_owned(), FileState::Yaml(Cow::Owned(edited)));
        Ok(())
    }

    /// The files whose texts are others than in a stack.
    #[must_use]
    pub fn changed(&self, stack: &Stack) -> BTreeSet<String> {
        let differs = |(path, state): &(&String, &FileState<'_>)| state.text() != stack.text(path);
        self.files
            .iter()
            .filter(differs)
            .map(|(path, _)| path.clone())
            .collect()
    }

    /// Its files and its layout.
    pub(crate) fn into_parts(self) -> (BTreeMap<String, FileState<'s>>, Layout) {
        (self.files, self.layout.into_owned())
    }
}
