// The cards of pages/kit/live.py: words, a picture and numbers for each translator, drawn in place.
//
// Data comes in through the default export at every run. Everything a reader does is answered here, within a
// frame: hover and keys move a highlight through all cards, a click pins it. Python hears of a new theme alone.
// What people typed is written with textContent, and in figures it arrives escaped. Where rows are steps, a step that
// another component points at ("s2s-step") is highlighted here, and one that is looked at here is told ("s2s-look").

import { copyAsText } from "./copy.js";
import { awaitStyle, element, setText, shape, signed } from "./nodes.js";
import { CONFIG, loadPlotly } from "./plotly.js";
import { otherTheme } from "./theme.js";

// Where Plotly writes the words of the two axes.
const TICKS = {
  heatmap: { source: ".xtick text", target: ".ytick text" },
  lines: { source: ".x2tick text", target: ".xtick text" },
  curves: { source: null, target: ".xtick text" },
};

const STROKE = 40; // pixels that Plotly puts before a name in the key of lines
const APART = 5; // and between two of them
const pen = document.createElement("canvas").getContext("2d"); // to measure text with

const views = new WeakMap(); // parentElement -> View

export default function ({ parentElement, data, setTriggerValue }) {
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = new View(parentElement)));
  view.update(data, { theme: (name) => setTriggerValue("theme", name) });
}

