// The numbered stages of pages/labs/walkthrough/stages.py: one step of a computation, told block by block, a column for each model.
//
// Data comes in through the default export at every run; blocks are written over in place, so nothing moves. What a
// reader chooses (step, word, number, switches) is held here and sent; hover, zoom, playing and scrolling never leave
// the browser. Figures are drawn where they come into sight. What people typed is written with textContent, and in
// figures it arrives escaped.

import { writeAddress } from "./address.js";
import { copyAsText } from "./copy.js";
import { awaitStyle, element, setText, shape, signed } from "./nodes.js";
import { CONFIG, loadPlotly } from "./plotly.js";
import { otherTheme } from "./theme.js";

const SCROLL = { capture: true, passive: true };
const PAUSE = 1600; // milliseconds a step, when it plays
const LEGIBLE = 44; // pixels of a cell in which its number can be read
const FEWEST = 8; // numbers in sight at the closest zoom
const NEAR = 400; // pixels beyond the window within which figures are drawn

const stories = new WeakMap(); // parentElement -> Story
export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  let story = stories.get(parentElement);
  if (!story) stories.set(parentElement, (story = new Story(parentElement, data)));
  story.update(data, { view: (view) => setStateValue("view", view), theme: (name) => setTriggerValue("theme", name) });
}

class Story {
  constructor(parent, data) {
    this.view = { ...data.view };
    this.zoom = null; // {first, last}: the numbers in sight, from 1; null shows all
    this.stage = 1;
    this.timer = null;
    this.root = element("div", "s2s-story");
    this.sights = new IntersectionObserver((entries) => this.see(entries), { rootMargin: `${NEAR}px 0px` });
    this.build();
    awaitStyle(parent, this.root);
    parent.append(this.root);
    copyAsText(this.root);
    this.listen();
    this.readLink();
  }

  build() {
    this.bar = this.root.appendChild(element("div", "s2s-walk-bar"));
    const steps = this.bar.appendChild(element("div", "s2s-walk-steps"));
    this.back = steps.appendChild(button("s2s-walk-button", "◀"));
    this.play = steps.appendChild(button("s2s-walk-button", "▶"));
    this.play.classList.add("s2s-play");
    this.next = steps.appendChild(button("s2s-walk-button", "▶"));
    this.slider = steps.appendChild(element("input", "s2s-slider"));
    Object.assign(this.slider, { type: "range", min: 1, step: 1 });
    this.told = steps.appendChild(element("output", "s2s-walk-told"));
    this.sources = this.bar.appendChild(element("div", "s2s-walk-source"));
    this.sources.setAttribute("role", "group");
    const places = this.bar.appendChild(element("div", "s2s-walk-places"));
    this.numbers = places.appendChild(element("nav", "s2s-walk-numbers"));
    this.zooms = places.appendChild(element("div", "s2s-walk-zoom"));
    this.zooms.setAttribute("role", "group");
    this.further = this.zooms.appendChild(button("s2s-walk-button", "−"));
    this.range = this.zooms.appendChild(button("s2s-walk-range"));
    this.closer = this.zooms.appendChild(button("s2s-walk-button", "+"));
    this.heads = this.root.appendChild(element("div", "s2s-walk-columns"));
    this.help = this.root.appendChild(element("p", "s2s-walk-help"));
    this.stages = this.root.appendChild(element("div", "s2s-walk-stages"));
    this.tip = this.root.appendChild(element("div", "s2s-tip"));
    this.tip.hidden = true;
    this.heard = this.root.appendChild(element("p", "s2s-unseen"));
    this.heard.setAttribute("aria-live", "polite");
  }

