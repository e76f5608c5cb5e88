//! A log-in that was refused at a server whose password was set when its data was made.

use compose_model::resolved::{self, MountSource};
use compose_model::{ImageRef, ResolvedModel};
use datastores::FirstStart;

/// A server whose data was there before, and has the password of its first start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstPassword {
    /// Its service.
    pub service: String,
    /// The volume of its data.
    pub volume: String,
    /// The variable that had an effect at the first start alone.
    pub variable: String,
    /// The words behind `exec SERVICE` that set another password in the data; none where the old
    /// one would be wanted for that.
    pub change: Option<Vec<String>>,
}

/// The servers at which a log-in was refused, where the reason may be that their data is older than
/// their password. `said` is what the services said last; `was_there` knows the volumes that were
/// there before the start.
#[must_use]
pub fn first_passwords(
    model: &ResolvedModel,
    said: &[String],
    was_there: impl Fn(&str) -> bool,
) -> Vec<FirstPassword> {
    let said: Vec<_> = said.iter().map(|line| line.to_lowercase()).collect();
    let is_refused = |first: &FirstStart| {
        let mut refusals = first.refusals.iter();
        refusals.any(|words| said.iter().any(|line| line.contains(words)))
    };
    let server = |(name, service): (&String, &resolved::Service)| {
        let image = ImageRef::parse(&service.image_name()?);
        let store = datastores::of(&image)?;
        let first = store.first_start.filter(is_refused)?;
        let is_set = |name: &&&str| service.environment.contains_key(**name);
        let variable = first.passwords.iter().find(is_set)?;
        let volume = volume_at(model, service, store.folder_of(&image))?;
        was_there(&volume).then(|| FirstPassword {
            service: name.clone(),
            volume,
            variable: (*variable).to_owned(),
            change: first.change.and_then(|words| change(store, service, words)),
        })
    };
    model.services.iter().filter_map(server).collect()
}

/// The real name of the volume that holds a path of a service.
fn volume_at(model: &ResolvedModel, service: &resolved::Service, path: &str) -> Option<String> {
    let holds = |mount: &&resolved::Mount| {
        let target = mount.target.text().map(std::path::Path::new);
        target.is_some_and(|target| std::path::Path::new(path).starts_with(target))
    };
    let mut all = service.mounts.iter().filter(holds);
    all.find_map(|mount| match mount.source.known()? {
        MountSource::Volume(key) => Some(model.volume_name(key).unwrap_or(key).to_owned()),
        _ => None,
    })
}

/// `psql -U USER -c '\\password'`.
fn change(
    store: &datastores::Datastore,
    service: &resolved::Service,
    words: &[&str],
) -> Option<Vec<String>> {
    let client = store.tools?.client;
    let user = service.environment.get("POSTGRES_USER");
    let user = user.and_then(|value| value.as_ref()?.text());
    let head = [client, "-U", user.unwrap_or("postgres")];
    Some(
        head.iter()
            .chain(words)
            .map(|word| (*word).to_owned())
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(environment: &str, said: &str, was_there: bool) -> Vec<FirstPassword> {
        let model = serde_json::json!({
            "name": "shop",
            "services": {"db": {
                "image": "postgres:17",
                "environment": {environment: "x", "POSTGRES_USER": "app"},
                "volumes": [{"type": "volume", "source": "data", "target": "/var/lib/postgresql/data"}],
            }},
            "volumes": {"data": {"name": "shop_data"}},
        });
        let model = ResolvedModel::from_compose_json(&model);
        first_passwords(&model, &[said.to_owned()], |name| {
            was_there && name == "shop_data"
        })
    }

    #[test]
    fn a_refused_log_in_at_older_data_names_the_first_password() {
        let refused = "FATAL:  password authentication failed for user \"app\"";
        let found = of("POSTGRES_PASSWORD", refused, true);
        let words = ["psql", "-U", "app", "-c", "\\password"].map(str::to_owned);
        let expected = FirstPassword {
            service: "db".to_owned(),
            volume: "shop_data".to_owned(),
            variable: "POSTGRES_PASSWORD".to_owned(),
            change: Some(words.to_vec()),
        };
        assert_eq!(found, [expected]);
        assert_eq!(of("POSTGRES_PASSWORD", refused, false), [], "made just now");
        assert_eq!(of("POSTGRES_PASSWORD", "connection refused", true), []);
        assert_eq!(of("POSTGRES_HOST_AUTH_METHOD", refused, true), []);
    }
}
