// What a card says of the word that is pinned: all numbers of its row or column.

import { button, element, name } from "./nodes.js";
import { tableOf } from "./table.js";

/** @import { Card } from "./card.js" */
/** @import { Pin } from "./pin.js" */

/**
 * @param {Card} card
 * @param {Pin} pin
 * @returns {HTMLElement[]}
 */
export function pinned(card, { axis, key }) {
  const { numbers, view } = card;
  const { labels } = view.data;
  const isRow = axis === "target";
  const index = card.find(axis, key);
  const word = index === null ? key.slice(0, key.lastIndexOf(" ")) : numbers[axis][index];
  const head = element("div", "s2s-held-head");
  head.append(element("span", "", (isRow ? labels.pinned_row : labels.pinned_column).replace("{word}", () => word)));
  const unpin = head.appendChild(button("s2s-unpin", "✕"));
  name(unpin, labels.unpin);
  unpin.addEventListener("click", () => view.setPin(null));
  if (index === null) return [head, element("p", "s2s-held-facts", labels.absent)];
  const parts = [head];
  if (!isRow && numbers.meanings[index]) {
    parts.push(element("p", "s2s-held-facts", `${labels.meaning}: ${numbers.meanings[index]}`));
  }
  if (isRow) {
    parts.push(element("p", "s2s-held-facts", card.certainty(index).map((pair) => pair.join(" ")).join(" · ")));
  }
  if (!numbers.cells.length) return parts;
  const box = element("div", "s2s-table-scroll");
  box.tabIndex = 0;
  box.append(pairs(card, isRow, index, labels));
  return [...parts, box];
}

// A row for each unit of the other axis; that of the largest number stands out.
/** @param {Card} card */
function pairs(card, isRow, index, labels) {
  const { numbers } = card;
  const others = isRow ? numbers.source : numbers.target;
  const pair = (k) => (isRow ? [index, k] : [k, index]);
  const sizes = others.map((_, k) => Math.abs(card.picture.weight(pair(k)[0] * numbers.columns + pair(k)[1])));
  const table = tableOf(
    [isRow ? labels.source_word : labels.target_word, ...numbers.cells.map((cells) => cells.name)],
    others.map((word, k) => [word, ...numbers.cells.map((cells) => card.written(cells, pair(k)[0], pair(k)[1]))]),
  );
  const { rows } = table.tBodies[0];
  for (const row of rows) row.cells[0].className = isRow ? "s2s-source" : "s2s-target";
  rows[sizes.indexOf(Math.max(...sizes))]?.classList.add("s2s-most");
  return table;
}
