// Vectors as rows of cells, of which a zoom shows some numbers. A cell is a vector and one of its numbers, from 1.

import { clamp, digits, signed, unpacked } from "../numbers.js";
import { box } from "./places.js";

/** @import { Picture } from "../picture.js" */
/** @typedef {{cell: number | null, number: number | null, key?: number, row?: any}} Number_ */

export const isZoomed = true;
export { chosen } from "./places.js";
export const ticks = null;

const LEGIBLE = 44; // pixels of a cell in which its number can be read
const LOWEST = 12; // and of its height
const DARK = 0.55; // of a scale: from here on what stands in a cell is light
const NARROW = 6; // pixels of a cell that is pointed at, not framed

/** What is in sight. @param {Picture} picture @returns {{first: number, last: number}} */
export function range({ zoom, meta }) {
  return zoom ?? { first: meta.offset + 1, last: meta.offset + meta.width };
}

/** @param {Picture} picture */
export function numberAt(picture, x) {
  const { first, last } = range(picture);
  return clamp(first + Math.floor((x / picture.box.width) * (last - first + 1)), first, last);
}

/** A number; beside the rows, the word of a row. @param {Picture} picture @returns {Number_ | null} */
export function at(picture, x, y) {
  const row = picture.meta.rows.find(({ top, bottom }) => y >= top && y < bottom);
  if (!row || x >= picture.box.width) return null;
  if (x < 0) return { cell: null, number: null, key: row.pieces?.[0], row };
  const found = cells(picture).find(({ top, bottom }) => y >= top && y < bottom);
  return found ? place(found, numberAt(picture, x)) : null;
}

/** @param {Picture} picture @returns {Number_} */
export function move(picture, from, down, across) {
  const all = cells(picture);
  const { first, last } = range(picture);
  const number = clamp(from?.number == null ? picture.followed + 1 : from.number + across, first, last);
  return place(all[from ? clamp((from.cell ?? 0) + down, 0, all.length - 1) : 0], number);
}

/** @param {Picture} picture */
export function rect(picture, { cell, number, row }) {
  if (cell === null) return { x: 0, y: row.top, width: picture.box.width, height: row.bottom - row.top };
  const { top, bottom } = cells(picture)[cell];
  const { first } = range(picture);
  const width = cellWidth(picture);
  return { x: (number - first) * width, y: top, width, height: bottom - top };
}

/** @param {Picture} picture */
export function tell(picture, { cell, number, row }) {
  if (cell === null) return [[row.name, ""]];
  const found = cells(picture)[cell];
  const where = picture.labels.number.replace("{number}", number).replace("{width}", picture.meta.whole);
  return [[found.row.name, digits(found.z[number - 1 - picture.meta.offset])], [where, ""]];
}

/** @param {Picture} picture */
export function table(picture) {
  const { first, last } = range(picture);
  const shown = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return {
    head: ["", ...shown.map(String)],
    rows: cells(picture).map((
      { row, z },
    ) => [row.name, ...shown.map((number) => signed(z[number - 1 - picture.meta.offset], 3))]),
  };
}

/** All numbers of its vectors, a row for each. @param {Picture} picture */
export function sheet(picture) {
  return {
    head: ["", ...Array.from({ length: picture.meta.width }, (_, i) => String(picture.meta.offset + i + 1))],
    rows: cells(picture).map(({ row, z }) => [row.name, ...z]),
  };
}

/** The limits of its scales. @param {Picture} picture */
export function limits({ figure }) {
  return [...new Set(figure.data.map((trace) => trace.zmax))];
}

/** Where a number stands, from 0, in all rows; "" where it is out of sight. @param {Picture} picture */
export function followed(picture, place) {
  const { first, last } = range(picture);
  const { box: plot } = picture;
  const width = cellWidth(picture);
  const x = (place + 1 - first) * width;
  if (place + 1 < first || place + 1 > last) return "";
  return width < NARROW ? pointers(plot, x + width / 2) : box(plot, { x, y: -1, width, height: plot.height + 2 });
}

/** What is written into the cells, where few enough are in sight. @param {Picture} picture */
export function written(picture) {
  const { first, last } = range(picture);
  const { box: plot, meta: { offset } } = picture;
  const width = cellWidth(picture);
  if (width < LEGIBLE) return [];
  return cells(picture)
    .filter(({ top, bottom }) => bottom - top >= LOWEST)
    .flatMap(({ limit, z, top, bottom }) =>
      Array.from(z.subarray(first - 1 - offset, last - offset), (value, i) => ({
        text: signed(value, 3),
        x: plot.left + (i + 0.5) * width,
        y: plot.top + (top + bottom) / 2,
        isOnDark: Math.abs(value) > DARK * limit,
      }))
    );
}

function cellWidth(picture) {
  const { first, last } = range(picture);
  return picture.box.width / (last - first + 1);
}

function place({ index, row }, number) {
  return { cell: index, number, key: row.pieces?.[0] };
}

// The vectors from top to bottom: {row, top, bottom, z, limit, index}. Kept with the figure.
function cells({ figure, meta }) {
  figure.cells ??= figure.data
    .flatMap((trace) => {
      const edges = unpacked(trace.y);
      const z = unpacked(trace.z);
      return [...edges.slice(0, -1)].map((top, i) => {
        const row = meta.rows.find((one) => top >= one.top && top < one.bottom);
        const vector = z.subarray(i * meta.width, (i + 1) * meta.width);
        return { row, top, bottom: Math.min(edges[i + 1], row.bottom), z: vector, limit: trace.zmax };
      });
    })
    .map((cell, index) => ({ ...cell, index }));
  return figure.cells;
}

// Two small triangles that point at a number from above and below, where its cell is too narrow for a frame.
function pointers({ left, top, height }, x) {
  const triangle = (y, size) => `M${left + x},${y}l${-size},${-size}h${2 * size}z`;
  return `${triangle(top + 3, 5)}${triangle(top + height - 3, -5)}M${left + x},${top}v${height}`;
}
