//! A dependency that is said already, with another condition: the edit of what says so, which
//! changes no other dependency and no other service.

use compose_edit::{Content, Mapping, NewValue, Node, Path, Segment};
use compose_model::{Service, Value};

use super::Obstacle;
use crate::assessment::Wanted;
use crate::change::{HEALTHY, STARTED, condition as conditioned, healthy};
use crate::context::Context;
use crate::op;
use crate::op::insert::join;
use crate::op::list_to_map::ListToMap;
use crate::op::set::Set;

/// What the view shall say, and where.
pub(super) struct Stated {
    pub(super) at: Path,
    pub(super) what: Wanted,
}

/// The edit that makes a condition of the long form, or of an item of a list, which means
/// `service_started`, the wanted one.
pub(super) fn stated<'v>(
    cx: &Context<'_>,
    service: Service<'_>,
    on: Service<'_>,
    condition: &'v Value,
) -> Result<Stated, Obstacle<'v>> {
    let dependency = Context::path(service.name, &["depends_on", on.name]);
    let at = dependency.join("condition");
    match cx.written(&at, condition) {
        Ok((file, node)) => {
            let what = Wanted::Edit(written_over(file, node, on));
            Ok(Stated { at, what })
        }
        Err(why) => match Spelled::of(cx, service, on, condition) {
            Spelled::Inherited => {
                let what = Wanted::Entry(healthy(false));
                Ok(Stated {
                    at: dependency,
                    what,
                })
            }
            Spelled::Brought(value) => {
                let what = Wanted::Entry(value);
                Ok(Stated {
                    at: dependency,
                    what,
                })
            }
            Spelled::BroughtCondition => {
                let what = Wanted::Entry(NewValue::from(HEALTHY));
                Ok(Stated { at, what })
            }
            Spelled::AliasOfCondition(file) => {
                let what = Wanted::Edit(Set::new(file, at.clone(), HEALTHY).into());
                Ok(Stated { at, what })
            }
            Spelled::ByHand(settle) => Err(Obstacle {
                stands: condition,
                why,
                settle,
            }),
        },
    }
}

fn written_over(file: &str, node: Path, on: Service<'_>) -> crate::Operation {
    match (node.last(), node.parent()) {
        (Some(Segment::Index(_)), Some(path)) => ListToMap {
            file: file.to_owned(),
            path,
            key: Some(on.name.to_owned()),
            value: Some(healthy(false)),
        }
        .into(),
        _ => Set::new(file, node, HEALTHY).into(),
    }
}

/// How a service comes to a dependency that does not stand in it as it is.
enum Spelled {
    /// By a service that it extends: what it says itself is merged over that.
    Inherited,
    /// By a `<<` of its dependencies: an entry of its own takes the place of that one, so it says
    /// all of it.
    Brought(NewValue),
    /// By a `<<` of the entry: a key of its own takes the place of that one.
    BroughtCondition,
    /// By an alias of the condition alone, in this file.
    AliasOfCondition(String),
    /// By an alias of more than that, or by a `<<` of the whole service: what to write instead.
    ByHand(String),
}

impl Spelled {
    fn of(cx: &Context<'_>, service: Service<'_>, on: Service<'_>, condition: &Value) -> Self {
        let file = &*condition.origin.file;
        // A file that is extended may have a service of the same name, which is another one.
        let own = cx.stack.own_files(cx.environment);
        let is_own = own.iter().any(|own| own == file) || *service.value.origin.file == *file;
        let body = cx.stack.files.get(file).filter(|_| is_own);
        let body = body.and_then(|document| document.get(&Context::path(service.name, &[])));
        let Some(body) = body else {
            return Self::Inherited;
        };
        let found = match body.content() {
            Content::Alias(alias) => {
                let own = body.resolved().as_mapping();
                let whole = own.and_then(|own| said(own, "depends_on"));
                let whole = whole.and_then(|node| with_health(node, on.name));
                whole.map(|whole| {
                    let (alias, dependencies) = (alias.name(), entry("depends_on", &whole));
                    let own = format!("{}: {{ <<: *{alias}, {dependencies} }}", service.name);
                    Self::instead_of(file, body, service.name, &own)
                })
            }
            Content::Mapping(own) => Self::in_service(own, file, service, on),
            _ => None,
        };
        found.unwrap_or(Self::Inherited)
    }

