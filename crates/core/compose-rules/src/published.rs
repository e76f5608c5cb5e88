//! Where a service is reached from outside.

use compose_model::resolved::{Port, Service};

/// The first port that a service publishes on every address of the machine, as `5432:5432`; none
/// where it publishes none, or on addresses of its choice alone.
pub(crate) fn published_to_all(service: &Service) -> Option<String> {
    let is_on_all = |port: &&Port| {
        let address = port.host_ip.as_deref();
        address.is_none_or(|address| ["", "0.0.0.0", "::", "[::]"].contains(&address))
    };
    let port = service.known_ports().find(is_on_all)?;
    Some(match port.published {
        Some(published) => format!("{published}:{}", port.target),
        None => port.target.to_string(),
    })
}
