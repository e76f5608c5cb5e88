//! SARIF 2.1.0, which code scanners and editors read.
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html>

use std::collections::BTreeMap;

use serde::Serialize;

use super::json::{self, DiagnosticDocument};
use crate::diagnostic::{Diagnostic, Location, Severity};
use crate::invocation::Invocation;

/// Where the form of the document is described.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What paths are relative to: the repository's root, else the checkout's.
const ROOT: &str = "SRCROOT";

/// Which files a checkout's findings are about. Code scanners show no result without one.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// Where the checkout lies in its repository, from which paths count there.
    pub folder: String,
    /// The first Compose file of each environment.
    pub of_environments: BTreeMap<String, String>,
    /// What is about all environments, or about none.
    pub of_checkout: String,
}

impl Files {
    /// The file that a finding without a place is about.
    fn about(&self, one: &Diagnostic) -> Location {
        let own = one.environment.as_ref();
        let own = own.and_then(|name| self.of_environments.get(name));
        Location {
            file: own.unwrap_or(&self.of_checkout).clone(),
            line: None,
            column: None,
        }
    }
}

/// The document of one run of this version of the tool: every finding and note, and what could not
/// be looked at.
#[must_use]
pub fn sarif(
    diagnostics: &[Diagnostic],
    invocation: &Invocation,
    version: &str,
    files: &Files,
) -> Log {
    let shown: Vec<_> = diagnostics
        .iter()
        .filter(|one| one.severity >= Severity::Note)
        .collect();
    let mut ids: Vec<_> = shown.iter().map(|one| one.rule.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    let results = shown
        .iter()
        .map(|one| result(one, &ids, invocation, files))
        .collect();
    let rules = ids
        .iter()
        .map(|id| ReportingDescriptor {
            id: id.clone(),
            short_description: message(&id.replace('-', " ")),
        })
        .collect();
    let driver = ToolComponent {
        name: "compose-stories",
        version: version.to_owned(),
        rules,
    };
    let run = Run {
        tool: Tool { driver },
        column_kind: "unicodeCodePoints",
        results,
    };
    Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [run],
    }
}

fn result(one: &Diagnostic, ids: &[String], invocation: &Invocation, files: &Files) -> SarifResult {
    let (kind, level) = match one.severity {
        Severity::Pass => ("pass", "none"),
        Severity::NotApplicable => ("notApplicable", "none"),
        Severity::Note => ("fail", "note"),
        Severity::Warning => ("fail", "warning"),
        // What was evaluated without enough to decide on.
        Severity::Unknown => ("open", "none"),
        Severity::Error => ("fail", "error"),
    };
    let place = one
        .environment
        .as_ref()
        .map(|name| format!(" ({name})"))
        .unwrap_or_default();
    let at = one.location.clone().unwrap_or_else(|| files.about(one));
    SarifResult {
        rule_id: one.rule.clone(),
        rule_index: ids.binary_search(&one.rule).unwrap_or_default(),
        kind,
        level,
        message: message(&format!("{}{place}: {}", one.subject, one.message)),
        locations: [location(&at, &files.folder)],
        properties: json::document(one, invocation),
    }
}

fn location(location: &Location, folder: &str) -> ResultLocation {
    let artifact_location = ArtifactLocation {
        uri: uri(&location.file_in(folder)),
        uri_base_id: ROOT,
    };
    // Code scanners want a line of every result: a whole file is shown at its first.
    let region = Region {
        start_line: location.line.unwrap_or(1),
        start_column: location.line.and(location.column),
    };
    ResultLocation {
        physical_location: PhysicalLocation {
            artifact_location,
            region,
        },
    }
}

/// A path as a relative reference: RFC 3986 has letters, digits and a few signs stand for
/// themselves.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let one = |byte: u8| {
        if plain(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    path.bytes().map(one).collect()
}

fn message(text: &str) -> Message {
    Message {
        text: text.to_owned(),
    }
}

/// The document.
#[derive(Clone, Debug, Serialize)]
pub struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<SarifResult>,
}

#[derive(Clone, Debug, Serialize)]
struct Tool {
    driver: ToolComponent,
}

