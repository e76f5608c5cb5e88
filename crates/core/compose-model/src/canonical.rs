//! Short forms made long: step 7 of Compose's loading, and the defaults of step 8.

mod build;
mod depends_on;
pub(crate) mod devices;
mod external;
mod mounts;
pub(crate) mod ports;
mod texts;
pub(crate) mod volumes;

use crate::budget::Budget;
use crate::problem::Outcome;
use crate::trail::{Row, Trail, row, visit};
use crate::{Data, Origin, Value};

type Form = fn(Value, &mut Budget) -> Outcome<Value>;

/// Every value with a short form.
const FORMS: &[Row<Form>] = &[
    row("configs.*", external::long),
    row("networks.*", external::long),
    row("secrets.*", external::long),
    row("services.*.build", build::long),
    row("services.*.build.additional_contexts", texts::key_values),
    row("services.*.build.provenance", texts::text),
    row("services.*.build.sbom", texts::text),
    row("services.*.build.secrets.*", mounts::long),
    row("services.*.build.ssh", texts::optional_key_values),
    row("services.*.configs.*", mounts::long),
    row("services.*.depends_on", depends_on::long),
    row("services.*.devices.*", devices::long),
    row("services.*.dns", texts::dns),
    row("services.*.env_file", texts::env_files),
    row("services.*.extends", texts::extends),
    row("services.*.gpus", texts::gpus),
    row("services.*.label_file", texts::list),
    row("services.*.models", texts::names),
    row("services.*.networks", texts::names),
    row("services.*.ports", ports::long),
    row("services.*.secrets.*", mounts::long),
    row("services.*.volumes.*", volumes::long),
    row("volumes.*", external::long),
];

/// What Compose adds once all files are merged.
const DEFAULTS: &[Row<Form>] = &[
    row("services.*.build", build::with_context),
    row(
        "services.*.deploy.resources.reservations.devices.*",
        devices::with_count,
    ),
    row("services.*.gpus.*", devices::with_count),
    row("services.*.ports.*", ports::with_defaults),
    row("services.*.secrets.*", mounts::with_target),
];

/// Gives a model, or the part of it that stands at `trail`, its long form.
pub(crate) fn lengthen(value: &mut Value, trail: &Trail<'_>, budget: &mut Budget) -> Outcome<()> {
    rewrite(FORMS, value, trail, budget)
}

/// Gives a model its defaults.
pub(crate) fn add_defaults(value: &mut Value, budget: &mut Budget) -> Outcome<()> {
    rewrite(DEFAULTS, value, &Trail::default(), budget)
}

fn rewrite(
    table: &[Row<Form>],
    value: &mut Value,
    trail: &Trail<'_>,
    budget: &mut Budget,
) -> Outcome<()> {
    visit(table, value, trail, &mut |value, _, form| {
        *value = form(value.take(), budget)?;
        Ok(())
    })
}

/// A map that a short form implies: every entry comes from the short form's text.
fn implied<const N: usize>(origin: &Origin, entries: [(&str, Data); N]) -> Data {
    let entry = |(key, data): (&str, Data)| {
        (
            key.to_owned(),
            Value {
                data,
                origin: origin.clone(),
            },
        )
    };
    Data::Map(entries.into_iter().map(entry).collect())
}

/// Adds an entry that is missing.
fn default_entry(value: &mut Value, key: &str, data: Data) {
    let origin = value.origin.clone();
    if let Data::Map(entries) = &mut value.data {
        entries
            .entry(key.to_owned())
            .or_insert(Value { data, origin });
    }
}
