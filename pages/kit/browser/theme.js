// The theme of the page, which a reader may change at any time; pictures are made for one.

// "light" or "dark", where the page around `node` has the other theme than pictures on `background`; else null.
export function otherTheme(node, background) {
  const worn = themeOf(getComputedStyle(node).getPropertyValue("--st-background-color"));
  return worn === themeOf(background) ? null : worn;
}

function themeOf(color) {
  const [red, green, blue] = channels(color);
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128 ? "dark" : "light";
}

// Red, green and blue of "#rrggbb" or "rgb(r, g, b)".
function channels(color) {
  const hex = color.trim().match(/^#(..)(..)(..)/);
  return hex ? hex.slice(1).map((pair) => parseInt(pair, 16)) : (color.match(/[\d.]+/g) ?? [255, 255, 255]).map(Number);
}