    fn in_service(
        own: Mapping<'_>,
        file: &str,
        service: Service<'_>,
        on: Service<'_>,
    ) -> Option<Self> {
        let Some(dependencies) = own.get("depends_on") else {
            let (_, brought) = op::merged(own, "depends_on")?;
            let line = entry("depends_on", &with_health(brought, on.name)?);
            let name = service.name;
            return Some(Self::ByHand(format!(
                "write under services.{name} of {file}: {line}"
            )));
        };
        match dependencies.content() {
            Content::Mapping(entries) => Self::in_entries(entries, file, on),
            Content::Alias(_) => {
                let whole = with_health(dependencies, on.name)?;
                let line = entry("depends_on", &whole);
                Some(Self::instead_of(file, dependencies, "depends_on", &line))
            }
            Content::Sequence(items) => {
                let is_on = |item: Node<'_>| {
                    let name = item.resolved().as_scalar();
                    name.is_some_and(|name| name.value() == on.name)
                };
                items.items().find(|item| is_on(*item))?;
                let whole = with_health(dependencies, on.name)?;
                let line = entry("depends_on", &whole);
                Some(Self::instead_of(file, dependencies, "depends_on", &line))
            }
            Content::Scalar(_) => None,
        }
    }

    fn in_entries(entries: Mapping<'_>, file: &str, on: Service<'_>) -> Option<Self> {
        let Some(own) = entries.get(on.name) else {
            let (_, brought) = op::merged(entries, on.name)?;
            return Some(Self::Brought(made_healthy(brought)?));
        };
        match own.content() {
            Content::Alias(_) => {
                let line = entry(on.name, &made_healthy(own)?);
                Some(Self::instead_of(file, own, on.name, &line))
            }
            Content::Mapping(keys) => match keys.get("condition") {
                Some(_) => Some(Self::AliasOfCondition(file.to_owned())),
                None => op::merged(keys, "condition").map(|_| Self::BroughtCondition),
            },
            _ => None,
        }
    }

    /// The line that takes the place of a key with this value.
    fn instead_of(file: &str, value: Node<'_>, key: &str, line: &str) -> Self {
        let (at, stands) = (value.position(), value.text());
        let stands = match value.content() {
            Content::Alias(_) => format!("{key}: {stands}"),
            _ => "that list".to_owned(),
        };
        Self::ByHand(format!("at {file}:{at} write {line} in place of {stands}"))
    }
}

/// A key with its value on one line.
fn entry(key: &str, value: &NewValue) -> String {
    format!("{key}: {}", op::flow_line(value))
}

/// What a mapping says of a key, be it by `<<`.
fn said<'d>(mapping: Mapping<'d>, key: &str) -> Option<Node<'d>> {
    mapping
        .get(key)
        .or_else(|| op::merged(mapping, key).map(|(_, node)| node))
}

/// A dependency as it is, with the wanted condition.
fn made_healthy(node: Node<'_>) -> Option<NewValue> {
    let mut own = op::meant(node)?;
    join(&mut own, conditioned(HEALTHY));
    Some(own)
}

/// All dependencies as they are, one of them with the wanted condition.
fn with_health(node: Node<'_>, on: &str) -> Option<NewValue> {
    let mut whole = match op::meant(node)? {
        NewValue::List { items, .. } => {
            let names = items.iter().filter_map(|item| match item {
                NewValue::Scalar(name) => Some(name.as_str().to_owned()),
                _ => None,
            });
            NewValue::Map(names.map(|name| (name, conditioned(STARTED))).collect())
        }
        whole => whole,
    };
    join(
        &mut whole,
        NewValue::Map(vec![(on.to_owned(), conditioned(HEALTHY))]),
    );
    Some(whole)
}
