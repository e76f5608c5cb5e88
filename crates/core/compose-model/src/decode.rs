//! From a document's tree to values: aliases and merge keys unfolded, tags obeyed.

mod scalar;

use std::collections::HashSet;
use std::sync::Arc;

use compose_edit::{Alias, Content, Mapping, Node, ScalarStyle, Span};
use indexmap::IndexMap;

use crate::budget::{Budget, DEPTH};
use crate::marks::Marks;
use crate::problem::{Outcome, Problem};
use crate::trail::Trail;
use crate::{Data, Origin, ScopeId, Value};

/// One YAML document, read.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) value: Value,
    pub(crate) marks: Marks,
}

/// A file and the scope that it is read in.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    pub(crate) file: Arc<str>,
    pub(crate) scope: ScopeId,
}

/// Reads a document whose root is a mapping.
pub(crate) fn decode(root: Node<'_>, home: &Home, budget: &mut Budget) -> Outcome<Decoded> {
    let mut decoder = Decoder {
        home,
        budget,
        marks: Marks::default(),
        removed: HashSet::new(),
        alias: None,
    };
    let place = Place {
        trail: Trail::default(),
        key: None,
        depth: 0,
        tags: true,
    };
    let value = decoder.node(root, &place)?;
    match value {
        Some(value) if value.as_map().is_some() => Ok(Decoded {
            value,
            marks: decoder.marks,
        }),
        _ => Err(Problem::rejected(
            &decoder.origin(root, None),
            "a Compose file is a mapping at its top",
        )),
    }
}

struct Decoder<'a> {
    home: &'a Home,
    budget: &'a mut Budget,
    marks: Marks,
    /// Keys of entries that a `!reset` took out of an anchored mapping. The first reading removes
    /// them for good, so an alias to that mapping no longer sees the tag.
    removed: HashSet<Span>,
    /// The outermost alias that is being unfolded.
    alias: Option<Span>,
}

/// Where a node is read: the same node has another place under each alias.
#[derive(Clone, Copy)]
struct Place<'p> {
    trail: Trail<'p>,
    key: Option<Span>,
    depth: usize,
    /// Whether `!reset` and `!override` mean something here; inside an `!override` they do not.
    tags: bool,
}

impl<'p> Place<'p> {
    fn child(&'p self, step: &'p str, key: Option<Span>) -> Self {
        Self {
            trail: self.trail.child(step),
            key,
            depth: self.depth + 1,
            tags: self.tags,
        }
    }

    /// This place one level deeper: what a `<<` brings in belongs to the mapping itself.
    fn inside(&self) -> Self {
        Self {
            depth: self.depth + 1,
            ..*self
        }
    }
}

impl Decoder<'_> {
    fn origin(&self, node: Node<'_>, key: Option<Span>) -> Origin {
        Origin {
            file: Arc::clone(&self.home.file),
            span: node.span(),
            key,
            scope: self.home.scope,
        }
    }

    /// The node's value; none where a `!reset` takes it away.
    fn node(&mut self, node: Node<'_>, place: &Place<'_>) -> Outcome<Option<Value>> {
        if let Content::Alias(alias) = node.content() {
            return self.alias(node, alias, place);
        }
        let origin = self.origin(node, place.key);
        let blame = self.alias.map_or(node.span(), |span| span);
        self.budget.spend(1, || Origin {
            span: blame,
            key: None,
            ..origin.clone()
        })?;
        if place.depth > DEPTH {
            return Err(Problem::rejected(
                &origin,
                format!("nested more than {DEPTH} levels deep"),
            ));
        }
        match node.tag() {
            Some("!reset") if place.tags => {
                self.marks.note(&place.trail, origin);
                Ok(None)
            }
            Some("!override") if place.tags => {
                self.marks.note(&place.trail, origin.clone());
                let inside = Place {
                    tags: false,
                    ..place.inside()
                };
                self.data(node, &inside)
                    .map(|data| Some(Value { data, origin }))
            }
            _ => self
                .data(node, place)
                .map(|data| Some(Value { data, origin })),
        }
    }

    fn alias(
        &mut self,
        node: Node<'_>,
        alias: Alias<'_>,
        place: &Place<'_>,
    ) -> Outcome<Option<Value>> {
        let target = alias.target();
        let (own, around) = (node.span(), target.span());
        if around.start <= own.start && own.end <= around.end {
            return Err(Problem::rejected(
                &self.origin(node, None),
                format!("`*{}` contains itself", alias.name()),
            ));
        }
        let outer = self.alias;
        self.alias = outer.or(Some(own));
        let value = self.node(target, place);
        self.alias = outer;
        value
    }

    fn data(&mut self, node: Node<'_>, place: &Place<'_>) -> Outcome<Data> {
        match node.content() {
            Content::Scalar(scalar) => Ok(scalar::typed(node, scalar)),
            Content::Mapping(mapping) => self.mapping(mapping, place).map(Data::Map),
            Content::Sequence(sequence) => {
                let mut items = Vec::with_capacity(sequence.len());
                for (index, item) in sequence.items().enumerate() {
                    items.extend(self.node(item, &place.child(&index.to_string(), None))?);
                }
                Ok(Data::List(items))
            }
            Content::Alias(_) => Ok(Data::Null),
        }
    }

    fn mapping(
        &mut self,
        mapping: Mapping<'_>,
        place: &Place<'_>,
    ) -> Outcome<IndexMap<String, Value>> {
        let mut entries = IndexMap::with_capacity(mapping.len());
        for (key, value) in mapping.entries() {
            if is_merge_key(key) {
                for (name, value) in self.merge_key(key, value, place)? {
                    entries.entry(name).or_insert(value);
                }
                continue;
            }
            let name = self.key(key)?;
            if self.removed.contains(&key.span()) {
                continue;
            }
            match self.node(value, &place.child(&name, Some(key.span())))? {
                Some(value) => drop(entries.insert(name, value)),
                None => drop(self.removed.insert(key.span())),
            }
        }
        Ok(entries)
    }

    /// What a `<<` brings in: of a list the first mapping with a key wins.
    fn merge_key(
        &mut self,
        key: Node<'_>,
        value: Node<'_>,
        place: &Place<'_>,
    ) -> Outcome<IndexMap<String, Value>> {
        let wrong = Problem::rejected(
            &self.origin(key, None),
            "`<<` wants a mapping or a list of mappings",
        );
        let sequence = value.resolved().as_sequence();
        let Some(sequence) = sequence else {
            return match self.node(value, &place.inside())?.map(|value| value.data) {
                Some(Data::Map(entries)) => Ok(entries),
                _ => Err(wrong),
            };
        };
        let mut merged = IndexMap::new();
        for (index, item) in sequence.items().enumerate() {
            let Some(Value {
                data: Data::Map(entries),
                ..
            }) = self.node(item, &place.child(&index.to_string(), None))?
            else {
                return Err(wrong);
            };
            for (name, value) in entries {
                merged.entry(name).or_insert(value);
            }
        }
        Ok(merged)
    }

    fn key(&self, key: Node<'_>) -> Outcome<String> {
        let text = key
            .resolved()
            .as_scalar()
            .map(|scalar| scalar::typed(key.resolved(), scalar));
        match text {
            Some(Data::String(text)) => Ok(text),
            _ => Err(Problem::rejected(
                &self.origin(key, None),
                format!("the key `{}` is no text; quote it", key.text()),
            )),
        }
    }
}

fn is_merge_key(key: Node<'_>) -> bool {
    key.as_scalar()
        .is_some_and(|scalar| scalar.style() == ScalarStyle::Plain && scalar.value() == "<<")
}
