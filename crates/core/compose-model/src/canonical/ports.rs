//! Published ports.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use indexmap::IndexMap;

use super::default_entry;
use crate::budget::Budget;
use crate::merge::go_text;
use crate::problem::{Outcome, Problem};
use crate::{Data, Origin, Value};

/// Every port in the long form; a range of targets becomes one entry each.
///
/// A text with a variable where a number belongs cannot be read yet and stays as it is. (Compose leaves the file's
/// other ports as they are, too; here they are made long, which is what they are once the variable is known.)
pub(super) fn long(mut value: Value, budget: &mut Budget) -> Outcome<Value> {
    let Data::List(items) = value.data else { return Ok(value) };
    let mut ports = Vec::with_capacity(items.len());
    for item in items {
        let text = match &item.data {
            Data::Int(number) => number.to_string(),
            Data::String(text) => text.clone(),
            _ => {
                ports.push(item);
                continue;
            }
        };
        match parse(&text) {
            Ok(port) => ports.extend(port.entries(&item.origin, budget)?),
            Err(_) if text.contains('$') => ports.push(item),
            Err(reason) => return Err(Problem::rejected(&item.origin, format!("the port `{text}` {reason}"))),
        }
    }
    value.data = Data::List(ports);
    Ok(value)
}

/// Mode and protocol where a long form leaves them out.
pub(super) fn with_defaults(mut value: Value, _: &mut Budget) -> Outcome<Value> {
    default_entry(&mut value, "mode", Data::String("ingress".to_owned()));
    default_entry(&mut value, "protocol", Data::String("tcp".to_owned()));
    Ok(value)
}

/// What makes two ports the same: address, published port, target and protocol. A number and a text differ.
pub(crate) fn key(item: &Value) -> String {
    if item.as_map().is_none() {
        return go_text(&item.data).unwrap_or_default();
    }
    let part = |key: &str| item.get(key).map(|value| &value.data);
    let or = |key: &str, default: &str| part(key).and_then(go_text).unwrap_or_else(|| default.to_owned());
    let (published, target) = (part("published"), part("target"));
    format!("{}|{published:?}|{target:?}|{}", or("host_ip", "0.0.0.0"), or("protocol", "tcp"))
}

/// A short form taken apart.
#[derive(Debug, PartialEq)]
struct Port {
    host_ip: Option<String>,
    published: Option<RangeInclusive<u16>>,
    target: RangeInclusive<u16>,
    protocol: String,
}

/// Reads `[[address:][published]:]target[/protocol]`, as Docker's own parser of ports does.
fn parse(text: &str) -> Result<Port, &'static str> {
    let (rest, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let (rest, target) = rest.rsplit_once(':').map_or((None, rest), |(rest, target)| (Some(rest), target));
    let (host_ip, published) = match rest.map(|rest| rest.rsplit_once(':').unwrap_or(("", rest))) {
        Some((host_ip, published)) => (host_ip, published),
        None => ("", ""),
    };
    let port = Port {
        host_ip: address(host_ip)?,
        published: if published.is_empty() { None } else { Some(range(published)?) },
        target: range(target)?,
        protocol: protocol.to_lowercase(),
    };
    let size = |range: &RangeInclusive<u16>| range.end() - range.start();
    if !matches!(port.protocol.as_str(), "tcp" | "udp" | "sctp") {
        return Err("has an unknown protocol");
    }
    match &port.published {
        Some(published) if size(&port.target) != 0 && size(published) != size(&port.target) => {
            Err("has two ranges of different sizes")
        }
        _ => Ok(port),
    }
}

fn address(text: &str) -> Result<Option<String>, &'static str> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    match bare {
        "" => Ok(None),
        _ if bare.parse::<IpAddr>().is_ok() => Ok(Some(bare.to_owned())),
        _ => Err("has no valid address"),
    }
}

fn range(text: &str) -> Result<RangeInclusive<u16>, &'static str> {
    let number = |text: &str| text.parse::<u16>().map_err(|_| "has no valid number");
    let (start, end) = text.split_once('-').unwrap_or((text, text));
    let range = number(start)?..=number(end)?;
    if range.is_empty() { Err("has a range that ends before it starts") } else { Ok(range) }
}

impl Port {
    /// One entry for each target, in the order in which Compose sorts them: as text.
    fn entries(self, origin: &Origin, budget: &mut Budget) -> Outcome<Vec<Value>> {
        let mut targets: Vec<u16> = self.target.clone().collect();
        budget.spend(5 * targets.len(), || origin.clone())?;
        targets.sort_by_cached_key(|target| format!("{target}/{}", self.protocol));
        Ok(targets.into_iter().map(|target| self.entry(target, origin)).collect())
    }

    fn entry(&self, target: u16, origin: &Origin) -> Value {
        let mut entries = IndexMap::with_capacity(5);
        let mut say = |key: &str, data| entries.insert(key.to_owned(), Value { data, origin: origin.clone() });
        say("mode", Data::String("ingress".to_owned()));
        if let Some(host_ip) = &self.host_ip {
            say("host_ip", Data::String(host_ip.clone()));
        }
        say("target", Data::Int(target.into()));
        if let Some(published) = self.published_for(target) {
            say("published", Data::String(published));
        }
        say("protocol", Data::String(self.protocol.clone()));
        Value { data: Data::Map(entries), origin: origin.clone() }
    }

    /// A single target may be published on any of a range; a range of targets is published one to one.
    fn published_for(&self, target: u16) -> Option<String> {
        let published = self.published.as_ref()?;
        if self.target.start() != self.target.end() || published.start() == published.end() {
            return Some((published.start() + (target - self.target.start())).to_string());
        }
        Some(format!("{}-{}", published.start(), published.end()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_are_taken_apart() {
        let port = parse("127.0.0.1:8000-8002:80-82/UDP").unwrap();
        assert_eq!((port.host_ip.as_deref(), port.protocol.as_str()), (Some("127.0.0.1"), "udp"));
        assert_eq!((port.published, port.target), (Some(8000..=8002), 80..=82));
        assert_eq!(parse("[::1]:90:91").unwrap().host_ip.as_deref(), Some("::1"));
        assert_eq!(parse("::1:90:91").unwrap().host_ip.as_deref(), Some("::1"));
        assert_eq!(parse("80").unwrap().published, None);
        assert_eq!(parse("127.0.0.1::80").unwrap().published, None);
    }

    #[test]
    fn nonsense_is_no_port() {
        for text in ["", "a", "80:", "70000", "1-2:5-9", "9-8", "x:80:80", "80/icmp", "${P}:80", "-1"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
