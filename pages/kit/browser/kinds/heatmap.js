// Cells between words down and words across: what is at a point, where an arrow leads, what is outlined.

import { clamp, digits, signed, slot, unescaped, unpacked } from "../numbers.js";
import { box, turned } from "./places.js";

/** @import { Picture, Size, Space } from "../picture.js" */
/** @typedef {{row: number | null, column: number | null}} Cell */

// Where Plotly writes the words of the two axes.
export const ticks = { source: ".xtick text", target: ".ytick text" };

export const hasStrips = true; // its words stay in sight while it scrolls
export const rowHeight = true; // is given by the window

const SMALLEST = 8; // pixels of a letter, where a long sentence is made to fit
const LINE = 1.2; // of a letter's height: what a row takes at least, and a column with its turned word
const FLAT = 5 / 3; // of a cell in a file: how much wider than high it is at most
const STEEP = 1.2; // of a cell in a window: how much higher than wide
const GAP = 8; // as in s2s/figures/labels.py: what a margin has besides its words

/**
 * How high rows are that stand side by side, so that all of them and the words above are within `height`; where that is
 * too little, as low as they may be, and where they are made to fit, as low as letters can be read.
 * @param {any[]} layouts of the figures
 * @param {number} height
 * @param {boolean} fits
 */
export function rowWithin(layouts, height, fits) {
  const most = Math.max(...layouts.map(({ meta }) => meta.rows));
  const around = Math.max(...layouts.map(({ margin }) => margin.t + margin.b));
  const [{ meta: { min_row, max_row } }] = layouts;
  const within = (height - around) / most;
  if (!fits || within >= min_row) return clamp(within, min_row, max_row);
  // Smaller letters also take less room above the cells.
  const small = layouts.map(({ margin: { t, b }, font }) =>
    (height - 2 * GAP - 2) / (most + (t + b - 2 * GAP) / (font.size * LINE))
  );
  return clamp(Math.min(...small), SMALLEST * LINE, min_row);
}

/** The height of a row beyond which cells would be steep where there is `room`. */
export function steepest({ meta, margin }, room) {
  const column = (Math.min(room, meta.max_width) - margin.l - margin.r) / meta.columns;
  return Math.max(meta.row, STEEP * column);
}

/** The width in which all columns are seen with the smallest letters. */
export function narrowestFit({ meta, margin, font }) {
  const small = SMALLEST / font.size;
  return small * (margin.l + margin.r) + meta.columns * SMALLEST * LINE;
}

/**
 * Width, height, margin and letters where there is `room`.
 * @param {any} layout
 * @param {number} room
 * @param {Space} space
 * @returns {Size}
 */
export function sized({ meta, margin, font }, room, space) {
  const { row = meta.row, fits = false } = space;
  let size = font.size;
  if (fits) {
    const across = (room - GAP) / (meta.columns * LINE + (margin.l + margin.r) / size);
    size = clamp(Math.min(size, row / LINE, across), SMALLEST, size);
  }
  const share = size / font.size;
  const around = share === 1 ? margin : scaled(margin, share);
  const beside = around.l + around.r;
  const least = fits ? beside + meta.columns * size * LINE : meta.min_width;
  const most = space.row ? meta.max_width : beside + meta.columns * FLAT * row;
  const width = Math.max(least, Math.min(room, most));
  return { width, height: around.t + meta.rows * row + around.b, margin: around, font: { ...font, size } };
}

function scaled(margin, share) {
  const [l, r, t, b] = ["l", "r", "t", "b"].map((side) => Math.ceil(GAP + share * Math.max(0, margin[side] - GAP)));
  return { ...margin, l, r, t, b };
}

/** @param {Picture} picture @returns {Cell | null} a row beside the cells, a column above them */
export function at({ box: { width, height }, meta }, x, y) {
  if (x < 0 && y < 0) return null;
  if (y < 0) return { row: null, column: slot(turned(x, y, meta.turn), width, meta.columns) };
  if (y >= height || x >= width) return null;
  return { row: slot(y, height, meta.rows), column: x < 0 ? null : slot(x, width, meta.columns) };
}

/** @param {Picture} picture @param {Cell | null} from @returns {Cell} */
export function move({ meta: { rows, columns } }, from, down, across) {
  if (!from) return { row: 0, column: columns ? 0 : null };
  const column = columns ? clamp((from.column ?? 0) + across, 0, columns - 1) : null;
  return { row: clamp((from.row ?? 0) + down, 0, rows - 1), column };
}

/** The outline of a row, of a column, or of both. @param {Picture} picture @param {Cell} cell */
export function path({ box: plot, meta: { rows, columns } }, { row, column }) {
  const [width, height] = [plot.width / columns, plot.height / rows];
  const parts = [];
  if (row !== null && row < rows) parts.push(box(plot, { x: 0, y: row * height, width: plot.width, height }));
  if (column !== null && column < columns) {
    parts.push(box(plot, { x: column * width, y: 0, width, height: plot.height }));
  }
  return parts.join("");
}

/** @param {Picture} picture @param {Cell} cell */
export function rect({ box: plot, meta: { rows, columns } }, { row, column }) {
  const [width, height] = [plot.width / columns, plot.height / rows];
  return { x: column * width, y: row * height, width, height };
}

/** @param {Picture} picture @param {Cell} cell */
export function tell({ figure: { data, layout } }, { row, column }) {
  const names = [layout.yaxis.ticktext[row], layout.xaxis.ticktext[column]].map(unescaped);
  return [[names.join(" → "), digits(unpacked(data[0].z)[row * layout.meta.columns + column])]];
}

/** @param {Picture} picture */
export function table(picture) {
  const { head, rows } = sheet(picture);
  return { head, rows: rows.map(([name, ...values]) => [name, ...values.map((value) => signed(value, 3))]) };
}

/** @param {Picture} picture */
export function sheet({ figure: { data, layout } }) {
  const values = unpacked(data[0].z);
  const { columns } = layout.meta;
  return {
    head: ["", ...layout.xaxis.ticktext.map(unescaped)],
    rows: layout.yaxis.ticktext.map((text, row) => [
      unescaped(text),
      ...values.subarray(row * columns, (row + 1) * columns),
    ]),
  };
}