  listen() {
    this.back.addEventListener("click", () => this.go(this.view.step - 1));
    this.next.addEventListener("click", () => this.go(this.view.step + 1));
    this.play.addEventListener("click", () => (this.timer ? this.pause() : this.run()));
    this.slider.addEventListener("input", () => this.go(this.slider.valueAsNumber - 1));
    this.sources.addEventListener("click", (event) => this.pressWord(event));
    this.numbers.addEventListener("click", (event) => {
      const number = event.target.closest("button")?.dataset.stage;
      if (number) this.scrollTo(Number(number));
    });
    this.closer.addEventListener("click", () => this.zoomBy(0.5));
    this.further.addEventListener("click", () => this.zoomBy(2));
    this.range.addEventListener("click", () => this.setZoom(null));
    this.root.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.redraw()).observe(this.root);
    new ResizeObserver(() => this.measureBar()).observe(this.bar);
    this.scrolled = () => this.follow();
  }

  // What Python says

  update(data, report) {
    const first = !this.data;
    this.data = data;
    this.report = report;
    window.addEventListener("scroll", this.scrolled, SCROLL); // once, however often it is said
    for (const [name, color] of Object.entries(data.colors)) this.root.style.setProperty(`--s2s-${name}`, color);
    this.root.style.setProperty("--s2s-columns", data.columns.length);
    this.root.classList.toggle("s2s-many", data.columns.length > 1);
    this.view.step = Math.min(this.view.step, data.steps - 1);
    this.writeBar();
    this.writeHeads();
    this.writeStages();
    this.tip.hidden = true; // its numbers are of the last step
    this.writeLink();
    this.askForTheme();
    if (first && this.stage > 1) requestAnimationFrame(() => this.scrollTo(this.stage, "instant"));
  }

  writeBar() {
    const { data, view } = this;
    const { labels } = data;
    this.slider.max = data.steps;
    this.slider.value = view.step + 1;
    name(this.slider, labels.step);
    this.slider.setAttribute("aria-valuetext", data.told);
    setText(this.told, data.told);
    name(this.back, labels.back);
    name(this.next, labels.next);
    this.back.disabled = view.step === 0;
    this.next.disabled = view.step >= data.steps - 1;
    this.writePlay();
    this.sources.setAttribute("aria-label", labels.source);
    fit(this.sources, data.source, () => element("span", "s2s-walk-word"), (node, word) => this.writeWord(node, word));
    this.numbers.setAttribute("aria-label", labels.stages);
    fit(this.numbers, data.heads, () => button("s2s-walk-number"), (node, head, i) => {
      setText(node, String(i + 1));
      node.dataset.stage = i + 1;
      name(node, `${i + 1}. ${head.title}`);
      const marks = data.columns.map((column) => column.stages[i].mark).filter(Boolean);
      node.classList.toggle("s2s-holds", marks.length > 0 && marks.every((mark) => mark.holds));
      node.classList.toggle("s2s-fails", marks.some((mark) => !mark.holds));
    });
    this.writeZoom();
    this.markStage();
    setText(this.help, labels.help);
  }

  writePlay() {
    const { labels } = this.data;
    this.play.classList.toggle("s2s-playing", Boolean(this.timer));
    setText(this.play, this.timer ? "❚❚" : "▶");
    setText(this.next, "▶❘");
    setText(this.back, "❘◀");
    name(this.play, this.timer ? labels.pause : labels.play);
  }

  // A source word: one press chooses it; one of several pieces has a second button that opens it.
  writeWord(node, word) {
    const { labels } = this.data;
    const part = word.opened && word.text.startsWith("·");
    const wanted = word.pieces > 1 && !part ? 2 : 1;
    while (node.children.length > wanted) node.lastChild.remove();
    while (node.children.length < wanted) node.append(button(node.children.length ? "s2s-walk-open" : "s2s-walk-choose"));
    const [choose, open] = node.children;
    setText(choose, word.text);
    choose.lang = this.data.sourceLanguage;
    choose.dataset.key = word.key;
    choose.setAttribute("aria-pressed", String(word.chosen));
    node.classList.toggle("s2s-part", part);
    if (!open) return;
    setText(open, word.opened ? "–" : String(word.pieces));
    open.dataset.word = word.word;
    open.setAttribute("aria-expanded", String(word.opened));
    name(open, (word.opened ? labels.close : labels.open).replace("{word}", () => word.text));
  }

  writeHeads() {
    const { data } = this;
    fit(this.heads, data.columns, () => this.buildHead(), (node, column) => {
      const [title, words, told, notice] = node.children;
      title.hidden = data.columns.length < 2;
      setText(title, column.title);
      words.setAttribute("aria-label", data.labels.translation);
      words.lang = data.targetLanguage;
      fit(words, column.words, () => element("span", "s2s-walk-target"), (word, { pieces, spaced }) => {
        word.classList.toggle("s2s-spaced", spaced);
        fit(word, pieces, () => button("s2s-walk-piece"), (piece, [text, step]) => {
          setText(piece, text.replace(/^·/, ""));
          piece.dataset.step = step;
          piece.setAttribute("aria-current", step === column.step ? "step" : "false");
          piece.classList.toggle("s2s-later", step > column.step);
        });
      });
      setText(told, column.told);
      notice.hidden = !column.notice;
      setText(notice, column.notice);
    });
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

  writeStages() {
    const { heads, columns } = this.data;
    fit(this.stages, heads, () => this.buildStage(), (node, head, i) => {
      const [top, cells] = node.children;
      const [title, text, controls] = top.children;
      setText(title.children[0], String(i + 1));
      setText(title.children[1], head.title);
      setText(text, head.text);
      controls.hidden = !head.controls.length;
      fit(controls, head.controls, () => element("div"), (box, control) => this.writeControl(box, control));
      const most = Math.max(...columns.map((column) => column.stages[i].blocks.length));
      cells.style.setProperty("--s2s-rows", Math.max(1, most));
      fit(cells, columns, () => this.buildCell(), (cell, column) => this.writeCell(cell, column, i));
    });
  }

  buildStage() {
    const section = element("section", "s2s-stage");
    const top = section.appendChild(element("div", "s2s-stage-head"));
    const title = top.appendChild(element("h3", "s2s-stage-title"));
    title.append(element("span", "s2s-stage-number"), element("span"));
    top.append(element("p", "s2s-stage-text"), element("div", "s2s-controls"));
    section.append(element("div", "s2s-walk-columns"));
    return section;
  }

  buildCell() {
    const cell = element("div", "s2s-cell");
    const head = cell.appendChild(element("div", "s2s-cell-head"));
    head.append(element("p", "s2s-cell-name"), element("p", "s2s-mark"));
    cell.append(element("div", "s2s-blocks"));
    return cell;
  }

  writeCell(cell, column, i) {
    const { mark, blocks } = column.stages[i];
    const [head, body] = cell.children;
    const [title, sign] = head.children;
    title.hidden = this.data.columns.length < 2;
    setText(title, column.title);
    sign.hidden = !mark;
    sign.classList.toggle("s2s-fails", Boolean(mark) && !mark.holds);
    if (mark) setText(sign, `${mark.holds ? "✓" : "✗"} ${mark.text}`);
    this.fill(body, blocks);
  }

  // Blocks, each written over the one that stood in its place where that was of its kind.
  fill(parent, blocks) {
    while (parent.children.length > blocks.length) this.drop(parent.lastChild);
    blocks.forEach((block, i) => {
      let node = parent.children[i];
      if (node?.block?.kind !== block.kind) {
        const made = new KINDS[block.kind](this);
        made.kind = block.kind;
        made.root.block = made;
        if (node) {
          node.before(made.root);
          this.drop(node);
        } else parent.append(made.root);
        node = made.root;
      }
      node.block.write(block);
    });
  }

  drop(node) {
    for (const one of [node, ...node.querySelectorAll(".s2s-pic")]) if (one.block?.sight) this.sights.unobserve(one);
    node.remove();
  }

  // Controls of a stage

  writeControl(box, control) {
    if (box.dataset.name !== control.name) {
      box.dataset.name = control.name;
      box.className = "s2s-control";
      box.replaceChildren(control.kind === "range" ? this.buildRange(control) : this.buildSwitch(control));
    }
    const label = box.firstChild;
    label.title = control.help;
    label.querySelector("input").setAttribute("aria-description", control.help);
    const input = label.querySelector("input");
    setText(label.querySelector(".s2s-control-label"), control.label);
    if (control.kind === "range") {
      input.value = this.view[control.name];
      setText(label.querySelector("output"), Number(this.view[control.name]).toFixed(1));
    } else input.checked = this.view[control.name];
  }

  buildRange({ name: field, low, high, step }) {
    const label = element("label");
    const input = element("input", "s2s-slider");
    Object.assign(input, { type: "range", min: low, max: high, step });
    input.addEventListener("input", () => this.set({ [field]: Number(input.value) }));
    label.append(element("span", "s2s-control-label"), input, element("output"));
    return label;
  }

  buildSwitch({ name: field }) {
    const label = element("label");
    const input = element("input");
    Object.assign(input, { type: "checkbox", role: "switch" });
    input.addEventListener("change", () => this.set({ [field]: input.checked }));
    label.append(input, element("span", "s2s-control-label"));
    return label;
  }

  // What a reader does

  set(changes) {
    Object.assign(this.view, changes);
    this.writeBar();
    for (const box of this.root.querySelectorAll(".s2s-control output")) {
      setText(box, Number(this.view[box.closest("[data-name]").dataset.name]).toFixed(1));
    }
    this.report.view({ ...this.view });
  }

  go(step) {
    const bound = Math.max(0, Math.min(this.data.steps - 1, step));
    if (bound !== this.view.step) this.set({ step: bound });
  }

  run() {
    if (this.view.step >= this.data.steps - 1) this.set({ step: 0 });
    this.timer = setInterval(() => {
      if (!this.root.isConnected || this.view.step >= this.data.steps - 1) return this.pause();
      if (this.data.view.step === this.view.step) this.go(this.view.step + 1); // never ahead of the picture
    }, PAUSE);
    this.writePlay();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.writePlay();
  }

  pressWord(event) {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    if (pressed.dataset.word !== undefined) {
      const word = Number(pressed.dataset.word);
      const { opened } = this.view;
      this.set({ opened: opened.includes(word) ? opened.filter((one) => one !== word) : [...opened, word] });
    } else this.choose(Number(pressed.dataset.key));
  }

  // A word that is chosen again is let go: the one looked at most is shown once more.
  choose(key) {
    this.set({ word: this.view.word === key ? null : key });
  }

  key(event) {
    const { target } = event;
    if (target.closest("input, .s2s-pic-frame, .s2s-table-scroll") || event.altKey || event.ctrlKey || event.metaKey) return;
    const moves = { ArrowLeft: -1, ArrowRight: 1 };
    if (!(event.key in moves)) return;
    event.preventDefault();
    this.go(this.view.step + moves[event.key]);
  }

  // Zoom: which numbers of all vectors are in sight.

  get width() {
    return this.data.columns[0].width;
  }

  zoomBy(factor, middle) {
    const { first, last } = this.zoom ?? { first: 1, last: this.width };
    const wanted = Math.max(FEWEST, Math.round((last - first + 1) * factor));
    const centre = middle ?? (this.zoom ? (first + last) / 2 : this.data.columns[0].number + 1);
    this.setZoom({ first: Math.round(centre - (wanted - 1) / 2), last: Math.round(centre - (wanted - 1) / 2) + wanted - 1 });
  }

  setZoom(zoom) {
    const width = this.width;
    if (zoom) {
      const span = Math.min(width, Math.max(FEWEST, zoom.last - zoom.first + 1));
      const first = Math.max(1, Math.min(width - span + 1, zoom.first));
      zoom = span >= width ? null : { first, last: first + span - 1 };
    }
    this.zoom = zoom;
    this.writeZoom();
    this.writeLink();
    this.redraw();
  }

  writeZoom() {
    const { labels } = this.data;
    const { first, last } = this.zoom ?? { first: 1, last: this.width };
    setText(this.range, labels.zoom.replace("{first}", first).replace("{last}", last));
    this.range.disabled = !this.zoom;
    this.range.title = labels.zoom_all;
    this.zooms.setAttribute("aria-label", this.range.textContent);
    name(this.closer, labels.zoom_in);
    name(this.further, labels.zoom_out);
    this.further.disabled = !this.zoom;
    this.closer.disabled = last - first + 1 <= FEWEST;
  }

  // Where on the page one is

  measureBar() {
    this.root.style.setProperty("--s2s-bar", `${this.bar.offsetHeight}px`);
  }

  scrollTo(number, behavior = "smooth") {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.stages.children[number - 1]?.scrollIntoView({ block: "start", behavior: calm ? "instant" : behavior });
  }

  follow() {
    if (this.following || !this.data) return;
    this.following = true;
    requestAnimationFrame(() => {
      this.following = false;
      if (!this.root.isConnected) return window.removeEventListener("scroll", this.scrolled, SCROLL);
      const line = this.bar.getBoundingClientRect().bottom + 120;
      const passed = [...this.stages.children].filter((stage) => stage.getBoundingClientRect().top <= line).length;
      const stage = Math.max(1, passed);
      if (stage === this.stage) return;
      this.stage = stage;
      this.markStage();
      clearTimeout(this.linking); // on the way to a stage others come by
      this.linking = setTimeout(() => this.root.isConnected && this.writeLink(), 200);
    });
  }

  markStage() {
    [...this.numbers.children].forEach((node, i) => node.setAttribute("aria-current", String(i + 1 === this.stage)));
  }

  readLink() {
    const query = new URL(window.location.href).searchParams;
    const stage = Number(query.get("stage"));
    if (Number.isInteger(stage) && stage > 1) this.stage = stage;
    const zoom = /^(\d{1,5})-(\d{1,5})$/.exec(query.get("zoom") ?? "");
    if (zoom) this.zoom = { first: Number(zoom[1]), last: Number(zoom[2]) };
  }

  writeLink() {
    const zoom = this.zoom ? `${this.zoom.first}-${this.zoom.last}` : "";
    const codes = { ...this.data.link, stage: this.stage > 1 ? String(this.stage) : "", zoom };
    writeAddress(Object.fromEntries(Object.entries(codes).map(([key, code]) => [key, code ? [code] : []])));
  }

  // Pictures

  see(entries) {
    for (const { target, isIntersecting } of entries) {
      target.block.sight = isIntersecting ? "near" : "far";
      if (isIntersecting) target.block.draw();
    }
  }

  redraw() {
    for (const root of this.root.querySelectorAll(".s2s-pic")) root.block.draw();
  }

  showTip(pairs, { x, y }) {
    const { tip, root } = this;
    tip.replaceChildren(...pairs.flatMap(([label, value]) => [element("span", "", label), element("b", "", value)]));
    tip.hidden = false;
    const box = root.getBoundingClientRect();
    const left = x + 16 + tip.offsetWidth > Math.min(window.innerWidth, box.right) ? x - tip.offsetWidth - 12 : x + 16;
    const top = y + 18 + tip.offsetHeight > window.innerHeight ? y - tip.offsetHeight - 12 : y + 18;
    tip.style.transform = `translate(${Math.round(Math.max(left, box.left) - box.left)}px, ${Math.round(top - box.top)}px)`;
  }

  // The theme changed in the browser: Python, which chooses the colours of pictures, is asked to run again.
  askForTheme() {
    const wanted = otherTheme(this.root, this.data.colors.background);
    if (wanted && wanted !== this.asked) this.report.theme(wanted);
    this.asked = wanted;
  }
}

