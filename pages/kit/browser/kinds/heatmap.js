// Cells between words down and words across: what is at a point, where an arrow leads, what is outlined.

import { clamp, digits, signed, slot, unescaped, unpacked } from "../numbers.js";
import { box, turned } from "./places.js";

/** @import { Picture } from "../picture.js" */
/** @typedef {{row: number | null, column: number | null}} Cell */

// Where Plotly writes the words of the two axes.
export const ticks = { source: ".xtick text", target: ".ytick text" };

export const hasStrips = true; // its words stay in sight while it scrolls

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
