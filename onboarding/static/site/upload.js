// Looks at a chosen file before it is sent: too large is said at once, a picture is shown.
for (const form of document.querySelectorAll("form[data-upload]")) {
  const inputs = form.querySelectorAll("input[type=file]");
  const problem = form.querySelector(".problem");
  const preview = form.querySelector("img.preview");
  const button = form.querySelector("button");

  const look = (input) => {
    const file = input.files[0];
    const tooLarge = Boolean(file) && file.size > Number(form.dataset.maxBytes);
    for (const other of inputs) if (other !== input) other.value = "";
    problem.textContent = tooLarge ? form.dataset.tooLarge : "";
    input.setAttribute("aria-invalid", String(tooLarge));
    button.disabled = tooLarge;
    preview.hidden = true;
    if (file && !tooLarge && file.type.startsWith("image/")) {
      const reader = new FileReader();
      reader.addEventListener("load", () => {
        preview.src = reader.result;
        preview.hidden = false;
      });
      reader.readAsDataURL(file);
    }
  };
  for (const input of inputs) input.addEventListener("change", () => look(input));

  form.addEventListener("submit", (event) => {
    if (![...inputs].some((input) => input.files.length)) {
      event.preventDefault();
      problem.textContent = form.dataset.choose;
      return;
    }
    button.setAttribute("aria-busy", "true");
    button.textContent = form.dataset.sending;
  });
}

// Coming back by the browser's Back button shows the page as it was left: make it usable again.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
