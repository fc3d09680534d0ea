// Nodes and the texts in them, for all components.

const SVG = "http://www.w3.org/2000/svg";

// Sentences, words, pictures and formulas, and every table: a browser's translator would break them.
const AS_WRITTEN = new Set([
  "s2s-read",
  "s2s-words",
  "s2s-plot",
  "s2s-tip",
  "s2s-choices",
  "s2s-walk-source",
  "s2s-walk-words",
  "s2s-walk-sentence",
  "s2s-formula",
]);

export function element(name, className = "", text = "") {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text) node.textContent = text;
  if (name === "table" || AS_WRITTEN.has(className)) node.translate = false;
  return node;
}

// A part of a drawing, or with "svg" the drawing itself.
export function shape(name) {
  return document.createElementNS(SVG, name);
}

export function button(className, text = "") {
  return Object.assign(element("button", className, text), { type: "button" });
}

// What a node is called, for those who point at it and those who hear it.
export function name(node, text) {
  node.title = text;
  node.setAttribute("aria-label", text);
}

// As many children as there are items, each written over in place.
export function fit(parent, items, make, write) {
  while (parent.children.length > items.length) parent.lastElementChild.remove();
  while (parent.children.length < items.length) parent.append(make());
  items.forEach((item, i) => write(parent.children[i], item, i));
}

// How large a node is drawn, where something around it is zoomed.
export function zoomOf(node) {
  return node.getBoundingClientRect().width / node.offsetWidth || 1;
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
