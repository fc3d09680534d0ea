// Numbered stages: one step of a computation, told block by block, a column for each model.
//
// Blocks are written over in place, so nothing moves. What a reader chooses (step, word, number, switches) is held here
// and sent; hover, zoom, playing and scrolling never leave the browser. Figures are drawn where they come into sight. What
// people typed is written with textContent.

import { address, writeAddress } from "./address.js";
import { Base } from "./base.js";
import { fill } from "./blocks.js";
import { copyAsText } from "./copy.js";
import { button, element, fit, name, setText } from "./nodes.js";
import { clamp } from "./numbers.js";
import { loadPlotly } from "./plotly.js";
import { Bar } from "./stages-bar.js";
import { Controls } from "./stages-controls.js";
import { scaled, within } from "./zoom.js";

/** @import { Stages as Data, Column, Chosen } from "./wire.js" */
/** @import { Zoom } from "./picture.js" */

const SCROLL = { capture: true, passive: true };
const NEAR = 400; // pixels beyond the window within which figures are drawn
const PASSED = 120; // pixels below the bar at which a stage begins to be the one that is read
const SETTLED = 200; // milliseconds: on the way to a stage others come by

export class Stages extends Base {
  /** @param {HTMLElement} parent @param {Data} data */
  constructor(parent, data) {
    super(parent, "s2s-story s2s-plain");
    /** @type {Chosen} */
    this.chosen = { ...data.chosen };
    /** @type {Zoom | null} */
    this.zoom = null; // null shows all
    this.stage = 1;
    this.sights = new IntersectionObserver((entries) => this.see(entries), { rootMargin: `${NEAR}px 0px` });
    this.bar = new Bar(this);
    this.heads = this.root.appendChild(element("div", "s2s-walk-columns"));
    this.help = this.root.appendChild(element("p", "s2s-walk-help"));
    this.stages = this.root.appendChild(element("div", "s2s-walk-stages"));
    this.stages.addEventListener("click", (event) => {
      const number = event.target.closest(".s2s-stage-number");
      if (number) this.open(Number(number.textContent));
    });
    this.controls = new Controls(this);
    this.mount();
    copyAsText(this.root);
    this.root.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.redraw()).observe(this.root);
    this.scrolled = () => this.follow();
    this.readLink();
  }

  // What Python says

  /** @param {Data} data */
  update(data, report) {
    const isOther = this.data?.chosen.form !== data.chosen.form;
    this.take(data, report);
    window.addEventListener("scroll", this.scrolled, SCROLL); // once, however often it is said
    this.root.style.setProperty("--s2s-columns", String(data.columns.length));
    this.root.classList.toggle("s2s-many", data.columns.length > 1);
    this.root.classList.toggle("s2s-short", this.isShort);
    this.chosen.step = Math.min(this.chosen.step, data.steps - 1);
    this.bar.write();
    setText(this.help, data.labels.help);
    this.help.hidden = this.isShort;
    fit(this.heads, data.columns, () => this.buildHead(), (node, column) => this.writeHead(node, column));
    this.writeStages();
    this.redraw();
    this.writeLink();
    this.askForTheme();
    const isOpened = isOther && !this.isShort && this.stage > 1;
    if (isOpened) requestAnimationFrame(() => this.scrollTo(this.stage, "instant"));
  }

  // All six stages on one screen, as they are; what a reader asks for comes a moment later.
  get isShort() {
    return this.data.chosen.form === "short";
  }

  buildHead() {
    const head = element("div", "s2s-walk-head");
    const words = element("p", "s2s-walk-words");
    words.setAttribute("role", "group");
    words.addEventListener("click", (event) => {
      const piece = event.target.closest("button");
      if (piece) this.go(Number(piece.dataset.step));
    });
    const notice = element("p", "s2s-walk-warning");
    notice.setAttribute("role", "alert");
    head.append(element("h3", "s2s-walk-name"), words, element("p", "s2s-walk-sentence"), notice);
    return head;
  }

  /** @param {Column} column */
  writeHead(node, column) {
    const [title, words, told, notice] = node.children;
    title.hidden = this.data.columns.length < 2;
    setText(title, column.title);
    words.setAttribute("aria-label", this.data.labels.translation);
    words.lang = this.data.languages.target;
    fit(words, column.words, () => element("span", "s2s-walk-target"), (word, { pieces, spaced }) => {
      word.classList.toggle("s2s-walk-spaced", spaced);
      fit(word, pieces, () => button("s2s-walk-piece"), (piece, [text, step]) => {
        setText(piece, text.replace(/^·/, ""));
        piece.dataset.step = String(step);
        piece.setAttribute("aria-current", step === column.step ? "step" : "false");
        piece.classList.toggle("s2s-walk-later", step > column.step);
      });
    });
    setText(told, column.told);
    notice.hidden = !column.notice;
    setText(notice, column.notice);
  }

  writeStages() {
    const { heads, columns } = this.data;
    fit(this.stages, heads, buildStage, (node, head, i) => {
      const [top, cells] = node.children;
      const [title, text, controls] = top.children;
      const number = title.children[0];
      setText(number, String(i + 1));
      number.disabled = !this.isShort;
      name(number, `${i + 1}. ${this.data.labels.long}: ${head.title}`);
      setText(title.children[1], head.title);
      setText(text, head.text);
      text.hidden = !head.text;
      this.controls.write(controls, head.controls);
      const most = Math.max(...columns.map((column) => column.stages[i].blocks.length));
      cells.style.setProperty("--s2s-rows", String(Math.max(1, most)));
      fit(cells, columns, buildCell, (cell, column) => this.writeCell(cell, column, i));
    });
  }

  /** @param {Column} column */
  writeCell(cell, column, i) {
    const { mark, blocks } = column.stages[i];
    const [head, body] = cell.children;
    const [title, sign] = head.children;
    title.hidden = this.data.columns.length < 2;
    setText(title, column.title);
    sign.hidden = !mark;
    sign.classList.toggle("s2s-broken", Boolean(mark) && !mark.holds);
    if (mark) setText(sign, `${mark.holds ? "✓" : "✗"} ${mark.text}`);
    fill(this, column, body, blocks);
  }

  // What a reader does

  /** @param {Partial<Chosen>} changes */
  set(changes) {
    if (!this.report.state) return;
    Object.assign(this.chosen, changes);
    this.bar.write();
    this.controls.tell();
    this.report.state("chosen", { ...this.chosen });
  }

  go(step) {
    const bound = clamp(step, 0, this.data.steps - 1);
    if (bound !== this.chosen.step) this.set({ step: bound });
  }

  key(event) {
    if (event.target.closest("input, .s2s-scroll, .s2s-table-scroll")) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const moves = { ArrowLeft: -1, ArrowRight: 1 };
    if (!(event.key in moves)) return;
    event.preventDefault();
    this.go(this.chosen.step + moves[event.key]);
  }

  // Zoom: which numbers of all vectors are in sight.

  get width() {
    return this.data.columns[0].width;
  }

  get sight() {
    return this.zoom ?? { first: 1, last: this.width };
  }

  // By default about the number that is followed, or the middle of what is in sight.
  zoomBy(factor, middle) {
    const { first, last } = this.sight;
    const followed = this.zoom ? (first + last) / 2 : this.data.columns[0].number + 1;
    this.setZoom(scaled(this.sight, factor, middle ?? followed));
  }

  /** @param {Zoom | null} zoom */
  setZoom(zoom) {
    this.zoom = zoom && within(zoom, this.width);
    this.bar.writeZoom();
    this.writeLink();
    this.redraw();
  }

  // Where on the page one is

  // To a stage in full.
  open(number) {
    if (this.chosen.form === "long") return this.scrollTo(number);
    this.stage = number;
    this.set({ form: "long" });
  }

  scrollTo(number, behavior = "smooth") {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.stages.children[number - 1]?.scrollIntoView({ block: "start", behavior: calm ? "instant" : behavior });
  }

  follow() {
    if (this.following || !this.data || this.isShort) return;
    this.following = true;
    requestAnimationFrame(() => {
      this.following = false;
      if (!this.root.isConnected) return window.removeEventListener("scroll", this.scrolled, SCROLL);
      const line = this.bar.root.getBoundingClientRect().bottom + PASSED;
      const passed = [...this.stages.children].filter((stage) => stage.getBoundingClientRect().top <= line).length;
      const stage = Math.max(1, passed);
      if (stage === this.stage) return;
      this.stage = stage;
      this.bar.markStage();
      clearTimeout(this.linking);
      this.linking = setTimeout(() => this.root.isConnected && this.writeLink(), SETTLED);
    });
  }

  readLink() {
    const query = address().searchParams;
    const stage = Number(query.get("stage"));
    if (Number.isInteger(stage) && stage > 1) this.stage = stage;
    const zoom = /^(\d{1,5})-(\d{1,5})$/.exec(query.get("zoom") ?? "");
    if (zoom) this.zoom = { first: Number(zoom[1]), last: Number(zoom[2]) };
  }

  writeLink() {
    const zoom = this.zoom ? [`${this.zoom.first}-${this.zoom.last}`] : [];
    writeAddress({ stage: this.stage > 1 && !this.isShort ? [String(this.stage)] : [], zoom });
  }

  // Pictures

  see(entries) {
    for (const { target, isIntersecting } of entries) {
      target.block.isNear = isIntersecting;
      if (isIntersecting) this.draw([target.block]);
    }
  }

  redraw() {
    this.draw([...this.root.querySelectorAll(".s2s-pic")].map((root) => root.block));
  }

  async draw(figures) {
    const near = figures.filter((figure) => figure.isNear);
    if (!near.length) return;
    let Plotly;
    try {
      Plotly = await loadPlotly();
    } catch {
      for (const figure of near) figure.fail(this.data.labels.picture_failed);
      return;
    }
    const { font } = this;
    const rooms = near.map((figure) => figure.picture.scroll.clientWidth);
    near.forEach((figure, i) => figure.draw(Plotly, rooms[i], font));
  }
}

function buildStage() {
  const section = element("section", "s2s-stage");
  const top = section.appendChild(element("div", "s2s-stage-head"));
  const title = top.appendChild(element("h3", "s2s-stage-title"));
  title.append(button("s2s-stage-number"), element("span"));
  top.append(element("p", "s2s-stage-text"), element("div", "s2s-controls"));
  section.append(element("div", "s2s-walk-columns"));
  return section;
}

function buildCell() {
  const cell = element("div", "s2s-cell");
  const head = cell.appendChild(element("div", "s2s-cell-head"));
  head.append(element("p", "s2s-cell-name"), element("p", "s2s-mark"));
  cell.append(element("div", "s2s-blocks s2s-stage-blocks"));
  return cell;
}
