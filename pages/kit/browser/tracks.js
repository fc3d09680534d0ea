// Two tracks: runs of one decoder over the same steps, as an unrolled network. Each step is fed at its foot, says
// something at its head, and a line shows what is fed to the next.
//
// Walking through the steps happens here; Python hears of a word that is fed by hand. Other views of the page hear of the
// step that is looked at ("s2s-step"), other tracks go along, and they tell theirs ("s2s-look"). What people typed is written with textContent.

import { Base } from "./base.js";
import { Form } from "./inject.js";
import { Menu } from "./menu.js";
import { button, element, name, setText, shape, zoomOf } from "./nodes.js";
import { Player } from "./player.js";
import { sketched } from "./sketch.js";

/** @import { Tracks as Data, Track, Cell } from "./wire.js" */

const ICONS = {
  first: "M0,1h2v12h-2zM8,1v12l-6,-6zM14,1v12l-6,-6z",
  back: "M2,1h2v12h-2zM13,1v12l-8,-6z",
  play: "M3,0l11,7l-11,7z",
  pause: "M2,1h3.5v12h-3.5zM8.5,1h3.5v12h-3.5z",
  next: "M1,1l8,6l-8,6zM10,1h2v12h-2z",
};
const PAUSE = 1100; // milliseconds a step, when it plays

const ROWS = {
  reference: writeReference,
  says: writeSays,
  top: writeTop,
  fed: writeFed,
};

