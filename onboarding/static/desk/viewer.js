// Zoom, rotate and pan for pictures. Without it they are plain pictures that open in full.
const STEP = 1.4, MOST = 12, NUDGE = 60;
const tools = document.getElementById("viewer-tools");

function equip(figure) {
  for (const sheet of figure.querySelectorAll(".sheet")) view(sheet);
}

function view(sheet) {
  const bar = tools.content.firstElementChild.cloneNode(true);
  const image = sheet.querySelector("img"), share = bar.querySelector("output");
  let zoom = 1, turns = 0, x = 0, y = 0, dragged = false;

  function draw() {
    const sideways = turns % 2 !== 0;
    const { offsetWidth: w, offsetHeight: h } = image;
    const fit = sideways && w && h ? Math.min(sheet.clientWidth / h, sheet.clientHeight / w) : 1;
    const room = (inside, all) => Math.max(0, (inside * fit * zoom - all) / 2 + 40);
    const [wide, high] = [room(sideways ? h : w, sheet.clientWidth), room(sideways ? w : h, sheet.clientHeight)];
    if (zoom === 1) x = y = 0;
    x = Math.max(-wide, Math.min(wide, x));
    y = Math.max(-high, Math.min(high, y));
    image.style.transform = `translate(${x}px, ${y}px) rotate(${turns * 90}deg) scale(${fit * zoom})`;
    sheet.classList.toggle("zoomed", zoom > 1);
    share.textContent = `${Math.round(zoom * 100)} %`;
  }

  function scale(by) {
    const before = zoom;
    zoom = Math.max(1, Math.min(MOST, zoom * by));
    if (zoom < 1.05) zoom = 1;
    x *= zoom / before;
    y *= zoom / before;
    draw();
  }

  // Without dragging, for those who can't: a click brings what is under it to the middle.
  function toMiddle(event) {
    const box = sheet.getBoundingClientRect(), keyed = event.detail === 0, by = zoom === 1 ? 2 : 1;
    const right = keyed ? 0 : event.clientX - box.left - box.width / 2;
    const down = keyed ? 0 : event.clientY - box.top - box.height / 2;
    if (by > 1) scale(by);
    [x, y] = [x - right * by, y - down * by];
    draw();
  }

  const work = {
    in: () => scale(STEP),
    out: () => scale(1 / STEP),
    left: () => { turns -= 1; draw(); },
    right: () => { turns += 1; draw(); },
    fit: () => { zoom = 1; turns = 0; draw(); },
  };
  bar.addEventListener("click", (event) => work[event.target.closest("[data-tool]")?.dataset.tool]?.());
  bar.querySelector(".full").href = sheet.href;

  sheet.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!dragged) toMiddle(event);
  });
  sheet.addEventListener("dragstart", (event) => event.preventDefault());
  sheet.addEventListener("pointerdown", (event) => {
    dragged = false;
    if (zoom > 1 && event.button === 0) sheet.setPointerCapture(event.pointerId);
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!sheet.hasPointerCapture(event.pointerId)) return;
    dragged ||= Math.hypot(event.movementX, event.movementY) > 0;
    x += event.movementX;
    y += event.movementY;
    draw();
  });
  sheet.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && zoom === 1) return; // the page scrolls
    event.preventDefault();
    scale(event.deltaY < 0 ? 1.15 : 1 / 1.15);
  }, { passive: false });
  sheet.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!way || zoom === 1) return;
    event.preventDefault();
    x += way[0] * NUDGE;
    y += way[1] * NUDGE;
    draw();
  });
  image.addEventListener("load", draw);
  sheet.before(bar);
  draw();
}

// The slots as tabs: one is open, the others wait. First the one that came back.
function tabs() {
  const links = [...document.querySelectorAll(".slots a")];
  const papers = links.map((link) => document.querySelector(link.hash));
  const open = (chosen) => links.forEach((link, number) => {
    link.toggleAttribute("aria-current", number === chosen);
    if (number === chosen) link.setAttribute("aria-current", "true");
    papers[number].hidden = number !== chosen;
  });
  links.forEach((link, number) => link.addEventListener("click", (event) => {
    event.preventDefault();
    open(number);
  }));
  if (links.length < 2) links[0]?.parentElement.remove();
  else open(Math.max(0, papers.findIndex((paper) => paper.querySelector(".pair"))));
  return () => {
    if (links.length > 1) open((papers.findIndex((paper) => !paper.hidden) + 1) % links.length);
  };
}

export function start() {
  document.querySelectorAll(".viewer").forEach(equip);
  return tabs();
}
