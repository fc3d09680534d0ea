// A card on its way out of the app: its picture and its numbers, or the words of the source that are marked in it.

import { unpacked } from "./numbers.js";
import { drawn, lighter, outline } from "./save.js";
import { sketched } from "./sketch.js";

/** @import { Card } from "./card.js" */
/** @import { Leaving, Sheet } from "./save.js" */

/** @param {Card} card @returns {Leaving | null} */
export function cardLeaving(card) {
  const { panel } = card;
  if (!panel || !(panel.figure || panel.source.length)) return null;
  const result = panel.words.map(({ text }, i) => (panel.words[i].spaced && i ? ` ${text}` : text)).join("");
  const { name, title, origin } = panel;
  const said = { name, title, result, origin };
  if (!panel.figure) {
    const sheet = () => markedSheet(card);
    const draw = () => sketched(card.view, [card.source]);
    return { ...said, spoken: panel.marked, note: panel.marked, draw, sheet, record: sheet };
  }
  return {
    ...said,
    spoken: panel.spoken,
    draw: (Plotly) => drawn(Plotly, card.picture, (picture) => pinned(card, picture), scaleOf(card)),
    sheet: () => sheetOf(card),
    record: () => recordOf(card),
  };
}

// What its colours are of.
function scaleOf({ numbers, picture }) {
  return numbers.cells[picture.meta.values === "scores" ? 1 : 0]?.name ?? "";
}

// The outline of what is pinned.
function pinned(card, picture) {
  const { row, column } = card.cellOf(card.view.pinKeys());
  if (row === null && column === null) return [];
  const d = picture.kind.path(picture, { row, column });
  const color = lighter(card.view.data.colors.pinned);
  return d ? [outline(d, picture.kind.isVeiled ? { fill: color } : { stroke: color, width: 3 })] : [];
}

/** @param {Card} card @returns {Sheet} */
function markedSheet({ panel, view }) {
  const rows = panel.source.filter(({ mark }) => mark !== "sign").map(({ text, mark }) => [text, mark]);
  return { head: [view.data.labels.source_word, ""], rows };
}

/** The numbers as they are drawn, a row for each target unit. @param {Card} card @returns {Sheet} */
function sheetOf({ numbers, picture, view }) {
  const shown = numbers.cells[picture.meta.values === "scores" ? 1 : 0];
  const series = numbers.series.flatMap((one) => columnsOf(one));
  const head = [view.data.labels.target_word, ...numbers.source, ...series.map(({ name }) => name)];
  const rows = numbers.target.map((word, row) => [
    word,
    ...numbers.source.map((_, column) => shown.values[row * numbers.columns + column]),
    ...series.map(({ values }) => values[row]),
  ]);
  return { head, rows };
}

// A series as columns: its numbers, and between which they may lie.
function columnsOf({ name, values, exact, band }) {
  const columns = [{ name, values: exact ? [...unpacked(exact)] : values }];
  if (!band) return columns;
  const both = unpacked(band);
  const [low, high] = [both.slice(0, values.length), both.slice(values.length)];
  return [...columns, { name: `${name} ↓`, values: [...low] }, { name: `${name} ↑`, values: [...high] }];
}

/** @param {Card} card */
function recordOf({ numbers }) {
  const { source, target, cells, series, columns } = numbers;
  const inRows = ({ values }) => target.map((_, row) => [...values.subarray(row * columns, (row + 1) * columns)]);
  return {
    rows: target,
    columns: source,
    cells: cells.map((one) => ({ name: one.name, values: inRows(one) })),
    series: series.flatMap(columnsOf).map(({ name, values }) => ({ name, values: values.map(finite) })),
  };
}

function finite(value) {
  return Number.isNaN(value) ? null : value;
}
