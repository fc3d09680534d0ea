// What the address says of a pin.

import assert from "node:assert/strict";

import { readPin, writtenPin } from "../../pages/kit/browser/pin.js";

Deno.test("a pinned row, column or cell is read from the address as it was written there", () => {
  for (
    const pin of [
      { axis: "target", key: "the 1", other: null },
      { axis: "source", key: "chat 2", other: null },
      { axis: "target", key: "</s> 1", other: "t = 3 1" },
    ]
  ) assert.deepEqual(readPin(writtenPin(pin)), pin);
});

Deno.test("no pin is nothing in the address, and nothing or nonsense there is no pin", () => {
  assert.deepEqual(writtenPin(null), []);
  for (const codes of [[], [""], ["", ""], ["", "", "chat 1"]]) assert.equal(readPin(codes), null);
});
