// Numbers of words as bars: a row for each word.

import { clamp, digits, unpacked } from "../numbers.js";

/** @import { Picture } from "../picture.js" */

export { chosen } from "./places.js";
export const ticks = null;

/** @param {Picture} picture */
export function at(picture, _x, y) {
  const index = picture.meta.rows.findIndex(({ top, bottom }) => y >= top && y < bottom);
  return index < 0 ? null : place(picture, index);
}

/** @param {Picture} picture */
export function move(picture, from, down) {
  return place(picture, from ? clamp(from.index + down, 0, picture.meta.rows.length - 1) : 0);
}

/** @param {Picture} picture */
export function rect({ box: plot, meta }, { index }) {
  const { top, bottom } = meta.rows[index];
  return { x: 0, y: top, width: plot.width, height: bottom - top };
}

/** @param {Picture} picture */
export function tell({ figure, meta }, { index }) {
  return [[meta.rows[index].name, digits(unpacked(figure.data[0].x)[index])]];
}

/** @param {Picture} picture */
export function table(picture) {
  const { head, rows } = sheet(picture);
  return { head, rows: rows.map(([name, value]) => [name, digits(value)]) };
}

/** @param {Picture} picture */
export function sheet({ figure, meta, caption }) {
  const values = unpacked(figure.data[0].x);
  return { head: ["", caption], rows: meta.rows.map(({ name }, i) => [name, values[i]]) };
}

function place({ meta }, index) {
  return { index, key: meta.rows[index].pieces?.[0] };
}
