//! What the files of a checkout say of a service, each value with the places that say it.
//!
//! Finders look where stacks say such things, each giving [`Claim`]s; [`weigh`] alone decides what
//! they come to. A value is only *found* where all places allow it and no other one.

use std::fmt;

pub(crate) mod dockerfile;
pub(crate) mod health_path;
mod http_probe;
mod http_url;
pub(crate) mod image;
mod other_images;
mod other_ports;
mod packages;
pub(crate) mod port;
pub(crate) mod program;
pub(crate) mod protocol;
mod proxy;
pub(crate) mod role;
mod said;

pub use http_probe::HttpProbe;
pub use proxy::proxy_files;
pub(crate) use said::Subject;
pub use said::{BuiltOn, env_files};

/// How sure a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grade {
    /// A person wrote it down: `compose/stack.yaml`, an existing key.
    Stated,
    /// The files say it and nothing in them contradicts.
    Found,
    /// Nothing says it, or several places say different things.
    Guessed,
}

/// A place that says something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// What stands there, in a few words: `EXPOSE`.
    pub(crate) what: String,
    /// `file:line:column`, or the file.
    pub(crate) at: String,
}

/// What one place allows: its value is one of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim<T> {
    pub(crate) values: Vec<T>,
    pub(crate) source: Source,
}

/// Looks in one kind of place.
pub(crate) type Finder<T> = fn(&Subject<'_>) -> Vec<Claim<T>>;

/// A value, how sure it is, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Evidence<T> {
    pub(crate) value: T,
    pub(crate) grade: Grade,
    /// The places that say it; none for a guess.
    pub(crate) sources: Vec<Source>,
    /// The places that do not agree on one value.
    pub(crate) contradictions: Vec<Claim<T>>,
}

impl Source {
    pub(crate) fn new(what: impl Into<String>, at: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            at: at.into(),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.what, self.at)
    }
}

impl<T> Claim<T> {
    pub(crate) fn one(value: T, source: Source) -> Self {
        Self {
            values: vec![value],
            source,
        }
    }
}

impl<T: fmt::Display> fmt::Display for Claim<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values: Vec<_> = self.values.iter().map(ToString::to_string).collect();
        write!(f, "{} by {}", values.join(" or "), self.source)
    }
}

impl<T> Evidence<T> {
    /// A value that `compose/stack.yaml` states.
    pub(crate) fn stated(parameter: &str, value: T) -> Self {
        Self {
            value,
            grade: Grade::Stated,
            sources: vec![Source::new(parameter, "compose/stack.yaml")],
            contradictions: Vec::new(),
        }
    }

    /// A value that the files say.
    pub(crate) fn found(value: T, sources: Vec<Source>) -> Self {
        Self {
            value,
            grade: Grade::Found,
            sources,
            contradictions: Vec::new(),
        }
    }

    pub(crate) fn is_guess(&self) -> bool {
        self.grade == Grade::Guessed
    }

    /// Where it stands, in words.
    pub(crate) fn places(&self) -> String {
        let places: Vec<_> = self.sources.iter().map(ToString::to_string).collect();
        places.join(", ")
    }
}

/// What claims come to: found where exactly one value is allowed by all of them, else a guess, the
/// usual value unless the claims speak of others alone.
pub(crate) fn weigh<T: Clone + PartialEq>(claims: Vec<Claim<T>>, usual: T) -> Evidence<T> {
    let mut allowed: Vec<T> = Vec::new();
    for value in claims.iter().flat_map(|claim| &claim.values) {
        let is_allowed = claims.iter().all(|claim| claim.values.contains(value));
        if is_allowed && !allowed.contains(value) {
            allowed.push(value.clone());
        }
    }
    if let [value] = allowed.as_slice() {
        return Evidence {
            value: value.clone(),
            grade: Grade::Found,
            sources: claims.into_iter().map(|claim| claim.source).collect(),
            contradictions: Vec::new(),
        };
    }
    let is_usual_said = claims.iter().any(|claim| claim.values.contains(&usual));
    let first = claims.first().and_then(|claim| claim.values.first());
    Evidence {
        value: first.filter(|_| !is_usual_said).cloned().unwrap_or(usual),
        grade: Grade::Guessed,
        sources: Vec::new(),
        contradictions: claims,
    }
}

#[cfg(test)]
mod corpus;

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(sets: &[&[u32]]) -> Vec<Claim<u32>> {
        let claim = |values: &&[u32]| Claim {
            values: values.to_vec(),
            source: Source::new("EXPOSE", "Dockerfile:1:1"),
        };
        sets.iter().map(claim).collect()
    }

    #[test]
    fn a_value_is_found_where_all_places_allow_it_alone() {
        let table: [(&[&[u32]], u32, Grade); 7] = [
            (&[], 3000, Grade::Guessed),
            (&[&[8000]], 8000, Grade::Found),
            (&[&[8000], &[8000]], 8000, Grade::Found),
            (&[&[80, 443], &[80]], 80, Grade::Found),
            (&[&[80, 443]], 80, Grade::Guessed),
            (&[&[4000], &[8000]], 4000, Grade::Guessed),
            (&[&[4000], &[3000]], 3000, Grade::Guessed),
        ];
        for (sets, value, grade) in table {
            let found = weigh(claims(sets), 3000);
            assert_eq!((found.value, found.grade), (value, grade), "{sets:?}");
            let is_open = found.grade == Grade::Guessed;
            assert_eq!(
                found.contradictions.len(),
                if is_open { sets.len() } else { 0 }
            );
        }
    }
}
