// A link past the menu: the first thing on a page that a key reaches, and it leads to the first picture.

import { setText } from "./nodes.js";

const PICTURES = ".stMain :is(.s2s-scroll, .s2s-track-scroll)[tabindex='0'], .stMain .s2s-story, .stMain h2";

/** @param {string} text what it says */
export function skipTo(text) {
  let link = /** @type {HTMLAnchorElement | null} */ (document.querySelector("a.s2s-skip"));
  if (!link) {
    link = document.createElement("a");
    link.className = "s2s-skip";
    link.href = "#";
    link.addEventListener("click", (event) => {
      event.preventDefault(); // the address stays as it is
      go();
    });
    document.body.prepend(link);
  }
  setText(link, text);
}

function go() {
  const all = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(PICTURES));
  const seen = [...all].filter((node) => node.offsetParent !== null);
  const picture = seen.find((node) => node.tabIndex === 0) ?? seen[0];
  if (!picture) return;
  if (picture.tabIndex < 0) picture.tabIndex = -1;
  picture.focus({ preventScroll: true });
  picture.scrollIntoView({ block: "center" });
}
