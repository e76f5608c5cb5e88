use super::*;

const ID: &str = "0123456789abcdef0123456789abcdef";

fn found(cookies: &[&str]) -> Option<String> {
    let mut headers = HeaderMap::new();
    for cookie in cookies {
        headers.append(header::COOKIE, cookie.parse().unwrap());
    }
    session_id(&headers).map(ToOwned::to_owned)
}

#[test]
fn the_session_is_found_among_other_cookies() {
    let named = format!("session={ID}");
    for cookies in [
        vec![named.clone()],
        vec![format!("a=b; {named}; c=d")],
        vec!["a=b".to_owned(), named.clone()],
        vec![format!("session=; {named}")],
        vec![format!(" {named} ")],
    ] {
        let cookies: Vec<&str> = cookies.iter().map(String::as_str).collect();
        assert_eq!(found(&cookies).as_deref(), Some(ID), "{cookies:?}");
    }
}

#[test]
fn what_could_not_be_an_id_is_none() {
    for value in [
        "",
        "short",
        &ID.to_uppercase(),
        &ID.replace('0', "*"),
        &format!("{ID}0"),
        "visits",
    ] {
        assert_eq!(found(&[&format!("session={value}")]), None, "{value}");
    }
    assert_eq!(found(&[]), None);
    assert_eq!(found(&[&format!("sessions={ID}")]), None);
}

#[test]
fn ids_are_sound_and_never_the_same() {
    let (one, other) = (new_id().unwrap(), new_id().unwrap());
    assert_ne!(one, other);
    assert_eq!(found(&[&format!("session={one}")]), Some(one));
}
