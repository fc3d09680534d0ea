// One figure: drawn in place, with an overlay that answers the pointer and the keys. What is at a point, where an arrow
// leads and what is outlined is asked of the kind of figure; what follows of it, of whoever owns the picture.
//
// What people typed arrives escaped.

import * as bars from "./kinds/bars.js";
import * as curves from "./kinds/curves.js";
import * as heatmap from "./kinds/heatmap.js";
import * as lines from "./kinds/lines.js";
import * as listening from "./kinds/listening.js";
import * as mosaic from "./kinds/mosaic.js";
import * as strips from "./kinds/strips.js";
import * as sums from "./kinds/sums.js";
import { More } from "./more.js";
import { element, shape, zoomOf } from "./nodes.js";
import { CONFIG } from "./plotly.js";

/** @import { Box } from "./kinds/places.js" */
/** @typedef {{first: number, last: number}} Zoom the numbers in sight, from 1 */
/** @typedef {{width: number, height: number, margin: any, font?: any}} Size */
/** @typedef {{row?: number, fits?: boolean}} Space how high a row is, and whether letters may be smaller, too */

/** @type {Record<string, any>} */
const KINDS = { bars, curves, heatmap, lines, listening, mosaic, strips, sums };

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const EDGE = 20; // pixels within which a place is not in sight
const STROKE = 40; // pixels that Plotly puts before a name in the key of lines
const APART = 5; // and between two of them
const pen = document.createElement("canvas").getContext("2d"); // to measure text with

export class Picture {
  /** @param {string[]} marks the classes of its outlines, lowest first */
  constructor(marks) {
    this.scroll = element("div", "s2s-scroll");
    this.scroll.setAttribute("role", "group");
    this.inner = this.scroll.appendChild(element("div", "s2s-picture"));
    this.more = new More(this);
    this.strips = ["s2s-strip-left", "s2s-strip-top", "s2s-strip-corner"].map((name) =>
      this.inner.appendChild(silent(element("div", name)))
    );
    this.plot = this.inner.appendChild(silent(element("div", "s2s-plot")));
    this.overlay = this.inner.appendChild(silent(shape("svg")));
    this.overlay.setAttribute("class", "s2s-overlay");
    this.marks = Object.fromEntries(marks.map((name) => [name, this.overlay.appendChild(shape("path"))]));
    for (const [name, path] of Object.entries(this.marks)) path.setAttribute("class", name);
    this.text = null; // of the figure
    this.figure = null;
    this.meta = null; // what Python says of it beside what Plotly draws
    this.kind = null;
    /** @type {Zoom | null} */
    this.zoom = null; // null shows all
    /** @type {Box | null} */
    this.box = null; // the plot area; null until it is drawn
    this.isLarger = false; // than what is seen of it
    this.drawn = { text: null, zoom: null, room: 0, font: "", space: "" };
    /** @type {Space} */
    this.space = {};
    this.ticks = { source: [], target: [] };
    // What the kinds may ask for; whoever owns the picture sets it.
    this.labels = {};
    this.caption = "";
    this.followed = 0;
    this.weight = (_pair) => 0;
  }

  /** Whether the figure is another one than before. @param {string | null} text */
  read(text) {
    if (text === this.text) return false;
    this.text = text;
    this.figure = text && JSON.parse(text);
    this.meta = text && this.figure.layout.meta;
    this.kind = text && KINDS[this.meta.kind];
    return true;
  }

  // The height is known before anything is drawn, and before Plotly has come.
  reserve(room, font) {
    if (this.figure && !this.isDrawn(room, font)) {
      this.inner.style.height = `${this.arranged(this.figure, room, font, this.space).size.height}px`;
    }
  }

  isDrawn(room, font) {
    const { drawn } = this;
    const isSame = drawn.text === this.text && drawn.zoom === this.zoom && drawn.room === room && drawn.font === font;
    return isSame && drawn.space === JSON.stringify(this.space);
  }

  /** Whether anything changed. `tallest` is the height beyond which it scrolls. */
  draw(Plotly, room, font, tallest = Infinity) {
    if (!this.figure || this.isDrawn(room, font)) return false;
    this.drawn = { text: this.text, zoom: this.zoom, room, font, space: JSON.stringify(this.space) };
    const { layout, size, box } = this.arranged(this.figure, room, font, this.space);
    const { width, height } = (this.size = size);
    Object.assign(this.inner.style, { width: `${width}px`, height: `${height}px` });
    Plotly.react(this.plot, this.figure.data, layout, CONFIG);
    this.box = box;
    this.overlay.classList.toggle("s2s-ribbons", Boolean(this.kind.isVeiled));
    this.isLarger = width > room || height > tallest;
    this.writeStrips(this.kind.hasStrips && this.isLarger);
    for (const axis of ["source", "target"]) {
      const selector = this.kind.ticks?.[axis];
      this.ticks[axis] = selector ? [...this.inner.querySelectorAll(selector)] : [];
    }
    return true;
  }

