// Numbers, as Python packs them and as people read them. Nothing here touches the page.

/** @typedef {{dtype: string, bdata: string, shape?: string}} Packed base64 of little-endian floats, row after row */

const ARRAYS = { f4: Float32Array, f8: Float64Array };

/**
 * An array of a figure: packed, plain, or what Plotly has made of it.
 * @param {any} array
 * @returns {Float32Array | Float64Array}
 */
export function unpacked(array) {
  if (ArrayBuffer.isView(array)) return /** @type {Float32Array} */ (array);
  if (Array.isArray(array)) {
    return Float64Array.from(
      array.flatMap((x) => (ArrayBuffer.isView(x) ? [.../** @type {any} */ (x)] : x)),
      (x) => x ?? NaN,
    );
  }
  if (!array.unpacked) {
    const bytes = Uint8Array.from(atob(array.bdata), (character) => character.charCodeAt(0));
    array.unpacked = new ARRAYS[array.dtype](bytes.buffer);
  }
  return array.unpacked;
}

/**
 * With a minus as wide as the digits, and none before nothing.
 * @param {number} number
 * @param {number} count of digits
 */
export function signed(number, count) {
  const text = number.toFixed(count);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

/**
 * All digits of a number of 24 bits, and no more.
 * @param {number} number
 */
export function digits(number) {
  for (let count = 6; count <= 9; count++) {
    const text = number.toPrecision(count);
    if (Math.fround(Number(text)) === Math.fround(number)) return String(Number(text)).replace("-", "−");
  }
  return String(number).replace("-", "−");
}

/**
 * The end of a scale, in few digits.
 * @param {number} number
 */
export function brief(number) {
  return number >= 0.1 ? String(Math.round(number * 100) / 100) : number.toPrecision(2);
}

/**
 * A label as people see it, which Plotly gets escaped.
 * @param {string} text
 */
export function unescaped(text) {
  const named = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&#36;": "$" };
  return text.replace(/&(?:lt|gt|amp|#36);/g, (entity) => named[entity]);
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export function clamp(value, low, high) {
  return Math.max(low, Math.min(high, value));
}

/**
 * Which of `count` equal parts of a length a position is in; null beyond them.
 * @param {number} position
 * @param {number} length
 * @param {number} count
 */
export function slot(position, length, count) {
  const index = Math.floor((position / length) * count);
  return index >= 0 && index < count ? index : null;
}
