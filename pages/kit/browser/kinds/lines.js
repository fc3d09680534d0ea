// Ribbons from words above to words below. Their corners are in the figure, and `meta.ribbons` says whose they are.

import { slot, unpacked } from "../numbers.js";
import { move } from "./heatmap.js";
import { turned } from "./places.js";

/** @import { Picture } from "../picture.js" */
/** @import { Cell } from "./heatmap.js" */

export { move };
export const ticks = { source: ".x2tick text", target: ".xtick text" };
export const isVeiled = true; // what is not outlined pales

const CORNERS = 6; // numbers of a ribbon: four corners, the first again, and a gap
const LEAST = 0.02; // a ribbon of more weight answers near its middle, however thin
const NEAR = 3; // pixels

/** @param {Picture} picture @returns {Cell | null} a word, or the heaviest ribbon at a point */
export function at(picture, x, y) {
  const { box, meta } = picture;
  if (y < 0) return { row: null, column: slot(turned(x, y, meta.turn), box.width, meta.columns) };
  if (y > box.height) return { row: slot(turned(x, y - box.height, meta.turn), box.width, meta.rows), column: null };
  let found = null;
  let most = 0;
  for (const { pair, x: corners } of ribbons(picture)) {
    const [left, right] = [0, 1].map((side) =>
      corners[3 - side] + (corners[side] - corners[3 - side]) * (1 - y / box.height)
    );
    const weight = picture.weight(pair);
    const reach = Math.max((right - left) / 2, weight > LEAST ? NEAR : 0);
    if (weight <= most || Math.abs(x - (left + right) / 2) > reach) continue;
    most = weight;
    found = pair;
  }
  return found === null ? null : { row: Math.floor(found / meta.columns), column: found % meta.columns };
}

/** The ribbons of a word, or the one between two words. @param {Picture} picture @param {Cell} cell */
export function path(picture, { row, column }) {
  if (row === null && column === null) return "";
  const { box, meta } = picture;
  const isOf = (pair) =>
    (row ?? Math.floor(pair / meta.columns)) * meta.columns + (column ?? pair % meta.columns) === pair;
  return ribbons(picture)
    .filter(({ pair }) => isOf(pair))
    .map(({ x }) => {
      const corners = [0, 1, 2, 3].map((k) => `${(box.left + x[k]).toFixed(2)},${box.top + (k < 2 ? 0 : box.height)}`);
      return `M${corners.join("L")}z`;
    })
    .join("");
}

/** @param {Picture} picture @param {Cell} cell */
export function rect({ box, meta }, { column }) {
  return { x: ((column ?? 0) * box.width) / meta.columns, y: 0, width: box.width / meta.columns, height: 0 };
}

/** Each ribbon: which pair of words, and its corners' x. @param {Picture} picture */
function ribbons({ figure, meta }) {
  figure.ribbons ??= meta.ribbons.flatMap((pairs, k) => {
    const x = unpacked(figure.data[k].x);
    return pairs.map((pair, i) => ({ pair, x: x.subarray(i * CORNERS, i * CORNERS + 4) }));
  });
  return figure.ribbons;
}
