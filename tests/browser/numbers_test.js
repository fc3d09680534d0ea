// Numbers as they arrive and as people read them.

import assert from "node:assert/strict";

import { brief, clamp, digits, signed, slot, unescaped, unpacked } from "../../pages/kit/browser/numbers.js";

Deno.test("packed numbers arrive as Python sent them", () => {
  // np.array([0.5, -2], "<f4") and np.array([0.1], "<f8"), in base64
  assert.deepEqual([...unpacked({ dtype: "f4", bdata: "AAAAPwAAAMA=" })], [0.5, -2]);
  assert.deepEqual([...unpacked({ dtype: "f8", bdata: "mpmZmZmZuT8=" })], [0.1]);
  assert.deepEqual([...unpacked([])], []);
  assert.ok(Number.isNaN(unpacked([1, null])[1]));
});

Deno.test("numbers have a minus as wide as digits, and none before nothing", () => {
  assert.equal(signed(-1.23456, 3), "−1.235");
  assert.equal(signed(-0.0004, 3), "0.000");
});

Deno.test("all digits of a number of 24 bits are told, and no more", () => {
  for (const number of [0.1, -1 / 3, 1e-9, 123456.789, 0]) {
    const told = digits(Math.fround(number));
    assert.equal(Math.fround(Number(told.replace("−", "-"))), Math.fround(number));
    assert.ok(told.length <= 15);
  }
  assert.equal(digits(Math.fround(0.1)), "0.1");
});

Deno.test("the ends of a scale are told in few digits", () => {
  assert.equal(brief(0.8999), "0.9");
  assert.equal(brief(0.01234), "0.012");
});

Deno.test("labels are read as people see them", () => {
  assert.equal(unescaped("&lt;/s&gt; &amp;lt; &#36;"), "</s> &lt; $");
});

Deno.test("a position is in one of equal parts, or in none", () => {
  assert.deepEqual([-1, 0, 9.9, 10, 29.9, 30].map((x) => slot(x, 30, 3)), [null, 0, 0, 1, 2, null]);
  assert.equal(clamp(7, 0, 5), 5);
});
