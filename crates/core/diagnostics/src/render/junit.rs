//! JUnit XML, for CI systems: a suite a group.
//! The form is Ant's, as CI systems read it: <https://llg.cubic.org/docs/junit/>

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::diagnostic::{Diagnostic, Evidence, Group, Severity};
use crate::invocation::Invocation;

type Xml = Writer<Vec<u8>>;

/// The document of a command, as `verify`.
///
/// # Errors
/// None that memory does not have.
pub fn junit(groups: &[Group], invocation: &Invocation, command: &str) -> io::Result<String> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let name = format!("{} {command}", invocation.program());
    xml.create_element("testsuites")
        .with_attribute(("name", name.as_str()))
        .write_inner_content(|xml| {
            groups
                .iter()
                .try_for_each(|group| suite(xml, group, command))
        })?;
    Ok(String::from_utf8_lossy(&xml.into_inner()).into_owned())
}

fn suite(xml: &mut Xml, group: &Group, command: &str) -> io::Result<()> {
    let place = group
        .environment
        .as_ref()
        .map(|name| format!(" {name}"))
        .unwrap_or_default();
    let number = |of: fn(Severity) -> bool| {
        group
            .diagnostics
            .iter()
            .filter(|one| of(one.severity))
            .count()
            .to_string()
    };
    xml.create_element("testsuite")
        .with_attribute(("name", format!("{}{place}", group.kind).as_str()))
        .with_attribute(("tests", group.diagnostics.len().to_string().as_str()))
        .with_attribute(("failures", number(fails).as_str()))
        .with_attribute(("errors", "0"))
        .with_attribute((
            "skipped",
            number(|severity| severity == Severity::NotApplicable).as_str(),
        ))
        .write_inner_content(|xml| {
            group
                .diagnostics
                .iter()
                .try_for_each(|one| case(xml, one, &format!("{command}.{}", group.kind)))
        })
        .map(drop)
}

/// What could not be looked at is no pass.
fn fails(severity: Severity) -> bool {
    severity >= Severity::Unknown
}

fn case(xml: &mut Xml, one: &Diagnostic, class: &str) -> io::Result<()> {
    let environment = one.environment.as_deref().unwrap_or("all");
    let case = xml
        .create_element("testcase")
        .with_attribute(("name", one.subject.as_str()));
    let case = case.with_attribute(("classname", format!("{class}.{environment}").as_str()));
    let case = match one.took {
        Some(took) => case.with_attribute(("time", format!("{:.3}", took.as_secs_f64()).as_str())),
        None => case,
    };
    let skipped = one.severity == Severity::NotApplicable;
    if !skipped && !fails(one.severity) && one.evidence.is_empty() {
        return case.write_empty().map(drop);
    }
    case.write_inner_content(|xml| {
        if skipped {
            xml.create_element("skipped")
                .with_attribute(("message", one.message.as_str()))
                .write_empty()?;
        } else if fails(one.severity) {
            failure(xml, one)?;
        }
        evidence(xml, &one.evidence)
    })
    .map(drop)
}

fn failure(xml: &mut Xml, one: &Diagnostic) -> io::Result<()> {
    let first = one.message.lines().next().unwrap_or_default();
    let element = xml
        .create_element("failure")
        .with_attribute(("type", one.rule.as_str()));
    element
        .with_attribute(("message", first))
        .write_text_content(BytesText::new(&one.message))
        .map(drop)
}

fn evidence(xml: &mut Xml, evidence: &[Evidence]) -> io::Result<()> {
    if evidence.is_empty() {
        return Ok(());
    }
    let seen: String = evidence.iter().map(|one| format!("{one}\n")).collect();
    xml.create_element("system-out")
        .write_text_content(BytesText::new(&seen))
        .map(drop)
}