// Blocks

class Paragraph {
  constructor() {
    this.root = element("p", "s2s-block-text");
  }

  write({ text, tone }) {
    this.root.dataset.tone = tone;
    setText(this.root, text);
  }
}

class Formula {
  constructor() {
    this.root = element("div", "s2s-formula");
  }

  write({ lines }) {
    fit(this.root, lines, () => element("p"), (node, line) => {
      if (node.dataset.line === line) return;
      node.dataset.line = line;
      node.replaceChildren();
      typeset(node, line);
    });
  }
}

class Table {
  constructor() {
    this.root = element("div", "s2s-table-scroll");
    this.root.tabIndex = 0;
  }

  write({ head, rows }) {
    const table = element("table");
    const top = table.createTHead().insertRow();
    for (const text of head) {
      const cell = top.appendChild(element("th"));
      cell.scope = "col";
      typeset(cell, text);
    }
    const body = table.createTBody();
    for (const [first, ...cells] of rows) {
      const row = body.insertRow();
      row.appendChild(element("th", "", first)).scope = "row";
      for (const cell of cells) row.insertCell().textContent = cell;
    }
    this.root.replaceChildren(table);
  }
}

class Fold {
  constructor(story) {
    this.story = story;
    this.root = element("details", "s2s-fold");
    this.summary = this.root.appendChild(element("summary"));
    this.body = this.root.appendChild(element("div", "s2s-blocks"));
    this.root.addEventListener("toggle", () => {
      if (this.name && story.view[this.name] !== this.root.open) story.set({ [this.name]: this.root.open });
    });
  }