#[derive(Clone, Debug, Serialize)]
struct ToolComponent {
    name: &'static str,
    version: String,
    rules: Vec<ReportingDescriptor>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportingDescriptor {
    id: String,
    short_description: Message,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: String,
    rule_index: usize,
    kind: &'static str,
    level: &'static str,
    message: Message,
    locations: [ResultLocation; 1],
    /// The whole diagnostic, as the other documents have it.
    properties: DiagnosticDocument,
}

#[derive(Clone, Debug, Serialize)]
struct Message {
    text: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultLocation {
    physical_location: PhysicalLocation,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    uri_base_id: &'static str,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::remedy::Remedy;

    /// Whether a value has what the specification requires of an object of its kind (3.13 to 3.30).
    fn has_required(log: &Value) -> Result<(), String> {
        let has = |value: &Value, path: &str| {
            value
                .pointer(path)
                .filter(|found| !found.is_null())
                .is_some()
        };
        let need = |value: &Value, path: &str| {
            if has(value, path) {
                Ok(())
            } else {
                Err(format!("{path} in {value}"))
            }
        };
        need(log, "/runs")?;
        if log["version"] != "2.1.0" {
            return Err("the version".to_owned());
        }
        for run in log["runs"].as_array().ok_or("runs is no list")? {
            need(run, "/tool/driver/name")?;
            let rules = run["tool"]["driver"]["rules"]
                .as_array()
                .ok_or("no rules")?;
            rules.iter().try_for_each(|rule| need(rule, "/id"))?;
            for result in run["results"].as_array().ok_or("no results")? {
                need(result, "/message/text")?;
                let index = usize::try_from(result["ruleIndex"].as_u64().ok_or("no index")?)
                    .map_err(|_| "no index")?;
                if rules.get(index).map(|rule| &rule["id"]) != Some(&result["ruleId"]) {
                    return Err(format!("the rule of {result}"));
                }
                // 3.27.10: only what failed has a level.
                if (result["kind"] == "fail") == (result["level"] == "none") {
                    return Err(format!("the level of {result}"));
                }
                // GitHub shows no result without a place.
                need(result, "/locations/0")?;
                for place in result["locations"].as_array().ok_or("no locations")? {
                    need(place, "/physicalLocation/artifactLocation/uri")?;
                    need(place, "/physicalLocation/region/startLine")?;
                }
            }
        }
        Ok(())
    }

    fn log() -> Value {
        let invocation = Invocation::new("cargo xtask", None);
        let of =
            |severity| Diagnostic::new("story-drifted", severity, "5.1 Redis", "gone").of("local");
        let all = [
            of(Severity::Error).at(Location::parse("my files/ü.yml:3:1")),
            of(Severity::Note).at(Location::parse("a.yml")),
            Diagnostic::new("doctor-ports", Severity::Unknown, "ports", "not seen")
                .with_remedies(vec![Remedy::command("Again", &["doctor"])]),
            of(Severity::Warning),
            of(Severity::Pass),
        ];
        let files = Files {
            folder: "my deploy".to_owned(),
            of_environments: BTreeMap::from([("local".to_owned(), "base.yml".to_owned())]),
            of_checkout: "stack.yaml".to_owned(),
        };
        serde_json::to_value(sarif(&all, &invocation, "1.2.3", &files)).unwrap()
    }

    #[test]
    fn a_log_has_what_the_specification_requires() {
        let log = log();
        assert_eq!(has_required(&log), Ok(()));
        let results = log["runs"][0]["results"].as_array().unwrap();
        assert_eq!(results.len(), 4, "what is well is no result");
        let place = &results[0]["locations"][0]["physicalLocation"];
        assert_eq!(
            place["artifactLocation"],
            json!({ "uri": "my%20deploy/my%20files/%C3%BC.yml", "uriBaseId": "SRCROOT" })
        );
        assert_eq!(place["region"], json!({ "startLine": 3, "startColumn": 1 }));
        for (result, file) in [(2, "stack.yaml"), (3, "base.yml")] {
            let place = &results[result]["locations"][0]["physicalLocation"];
            assert_eq!(
                place["artifactLocation"]["uri"],
                format!("my%20deploy/{file}")
            );
            assert_eq!(place["region"], json!({ "startLine": 1 }));
        }
        assert_eq!(
            results[2]["properties"]["remedies"][0]["actions"][0]["argv"],
            json!(["doctor"])
        );
    }

    #[test]
    fn a_log_that_lacks_something_would_be_seen() {
        let without = |pointer: &str, key: &str| {
            let mut log = log();
            log.pointer_mut(pointer)
                .unwrap()
                .as_object_mut()
                .unwrap()
                .remove(key);
            has_required(&log)
        };
        for (pointer, key) in [
            ("", "version"),
            ("/runs/0/tool/driver", "name"),
            ("/runs/0/tool/driver/rules/0", "id"),
            ("/runs/0/results/0/message", "text"),
            ("/runs/0/results/0", "ruleIndex"),
            (
                "/runs/0/results/0/locations/0/physicalLocation/artifactLocation",
                "uri",
            ),
            (
                "/runs/0/results/0/locations/0/physicalLocation/region",
                "startLine",
            ),
            ("/runs/0/results/3", "locations"),
        ] {
            assert!(without(pointer, key).is_err(), "{pointer} {key}");
        }
        let mut log = log();
        log["runs"][0]["results"][2]["level"] = "error".into();
        assert!(
            has_required(&log).is_err(),
            "what was not looked at has no level"
        );
    }
}
