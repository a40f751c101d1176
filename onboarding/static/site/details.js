// Keeps what is typed as it goes: a field that changed is sent once its owner pauses or leaves it.
// What the page was shown with moves along, so that two windows never undo each other.
const form = document.querySelector("form[data-draft]");
const kept = form.querySelector(".kept");
const places = new Map([...form.querySelectorAll("[data-field]")].map((place) => [place.dataset.field, place]));
const changed = new Set();
const PAUSE = 900;
const RETRY = 5000;
let timer = 0;
let line = Promise.resolve();

const list = (place, kind) => place.querySelector(`#id_${place.dataset.field}_${kind}`);

const say = (place, kind, sentences = []) => {
  const target = list(place, kind);
  if ([...target.children].map((item) => item.textContent).join("\n") === sentences.join("\n")) return;
  target.replaceChildren(...sentences.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence })));
  if (kind !== "error") return;
  for (const input of place.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    input.toggleAttribute("aria-invalid", sentences.length > 0);
    if (sentences.length) input.setAttribute("aria-invalid", "true");
  }
};

const show = (answer) => {
  for (const [name, value] of Object.entries(answer.shown ?? {})) form.elements[`shown_${name}`].value = value;
  for (const [name, sentences] of Object.entries(answer.errors ?? {})) say(places.get(name), "error", sentences);
  for (const place of places.values()) say(place, "advice", answer.advice[place.dataset.field]);
  form.elements.advice_key.value = answer.advice_key;
};

const send = async (names, last) => {
  const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  for (const name of names) {
    for (const [key, value] of new FormData(form)) {
      if (key === name || key.startsWith(`${name}_`)) body.append(key, value);
    }
    // An unchosen radio button or an emptied field is still an answer.
    if (![...body.keys()].some((key) => key === name || key.startsWith(`${name}_`))) body.append(name, "");
  }
  const again = (words) => {
    for (const name of names) changed.add(name);
    kept.textContent = words;
  };
  try {
    kept.textContent = form.dataset.saving;
    const response = await fetch(form.dataset.draft, { method: "POST", body, keepalive: last, redirect: "manual" });
    if (response.type === "opaqueredirect" || response.status === 403) return again(form.dataset.signedOut);
    const answer = await response.json();
    kept.textContent = answer.problem ?? (response.ok ? form.dataset.saved : "");
    if (!answer.problem) show(answer);
  } catch {
    again(form.dataset.away);
    later(RETRY);
  }
};

const flush = (last = false) => {
  clearTimeout(timer);
  if (!changed.size) return;
  const names = [...changed];
  changed.clear();
  if (last) send(names, true);
  else line = line.then(() => send(names, false));
};

const later = (wait) => {
  clearTimeout(timer);
  timer = setTimeout(flush, wait);
};

const note = (event) => {
  const name = event.target.closest("[data-field]")?.dataset.field;
  if (name) changed.add(name);
  return name;
};

form.addEventListener("input", (event) => note(event) && later(PAUSE));
form.addEventListener("change", (event) => note(event) && later(event.target.closest(".date") ? PAUSE : 0));
form.addEventListener("submit", () => {
  clearTimeout(timer);
  changed.clear();
});
addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flush(true));
addEventListener("pageshow", (event) => event.persisted && location.reload());
document.querySelector("#wrong")?.focus();
