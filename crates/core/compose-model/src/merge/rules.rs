//! The keys that do not follow the generic rule.

use super::{lists, maps, subnets};
use crate::Value;
use crate::problem::Outcome;
use crate::trail::{Row, Trail, row};

pub(super) type Rule = fn(Value, Value, &Trail<'_>) -> Outcome<Value>;

/// Every rule of Compose's merge beyond the generic one.
pub(super) const RULES: &[Row<Rule>] = &[
    row("networks.*.ipam.config", subnets::merge),
    row("networks.*.labels", lists::append_texts),
    row("services.*.annotations", lists::append_texts),
    row("services.*.build", maps::build),
    row("services.*.build.additional_contexts", lists::append_texts),
    row("services.*.build.args", lists::append_texts),
    row("services.*.build.extra_hosts", lists::append_hosts),
    row("services.*.build.labels", lists::append_texts),
    row("services.*.command", replace),
    row("services.*.depends_on", maps::depends_on),
    row("services.*.deploy.labels", lists::append_texts),
    row("services.*.dns", lists::append_texts),
    row("services.*.dns_opt", lists::append_texts),
    row("services.*.dns_search", lists::append_texts),
    row("services.*.entrypoint", replace),
    row("services.*.env_file", lists::append_texts),
    row("services.*.environment", lists::append_texts),
    row("services.*.extra_hosts", lists::append_hosts),
    row("services.*.healthcheck.test", replace),
    row("services.*.label_file", lists::append_texts),
    row("services.*.labels", lists::append_texts),
    row("services.*.logging", maps::logging),
    row("services.*.models", maps::names),
    row("services.*.networks", maps::names),
    row("services.*.sysctls", lists::append_texts),
    row("services.*.tmpfs", lists::append_texts),
    row("services.*.ulimits.*", replace),
    row("volumes.*.labels", lists::append_texts),
];

/// The later value stands alone. A null clears a command; over a limit it says nothing, and Compose
/// says so too late.
fn replace(_: Value, later: Value, _: &Trail<'_>) -> Outcome<Value> {
    Ok(later)
}
