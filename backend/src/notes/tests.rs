use super::*;

fn refused(text: impl Into<Value>) -> String {
    let error = checked(Some(&text.into())).unwrap_err();
    assert!(
        matches!(&error, ApiError::Rejected { status, .. } if status.as_u16() == 422),
        "{error}"
    );
    error.to_string()
}

#[test]
fn one_to_five_hundred_characters_are_kept_as_they_are() {
    for text in [
        "x".to_owned(),
        " a\nb\t".to_owned(),
        "é".repeat(500),
        "'; DROP TABLE notes; --".to_owned(),
    ] {
        assert_eq!(checked(Some(&text.clone().into())).unwrap(), text);
    }
}

#[test]
fn anything_else_is_refused_with_a_reason() {
    assert_eq!(refused(""), "`text` is empty");
    assert_eq!(refused(" \n\u{3000}"), "`text` is empty");
    assert_eq!(
        refused("é".repeat(501)),
        "`text` has 501 characters: at most 500 are allowed"
    );
    assert_eq!(refused("a\0b"), "`text` has a character U+0000");
    assert_eq!(refused(1), "`text` is missing, or no string");
    assert!(checked(None).is_err());
}
