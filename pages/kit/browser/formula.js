// Mathematics: single letters in italics, states and embeddings of source and target in their colours, longer names
// upright; `_x` and `_{x}` below; “words” and [places] as they are.

import { element } from "./nodes.js";

const TOKENS = /“[^”]*”|\[\d+\]|\p{L}[\p{L}\p{M}]*|[^]/gu;
const COLORS = { h: "s2s-source", x: "s2s-source", s: "s2s-target", y: "s2s-target" };

/**
 * A line in parts: what stands there, and whether it stands below.
 * @param {string} text
 * @returns {{token: string, isBelow: boolean}[]}
 */
export function parsed(text) {
  const parts = [];
  let isGroup = false; // all tokens stand below, until the bracket closes
  let isNext = false; // the next token alone stands below
  for (const token of text.match(TOKENS) ?? []) {
    if (token === "_") isNext = true;
    else if (token === "{" && isNext) [isGroup, isNext] = [true, false];
    else if (token === "}" && isGroup) isGroup = false;
    else {
      parts.push({ token, isBelow: isGroup || isNext });
      isNext = false;
    }
  }
  return parts;
}

/** @param {HTMLElement} parent @param {string} text */
export function typeset(parent, text) {
  let below = null; // what stands below, while it goes on
  for (const { token, isBelow } of parsed(text)) {
    if (!isBelow) below = null;
    else below ??= parent.appendChild(element("sub"));
    (below ?? parent).append(set(token, isBelow));
  }
}

function set(token, isBelow) {
  if (token.startsWith("[") && token.length > 1) return element("span", "s2s-place", token);
  if (!/^\p{L}\p{M}?$/u.test(token)) return document.createTextNode(token);
  return element("i", (!isBelow && COLORS[token.normalize("NFD")[0]]) || "", token);
}
