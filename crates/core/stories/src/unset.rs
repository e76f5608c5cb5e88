//! An image that cannot be told for want of a variable's value, and the lines that settle it.

use compose_model::{GivenBy, ImageRef, Piece, Service, SetBy, Value};

use crate::conflict::Conflict;
use crate::context::Context;

/// The conflict of a service whose image has no name here; `wanted` are names that would do, the
/// best one first.
pub(crate) fn conflict(
    cx: &Context<'_>,
    service: Service<'_>,
    image: &ImageRef,
    wanted: &[String],
) -> Conflict {
    let written = service.get("image").unwrap_or(service.value);
    let text = written.as_str().unwrap_or_default();
    let pieces = cx.view.pieces(text, &written.origin).unwrap_or_default();
    let told = wanted
        .iter()
        .find_map(|name| Some((name, values(&pieces, name)?)));
    let (wanted, given) = match told {
        Some((name, given)) => (name.clone(), given),
        None => (wanted.first().cloned().unwrap_or_default(), Vec::new()),
    };
    let names: Vec<&str> = if given.is_empty() {
        image.unset.iter().map(String::as_str).collect()
    } else {
        given.iter().map(|own| own.name.as_str()).collect()
    };
    let listed = names.join(" and ");
    let settle = if given.is_empty() {
        format!("give {listed} a value in {}", env_file(cx, written))
    } else {
        let write = |own: &Given| Variable::of(cx, written, &own.name).write(&own.value);
        given.iter().map(write).collect::<Vec<_>>().join("; ")
    };
    let mut lines = names
        .iter()
        .filter_map(|name| Variable::of(cx, written, name).stands());
    let (at, stands) = lines
        .next()
        .unwrap_or_else(|| (cx.locate(written), cx.quote(written)));
    let (has, it) = match names.as_slice() {
        [_] => ("has", "it"),
        _ => ("have", "them"),
    };
    Conflict {
        at,
        stands,
        wanted,
        why: format!(
            "{listed} {has} no value in {}, and without {it} {} has no image that Docker takes.",
            cx.environment, service.name
        ),
        settle,
    }
}

/// A variable, and what sets it to nothing; none for one that is not set.
struct Variable<'a> {
    name: &'a str,
    set: Option<&'a SetBy>,
    env_file: String,
}

impl<'a> Variable<'a> {
    fn of(cx: &Context<'a>, written: &Value, name: &'a str) -> Self {
        let set = cx.view.variable(written.origin.scope, name);
        Self {
            name,
            set: set.map(|setting| &setting.by),
            env_file: env_file(cx, written),
        }
    }

    /// The line that sets it to nothing, and its place.
    fn stands(&self) -> Option<(String, String)> {
        match self.set? {
            SetBy::Line(file, line) => Some((format!("{file}:{line}"), format!("{}=", self.name))),
            SetBy::Shell => None,
        }
    }

    /// How it gets a value.
    fn write(&self, value: &str) -> String {
        let (name, env_file) = (self.name, &self.env_file);
        match self.set {
            Some(SetBy::Line(file, line)) => format!("edit line {line} of {file}: {name}={value}"),
            Some(SetBy::Shell) => format!("export {name}={value}, which is empty in this shell"),
            None => format!("write {name}={value} in {env_file}"),
        }
    }
}

/// The env file that has the last word where a text stands.
pub(crate) fn env_file(cx: &Context<'_>, written: &Value) -> String {
    let included = cx.view.included_env_files(written.origin.scope);
    let own = || cx.stack.env_files_of(cx.environment);
    let files = included.map_or_else(own, <[String]>::to_vec);
    files.last().cloned().unwrap_or_else(|| ".env".to_owned())
}

/// A variable and a value for it.
#[derive(Debug, PartialEq)]
struct Given {
    name: String,
    value: String,
}

/// The values that make a name of the pieces; none where no values do, or where what is there says
/// something else.
fn values(pieces: &[Piece], name: &str) -> Option<Vec<Given>> {
    let (mut given, mut rest, mut open) = (Vec::new(), name, None);
    let mut fixed = String::new();
    for piece in pieces {
        match &piece.by {
            GivenBy::Unset(variable) | GivenBy::Missing(variable) => {
                if !fixed.is_empty() || open.is_none() {
                    rest = behind(rest, &fixed, open.take(), &mut given)?;
                    fixed.clear();
                    open = Some(variable);
                }
            }
            GivenBy::Text(_) | GivenBy::Value(_) => fixed.push_str(&piece.text),
        }
    }
    let last = rest.strip_suffix(fixed.as_str())?;
    match open {
        Some(variable) => given.push(Given {
            name: variable.clone(),
            value: last.to_owned(),
        }),
        None if last.is_empty() => {}
        None => return None,
    }
    given.retain(|own| !own.value.is_empty());
    (!given.is_empty()).then_some(given)
}

/// What is left of a name behind a fixed part; what stands before it is the open variable's.
fn behind<'n>(
    rest: &'n str,
    fixed: &str,
    open: Option<&String>,
    given: &mut Vec<Given>,
) -> Option<&'n str> {
    let Some(variable) = open else {
        return rest.strip_prefix(fixed);
    };
    let at = rest.find(fixed)?;
    given.push(Given {
        name: variable.clone(),
        value: rest[..at].to_owned(),
    });
    Some(&rest[at + fixed.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_make_the_name() {
        let told = |text: &str, name: &str| {
            let template = compose_model::Template::parse(text).unwrap();
            let given = values(&template.pieces(&|_| None), name)?;
            let lines = given
                .iter()
                .map(|own| format!("{}={}", own.name, own.value));
            Some(lines.collect::<Vec<_>>().join(" "))
        };
        let table = [
            ("redis:${V}", "redis:7-alpine", Some("V=7-alpine")),
            ("redis:${V}-alpine", "redis:7-alpine", Some("V=7")),
            ("redis:${V}-alpine3.19", "redis:7-alpine", None),
            (
                "${IMAGE:?say}",
                "redis:7-alpine",
                Some("IMAGE=redis:7-alpine"),
            ),
            ("${A}/redis:${V}", "redis:7", None),
            (
                "${A}/redis:${V}",
                "docker.io/library/redis:7",
                Some("A=docker.io/library V=7"),
            ),
            ("${A}redis:${V}", "redis:7", Some("V=7")),
            ("${I}:${V}", "redis:7", Some("I=redis V=7")),
            ("redis:${V:-${W}}", "redis:7", Some("W=7")),
            ("redis:6", "redis:7", None),
        ];
        for (text, name, expected) in table {
            assert_eq!(told(text, name).as_deref(), expected, "{text} {name}");
        }
    }
}