  write({ summary, blocks, name: field }) {
    this.name = field;
    if (field) this.root.open = this.story.view[field];
    setText(this.summary, summary);
    this.story.fill(this.body, blocks);
  }
}

class Panel {
  constructor(story) {
    this.story = story;
    this.root = element("div", "s2s-panel");
    this.title = this.root.appendChild(element("p", "s2s-panel-title"));
    this.body = this.root.appendChild(element("div", "s2s-blocks"));
  }

  write({ title, blocks }) {
    setText(this.title, title);
    this.story.fill(this.body, blocks);
  }
}

class Beside {
  constructor(story) {
    this.story = story;
    this.root = element("div", "s2s-beside");
  }

  write({ blocks }) {
    this.root.style.setProperty("--s2s-beside", blocks.length);
    this.story.fill(this.root, blocks);
  }
}

class Go {
  constructor(story) {
    this.root = button("s2s-go");
    this.root.addEventListener("click", () => {
      story.go(this.step);
      story.scrollTo(2);
    });
  }

  write({ text, step }) {
    this.step = step;
    setText(this.root, text);
  }
}

// A figure: strips of numbers, bars, a sum, or a heatmap. What is under the pointer is told with all its digits.
class Picture {
  constructor(story) {
    this.story = story;
    this.sight = "far";
    this.drawn = {};
    this.root = element("figure", "s2s-pic");
    const head = this.root.appendChild(element("figcaption", "s2s-pic-head"));
    this.caption = head.appendChild(element("span", "s2s-pic-caption"));
    const tools = head.appendChild(element("span", "s2s-pic-tools"));
    this.scale = tools.appendChild(element("span", "s2s-pic-scale"));
    this.tableButton = tools.appendChild(button("s2s-pic-button", "▤"));
    this.save = tools.appendChild(button("s2s-pic-button", "↓"));
    this.frame = this.root.appendChild(element("div", "s2s-pic-frame"));
    this.frame.tabIndex = 0;
    this.frame.setAttribute("role", "group");
    this.inner = this.frame.appendChild(element("div", "s2s-pic-inner"));
    this.plot = this.inner.appendChild(element("div", "s2s-plot"));
    this.plot.setAttribute("aria-hidden", "true");
    this.overlay = shape("svg");
    this.overlay.setAttribute("class", "s2s-overlay");
    this.overlay.setAttribute("aria-hidden", "true");
    this.figures = this.overlay.appendChild(shape("g"));
    [this.chosen, this.followed] = ["s2s-chosen-mark", "s2s-followed-mark"].map((className) => {
      const path = this.overlay.appendChild(shape("path"));
      path.setAttribute("class", className);
      return path;
    });
    this.mark = this.overlay.appendChild(shape("rect"));
    this.mark.setAttribute("class", "s2s-cell-mark");
    this.drag = this.overlay.appendChild(shape("rect"));
    this.drag.setAttribute("class", "s2s-drag");
    this.inner.append(this.overlay);
    this.table = this.root.appendChild(element("div", "s2s-table-scroll"));
    this.table.hidden = true;
    this.table.tabIndex = 0;
    this.listen();
    story.sights.observe(this.root);
  }

