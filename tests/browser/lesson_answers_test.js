// Which answers are right, what is remembered of them, and what a view that is kept has.

import assert from "node:assert/strict";

import { viewOf } from "../../pages/kit/browser/keep.js";
import { checked, isRight, score } from "../../pages/kit/browser/lesson-answers.js";

Deno.test("a word is right however it is written, and a number within what it may be missed by", () => {
  const word = { right: ["l'hôpital", "·in"], near: 0 };
  for (const given of ["l'hôpital", " L’Hôpital ", "“l'hôpital”.", "in", "l'ho\u0302pital"]) {
    assert(isRight(word, given));
  }
  for (const given of ["hopital", "", "l'"]) assert(!isRight(word, given));
  const number = { right: ["10"], near: 1 };
  for (const given of ["9", "10", "11", " 10.0 ", "10,5"]) assert(isRight(number, given));
  for (const given of ["8", "12", "ten", ""]) assert(!isRight(number, given));
});

Deno.test("the score counts the steps that ask, and what stands in the browser is looked at first", () => {
  const right = { key: "a", given: "x", right: true, text: "?" };
  const answers = checked({ 2: right, 3: { ...right, right: false }, 7: right, x: right, 4: { right: true }, 5: null });
  assert.deepEqual(Object.keys(answers), ["2", "3", "7"]);
  assert.equal(score(answers, [1, 2, 3, 4]), 1);
  for (const damaged of [null, "x", 7, [1]]) assert.deepEqual(checked(damaged), {});
});

Deno.test("a view is what the address says of a page, without what belongs to the reader or to a lesson", () => {
  const url = new URL(
    "http://h/a/forcing?lang=ko&size=1&text=Il+pleut.&model=m&word=&lesson=x&at=2&present=1&columns=a&columns=b",
  );
  assert.deepEqual(viewOf(url, "T"), {
    page: "forcing",
    view: { model: ["m"], word: [""], columns: ["a", "b"] },
    sentence: "Il pleut.",
    title: "T",
  });
  assert.equal(viewOf(new URL("http://h/"), "T").page, "");
});
