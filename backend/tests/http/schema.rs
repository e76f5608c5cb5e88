//! The tables that the backend makes for itself.

use crate::backend::Settings;
use crate::stores::Stores;

#[test]
fn backends_that_start_together_make_the_tables_once() {
    let Some(stores) = Stores::new() else { return };
    let settings = Settings::of(&stores);
    let mut backends = [settings.start(), settings.start(), settings.start()];
    backends
        .iter()
        .for_each(|backend| backend.becomes_healthy());
    assert_eq!(stores.sql("SELECT version FROM schema_migrations"), "1");
    for backend in &mut backends {
        let log = backend.ended_log();
        assert!(
            !log.contains("the schema is not ready; trying again"),
            "{log}"
        );
    }
}

#[test]
fn a_database_that_was_emptied_gets_its_tables_again() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    backend.add("milk");
    stores.sql("DROP TABLE notes, schema_migrations");
    let checks = backend.get("/health").with(503).json()["checks"].clone();
    assert_eq!(checks["schema"]["reason"], "migration 1 is not applied yet");
    assert_eq!(checks["postgres"]["status"], "ok");
    backend.becomes_healthy();
    backend.add("bread");
    assert_eq!(backend.texts(), ["bread"]);
}

#[test]
fn a_migration_that_was_changed_after_its_release_is_named() {
    let Some(stores) = Stores::new() else { return };
    drop(Settings::of(&stores).healthy());
    stores.sql("UPDATE schema_migrations SET checksum = 'of another text'");
    let checks = Settings::of(&stores).start().becomes_unhealthy();
    assert!(
        checks["schema"]["reason"]
            .as_str()
            .unwrap()
            .starts_with("migration 1 was applied with other text")
    );
}

#[test]
fn a_newer_backend_may_run_beside_it() {
    let Some(stores) = Stores::new() else { return };
    drop(Settings::of(&stores).healthy());
    stores.sql("INSERT INTO schema_migrations (version, checksum) VALUES (9999, 'of a newer one')");
    Settings::of(&stores).healthy().add("milk");
}

/// One transaction: a table that is in the way must not leave half a schema.
#[test]
fn a_migration_that_fails_leaves_nothing_behind() {
    let Some(stores) = Stores::new() else { return };
    stores.sql("CREATE TABLE notes (of text, another text)");
    let backend = Settings::of(&stores).start();
    assert_eq!(
        backend.becomes_unhealthy()["schema"]["reason"],
        "migration 1 is not applied yet"
    );
    assert_eq!(
        stores.sql("SELECT to_regclass('schema_migrations') IS NULL"),
        "t"
    );
    stores.sql("DROP TABLE notes");
    backend.becomes_healthy();
    backend.add("milk");
}
