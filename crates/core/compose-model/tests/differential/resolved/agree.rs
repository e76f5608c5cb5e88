//! Whether two models agree, part by part.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use compose_model::ResolvedModel;
use compose_model::resolved::{
    Dependency, FileMount, HealthCheck, Joined, Mount, Network, Resolved, Secret, Service, Volume,
};

/// What a comparison finds.
#[derive(Debug, Default)]
pub struct Report {
    /// The places at which the models differ, each with both values.
    pub differences: Vec<String>,
    /// The variables that nothing sets.
    pub unresolved: BTreeSet<String>,
}

/// A part of our model, which may want a variable, against the same part of theirs.
pub trait Agree: Debug {
    fn agree(&self, theirs: &Self, path: &str, report: &mut Report);

    /// Whether it depends on a variable that nothing sets, so that Compose may say anything, or
    /// nothing.
    fn is_open(&self) -> bool {
        false
    }
}

fn differ(ours: &dyn Debug, theirs: &dyn Debug, path: &str, report: &mut Report) {
    report
        .differences
        .push(format!("  {path}: ours {ours:?}, theirs {theirs:?}"));
}

macro_rules! alike {
    ($($of:ty),*) => {$(
        impl Agree for $of {
            fn agree(&self, theirs: &Self, path: &str, report: &mut Report) {
                if self != theirs {
                    differ(self, theirs, path, report);
                }
            }
        }
    )*};
}

alike!(bool, String, Dependency);

macro_rules! by_field {
    ($of:ty { $($field:ident),* } $(or $unread:ident)?) => {
        impl Agree for $of {
            fn agree(&self, theirs: &Self, path: &str, report: &mut Report) {
                // A field that is added to the model must be compared, too.
                let Self { $($field,)* $($unread: _)? } = self;
                $($field.agree(&theirs.$field, &format!("{path}.{}", stringify!($field)), report);)*
            }

            fn is_open(&self) -> bool {
                let Self { $($field,)* $($unread: _)? } = self;
                false $(|| $field.is_open())*
            }
        }
    };
}

by_field!(ResolvedModel {
    project,
    services,
    volumes,
    networks,
    secrets,
    configs
});
by_field!(Service {
    image, is_built, pull_policy, command, entrypoint, environment, mounts, ports, health, depends_on, networks, secrets, configs,
    profiles, scale, restart, user, stop_grace_period, memory, joined
} or unread_env_files);
by_field!(Mount {
    source,
    target,
    read_only
});
by_field!(HealthCheck {
    test,
    disabled,
    interval,
    timeout,
    start_period,
    start_interval,
    retries
});
by_field!(FileMount { source, target });
by_field!(Joined {
    network_mode,
    ipc,
    pid,
    volumes_from
});
by_field!(Volume {
    name,
    external,
    driver,
    options,
    labels
});
by_field!(Network {
    name,
    external,
    internal,
    driver
});
by_field!(Secret {
    name,
    external,
    file,
    environment
});

impl<T: PartialEq + Debug> Agree for Resolved<T> {
    fn agree(&self, theirs: &Self, path: &str, report: &mut Report) {
        match self {
            Self::Unresolved(variable) => drop(report.unresolved.insert(variable.clone())),
            Self::Known(_) if self == theirs => {}
            Self::Known(_) => differ(self, theirs, path, report),
        }
    }

    fn is_open(&self) -> bool {
        matches!(self, Self::Unresolved(_))
    }
}

impl<T: Agree> Agree for Option<T> {
    fn agree(&self, theirs: &Self, path: &str, report: &mut Report) {
        match (self, theirs) {
            (Some(ours), Some(theirs)) => ours.agree(theirs, path, report),
            (Some(ours), None) if ours.is_open() => {}
            (None, None) => {}
            _ => differ(self, theirs, path, report),
        }
    }

    fn is_open(&self) -> bool {
        self.as_ref().is_some_and(Agree::is_open)
    }
}

/// Items in order. Where one is open, the empty text in its place may have made Compose drop it or
/// take it for another's.
impl<T: Agree> Agree for Vec<T> {
    fn agree(&self, theirs: &Self, path: &str, report: &mut Report) {
        if self.len() == theirs.len() {
            for (at, (ours, theirs)) in self.iter().zip(theirs).enumerate() {
                ours.agree(theirs, &format!("{path}[{at}]"), report);
            }
        } else if !self.is_open() {
            differ(self, theirs, path, report);
        }
    }

    fn is_open(&self) -> bool {
        self.iter().any(Agree::is_open)
    }
}

impl<T: Agree> Agree for BTreeMap<String, T> {
    fn agree(&self, theirs: &Self, path: &str, report: &mut Report) {
        let keys: BTreeSet<_> = self.keys().chain(theirs.keys()).collect();
        for key in keys {
            let path = format!("{path}.{key}");
            match (self.get(key), theirs.get(key)) {
                (Some(ours), Some(theirs)) => ours.agree(theirs, &path, report),
                // A name that is but a variable that nothing sets.
                (None, Some(_)) if key.is_empty() => {}
                (ours, theirs) if !ours.is_some_and(Agree::is_open) => {
                    differ(&ours, &theirs, &path, report)
                }
                _ => {}
            }
        }
    }

    fn is_open(&self) -> bool {
        self.values().any(Agree::is_open)
    }
}
