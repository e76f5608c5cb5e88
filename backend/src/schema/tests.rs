use super::*;

fn all() -> Vec<(i32, String)> {
    MIGRATIONS
        .iter()
        .map(|migration| (migration.version, migration.checksum()))
        .collect()
}

#[test]
fn versions_count_from_one_without_a_gap() {
    let versions: Vec<i32> = MIGRATIONS
        .iter()
        .map(|migration| migration.version)
        .collect();
    assert_eq!(versions, (1..=MIGRATIONS.len() as i32).collect::<Vec<_>>());
}

/// A released migration is never changed: databases that had it would refuse the backend.
#[test]
fn released_texts_are_as_they_were() {
    let released = ["835274f5"];
    let now: Vec<String> = MIGRATIONS
        .iter()
        .map(|migration| migration.checksum()[..8].to_owned())
        .collect();
    assert_eq!(now, released);
}

#[test]
fn a_new_database_lacks_all_and_a_complete_one_none() {
    assert_eq!(missing(&[]).unwrap().len(), MIGRATIONS.len());
    assert!(missing(&all()).unwrap().is_empty());
}

#[test]
fn a_newer_backend_may_have_been_here() {
    let mut found = all();
    found.push((9999, "of another text".to_owned()));
    assert!(missing(&found).unwrap().is_empty());
}

#[test]
fn a_changed_migration_is_named() {
    let found = [(1, "of another text".to_owned())];
    let error = missing(&found).err().unwrap().to_string();
    assert!(
        error.contains("migration 1 was applied with other text"),
        "{error}"
    );
}
