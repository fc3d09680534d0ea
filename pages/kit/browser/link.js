// The address says what is chosen on the page (pages/kit/state.py), and so do the menu's links, where it is for other
// pages too: one that is opened in a new tab shows the same sentence, in the same language and size. The document says in
// which language the page is.

import { address, writeAddress } from "./address.js";

const TRAVELLING = ["text", "reference", "lang", "size", "task"];

export default function ({ data }) {
  writeAddress(data.codes);
  if (data.codes.lang) document.documentElement.lang = data.codes.lang.at(-1); // Streamlit says "en" of every page
}

// A link is completed when it is about to be followed: it was written before the last letter was typed.
for (const type of ["pointerdown", "focusin", "contextmenu"]) document.addEventListener(type, complete, true);

function complete({ target }) {
  const link = target.closest?.('[data-testid="stPageLink-NavLink"]');
  if (!link) return;
  const here = address();
  const there = new URL(link.href);
  for (const parameter of TRAVELLING) {
    there.searchParams.delete(parameter);
    for (const value of here.searchParams.getAll(parameter)) there.searchParams.append(parameter, value);
  }
  link.href = there.href;
}
