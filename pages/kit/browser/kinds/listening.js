// A spectrogram, and below it a row for each digit: encoder states across, over both.

import { clamp, slot } from "../numbers.js";
import { box } from "./places.js";

/** @import { Picture } from "../picture.js" */
/** @import { Cell } from "./heatmap.js" */

export const ticks = { source: null, target: ".ytick text" };

/** A cell of the rows, beside them a row, in the spectrogram a state. @param {Picture} picture @returns {Cell | null} */
export function at({ box: { width, height }, meta }, x, y) {
  const rows = meta.sound + meta.between;
  const column = slot(x, width, meta.columns);
  if (y >= 0 && y < meta.sound) return column === null ? null : { row: null, column };
  if (y < rows || y >= height || x >= width) return null;
  return { row: slot(y - rows, height - rows, meta.rows), column };
}

/** @param {Picture} picture @param {Cell | null} from @returns {Cell} */
export function move({ meta: { rows, columns } }, from, down, across) {
  if (!from) return { row: 0, column: 0 };
  return {
    row: clamp((from.row ?? 0) + down, 0, rows - 1),
    column: clamp((from.column ?? 0) + across, 0, columns - 1),
  };
}

/** The outline of a row; of a state, through the spectrogram too. @param {Picture} picture @param {Cell} cell */
export function path(picture, { row, column }) {
  const { box: plot, meta } = picture;
  const parts = [];
  if (row !== null && row < meta.rows) {
    const { y, height } = rect(picture, { row, column: 0 });
    parts.push(box(plot, { x: 0, y, width: plot.width, height }));
  }
  if (column !== null && column < meta.columns) {
    const { x, width } = rect(picture, { row: 0, column });
    parts.push(box(plot, { x, y: 0, width, height: plot.height }));
  }
  return parts.join("");
}

/** @param {Picture} picture @param {Cell} cell */
export function rect({ box: { width, height }, meta }, { row, column }) {
  const [above, wide] = [meta.sound + meta.between, width / meta.columns];
  const high = (height - above) / meta.rows;
  return { x: (column ?? 0) * wide, y: above + (row ?? 0) * high, width: wide, height: high };
}
