// What the kinds of figures answer: what is at a point, where an arrow leads, what is outlined and told.

import assert from "node:assert/strict";

import * as bars from "../../pages/kit/browser/kinds/bars.js";
import * as curves from "../../pages/kit/browser/kinds/curves.js";
import * as heatmap from "../../pages/kit/browser/kinds/heatmap.js";
import * as lines from "../../pages/kit/browser/kinds/lines.js";
import * as listening from "../../pages/kit/browser/kinds/listening.js";
import * as mosaic from "../../pages/kit/browser/kinds/mosaic.js";
import * as strips from "../../pages/kit/browser/kinds/strips.js";
import * as sums from "../../pages/kit/browser/kinds/sums.js";

const box = { left: 50, top: 20, width: 90, height: 40 };
const cells = { rows: 2, columns: 3, turn: 45 };

const GRID = {
  box,
  meta: cells,
  figure: {
    data: [{ z: [0.5, 0.25, 0.25, 0, 1, 0] }],
    layout: { meta: cells, xaxis: { ticktext: ["le", "chat", "&lt;"] }, yaxis: { ticktext: ["the", "cat"] } },
  },
};

// Two ribbons: of pair 0 from the first word above to the first below, of pair 4 from the second to the second.
const RIBBONS = {
  box,
  meta: { ...cells, ribbons: [[4], [0]] },
  figure: { data: [{ x: [44, 46, 68, 66, 44, null] }, { x: [5, 25, 32, 12, 5, null] }] },
  weight: (pair) => ({ 0: 1, 4: 0.1 })[pair],
};

const STRIPS = {
  box,
  zoom: null,
  followed: 2,
  labels: { number: "{number} of {width}" },
  meta: {
    kind: "strips",
    width: 9,
    offset: 0,
    whole: 9,
    rows: [{ name: "s t", pieces: null, top: 0, bottom: 10 }, { name: "chat", pieces: [2, 4], top: 15, bottom: 40 }],
  },
  figure: {
    data: [
      { zmax: 1, y: [0, 15], z: Array.from({ length: 9 }, (_, i) => i / 10) },
      { zmax: 2, y: [15, 27.5, 40], z: Array.from({ length: 18 }, (_, i) => i) },
    ],
  },
};

// Those of numbers 28 to 36 of 64.
const PART = { ...STRIPS, followed: 29, meta: { ...STRIPS.meta, offset: 27, whole: 64 } };

Deno.test("a part of a vector counts its numbers in the whole", () => {
  assert.deepEqual(strips.range(PART), { first: 28, last: 36 });
  assert.deepEqual(strips.at(PART, 25, 5), { cell: 0, number: 30, key: undefined });
  assert.deepEqual(strips.tell(PART, { cell: 0, number: 30, row: null }), [["s t", "0.2"], ["30 of 64", ""]]);
  assert.deepEqual(strips.table(PART).head, ["", ...Array.from({ length: 9 }, (_, i) => String(28 + i))]);
  assert.deepEqual(strips.table(PART).rows[0].slice(0, 3), ["s t", "0.000", "0.100"]);
  assert.equal(strips.sheet(PART).head[1], "28");
  assert.equal(strips.followed(PART, 2), "");
  assert.notEqual(strips.followed(PART, 29), "");
  const near = { ...PART, zoom: { first: 29, last: 30 } };
  assert.deepEqual(strips.written(near).slice(0, 2).map(({ text }) => text), ["1.000", "2.000"]);
});

Deno.test("a heatmap answers with a cell, and beside it with a word", () => {
  assert.deepEqual(heatmap.at(GRID, 31, 25), { row: 1, column: 1 });
  assert.deepEqual(heatmap.at(GRID, -5, 5), { row: 0, column: null });
  assert.deepEqual(heatmap.at(GRID, 65, -10), { row: null, column: 1 }); // of a word that leans to the right
  assert.equal(heatmap.at(GRID, -5, -5), null);
  assert.equal(heatmap.at(GRID, 95, 5), null);
});

Deno.test("arrows walk over a heatmap and stop at its edge", () => {
  assert.deepEqual(heatmap.move(GRID, null, 1, 0), { row: 0, column: 0 });
  assert.deepEqual(heatmap.move(GRID, { row: 0, column: 2 }, 0, 1), { row: 0, column: 2 });
  assert.deepEqual(heatmap.move(GRID, { row: 0, column: null }, 1, 0), { row: 1, column: 0 });
});

