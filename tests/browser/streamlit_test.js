// What Streamlit says by itself, and what the page makes of it.

import assert from "node:assert/strict";

import { rulesOf, translated } from "../../pages/kit/browser/streamlit.js";

const RULES = rulesOf({
  "Help for {what}": "{what} 도움말",
  "Running...": "실행 중...",
  "{what} per file": "파일당 {what}",
});

Deno.test("what Streamlit says is said in the reader's language, with what it filled in", () => {
  assert.equal(translated("Help for Large text ($1)", RULES), "Large text ($1) 도움말");
  assert.equal(translated("Running...", RULES), "실행 중...");
  assert.equal(translated("5MB per file", RULES), "파일당 5MB");
});

Deno.test("what only begins like it, and what is translated already, is left alone", () => {
  for (const text of ["Running... away", "Runningxyz", "도움말", "", "실행 중..."]) {
    assert.equal(translated(text, RULES), null);
  }
});