class View {
  constructor(parent) {
    this.root = element("div", "s2s-live");
    this.bar = this.root.appendChild(element("div", "s2s-bar"));
    this.help = this.bar.appendChild(element("p", "s2s-help"));
    this.legends = this.bar.appendChild(element("div", "s2s-legends"));
    this.row = this.root.appendChild(element("div", "s2s-cards"));
    this.tip = this.root.appendChild(element("div", "s2s-tip"));
    this.tip.hidden = true;
    this.heard = this.root.appendChild(element("p", "s2s-unseen"));
    this.heard.setAttribute("aria-live", "polite");
    this.cards = [];
    this.hover = null; // {card, row, column}, row or column may be null
    this.pin = null; // {panel, axis, key, index, other}: `other` is the key of the cell's source word
    this.step = null; // the row that another component points at
    awaitStyle(parent, this.root);
    parent.append(this.root);
    copyAsText(this.root, ".s2s-words");
    new ResizeObserver(() => this.resize()).observe(this.row);
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.pin) {
        event.stopPropagation();
        this.setPin(null);
      }
    });
    window.addEventListener("s2s-step", (event) => {
      if (!this.data?.inSteps || !this.root.isConnected) return;
      this.step = event.detail;
      this.highlight();
    });
  }

  update(data, report) {
    this.data = data;
    this.report = report;
    this.writeFrame();
    while (this.cards.length > data.panels.length) this.cards.pop().root.remove();
    while (this.cards.length < data.panels.length) this.cards.push(new Card(this));
    this.row.style.setProperty("--s2s-columns", data.panels.filter((panel) => !panel.isWide).length || 1);
    this.row.classList.toggle("s2s-wordless", data.panels.every((panel) => !panel.words.length));
    this.cards.forEach((card, i) => card.write(data.panels[i], data));
    this.tip.hidden = true; // its numbers are of the last sentence
    this.keepPin();
    this.highlight();
    this.draw();
    this.askForTheme();
  }

  // The theme changed in the browser: Python, which chooses the colours of pictures, is asked to run again.
  askForTheme() {
    const wanted = otherTheme(this.row, this.data.colors.background);
    if (wanted && wanted !== this.asked) this.report.theme(wanted);
    this.asked = wanted;
  }

  writeFrame() {
    const { colors, labels, legends } = this.data;
    for (const [name, color] of Object.entries(colors)) this.root.style.setProperty(`--s2s-${name}`, color);
    setText(this.help, labels.help_pin);
    while (this.legends.children.length > legends.length) this.legends.lastChild.remove();
    while (this.legends.children.length < legends.length) {
      const legend = this.legends.appendChild(element("div", "s2s-legend"));
      legend.append(element("span"), element("span", "s2s-ramp"), element("span"));
    }
    legends.forEach((legend, i) => {
      const [low, ramp, high] = this.legends.children[i].children;
      setText(low, `${legend.title}  ${legend.low}`);
      setText(high, legend.high);
      ramp.style.background = `linear-gradient(to right, ${legend.colors.join(", ")})`;
    });
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
    this.rooms = this.measured();
    const font = getComputedStyle(this.root).fontFamily;
    this.cards.forEach((card, i) => card.draw(Plotly, this.rooms[i], font));
    this.highlight();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (window.__s2sPainted = performance.now());
      port2.postMessage(null); // its task runs after the frame was painted
    });
  }

  // The width inside each card.
  measured() {
    return this.cards.map((card) => card.head.clientWidth);
  }

  resize() {
    if (this.data && this.measured().some((room, i) => room !== this.rooms?.[i])) this.draw();
  }

  // Highlight: what the pointer is on, and what is pinned, in every card.

  setHover(card, row, column, place) {
    const same =
      this.hover && this.hover.card === card && this.hover.row === row && this.hover.column === column;
    const none = card === null || (row === null && column === null);
    if (none) this.hover = null;
    else if (!same) this.hover = { card, row, column };
    if (!same || none) this.highlight();
    if (this.data.inSteps) window.dispatchEvent(new CustomEvent("s2s-look", { detail: none ? null : row }));
    if (none) this.tip.hidden = true;
    else this.showTip(card.describe(row, column), place);
  }

  highlight() {
    for (const card of this.cards) card.highlight(this.inCard(card, this.hoverKeys()), this.inCard(card, this.pinKeys()));
  }

  hoverKeys() {
    if (!this.hover) return this.stepKeys();
    const { card, row, column } = this.hover;
    const numbers = card.numbers;
    return { target: numbers?.targetKeys[row], source: numbers?.sourceKeys[column] };
  }

  stepKeys() {
    if (this.step === null) return null;
    const card = this.cards.find((one) => one.numbers?.targetKeys[this.step] !== undefined);
    return card ? { target: card.numbers.targetKeys[this.step] } : null;
  }

  pinKeys() {
    if (!this.pin) return null;
    const { axis, key, other } = this.pin;
    return axis === "target" ? { target: key, source: other } : { source: key };
  }

  inCard(card, keys) {
    if (!keys || !card.numbers) return { row: null, column: null };
    return { row: card.rowOf(keys.target), column: card.columnOf(keys.source) };
  }

  // Pin

  togglePin(card, row, column) {
    const numbers = card.numbers;
    if (!numbers) return;
    const onRow = row !== null;
    const pin = {
      panel: card.panel.name,
      axis: onRow ? "target" : "source",
      index: onRow ? row : column,
      key: onRow ? numbers.targetKeys[row] : numbers.sourceKeys[column],
      other: onRow && column !== null ? numbers.sourceKeys[column] : null,
    };
    const old = this.pin;
    const again = old && old.axis === pin.axis && old.key === pin.key && old.other === pin.other;
    this.setPin(again ? null : pin);
  }

  setPin(pin) {
    this.pin = pin;
    this.highlight();
    for (const card of this.cards) card.writePin(pin, this.data.labels);
  }

  // New data: the pin stays with its word where that is still there, and is let go where it is not.
  keepPin() {
    const pin = this.pin;
    if (pin) {
      const has = (card) => card.numbers && card.find(pin.axis, pin.key) !== null;
      const home = this.cards.find((card) => card.panel.name === pin.panel && has(card)) ?? this.cards.find(has);
      if (!home) return this.setPin(null);
      this.pin = { ...pin, panel: home.panel.name, index: home.find(pin.axis, pin.key) };
    }
    for (const card of this.cards) card.writePin(this.pin, this.data.labels);
  }

  // The tip: pairs of a name and a value, or a sentence; beside a point of the window.

  showTip(content, { x, y }) {
    const tip = this.tip;
    const prose = typeof content === "string";
    tip.classList.toggle("s2s-prose", prose);
    if (prose) tip.textContent = content;
    else tip.replaceChildren(...content.flatMap(([name, value]) => [element("span", "", name), element("b", "", value)]));
    tip.hidden = false;
    const box = this.root.getBoundingClientRect();
    const room = { x: Math.min(window.innerWidth, box.right) - tip.offsetWidth - 4, y: window.innerHeight - tip.offsetHeight - 4 };
    const left = x + 16 > room.x ? Math.max(box.left, x - tip.offsetWidth - 12) : x + 16;
    const top = y + 18 > room.y ? y - tip.offsetHeight - 12 : y + 18;
    tip.style.transform = `translate(${Math.round(left - box.left)}px, ${Math.round(top - box.top)}px)`;
  }

  say(content) {
    setText(this.heard, content.map((pair) => pair.join(" ")).join(", "));
  }
}