Deno.test("a heatmap tells its cell and is outlined by row and column", () => {
  assert.deepEqual(heatmap.tell(GRID, { row: 1, column: 1 }), [["cat → chat", "1"]]);
  assert.equal(heatmap.path(GRID, { row: 1, column: null }), "M50,40h90v20h-90z");
  assert.equal(heatmap.path(GRID, { row: null, column: 2 }), "M110,20h30v40h-30z");
  assert.deepEqual(heatmap.table(GRID).rows[0], ["the", "0.500", "0.250", "0.250"]);
  assert.deepEqual(heatmap.table(GRID).head, ["", "le", "chat", "<"]);
});

Deno.test("lines answer with the heaviest ribbon, a thin one near its middle", () => {
  assert.deepEqual(lines.at(RIBBONS, 12, 1), { row: 0, column: 0 });
  assert.deepEqual(lines.at(RIBBONS, 58, 20), { row: 1, column: 1 });
  assert.equal(lines.at(RIBBONS, 85, 20), null);
  assert.deepEqual(lines.at(RIBBONS, 45, -1), { row: null, column: 1 });
});

Deno.test("the outline of a word is that of its ribbons, as the figure draws them", () => {
  assert.equal(lines.path(RIBBONS, { row: 0, column: 0 }), "M55.00,20L75.00,20L82.00,60L62.00,60z");
  assert.equal(lines.path(RIBBONS, { row: 1, column: null }), lines.path(RIBBONS, { row: null, column: 1 }));
  assert.equal(lines.path(RIBBONS, { row: null, column: null }), "");
});

Deno.test("curves answer with a step, and both arrows walk over them", () => {
  const picture = { box, meta: { rows: 3, columns: 0, turn: 90 } };
  assert.deepEqual(curves.at(picture, 40, 20), { row: 1, column: null });
  assert.deepEqual(curves.at(picture, 40, 50), { row: 1, column: null });
  assert.equal(curves.at(picture, 95, 20), null);
  assert.deepEqual(curves.move(picture, { row: 1, column: null }, 0, 1), { row: 2, column: null });
  assert.equal(curves.path(picture, { row: 2, column: null }), "M110,20h30v40h-30z");
});

Deno.test("strips answer with a number of a vector, and beside them with a word", () => {
  assert.deepEqual(strips.at(STRIPS, 45, 5), { cell: 0, number: 5, key: undefined });
  assert.deepEqual(strips.at(STRIPS, 45, 30), { cell: 2, number: 5, key: 2 });
  assert.equal(strips.at(STRIPS, -5, 30).key, 2);
  assert.equal(strips.at(STRIPS, 45, 12), null);
  assert.deepEqual(strips.tell(STRIPS, { cell: 2, number: 5 }), [["chat", "13"], ["5 of 9", ""]]);
});

Deno.test("a zoom changes which number is at a point, and is walked only within", () => {
  const near = { ...STRIPS, zoom: { first: 4, last: 6 } };
  assert.equal(strips.at(near, 45, 5).number, 5);
  assert.equal(strips.move(near, { cell: 0, number: 6 }, 0, 1).number, 6);
  assert.deepEqual(strips.rect(near, { cell: 0, number: 5 }), { x: 30, y: 0, width: 30, height: 10 });
  assert.equal(strips.table(near).head.join(), ",4,5,6");
});

Deno.test("the number that is followed is pointed at, framed, or out of sight", () => {
  assert.match(strips.followed({ ...STRIPS, box: { ...box, width: 18 } }, 2), /^M55,23l/);
  assert.equal(strips.followed(STRIPS, 2), "M70,19h10v42h-10z");
  assert.equal(strips.followed({ ...STRIPS, zoom: { first: 4, last: 6 } }, 2), "");
});

Deno.test("numbers are written into cells that are wide and high enough", () => {
  const near = { ...STRIPS, box: { ...box, width: 150 }, zoom: { first: 4, last: 6 } };
  assert.deepEqual(strips.written(near).map(({ text }) => text), [
    "3.000",
    "4.000",
    "5.000",
    "12.000",
    "13.000",
    "14.000",
  ]);
  assert.deepEqual(strips.written(STRIPS), []);
});

