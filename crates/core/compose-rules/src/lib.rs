//! What an environment's model shows to be wrong though Compose accepts it: no container, no engine
//! and no disk is looked at.
//!
//! A new rule is a file of `rules`, its `mod` and its line of `RULES`.

mod data_folder;
mod published;
mod rules;

use compose_model::ResolvedModel;
use compose_model::resolved::Service;
use diagnostics::{Diagnostic, Location, Severity};

/// An environment that is looked at.
#[derive(Clone, Copy)]
pub struct Subject<'s> {
    /// Its name.
    pub environment: &'s str,
    /// What it comes to.
    pub model: &'s ResolvedModel,
    /// Where a value stands, by the keys that lead to it in the merged files, such as `services`,
    /// `db`, `healthcheck`; none where nothing stands there.
    pub at: &'s dyn Fn(&[&str]) -> Option<Location>,
    /// The texts as they are written at and below such keys, variables and all.
    pub texts: &'s dyn Fn(&[&str]) -> Vec<Written>,
}

/// A text of the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// It, as it is written.
    pub text: String,
    /// Where it stands.
    pub at: Option<Location>,
}

/// A rule: what it finds, in no order.
type Rule = fn(&Subject<'_>) -> Vec<Diagnostic>;

/// All rules.
const RULES: [Rule; 8] = [
    rules::data_folder::evaluate,
    rules::default_password::evaluate,
    rules::health_check::evaluate,
    rules::open_datastore::evaluate,
    rules::published_datastore::evaluate,
    rules::shared_data::evaluate,
    rules::unreachable_service::evaluate,
    rules::volume_in_memory::evaluate,
];

/// What all rules find of an environment: an [`Severity::Error`] is never meant so, a
/// [`Severity::Warning`] may be.
#[must_use]
pub fn look(subject: &Subject<'_>) -> Vec<Diagnostic> {
    RULES.iter().flat_map(|rule| rule(subject)).collect()
}

impl Subject<'_> {
    fn services(&self) -> impl Iterator<Item = Named<'_>> {
        let services = self.model.services.iter();
        services.map(|(name, service)| Named { name, service })
    }

    /// Whether the environment is called like one that users see: `prod`, `eu-production`.
    fn is_production(&self) -> bool {
        let mut words = self.environment.split(['.', '-', '_']);
        words.any(|word| word == "prod" || word == "production")
    }

    /// A finding about a value, by the keys that lead to it; where that is not in the files, about
    /// what it would stand in.
    fn finding(
        &self,
        rule: &str,
        severity: Severity,
        path: &[&str],
        message: String,
    ) -> Diagnostic {
        let nearest = (1..=path.len())
            .rev()
            .find_map(|keys| (self.at)(&path[..keys]));
        Diagnostic::new(rule, severity, path.join("."), message)
            .of(self.environment)
            .at(nearest)
    }
}

/// A service and its name.
#[derive(Clone, Copy)]
struct Named<'m> {
    name: &'m str,
    service: &'m Service,
}

#[cfg(test)]
mod tests;
