// Small maps of one figure, of which one is chosen: drawn in place, walked over by keys, told under the pointer.
//
// What is chosen is shown at once, and Python hears of it, for the link and for the large picture beside it. What people
// typed is written with textContent.

import { Base } from "./base.js";
import * as kind from "./kinds/mosaic.js";
import { Menu } from "./menu.js";
import { button, element, fit, setText } from "./nodes.js";
import { clamp, signed } from "./numbers.js";
import { Picture } from "./picture.js";
import { loadPlotly } from "./plotly.js";
import { drawn, lighter, outline } from "./save.js";
import { tableOf } from "./table.js";

/** @import { Mosaic as Data, Tile } from "./wire.js" */
/** @import { Place } from "./kinds/mosaic.js" */

const DIGITS = 2; // of a weight that is told

export class Mosaic extends Base {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    super(parent, "s2s-mosaic s2s-plain");
    this.root.dataset.s2sPicture = ""; // what a presenter shows of the page
    const head = this.root.appendChild(element("div", "s2s-mosaic-head"));
    this.title = head.appendChild(element("h3", "s2s-mosaic-title"));
    this.menu = new Menu(this);
    head.append(this.menu.button);
    this.words = this.root.appendChild(element("div", "s2s-mosaic-words"));
    this.words.setAttribute("role", "group");
    this.words.translate = false;
    this.picture = new Picture(["s2s-mosaic-row", "s2s-mosaic-hover", "s2s-mosaic-chosen"]);
    this.root.append(this.picture.scroll);
    this.told = this.root.appendChild(element("p", "s2s-mosaic-told"));
    this.table = this.root.appendChild(element("details", "s2s-mosaic-table"));
    this.summary = this.table.appendChild(element("summary"));
    this.rows = this.table.appendChild(element("div", "s2s-table-scroll"));
    /** @type {Place | null} */
    this.hover = null;
    /** @type {Place} */
    this.chosen = { layer: 0, head: 0, row: null, column: null };
    /** @type {Place | null} */
    this.awaited = null; // what Python was told last, until it has heard of it
    this.mount(() => this.draw());
    this.listen();
  }

  listen() {
    const { picture } = this;
    const { inner, scroll } = picture;
    inner.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch") return; // a finger scrolls, and taps
      const place = picture.at(event);
      inner.classList.toggle("s2s-hit", place !== null);
      this.point(place, { x: event.clientX, y: event.clientY });
    });
    inner.addEventListener("pointerleave", () => this.point(null));
    inner.addEventListener("click", (event) => {
      const place = picture.at(event);
      if (place) this.choose(place);
    });
    this.words.addEventListener("click", (event) => {
      const word = /** @type {HTMLElement} */ (event.target).closest("button");
      if (word) this.choose({ ...this.chosen, row: Number(word.dataset.row) });
    });
    scroll.addEventListener("scroll", () => this.data && picture.writeMore(this.data.labels.more), { passive: true });
    scroll.addEventListener("keydown", (event) => this.key(event));
    scroll.addEventListener("blur", () => this.point(null));
    this.table.addEventListener("toggle", () => this.writeTable());
    new ResizeObserver(() => this.draw()).observe(this.root);
  }

  /** @param {Data} data */
  update(data, report) {
    this.take(data, report);
    const { layer, head, row } = data.chosen;
    const { awaited } = this;
    if (awaited && layer === awaited.layer && head === awaited.head && row === awaited.row) this.awaited = null;
    if (!this.awaited) this.chosen = { layer, head, row, column: null };
    this.picture.read(data.figure);
    this.picture.scroll.tabIndex = 0;
    this.picture.scroll.setAttribute("aria-label", data.spoken);
    setText(this.title, data.title);
    setText(this.summary, data.labels.table);
    this.menu.name();
    this.writeWords();
    this.writeTold();
    this.writeTable();
    this.draw();
    this.askForTheme();
  }

  async draw() {
    const awaited = this.data;
    if (!awaited) return;
    const { picture, font } = this;
    const room = this.root.clientWidth;
    if (!room) return;
    picture.reserve(room, font);
    let Plotly;
    try {
      Plotly = await loadPlotly();
    } catch {
      return setText(this.told, awaited.labels.failed);
    }
    if (awaited !== this.data || !this.root.isConnected) return;
    picture.draw(Plotly, room, font);
    picture.writeMore(awaited.labels.more);
    this.mark();
  }

  mark() {
    const { picture, chosen, hover } = this;
    if (!picture.box) return;
    picture.mark("s2s-mosaic-chosen", picture.path(chosen));
    picture.mark("s2s-mosaic-hover", picture.path(hover));
    picture.mark("s2s-mosaic-row", kind.rowPath(picture, chosen.row));
    picture.markTicks("source", picture.meta.heads, [chosen.head]);
    picture.markTicks("target", picture.meta.layers, [chosen.layer]);
  }

  // What a reader does

  /** @param {Place | null} place @param {{x: number, y: number}} [at] */
  point(place, at) {
    this.hover = place;
    this.mark();
    if (place && at) this.tip.show(this.describe(place), at);
    else this.tip.hide();
  }

  // Arrows walk over the maps, Enter chooses one.
  key(event) {
    const { picture } = this;
    if (event.target !== picture.scroll) return;
    const from = this.hover ?? this.chosen;
    const to = picture.moved(event.key, from);
    if (to) {
      event.preventDefault();
      this.point(to, picture.reveal(to));
      this.say(this.describe(to));
    } else if ((event.key === "Enter" || event.key === " ") && this.hover) {
      event.preventDefault();
      this.choose(this.hover);
    }
  }

  /** @param {Place} place */
  choose({ layer, head, row }) {
    const { picks_rows: picksRows } = this.data;
    this.chosen = { layer, head, row: picksRows ? row ?? this.chosen.row : null, column: null };
    this.mark();
    this.writeWords();
    this.writeTold();
    setText(this.heard, this.told.textContent);
    if (!this.report.state) return; // a page that was saved
    this.awaited = this.chosen;
    this.report.state("chosen", { layer, head, row: this.chosen.row });
  }

  // Words

  /** @param {Place} place @returns {Tile} */
  tile({ layer, head }) {
    const { tiles } = this.data;
    const heads = this.picture.meta?.heads ?? 1;
    return tiles[clamp(layer * heads + head, 0, tiles.length - 1)];
  }

  /** @param {Place} place @returns {[string, string][]} */
  describe(place) {
    const { labels, rows, columns } = this.data;
    const { name, does } = this.tile(place);
    /** @type {[string, string][]} */
    const said = [[labels.head, name]];
    if (does) said.push([labels.does, does]);
    if (place.row !== null && place.column !== null) {
      said.push([labels.row, rows[place.row]], [labels.column, columns[place.column]]);
      said.push([labels.weight, signed(kind.weight(this.picture, place), DIGITS)]);
    }
    return said;
  }

  // Those that one may look from.
  writeWords() {
    const { labels, rows, picks_rows: picksRows } = this.data;
    this.words.hidden = !picksRows;
    this.words.setAttribute("aria-label", labels.row);
    fit(this.words, picksRows ? rows : [], () => button("s2s-mosaic-word"), (node, word, row) => {
      setText(node, word);
      node.dataset.row = String(row);
      node.setAttribute("aria-pressed", String(row === this.chosen.row));
    });
  }

  writeTold() {
    const { name, does } = this.tile(this.chosen);
    setText(this.told, does ? `${name}: ${does}` : name);
  }

  writeTable() {
    this.rows.replaceChildren();
    if (!this.table.open) return;
    const { head, rows } = this.data.overview;
    this.rows.tabIndex = 0;
    this.rows.append(tableOf(head, rows));
  }

  // Out of the app

  get printed() {
    return this.picture.scroll;
  }

  /** @returns {import("./save.js").Leaving} */
  leaving() {
    const { title, spoken, origin, result, labels, name } = this.data;
    const marked = (picture) => {
      const color = lighter(this.data.colors.pinned);
      return [outline(kind.path(picture, this.chosen), { stroke: color, width: 3 })];
    };
    return {
      name,
      title,
      result,
      spoken,
      note: this.told.textContent,
      origin,
      draw: (Plotly) => drawn(Plotly, this.picture, marked, labels.weight),
      sheet: () => this.sheet(),
      record: () => this.record(),
    };
  }

  sheet() {
    const { labels, rows, columns } = this.data;
    return {
      head: [labels.layer, labels.head, labels.row, ...columns],
      rows: kind.rows(this.picture).map((
        { layer, head, row, cells },
      ) => [String(layer + 1), String(head + 1), rows[row], ...cells]),
    };
  }

  record() {
    const { rows, columns } = this.data;
    return { rows, columns, maps: kind.rows(this.picture) };
  }
}
