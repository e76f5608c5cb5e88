//! The report as JUnit XML, for CI systems: a suite for the files and one for each environment's proofs.

use std::io;

use ::live::outcome::{Finding, Outcome};
use ::live::{Live, Proved};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::Entry;

type Xml = Writer<Vec<u8>>;

/// The document.
///
/// # Errors
/// None that memory does not have.
pub fn junit(looked: &[Entry], live: Option<&Live>) -> io::Result<String> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("testsuites").with_attribute(("name", "cargo xtask verify")).write_inner_content(|xml| {
        files(xml, looked)?;
        live.iter().flat_map(|live| &live.environments).try_for_each(|one| environment(xml, one))
    })?;
    Ok(String::from_utf8_lossy(&xml.into_inner()).into_owned())
}

fn files(xml: &mut Xml, looked: &[Entry]) -> io::Result<()> {
    let failures = looked.iter().filter(|one| !one.holds).count();
    suite(xml, "files", [looked.len(), failures, 0], |xml| {
        for one in looked {
            let environment = one.environment.as_deref().unwrap_or("all");
            let case = xml.create_element("testcase");
            let case = case.with_attribute(("name", one.what.as_str()));
            let case = case.with_attribute(("classname", format!("verify.files.{environment}").as_str()));
            if one.holds {
                case.write_empty()?;
            } else {
                case.write_inner_content(|xml| told(xml, "failure", "finding", &one.seen))?;
            }
        }
        Ok(())
    })
}

fn environment(xml: &mut Xml, one: &Proved) -> io::Result<()> {
    let of = |kind: fn(&Outcome) -> bool| one.findings.iter().filter(|one| kind(&one.verdict.outcome)).count();
    let failures = of(|outcome| matches!(outcome, Outcome::Failed { .. } | Outcome::NotLooked(_)));
    let skipped = of(|outcome| matches!(outcome, Outcome::NotApplicable(_)));
    suite(xml, &format!("live {}", one.environment), [one.findings.len(), failures, skipped], |xml| {
        one.findings.iter().try_for_each(|finding| case(xml, &one.environment, finding))
    })
}

fn case(xml: &mut Xml, environment: &str, finding: &Finding) -> io::Result<()> {
    let case = xml.create_element("testcase").with_attribute(("name", finding.proof.title()));
    let case = case.with_attribute(("classname", format!("verify.live.{environment}").as_str()));
    let case = case.with_attribute(("time", format!("{:.3}", finding.took.as_secs_f64()).as_str()));
    case.write_inner_content(|xml| {
        match &finding.verdict.outcome {
            Outcome::Proved => {}
            Outcome::Failed { reason, words } => told(xml, "failure", reason.word(), words)?,
            Outcome::NotLooked(why) => told(xml, "failure", "not-looked", why)?,
            Outcome::NotApplicable(why) => {
                xml.create_element("skipped").with_attribute(("message", why.as_str())).write_empty()?;
            }
        }
        let mut seen: String =
            finding.verdict.evidence.iter().map(|one| format!("{}: {}\n", one.what, one.seen)).collect();
        seen.extend(finding.told_pace().map(|pace| format!("health checks: {pace}\n")));
        xml.create_element("system-out").write_text_content(BytesText::new(&seen))?;
        Ok(())
    })?;
    Ok(())
}

fn told(xml: &mut Xml, element: &str, kind: &str, words: &str) -> io::Result<()> {
    let first = words.lines().next().unwrap_or_default();
    let element = xml.create_element(element).with_attribute(("type", kind)).with_attribute(("message", first));
    element.write_text_content(BytesText::new(words)).map(drop)
}

fn suite(
    xml: &mut Xml,
    name: &str,
    [tests, failures, skipped]: [usize; 3],
    cases: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    let suite = xml.create_element("testsuite").with_attribute(("name", name));
    let [tests, failures, skipped] = [tests, failures, skipped].map(|number| number.to_string());
    let suite = suite.with_attribute(("tests", tests.as_str())).with_attribute(("failures", failures.as_str()));
    suite
        .with_attribute(("errors", "0"))
        .with_attribute(("skipped", skipped.as_str()))
        .write_inner_content(cases)
        .map(drop)
}
