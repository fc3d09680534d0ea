// Where the boxes of the machine stand, in pixels from its corner, and the lines between them. Nothing here touches the
// page. Rows from above: source words, the passes of the encoder, its states, the band through which all goes that the
// decoder gets, its input, its states, its output. A column for each piece; the first of the decoder is the vector that
// it is handed.

/** @typedef {{left: number, top: number, width: number, height: number}} Rect */
/** @typedef {{source: number, steps: number, passes: number, room: number, em: number, part: number}} Measures */

export const PARTS = { encoder: 0, decoder: 1, vector: 2, look: 3 };
export const FULL = 1; // em that a line of weight 1 is wide

// In em.
const EDGE = 1.3;
const NARROW = 3.4;
const WIDE = 8;
const GAP = 0.9; // between two columns
const TITLE = 1.3;
const WORD = 1.5;
const NAME = 1; // of a row of boxes
const PASS = 1.5;
const STATE = 1.9;
const WEIGHT = 1.2;
const BAND = 4.3;
const LINE = 0.6; // from the top of the band to the wire in it
const CONTEXT = 2.2; // and to the box of the context
const OUT = 1.7;
const PROBABILITY = 1.25;

/** @param {Measures} measures */
export function layout({ source, steps, passes, room, em, part }) {
  const columns = Math.max(source, part >= PARTS.decoder ? steps + 1 : 0, 1);
  const edge = EDGE * em;
  const step = Math.min(WIDE * em, Math.max(NARROW * em, (room - 2 * edge) / columns));
  let y = 0;
  const row = (height) => {
    const place = { top: y, height: height * em };
    y += place.height;
    return place;
  };
  const skip = (height) => void (y += height * em);
  /** @type {Record<string, {top: number, height: number}>} */
  const rows = {};
  rows.encoder = row(TITLE);
  rows.words = row(WORD);
  for (let k = 0; k < passes; k++) {
    rows[`name${k}`] = row(NAME);
    rows[`pass${k}`] = row(PASS);
  }
  skip(0.3);
  rows.names = row(NAME);
  rows.states = row(STATE);
  rows.weights = row(WEIGHT);
  if (part >= PARTS.decoder) {
    rows.band = row(part >= PARTS.vector ? BAND : 0.8);
    rows.decoder = row(TITLE);
    rows.fed = row(WORD);
    skip(0.2);
    rows.written = row(STATE);
    skip(0.4);
    rows.says = row(OUT);
    rows.probability = row(PROBABILITY);
  }
  const width = 2 * edge + columns * step;
  return new Layout({ rows, step, edge, em, source, steps, passes, width, height: y + 0.2 * em });
}

export class Layout {
  constructor(fields) {
    /** @type {Record<string, {top: number, height: number}>} */
    this.rows = {};
    this.step =
      this.edge =
      this.em =
      this.source =
      this.steps =
      this.passes =
      this.width =
      this.height =
        0;
    Object.assign(this, fields);
  }

  middle(column) {
    return this.edge + (column + 0.5) * this.step;
  }

  /** A box of a row, of the column of a source piece. @param {string} row @returns {Rect} */
  box(row, column, gap = GAP) {
    const { top, height } = this.rows[row];
    const width = this.step - gap * this.em;
    return { left: this.middle(column) - width / 2, top, width, height };
  }

  /** The box of the context of a step. @returns {Rect} */
  context(step) {
    const { left, width } = this.box("written", step + 1);
    return { left, width, top: this.rows.band.top + CONTEXT * this.em, height: STATE * this.em };
  }

  /** Cells of so many numbers in a box. @param {Rect} box @param {number} count @returns {Rect[]} */
  cells({ left, top, width, height }, count) {
    const lines = Math.max(1, Math.round(Math.sqrt((count * height) / width)));
    const across = Math.ceil(count / lines);
    const [w, h] = [width / across, height / lines];
    return Array.from({ length: count }, (_, k) => ({
      left: left + (k % across) * w,
      top: top + Math.floor(k / across) * h,
      width: w,
      height: h,
    }));
  }