  /**
   * A figure, this one or the same in other colours, where there is `room`: its layout, its size, its plot area.
   * @param {any} figure
   * @param {number} room
   * @param {string} font
   * @param {Space} [space] of a window; as in a file without
   * @returns {{layout: any, size: Size, box: Box}}
   */
  arranged(figure, room, font, space = {}) {
    const { layout } = figure;
    const size = this.kind.sized?.(layout, room, space) ?? sized(layout, room, font);
    const { width, height, margin } = size;
    const arranged = { ...layout, ...size, font: { ...layout.font, ...size.font, family: font } };
    if (this.kind.isZoomed && this.zoom) {
      arranged.xaxis = { ...layout.xaxis, range: [this.zoom.first - 0.5, this.zoom.last + 0.5] };
    }
    const [left, top] = [margin.l, margin.t];
    const box = { left, top, width: width - left - margin.r, height: height - top - margin.b };
    return { layout: arranged, size, box };
  }

  // Where a heatmap is larger than its card, copies of its words stay in sight while it scrolls.
  writeStrips(shown) {
    const { margin, width, height } = this.size;
    const sizes = [[margin.l, height], [width, margin.t], [margin.l, margin.t]];
    this.strips.forEach((strip, i) => {
      strip.hidden = !shown;
      strip.replaceChildren();
      if (!shown) return;
      const copy = strip.appendChild(shape("svg"));
      copy.setAttribute("width", sizes[i][0]);
      copy.setAttribute("height", sizes[i][1]);
      const words = this.plot.querySelector([".yaxislayer-above", ".xaxislayer-above"][i]);
      if (words) copy.append(words.cloneNode(true));
    });
  }

  /** @param {string} label with {count} */
  writeMore(label) {
    this.more.write(label);
  }

  /** Outline something, or nothing. @param {string} name @param {string} path */
  mark(name, path) {
    this.marks[name].setAttribute("d", path);
  }

  /** The outline of a place, "" for none. */
  path(place) {
    return place && this.box ? this.kind.path(this, place) : "";
  }

  // Words of an axis, its copy included, which has them in the same order.
  markTicks(axis, count, chosen) {
    this.ticks[axis].forEach((tick, i) => tick.classList.toggle("s2s-on", chosen.includes(i % count)));
  }

  // What is at a point: of the kind's own making, null for nothing.
  at(event) {
    if (!this.box || !this.figure) return null;
    const { x, y } = this.point(event);
    return this.kind.at(this, x, y);
  }

  // A point of the plot area, in its pixels. Words that stay in sight are where they are seen.
  point({ clientX, clientY }) {
    const { left, top } = this.box;
    const inner = this.inner.getBoundingClientRect();
    const zoom = zoomOf(this.inner);
    const point = { x: (clientX - inner.left) / zoom - left, y: (clientY - inner.top) / zoom - top };
    if (!this.kind.hasStrips) return point;
    const sight = this.scroll.getBoundingClientRect();
    const [beside, above] = [
      (clientX - Math.max(sight.left, inner.left)) / zoom - left,
      (clientY - Math.max(sight.top, inner.top)) / zoom - top,
    ];
    return { x: beside < 0 ? beside : point.x, y: above < 0 ? above : point.y };
  }

  // Where an arrow leads from a place; undefined for another key.
  moved(key, from) {
    const arrow = ARROWS[key];
    return arrow && this.figure && this.box ? this.kind.move(this, from, ...arrow) : undefined;
  }

  // Scroll a place into sight; the point of the window where it stands.
  reveal(place) {
    const { scroll, box } = this;
    if (!box) return { x: 0, y: 0 };
    const { x, y, width, height } = this.kind.rect(this, place);
    const middle = { x: box.left + x + width / 2, y: box.top + y + height / 2 };
    if (middle.x > scroll.scrollLeft + scroll.clientWidth - EDGE || middle.x < scroll.scrollLeft + EDGE) {
      scroll.scrollLeft = middle.x - scroll.clientWidth / 2;
    }
    if (middle.y > scroll.scrollTop + scroll.clientHeight - EDGE || middle.y < scroll.scrollTop + EDGE) {
      scroll.scrollTop = middle.y - scroll.clientHeight / 2;
    }
    const inner = this.inner.getBoundingClientRect();
    const zoom = zoomOf(this.inner);
    return { x: inner.left + zoom * middle.x, y: inner.top + zoom * middle.y };
  }
}

function silent(node) {
  node.setAttribute("aria-hidden", "true");
  return node;
}

/**
 * Width, height and margin of a figure where there is `room`. What was kept above it for the key of its lines, as on a
 * phone, is given back where the key takes fewer rows: only the browser knows how wide its letters are.
 * @returns {Size}
 */
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