Deno.test("the rows of a piece are outlined", () => {
  assert.equal(strips.chosen(STRIPS, 3), "M50,35h90v25h-90z");
  assert.equal(strips.chosen(STRIPS, 4), "");
});

Deno.test("bars and sums answer with a row and with a term", () => {
  const rows = { box, caption: "weight", meta: STRIPS.meta, figure: { data: [{ x: [0.5, -0.25] }] } };
  assert.deepEqual(bars.at(rows, 0, 20), { index: 1, key: 2 });
  assert.deepEqual(bars.tell(rows, { index: 1 }), [["chat", "−0.25"]]);
  assert.deepEqual(bars.table(rows).head, ["", "weight"]);
  const terms = { box, figure: { data: [{ y: [1, 0.5] }, { y: [1, 1.5] }] } };
  assert.deepEqual(sums.at(terms, 50), { index: 1 });
  assert.deepEqual(sums.tell(terms, { index: 1 }), [["2.", "0.5"], ["Σ", "1.5"]]);
  assert.deepEqual(sums.move(terms, { index: 1 }, 0, 1), { index: 1 });
});

Deno.test("a picture of a stage leaves with all its numbers, in sight or not", () => {
  const zoomed = { ...STRIPS, zoom: { first: 2, last: 4 } };
  const { head, rows } = strips.sheet(zoomed);
  assert.equal(head.length, 10);
  assert.deepEqual(rows.map(([name]) => name), ["s t", "chat", "chat"]);
  assert.deepEqual(rows[2].slice(1), [9, 10, 11, 12, 13, 14, 15, 16, 17]);
  assert.deepEqual(heatmap.sheet(GRID), {
    head: ["", "le", "chat", "<"],
    rows: [["the", 0.5, 0.25, 0.25], ["cat", 0, 1, 0]],
  });
  assert.equal(heatmap.table(GRID).rows[0][1], "0.500");
});

// As s2s/figures/heatmap.py sizes one of ten rows and nine columns at 14 pixels.
const SIZES = {
  font: { size: 14 },
  margin: { l: 64, r: 8, t: 64, b: 8 },
  meta: { rows: 10, columns: 9, row: 25, min_row: 21, max_row: 50, min_width: 243, max_width: 702 },
};
const MANY = { ...SIZES, meta: { ...SIZES.meta, rows: 37, columns: 36, min_width: 756, max_width: 2592 } };

Deno.test("rows are as high as the window leaves room for, and neither higher nor lower than they may be", () => {
  assert.equal(heatmap.rowWithin([SIZES], 372, false), 30);
  assert.equal(heatmap.rowWithin([SIZES, MANY], 5000, false), 50);
  assert.equal(heatmap.rowWithin([SIZES, MANY], 372, false), 21);
  assert.equal(heatmap.rowWithin([SIZES], 372, true), 30); // fits already
  const { width, height, font } = heatmap.sized(SIZES, 366, { row: 30 });
  assert.deepEqual([width, height, font.size], [366, 372, 14]);
});

Deno.test("a long sentence is made to fit with smaller letters, down to those that can be read", () => {
  const row = heatmap.rowWithin([MANY], 620, true);
  const size = heatmap.sized(MANY, 1198, { row, fits: true });
  assert.ok(size.height <= 620 && size.width <= 1198, JSON.stringify(size));
  assert.ok(size.font.size >= 8 && size.font.size < 14);
  assert.ok(size.width - size.margin.l - size.margin.r >= 36 * size.font.size);
  const narrow = heatmap.sized(MANY, 200, { row: 9.6, fits: true });
  assert.equal(narrow.font.size, 8);
  assert.ok(narrow.width > 200); // it scrolls
  assert.ok(heatmap.narrowestFit(MANY) > 366 && heatmap.narrowestFit(SIZES) < 366);
});

Deno.test("a cell is never much higher than wide", () => {
  assert.equal(heatmap.steepest(SIZES, 72 + 9 * 40), 1.2 * 40);
  assert.equal(heatmap.steepest(SIZES, 72 + 9 * 10), 25);
});

