// A sum built from its numbers: a bar for each, and how far the sum has come.

import { clamp, digits, slot, unpacked } from "../numbers.js";

/** @import { Picture } from "../picture.js" */

export const ticks = null;

/** @param {Picture} picture */
export function at(picture, x) {
  const index = slot(x, picture.box.width, numbers(picture)[0].length);
  return index === null ? null : { index };
}

/** @param {Picture} picture */
export function move(picture, from, _down, across) {
  return { index: from ? clamp(from.index + across, 0, numbers(picture)[0].length - 1) : 0 };
}

/** @param {Picture} picture */
export function rect(picture, { index }) {
  const width = picture.box.width / numbers(picture)[0].length;
  return { x: index * width, y: 0, width, height: picture.box.height };
}

/** @param {Picture} picture */
export function tell(picture, { index }) {
  const [products, running] = numbers(picture);
  return [[`${index + 1}.`, digits(products[index])], ["Σ", digits(running[index])]];
}

/** @param {Picture} picture */
export function table(picture) {
  const { head, rows } = sheet(picture);
  return { head, rows: rows.map(([place, ...values]) => [place, ...values.map(digits)]) };
}

/** @param {Picture} picture */
export function sheet(picture) {
  const [products, running] = numbers(picture);
  return {
    head: ["", "+", "Σ"],
    rows: Array.from(products, (product, i) => [String(i + 1), product, running[i]]),
  };
}

// The numbers, and their sum so far.
function numbers({ figure }) {
  return figure.data.map((trace) => unpacked(trace.y));
}
