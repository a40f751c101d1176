import { listen } from "./keys.js";

const rows = [...document.querySelectorAll(".queue a.reference")];

function move(by) {
  const at = rows.indexOf(document.activeElement);
  rows[Math.max(0, Math.min(rows.length - 1, at + by))]?.focus();
}

listen({ j: () => move(1), k: () => move(-1), o: () => rows.includes(document.activeElement) && document.activeElement.click() });

// How many are chosen, and one box that chooses all of the page.
const form = document.getElementById("many"), count = document.getElementById("chosen-count");
if (form && count) {
  const boxes = [...form.querySelectorAll("input[name=case]")];
  const all = document.createElement("input");
  all.type = "checkbox";
  const head = form.querySelector("th.tick");
  all.setAttribute("aria-label", head.textContent.trim());
  head.append(all);
  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    count.textContent = chosen ? `(${chosen})` : "";
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  };
  all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; });
  form.addEventListener("change", tell);
  tell();
}