Deno.test("in a file a picture has its own size, whatever the window was", () => {
  assert.deepEqual(heatmap.sized(SIZES, 900, {}), {
    width: 447,
    height: 322,
    margin: SIZES.margin,
    font: { size: 14 },
  });
});

Deno.test("a sound answers with a cell of its rows, and in the spectrogram with a state", () => {
  const meta = { sound: 16, between: 4, rows: 2, columns: 3 };
  const picture = { box, meta };
  assert.deepEqual(listening.at(picture, 31, 10), { row: null, column: 1 });
  assert.deepEqual(listening.at(picture, 31, 35), { row: 1, column: 1 });
  assert.deepEqual(listening.at(picture, -5, 25), { row: 0, column: null });
  for (const [x, y] of [[31, 18], [-5, 10], [95, 25], [31, 41], [31, -1]]) {
    assert.equal(listening.at(picture, x, y), null);
  }
  assert.deepEqual(listening.move(picture, null, 1, 0), { row: 0, column: 0 });
  assert.deepEqual(listening.move(picture, { row: null, column: 2 }, 1, 1), { row: 1, column: 2 });
  assert.equal(listening.path(picture, { row: 1, column: null }), "M50,50h90v10h-90z");
  assert.equal(listening.path(picture, { row: null, column: 2 }), "M110,20h30v40h-30z");
  assert.equal(listening.path(picture, { row: null, column: null }), "");
  assert.deepEqual(listening.rect(picture, { row: 0, column: 2 }), { x: 60, y: 20, width: 30, height: 10 });
});

// Two layers of two heads, each two rows and three columns, one cell between them: seven cells across, five down.
const MAPS = {
  box: { left: 50, top: 20, width: 70, height: 50 },
  meta: { layers: 2, heads: 2, rows: 2, columns: 3, between: 1 },
  figure: { data: [{ z: Array.from({ length: 35 }, (_, i) => i) }] },
};

Deno.test("a mosaic answers with a map and its cell, between maps with the one before", () => {
  assert.deepEqual(mosaic.at(MAPS, 45, 35), { layer: 1, head: 1, row: 0, column: 0 });
  assert.deepEqual(mosaic.at(MAPS, 35, 25), { layer: 0, head: 0, row: 1, column: 2 });
  assert.equal(mosaic.at(MAPS, 70, 25), null);
  assert.equal(mosaic.at(MAPS, 35, -1), null);
});

Deno.test("arrows walk over the maps of a mosaic and stop at its edge", () => {
  const from = { layer: 0, head: 0, row: 1, column: 2 };
  assert.deepEqual(mosaic.move(MAPS, from, 1, 0), { layer: 1, head: 0, row: null, column: null });
  assert.deepEqual(mosaic.move(MAPS, from, 0, -1), { layer: 0, head: 0, row: null, column: null });
});

Deno.test("a map is outlined whole, and a row in every map", () => {
  assert.equal(mosaic.path(MAPS, { layer: 1, head: 1, row: null, column: null }), "M90,50h30v20h-30z");
  assert.equal(mosaic.path(MAPS, { layer: 2, head: 0, row: null, column: null }), "");
  assert.equal(mosaic.rowPath(MAPS, 1).split("M").length - 1, 4);
  assert.match(mosaic.rowPath(MAPS, 1), /^M50,30h30v10h-30z/);
  assert.equal(mosaic.rowPath(MAPS, 2), "");
  assert.equal(mosaic.rowPath(MAPS, null), "");
});

Deno.test("the numbers of a mosaic are those of its cells, map by map", () => {
  assert.equal(mosaic.weight(MAPS, { layer: 1, head: 1, row: 1, column: 2 }), 34);
  const rows = mosaic.rows(MAPS);
  assert.equal(rows.length, 8);
  assert.deepEqual(rows[3], { layer: 0, head: 1, row: 1, cells: [11, 12, 13] });
});

Deno.test("a mosaic is as wide as there is room, and its cells are square", () => {
  const layout = { meta: { ...MAPS.meta, min_width: 90, max_width: 400 }, margin: { l: 10, r: 10, t: 5, b: 5 } };
  assert.deepEqual(mosaic.sized(layout, 160), { width: 160, height: 110, margin: layout.margin, font: undefined });
  assert.equal(mosaic.sized(layout, 10).width, 90);
  assert.equal(mosaic.sized(layout, 1000).width, 400);
});
