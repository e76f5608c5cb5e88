//! The pipeline: files and documents from left to right, as Compose takes them.
//!
//! Of each YAML document: read, `extends` inside it, its tags against what came before, its
//! `include`s, merge, duplicates, long forms, duplicates again. After the last file: defaults, then
//! paths.

use std::sync::Arc;

use compose_edit::{Node, Span};
use indexmap::IndexMap;

use crate::budget::Budget;
use crate::decode::{Decoded, Home, decode};
use crate::extends::ExtendsContext;
use crate::interpolation::Interpolation;
use crate::marks::Marks;
use crate::merge::merge;
use crate::merge::unique::deduplicate;
use crate::problem::{Outcome, Problem};
use crate::trail::Trail;
use crate::variables::Scopes;
use crate::{Data, Files, Origin, ScopeId, Value, canonical, paths};

/// What one resolve shares.
#[derive(Debug)]
pub(crate) struct Loader<'f> {
    pub(crate) files: &'f Files,
    pub(crate) budget: Budget,
    /// The scopes of what is included.
    pub(crate) scopes: Scopes,
    /// The scope of the project that is being read.
    pub(crate) scope: ScopeId,
    /// Replaces variables before anything merges; without it they stay.
    pub(crate) interpolation: Option<Interpolation<'f>>,
}

/// A set of files that make one model: the environment's own, or those of an `include`.
#[derive(Debug)]
pub(crate) struct Project<'p> {
    /// The files in order.
    pub(crate) files: Vec<String>,
    /// The project directory, relative to the checkout's root.
    pub(crate) directory: String,
    /// Files that include this one, outermost first.
    pub(crate) included_by: Vec<String>,
    /// Who names the files.
    pub(crate) named_by: Option<&'p Origin>,
}

/// A file on its way into a model.
#[derive(Debug)]
struct Source<'f> {
    path: &'f str,
    home: Home,
    roots: Vec<Node<'f>>,
}

impl<'f> Loader<'f> {
    pub(crate) fn new(files: &'f Files) -> Self {
        let (scopes, scope, interpolation) = Default::default();
        Self {
            files,
            budget: Budget::new(),
            scopes,
            scope,
            interpolation,
        }
    }

    /// The model of a project, defaults and paths included.
    pub(crate) fn project(&mut self, project: &Project<'_>) -> Outcome<Value> {
        let mut model = empty_model(project.files.first().map_or("", String::as_str));
        for path in &project.files {
            let source = self.source(path, project.named_by)?;
            for root in &source.roots {
                let document = self.decoded(*root, &source.home)?;
                model = self.document(model, document, &source, project)?;
            }
        }
        if project.named_by.is_none() && model.as_map().is_none_or(IndexMap::is_empty) {
            return Err(Problem::rejected(&model.origin, "empty compose file"));
        }
        canonical::add_defaults(&mut model, &mut self.budget)?;
        paths::anchor(&mut model, &project.directory);
        Ok(model)
    }

    /// The model of a file that a service extends, and the marks of its last document. Its own
    /// `extends` and `include` are not followed, its defaults not added.
    pub(crate) fn lone_file(&mut self, path: &str, named_by: &Origin) -> Outcome<(Value, Marks)> {
        let mut model = empty_model(path);
        let source = self.source(path, Some(named_by))?;
        let mut last_marks = Marks::default();
        for root in &source.roots {
            let Decoded { value, marks } = self.decoded(*root, &source.home)?;
            marks.remove_from(&mut model);
            model = self.accumulate(model, value)?;
            last_marks = marks;
        }
        paths::anchor(&mut model, paths::folder(path));
        Ok((model, last_marks))
    }

    fn decoded(&mut self, root: Node<'_>, home: &Home) -> Outcome<Decoded> {
        let mut document = decode(root, home, &mut self.budget)?;
        if let Some(interpolation) = &self.interpolation {
            interpolation.replace(&mut document.value)?;
        }
        Ok(document)
    }

    fn source(&self, path: &str, named_by: Option<&Origin>) -> Outcome<Source<'f>> {
        let missing = || Problem::Missing {
            path: path.to_owned(),
            named_by: named_by.cloned(),
        };
        let (path, document) = self.files.get_key_value(path).ok_or_else(missing)?;
        let roots = document.documents().collect();
        let home = Home {
            file: Arc::from(path.as_str()),
            scope: self.scope,
        };
        Ok(Source { path, home, roots })
    }

    /// One document over the model so far.
    fn document(
        &mut self,
        mut model: Value,
        document: Decoded,
        source: &Source<'_>,
        project: &Project<'_>,
    ) -> Outcome<Value> {
        let Decoded { mut value, marks } = document;
        let scene = ExtendsContext::new(source.path, &project.directory, &marks);
        self.extend_services(&mut value, scene)?;
        marks.remove_from(&mut model);
        self.include_all(&mut value, source.path, project)?;
        self.accumulate(model, value)
    }

    /// Merges a document and makes the result canonical.
    fn accumulate(&mut self, model: Value, mut document: Value) -> Outcome<Value> {
        if let Data::Map(entries) = &mut document.data {
            entries.shift_remove("version");
        }
        let top = Trail::default();
        let mut merged = merge(model, document, &top)?;
        deduplicate(&mut merged, &top)?;
        canonical::lengthen(&mut merged, &top, &mut self.budget)?;
        deduplicate(&mut merged, &top)?;
        Ok(merged)
    }
}

fn empty_model(path: &str) -> Value {
    let origin = Origin {
        file: Arc::from(path),
        span: Span::default(),
        key: None,
        scope: ScopeId::default(),
    };
    Value {
        data: Data::Map(IndexMap::new()),
        origin,
    }
}