class Card {
  constructor(view) {
    this.view = view;
    this.root = view.row.appendChild(element("section", "s2s-card"));
    this.head = this.root.appendChild(element("div", "s2s-head"));
    this.title = this.head.appendChild(element("h3", "s2s-title"));
    this.save = this.head.appendChild(element("button", "s2s-save", "↓ SVG"));
    this.source = this.root.appendChild(element("p", "s2s-read"));
    this.words = this.root.appendChild(element("div", "s2s-words"));
    this.words.setAttribute("role", "group");
    this.notice = this.root.appendChild(element("p", "s2s-notice"));
    this.scroll = this.root.appendChild(element("div", "s2s-scroll"));
    this.scroll.setAttribute("role", "group");
    this.picture = this.scroll.appendChild(element("div", "s2s-picture"));
    this.plot = this.picture.appendChild(element("div", "s2s-plot"));
    this.plot.setAttribute("aria-hidden", "true");
    this.buildOverlay();
    this.strips = ["s2s-strip-left", "s2s-strip-top", "s2s-strip-corner"].map((name) => {
      const strip = element("div", name);
      strip.setAttribute("aria-hidden", "true");
      return strip;
    });
    this.picture.prepend(...this.strips);
    this.facts = this.root.appendChild(element("dl", "s2s-facts"));
    this.held = this.root.appendChild(element("div", "s2s-held"));
    this.table = this.root.appendChild(element("details", "s2s-all"));
    this.summary = this.table.appendChild(element("summary"));
    this.tableBox = this.table.appendChild(element("div", "s2s-table-scroll"));
    this.panel = null;
    this.numbers = null;
    this.drawn = { text: null, room: 0, font: "" };
    this.geometry = null;
    this.ticks = { source: [], target: [] };
    this.listen();
  }

  buildOverlay() {
    this.overlay = shape("svg");
    this.overlay.setAttribute("class", "s2s-overlay");
    this.overlay.setAttribute("aria-hidden", "true");
    [this.veil, this.hoverMark, this.pinMark] = ["s2s-veil", "s2s-hover", "s2s-pin"].map((name) => {
      const path = shape("path");
      path.setAttribute("class", name);
      return this.overlay.appendChild(path);
    });
    this.picture.append(this.overlay);
  }

