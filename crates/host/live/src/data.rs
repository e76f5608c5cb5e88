//! Where official images keep their data, and what in their containers is none.

use super::model::Service;

/// Where the images of databases keep their data by default, by repository.
const PLACES: [(&str, &str); 11] = [
    ("redis", "/data"),
    ("valkey/valkey", "/data"),
    ("postgres", "/var/lib/postgresql/data"),
    ("postgis/postgis", "/var/lib/postgresql/data"),
    ("timescale/timescaledb", "/var/lib/postgresql/data"),
    ("mysql", "/var/lib/mysql"),
    ("mariadb", "/var/lib/mysql"),
    ("mongo", "/data/db"),
    ("rabbitmq", "/var/lib/rabbitmq"),
    ("elasticsearch", "/usr/share/elasticsearch/data"),
    ("influxdb", "/var/lib/influxdb2"),
];

/// What a database writes into its own layer without it being data.
const NO_DATA: [&str; 14] = [
    "/run",
    "/var/run",
    "/tmp",
    "/var/tmp",
    "/etc",
    "/dev",
    "/proc",
    "/sys",
    "/var/log",
    "/root",
    "/var/cache",
    "/home",
    // The engine puts it there for `init: true`.
    "/sbin/docker-init",
    "/usr/sbin/docker-init",
];

/// Where the image of a service keeps its data; none where it is not known to keep any.
#[must_use]
pub fn place(service: Service<'_>) -> Option<String> {
    let image = service.image_ref()?;
    let (repository, place) = PLACES.iter().find(|(repository, _)| image.is(repository))?;
    let environment = service.environment();
    if let Some(chosen) =
        environment.get("PGDATA").filter(|_| repository.contains("post") || repository.contains("scale"))
    {
        return Some(chosen.clone());
    }
    // From 18 on each major has a folder of its own below this one.
    let newest = image.tag.as_deref().and_then(major).is_some_and(|major| *repository == "postgres" && major >= 18);
    Some(if newest { "/var/lib/postgresql" } else { place }.to_owned())
}

/// The first number of a tag: `7-alpine`, `6.2.13-alpine`.
#[must_use]
pub fn major(tag: &str) -> Option<u32> {
    let digits = tag.find(|c: char| !c.is_ascii_digit()).unwrap_or(tag.len());
    tag[..digits].parse().ok()
}

/// Whether some database keeps its data at a path.
#[must_use]
pub fn is_a_place_of_data(path: &str) -> bool {
    PLACES.iter().any(|(_, place)| is_at_or_below(path, place) || is_at_or_below(place, path) && path.len() > 8)
}

/// Whether a path is the other or below it.
#[must_use]
pub fn is_at_or_below(path: &str, other: &str) -> bool {
    std::path::Path::new(path).starts_with(other)
}

/// What a container's layer holds that may be data: paths in places that are known to hold none are left out, and so
/// are the folders on the way to another path.
#[must_use]
pub fn suspicious<'l>(layer: &'l [String], mounted: &[&str]) -> Vec<&'l str> {
    let mut found: Vec<&str> = layer.iter().map(String::as_str).collect();
    found.retain(|path| !NO_DATA.iter().any(|place| is_at_or_below(path, place)));
    found.retain(|path| !mounted.iter().any(|target| is_at_or_below(target, path)));
    let leads = |path: &str| layer.iter().any(|other| other != path && is_at_or_below(other, path));
    found.retain(|path| !leads(path));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_on_the_way_and_places_of_no_data_are_left_out() {
        let layer = ["/run", "/run/x.pid", "/var", "/var/lib", "/var/lib/redis", "/var/lib/redis/dump.rdb", "/data"];
        let layer = layer.map(str::to_owned);
        assert_eq!(suspicious(&layer, &["/data"]), ["/var/lib/redis/dump.rdb"]);
        assert!(suspicious(&layer[..2], &[]).is_empty());
    }

    #[test]
    fn majors_and_places_are_known() {
        assert_eq!(major("6.2.13-alpine"), Some(6));
        assert_eq!(major("alpine"), None);
        assert!(is_a_place_of_data("/data") && is_a_place_of_data("/var/lib/postgresql"));
        assert!(!is_a_place_of_data("/app") && !is_a_place_of_data("/var/lib"));
    }
}
