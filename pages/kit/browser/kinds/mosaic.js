// Small maps, layers down and heads across: which of them is at a point, and which of its cells.

import { clamp, unpacked } from "../numbers.js";
import { box } from "./places.js";

/** @import { Picture, Size } from "../picture.js" */
/** @typedef {{layer: number, head: number, row: number | null, column: number | null}} Place
 * of a map, and of a cell in it where one is meant */

export const ticks = { source: ".xtick text", target: ".ytick text" };
export const hasStrips = true; // its words stay in sight while it scrolls

/** Cells are square, whatever room there is. @returns {Size} */
export function sized({ meta, margin, font }, room) {
  const width = Math.max(meta.min_width, Math.min(room, meta.max_width));
  const cell = (width - margin.l - margin.r) / across(meta);
  return { width, height: Math.ceil(margin.t + cell * down(meta) + margin.b), margin, font };
}

/** The map at a point, or the next one to it. @param {Picture} picture @returns {Place | null} */
export function at({ box: { width, height }, meta }, x, y) {
  if (x < 0 || y < 0 || x >= width || y >= height) return null;
  const [right, below] = [(x / width) * across(meta), (y / height) * down(meta)];
  const [wide, deep] = [meta.columns + meta.between, meta.rows + meta.between];
  const [head, layer] = [Math.floor(right / wide), Math.floor(below / deep)];
  return {
    layer,
    head,
    row: clamp(Math.floor(below - layer * deep), 0, meta.rows - 1),
    column: clamp(Math.floor(right - head * wide), 0, meta.columns - 1),
  };
}

/** Arrows go from map to map. @param {Picture} picture @param {Place} from @returns {Place} */
export function move({ meta: { layers, heads } }, from, below, right) {
  return {
    layer: clamp(from.layer + below, 0, layers - 1),
    head: clamp(from.head + right, 0, heads - 1),
    row: null,
    column: null,
  };
}

/** The outline of a map. @param {Picture} picture @param {Place} place */
export function path(picture, place) {
  const { meta } = picture;
  return place.layer < meta.layers && place.head < meta.heads ? box(picture.box, rect(picture, place)) : "";
}

/** The outline of a row in every map. @param {Picture} picture @param {number | null} row */
export function rowPath(picture, row) {
  const { meta } = picture;
  if (row === null || row >= meta.rows) return "";
  const parts = [];
  for (let layer = 0; layer < meta.layers; layer++) {
    for (let head = 0; head < meta.heads; head++) {
      const { x, y, width, height } = rect(picture, { layer, head, row: null, column: null });
      const high = height / meta.rows;
      parts.push(box(picture.box, { x, y: y + row * high, width, height: high }));
    }
  }
  return parts.join("");
}

/** @param {Picture} picture @param {Place} place */
export function rect({ box: { width, height }, meta }, { layer, head }) {
  const [wide, high] = [width / across(meta), height / down(meta)];
  return {
    x: head * (meta.columns + meta.between) * wide,
    y: layer * (meta.rows + meta.between) * high,
    width: meta.columns * wide,
    height: meta.rows * high,
  };
}

/** The number of a cell. @param {Picture} picture @param {Place} place */
export function weight({ figure, meta }, { layer, head, row, column }) {
  const values = unpacked(figure.data[0].z);
  const [x, y] = [head * (meta.columns + meta.between) + column, layer * (meta.rows + meta.between) + row];
  return values[y * across(meta) + x];
}

/** All numbers, a row for each row of each map: its layer, its head, then the cells. @param {Picture} picture */
export function rows({ figure, meta }) {
  const values = unpacked(figure.data[0].z);
  const found = [];
  for (let layer = 0; layer < meta.layers; layer++) {
    for (let head = 0; head < meta.heads; head++) {
      for (let row = 0; row < meta.rows; row++) {
        const y = layer * (meta.rows + meta.between) + row;
        const start = y * across(meta) + head * (meta.columns + meta.between);
        found.push({ layer, head, row, cells: [...values.subarray(start, start + meta.columns)] });
      }
    }
  }
  return found;
}

function across({ heads, columns, between }) {
  return heads * (columns + between) - between;
}

function down({ layers, rows: deep, between }) {
  return layers * (deep + between) - between;
}
