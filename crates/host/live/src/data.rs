//! Where official images keep their data, and what in their containers is none.

use datastores::{DATASTORES, POSTGRES, postgres};

use super::model::Service;

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
    let image = service.image()?;
    let store = datastores::of(image)?;
    // What other families are told by variables moves a part of the data alone, or is not tried
    // yet.
    let chosen = service
        .resolved
        .variable(postgres::PGDATA)
        .filter(|_| POSTGRES.has(image));
    Some(chosen.unwrap_or_else(|| store.folder_of(image)).to_owned())
}

/// Whether some database keeps its data at a path.
#[must_use]
pub fn is_a_place_of_data(path: &str) -> bool {
    let mut places = DATASTORES.iter().map(|store| store.usual_folder());
    places.any(|place| is_at_or_below(path, place) || is_at_or_below(place, path) && path.len() > 8)
}

/// Whether a path is the other or below it.
#[must_use]
pub fn is_at_or_below(path: &str, other: &str) -> bool {
    std::path::Path::new(path).starts_with(other)
}

/// What a container's layer holds that may be data: paths in places that are known to hold none are
/// left out, and so are the folders on the way to another path.
#[must_use]
pub fn suspicious<'l>(layer: &'l [String], mounted: &[&str]) -> Vec<&'l str> {
    let mut found: Vec<&str> = layer.iter().map(String::as_str).collect();
    found.retain(|path| !NO_DATA.iter().any(|place| is_at_or_below(path, place)));
    found.retain(|path| !mounted.iter().any(|target| is_at_or_below(target, path)));
    let leads = |path: &str| {
        layer
            .iter()
            .any(|other| other != path && is_at_or_below(other, path))
    };
    found.retain(|path| !leads(path));
    found
}

#[cfg(test)]
mod tests {
    use super::super::model::Model;
    use super::*;

    #[test]
    fn folders_on_the_way_and_places_of_no_data_are_left_out() {
        let layer = [
            "/run",
            "/run/x.pid",
            "/var",
            "/var/lib",
            "/var/lib/redis",
            "/var/lib/redis/dump.rdb",
            "/data",
        ];
        let layer = layer.map(str::to_owned);
        assert_eq!(suspicious(&layer, &["/data"]), ["/var/lib/redis/dump.rdb"]);
        assert!(suspicious(&layer[..2], &[]).is_empty());
    }

    #[test]
    fn places_are_known() {
        assert!(is_a_place_of_data("/data") && is_a_place_of_data("/var/lib/postgresql"));
        assert!(!is_a_place_of_data("/app") && !is_a_place_of_data("/var/lib"));
    }

    /// Where a service of an image keeps its data, with a variable that moves PostgreSQL's.
    fn place_of(image: &str) -> Option<String> {
        let model = Model::new(serde_json::json!({
            "services": { "db": { "image": image, "environment": { "PGDATA": "/elsewhere" } } },
        }));
        model.service("db").and_then(place)
    }

    #[test]
    fn a_variable_moves_the_data_of_postgres_alone() {
        for image in [
            "postgres:17",
            "postgres:18",
            "postgis/postgis",
            "timescale/timescaledb:latest-pg17",
        ] {
            assert_eq!(place_of(image).as_deref(), Some("/elsewhere"), "{image}");
        }
        assert_eq!(place_of("redis:7").as_deref(), Some("/data"));
        assert_eq!(place_of("mongo:8").as_deref(), Some("/data/db"));
        assert_eq!(place_of("nginx"), None);
    }
}
