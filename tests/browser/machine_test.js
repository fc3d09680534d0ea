// Where the boxes of the machine stand.

import assert from "node:assert/strict";

import { area, filled, layout, PARTS, shade } from "../../pages/kit/browser/machine-layout.js";

const SIZES = { source: 9, steps: 10, passes: 2, em: 16 };

Deno.test("a short sentence fits where there is room, a long one is as wide as it needs", () => {
  const short = layout({ ...SIZES, room: 1232, part: PARTS.look });
  assert.ok(short.width <= 1232);
  const long = layout({ ...SIZES, source: 40, steps: 41, room: 1232, part: PARTS.look });
  assert.ok(long.width > 1232);
  assert.ok(long.step >= 3 * SIZES.em);
});

Deno.test("boxes stand inside the picture, and none on another", () => {
  const place = layout({ ...SIZES, room: 700, part: PARTS.look });
  const boxes = [place.context(4)];
  for (let i = 0; i < SIZES.source; i++) for (const row of ["pass0", "pass1", "states"]) boxes.push(place.box(row, i));
  for (let t = 0; t <= SIZES.steps; t++) for (const row of ["fed", "written", "says"]) boxes.push(place.box(row, t));
  for (const one of boxes) {
    assert.ok(one.left >= 0 && one.left + one.width <= place.width);
    assert.ok(one.top >= 0 && one.top + one.height <= place.height);
    for (const other of boxes) {
      const isBeside = one.left + one.width <= other.left || other.left + other.width <= one.left;
      const isBelow = one.top + one.height <= other.top + 1e-9 || other.top + other.height <= one.top + 1e-9;
      assert.ok(one === other || isBeside || isBelow);
    }
  }
});

Deno.test("the encoder stays where it is while the rest comes", () => {
  const [alone, whole] = [PARTS.decoder, PARTS.look].map((part) => layout({ ...SIZES, room: 1232, part }));
  assert.deepEqual(alone.box("states", 3), whole.box("states", 3));
  assert.ok(alone.height < whole.height);
});

Deno.test("cells fill their box, each once", () => {
  const place = layout({ ...SIZES, room: 1232, part: PARTS.encoder });
  for (const count of [16, 32]) {
    const box = place.box("states", 0);
    const cells = place.cells(box, count);
    assert.equal(new Set(cells.map(({ left, top }) => `${left} ${top}`)).size, count);
    assert.ok(cells.every(({ left, width }) => left >= box.left && left + width <= box.left + box.width + 1e-9));
    assert.ok(cells.every(({ top, height }) => top + height <= box.top + box.height + 1e-9));
  }
});

Deno.test("a number has the shade of its size, at most the last", () => {
  assert.deepEqual([-9, -1, 0, 0.5, 1, 9].map((value) => shade(value, 1, 21)), [0, 0, 10, 15, 20, 20]);
});

Deno.test("rectangles are one path, and texts have their values", () => {
  assert.equal(area([{ left: 1, top: 2, width: 3, height: 4 }]), "M1,2h3v4h-3z");
  assert.equal(filled("{count} of {total}, {other}", { count: 0, total: 9 }), "0 of 9, {other}");
});
