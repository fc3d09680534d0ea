// Which numbers of a vector are in sight, from 1.

import { clamp } from "./numbers.js";

/** @import { Zoom } from "./picture.js" */

export const FEWEST = 8; // at the closest zoom

/** So many times as many numbers, about a middle. @param {Zoom} sight @returns {Zoom} */
export function scaled({ first, last }, factor, middle) {
  const count = Math.max(FEWEST, Math.round((last - first + 1) * factor));
  const start = Math.round(middle - (count - 1) / 2);
  return { first: start, last: start + count - 1 };
}

/** The same within a vector of `width` numbers; null where that is all of it. @param {Zoom} zoom @returns {Zoom | null} */
export function within(zoom, width) {
  const count = Math.min(width, Math.max(FEWEST, zoom.last - zoom.first + 1));
  const first = clamp(zoom.first, 1, width - count + 1);
  return count >= width ? null : { first, last: first + count - 1 };
}

/**
 * What of it is in sight of a picture that has some of these numbers; null where that is all that it has, or none.
 * @param {Zoom | null} zoom @param {{offset: number, width: number}} meta @returns {Zoom | null}
 */
export function inside(zoom, { offset, width }) {
  if (!zoom) return null;
  const [first, last] = [Math.max(zoom.first, offset + 1), Math.min(zoom.last, offset + width)];
  return first > last || (first === offset + 1 && last === offset + width) ? null : { first, last };
}
