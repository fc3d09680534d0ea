// Numbers in rows; the first cell of a row names it.

import { element } from "./nodes.js";

/**
 * @param {string[]} head
 * @param {string[][]} rows
 * @param {(parent: HTMLElement, text: string) => void} [write] what stands in the head
 */
export function tableOf(head, rows, write = (cell, text) => (cell.textContent = text)) {
  const table = /** @type {HTMLTableElement} */ (element("table"));
  const top = table.createTHead().insertRow();
  for (const text of head) {
    const cell = top.appendChild(element("th"));
    cell.scope = "col";
    write(cell, text);
  }
  const body = table.createTBody();
  for (const [first, ...cells] of rows) {
    const row = body.insertRow();
    const name = row.appendChild(element("th", "", first));
    name.scope = "row";
    name.title = first;
    for (const cell of cells) row.insertCell().textContent = cell;
  }
  return table;
}