  listen() {
    const { view, picture, words, scroll } = this;
    const wordAt = (event) => event.target.closest?.(".s2s-word");
    const enterWord = (event) => {
      const word = wordAt(event);
      if (!word) return;
      const box = word.getBoundingClientRect();
      view.setHover(this, rowOfWord(word), null, { x: box.left, y: box.bottom });
    };
    const leave = () => view.setHover(null, null, null);
    words.addEventListener("pointerover", enterWord);
    words.addEventListener("focusin", enterWord);
    words.addEventListener("pointerleave", leave);
    words.addEventListener("focusout", leave);
    words.addEventListener("click", (event) => {
      const word = wordAt(event);
      if (word && rowOfWord(word) !== null) view.togglePin(this, rowOfWord(word), null);
    });
    picture.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch") return; // a finger scrolls, and taps
      const { row, column } = this.at(event);
      picture.classList.toggle("s2s-hit", row !== null || column !== null);
      view.setHover(this, row, column, { x: event.clientX, y: event.clientY });
    });
    picture.addEventListener("pointerleave", leave);
    picture.addEventListener("click", (event) => {
      const { row, column } = this.at(event);
      if (row !== null || column !== null) view.togglePin(this, row, column);
    });
    scroll.addEventListener("scroll", () => this.follow(), { passive: true });
    scroll.addEventListener("keydown", (event) => this.key(event));
    scroll.addEventListener("blur", leave);
    this.facts.addEventListener("pointerover", (event) => this.explain(event));
    this.facts.addEventListener("focusin", (event) => this.explain(event));
    this.facts.addEventListener("pointerleave", () => (view.tip.hidden = true));
    this.facts.addEventListener("focusout", () => (view.tip.hidden = true));
    this.table.addEventListener("toggle", () => this.writeTable());
    this.save.addEventListener("click", () => this.download());
  }

  // Text

  write(panel, data) {
    const { labels } = data;
    this.panel = panel;
    this.root.classList.toggle("s2s-wide", panel.isWide);
    this.readFigure(panel.figure);
    this.setNumbers(panel.numbers);
    setText(this.title, panel.title);
    this.save.title = labels.save_picture;
    this.save.setAttribute("aria-label", `${panel.title}: ${labels.save_picture}`);
    this.save.hidden = !panel.figure;
    this.writeSource(panel.source, panel.marked);
    this.words.setAttribute("aria-label", labels.translation);
    this.words.lang = data.targetLanguage;
    this.writeWords(panel.words, labels);
    this.notice.hidden = !panel.notice;
    setText(this.notice, panel.notice);
    this.scroll.hidden = !panel.figure;
    this.scroll.tabIndex = panel.figure ? 0 : -1;
    this.scroll.setAttribute("aria-label", panel.spoken);
    this.reserve();
    this.writeFacts(panel.facts);
    setText(this.summary, labels.table);
    this.table.hidden = !panel.numbers;
    this.writeTable();
  }

  // Into a new object: the same data comes again when the theme changes.
  setNumbers(numbers) {
    this.numbers = numbers && {
      ...numbers,
      rows: numbers.target.length,
      columns: numbers.source.length,
      // Those without values are in the figure.
      cells: numbers.cells.map((cells) => ({ ...cells, values: floats(cells.values ?? this.figure.data[0].z) })),
    };
  }

  // The source words that are marked are crossed out, and named as text to those who cannot see it.
  writeSource(words, marked) {
    const row = this.source;
    row.hidden = words.length === 0;
    while (row.children.length > words.length + 1) row.lastChild.remove();
    while (row.children.length < words.length + 1) row.append(element("span"));
    row.firstChild.className = "s2s-unseen";
    setText(row.firstChild, marked);
    words.forEach((word, i) => {
      const span = row.children[i + 1];
      setText(span, word.text);
      span.lang = "fr";
      span.className = `s2s-read-word s2s-is-${word.mark}${words[i + 1]?.spaced ? " s2s-apart" : ""}`;
      span.setAttribute("aria-hidden", "true");
    });
  }

  writeWords(words, labels) {
    const row = this.words;
    while (row.children.length > words.length) row.lastChild.remove();
    while (row.children.length < words.length) {
      const word = row.appendChild(element("button", "s2s-word"));
      word.type = "button";
    }
    words.forEach((word, i) => {
      const button = row.children[i];
      setText(button, word.text);
      button.classList.toggle("s2s-spaced", words[i + 1]?.spaced ?? false);
      button.dataset.row = word.row ?? "";
      button.style.setProperty("--s2s-probability", word.probability.toFixed(3));
      button.setAttribute("aria-label", `${word.text}, ${labels.probability} ${word.probability.toFixed(2)}`);
    });
  }

  writeFacts(facts) {
    const list = this.facts;
    while (list.children.length > facts.length) list.lastChild.remove();
    while (list.children.length < facts.length) {
      const fact = list.appendChild(element("div", "s2s-fact"));
      fact.append(element("dt"), element("dd"));
      fact.tabIndex = 0;
    }
    facts.forEach((fact, i) => {
      const box = list.children[i];
      setText(box.children[0], fact.label);
      setText(box.children[1], fact.value);
      box.setAttribute("aria-label", `${fact.label}: ${fact.value}. ${fact.explanation}`);
      box.dataset.explanation = fact.explanation;
    });
  }

  explain(event) {
    const fact = event.target.closest?.(".s2s-fact");
    if (!fact?.dataset.explanation) return;
    const box = fact.getBoundingClientRect();
    this.view.showTip(fact.dataset.explanation, { x: box.left - 16, y: box.bottom - 12 });
  }

  // Picture

  readFigure(text) {
    if (!text || text === this.read) return;
    this.read = text;
    this.figure = JSON.parse(text);
  }

  // The figure's height is known before it is drawn, and before Plotly has come.
  reserve() {
    if (!this.panel.figure || this.panel.figure === this.reserved) return;
    this.reserved = this.panel.figure;
    this.picture.style.height = `${sized(this.figure.layout, this.head.clientWidth, getComputedStyle(this.root).fontFamily).height}px`;
  }

  draw(Plotly, room, font) {
    const text = this.panel.figure;
    if (!text || (text === this.drawn.text && room === this.drawn.room && font === this.drawn.font)) return;
    this.drawn = { text, room, font };
    const { data, layout } = this.figure;
    const { meta } = layout;
    this.size = sized(layout, room, font);
    const { width, height, margin } = this.size;
    Object.assign(this.picture.style, { width: `${width}px`, height: `${height}px` });
    Plotly.react(this.plot, data, { ...layout, ...this.size, font: { ...layout.font, family: font } }, CONFIG);
    this.geometry = {
      ...meta,
      left: margin.l,
      top: margin.t,
      width: width - margin.l - margin.r,
      height: height - margin.t - margin.b,
      slope: 1 / Math.tan((meta.turn * Math.PI) / 180), // sideways per pixel upwards, along a turned label
    };
    this.overlay.classList.toggle("s2s-ribbons", meta.kind === "lines");
    const { source, target } = TICKS[meta.kind];
    this.writeStrips(width > room || height > this.scroll.clientHeight);
    this.ticks = {
      source: source ? [...this.picture.querySelectorAll(source)] : [],
      target: [...this.picture.querySelectorAll(target)],
    };
  }

  // Where a heatmap is larger than its card, copies of its words stay in sight while it scrolls.
  writeStrips(needed) {
    const { left, top, kind } = this.geometry;
    const shown = needed && kind === "heatmap";
    const { width, height } = this.size;
    const sizes = [
      [left, height],
      [width, top],
      [left, top],
    ];
    const layers = [".yaxislayer-above", ".xaxislayer-above"].map((name) => this.plot.querySelector(name));
    this.strips.forEach((strip, i) => {
      strip.hidden = !shown;
      strip.replaceChildren();
      if (!shown) return;
      const copy = shape("svg");
      copy.setAttribute("width", sizes[i][0]);
      copy.setAttribute("height", sizes[i][1]);
      if (layers[i]) copy.append(layers[i].cloneNode(true));
      strip.append(copy);
    });
  }

  fail(message) {
    this.notice.hidden = false;
    setText(this.notice, message);
  }

  async download() {
    const Plotly = await loadPlotly();
    Plotly.downloadImage(this.plot, {
      format: "svg",
      filename: `attention-${this.panel.name}`,
      width: this.size.width,
      height: this.size.height,
    });
  }

  // Pictures with the same source axis scroll sideways together.
  follow() {
    for (const card of this.view.cards) {
      if (card !== this && Math.abs(card.scroll.scrollLeft - this.scroll.scrollLeft) > 1) {
        card.scroll.scrollLeft = this.scroll.scrollLeft;
      }
    }
  }

  // Pointer and keys

  rowOf(key) {
    return this.find("target", key);
  }

  columnOf(key) {
    return this.find("source", key);
  }

  find(axis, key) {
    const index = key == null ? -1 : this.numbers[`${axis}Keys`].indexOf(key);
    return index < 0 ? null : index;
  }

  // The unit, or pair of units, at a point: {row, column}, each null where there is none.
  at(event) {
    const none = { row: null, column: null };
    const g = this.geometry;
    if (!g || !this.numbers) return none;
    const box = this.picture.getBoundingClientRect();
    const sight = this.scroll.getBoundingClientRect();
    const inStrip = g.kind === "heatmap"; // there words stay in sight, whatever is scrolled
    const beside = event.clientX - Math.max(sight.left, box.left) - g.left;
    const above = event.clientY - Math.max(sight.top, box.top) - g.top;
    const x = inStrip && beside < 0 ? beside : event.clientX - box.left - g.left;
    const y = inStrip && above < 0 ? above : event.clientY - box.top - g.top;
    if (inStrip && beside < 0 && above < 0) return none;
    const slot = (position, count) => {
      const index = Math.floor((position / g.width) * count);
      return index >= 0 && index < count ? index : null;
    };
    if (g.kind === "curves") return { row: slot(y > g.height ? x - (y - g.height) * g.slope : x, g.rows), column: null };
    if (y < 0) return { row: null, column: slot(x + y * g.slope, g.columns) };
    if (g.kind === "lines") {
      if (y > g.height) return { row: slot(x + (y - g.height) * g.slope, g.rows), column: null };
      return this.ribbonAt(x, y) ?? none;
    }
    if (y >= g.height || x >= g.width) return none;
    const row = Math.floor((y / g.height) * g.rows);
    return { row, column: x < 0 ? null : slot(x, g.columns) };
  }

  // The heaviest ribbon at a point of the plot area; a thin one answers within three pixels of its middle.
  ribbonAt(x, y) {
    const g = this.geometry;
    let found = null;
    let most = 0;
    for (let row = 0; row < g.rows; row++) {
      for (let column = 0; column < g.columns; column++) {
        const weight = this.weight(row, column);
        if (weight <= most) continue;
        const { top, bottom, half } = this.ribbon(row, column, weight);
        const middle = bottom + (top - bottom) * (1 - y / g.height);
        if (Math.abs(x - middle) > Math.max(half, weight > 0.02 ? 3 : 0)) continue;
        most = weight;
        found = { row, column };
      }
    }
    return found;
  }

  ribbon(row, column, weight) {
    const g = this.geometry;
    const top = ((column + 0.5) * g.width) / g.columns;
    const bottom = ((row + 0.5) * g.width) / g.rows;
    const half = (0.5 * g.full * weight * Math.hypot(top - bottom, g.height)) / g.height;
    return { top, bottom, half };
  }

  // The number that the picture draws of a pair of units.
  weight(row, column) {
    return this.number(this.numbers.cells[0], row, column);
  }

  number(cells, row, column) {
    return cells.values[row * this.numbers.columns + column];
  }

  written(cells, row, column) {
    return signed(this.number(cells, row, column), cells.digits);
  }

  // Arrows walk over the cells, Enter pins.
  key(event) {
    const { view, numbers } = this;
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (this.geometry?.kind === "curves") [moves.ArrowLeft, moves.ArrowRight] = [moves.ArrowUp, moves.ArrowDown];
    if (!numbers || event.target !== this.scroll) return;
    const here = view.hover?.card === this ? view.hover : null;
    const move = moves[event.key];
    if (move) {
      event.preventDefault();
      const clamp = (value, count) => Math.max(0, Math.min(count - 1, value));
      const row = here ? clamp((here.row ?? 0) + move[0], numbers.rows) : 0;
      const across = here ? clamp((here.column ?? 0) + move[1], numbers.columns) : 0;
      const column = numbers.columns ? across : null;
      view.setHover(this, row, column, this.reveal(row, column));
      view.say(this.describe(row, column));
    } else if ((event.key === "Enter" || event.key === " ") && here) {
      event.preventDefault();
      view.togglePin(this, here.row, here.column);
    }
  }

  // Scroll a cell into sight; the point of the window where it stands.
  reveal(row, column) {
    const g = this.geometry;
    if (!g) return { x: 0, y: 0 };
    const across = g.kind === "curves" ? (row + 0.5) / g.rows : (column + 0.5) / g.columns;
    const x = g.left + across * g.width;
    const y = g.top + (g.kind === "heatmap" ? ((row + 0.5) * g.height) / g.rows : 0);
    const { scroll } = this;
    if (x > scroll.scrollLeft + scroll.clientWidth - 20 || x < scroll.scrollLeft + 20) {
      scroll.scrollLeft = x - scroll.clientWidth / 2;
    }
    if (y > scroll.scrollTop + scroll.clientHeight - 20 || y < scroll.scrollTop + 20) {
      scroll.scrollTop = y - scroll.clientHeight / 2;
    }
    const box = this.picture.getBoundingClientRect();
    return { x: box.left + x, y: box.top + y };
  }

  describe(row, column) {
    const { numbers } = this;
    const { labels } = this.view.data;
    const said = [];
    if (column !== null) said.push([labels.source_word, numbers.source[column]]);
    if (row !== null) said.push([labels.target_word, numbers.target[row]]);
    if (row !== null && column !== null) {
      for (const cells of numbers.cells) said.push([cells.name, this.written(cells, row, column)]);
    } else if (row !== null) {
      said.push(...this.certainty(row));
    }
    return said;
  }

  // What is said of a target unit: how sure it was, how focused its row.
  certainty(row) {
    return this.numbers.series.map(({ name, values }) => [name, values[row]]);
  }

  highlight(hover, pin) {
    for (const word of this.words.children) {
      const row = rowOfWord(word);
      word.classList.toggle("s2s-on", row !== null && row === hover.row);
      word.classList.toggle("s2s-pinned", row !== null && row === pin.row);
      word.setAttribute("aria-pressed", String(row !== null && row === pin.row));
    }
    if (!this.geometry) return;
    this.mark(this.ticks.source, this.geometry.columns, hover.column, pin.column);
    this.mark(this.ticks.target, this.geometry.rows, hover.row, pin.row);
    const mark = this.geometry.kind === "lines" ? this.ribbonPath : this.bandPath;
    const paths = [mark.call(this, hover), mark.call(this, pin)];
    this.hoverMark.setAttribute("d", paths[0]);
    this.pinMark.setAttribute("d", paths[1]);
    const veiled = this.geometry.kind === "lines" && paths.some(Boolean);
    const { left, top, width, height } = this.geometry;
    this.veil.setAttribute("d", veiled ? `M${left - 8},${top - 3}h${width + 16}v${height + 6}h${-width - 16}z` : "");
  }

  // Words of an axis, its copy included, which has them in the same order.
  mark(ticks, count, hovered, pinned) {
    ticks.forEach((tick, i) => tick.classList.toggle("s2s-on", i % count === hovered || i % count === pinned));
  }

  // Outlines of a row and a column.
  bandPath({ row, column }) {
    const g = this.geometry;
    const cell = { width: g.width / g.columns, height: g.height / g.rows };
    const box = (x, y, width, height) => `M${g.left + x},${g.top + y}h${width}v${height}h${-width}z`;
    const parts = [];
    if (g.kind === "curves") return row !== null && row < g.rows ? box((row * g.width) / g.rows, 0, g.width / g.rows, g.height) : "";
    if (row !== null && row < g.rows) parts.push(box(0, row * cell.height, g.width, cell.height));
    if (column !== null && column < g.columns) parts.push(box(column * cell.width, 0, cell.width, g.height));
    return parts.join("");
  }

  // The ribbons of a word, or the one between two words.
  ribbonPath({ row, column }) {
    const g = this.geometry;
    if ((row === null && column === null) || !this.numbers) return "";
    const rows = row === null ? range(g.rows) : [row];
    const columns = column === null ? range(g.columns) : [column];
    const parts = [];
    for (const i of rows) {
      for (const j of columns) {
        const { top, bottom, half } = this.ribbon(i, j, this.weight(i, j));
        const corners = [
          [top - half, 0],
          [top + half, 0],
          [bottom + half, g.height],
          [bottom - half, g.height],
        ];
        parts.push(`M${corners.map(([x, y]) => `${(g.left + x).toFixed(2)},${g.top + y}`).join("L")}z`);
      }
    }
    return parts.join("");
  }

  // Numbers

  writePin(pin, labels) {
    this.held.hidden = !pin || !this.numbers;
    if (this.held.hidden) return this.held.replaceChildren();
    const { numbers } = this;
    const onRow = pin.axis === "target";
    const index = this.find(pin.axis, pin.key);
    const word = index === null ? wordOf(pin.key) : numbers[pin.axis][index];
    const head = element("div", "s2s-held-head");
    head.append(element("span", "", (onRow ? labels.pinned_row : labels.pinned_column).replace("{word}", () => word)));
    const unpin = head.appendChild(element("button", "s2s-unpin", "✕"));
    unpin.type = "button";
    unpin.setAttribute("aria-label", labels.unpin);
    unpin.title = labels.unpin;
    unpin.addEventListener("click", () => this.view.setPin(null));
    this.held.replaceChildren(head);
    if (index === null) {
      this.held.append(element("p", "s2s-held-facts", labels.absent));
      return;
    }
    if (onRow) {
      const facts = this.certainty(index).map((pair) => pair.join(" "));
      this.held.append(element("p", "s2s-held-facts", facts.join(" · ")));
    }
    if (!numbers.cells.length) return;
    const box = this.held.appendChild(element("div", "s2s-table-scroll"));
    box.tabIndex = 0;
    box.append(this.pinTable(onRow, index, labels));
  }

  pinTable(onRow, index, labels) {
    const { numbers } = this;
    const others = onRow ? numbers.source : numbers.target;
    const pair = (k) => (onRow ? [index, k] : [k, index]);
    const sizes = others.map((_, k) => Math.abs(this.weight(...pair(k))));
    const most = sizes.indexOf(Math.max(...sizes));
    const name = onRow ? labels.source_word : labels.target_word;
    const table = tableOf([name, ...numbers.cells.map((cells) => cells.name)]);
    others.forEach((word, k) => {
      const written = numbers.cells.map((cells) => this.written(cells, ...pair(k)));
      const row = tableRow(table, word, written, onRow ? "s2s-source" : "s2s-target");
      row.classList.toggle("s2s-most", k === most);
    });
    return table;
  }

  // Every number of the picture, written only while it is open.
  writeTable() {
    this.tableBox.replaceChildren();
    const { numbers } = this;
    if (!this.table.open || !numbers) return;
    const { labels } = this.view.data;
    const sure = numbers.series.map(({ name }) => name);
    const table = tableOf([labels.target_word, ...numbers.source, ...sure]);
    for (const head of [...table.tHead.rows[0].cells].slice(1, numbers.columns + 1)) head.className = "s2s-source";
    const shown = numbers.cells[this.figure?.layout.meta.values === "scores" ? 1 : 0];
    numbers.target.forEach((word, row) => {
      const cells = numbers.source.map((_, column) => signed(this.number(shown, row, column), 2));
      cells.push(...this.certainty(row).map(([, value]) => value));
      tableRow(table, word, cells, "s2s-target");
    });
    this.tableBox.tabIndex = 0;
    this.tableBox.append(table);
  }
}

