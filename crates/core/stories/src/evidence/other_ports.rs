//! Ports that serve no requests over HTTP.

/// Where debuggers, profilers and reloading servers usually listen.
const DEBUGGERS: [u32; 13] = [
    2345,  // Delve
    5005,  // the JVM's debugger
    5678,  // debugpy
    6499,  // hot reload of Gradle
    9003,  // Xdebug 3
    9221,  // node --inspect, moved
    9222,  // Chrome
    9229,  // node --inspect
    9230,  // node --inspect, a second process
    24678, // Vite's web socket
    35729, // LiveReload
    40000, // Delve, in its documentation
    56268, // dlv-dap
];

/// Where servers of other protocols usually listen.
const OTHER_PROTOCOLS: [u32; 26] = [
    22,    // SSH
    25,    // SMTP
    53,    // DNS
    389,   // LDAP
    465,   // SMTP
    587,   // SMTP
    636,   // LDAP
    993,   // IMAP
    1433,  // SQL Server
    1521,  // Oracle
    1883,  // MQTT
    3306,  // MySQL
    4317,  // OTLP over gRPC
    5432,  // PostgreSQL
    5672,  // AMQP
    6379,  // Redis
    7687,  // Neo4j
    8883,  // MQTT
    9042,  // Cassandra
    9092,  // Kafka
    11211, // Memcached
    19132, // Minecraft
    25565, // Minecraft
    26379, // Redis Sentinel
    27017, // MongoDB
    50051, // gRPC
];

/// Whether a port is one of a debugger's.
pub(super) fn is_debugger(port: u32) -> bool {
    DEBUGGERS.contains(&port)
}

/// Whether a port is one of another protocol's.
pub(super) fn is_other_protocol(port: u32) -> bool {
    OTHER_PROTOCOLS.contains(&port)
}
