// The search for the largest zoom at which a picture is seen whole.

import assert from "node:assert/strict";

import { Fitting } from "../../pages/kit/browser/fitting.js";

const [LEAST, MOST] = [0.7, 5];

/** Where a search ends that begins at a zoom, by how high a thing is at each. */
function ended(height, room, zoom = 1, fitting = new Fitting(LEAST, MOST)) {
  for (let round = 0; round < 20; round++) {
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

Deno.test("it keeps within its limits, also where nothing fits", () => {
  assert.equal(ended((zoom) => 10 * zoom, 500), MOST);
  assert.equal(ended((zoom) => 5000 * zoom, 500), LEAST);
});

Deno.test("what has become another thing is looked at anew", () => {
  const fitting = new Fitting(LEAST, MOST);
  const before = ended((zoom) => 200 * zoom, 500, 1, fitting);
  assert.equal(ended((zoom) => 400 * zoom, 500, before, fitting), 1.25);
});
