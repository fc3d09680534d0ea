// One card: its words, its picture, its facts, and what it says of a word or a pair of words.

import { cardLeaving } from "./card-leaving.js";
import { Menu } from "./menu.js";
import { element, fit, setText } from "./nodes.js";
import { signed, unpacked } from "./numbers.js";
import { Picture } from "./picture.js";
import { pinned } from "./pinned.js";
import { tableOf } from "./table.js";

/** @import { Cards } from "./cards.js" */
/** @import { Panel, Word, Marked, Fact } from "./wire.js" */

const NOTHING = { row: null, column: null };
const DIGITS = 2; // of the numbers of the table

export class Card {
  /** @param {Cards} view */
  constructor(view) {
    this.view = view;
    this.root = view.row.appendChild(element("section", "s2s-card"));
    this.head = this.root.appendChild(element("div", "s2s-head"));
    this.title = this.head.appendChild(element("h3", "s2s-title"));
    this.about = this.head.appendChild(element("p", "s2s-about"));
    this.menu = new Menu(this);
    this.head.append(this.menu.button);
    this.source = this.root.appendChild(element("p", "s2s-read"));
    this.words = this.root.appendChild(element("div", "s2s-words"));
    this.words.setAttribute("role", "group");
    this.notice = this.root.appendChild(element("p", "s2s-notice"));
    this.picture = new Picture(["s2s-veil", "s2s-hover", "s2s-pin"]);
    this.picture.weight = (pair) => this.numbers.cells[0].values[pair];
    this.root.append(this.picture.scroll);
    this.facts = this.root.appendChild(element("dl", "s2s-facts"));
    this.held = this.root.appendChild(element("div", "s2s-held"));
    this.table = this.root.appendChild(element("details", "s2s-all"));
    this.summary = this.table.appendChild(element("summary"));
    this.tableBox = this.table.appendChild(element("div", "s2s-table-scroll"));
    /** @type {Panel | null} */
    this.panel = null;
    this.numbers = null; // those of the panel, with their arrays unpacked
    this.listen();
  }

  listen() {
    const { view, words, facts } = this;
    const leave = () => view.setHover(null, null, null, null);
    const enterWord = (event) => {
      const word = wordAt(event);
      if (!word) return;
      const box = word.getBoundingClientRect();
      view.setHover(this, rowOfWord(word), null, { x: box.left, y: box.bottom });
    };
    for (
      const [name, answer] of Object.entries({
        pointerover: enterWord,
        focusin: enterWord,
        pointerleave: leave,
        focusout: leave,
      })
    ) words.addEventListener(name, answer);
    words.addEventListener("click", (event) => {
      const word = wordAt(event);
      if (word && rowOfWord(word) !== null) view.togglePin(this, rowOfWord(word), null);
    });
    for (const name of ["pointerover", "focusin"]) facts.addEventListener(name, (event) => this.explain(event));
    for (const name of ["pointerleave", "focusout"]) facts.addEventListener(name, () => view.tip.hide());
    this.table.addEventListener("toggle", () => this.writeTable());
    this.listenToPicture(leave);
  }

