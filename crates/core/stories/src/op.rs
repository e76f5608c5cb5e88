//! Operations: what an edit does to the files of a checkout, as data. One file each; an operation
//! is named in the registry below and nowhere else.
//!
//! A draft is a list of operations, and its record holds the list that takes it back, last first,
//! in the same words. What an inverse must remember is one line of text that is no secret, a blob
//! of git's, or this machine's snapshot.

use compose_edit::{Document, Edit, NewValue, Path};
use serde::{Deserialize, Serialize};

use crate::Workspace;
use crate::refusal::Refusal;

pub mod append;
pub mod ensure_line;
pub mod insert;
pub(crate) mod line;
pub mod list_to_map;
pub mod map_to_list;
mod missing;
pub mod move_entry;
mod program;
pub mod remove;
pub mod remove_file;
pub mod remove_line;
pub mod set;
pub mod set_layout;
pub mod write_file;

pub use append::Append;
pub use ensure_line::EnsureLine;
pub use insert::Insert;
pub(crate) use line::{copied, line as flow_line, meant};
pub use list_to_map::ListToMap;
pub use map_to_list::MapToList;
pub(crate) use missing::merged;
pub use move_entry::Move;
pub(crate) use program::make;
pub use program::{run, take_back};
pub use remove::Remove;
pub use remove_file::RemoveFile;
pub use remove_line::RemoveLine;
pub use set::Set;
pub use set_layout::SetLayout;
pub use write_file::WriteFile;

