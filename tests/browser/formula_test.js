// Formulas in parts.

import assert from "node:assert/strict";

import { parsed } from "../../pages/kit/browser/formula.js";

const below = (text) => parsed(text).filter(({ isBelow }) => isBelow).map(({ token }) => token).join("");
const whole = (text) => parsed(text).map(({ token }) => token).join("");

Deno.test("one token after a line stands below, or all in brackets", () => {
  assert.equal(below("s_t = W_c [c_t ; s_t]"), "tctt");
  assert.equal(below("h_{t-1} + 1"), "t-1");
  assert.equal(whole("h_{t-1} + 1"), "ht-1 + 1");
});

Deno.test("what people typed is never mathematics", () => {
  assert.equal(whole("h_“_{chat}”[3]"), "h“_{chat}”[3]");
  assert.equal(below("h_“_{chat}”[3]"), "“_{chat}”");
});

Deno.test("letters with marks and lone brackets are as they are", () => {
  assert.deepEqual(parsed("s\u0303_t }").map(({ token }) => token), ["s\u0303", "t", " ", "}"]);
});
