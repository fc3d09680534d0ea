// The search for the largest zoom at which a picture is seen whole.

import assert from "node:assert/strict";

import { Fitting } from "../../pages/kit/browser/fitting.js";

const [LEAST, MOST] = [0.7, 5];

/** Where a search ends that begins at a zoom, by how high a thing is at each. */
function ended(height, room, zoom = 1, fitting = new Fitting(LEAST, MOST), rounds = 20) {
  for (let round = 0; round < rounds; round++) {
    const next = fitting.next(zoom, room / height(zoom));
    if (next === zoom) return zoom;
    zoom = next;
  }
  return assert.fail("it does not end");
}

Deno.test("what grows in proportion fills its room", () => {
  assert.equal(ended((zoom) => 200 * zoom, 500), 2.5);
});

Deno.test("letters that go into more lines end on a zoom that fits, and no larger one does", () => {
  const lines = (zoom) => 40 * zoom * Math.ceil(900 * zoom / 1200);
  for (const start of [0.7, 1, 1.9, 3, 5]) {
    const zoom = ended(lines, 250, start);
    assert.ok(lines(zoom) <= 250, `${zoom}`);
    assert.ok(lines(1.05 * zoom) > 250 || zoom > 2, `${zoom}`);
  }
});

Deno.test("cards that part into rows at some zoom end where they stand beside each other", () => {
  const cards = (zoom) => zoom > 1.4 ? 900 * zoom : 300 * zoom;
  const zoom = ended(cards, 500);
  assert.ok(zoom <= 1.4 && zoom > 1.4 / 1.05, `${zoom}`);
});

Deno.test("a heatmap, whose rows give way to larger letters, ends soon where they are least", () => {
  const heatmap = (zoom) => Math.max(548 - 28 * zoom, 290 * zoom);
  const zoom = ended(heatmap, 538, 1, new Fitting(LEAST, MOST), 10);
  assert.ok(heatmap(zoom) <= 538 && heatmap(1.05 * zoom) > 538, `${zoom}`);
});

Deno.test("it keeps within its limits, also where nothing fits", () => {
  assert.equal(ended((zoom) => 10 * zoom, 500), MOST);
  assert.equal(ended((zoom) => 5000 * zoom, 500), LEAST);
});

Deno.test("what has become another thing is looked at anew", () => {
  const fitting = new Fitting(LEAST, MOST);
  const before = ended((zoom) => 200 * zoom, 500, 1, fitting);
  assert.equal(ended((zoom) => 400 * zoom, 500, before, fitting), 1.25);
});
