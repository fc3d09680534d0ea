// The picture of the machine: boxes and words where the layout puts them, over a drawing of lines and cells.

import { area, filled, FULL, layout, PARTS, shade } from "./machine-layout.js";
import { element, name, shape } from "./nodes.js";
import { signed } from "./numbers.js";

/** @import { Machine } from "./machine.js" */

const WRITTEN = 0.005; // weights below are not written beside their lines

export class Drawing {
  /** @param {Machine} view */
  constructor(view) {
    this.view = view;
    this.svg = shape("svg");
    this.svg.setAttribute("class", "s2s-mach-drawing");
    this.svg.setAttribute("aria-hidden", "true");
    this.drawn = ""; // for which size and which choice
    this.place = null;
  }

  draw() {
    const { data, scroll, inner, built } = this.view;
    const room = scroll.clientWidth;
    if (!data || !room) return;
    const em = parseFloat(getComputedStyle(this.view.root).fontSize);
    const state = JSON.stringify([room, em, built]);
    if (this.drawn === state) return;
    this.drawn = state;
    const { source, steps, passes } = data;
    this.place = layout({
      source: source.length,
      steps: steps.length,
      passes: passes.length,
      room,
      em,
      part: built.part,
    });
    const { width, height } = this.place;
    Object.assign(inner.style, { width: `${width}px`, height: `${height}px` });
    this.svg.setAttribute("width", String(width));
    this.svg.setAttribute("height", String(height));
    this.shades = data.ramp.map(() => []);
    this.boxes = [];
    this.paths = [];
    this.nodes = [];
    this.drawEncoder();
    if (built.part >= PARTS.decoder) this.drawDecoder();
    if (built.part >= PARTS.vector) this.drawVector();
    if (built.part >= PARTS.look) this.drawLook();
    this.svg.replaceChildren(
      ...this.paths,
      path("s2s-mach-ground", area(this.boxes)),
      ...this.shades.map((cells, k) => {
        const node = path("s2s-mach-cells", area(cells));
        node.style.fill = `var(--s2s-${data.ramp[k]})`;
        return node;
      }),
    );
    const { activeElement } = document;
    const at = activeElement && inner.contains(activeElement) ? scroll : null;
    inner.replaceChildren(this.svg, ...this.nodes);
    at?.focus({ preventScroll: true });
  }

  drawEncoder() {
    const { place, view: { data, numbers, built } } = this;
    const { labels } = data;
    const count = data.source.length;
    const read = this.view.isReading && built.read !== null ? Math.min(built.read, count) : count;
    const isRead = (isBackward, i) => isBackward ? i >= count - read : i < read;
    const isMade = (i) => data.passes.every(({ is_backward }) => isRead(is_backward, i));
    this.title("encoder", filled(labels.encoder, { cell: data.cell }), "s2s-mach-of-source", place.edge);
    data.source.forEach(({ text, meaning }, i) => {
      this.line("s2s-mach-grid", place.down("words", "states", i));
      const word = this.add("span", "s2s-mach-word s2s-mach-of-source", place.box("words", i, 0.1), text);
      word.title = meaning ? `${text}: ${meaning}` : text;
      word.lang = data.languages.source;
      const href = { word: i };
      data.passes.forEach(({ is_backward }, k) =>
        this.box(`pass${k}`, i, numbers.passes[k], i, isRead(is_backward, i), { stage: 1, ...href })
      );
      this.box("states", i, numbers.states, i, isMade(i), { stage: 1, ...href });
    });
    data.passes.forEach(({ is_backward }, k) => {
      this.name(`name${k}`, is_backward ? labels.backward : labels.forward);
      for (let i = 1; i < count; i++) {
        const [from, to] = is_backward ? [i, i - 1] : [i - 1, i];
        if (isRead(is_backward, to)) this.line("s2s-mach-recurrent", place.recurrent(`pass${k}`, from, to));
      }
    });
    this.name("names", labels.states);
  }

  drawDecoder() {
    const { place, view: { data, numbers, built } } = this;
    const { labels } = data;
    const left = built.part >= PARTS.vector ? place.middle(0) + 0.5 * place.em : place.edge;
    this.title("decoder", filled(labels.decoder, { cell: data.cell }), "s2s-mach-of-target", left);
    data.steps.forEach(({ fed, says, probability }, t) => {
      const isChosen = t === built.step ? " s2s-mach-now" : "";
      this.line("s2s-mach-grid", place.down("fed", "says", t + 1));
      const input = this.add("span", "s2s-mach-word s2s-mach-input", place.box("fed", t + 1, 0.5), fed);
      input.title = `${labels.fed}: ${fed}`;
      this.box("written", t + 1, numbers.written, t, true, { stage: 1, step: t }, isChosen);
      const out = this.add("button", `s2s-mach-out${isChosen}`, place.box("says", t + 1, 0.5), says);
      Object.assign(out, { type: "button", tabIndex: -1, lang: data.languages.target });
      out.dataset.step = String(t);
      name(out, filled(labels.chosen, { word: says }));
      out.setAttribute("aria-pressed", String(t === built.step));
      const link = this.linked(place.box("probability", t + 1, 0.1), "s2s-mach-probability", { stage: 6, step: t });
      link.textContent = probability;
      if (t) this.line("s2s-mach-recurrent", place.recurrent("written", t, t + 1));
      if (t + 1 < data.steps.length && built.part < PARTS.look) this.line("s2s-mach-fed", place.fed(t));
    });
  }

