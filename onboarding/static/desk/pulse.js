// Asks every few seconds whether the page is still true, and says so when it isn't. A claim is renewed only while
// somebody really looks: the tab is visible and there was a movement or a key within the last two minutes.
const EVERY_MS = 3000, ACTIVE_MS = 120000;

export function start(root) {
  const claim = document.getElementById("claim"), present = document.getElementById("present");
  const news = document.getElementById("news");
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  let acted = Date.now(), asking = false;
  let held = claim.dataset.seconds ? { text: claim.textContent.trim(), seconds: Number(claim.dataset.seconds) } : {};
  let heldAt = performance.now();

  for (const kind of ["pointermove", "pointerdown", "keydown", "wheel", "scroll"]) {
    document.addEventListener(kind, () => { acted = Date.now(); }, { passive: true });
  }

  function countDown() {
    if (!held.text) {
      claim.textContent = "";
      return;
    }
    const left = Math.max(0, Math.round(held.seconds - (performance.now() - heldAt) / 1000));
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    claim.textContent = `${held.text} · ${claim.dataset.left.replace("{time}", time)}`;
    claim.classList.toggle("short", left < 120);
  }

  function tell(answer) {
    if (answer.news && news.firstElementChild.textContent !== answer.news) {
      news.firstElementChild.textContent = answer.news;
      news.hidden = false;
    }
    if (answer.blocks) for (const each of document.querySelectorAll("[data-decides]")) each.disabled = true;
    if (present.textContent !== answer.others) present.textContent = answer.others;
    held = answer.claim;
    heldAt = performance.now();
    countDown();
  }

  async function ask() {
    if (document.hidden || asking) return;
    asking = true;
    try {
      const body = new URLSearchParams({ version: root.dataset.version, submission: root.dataset.submission });
      if (Date.now() - acted < ACTIVE_MS) body.set("active", "1");
      const headers = { "X-CSRFToken": token, Accept: "application/json" };
      const answer = await fetch(root.dataset.pulse, { method: "POST", body, headers });
      if (answer.ok && answer.headers.get("Content-Type")?.includes("json")) tell(await answer.json());
    } catch {
      // The next question may be answered again.
    } finally {
      asking = false;
    }
  }

  setInterval(ask, EVERY_MS);
  setInterval(countDown, 1000);
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("pageshow", ask);
  ask();
}