  write({ figure, caption, spoken }) {
    const { labels } = this.story.data;
    setText(this.caption, caption);
    this.frame.setAttribute("aria-label", spoken);
    name(this.tableButton, labels.table);
    name(this.save, labels.save);
    if (figure !== this.text) {
      this.text = figure;
      this.figure = JSON.parse(figure);
      this.kind = KINDS_OF_FIGURE[this.figure.layout.meta?.kind] ?? KINDS_OF_FIGURE.heatmap;
      this.inner.style.height = `${this.figure.layout.height}px`;
      this.at = null;
      this.unmark();
      if (!this.table.hidden) this.writeTable();
      this.writeScale();
    }
    this.column = this.story.data.columns[columnOf(this.root)];
    if (this.sight === "near") this.draw();
    this.outline();
  }

  // The row of the chosen word, and the number that is followed.
  outline() {
    const { box, column } = this;
    if (!box || !column) return;
    const { meta } = this.figure.layout;
    const frame = (x, y, width, height) => `M${box.left + x},${box.top + y}h${width}v${height}h${-width}z`;
    const rows = (Array.isArray(meta.rows) ? meta.rows : []).filter(
      ({ pieces }) => pieces && column.place >= pieces[0] && column.place < pieces[1],
    );
    this.chosen.setAttribute("d", rows.map(({ top, bottom }) => frame(0, top, box.width, bottom - top)).join(""));
    let path = "";
    if (meta.kind === "strips") {
      const { first, last } = this.story.zoom ?? { first: 1, last: meta.width };
      const wide = box.width / (last - first + 1);
      const number = column.number + 1;
      if (number >= first && number <= last) {
        const x = (number - first) * wide;
        path = wide < 6 ? pointers(box, x + wide / 2) : frame(x, -1, wide, box.height + 2);
      }
    }
    this.followed.setAttribute("d", path);
  }

  writeScale() {
    const limits = this.kind === KINDS_OF_FIGURE.strips ? [...new Set(this.figure.data.map((trace) => trace.zmax))] : [];
    const ramp = `linear-gradient(to right, ${this.story.data.ramp.join(", ")})`;
    fit(this.scale, limits, () => element("span", "s2s-pic-limit"), (node, limit) => {
      const text = brief(limit);
      node.replaceChildren(`−${text}`, element("i"), text);
      node.querySelector("i").style.background = ramp;
    });
  }

  async draw() {
    if (this.sight !== "near" || !this.figure) return;
    let Plotly;
    try {
      Plotly = await loadPlotly();
    } catch {
      return setText(this.caption, this.story.data.labels.picture_failed);
    }
    const { text, frame, story } = this;
    const room = frame.clientWidth;
    const zoom = this.kind === KINDS_OF_FIGURE.strips && story.zoom ? `${story.zoom.first}-${story.zoom.last}` : "";
    const font = getComputedStyle(story.root).fontFamily;
    if (!room || !this.root.isConnected) return;
    if (this.drawn.text === text && this.drawn.room === room && this.drawn.zoom === zoom && this.drawn.font === font) return;
    this.drawn = { text, room, zoom, font };
    const { data, layout } = this.figure;
    const { meta, margin } = layout;
    layout.width = Math.max(meta.min_width, Math.min(room, meta.max_width));
    layout.font.family = font;
    if (meta.kind === "strips") {
      const { first, last } = story.zoom ?? { first: 1, last: meta.width };
      layout.xaxis.range = [first - 0.5, last + 0.5];
    }
    this.inner.style.width = `${layout.width}px`;
    Plotly.react(this.plot, data, layout, CONFIG);
    this.box = {
      left: margin.l,
      top: margin.t,
      width: layout.width - margin.l - margin.r,
      height: layout.height - margin.t - margin.b,
    };
    this.writeFigures();
    this.outline();
    if (this.at) this.point(this.at);
    window.__s2sDrawn = (window.__s2sDrawn ?? 0) + 1;
  }

