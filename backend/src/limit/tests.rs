use super::*;

/// Whom a request of this peer with this header is counted for.
fn counted(peer: &str, header: Option<&str>) -> String {
    let mut headers = HeaderMap::new();
    if let Some(text) = header {
        headers.insert("x-real-ip", text.parse().unwrap());
    }
    client(peer.parse().unwrap(), &headers).to_string()
}

#[test]
fn a_proxy_on_a_private_address_tells_for_whom_it_asks() {
    for peer in [
        "172.18.0.5",
        "10.0.0.1",
        "192.168.1.1",
        "127.0.0.1",
        "::1",
        "fd00::1",
        "fe80::1",
        "::ffff:10.0.0.1",
    ] {
        assert_eq!(counted(peer, Some("203.0.113.9")), "203.0.113.9", "{peer}");
        assert_eq!(
            counted(peer, Some(" 2001:db8::9 ")),
            "2001:db8::9",
            "{peer}"
        );
    }
}

#[test]
fn from_anywhere_else_the_header_is_not_believed() {
    for peer in ["198.51.100.7", "172.32.0.1", "2001:db8::1"] {
        assert_eq!(counted(peer, Some("203.0.113.9")), peer);
    }
}

#[test]
fn without_a_sound_header_it_is_the_peer() {
    assert_eq!(counted("10.0.0.1", None), "10.0.0.1");
    assert_eq!(counted("10.0.0.1", Some("everybody")), "10.0.0.1");
    assert_eq!(counted("10.0.0.1", Some("")), "10.0.0.1");
}

/// Else one client would have two counters.
#[test]
fn an_address_has_one_form() {
    assert_eq!(counted("::ffff:198.51.100.7", None), "198.51.100.7");
    assert_eq!(
        counted("10.0.0.1", Some("::ffff:203.0.113.9")),
        "203.0.113.9"
    );
}
