//! Variables replaced before files merge, as plain `docker compose config` replaces them: of each
//! document by itself, in values and never in keys.

use std::collections::BTreeMap;
use std::convert::Infallible;

use crate::problem::{Outcome, Problem};
use crate::trail::{Row, Trail, row, visit};
use crate::variables::{Scope, Scopes, Variables};
use crate::{Data, EnvFile, Template, Value, VariableSources};

/// What Compose reads as a number, however it is written, before it looks for duplicates.
const NUMBERS: &[Row<()>] = &[row("services.*.ports.[].target", ())];

/// What gives variables their values while files are loaded.
#[derive(Debug)]
pub(crate) struct Interpolation<'s> {
    variables: Variables,
    env_files: &'s BTreeMap<String, EnvFile>,
}

impl<'s> Interpolation<'s> {
    /// `own` are the environment's env files, later ones last; Compose itself sets
    /// `COMPOSE_PROJECT_NAME`.
    pub(crate) fn new(own: &[String], around: &'s VariableSources, project: &str) -> Self {
        let mut shell = around.shell.clone();
        shell.insert("COMPOSE_PROJECT_NAME".to_owned(), project.to_owned());
        Self {
            variables: Variables::of(&Scopes::default(), own, &around.env_files, &shell),
            env_files: &around.env_files,
        }
    }

    /// Adds the scope of an `include` that is about to be read.
    pub(crate) fn enter(&mut self, scope: &Scope) {
        self.variables.enter(scope, self.env_files);
    }

    /// The variables of all scopes.
    pub(crate) fn into_variables(self) -> Variables {
        self.variables
    }

    /// Replaces the variables of a document. One that nothing sets is marked in its text.
    pub(crate) fn replace(&self, document: &mut Value) -> Outcome<()> {
        self.texts(document)?;
        let Ok(()) =
            visit::<_, Infallible>(NUMBERS, document, &Trail::default(), &mut |value, _, ()| {
                if let Some(number) = value.as_str().and_then(|text| text.parse().ok()) {
                    value.data = Data::Int(number);
                }
                Ok(())
            });
        Ok(())
    }

    fn texts(&self, value: &mut Value) -> Outcome<()> {
        match &mut value.data {
            Data::String(text) if text.contains('$') => {
                let lookup =
                    |name: &str| Some(self.variables.get(value.origin.scope, name)?.value.clone());
                // The text itself is not shown: it may be a secret.
                let template = Template::parse(text).map_err(|_| {
                    Problem::rejected(&value.origin, "a `${` here begins no variable")
                })?;
                *text = template.expand_or_mark(&lookup);
                Ok(())
            }
            Data::List(items) => items.iter_mut().try_for_each(|item| self.texts(item)),
            Data::Map(entries) => entries.values_mut().try_for_each(|entry| self.texts(entry)),
            _ => Ok(()),
        }
    }
}
