//! InfluxDB 2.

use crate::{By, Datastore, Folder, Mark, MarkKind, Mover, Owner, Source, Tools, documented};

const OPTIONS: Source = documented(
    "<https://docs.influxdata.com/influxdb/v2/reference/config-options/>: bolt-path, engine-path",
);

/// InfluxDB 2.
pub const INFLUXDB: Datastore = Datastore {
    id: "influxdb",
    title: "InfluxDB",
    images: &["influxdb"],
    folders: &[Folder {
        path: "/var/lib/influxdb2",
        since: None,
        source: documented("influxdata/influxdata-docker, influxdb/2.7/Dockerfile: VOLUME"),
    }],
    movers: &[
        Mover {
            by: By::Variable("INFLUXD_BOLT_PATH"),
            source: OPTIONS,
        },
        Mover {
            by: By::Variable("INFLUXD_ENGINE_PATH"),
            source: OPTIONS,
        },
    ],
    marks: &[Mark {
        path: "influxd.bolt",
        is: MarkKind::Files,
        flag: None,
        sign: None,
        source: OPTIONS,
    }],
    tools: Some(Tools {
        client: "influx",
        probe: Some("influx ping"),
        flush: None,
        source: documented("<https://docs.influxdata.com/influxdb/v2/reference/cli/influx/ping/>"),
    }),
    first_start: None,
    owners: &[Owner {
        base: "",
        uid: 1000,
        source: documented(
            "influxdata/influxdata-docker, influxdb/2.7/Dockerfile: useradd --uid=1000",
        ),
    }],
};
