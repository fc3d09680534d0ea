// The word that is pinned in cards, or the pair of words, and how the address says it.

/** @typedef {{axis: "source" | "target", key: string, other: string | null}} Pin
 * `other` is the key of the source word, where a cell is pinned */

/** The key of the target word, then that of the source word. @param {Pin | null} pin @returns {string[]} */
export function writtenPin(pin) {
  if (!pin) return [];
  if (pin.axis === "source") return ["", pin.key];
  return pin.other === null ? [pin.key] : [pin.key, pin.other];
}

/** @param {string[]} codes @returns {Pin | null} */
export function readPin([target, source]) {
  if (target) return { axis: "target", key: target, other: source || null };
  return source ? { axis: "source", key: source, other: null } : null;
}
