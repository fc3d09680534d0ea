// What a page needs outside of the app: what Python says of it once, and paper. When the page is printed, each picture
// stands there as a drawing of its own, light and whole, and above all of them what they are of.

import { menus, owners } from "./menu.js";
import { element } from "./nodes.js";
import { aboutPage } from "./page-file.js";
import { composed, lighter, page } from "./save.js";
import { skipTo } from "./skip.js";
import { speak } from "./streamlit.js";

/** @import { Outside as Data } from "./wire.js" */

const SMALLER = 0.8; // than on a screen
const MAIN = "[data-testid=stMainBlockContainer], main";

export class Outside {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.root = parent.appendChild(element("span", "s2s-outside"));
    this.root.hidden = true;
  }

  /** @param {Data} data */
  update(data) {
    page.data = data;
    for (const menu of menus()) menu.name();
    if (data.skip) skipTo(data.skip);
    speak(data.words);
  }
}

/** What is to be undone when it is printed. @type {(() => void)[]} */
let undone = [];

function toPaper() {
  if (undone.length || !page.data) return;
  wear(document.documentElement, page.data.paper);
  document.documentElement.classList.add("s2s-on-paper");
  undone.push(() => document.documentElement.classList.remove("s2s-on-paper"));
  if (page.data.shell) put(head(), (node) => document.querySelector(MAIN)?.prepend(node));
  for (const root of /** @type {NodeListOf<any>} */ (document.querySelectorAll(".s2s-view"))) {
    const colors = Object.entries(root.view?.data?.colors ?? {});
    const light = colors.map(([color, value]) => [`--s2s-${color}`, lighter(value)]);
    wear(root, { ...page.data.paper, ...Object.fromEntries(light) });
  }
  const { Plotly } = /** @type {any} */ (globalThis);
  for (const owner of owners()) {
    const { root, printed } = owner;
    if (!printed || root.offsetParent === null) continue;
    const leaving = owner.leaving();
    if (!leaving || !Plotly) continue;
    const picture = element("div", "s2s-printed");
    const { root: drawing, width } = composed(Plotly, leaving, false);
    drawing.style.width = `${SMALLER * width}px`;
    drawing.style.maxWidth = "100%";
    picture.append(drawing);
    put(picture, (node) => printed.before(node));
    printed.classList.add("s2s-off-paper");
    undone.push(() => printed.classList.remove("s2s-off-paper"));
  }
}

function toScreen() {
  for (const undo of undone) undo();
  undone = [];
}

function put(node, place) {
  place(node);
  undone.push(() => node.remove());
}

// Other colours, until it is printed.
function wear(node, colors) {
  for (const [color, value] of Object.entries(colors)) {
    const before = node.style.getPropertyValue(color);
    node.style.setProperty(color, value);
    undone.push(() => node.style.setProperty(color, before));
  }
}

function head() {
  const { labels, title, made } = page.data;
  const { models, sentence } = aboutPage(owners());
  const box = element("header", "s2s-paper-head");
  box.append(element("h1", "", title));
  const facts = [[labels.sentence, sentence], [models.length > 1 ? labels.models : labels.model, models.join(", ")]];
  for (const [text, value] of facts) if (value) box.append(element("p", "", `${text}: ${value}`));
  box.append(element("p", "", made));
  return box;
}

globalThis.addEventListener("beforeprint", toPaper);
globalThis.addEventListener("afterprint", toScreen);
