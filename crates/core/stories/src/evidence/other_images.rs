//! Images that serve something of their own: datastores, proxies, tools.

use compose_model::Service;

use crate::context::Context;

/// Last parts of the repositories of what keeps data or passes it on, beside those that
/// `datastores` knows.
const STORES: [&str; 41] = [
    "postgres",
    "postgresql",
    "postgis",
    "pgvector",
    "timescaledb",
    "timescaledb-ha",
    "mysql",
    "mysql-server",
    "mariadb",
    "percona",
    "mongo",
    "mongodb",
    "redis",
    "redis-stack",
    "redis-stack-server",
    "valkey",
    "keydb",
    "dragonfly",
    "memcached",
    "elasticsearch",
    "opensearch",
    "clickhouse-server",
    "clickhouse",
    "cassandra",
    "scylla",
    "couchdb",
    "neo4j",
    "influxdb",
    "cockroach",
    "rabbitmq",
    "kafka",
    "nats",
    "minio",
    "qdrant",
    "meilisearch",
    "typesense",
    "redpanda",
    "ksqldb-server",
    "cp-ksqldb-server",
    "cp-server",
    "cp-kafka",
];

/// Last parts of the repositories of proxies and tools.
const TOOLS: [&str; 50] = [
    "nginx",
    "nginx-unprivileged",
    "nginx-proxy",
    "nginx-proxy-manager",
    "acme-companion",
    "traefik",
    "caddy",
    "caddy-docker-proxy",
    "haproxy",
    "envoy",
    "kong",
    "httpd",
    "cloudflared",
    "varnish",
    "adminer",
    "phpmyadmin",
    "pgadmin4",
    "mongo-express",
    "redis-commander",
    "redisinsight",
    "pgbouncer",
    "prometheus",
    "grafana",
    "loki",
    "promtail",
    "alertmanager",
    "node-exporter",
    "cadvisor",
    "jaeger",
    "otel-collector",
    "mailhog",
    "mailpit",
    "maildev",
    "portainer",
    "portainer-ce",
    "watchtower",
    "autoheal",
    "dozzle",
    "zookeeper",
    "cp-zookeeper",
    "vault",
    "consul",
    "registry",
    "busybox",
    "alpine",
    "curl",
    "selenium",
    "standalone-chrome",
    "browserless",
    "docker-socket-proxy",
];

/// Whether a service runs such an image, and none that is built here.
pub(super) fn is_one(cx: &Context<'_>, service: Service<'_>) -> bool {
    is_store(cx, service) || is_of(cx, service, &TOOLS)
}

/// Whether it keeps data for others or passes messages on.
pub(super) fn is_store(cx: &Context<'_>, service: Service<'_>) -> bool {
    let image = cx.image(service).filter(|_| service.get("build").is_none());
    image.is_some_and(|image| datastores::of(&image).is_some()) || is_of(cx, service, &STORES)
}

fn is_of(cx: &Context<'_>, service: Service<'_>, known: &[&str]) -> bool {
    let image = cx.image(service).filter(|_| service.get("build").is_none());
    image.is_some_and(|image| {
        let last = image.repository.rsplit('/').next().unwrap_or_default();
        known.contains(&last)
    })
}
