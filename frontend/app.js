// The stack's health, its visits and its notes. All that the backend says is shown as text, never as HTML.
"use strict";

const PATIENCE_MS = 8_000; // for one answer
const CALM_MS = 5_000; // between two looks while all is well
const FIRST_RETRY_MS = 1_000; // doubled after each failure
const LONGEST_RETRY_MS = 15_000;

const byId = (id) => document.getElementById(id);

// The backend cannot be reached at all, as opposed to an answer that refuses.
class Away extends Error {}

/* Asking the backend */

async function fetchJson(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS), ...options });
  } catch {
    throw new Away("The server of this page does not answer.");
  }
  if (response.status === 502 || response.status === 504) {
    throw new Away("The backend does not answer.");
  }
  const body = await response.json().catch(() => null);
  return { response, body };
}

async function ask(method, path, content) {
  const options = { method };
  if (content !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(content);
  }
  const { response, body } = await fetchJson(path, options);
  if (!response.ok) {
    throw new Error(refusal(response, body));
  }
  return body;
}

function refusal(response, body) {
  const said = body?.error ?? `The backend answers ${response.status}.`;
  const wait = response.headers.get("Retry-After");
  return wait ? `${said} (again in ${wait} s)` : said;
}

// What is known of the stack now: its state (ok, unavailable or away), each check, and what to say.
async function look() {
  try {
    const { response, body } = await fetchJson("/health");
    const checks = body?.checks;
    if (!checks) {
      throw new Away(`The backend's health is not to be had: it answers ${response.status}.`);
    }
    return response.ok ? { state: "ok", checks } : { state: "unavailable", checks };
  } catch (error) {
    return { state: "away", checks: {}, message: error.message };
  }
}

/* Health */

const CHECK_WORDS = { ok: "ok", failed: "failed", unknown: "not known" };
const SUMMARY_WORDS = { ok: "All is well", unavailable: "Cannot serve", away: "Backend away" };

function showHealth({ state, checks, message }) {
  const summary = byId("summary");
  summary.dataset.state = state;
  setText(summary, SUMMARY_WORDS[state]);
  for (const card of byId("health").children) {
    const check = checks[card.dataset.check] ?? { status: "unknown" };
    card.dataset.state = check.status;
    setText(card.querySelector("p"), check.reason ?? CHECK_WORDS[check.status] ?? check.status);
  }
  const trouble = byId("trouble");
  trouble.hidden = state === "ok";
  const words = message ?? brokenWords(checks);
  setText(trouble, trouble.hidden ? "" : `${words} This page keeps asking and recovers by itself.`);
}

function brokenWords(checks) {
  const broken = [...byId("health").children].filter((card) => checks[card.dataset.check]?.status !== "ok");
  const names = broken.map((card) => card.querySelector("h3").textContent);
  return `The backend runs but cannot serve: trouble with ${names.join(" and ")}.`;
}

// Only where it changed, so that a screen reader does not say it again.
function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/* Visits */

let counted = false; // one visit for each time the page is opened, however often it has to ask

async function countVisit() {
  if (counted) {
    return;
  }
  const { visits, session } = await ask("POST", "/api/visits");
  counted = true;
  setText(byId("visits"), number(visits));
  setText(byId("session"), `in all, ${number(session.visits)} in this session since ${moment(session.since)}`);
}

const number = (value) => value.toLocaleString("en");
const moment = (text) => new Date(text).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });

/* Notes */

async function showNotes() {
  const notes = await ask("GET", "/api/notes");
  byId("list").replaceChildren(...notes.map(noteItem));
  byId("empty").hidden = notes.length > 0;
}

function noteItem(note) {
  const item = byId("note").content.firstElementChild.cloneNode(true);
  item.querySelector(".text").textContent = note.text;
  const time = item.querySelector("time");
  time.dateTime = note.created_at;
  time.textContent = moment(note.created_at);
  const button = item.querySelector("button");
  button.setAttribute("aria-label", `Delete note: ${note.text}`);
  button.addEventListener("click", () => attempt(() => removeNote(note.id, item)));
  return item;
}

async function addNote() {
  const field = byId("text");
  const text = field.value.trim();
  if (!text) {
    say("Write something first.", "failed");
  } else {
    await ask("POST", "/api/notes", { text });
    field.value = "";
    await showNotes();
    say("Note added.");
  }
  field.focus();
}

async function removeNote(id, item) {
  const place = [...byId("list").children].indexOf(item);
  await ask("DELETE", `/api/notes/${encodeURIComponent(id)}`);
  await showNotes();
  // The pressed button is gone: the keyboard goes on from its neighbour.
  const buttons = byId("list").querySelectorAll("button");
  (buttons[Math.min(place, buttons.length - 1)] ?? byId("text")).focus();
  say("Note deleted.");
}

function say(text, state = "ok") {
  const said = byId("said");
  said.dataset.state = state;
  said.textContent = text;
}

// Does one thing that a person asked for, and says so where it fails.
let busy = false;

async function attempt(action) {
  if (busy) {
    return;
  }
  busy = true;
  byId("notes").setAttribute("aria-busy", "true");
  try {
    say("");
    await action();
  } catch (error) {
    say(error.message, "failed");
    lookAgain(0);
  } finally {
    busy = false;
    byId("notes").removeAttribute("aria-busy");
  }
}

/* Looking again and again */

let timer;
let failures = 0;
let complete = false; // the visit is counted and the notes are those of now

async function tick() {
  const seen = await look();
  showHealth(seen);
  if (seen.state !== "ok") {
    complete = false;
  } else if (!complete) {
    complete = await catchUp();
  }
  failures = seen.state === "ok" && complete ? 0 : failures + 1;
  lookAgain(failures ? Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS) : CALM_MS);
}

async function catchUp() {
  try {
    await countVisit();
    await showNotes();
    return true;
  } catch (error) {
    say(error.message, "failed");
    return false;
  }
}

function lookAgain(delay) {
  clearTimeout(timer);
  timer = setTimeout(tick, delay);
}

byId("add").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(addNote);
});
byId("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    byId("add").requestSubmit();
  }
});
// A page in the background is slowed down by the browser: look at once when it is seen again.
document.addEventListener("visibilitychange", () => document.hidden || lookAgain(0));
tick();
