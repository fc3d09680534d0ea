// Nodes and the texts in them, for all components.

const SVG = "http://www.w3.org/2000/svg";

export function element(name, className = "", text = "") {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

// A part of a drawing, or with "svg" the drawing itself.
export function shape(name) {
  return document.createElementNS(SVG, name);
}

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// Text in the place of what is selected in a field, in the one way that the browser can undo. That needs the focus.
export function insert(field, text) {
  if (document.activeElement === field && document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText", data: text }));
}

// With a minus as wide as the digits, and none before nothing.
export function signed(number, digits) {
  const text = number.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

// Unseen until the style sheet is there, which Streamlit links beside the component. `then` is called when it has come.
export function awaitStyle(parent, root, then) {
  const link = parent.querySelector("link[rel=stylesheet]");
  if (!link || link.sheet) return;
  root.style.visibility = "hidden";
  const show = () => {
    root.style.visibility = "";
    then?.();
  };
  link.addEventListener("load", show, { once: true });
}
