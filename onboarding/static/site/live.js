// Keeps the status page up to date. A stream says that something is new and the page then asks for it; where
// no stream can be had, it asks every two seconds. Nothing is asked while nobody looks.
const POLL_MS = 2000;
const PAUSES_MS = [5000, 15000, 60000];

const news = document.getElementById("news");
let part = document.getElementById("case");
let source = null;
let polling = 0;
let waiting = 0;
let refusals = 0;
let asking = false;
let again = false;

const withTag = (url) => `${url}?seen=${encodeURIComponent(part.dataset.tag)}`;
const said = (where) => [...where.querySelectorAll("[data-said]")].map((each) => each.textContent).join("\n");

// The new part in place of the old one: what was open stays open, and the focus stays where it was.
function replace(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("case");
  if (!fresh) return;
  const open = [...part.querySelectorAll("details[id][open]")].map((each) => each.id);
  const held = part.contains(document.activeElement) ? document.activeElement.id : null;
  const changed = said(fresh) !== said(part);
  part.replaceWith(fresh);
  part = fresh;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (held !== null) (document.getElementById(held || "sentence") ?? document.getElementById("sentence")).focus();
  if (changed) announce();
}

// Once for each change: the words for everybody, the new sentence for those who hear the page.
function announce() {
  const sentence = document.createElement("span");
  sentence.className = "unseen";
  sentence.textContent = ` ${document.getElementById("sentence").textContent}`;
  news.replaceChildren(news.dataset.words, sentence);
}

async function ask() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    do {
      again = false;
      const answer = await fetch(withTag(part.dataset.live), { cache: "no-store" });
      if (answer.status === 401) location.reload();
      else if (answer.status === 200) replace(await answer.text());
    } while (again);
  } catch {
    // The server is away: the next event or the next round asks again.
  } finally {
    asking = false;
  }
}

function poll(on) {
  clearInterval(polling);
  polling = on ? setInterval(ask, POLL_MS) : 0;
}

function listen() {
  source = new EventSource(withTag(part.dataset.events));
  source.addEventListener("open", () => {
    refusals = 0;
    poll(false);
  });
  source.addEventListener("change", ask);
  source.addEventListener("error", () => {
    if (!polling) poll(true);
    if (source.readyState !== EventSource.CLOSED) return; // the browser comes again by itself
    waiting = setTimeout(listen, PAUSES_MS[Math.min(refusals++, PAUSES_MS.length - 1)]);
  });
}

function stop() {
  clearTimeout(waiting);
  poll(false);
  source?.close();
  source = null;
}

function start() {
  if (source || document.hidden) return;
  listen();
}

document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
addEventListener("pagehide", stop);
addEventListener("pageshow", start);
start();
