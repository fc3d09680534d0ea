// Cards side by side: words, a picture and numbers of each translator, linked by hover and pin.
//
// Everything a reader does is answered here, within a frame: pointer and keys move a highlight through all cards, a click
// pins it, which the address says; Python hears of a new theme alone. What people typed is written with textContent. Where rows are steps, a step
// that another view points at ("s2s-step") is highlighted here, and one that is looked at here is told ("s2s-look").

import { address, writeAddress } from "./address.js";
import { Base } from "./base.js";
import { Card } from "./card.js";
import { copyAsText } from "./copy.js";
import { element, fit, setText } from "./nodes.js";
import { readPin, writtenPin } from "./pin.js";
import { loadPlotly } from "./plotly.js";
import { Room } from "./space.js";

/** @import { Pin } from "./pin.js" */
/** @import { Cards as Data } from "./wire.js" */

const FRAME = 52; // pixels around a picture: the edges of its card and what is between two
const TALLEST = { share: 0.82, least: 24 }; // of a picture before it scrolls: of the window, and em; as in cards.css

export class Cards extends Base {
  /** @param {HTMLElement} parent @param {Data} data */
  constructor(parent, data) {
    super(parent, "s2s-live s2s-plain");
    this.bar = this.root.appendChild(element("div", "s2s-bar"));
    this.help = this.bar.appendChild(element("p", "s2s-help"));
    this.legends = this.bar.appendChild(element("div", "s2s-legends"));
    this.scales = this.legends.appendChild(element("div", "s2s-legends"));
    this.row = this.root.appendChild(element("div", "s2s-cards"));
    /** @type {Card[]} */
    this.cards = [];
    this.room = new Room(this);
    this.hover = null; // {card, row, column}, row or column may be null
    /** @type {Pin | null} */
    this.pin = readPin(address().searchParams.getAll(data.pin));
    this.step = null; // the row that another view points at
    this.mount();
    copyAsText(this.root, ".s2s-words");
    this.listen();
  }

