// Single keys for people who do this all day: `?` lists them. Never inside a field, never with Ctrl, Alt or Meta.
const dialog = document.getElementById("keys");
const on = dialog?.dataset.shortcuts === "on";
const WRITES = "textarea, select, [contenteditable], input:not([type=checkbox]):not([type=radio])";

function visible(element) {
  return !element.disabled && element.getClientRects().length > 0;
}

// Where a key stands on several elements, as on the tools of two pictures: the one in use, else the last one.
function target(key) {
  const all = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].filter(visible);
  return all.find((each) => each.closest(".viewer")?.matches(":hover, :focus-within")) ?? all.at(-1);
}

function press(element) {
  if ("keyFocuses" in element.dataset) element.focus();
  else element.click();
  if (element.matches("label")) element.control?.focus();
}

export function listen(more = {}) {
  document.querySelector("[data-opens=keys]")?.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
  if (!on) return;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.closest(WRITES)) return;
    if (event.key === "?") dialog.open ? dialog.close() : dialog.showModal();
    else if (dialog.open) return;
    else if (event.key === "/") document.querySelector("[type=search]")?.focus();
    else if (more[event.key]) more[event.key]();
    else if (target(event.key)) press(target(event.key));
    else return;
    event.preventDefault();
  });
}
