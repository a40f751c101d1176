// Handing in a picture: chosen, dropped or taken; looked at, turned, sent with its progress, stopped, sent again.
// Without this module each place is a plain form with a file field, and everything works as well.
const TURNED_SIDE = 4096; // a phone's canvas holds so many pixels; the server scales better than a canvas does
const SHOWN_SIDE = 640;
const QUALITY = 0.92;

class Place {
  constructor(article) {
    this.article = article;
    this.form = article.querySelector("form[data-upload]");
    if (!this.form) return;
    this.words = this.form.dataset;
    this.inputs = [...this.form.querySelectorAll("input[type=file]")];
    this.problem = this.form.querySelector(".problem");
    this.chosen = this.form.querySelector(".chosen");
    this.canvas = this.form.querySelector("canvas");
    this.sending = this.form.querySelector(".sending");
    this.button = this.form.querySelector("button.send");
    this.label = this.button.textContent;
    this.file = null;
    this.quarters = 0;
    for (const input of this.inputs) input.addEventListener("change", () => this.choose(input));
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.form.querySelector(".cancel").addEventListener("click", () => this.request?.abort());
    this.form.querySelector(".another").addEventListener("click", () => this.inputs.at(-1).click());
    for (const turn of this.form.querySelectorAll("[data-quarters]")) {
      turn.addEventListener("click", () => this.turn(Number(turn.dataset.quarters)));
    }
    this.receiveDrops(this.form.querySelector(".drop"));
  }

  receiveDrops(zone) {
    for (const name of ["dragover", "dragleave", "drop"]) {
      zone.addEventListener(name, (event) => {
        event.preventDefault();
        zone.classList.toggle("over", name === "dragover");
      });
    }
    zone.addEventListener("drop", (event) => {
      const [file] = event.dataTransfer.files;
      if (!file || this.request) return;
      const one = new DataTransfer();
      one.items.add(file);
      const input = this.inputs.at(-1);
      input.files = one.files;
      this.choose(input);
    });
  }

  async choose(input) {
    this.file = input.files[0] ?? null;
    for (const other of this.inputs) if (other !== input) other.value = "";
    this.quarters = 0;
    this.picture?.close();
    this.picture = null;
    this.say("");
    this.button.textContent = this.label;
    if (this.file && this.file.size > Number(this.words.maxBytes)) this.say(this.words.tooLarge, input);
    this.button.disabled = this.problem.textContent !== "";
    const file = this.file;
    if (file?.type.startsWith("image/") && !this.button.disabled) {
      // What this browser cannot show may still be fine, and is the server's to judge.
      const picture = await createImageBitmap(file).catch(() => null);
      if (file !== this.file) return picture?.close();
      this.picture = picture;
    }
    this.show();
  }

  show() {
    this.chosen.hidden = !this.file || this.button.disabled;
    this.chosen.classList.toggle("picture", Boolean(this.picture));
    this.chosen.querySelector(".name").textContent = this.file?.name ?? "";
    if (this.picture) draw(this.canvas, this.picture, this.quarters, SHOWN_SIDE);
  }

  turn(quarters) {
    this.quarters = (this.quarters + quarters + 4) % 4;
    this.show();
  }

  // The file as it is; a picture that was turned is drawn anew. A PDF is never turned.
  async content() {
    if (!this.picture || !this.quarters) return this.file;
    const canvas = document.createElement("canvas");
    draw(canvas, this.picture, this.quarters, TURNED_SIDE);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return blob ? new File([blob], "turned.jpg", { type: "image/jpeg" }) : this.file;
  }

  async submit(event) {
    event.preventDefault();
    if (this.request) return;
    if (!this.file) return this.say(this.words.choose, this.inputs.at(-1));
    this.request = new XMLHttpRequest();
    this.say("");
    this.busy(true);
    const data = new FormData(this.form);
    data.delete("file");
    data.append("file", await this.content());
    if (this.stale) await this.renew(data);
    this.send(data);
  }

  // Signing in again has made the token of this form worthless; its key, which makes sending twice harmless,
  // stays as it is.
  async renew(data) {
    const fresh = await page(location.pathname).catch(() => null);
    const token = fresh?.querySelector("input[name=csrfmiddlewaretoken]");
    if (token && fresh.getElementById(this.article.id)) data.set("csrfmiddlewaretoken", token.value);
  }

  send(data) {
    const request = this.request;
    request.open("POST", this.form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) this.progress(event.loaded / event.total);
    });
    request.addEventListener("load", () => this.answered(request));
    request.addEventListener("error", () => this.failed(this.words.broken));
    request.addEventListener("abort", () => this.failed(this.words.cancelled));
    request.send(data);
  }

  answered(request) {
    const answer = request.response;
    if (request.status === 201) return this.arrived();
    if (request.status === 401 || request.status === 403) {
      this.failed(this.words.signedOut);
      const link = Object.assign(document.createElement("a"), {
        href: this.words.signIn,
        target: "_blank",
        textContent: this.words.signInWords,
      });
      this.problem.append(" ", link);
      this.stale = true;
      return;
    }
    this.failed(answer?.problem ?? this.words.broken);
  }

  failed(words) {
    this.request = null;
    this.busy(false);
    this.say(words, this.button);
    this.button.textContent = this.words.again;
  }

  // Only this place and the end of the page are shown anew: what was chosen in another place stays there.
  async arrived() {
    const fresh = await page(location.pathname).catch(() => null);
    const article = fresh?.getElementById(this.article.id);
    if (!article) return location.reload();
    this.article.replaceWith(article);
    document.querySelector("section.submit").replaceWith(fresh.querySelector("section.submit"));
    document.getElementById("news").textContent = this.words.arrived;
    new Place(article);
    article.querySelector("h2").focus();
  }

  say(words, where = null) {
    this.problem.textContent = words;
    for (const input of this.inputs) input.setAttribute("aria-invalid", String(words !== ""));
    where?.focus();
  }

  busy(on) {
    this.sending.hidden = !on;
    this.button.disabled = on;
    this.chosen.inert = on;
    if (on) this.progress(0);
  }

  progress(share) {
    const percent = Math.floor(share * 100);
    this.sending.querySelector("progress").value = percent;
    this.sending.querySelector(".percent").textContent = percent < 100 ? `${percent} %` : this.words.looking;
  }
}

function draw(canvas, picture, quarters, side) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const [width, height] = [picture.width * scale, picture.height * scale];
  canvas.width = quarters % 2 ? height : width;
  canvas.height = quarters % 2 ? width : height;
  const pen = canvas.getContext("2d");
  pen.translate(canvas.width / 2, canvas.height / 2);
  pen.rotate((quarters * Math.PI) / 2);
  pen.drawImage(picture, -width / 2, -height / 2, width, height);
}

async function page(path) {
  const answer = await fetch(path, { cache: "no-store" });
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

for (const article of document.querySelectorAll("article.place")) new Place(article);

// A file that is dropped beside a place would otherwise be opened by the browser, and the page be gone.
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());

// Coming back by the browser's Back button shows the page as it was left: make it usable again.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
