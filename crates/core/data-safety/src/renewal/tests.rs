use super::*;
use serde_json::{Value, json};

/// A container of a service, as `docker inspect` has it.
fn container(service: &str, image: &str, hash: &str, status: &str, volume: &str) -> Value {
    let never = "0001-01-01T00:00:00Z";
    json!({
        "Id": format!("id-{service}"), "Name": format!("/shop-{service}-1"), "Image": "sha256:1",
        "Mounts": [{"Type": "volume", "Name": volume, "Source": "", "Destination": "/data", "RW": true}],
        "State": {"Status": status, "StartedAt": never, "FinishedAt": never},
        "Config": {"Image": image, "Labels": {
            "com.docker.compose.service": service, "com.docker.compose.config-hash": hash
        }}
    })
}

/// The model, what runs, and what Compose says of the new files.
struct Stack {
    model: ResolvedModel,
    containers: Vec<Container>,
    hashes: BTreeMap<String, String>,
    other_images: BTreeSet<String>,
    meant: BTreeSet<String>,
}

impl Stack {
    fn of(services: Value, containers: Value) -> Self {
        let model = json!({"name": "shop", "services": services, "volumes": {"data": {"name": "shop_data"}}});
        let model = ResolvedModel::from_compose_json(&model);
        let names: BTreeSet<_> = model.services.keys().cloned().collect();
        Self {
            containers: Container::parse(containers.to_string().as_bytes()).unwrap(),
            hashes: names
                .iter()
                .map(|name| (name.clone(), "same".to_owned()))
                .collect(),
            other_images: BTreeSet::new(),
            meant: names,
            model,
        }
    }

    fn changed(mut self, service: &str) -> Self {
        self.hashes.insert(service.to_owned(), "another".to_owned());
        self
    }

    fn facts<'f>(&'f self, among: &'f BTreeMap<String, String>) -> RenewalFacts<'f> {
        RenewalFacts {
            model: &self.model,
            containers: &self.containers,
            hashes: Some(&self.hashes),
            hashes_among: among,
            other_images: &self.other_images,
            forced: false,
            meant: &self.meant,
        }
    }

    fn impact(&self) -> Impact {
        self.facts(&BTreeMap::new()).impact()
    }
}

fn redis_and_web(status: &str) -> Stack {
    let redis = json!({
        "image": "redis:7", "volumes": [{"type": "volume", "source": "data", "target": "/data"}],
        "stop_grace_period": "1m0s", "healthcheck": {"test": ["CMD", "true"], "interval": "5s"}
    });
    Stack::of(
        json!({"redis": redis, "web": {"image": "nginx:1"}, "new": {"image": "nginx:1"}}),
        json!([
            container("redis", "redis:7", "same", status, "shop_data"),
            container("web", "nginx:1", "same", "running", "other"),
        ]),
    )
}

#[test]
fn what_says_the_same_stays_and_what_is_not_there_is_created() {
    let impact = redis_and_web("running").impact();
    assert_eq!(impact.stays, ["redis", "web"]);
    assert_eq!(impact.created, ["new"]);
    assert!(impact.anew.is_empty(), "{impact:?}");
}

#[test]
fn a_datastore_that_says_something_else_keeps_its_volume_and_is_away() {
    let impact = redis_and_web("running").changed("redis").impact();
    let anew = Renewed {
        service: "redis".to_owned(),
        reason: Reason::Configuration,
        keeps: vec!["shop_data".to_owned()],
        away: Some(Away {
            stop_at_most: Duration::from_secs(60),
            probed_every: Some(Duration::from_secs(5)),
        }),
    };
    assert_eq!(impact.anew, [anew]);
    assert_eq!(impact.stays, ["web"]);
}

#[test]
fn only_a_datastore_that_runs_is_away() {
    for (service, status, is_away) in [
        ("redis", "running", true),
        ("redis", "exited", false),
        ("web", "running", false),
    ] {
        let impact = redis_and_web(status).changed(service).impact();
        assert_eq!(impact.anew[0].away.is_some(), is_away, "{service} {status}");
    }
}

#[test]
fn what_the_files_do_not_say_is_the_engines_own() {
    let of = |own: Value| {
        let running = container("db", "postgres:16", "old", "running", "x");
        let stack = Stack::of(json!({ "db": own }), json!([running]));
        stack.impact().anew[0].away.unwrap()
    };
    let plain = of(json!({"image": "postgres:16"}));
    assert_eq!((plain.stop_at_most, plain.probed_every), (GRACE, None));
    let probed = of(json!({"image": "postgres:16", "healthcheck": {"test": ["CMD", "true"]}}));
    assert_eq!(probed.probed_every, Some(INTERVAL));
    let disabled = of(json!({"image": "postgres:16", "healthcheck": {"disable": true}}));
    assert_eq!(disabled.probed_every, None);
}

#[test]
fn another_image_is_a_reason_and_configuration_the_stronger_one() {
    let mut stack = redis_and_web("running");
    stack.other_images.insert("id-web".to_owned());
    assert_eq!(stack.impact().anew[0].reason, Reason::Image);
    let stack = stack.changed("web");
    assert_eq!(stack.impact().anew[0].reason, Reason::Configuration);
}

#[test]
fn who_joins_is_made_anew_too_and_a_hash_among_containers_counts() {
    let stack = Stack::of(
        json!({"db": {"image": "a"}, "side": {"image": "a", "network_mode": "service:db"}}),
        json!([
            container("db", "a", "same", "running", "x"),
            container("side", "a", "with ids", "running", "y"),
        ]),
    );
    let among = BTreeMap::from([("side".to_owned(), "with ids".to_owned())]);
    assert!(stack.facts(&among).impact().anew.is_empty());
    let stack = stack.changed("db");
    assert_eq!(
        stack.facts(&among).reasons()["side"],
        Reason::Joins("db".to_owned())
    );
}

#[test]
fn what_a_command_is_not_about_is_not_told_of() {
    let mut stack = redis_and_web("running").changed("redis");
    stack.meant = BTreeSet::from(["web".to_owned()]);
    let impact = stack.impact();
    assert_eq!((impact.stays.len(), impact.anew.len()), (1, 0));
}

#[test]
fn where_compose_tells_no_hash_every_container_may_be_made_anew() {
    let stack = redis_and_web("running");
    let among = BTreeMap::new();
    let facts = RenewalFacts {
        hashes: None,
        ..stack.facts(&among)
    };
    assert_eq!(facts.reasons().len(), 2);
}

#[test]
fn what_is_forced_is_made_anew_for_no_other_reason() {
    let stack = redis_and_web("running").changed("redis");
    let among = BTreeMap::new();
    let facts = RenewalFacts {
        forced: true,
        ..stack.facts(&among)
    };
    let reasons = facts.reasons();
    assert_eq!(reasons["redis"], Reason::Configuration);
    assert_eq!(reasons["web"], Reason::Forced);
}
