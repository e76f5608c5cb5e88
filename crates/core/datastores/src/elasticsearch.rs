//! Elasticsearch.

use crate::{By, Datastore, Folder, Mover, Owner, Source, documented};

const GUIDE: Source = documented(
    "<https://www.elastic.co/guide/en/elasticsearch/reference/current/docker.html>: volumes, uid 1000",
);

/// Elasticsearch.
pub const ELASTICSEARCH: Datastore = Datastore {
    id: "elasticsearch",
    title: "Elasticsearch",
    images: &["elasticsearch"],
    folders: &[Folder {
        path: "/usr/share/elasticsearch/data",
        since: None,
        source: GUIDE,
    }],
    movers: &[Mover {
        by: By::Variable("path.data"),
        source: GUIDE,
    }],
    marks: &[],
    tools: None,
    first_start: None,
    owners: &[Owner {
        base: "",
        uid: 1000,
        source: GUIDE,
    }],
};
