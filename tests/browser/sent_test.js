// What is sent of a field, and what a link holds of it.

import assert from "node:assert/strict";

import { fits, LONGEST, sendable } from "../../pages/kit/browser/sent.js";

const PAGE = "http://127.0.0.1:8501/forcing?lang=ko";

Deno.test("half of a surrogate pair alone is sent as the replacement character, a whole pair as it is", () => {
  assert.equal(sendable("Le \ud83d chat", 4000), "Le \ufffd chat");
  assert.equal(sendable("Le \u{1f431} dort", 4000), "Le \u{1f431} dort");
});

Deno.test("of a long text enough is sent to show that it is too long, whatever its characters", () => {
  for (const letter of ["a", "\ud55c", "\u{1f431}"]) {
    const sent = sendable(letter.repeat(100_000), 4000);
    assert.ok([...sent].length > 4000);
    assert.ok(sent.length <= 8002);
    assert.ok(sent.isWellFormed());
    assert.equal(sendable(letter.repeat(4000), 4000), letter.repeat(4000));
  }
});

Deno.test("a link holds what keeps its address short as it is written, and nothing longer", () => {
  const room = LONGEST - `${PAGE}&text=`.length;
  assert.ok(fits(PAGE, "text", ["a".repeat(room)]));
  assert.ok(!fits(PAGE, "text", ["a".repeat(room + 1)]));
  assert.ok(fits(PAGE, "text", ["\ud55c".repeat(Math.floor(room / 9))])); // nine characters in an address
  assert.ok(!fits(PAGE, "text", ["\ud55c".repeat(Math.floor(room / 9) + 1)]));
  assert.ok(fits(PAGE, "text", []));
  assert.ok(!fits(PAGE, "text", ["a".repeat(1_000_000)]));
});

Deno.test("what stands in the address already counts, but for what is written over", () => {
  const half = "a".repeat(LONGEST / 2);
  assert.ok(fits(`${PAGE}&text=${half}`, "text", [half]));
  assert.ok(!fits(`${PAGE}&text=${half}`, "reference", [half]));
});
