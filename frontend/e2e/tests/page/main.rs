//! The page in a real Chromium, on the local environment's real stack: what a person sees of it, by
//! keyboard.
//!
//! Skipped where Docker, the images or the browser are missing; with
//! `COMPOSE_STORIES_REQUIRE_DOCKER=1` that is a failure.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod browser;
mod stack;

use browser::{Driver, Page};
use fantoccini::key::Key;
use stack::Stack;

/// Would run if a note were put in as HTML.
const NOTE: &str = "Grüße & <img src=x onerror=\"document.title='run'\">";

#[tokio::test]
async fn the_page_shows_the_stack_as_it_is() {
    if let Some(reason) = stack::missing().or_else(browser::missing) {
        assert!(
            std::env::var_os("COMPOSE_STORIES_REQUIRE_DOCKER").is_none(),
            "{reason}"
        );
        eprintln!("SKIPPED: {reason}");
        return;
    }
    let stack = Stack::up();
    let driver = Driver::start();
    let page = driver.open().await;
    // A failing step must not leave the browser behind.
    let steps = tokio::spawn(steps(page.clone(), stack)).await;
    page.close().await;
    if let Err(failure) = steps {
        std::panic::resume_unwind(failure.into_panic());
    }
}

async fn steps(page: Page, stack: Stack) {
    page.screen(1000, "light").await;
    page.visit(&stack.url).await;
    all_is_well(&page).await;
    a_reload_counts(&page).await;
    a_note_is_added_and_deleted_by_keyboard(&page).await;
    it_fits_a_phone(&page).await;
    assert_eq!(page.console().await, [0; 0], "the console");
    it_recovers_without_a_reload(&page, &stack).await;
    it_names_what_is_broken(&page, &stack).await;
    what_was_counted_and_written_survives(&page, &stack).await;
    let other_than_failed_requests = |entry: &serde_json::Value| entry["source"] != "network";
    let errors: Vec<_> = page
        .console()
        .await
        .into_iter()
        .filter(other_than_failed_requests)
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
}

async fn all_is_well(page: &Page) {
    page.until_text("#summary", "All is well").await;
    let states = page
        .value("[...document.querySelectorAll('#health p')].map(p => p.textContent).join()")
        .await;
    assert_eq!(states, "ok,ok,ok");
    page.until_text("#visits", "1").await;
    page.until(
        "!document.getElementById('empty').hidden && document.getElementById('trouble').hidden",
    )
    .await;
    page.picture("empty").await;
}

async fn a_reload_counts(page: &Page) {
    page.reload().await;
    page.until_text("#visits", "2").await;
    assert!(page.text("#session").await.contains("2 in this session"));
}

async fn a_note_is_added_and_deleted_by_keyboard(page: &Page) {
    // Past the counted visit and the skip link, which leads to the notes.
    page.press(Key::Tab).await;
    assert_eq!(focused(page).await, "Skip to the notes");
    page.press(Key::Enter).await;
    page.press(Key::Tab).await;
    page.until("document.activeElement.id === 'text'").await;
    page.type_text(NOTE).await;
    page.press(Key::Tab).await;
    assert_eq!(focused(page).await, "Add note");
    page.press(Key::Enter).await;
    page.until_text("#said", "Note added.").await;
    assert_eq!(page.text("#list .text").await, NOTE);
    assert_eq!(
        page.value("document.querySelectorAll('#list img').length")
            .await,
        0
    );
    page.picture("note").await;

    page.until("document.activeElement.id === 'text' && document.activeElement.value === ''")
        .await;
    page.press(Key::Tab).await;
    page.press(Key::Tab).await;
    assert_eq!(focused(page).await, "Delete");
    page.press(Key::Enter).await;
    page.until_text("#said", "Note deleted.").await;
    assert_eq!(
        page.value("document.querySelectorAll('#list li').length")
            .await,
        0
    );
    // Where the pressed button was there is nothing any more, and the keyboard is not lost.
    assert_eq!(page.value("document.activeElement.id").await, "text");
}

async fn it_fits_a_phone(page: &Page) {
    page.type_text(&"long".repeat(30)).await;
    page.press(Key::Tab).await;
    page.press(Key::Enter).await;
    page.until_text("#said", "Note added.").await;
    page.screen(360, "light").await;
    let wide =
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth].join()";
    assert_eq!(page.value(wide).await, "360,360");
    page.picture("phone").await;
    page.screen(360, "dark").await;
    page.picture("phone-dark").await;
    page.screen(1000, "light").await;
}

async fn it_recovers_without_a_reload(page: &Page, stack: &Stack) {
    page.value("window.loaded = 'once'").await;
    stack.compose(&["stop", "--timeout", "5", "backend"]);
    page.until_text("#summary", "Backend away").await;
    assert!(
        page.text("#trouble")
            .await
            .starts_with("The backend does not answer.")
    );
    page.until("document.activeElement.id === 'text'").await;
    page.type_text("written meanwhile").await;
    page.press(Key::Tab).await;
    page.press(Key::Enter).await;
    page.until_text("#said", "The backend does not answer.")
        .await;
    page.picture("away").await;

    stack.compose(&["start", "backend"]);
    page.until_text("#summary", "All is well").await;
    page.until("document.getElementById('trouble').hidden")
        .await;
    assert_eq!(page.value("window.loaded").await, "once");
    // What was typed is still there, and can be sent now.
    assert_eq!(
        page.value("document.getElementById('text').value").await,
        "written meanwhile"
    );
    page.press(Key::Enter).await;
    page.until_text("#list .text", "written meanwhile").await;
}

async fn it_names_what_is_broken(page: &Page, stack: &Stack) {
    stack.compose(&["stop", "redis"]);
    page.until_text("#summary", "Cannot serve").await;
    assert!(page.text("#trouble").await.contains("trouble with Redis."));
    assert_eq!(page.text("[data-check=postgres] p").await, "ok");
    page.picture("unavailable").await;
    stack.compose(&["start", "redis"]);
    page.until_text("#summary", "All is well").await;
}

async fn what_was_counted_and_written_survives(page: &Page, stack: &Stack) {
    let notes = "document.querySelectorAll('#list li').length";
    assert_eq!(page.value(notes).await, 2);
    stack.compose(&["down"]);
    page.until_text("#summary", "Backend away").await;
    stack.start();
    page.until_text("#summary", "All is well").await;
    page.reload().await;
    page.until_text("#visits", "3").await;
    page.until(&format!("{notes} === 2")).await;
}

async fn focused(page: &Page) -> String {
    page.text(":focus").await
}
