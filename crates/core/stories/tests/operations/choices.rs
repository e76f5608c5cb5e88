//! Random operations that fit what the files say.

use compose_edit::{Document, NewScalar, NewValue, Node, Path, Segment};
use stories::op::append::Append;
use stories::op::ensure_line::EnsureLine;
use stories::op::insert::Insert;
use stories::op::list_to_map::ListToMap;
use stories::op::map_to_list::MapToList;
use stories::op::move_entry::Move;
use stories::op::remove::Remove;
use stories::op::remove_file::RemoveFile;
use stories::op::set::Set;
use stories::op::write_file::WriteFile;
use stories::{Operation, Workspace};

/// The YAML files.
const FILES: [&str; 2] = ["a.yml", "b.yml"];
/// A file that is there, and one that is not.
pub const OTHERS: [&str; 2] = ["notes.txt", "new.txt"];

/// Takes numbers for choices.
pub struct Choices<'a>(pub &'a mut dyn Iterator<Item = u8>);

impl Choices<'_> {
    fn below(&mut self, count: usize) -> usize {
        usize::from(self.0.next().unwrap_or_default()) % count.max(1)
    }

    fn of<'t, T>(&mut self, all: &'t [T]) -> Option<&'t T> {
        let at = self.below(all.len());
        all.get(at)
    }

    /// An operation that may fit; the tables are those of services.
    pub fn operation(&mut self, workspace: &Workspace<'_>) -> Option<Operation> {
        let file = *self.of(&FILES)?;
        let document = workspace.document(file).ok()?;
        Some(match self.below(12) {
            0 | 1 => Insert::new(file, self.new_path(document)?, self.value()).into(),
            2 => Append::new(file, self.list(document)?, self.scalar()).into(),
            3 => Set::new(
                file,
                self.path(document, |node| node.as_scalar().is_some())?,
                self.word(),
            )
            .into(),
            4 => Remove::entry(file, self.path(document, |_| true)?).into(),
            5 => {
                let list = self.list(document)?;
                let items: Vec<_> = document.get(&list)?.as_sequence()?.items().collect();
                Remove::item(file, list, self.of(&items)?.as_scalar()?.value()).into()
            }
            6 => {
                let (path, key) = (self.list(document)?, Some(self.word()));
                ListToMap {
                    file: file.to_owned(),
                    path,
                    key,
                    value: Some(self.scalar()),
                }
                .into()
            }
            7 => {
                let path = self.path(document, |node| node.as_mapping().is_some())?;
                MapToList {
                    file: file.to_owned(),
                    path,
                    key: None,
                    added: false,
                    flow: false,
                }
                .into()
            }
            8 | 9 => {
                let to_file = (*self.of(&FILES)?).to_owned();
                let into = self.path(workspace.document(&to_file).ok()?, |node| {
                    node.as_mapping().is_some()
                })?;
                let path = self.path(document, |_| true)?;
                Move {
                    file: file.to_owned(),
                    path,
                    to_file,
                    into,
                    created: None,
                }
                .into()
            }
            10 => EnsureLine {
                file: (*self.of(&OTHERS)?).to_owned(),
                line: self.word(),
            }
            .into(),
            _ if self.below(2) == 0 => RemoveFile {
                file: OTHERS[0].to_owned(),
                digest: None,
            }
            .into(),
            _ => WriteFile::new(OTHERS[1], format!("{}\n{}\n", self.word(), self.word())).into(),
        })
    }

    fn word(&mut self) -> String {
        const WORDS: [&str; 9] = [
            "one",
            "two",
            "redis:7",
            "8080:80",
            "true",
            "a b",
            "#x",
            "data:/data",
            "x=1",
        ];
        WORDS[self.below(WORDS.len())].to_owned()
    }

    fn scalar(&mut self) -> NewValue {
        match self.below(4) {
            0 => NewValue::Scalar(NewScalar::int(7)),
            _ => NewValue::from(self.word()),
        }
    }

    fn value(&mut self) -> NewValue {
        match self.below(5) {
            0 => NewValue::Map(vec![("k".to_owned(), self.scalar())]),
            1 => NewValue::List {
                items: vec![self.scalar()],
                flow: self.below(2) == 0,
            },
            2 => NewValue::Null,
            _ => self.scalar(),
        }
    }

    fn list(&mut self, document: &Document) -> Option<Path> {
        self.path(document, |node| node.as_sequence().is_some())
    }

    /// An entry of a mapping.
    fn path(&mut self, document: &Document, is_such: impl Fn(Node<'_>) -> bool) -> Option<Path> {
        let mut all = Vec::new();
        below(document.root()?, &Path::root(), &mut all);
        all.retain(|path| {
            path.segments().len() > 1 && matches!(path.last(), Some(Segment::Key(_)))
        });
        all.retain(|path| document.get(path).is_some_and(&is_such));
        self.of(&all).cloned()
    }

    /// A new entry below one that is there, or below two that are not.
    fn new_path(&mut self, document: &Document) -> Option<Path> {
        let map = self.path(document, |node| node.as_mapping().is_some())?;
        let deeper = if self.below(3) == 0 {
            map.join("made")
        } else {
            map
        };
        Some(deeper.join(["n1", "n2", "n3"][self.below(3)]))
    }
}

fn below(node: Node<'_>, path: &Path, all: &mut Vec<Path>) {
    all.push(path.clone());
    for (key, value) in node.as_mapping().into_iter().flat_map(|map| map.entries()) {
        if let Some(key) = key.as_scalar() {
            below(value, &path.join(key.value()), all);
        }
    }
}
