// Which numbers are in sight.

import assert from "node:assert/strict";

import { FEWEST, inside, scaled, within } from "../../pages/kit/browser/zoom.js";

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

Deno.test("a picture that has a part of the numbers shows what of a zoom lies in it", () => {
  const part = { offset: 32, width: 32 };
  assert.equal(inside(null, part), null);
  assert.deepEqual(inside({ first: 30, last: 40 }, part), { first: 33, last: 40 });
  assert.deepEqual(inside({ first: 40, last: 50 }, part), { first: 40, last: 50 });
  assert.equal(inside({ first: 1, last: 20 }, part), null);
  assert.equal(inside({ first: 20, last: 90 }, part), null);
});
