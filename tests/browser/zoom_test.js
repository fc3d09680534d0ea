// Which numbers are in sight.

import assert from "node:assert/strict";

import { FEWEST, scaled, within } from "../../pages/kit/browser/zoom.js";

Deno.test("a zoom stays within the vector and keeps its size", () => {
  assert.deepEqual(within({ first: -5, last: 14 }, 256), { first: 1, last: 20 });
  assert.deepEqual(within({ first: 250, last: 269 }, 256), { first: 237, last: 256 });
  assert.deepEqual(within({ first: 40, last: 41 }, 256), { first: 40, last: 47 });
});

Deno.test("a zoom on everything is none", () => {
  assert.equal(within({ first: 1, last: 300 }, 256), null);
  assert.equal(within({ first: 1, last: 8 }, 4), null);
});

Deno.test("half as many numbers stand about the same middle, down to the fewest", () => {
  assert.deepEqual(scaled({ first: 1, last: 256 }, 0.5, 100), { first: 37, last: 164 });
  const { first, last } = scaled({ first: 10, last: 17 }, 0.5, 13);
  assert.equal(last - first + 1, FEWEST);
});