  // Where few enough numbers are in sight, they are written into their cells.
  writeFigures() {
    const { meta } = this.figure.layout;
    const texts = [];
    if (meta.kind === "strips") {
      const { first, last } = this.story.zoom ?? { first: 1, last: meta.width };
      const wide = this.box.width / (last - first + 1);
      if (wide >= LEGIBLE) {
        for (const { trace, z, top, bottom } of cells(this.figure)) {
          if (bottom - top < 12) continue;
          for (let number = first; number <= last; number++) {
            const value = z[number - 1];
            const text = shape("text");
            text.textContent = signed(value, 3);
            text.setAttribute("x", this.box.left + (number - first + 0.5) * wide);
            text.setAttribute("y", this.box.top + (top + bottom) / 2);
            text.setAttribute("class", Math.abs(value) > 0.55 * trace.zmax ? "s2s-on-dark" : "");
            texts.push(text);
          }
        }
      }
    }
    this.figures.replaceChildren(...texts);
  }

  listen() {
    const { frame, inner } = this;
    inner.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch") return; // a finger scrolls, and taps
      const place = this.place(event);
      if (this.dragged) this.stretch(place);
      this.at = this.kind?.at(this, place) ?? null;
      inner.classList.toggle("s2s-hit", Boolean(this.at && (this.at.key ?? this.at.number ?? null) !== null));
      this.point(this.at, { x: event.clientX, y: event.clientY });
    });
    inner.addEventListener("pointerleave", () => this.unmark());
    inner.addEventListener("pointerdown", (event) => {
      const place = this.place(event);
      if (event.pointerType !== "mouse" || event.button || this.figure?.layout.meta.kind !== "strips") return;
      if (place.x < 0) return;
      this.dragged = { from: place.x, to: place.x };
      inner.setPointerCapture(event.pointerId);
    });
    inner.addEventListener("pointerup", () => this.release());
    inner.addEventListener("pointercancel", () => this.release());
    inner.addEventListener("click", (event) => this.press(this.kind?.at(this, this.place(event))));
    inner.addEventListener("dblclick", () => this.story.setZoom(null));
    frame.addEventListener("keydown", (event) => this.key(event));
    frame.addEventListener("blur", () => this.unmark());
    this.tableButton.addEventListener("click", () => {
      this.table.hidden = !this.table.hidden;
      this.tableButton.setAttribute("aria-expanded", String(!this.table.hidden));
      this.writeTable();
    });
    this.save.addEventListener("click", () => this.download());
  }

  // A point of the plot area, in its pixels.
  place(event) {
    const box = this.inner.getBoundingClientRect();
    return { x: event.clientX - box.left - (this.box?.left ?? 0), y: event.clientY - box.top - (this.box?.top ?? 0) };
  }

  stretch({ x }) {
    this.dragged.to = Math.max(0, Math.min(this.box.width, x));
    const { from, to } = this.dragged;
    rect(this.drag, this.box.left + Math.min(from, to), this.box.top, Math.abs(to - from), this.box.height);
  }

  // The end of a drag: what it covered fills the strips. A short one was a click.
  release() {
    const dragged = this.dragged;
    this.dragged = null;
    rect(this.drag, 0, 0, 0, 0);
    if (!dragged || Math.abs(dragged.to - dragged.from) < 6) return;
    this.zoomed = true; // the click that follows is none
    const [first, last] = [dragged.from, dragged.to].sort((a, b) => a - b).map((x) => this.numberAt(x));
    this.story.setZoom({ first, last });
  }

  numberAt(x) {
    const { first, last } = this.story.zoom ?? { first: 1, last: this.figure.layout.meta.width };
    return Math.max(first, Math.min(last, first + Math.floor((x / this.box.width) * (last - first + 1))));
  }

  press(at) {
    if (this.zoomed) {
      this.zoomed = false;
      return;
    }
    if (!at) return;
    const changes = {};
    if (at.number != null) changes.number = at.number - 1;
    if (at.key != null) changes.word = at.key;
    if (Object.keys(changes).length) this.story.set(changes);
  }

  point(at, pointer) {
    if (!at || !this.box) return this.unmark();
    const { x, y, width, height } = at.rect;
    rect(this.mark, this.box.left + x, this.box.top + y, width, height);
    const box = this.inner.getBoundingClientRect();
    if (pointer || document.activeElement === this.frame) {
      const where = pointer ?? { x: box.left + this.box.left + x + width, y: box.top + this.box.top + y + height };
      this.story.showTip(at.tip, where);
    }
  }

  unmark() {
    this.at = null;
    rect(this.mark, 0, 0, 0, 0);
    this.story.tip.hidden = true;
  }

  // Arrows walk over the numbers, plus and minus zoom, Enter chooses.
  key(event) {
    if (event.target !== this.frame || !this.box || event.ctrlKey || event.metaKey) return;
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const { story } = this;
    if (event.key in moves) {
      const [down, across] = moves[event.key];
      this.at = this.kind.move?.(this, this.at, down, across) ?? this.at;
      if (!this.at) return;
      this.point(this.at);
      setText(story.heard, this.at.tip.map((pair) => pair.join(" ")).join(", "));
    } else if (event.key === "Enter" && this.at) this.press(this.at);
    else if (event.key === "+" || event.key === "=") story.zoomBy(0.5, this.at?.number);
    else if (event.key === "-") story.zoomBy(2, this.at?.number);
    else if (event.key === "0" || event.key === "Escape") story.setZoom(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  writeTable() {
    this.table.replaceChildren();
    if (this.table.hidden) return;
    const made = new Table();
    made.write(this.kind.table(this));
    this.table.append(...made.root.children);
  }

  async download() {
    const Plotly = await loadPlotly();
    const { width, height } = this.figure.layout;
    Plotly.downloadImage(this.plot, { format: "svg", filename: "attention", width, height });
  }
}

const KINDS = { text: Paragraph, formula: Formula, table: Table, fold: Fold, panel: Panel, beside: Beside, go: Go, picture: Picture };

// What the kinds of figures answer: what is at a point, where an arrow leads, and all as a table. `at` is
// {rect, tip, number, key}: pixels of the plot area, pairs of a name and a value, and what a press chooses.
const KINDS_OF_FIGURE = {
  strips: {
    at(picture, { x, y }) {
      const { meta } = picture.figure.layout;
      const row = meta.rows.find(({ top, bottom }) => y >= top && y < bottom);
      if (!row) return null;
      if (x < 0) return { rect: { x: 0, y: row.top, width: picture.box.width, height: row.bottom - row.top }, tip: [[row.name, ""]], key: row.pieces?.[0] };
      if (x >= picture.box.width) return null;
      const cell = cells(picture.figure).find(({ top, bottom }) => y >= top && y < bottom);
      return cell ? this.cell(picture, cell, picture.numberAt(x)) : null;
    },
    cell(picture, cell, number) {
      const { labels } = picture.story.data;
      const { first, last } = picture.story.zoom ?? { first: 1, last: picture.figure.layout.meta.width };
      const wide = picture.box.width / (last - first + 1);
      const place = labels.number.replace("{number}", number).replace("{width}", picture.figure.layout.meta.width);
      return {
        rect: { x: (number - first) * wide, y: cell.top, width: wide, height: cell.bottom - cell.top },
        tip: [[cell.row.name, digits(cell.z[number - 1])], [place, ""]],
        number,
        key: cell.row.pieces?.[0],
        cell: cell.index,
      };
    },
    move(picture, at, down, across) {
      const { meta } = picture.figure.layout;
      const all = cells(picture.figure);
      const { first, last } = picture.story.zoom ?? { first: 1, last: meta.width };
      const from = { cell: at?.cell ?? 0, number: at?.number ?? picture.story.data.columns[0].number + 1 };
      const index = at ? Math.max(0, Math.min(all.length - 1, from.cell + down)) : 0;
      const number = Math.max(first, Math.min(last, from.number + (at ? across : 0)));
      return this.cell(picture, all[index], number);
    },
    table(picture) {
      const { meta } = picture.figure.layout;
      const { first, last } = picture.story.zoom ?? { first: 1, last: meta.width };
      const numbers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
      return {
        head: ["", ...numbers.map(String)],
        rows: cells(picture.figure).map(({ row, z }) => [row.name, ...numbers.map((number) => signed(z[number - 1], 3))]),
      };
    },
  },
  bars: {
    at(picture, { y }) {
      const { rows } = picture.figure.layout.meta;
      const index = rows.findIndex(({ top, bottom }) => y >= top && y < bottom);
      return index < 0 ? null : this.row(picture, index);
    },
    row(picture, index) {
      const { data, layout } = picture.figure;
      const row = layout.meta.rows[index];
      const rect = { x: 0, y: row.top, width: picture.box.width, height: row.bottom - row.top };
      return { rect, tip: [[row.name, digits(numbers(data[0].x)[index])]], key: row.pieces?.[0], index };
    },
    move(picture, at, down) {
      const last = picture.figure.layout.meta.rows.length - 1;
      return this.row(picture, at ? Math.max(0, Math.min(last, at.index + down)) : 0);
    },
    table(picture) {
      const { data, layout } = picture.figure;
      const values = numbers(data[0].x);
      return {
        head: ["", picture.caption.textContent],
        rows: layout.meta.rows.map(({ name: text }, i) => [text, digits(values[i])]),
      };
    },
  },
  sums: {
    at(picture, { x }) {
      const count = numbers(picture.figure.data[0].y).length;
      const index = Math.floor((x / picture.box.width) * count);
      return index >= 0 && index < count ? this.term(picture, index) : null;
    },
    term(picture, index) {
      const [products, running] = picture.figure.data.map((trace) => numbers(trace.y));
      const wide = picture.box.width / products.length;
      const rect = { x: index * wide, y: 0, width: wide, height: picture.box.height };
      return { rect, tip: [[`${index + 1}.`, digits(products[index])], ["Σ", digits(running[index])]], index };
    },
    move(picture, at, down, across) {
      const last = numbers(picture.figure.data[0].y).length - 1;
      return this.term(picture, at ? Math.max(0, Math.min(last, at.index + across)) : 0);
    },
    table(picture) {
      const [products, running] = picture.figure.data.map((trace) => numbers(trace.y));
      return { head: ["", "+", "Σ"], rows: [...products].map((product, i) => [String(i + 1), digits(product), digits(running[i])]) };
    },
  },
  heatmap: {
    at(picture, { x, y }) {
      const { rows, columns } = picture.figure.layout.meta;
      const [row, column] = [Math.floor((y / picture.box.height) * rows), Math.floor((x / picture.box.width) * columns)];
      if (row < 0 || row >= rows || column < 0 || column >= columns) return null;
      return this.cell(picture, row, column);
    },
    cell(picture, row, column) {
      const { data, layout } = picture.figure;
      const { rows, columns } = layout.meta;
      const { width, height } = picture.box;
      const value = numbers(data[0].z)[row * columns + column];
      const names = [layout.yaxis.ticktext[row], layout.xaxis.ticktext[column]].map(unescaped);
      const rect = { x: (column * width) / columns, y: (row * height) / rows, width: width / columns, height: height / rows };
      return { rect, tip: [[names.join(" → "), digits(value)]], row, column };
    },
    move(picture, at, down, across) {
      const { rows, columns } = picture.figure.layout.meta;
      if (!at) return this.cell(picture, 0, 0);
      const clamp = (value, count) => Math.max(0, Math.min(count - 1, value));
      return this.cell(picture, clamp(at.row + down, rows), clamp(at.column + across, columns));
    },
    table(picture) {
      const { data, layout } = picture.figure;
      const values = numbers(data[0].z);
      const { columns } = layout.meta;
      return {
        head: ["", ...layout.xaxis.ticktext.map(unescaped)],
        rows: layout.yaxis.ticktext.map((text, row) => [
          unescaped(text),
          ...[...values.subarray(row * columns, (row + 1) * columns)].map(signed),
        ]),
      };
    },
  },
};

// Two small triangles that point at a number from above and below, where its cell is too narrow for a frame.
function pointers({ left, top, height }, x) {
  const at = (y, size) => `M${left + x},${y}l${-size},${-size}h${2 * size}z`;
  return `${at(top + 3, 5)}${at(top + height - 3, -5)}M${left + x},${top}v${height}`;
}

// The column of the story that a block stands in.
function columnOf(node) {
  const cell = node.closest(".s2s-cell");
  return cell ? [...cell.parentElement.children].indexOf(cell) : 0;
}

// The vectors of a figure of strips, from top to bottom: {trace, row, top, bottom, z, index}. Kept with the figure.
function cells(figure) {
  if (figure.cells) return figure.cells;
  const { rows, width } = figure.layout.meta;
  figure.cells = figure.data.flatMap((trace) => {
    const edges = numbers(trace.y);
    const z = numbers(trace.z);
    return [...edges.slice(0, -1)].map((top, i) => {
      const row = rows.find((one) => top >= one.top && top < one.bottom);
      return { trace, row, top, bottom: Math.min(edges[i + 1], row.bottom), z: z.subarray(i * width, (i + 1) * width) };
    });
  });
  figure.cells.forEach((cell, index) => (cell.index = index));
  return figure.cells;
}

const ARRAYS = { f4: Float32Array, f8: Float64Array, i1: Int8Array, i2: Int16Array, i4: Int32Array, u1: Uint8Array };

// An array of a figure: plain, or packed by Plotly as base64 of little-endian numbers.
function numbers(array) {
  if (Array.isArray(array)) return Float64Array.from(array.flatMap((x) => (ArrayBuffer.isView(x) ? [...x] : x)), (x) => x ?? NaN);
  if (ArrayBuffer.isView(array)) return array;
  if (!array.unpacked) {
    const bytes = Uint8Array.from(atob(array.bdata), (character) => character.charCodeAt(0));
    array.unpacked = new ARRAYS[array.dtype](bytes.buffer);
  }
  return array.unpacked;
}

// Mathematics: single letters in italics, states and embeddings of source and target in their colours, longer names
// upright; `_x` and `_{x}` below; “words” and [places] as they are.
function typeset(parent, text) {
  const tokens = text.match(/“[^”]*”|\[\d+\]|\p{L}[\p{L}\p{M}]*|[^]/gu) ?? [];
  let node = parent;
  let single = false; // the next token alone stands below
  for (const token of tokens) {
    if (token === "_" && node) {
      node = node.appendChild(element("sub"));
      single = true;
      continue;
    }
    if (token === "{" && single) {
      single = false;
      continue;
    }
    if (token === "}" && node !== parent) {
      node = node.parentElement;
      continue;
    }
    node.append(set(token, node !== parent));
    if (single) {
      single = false;
      node = node.parentElement;
    }
  }
}

const LETTER_COLORS = { h: "s2s-source", x: "s2s-source", s: "s2s-target", y: "s2s-target" };

function set(token, below) {
  if (token.startsWith("[") && token.length > 1) return element("span", "s2s-place", token);
  const letter = token.normalize("NFD")[0];
  if (/^\p{L}\p{M}?$/u.test(token)) return element("i", (!below && LETTER_COLORS[letter]) || "", token);
  return document.createTextNode(token);
}

// Small tools

function button(className, text = "") {
  return Object.assign(element("button", className, text), { type: "button" });
}

function name(node, text) {
  node.title = text;
  node.setAttribute("aria-label", text);
}

// As many children as there are items, each written over in place.
function fit(parent, items, make, write) {
  while (parent.children.length > items.length) parent.lastElementChild.remove();
  while (parent.children.length < items.length) parent.append(make());
  items.forEach((item, i) => write(parent.children[i], item, i));
}

function rect(node, x, y, width, height) {
  for (const [attribute, value] of Object.entries({ x, y, width, height })) node.setAttribute(attribute, value);
}

function brief(number) {
  return number >= 0.1 ? String(Math.round(number * 100) / 100) : number.toPrecision(2);
}

// All digits of a number of 24 bits, and no more.
function digits(number) {
  for (let count = 6; count <= 9; count++) {
    const text = number.toPrecision(count);
    if (Math.fround(Number(text)) === Math.fround(number)) return String(Number(text)).replace("-", "−");
  }
  return String(number).replace("-", "−");
}

function unescaped(text) {
  const named = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&#36;": "$" };
  return text.replace(/&(?:lt|gt|amp|#36);/g, (entity) => named[entity]);
}
