//! Ports that serve developers and no requests.

/// Where debuggers, profilers and reloading servers usually listen.
const PORTS: [u32; 13] = [
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

/// Whether a port is one of a debugger's.
pub(super) fn is_one(port: u32) -> bool {
    PORTS.contains(&port)
}