export class Tracks extends Base {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    super(parent, "s2s-tracks");
    this.bar = this.root.appendChild(element("div", "s2s-track-bar"));
    this.buttons = {};
    for (const one of ["first", "back", "play", "next", "all"]) {
      this.buttons[one] = this.bar.appendChild(button("s2s-step-button"));
      this.buttons[one].addEventListener("click", () => this.press(one));
    }
    this.menu = new Menu(this);
    this.told = this.bar.appendChild(element("p", "s2s-told"));
    this.told.setAttribute("aria-live", "polite");
    this.bar.append(this.menu.button);
    this.scroll = this.root.appendChild(element("div", "s2s-track-scroll"));
    this.scroll.tabIndex = 0;
    this.scroll.setAttribute("role", "group");
    this.inner = this.scroll.appendChild(element("div", "s2s-track-inner"));
    this.wires = this.inner.appendChild(shape("svg"));
    this.wires.setAttribute("class", "s2s-wires");
    this.wires.setAttribute("aria-hidden", "true");
    this.table = this.inner.appendChild(element("table"));
    this.key = this.root.appendChild(element("p", "s2s-key"));
    this.form = new Form(this);
    this.cursor = null; // the step that is looked at; null shows all
    this.player = new Player(PAUSE, () => this.advance(), () => this.data && this.writeButtons());
    this.drawn = "";
    this.mount(() => this.wire());
    this.listen();
  }

  listen() {
    new ResizeObserver(() => this.wire()).observe(this.table);
    this.scroll.addEventListener("keydown", (event) => this.pressed(event));
    this.table.addEventListener("click", (event) => {
      const chip = event.target.closest("button.s2s-fed");
      if (chip) return this.form.open(chip, Number(chip.closest("td").dataset.step));
      const cell = event.target.closest("[data-step]");
      if (cell) this.go(Number(cell.dataset.step));
    });
    window.addEventListener("s2s-step", (event) => this.follow(/** @type {CustomEvent} */ (event).detail));
    window.addEventListener("s2s-look", (event) => this.mark("s2s-looked", /** @type {CustomEvent} */ (event).detail));
  }

  /** @param {Data} data */
  update(data, report) {
    this.take(data, report);
    this.writeButtons();
    this.menu.name();
    this.scroll.setAttribute("aria-label", data.spoken);
    const text = JSON.stringify([data.tracks, data.first, data.apart, data.labels]);
    if (text !== this.drawn) {
      this.drawn = text;
      this.write();
    }
    this.form.update();
    if (this.cursor !== null && this.cursor >= data.steps) this.cursor = data.steps - 1;
    this.showCursor();
    this.askForTheme();
  }

  // Out of the app

  get printed() {
    return this.scroll;
  }

  /** @returns {import("./save.js").Leaving} */
  leaving() {
    const { title, spoken, origin, sheet } = this.data;
    const told = { title, spoken, origin, name: "tracks", result: "" };
    return { ...told, draw: () => this.sketched(), sheet: () => sheet, record: () => sheet };
  }

  sketched() {
    const { scroll } = this;
    const { scrollLeft } = scroll;
    scroll.scrollLeft = 0; // names of rows stay in sight, wherever it is scrolled
    const drawing = sketched(this, [this.inner, this.key]);
    scroll.scrollLeft = scrollLeft;
    return drawing;
  }

  writeButtons() {
    const { labels } = this.data;
    for (const [one, node] of Object.entries(this.buttons)) {
      const shown = one === "play" && this.player.isPlaying ? "pause" : one;
      if (one === "all") setText(node, labels[shown]);
      else if (node.dataset.shown !== shown) node.replaceChildren(icon(shown));
      node.dataset.shown = shown;
      name(node, labels[shown]);
    }
    this.buttons.all.setAttribute("aria-pressed", String(this.cursor === null));
  }

  // The table: a head with the numbers of the steps, and a body for each track.

  write() {
    const { data, table } = this;
    const { labels } = data;
    table.replaceChildren();
    const head = table.createTHead().insertRow();
    rowHead(head, labels.step);
    for (let step = 0; step < data.steps; step++) {
      const cell = head.appendChild(element("th", "s2s-number", String(step + 1)));
      cell.scope = "col";
      this.place(cell, step);
      if (step === data.first) cell.append(element("span", "s2s-parted", labels.parted));
    }
    for (const track of data.tracks) this.writeTrack(track);
    this.writeApart();
    this.wire();
  }

  writeTrack(track) {
    const { data } = this;
    const { labels } = data;
    const body = this.table.createTBody();
    body.className = `s2s-track s2s-${track.kind}`;
    body.dataset.name = track.name;
    const title = body.insertRow().appendChild(element("th", "s2s-track-title"));
    title.scope = "rowgroup";
    title.colSpan = data.steps + 1;
    const words = title.appendChild(element("span", "s2s-track-words"));
    words.append(element("b", "", track.title), element("span", "", track.note));
    for (const [one, write] of Object.entries(ROWS)) {
      const row = body.insertRow();
      row.className = `s2s-row-${one}`;
      rowHead(row, labels[one]);
      for (let step = 0; step < data.steps; step++) {
        const cell = this.place(row.insertCell(), step);
        if (track.cells[step]) write(cell, track.cells[step], labels, step);
        else cell.classList.add("s2s-none");
      }
    }
  }

  place(cell, step) {
    cell.dataset.step = step;
    cell.classList.toggle("s2s-after", this.data.first !== null && step > this.data.first);
    cell.classList.toggle("s2s-first", step === this.data.first);
    return cell;
  }

  // How far apart the two distributions are: bars that grow with their divergence.
  writeApart() {
    const { apart, steps, labels } = this.data;
    const row = this.table.createTBody().insertRow();
    row.className = "s2s-row-apart";
    rowHead(row, labels.apart);
    for (let step = 0; step < steps; step++) {
      const cell = this.place(row.insertCell(), step);
      const one = apart[step];
      if (!one) continue;
      const bar = cell.appendChild(element("div", "s2s-gap"));
      bar.style.setProperty("--s2s-share", one.share);
      cell.append(element("small", "", one.written));
    }
  }

  // Wires: from the piece that was chosen at a step to where it is fed at the next.

  wire() {
    const { wires, table, data } = this;
    if (!data) return;
    const box = this.inner.getBoundingClientRect();
    if (!box.width) return;
    const zoom = zoomOf(this.inner);
    wires.replaceChildren();
    wires.setAttribute("width", table.offsetWidth);
    wires.setAttribute("height", table.offsetHeight);
    for (const body of table.querySelectorAll(".s2s-track")) {
      const track = data.tracks.find((one) => one.name === body.dataset.name);
      for (let step = 1; step < track.cells.length; step++) {
        const { by } = track.cells[step];
        const from = body.querySelector(
          `[data-step="${step - 1}"] .${by === "forced" ? "s2s-reference" : "s2s-says"}`,
        );
        const to = body.querySelector(`[data-step="${step}"] .s2s-fed`);
        if (!from || !to || by === "injected") continue;
        this.draw(within(from, box, zoom), within(to, box, zoom), by, step);
      }
    }
    this.showCursor();
  }

  draw(from, to, by, step) {
    const [x1, y1] = [from.right, from.middle];
    const [x2, y2] = [to.left - 3, to.middle];
    const middle = (x1 + x2) / 2 + (by === "forced" ? 2 : -2);
    const bend = 5;
    const path = shape("path");
    path.setAttribute("class", `s2s-wire s2s-wire-${by}`);
    path.dataset.step = step;
    path.setAttribute(
      "d",
      `M${x1},${y1}H${middle - bend}Q${middle},${y1} ${middle},${y1 + bend}V${y2 - bend}` +
        `Q${middle},${y2} ${Math.min(middle + bend, x2)},${y2}H${x2}m-5,-4l5,4l-5,4`,
    );
    this.wires.append(path);
  }

  // Walking through the steps

  press(name) {
    const last = this.data.steps - 1;
    if (name === "play") return this.player.isPlaying ? this.player.stop() : this.play();
    this.player.stop();
    if (name === "all") this.go(null);
    else if (name === "first") this.go(0);
    else if (name === "back") this.go(Math.max(0, (this.cursor ?? last + 1) - 1));
    else this.go(Math.min(last, (this.cursor ?? -1) + 1));
  }

  pressed(event) {
    if (event.target !== this.scroll) return;
    const keys = { ArrowRight: "next", ArrowLeft: "back", Home: "first", Escape: "all", " ": "play" };
    if (event.key === "End") this.go(this.data.steps - 1);
    else if (keys[event.key]) this.press(keys[event.key]);
    else return;
    event.preventDefault();
  }

  play() {
    if (this.cursor === null || this.cursor >= this.data.steps - 1) this.go(0);
    this.player.start();
  }

  // One step further; false at the end.
  advance() {
    if (!this.root.isConnected || this.cursor >= this.data.steps - 1) return false;
    this.go(this.cursor + 1);
    return true;
  }

  go(step) {
    this.cursor = step;
    this.showCursor();
    this.writeButtons();
    if (step !== null) this.reveal(step);
    window.dispatchEvent(new CustomEvent("s2s-step", { detail: step }));
  }

  // Another view of the page looks at a step: these tracks look at theirs.
  /** @param {number | null} step */
  follow(step) {
    if (!this.root.isConnected || !this.data) return;
    const mine = step === null ? null : Math.min(step, this.data.steps - 1);
    if (mine === this.cursor) return;
    this.player.stop();
    this.cursor = mine;
    this.showCursor();
    this.writeButtons();
    if (mine !== null) this.reveal(mine);
  }

  showCursor() {
    const { cursor, data } = this;
    for (const part of this.inner.querySelectorAll("[data-step]")) {
      const step = Number(part.dataset.step);
      part.classList.toggle("s2s-later", cursor !== null && step > cursor);
      part.classList.toggle("s2s-now", step === cursor);
    }
    setText(this.told, cursor === null ? data.spoken : data.narration[cursor]);
    if (!this.key.childElementCount || this.key.dataset.labels !== data.labels.by_forced) this.writeKey();
  }

  mark(name, step) {
    for (const part of this.table.querySelectorAll("[data-step]")) {
      part.classList.toggle(name, step !== null && Number(part.dataset.step) === step);
    }
  }

  reveal(step) {
    const cell = this.table.querySelector(`thead [data-step="${step}"]`);
    const head = this.table.querySelector(".s2s-row-head");
    if (!cell) return;
    const left = cell.offsetLeft - head.offsetWidth - 24;
    const right = cell.offsetLeft + cell.offsetWidth + 24 - this.scroll.clientWidth;
    if (this.scroll.scrollLeft > left) this.scroll.scrollLeft = left;
    else if (this.scroll.scrollLeft < right) this.scroll.scrollLeft = right;
  }

  writeKey() {
    const { labels } = this.data;
    this.key.dataset.labels = labels.by_forced;
    this.key.replaceChildren();
    for (const by of ["forced", "free", "injected"]) {
      const entry = this.key.appendChild(element("span", "s2s-key-entry"));
      entry.append(element("span", `s2s-chip s2s-key-chip s2s-fed s2s-by-${by}`, "abc"), labels[`by_${by}`]);
      entry.firstChild.setAttribute("aria-hidden", "true");
    }
    const differs = this.key.appendChild(element("span", "s2s-key-entry"));
    differs.append(element("span", "s2s-chip s2s-key-chip s2s-differs", "abc"), labels.differs);
    differs.firstChild.setAttribute("aria-hidden", "true");
  }
}

