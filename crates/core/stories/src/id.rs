//! Ids of stories.

use std::fmt;
use std::str::FromStr;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A story's id: numbers with dots between them that order as a version does, `5.1 < 5.2 < 5.10`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoryId(Vec<u32>);

/// A text that is no [`StoryId`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no story id: expected numbers with dots between them, such as 5.1")]
pub struct StoryIdError(String);

impl FromStr for StoryId {
    type Err = StoryIdError;

    fn from_str(text: &str) -> Result<Self, StoryIdError> {
        let number = |part: &str| {
            let plain = part == "0" || !part.starts_with('0');
            part.parse()
                .ok()
                .filter(|_| plain && part.bytes().all(|byte| byte.is_ascii_digit()))
        };
        text.split('.')
            .map(number)
            .collect::<Option<_>>()
            .map(Self)
            .ok_or_else(|| StoryIdError(text.to_owned()))
    }
}

impl fmt::Display for StoryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, number) in self.0.iter().enumerate() {
            let dot = if position == 0 { "" } else { "." };
            write!(f, "{dot}{number}")?;
        }
        Ok(())
    }
}

impl Serialize for StoryId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StoryId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(QuotedId)
    }
}

/// Takes strings alone: YAML reads an unquoted 5.10 as the number 5.1.
struct QuotedId;

impl Visitor<'_> for QuotedId {
    type Value = StoryId;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a quoted id such as \"5.10\" (YAML reads an unquoted 5.10 as the number 5.1)")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<StoryId, E> {
        text.parse().map_err(E::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for StoryId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "StoryId".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": r"^(0|[1-9]\d*)(\.(0|[1-9]\d*))*$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> StoryId {
        text.parse().unwrap()
    }

    #[test]
    fn order_is_by_number() {
        assert!(
            id("5.1") < id("5.2")
                && id("5.2") < id("5.10")
                && id("5") < id("5.1")
                && id("5.10") < id("12.1")
        );
    }

    #[test]
    fn only_numbers_are_ids() {
        for text in ["", "5.", ".1", "5.x", "05.1", "5.-1", "5..1", "+5"] {
            assert!(text.parse::<StoryId>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_unquoted_id_is_an_error_that_says_why() {
        let error = serde_yaml::from_str::<StoryId>("5.10")
            .unwrap_err()
            .to_string();
        assert!(error.contains("quoted id"), "{error}");
    }
}
