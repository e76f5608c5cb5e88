//! What the files now want, against what is on an engine: which data would be out of reach,
//! unreadable or made anew. One rule a file, on plain values.
//!
//! [`evaluate`] decides and looks at nothing: what it would have to see it asks for, and is then
//! asked again.
//!
//! ```text
//! Desired   what the files say, as far as data hangs on it
//! Actual    the containers and volumes that are there
//!   -> evaluate  ->  Verdict: risks, and queries that are open
//!   <- Observations  what was seen at each query
//! ```

mod actual;
mod data_root;
mod desired;
mod evaluation;
mod facts;
mod observation;
mod renewal;
mod rules;
#[cfg(test)]
mod tests;

pub use actual::{Actual, RelatedContainer, RelationReason, alike_among, related_among};
pub use desired::{Desired, DesiredMount, DesiredService, DesiredVolume, Source};
pub use evaluation::{Leftover, Risk, RiskKind, Verdict};
pub use facts::{BindFact, ContainerFact, FACTS_SCHEMA, Facts, ImageFact, ServiceFact, VolumeFact};
pub use observation::{Observation, Observations, Query};
pub use renewal::{Away, Impact, Reason, RenewalFacts, Renewed};

use evaluation::Evaluation;

/// Decides about an environment from what was seen.
#[must_use]
pub fn evaluate(desired: &Desired, actual: &Actual, observations: &Observations) -> Verdict {
    let mut evaluation = Evaluation::new(desired, actual, observations);
    for rule in rules::RULES {
        rule(&mut evaluation);
    }
    evaluation.verdict()
}
