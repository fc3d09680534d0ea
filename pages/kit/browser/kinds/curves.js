// Curves over steps, which stand side by side: a step is a row, and there are no columns.

import { clamp, slot } from "../numbers.js";
import { box, turned } from "./places.js";

/** @import { Picture } from "../picture.js" */
/** @import { Cell } from "./heatmap.js" */

export const ticks = { source: null, target: ".xtick text" };

/** @param {Picture} picture @returns {Cell | null} */
export function at({ box: { width, height }, meta }, x, y) {
  // Names below lean the other way than words above a heatmap.
  const row = slot(y > height ? turned(x, height - y, meta.turn) : x, width, meta.rows);
  return row === null ? null : { row, column: null };
}

/** @param {Picture} picture @param {Cell | null} from @returns {Cell} */
export function move({ meta }, from, down, across) {
  return { row: from ? clamp(from.row + down + across, 0, meta.rows - 1) : 0, column: null };
}

/** @param {Picture} picture @param {Cell} cell */
export function path(picture, cell) {
  return cell.row === null || cell.row >= picture.meta.rows ? "" : box(picture.box, rect(picture, cell));
}

/** @param {Picture} picture @param {Cell} cell */
export function rect({ box: { width, height }, meta }, { row }) {
  return { x: (row * width) / meta.rows, y: 0, width: width / meta.rows, height };
}
