// Asking for another code makes sense only after a while: the button counts down first.
for (const button of document.querySelectorAll("button[data-wait]")) {
  const words = button.textContent;
  let left = Number(button.dataset.wait);
  const tick = () => {
    button.disabled = left > 0;
    button.textContent = left > 0 ? `${words} (${left})` : words;
    if (left-- > 0) setTimeout(tick, 1000);
  };
  tick();
}
