//! How Compose merges what two files say at one place.

use compose_edit::{Path, Segment};

/// How Compose merges what two files say at one place. Measured on Compose 2.40.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeRule {
    /// The later one stands alone.
    Whole,
    /// Entry by entry.
    Map,
    /// The items of both; one whose key is there already replaces the earlier one.
    Unique,
    /// The items of both.
    Append,
}

/// The places that do not follow their kind; `*` stands for any name.
const RULES: &[(&str, MergeRule)] = &[
    // A limit of one name loses what only the earlier one says.
    ("services.*.ulimits.*", MergeRule::Whole),
    // With another driver the options of the earlier one go.
    ("services.*.logging", MergeRule::Whole),
    ("services.*.command", MergeRule::Whole),
    ("services.*.entrypoint", MergeRule::Whole),
    ("services.*.healthcheck.test", MergeRule::Whole),
    ("services.*.build", MergeRule::Map),
    // More than one subnet gives what nobody expects.
    ("networks.*.ipam", MergeRule::Whole),
    // Appended without a look at what is there: a host has several addresses then.
    ("services.*.extra_hosts", MergeRule::Whole),
    ("services.*.build.extra_hosts", MergeRule::Whole),
    ("services.*.security_opt", MergeRule::Append),
    ("services.*.group_add", MergeRule::Append),
    ("services.*.external_links", MergeRule::Append),
    ("services.*.volumes_from", MergeRule::Append),
    ("services.*.device_cgroup_rules", MergeRule::Append),
    ("services.*.label_file", MergeRule::Append),
    ("services.*.develop.watch", MergeRule::Append),
    ("services.*.post_start", MergeRule::Append),
    ("services.*.pre_stop", MergeRule::Append),
    ("services.*.ports", MergeRule::Unique),
    ("services.*.volumes", MergeRule::Unique),
    ("services.*.devices", MergeRule::Unique),
    ("services.*.secrets", MergeRule::Unique),
    ("services.*.configs", MergeRule::Unique),
    ("services.*.env_file", MergeRule::Unique),
    ("services.*.cap_add", MergeRule::Unique),
    ("services.*.cap_drop", MergeRule::Unique),
    ("services.*.profiles", MergeRule::Unique),
    ("services.*.expose", MergeRule::Unique),
    ("services.*.links", MergeRule::Unique),
    ("services.*.dns", MergeRule::Unique),
    ("services.*.dns_search", MergeRule::Unique),
    ("services.*.dns_opt", MergeRule::Unique),
    ("services.*.tmpfs", MergeRule::Unique),
];

impl MergeRule {
    /// The rule of a place in a model: maps are merged entry by entry unless they are in the table.
    /// A list that is not in it may follow any rule, and is said whole.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        RULES
            .iter()
            .find(|(pattern, _)| matches(pattern, path))
            .map_or(Self::Map, |(_, rule)| *rule)
    }
}

fn matches(pattern: &str, path: &Path) -> bool {
    let names: Vec<&str> = pattern.split('.').collect();
    let is_it = |(name, segment): (&&str, &Segment)| matches!(segment, Segment::Key(key) if *name == "*" || name == key);
    names.len() == path.segments().len() && names.iter().zip(path.segments()).all(is_it)
}