  // Lines, as paths

  /** From a box to the next in reading order. */
  recurrent(row, from, to) {
    const [a, b] = [this.box(row, from), this.box(row, to)];
    const y = a.top + a.height / 2;
    return from < to ? arrow(a.left + a.width, y, b.left, y) : arrow(a.left, y, b.left + b.width, y);
  }

  /** From a word down through what is made of it. */
  down(from, to, column) {
    const [above, below] = [this.rows[from], this.rows[to]];
    return `M${this.middle(column)},${above.top + above.height}V${below.top}`;
  }

  /** From where a pass ended to the vector that is handed over. */
  handed(pass, isBackward) {
    const end = this.box(`pass${pass}`, isBackward ? 0 : this.source - 1);
    const y = end.top + end.height / 2;
    const wire = this.rows.band.top + LINE * this.em;
    const [x, out] = isBackward
      ? [end.left, end.left - 0.7 * this.em]
      : [end.left + end.width, end.left + end.width + 0.7 * this.em];
    const into = this.box("written", 0);
    const head = `m-4,-6l4,6l4,-6`;
    return `M${x},${y}H${out}V${wire}H${this.middle(0)}V${into.top}${head}`;
  }

  /** From an encoder state to the context of a step. */
  look(column, step) {
    const { top, height } = this.rows.weights;
    const to = this.context(step);
    const [x1, y1, x2, y2] = [this.middle(column), top + height, to.left + to.width / 2, to.top];
    const bend = 0.6 * (y2 - y1);
    return `M${x1},${y1}C${x1},${y1 + bend} ${x2},${y2 - bend} ${x2},${y2}`;
  }

  /** From the decoder state up to the context that it asks for. */
  asked(step) {
    const [from, to] = [this.box("written", step + 1), this.context(step)];
    const x = from.left - 0.25 * this.em;
    const y = to.top + to.height / 2;
    return `M${from.left},${from.top + from.height / 2}H${x}V${y}H${to.left}m-5,-4l5,4l-5,4`;
  }

  /** From the context down to what is written with it. */
  used(step) {
    const [from, to] = [this.context(step), this.box("says", step + 1)];
    const x = from.left + from.width + 0.25 * this.em;
    const y = to.top + to.height / 2;
    return `M${from.left + from.width},${from.top + from.height / 2}H${x}V${y}H${to.left + to.width}m5,-4l-5,4l5,4`;
  }

  /** From what was written to the input of the next step. */
  fed(step) {
    const [from, to] = [this.box("says", step + 1), this.box("fed", step + 2)];
    const x = (from.left + from.width + to.left) / 2;
    const [y1, y2] = [from.top + from.height / 2, to.top + to.height / 2];
    return `M${from.left + from.width},${y1}H${x}V${y2}H${to.left}m-4,-3l4,3l-4,3`;
  }
}

function arrow(x1, y1, x2, y2) {
  const back = x1 < x2 ? -5 : 5;
  return `M${x1},${y1}L${x2},${y2}m${back},-4l${-back},4l${back},4`;
}

/** All of some rectangles as one path. @param {Rect[]} rects */
export function area(rects) {
  return rects.map(({ left, top, width, height }) => `M${left},${top}h${width}v${height}h${-width}z`).join("");
}

/**
 * Which of so many shades a number has, from the lowest to the highest.
 * @param {number} value
 * @param {number} limit full colour from here on, on both sides of zero
 * @param {number} shades
 */
export function shade(value, limit, shades) {
  const share = (Math.max(-limit, Math.min(limit, value)) / limit + 1) / 2;
  return Math.round(share * (shades - 1));
}

/** A text with its values. @param {string} text @param {Record<string, string | number>} values */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, one) => String(values[one] ?? whole));
}