function tableOf(heads) {
  const table = element("table");
  const row = table.createTHead().insertRow();
  for (const text of heads) {
    const head = row.appendChild(element("th", "", text));
    head.scope = "col";
  }
  table.createTBody();
  return table;
}

function tableRow(table, word, cells, className) {
  const row = table.tBodies[0].insertRow();
  const head = row.appendChild(element("th", className, word));
  head.scope = "row";
  head.title = word;
  for (const cell of cells) row.insertCell().textContent = cell;
  return row;
}

// Width, height and margin of a figure where there is `room`. What was kept above it for the key of its lines, as on a
// phone, is given back where the key takes fewer rows.
function sized({ meta, margin, height, font }, room, family) {
  const width = Math.max(meta.min_width, Math.min(room, meta.max_width));
  if (!meta.key) return { width, height, margin };
  const { row, rows } = meta.key;
  const within = width - margin.l - margin.r;
  pen.font = `${font.size}px ${family}`;
  const names = meta.key.names.map((name) => STROKE + pen.measureText(name).width);
  const whole = names.reduce((sum, name) => sum + name + APART, 0);
  const inRow = Math.max(1, Math.floor((within - APART) / Math.max(...names)));
  const spare = row * Math.max(0, rows - (whole <= within ? 1 : Math.ceil(names.length / inRow)));
  return { width, height: height - spare, margin: { ...margin, t: margin.t - spare } };
}

function rowOfWord(word) {
  return word.dataset.row === "" ? null : Number(word.dataset.row);
}

function wordOf(key) {
  return key.slice(0, key.lastIndexOf(" "));
}

function range(count) {
  return Array.from({ length: count }, (_, i) => i);
}

// Numbers as Python packed them: base64 of little-endian float32, which every browser's machine uses; none is plain.
function floats(array) {
  if (Array.isArray(array)) return new Float32Array(0);
  const bytes = Uint8Array.from(atob(array.bdata), (character) => character.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}