  drawVector() {
    const { place, view: { data, numbers, built } } = this;
    const kind = built.part === PARTS.vector ? "s2s-mach-handed s2s-mach-news" : "s2s-mach-handed";
    data.passes.forEach(({ is_backward }, k) => this.line(kind, place.handed(k, is_backward)));
    this.line("s2s-mach-recurrent", place.recurrent("written", 0, 1));
    const beside = { ...place.box("fed", 0), left: place.middle(0) + 0.5 * place.em, width: 1.6 * place.em };
    this.add("span", "s2s-mach-of-target", beside, "s₀");
    this.box(
      "written",
      0,
      numbers.handed,
      0,
      true,
      { stage: 1, step: 0 },
      built.part === PARTS.vector ? " s2s-mach-now" : "",
    );
    const { top } = place.rows.band;
    const label = this.add("span", "s2s-mach-label", {
      left: place.middle(0) + 0.6 * place.em,
      top: top + 0.8 * place.em,
      width: 14 * place.em,
      height: 1.4 * place.em,
    }, data.labels.bridge);
    label.hidden = built.part === PARTS.look;
  }

  drawLook() {
    const { place, view: { data, numbers, built } } = this;
    const { weights, contexts } = numbers;
    if (!weights || !contexts) return;
    const { step } = built;
    const count = data.source.length;
    data.source.forEach(({ text }, i) => {
      const weight = weights[step * count + i];
      const line = this.line("s2s-mach-look", place.look(i, step));
      line.style.strokeWidth = `${weight * FULL * place.em}px`;
      const link = this.linked(place.box("weights", i, 0.1), "s2s-mach-weight", { stage: 3, word: i });
      link.textContent = weight < WRITTEN ? "" : weight.toFixed(2);
      link.title = `${text} → ${data.steps[step].says}: ${signed(weight, 3)}`;
      link.hidden = weight < WRITTEN;
    });
    this.line("s2s-mach-asked", place.asked(step));
    this.line("s2s-mach-used", place.used(step));
    const box = place.context(step);
    this.cells(box, contexts, step);
    this.linked(box, "s2s-mach-box s2s-mach-now", { stage: 4, step });
    const isLeft = step + 1 < (place.width / place.step) / 2;
    const width = 8 * place.em;
    const left = isLeft ? box.left + box.width + 0.6 * place.em : box.left - width - 0.6 * place.em;
    const side = isLeft ? "" : " s2s-mach-before";
    const label = { left, width, top: box.top + 0.3 * place.em, height: 1.4 * place.em };
    this.add("span", `s2s-mach-label${side}`, label, data.labels.context);
  }

  // Parts of the picture

  add(tag, className, { left, top, width, height }, text = "") {
    const node = element(tag, className, text);
    Object.assign(node.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    this.nodes.push(node);
    return node;
  }

  // A link to a stage; a box without one where nobody computes it.
  /** @param {any} rect @param {string} className @param {{stage: number, step?: number, word?: number}} at */
  linked(rect, className, { stage, step, word }) {
    const { data } = this.view;
    const node = this.add("a", className, rect);
    const href = this.view.href(stage, { step, word });
    const { title } = data.stages[stage - 1];
    if (href) Object.assign(node, { href, tabIndex: -1 });
    name(node, filled(data.labels.open, { stage, title }));
    return node;
  }

  box(row, column, values, index, isMade, link, more = "") {
    const rect = this.place.box(row, column);
    const count = row === "written" && !column ? values.length : values.length / this.countOf(row);
    if (isMade) this.cells(rect, values, index, count);
    else this.boxes.push(rect);
    this.linked(rect, `s2s-mach-box${isMade ? "" : " s2s-mach-unmade"}${more}`, link);
  }

  // How many states stand in a row, whose numbers are one behind the other.
  countOf(row) {
    const { data } = this.view;
    return row === "written" ? data.steps.length : data.source.length;
  }

  cells(rect, values, index, count = this.view.data.cells) {
    const { limit, ramp } = this.view.data;
    this.boxes.push(rect);
    this.place.cells(rect, count).forEach((cell, k) => {
      this.shades[shade(values[index * count + k], limit, ramp.length)].push(cell);
    });
  }

  line(className, d) {
    const node = path(className, d);
    this.paths.push(node);
    return node;
  }

  // What stays in sight while the picture scrolls.
  title(row, text, className, left) {
    const { top, height } = this.place.rows[row];
    const line = this.add("div", "s2s-mach-line", { left, top, width: this.place.width - left, height });
    line.append(element("b", `s2s-mach-title ${className}`, text));
  }

  name(row, text) {
    const { top, height } = this.place.rows[row];
    const { edge: left, width } = this.place;
    const line = this.add("div", "s2s-mach-line", { left, top, width: width - left, height });
    line.append(element("span", "s2s-mach-name", text));
  }
}

function path(className, d) {
  const node = shape("path");
  node.setAttribute("class", className);
  node.setAttribute("d", d);
  return node;
}
