//! The stories of a build and of a checkout together.

use stories::{Catalog, CatalogError, Story};

use crate::fixture;

fn text(id: &str, needs: &str) -> String {
    format!(
        "id: \"{id}\"\nsince: 0.1.0\ntitle: t\nwhy: w\nneeds: [{needs}]\nchanges:\n  - mount-volume: {{ service: {{ name: a }}, \
         volume: aa, target: /a }}\n"
    )
}

fn catalog(stories: &[(&str, &str)]) -> Result<Catalog, CatalogError> {
    let texts: Vec<_> = stories
        .iter()
        .map(|(id, needs)| (format!("{id}-x.yaml"), text(id, needs)))
        .collect();
    Catalog::new(&[], &texts)
}

fn order(catalog: &Catalog) -> Vec<String> {
    catalog
        .in_order()
        .iter()
        .map(|story| story.id.to_string())
        .collect()
}

#[test]
fn needs_decide_the_order_and_else_the_ids() {
    let catalog = catalog(&[
        ("5.10", ""),
        ("5.2", "\"5.10\""),
        ("5.9", ""),
        ("5.1", "\"5.2\""),
    ])
    .unwrap();
    assert_eq!(order(&catalog), ["5.9", "5.10", "5.2", "5.1"]);
    assert_eq!(order(&fixture::catalog()), ["5.1", "5.2", "5.3", "5.4"]);
}

#[test]
fn one_id_twice_is_an_error_that_names_both_files() {
    let texts = ["a", "b"].map(|slug| (format!("stories/5.1-{slug}.yaml"), text("5.1", "")));
    let error = Catalog::new(&[], &texts).unwrap_err().to_string();
    assert!(
        error.contains("stories/5.1-a.yaml") && error.starts_with("stories/5.1-b.yaml"),
        "{error}"
    );
}

#[test]
fn a_need_that_nobody_meets_is_an_error() {
    let error = catalog(&[("5.2", "\"5.1\"")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "5.2-x.yaml: story 5.2 needs 5.1, which does not exist"
    );
}

#[test]
fn stories_that_need_each_other_are_named() {
    let error = catalog(&[("5.1", "\"5.3\""), ("5.2", ""), ("5.3", "\"5.1\"")]).unwrap_err();
    assert_eq!(error.to_string(), "stories 5.1, 5.3 need each other");
    assert!(matches!(
        catalog(&[("5.1", "\"5.1\"")]),
        Err(CatalogError::Cycle(_))
    ));
}

#[test]
fn a_checkouts_copy_gives_way_and_is_told_where_it_differs() {
    let own = text("5.1", "");
    let embedded = [("5.1-x.yaml", own.as_str())];
    let same = Catalog::new(
        &embedded,
        &[(
            "5.1-x.yaml".to_owned(),
            own.replace("why: w", "why: other words"),
        )],
    )
    .unwrap();
    assert!(same.warnings().is_empty());
    let other = Catalog::new(
        &embedded,
        &[("5.1-x.yaml".to_owned(), own.replace("/a ", "/b "))],
    )
    .unwrap();
    assert_eq!(other.warnings().len(), 1);
    assert_eq!(
        other.get(&"5.1".parse().unwrap()).unwrap().checksum(),
        same.get(&"5.1".parse().unwrap()).unwrap().checksum()
    );
}

/// In every kind of map: the reader itself takes the last one in most.
#[test]
fn a_key_twice_in_a_story_is_an_error_with_its_place() {
    let head = "id: \"9.1\"\nsince: 0.1.0\ntitle: A\nwhy: B\nneeds: []\nchanges:\n";
    let change = "  - add-healthcheck:\n      service: { role: backend }\n";
    for (more, says) in [
        (
            "      test: { parameter: command, default: [CMD, a], default: [CMD, b] }\n",
            ":9:54: default is given twice (first at 9:35)",
        ),
        (
            "      test: [CMD, a]\n      interval: { local: 10s, default: 30s, local: 5s }\n",
            ":10:45: local is given twice (first at 10:19)",
        ),
        (
            "      test: [CMD, a]\n      test: [CMD, b]\n",
            ":10:7: test is given twice (first at 9:7)",
        ),
    ] {
        let file = "compose/stories/9.1-a.yaml";
        let error = Story::parse(file, &format!("{head}{change}{more}")).unwrap_err();
        assert_eq!(error.to_string(), format!("{file}{says}"));
    }
}
