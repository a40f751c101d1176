// The letter as it will be read, made again whenever a tick changes. Without it there is a button.
const PAUSE_MS = 200;

export function start(form) {
  const letters = document.getElementById("letters");
  let waiting = 0, asked = 0;

  async function show() {
    const number = ++asked;
    letters.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.preview, {
        method: "POST", body: new FormData(form), headers: { "X-Fragment": "letters" },
      });
      const text = await answer.text();
      if (number === asked && answer.ok && !answer.redirected) letters.innerHTML = text;
    } catch {
      // The button beside it asks once more.
    } finally {
      if (number === asked) letters.removeAttribute("aria-busy");
    }
  }

  form.addEventListener("change", (event) => {
    if (event.target.matches("textarea")) return;
    clearTimeout(waiting);
    waiting = setTimeout(show, PAUSE_MS);
  });
  document.documentElement.classList.add("live-letters");
  if (form.querySelector("[name=outcome]:checked") && !letters.querySelector(".letter")) show();
}