  listenToPicture(leave) {
    const { view, picture } = this;
    const { inner, scroll } = picture;
    inner.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch") return; // a finger scrolls, and taps
      const { row, column } = this.at(event);
      inner.classList.toggle("s2s-hit", row !== null || column !== null);
      view.setHover(this, row, column, { x: event.clientX, y: event.clientY });
    });
    inner.addEventListener("pointerleave", leave);
    inner.addEventListener("click", (event) => {
      const { row, column } = this.at(event);
      if (row !== null || column !== null) view.togglePin(this, row, column);
    });
    scroll.addEventListener("scroll", () => {
      view.follow(scroll);
      this.writeMore();
    }, { passive: true });
    scroll.addEventListener("keydown", (event) => this.key(event));
    scroll.addEventListener("blur", leave);
  }

  // Text

  /** @param {Panel} panel @param {number} room the width inside the card */
  write(panel, room) {
    const { labels } = this.view.data;
    const { scroll } = this.picture;
    const hasPicture = panel.figure !== null;
    this.panel = panel;
    if (hasPicture) this.picture.read(panel.figure);
    this.setNumbers(panel.numbers);
    setText(this.title, panel.title);
    setText(this.about, panel.about);
    this.menu.button.hidden = !hasPicture && !panel.source.length;
    this.menu.name();
    this.writeSource(panel.source, panel.marked);
    this.words.setAttribute("aria-label", labels.translation);
    this.words.lang = panel.languages.target;
    this.writeWords(panel.words);
    this.notice.hidden = !panel.notice;
    setText(this.notice, panel.notice);
    scroll.hidden = !hasPicture;
    scroll.tabIndex = hasPicture ? 0 : -1;
    scroll.setAttribute("aria-label", panel.spoken);
    if (hasPicture) this.picture.reserve(room, this.view.fontFamily);
    this.writeMore();
    this.writeFacts(panel.facts);
    setText(this.summary, labels.table);
    this.table.hidden = !panel.numbers;
    this.writeTable();
  }

  // Into a new object: the same data comes again when the theme changes. Cells without values are in the figure.
  setNumbers(numbers) {
    this.numbers = numbers && {
      ...numbers,
      rows: numbers.target.length,
      columns: numbers.source.length,
      cells: numbers.cells.map((cells) => ({
        ...cells,
        values: unpacked(cells.values ?? this.picture.figure.data[0].z),
      })),
    };
  }

  // The source words that are marked are crossed out, and named as text to those who cannot see it.
  /** @param {Marked[]} words */
  writeSource(words, marked) {
    const row = this.source;
    row.hidden = words.length === 0;
    fit(row, [null, ...words], () => element("span"), (span, word, i) => {
      if (!word) {
        span.className = "s2s-unseen";
        return setText(span, marked);
      }
      setText(span, word.text);
      span.lang = this.panel.languages.source;
      span.className = `s2s-read-word s2s-is-${word.mark}${words[i]?.spaced ? " s2s-apart" : ""}`;
      span.setAttribute("aria-hidden", "true");
    });
  }

  /** @param {Word[]} words */
  writeWords(words) {
    const { probability } = this.view.data.labels;
    fit(this.words, words, () => Object.assign(element("button", "s2s-word"), { type: "button" }), (word, one, i) => {
      setText(word, one.text);
      word.classList.toggle("s2s-spaced", words[i + 1]?.spaced ?? false);
      word.dataset.row = one.row ?? "";
      word.style.setProperty("--s2s-probability", one.probability.toFixed(3));
      word.setAttribute("aria-label", `${one.text}, ${probability} ${one.probability.toFixed(2)}`);
    });
  }

  /** @param {Fact[]} facts */
  writeFacts(facts) {
    fit(this.facts, facts, buildFact, (box, { label, value, explanation }) => {
      setText(box.children[0], label);
      setText(box.children[1], value);
      box.setAttribute("aria-label", `${label}: ${value}. ${explanation}`);
      box.dataset.explanation = explanation;
    });
  }

  explain(event) {
    const fact = event.target.closest?.(".s2s-fact");
    if (!fact?.dataset.explanation) return;
    const box = fact.getBoundingClientRect();
    this.view.tip.show(fact.dataset.explanation, { x: box.left - 16, y: box.bottom - 12 });
  }

  // Where something is out of sight it is said at that edge, and how much: a press scrolls there.
  writeMore() {
    this.picture.writeMore(this.view.data.labels.more);
  }

  fail(message) {
    this.notice.hidden = false;
    setText(this.notice, message);
  }

  // Pointer and keys

  // The unit, or pair of units, at a point: each null where there is none.
  at(event) {
    return (this.numbers && this.picture.at(event)) ?? NOTHING;
  }

  // Arrows walk over the cells, Enter pins.
  key(event) {
    const { view, picture } = this;
    if (!this.numbers || event.target !== picture.scroll) return;
    const here = view.hover?.card === this ? view.hover : null;
    const cell = picture.moved(event.key, here);
    if (cell) {
      event.preventDefault();
      view.setHover(this, cell.row, cell.column, picture.reveal(cell));
      view.say(this.describe(cell.row, cell.column));
    } else if ((event.key === "Enter" || event.key === " ") && here) {
      event.preventDefault();
      view.togglePin(this, here.row, here.column);
    }
  }

  /** @param {"source" | "target"} axis @returns {number | null} */
  find(axis, key) {
    const index = key == null || !this.numbers ? -1 : this.numbers[`${axis}_keys`].indexOf(key);
    return index < 0 ? null : index;
  }

  cellOf(keys) {
    return { row: this.find("target", keys?.target), column: this.find("source", keys?.source) };
  }

  highlight(hover, pin) {
    const { picture } = this;
    for (const word of /** @type {Iterable<HTMLElement>} */ (this.words.children)) {
      const row = rowOfWord(word);
      word.classList.toggle("s2s-word-on", row !== null && row === hover.row);
      word.classList.toggle("s2s-pinned", row !== null && row === pin.row);
      word.setAttribute("aria-pressed", String(row !== null && row === pin.row));
    }
    if (!picture.box || !picture.figure) return;
    const { meta, box, kind } = picture;
    picture.markTicks("source", meta.columns, [hover.column, pin.column]);
    picture.markTicks("target", meta.rows, [hover.row, pin.row]);
    const paths = [hover, pin].map((cell) => (this.numbers ? picture.path(cell) : ""));
    picture.mark("s2s-hover", paths[0]);
    picture.mark("s2s-pin", paths[1]);
    const isVeiled = kind.isVeiled && paths.some(Boolean);
    const [width, height] = [box.width + 16, box.height + 6];
    picture.mark("s2s-veil", isVeiled ? `M${box.left - 8},${box.top - 3}h${width}v${height}h${-width}z` : "");
  }

  // Out of the app

  leaving() {
    return cardLeaving(this);
  }

  get printed() {
    return this.panel?.figure ? this.picture.scroll : null;
  }

  // Numbers

  /** @returns {[string, string][]} */
  describe(row, column) {
    const { numbers } = this;
    const { labels } = this.view.data;
    const said = [];
    if (column !== null) said.push([labels.source_word, numbers.source[column]]);
    if (column !== null && numbers.meanings[column]) said.push([labels.meaning, numbers.meanings[column]]);
    if (row !== null) said.push([labels.target_word, numbers.target[row]]);
    if (row !== null && column !== null) {
      said.push(...numbers.cells.map((cells) => [cells.name, this.written(cells, row, column)]));
    } else if (row !== null) said.push(...this.certainty(row));
    return said;
  }

  written(cells, row, column, digits = cells.digits) {
    return signed(cells.values[row * this.numbers.columns + column], digits);
  }

  // What is said of a target unit: how sure it was, how focused its row.
  certainty(row) {
    return this.numbers.series.map(({ name, values }) => [name, values[row]]);
  }

  writePin(pin) {
    this.held.hidden = !pin || !this.numbers;
    this.held.replaceChildren(...(this.held.hidden ? [] : pinned(this, pin)));
  }

  // What is said when it is pinned: which word, and of a cell what its numbers are.
  /** @param {import("./pin.js").Pin} pin */
  pinnedAs(pin) {
    const { row, column } = this.cellOf(this.view.pinKeys());
    const head = this.held.querySelector(".s2s-held-head span").textContent;
    const isCell = pin.other !== null && row !== null && column !== null;
    return isCell ? `${head}. ${this.describe(row, column).map((pair) => pair.join(" ")).join(", ")}` : head;
  }

  // Every number of the picture, written only while it is open.
  writeTable() {
    this.tableBox.replaceChildren();
    const { numbers } = this;
    if (!this.table.open || !numbers) return;
    const { labels } = this.view.data;
    const shown = numbers.cells[this.picture.meta?.values === "scores" ? 1 : 0];
    const head = [labels.target_word, ...numbers.source, ...numbers.series.map(({ name }) => name)];
    const rows = numbers.target.map((word, row) => [
      word,
      ...numbers.source.map((_, column) => this.written(shown, row, column, DIGITS)),
      ...this.certainty(row).map(([, value]) => value),
    ]);
    const table = tableOf(head, rows);
    for (const cell of [...table.tHead.rows[0].cells].slice(1, numbers.columns + 1)) cell.className = "s2s-source";
    for (const row of table.tBodies[0].rows) row.cells[0].className = "s2s-target";
    this.tableBox.tabIndex = 0;
    this.tableBox.append(table);
  }
}

function buildFact() {
  const fact = element("div", "s2s-fact");
  fact.append(element("dt"), element("dd"));
  fact.tabIndex = 0;
  return fact;
}

function wordAt(event) {
  return event.target.closest?.(".s2s-word");
}

function rowOfWord(word) {
  return word.dataset.row === "" ? null : Number(word.dataset.row);
}