// Where a node is in a box, in the pixels of what is drawn there: on the screen they may be zoomed.
function within(node, box, zoom) {
  const { left, right, top, bottom } = node.getBoundingClientRect();
  return {
    left: (left - box.left) / zoom,
    right: (right - box.left) / zoom,
    middle: ((top + bottom) / 2 - box.top) / zoom,
  };
}

// The cells of a step.

function writeReference(cell, { reference }) {
  if (!reference) return;
  const chip = cell.appendChild(element("div", "s2s-chip s2s-reference", reference.text));
  chip.classList.toggle("s2s-teaches", reference.teaches);
  chip.title = reference.text;
  cell.append(element("small", "", reference.note));
}

function writeSays(cell, { says, is_fed, differs, was }, labels) {
  const chip = cell.appendChild(element("div", "s2s-chip s2s-says", says));
  chip.title = says;
  chip.classList.toggle("s2s-used", is_fed);
  chip.classList.toggle("s2s-differs", differs);
  if (was) {
    const before = cell.appendChild(element("small", "s2s-was"));
    before.append(element("s", "", was));
    before.title = `${labels.was} ${was}`;
    before.setAttribute("aria-label", before.title);
  }
}

function writeTop(cell, { top }) {
  for (const candidate of top) {
    const bar = cell.appendChild(element("div", "s2s-candidate"));
    bar.style.setProperty("--s2s-probability", candidate.probability.toFixed(3));
    bar.append(element("span", "", candidate.text), element("b", "", candidate.written));
    bar.classList.toggle("s2s-wanted", candidate.is_wanted);
    bar.title = `${candidate.text} ${candidate.written}`;
  }
}

function writeFed(cell, { fed, by, fed_differs }, labels, step) {
  const chip = cell.appendChild(element(step ? "button" : "div", `s2s-chip s2s-fed s2s-by-${by}`, fed));
  chip.classList.toggle("s2s-differs", fed_differs);
  if (!step) return;
  chip.type = "button";
  name(chip, `${fed}: ${labels[`by_${by}`]}. ${labels.change}`);
  chip.setAttribute("aria-haspopup", "dialog");
}

function icon(sort) {
  const sign = shape("svg");
  sign.setAttribute("width", 14);
  sign.setAttribute("height", 14);
  sign.setAttribute("aria-hidden", "true");
  const path = sign.appendChild(shape("path"));
  path.setAttribute("d", ICONS[sort]);
  return sign;
}

function rowHead(row, text) {
  const head = row.appendChild(element("th", "s2s-row-head", text));
  head.scope = "row";
  return head;
}