  listen() {
    const resizing = new ResizeObserver(() => this.resize());
    resizing.observe(this.row);
    // What stands above may grow without it, and a window may become lower.
    const page = this.parent.closest(".stMainBlockContainer");
    if (page) resizing.observe(page);
    window.addEventListener("resize", () => this.root.isConnected && this.resize());
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.pin) return;
      event.stopPropagation();
      this.setPin(null);
    });
    window.addEventListener("s2s-step", (event) => {
      if (!this.data?.in_steps || !this.root.isConnected) return;
      this.step = /** @type {CustomEvent} */ (event).detail;
      this.highlight();
    });
    window.addEventListener("s2s-arrived", () => { // by another address
      if (this.data && this.root.isConnected) this.pin = readPin(address().searchParams.getAll(this.data.pin));
    });
  }

  /** @param {Data} data */
  update(data, report) {
    this.take(data, report);
    const { panels } = data;
    this.writeFrame();
    while (this.cards.length > panels.length) this.cards.pop().root.remove();
    while (this.cards.length < panels.length) this.cards.push(new Card(this));
    this.row.classList.toggle("s2s-wordless", panels.every((panel) => !panel.words.length));
    this.cards.forEach((card, i) => {
      card.root.classList.toggle("s2s-wide", panels[i].is_wide);
      card.picture.read(panels[i].figure);
    });
    this.arrange(panels);
    this.keepPin();
    this.askForTheme();
  }

  // As many cards side by side, and as high, as there is room for.
  arrange(panels = this.data.panels) {
    const beside = Math.min(this.data.beside, panels.filter((panel) => !panel.is_wide).length) || 1;
    const columns = this.room.columns(beside, this.row.clientWidth / beside - FRAME);
    this.row.style.setProperty("--s2s-columns", String(columns));
    this.cards.forEach((card, i) => card.root.classList.toggle("s2s-next-row", i >= columns));
    this.measure([columns, ...panels.map((panel) => Number(panel.is_wide))].join(""));
    this.room.share();
    this.cards.forEach((card, i) => card.write(panels[i], this.rooms[i]));
    this.draw();
  }

  writeFrame() {
    const { labels, legends } = this.data;
    setText(this.help, labels.help_pin);
    fit(this.scales, legends, buildLegend, (legend, { title, low, high, colors }) => {
      setText(legend.children[0], `${title}  ${low}`);
      legend.children[1].style.background = `linear-gradient(to right, ${colors.join(", ")})`;
      setText(legend.children[2], high);
    });
  }

  // The width inside each card, and the font: asked of the browser only where they may have changed, for it lays out the
  // page to answer.
  measure(cards) {
    if (cards === this.measured) return;
    this.measured = cards;
    this.fontFamily = this.font;
    this.rooms = this.cards.map((card) => card.head.clientWidth);
  }

  // All pictures in one task, so that they change in one frame.
  async draw() {
    const awaited = this.data;
    let Plotly;
    try {
      Plotly = await loadPlotly();
    } catch {
      for (const card of this.cards) card.fail(this.data.labels.picture_failed);
      return;
    }
    if (awaited !== this.data || !this.root.isConnected) return;
    const em = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const { isFit } = this.room;
    const tallest = isFit ? Infinity : Math.max(TALLEST.least * em, TALLEST.share * window.innerHeight);
    this.root.style.setProperty("--s2s-tallest", isFit ? "none" : "");
    this.cards.forEach((card, i) => card.picture.draw(Plotly, this.rooms[i], this.fontFamily, tallest));
    for (const card of this.cards) card.writeMore();
    this.room.write();
    this.highlight();
  }

  resize() {
    if (!this.data) return;
    const sizes = () => [this.fontFamily, ...this.rooms, this.room.height].join();
    const before = sizes();
    const cards = this.measured;
    this.measured = null;
    this.measure(cards);
    this.room.measure();
    if (sizes() !== before) this.arrange();
  }

  // Highlight: what the pointer is on, and what is pinned, in every card.

  /** @param {Card | null} card */
  setHover(card, row, column, place) {
    const isNone = card === null || (row === null && column === null);
    const { hover } = this;
    const isSame = hover && hover.card === card && hover.row === row && hover.column === column;
    this.hover = isNone ? null : { card, row, column };
    if (!isSame || isNone) this.highlight();
    if (this.data.in_steps) window.dispatchEvent(new CustomEvent("s2s-look", { detail: isNone ? null : row }));
    if (isNone) this.tip.hide();
    else this.tip.show(card.describe(row, column), place);
  }

  highlight() {
    const [hover, pin] = [this.hoverKeys(), this.pinKeys()];
    for (const card of this.cards) card.highlight(card.cellOf(hover), card.cellOf(pin));
  }

  hoverKeys() {
    if (!this.hover) return this.stepKeys();
    const { numbers } = this.hover.card;
    return { target: numbers?.target_keys[this.hover.row], source: numbers?.source_keys[this.hover.column] };
  }

  stepKeys() {
    if (this.step === null) return null;
    const key = this.cards.map((card) => card.numbers?.target_keys[this.step]).find((one) => one !== undefined);
    return key === undefined ? null : { target: key };
  }

  pinKeys() {
    if (!this.pin) return null;
    const { axis, key, other } = this.pin;
    return axis === "target" ? { target: key, source: other } : { source: key };
  }

  // Pin

  /** @param {Card} card */
  togglePin(card, row, column) {
    const { numbers } = card;
    if (!numbers) return;
    const isRow = row !== null;
    /** @type {Pin} */
    const pin = {
      axis: isRow ? "target" : "source",
      key: isRow ? numbers.target_keys[row] : numbers.source_keys[column],
      other: isRow && column !== null ? numbers.source_keys[column] : null,
    };
    if (column !== null) window.dispatchEvent(new CustomEvent("s2s-picked", { detail: numbers.source[column] }));
    const old = this.pin;
    window.dispatchEvent(new CustomEvent("s2s-pinned", { detail: { pin: this.data.pin, row, column } })); // to be heard
    const isAgain = old && old.axis === pin.axis && old.key === pin.key && old.other === pin.other;
    this.setPin(isAgain ? null : pin);
  }

  /** @param {Pin | null} pin */
  setPin(pin) {
    this.pin = pin;
    this.highlight();
    for (const card of this.cards) card.writePin(pin);
    this.writeLink();
    const held = this.cards.find((card) => !card.held.hidden);
    setText(this.heard, held ? held.pinnedAs(pin) : this.data.labels.unpinned);
  }

  writeLink() {
    writeAddress({ [this.data.pin]: this.pinned });
  }

  get pinned() {
    return writtenPin(this.pin);
  }

  // New data: the pin stays with its word where that is still there, and is let go where it is not; one of a link waits
  // for the models, until which the cards are about another sentence.
  keepPin() {
    const { pin } = this;
    const isThere = pin && this.cards.some((card) => card.find(pin.axis, pin.key) !== null);
    if (pin && !isThere && !this.data.is_loading) {
      this.pin = null;
      this.writeLink();
    }
    for (const card of this.cards) card.writePin(isThere ? pin : null);
  }

  // Pictures with the same source axis scroll sideways together.
  follow(moved) {
    for (const { picture } of this.cards) {
      if (picture.scroll !== moved && Math.abs(picture.scroll.scrollLeft - moved.scrollLeft) > 1) {
        picture.scroll.scrollLeft = moved.scrollLeft;
      }
    }
  }
}

function buildLegend() {
  const legend = element("div", "s2s-legend");
  legend.append(element("span"), element("span", "s2s-ramp"), element("span"));
  return legend;
}