macro_rules! registry {
    ($($(#[$doc:meta])* $name:ident($operation:ty),)*) => {
        /// One operation.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(tag = "op", rename_all = "kebab-case")]
        pub enum Operation {
            $($(#[$doc])* $name($operation),)*
        }

        impl Operation {
            fn own(&self) -> &dyn Operate {
                match self {
                    $(Self::$name(own) => own,)*
                }
            }

            fn own_mut(&mut self) -> &mut dyn Operate {
                match self {
                    $(Self::$name(own) => own,)*
                }
            }
        }

        $(impl From<$operation> for Operation {
            fn from(own: $operation) -> Self {
                Self::$name(own)
            }
        })*
    };
}

registry! {
    /// A new entry of a mapping.
    Insert(insert::Insert),
    /// A new item of a list.
    Append(append::Append),
    /// Another scalar.
    Set(set::Set),
    /// An entry or an item goes.
    Remove(remove::Remove),
    /// A list becomes a mapping.
    ListToMap(list_to_map::ListToMap),
    /// A mapping becomes a list.
    MapToList(map_to_list::MapToList),
    /// An entry goes into another mapping or file.
    Move(move_entry::Move),
    /// A new file.
    WriteFile(write_file::WriteFile),
    /// A file goes.
    RemoveFile(remove_file::RemoveFile),
    /// A line that a file has.
    EnsureLine(ensure_line::EnsureLine),
    /// A line of a file goes.
    RemoveLine(remove_line::RemoveLine),
    /// An environment is made of other files.
    SetLayout(set_layout::SetLayout),
}

/// A node by its file and its path in it; the root stands for the whole file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodePath {
    /// The file, relative to the checkout's root.
    pub file: String,
    /// Where in it.
    pub path: Path,
}

/// What a workspace says of an operation that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// What it would bring about is so already.
    Done,
    /// What it is to change is as the operation expects it.
    AsExpected,
    /// That is there, and not as expected; what is different.
    Different(String),
    /// That is not there; what is gone.
    Gone(String),
}

/// What an operation does not say by itself: it stands in the file from before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need<'a> {
    /// The path of the file, from the root of the checkout.
    pub file: &'a str,
    /// Git's id of the file as it was; none where this machine's snapshot alone has it.
    pub blob: Option<&'a str>,
}

/// What every operation can do.
pub(crate) trait Operate {
    /// What it is about.
    fn node(&self) -> NodePath;

    /// The files that it names.
    fn files(&self) -> Vec<String> {
        vec![self.node().file]
    }

    /// The item of a list that it is about, where the place is the list.
    fn item(&self) -> Option<&str> {
        None
    }

    /// Makes it. Where what it would bring about is so already, nothing changes.
    fn apply(&self, workspace: &mut Workspace<'_>) -> Result<(), Refusal>;

    /// What takes it back, read off the files before it is made; none where it would change
    /// nothing.
    fn inverse(&self, workspace: &Workspace<'_>) -> Result<Option<Operation>, Refusal>;

    /// What the files say of it.
    fn found(&self, workspace: &Workspace<'_>) -> Found;

    /// Whether the files, aliases followed, still say what it is to change.
    fn still_fits(&self, workspace: &Workspace<'_>) -> bool {
        self.found(workspace) == Found::AsExpected
    }

    /// The outermost places that differ once it is made.
    fn declared_paths(&self) -> Vec<NodePath> {
        vec![self.node()]
    }

    /// What it brings about, as a line of YAML or in a few words.
    fn describe(&self) -> String;

    /// What it adds below its place, for one that only adds.
    fn addition(&self) -> Option<NewValue> {
        None
    }

    /// What it does not say by itself.
    fn need(&self) -> Option<Need<'_>> {
        None
    }

    /// Where git's id of the file from before is noted.
    fn blob_mut(&mut self) -> Option<&mut Option<String>> {
        None
    }

    /// The operation as an edit within one YAML file, which several can be made of against one
    /// parse.
    fn in_document(&self) -> Option<&dyn EditDocument> {
        None
    }
}

/// An operation within one YAML file.
pub(crate) trait EditDocument {
    /// The outermost node that it changes or makes in a document.
    fn touches(&self, document: &Document) -> Path;

    /// Makes it.
    fn edit(&self, target: &Target<'_>, edit: &mut Edit<'_>) -> Result<(), Refusal>;
}

/// What an edit within a file may look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) file: &'a str,
    pub(crate) document: &'a Document,
    /// The file from before the story, where it is known.
    pub(crate) before: Option<&'a Document>,
}

impl Target<'_> {
    /// The editor's refusal, told of this file.
    pub(crate) fn refuse(&self, source: compose_edit::EditError) -> Refusal {
        Refusal::Edit {
            file: self.file.to_owned(),
            source,
        }
    }
}

impl Operation {
    /// Makes it. Where what it would bring about is so already, nothing changes.
    ///
    /// # Errors
    /// [`Refusal`], by name; the workspace is as it was.
    pub fn apply(&self, workspace: &mut Workspace<'_>) -> Result<(), Refusal> {
        self.own().apply(workspace)
    }

    /// What takes it back, read off the files before it is made; none where it would change
    /// nothing.
    ///
    /// # Errors
    /// [`Refusal`] for what cannot be made.
    pub fn inverse(&self, workspace: &Workspace<'_>) -> Result<Option<Self>, Refusal> {
        self.own().inverse(workspace)
    }

    /// What the files say of it.
    #[must_use]
    pub fn found(&self, workspace: &Workspace<'_>) -> Found {
        self.own().found(workspace)
    }

    /// Whether the files say already what it would bring about: for one that takes another back,
    /// nothing is left of that.
    #[must_use]
    pub fn is_undone(&self, workspace: &Workspace<'_>) -> bool {
        self.found(workspace) == Found::Done
    }

    /// Whether the files, aliases followed, still say what it is to change.
    #[must_use]
    pub fn still_fits(&self, workspace: &Workspace<'_>) -> bool {
        self.own().still_fits(workspace)
    }

    /// The outermost places that differ once it is made.
    #[must_use]
    pub fn declared_paths(&self) -> Vec<NodePath> {
        self.own().declared_paths()
    }

    /// What it brings about, as a line of YAML or in a few words.
    #[must_use]
    pub fn describe(&self) -> String {
        self.own().describe()
    }

    /// What it is about.
    #[must_use]
    pub fn node(&self) -> NodePath {
        self.own().node()
    }

    /// The files that it names.
    #[must_use]
    pub fn files(&self) -> Vec<String> {
        self.own().files()
    }

    /// Whether it names a file.
    #[must_use]
    pub fn names(&self, file: &str) -> bool {
        self.files().iter().any(|own| own == file)
    }

    /// What it does not say by itself: it stands in the file from before.
    #[must_use]
    pub fn need(&self) -> Option<Need<'_>> {
        self.own().need()
    }

    /// Notes git's id of the file from before, where the operation needs that file.
    pub fn note_blob(&mut self, id: String) {
        if self.need().is_some()
            && let Some(blob) = self.own_mut().blob_mut()
        {
            *blob = Some(id);
        }
    }

    /// Whether it is an edit within a YAML file, and not of whole files.
    #[must_use]
    pub fn is_in_document(&self) -> bool {
        self.own().in_document().is_some()
    }

    /// What it adds below its place, for one that only adds.
    pub(crate) fn addition(&self) -> Option<NewValue> {
        self.own().addition()
    }

    /// Whether it takes back the same edit as another one, whose edit was gone when this one's was
    /// made.
    pub(crate) fn supersedes(&self, other: &Self) -> bool {
        self.node() == other.node() && self.own().item() == other.own().item()
    }
}

/// The last key of a path and a text behind it, as a line of YAML.
fn entry_line(path: &Path, value: &str) -> String {
    let key = path
        .segments()
        .last()
        .map_or_else(String::new, |last| Path::from([last.clone()]).to_string());
    format!("{key}: {value}").trim_end().to_owned()
}

/// Texts of types that are written as they are displayed, such as a [`Path`].
pub(crate) mod displayed {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<T: Display, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(crate) fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error>
    where
        T::Err: Display,
    {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}
