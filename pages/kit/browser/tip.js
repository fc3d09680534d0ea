// What is under the pointer, told beside it: pairs of a name and a value, or a sentence.

import { element, zoomOf } from "./nodes.js";

const BESIDE = 16; // pixels right of a point of the window
const BELOW = 18;
const OTHER = 12; // and left of it or above, where there is no room
const EDGE = 4;

export class Tip {
  /** @param {HTMLElement} root in which it stands, from when it is first shown */
  constructor(root) {
    this.root = root;
    this.node = element("div", "s2s-tip");
    this.node.hidden = true;
  }

  /**
   * @param {string | [string, string][]} content
   * @param {{x: number, y: number}} place in the window
   */
  show(content, { x, y }) {
    const { node, root } = this;
    if (!node.parentNode) root.append(node);
    const isProse = typeof content === "string";
    node.classList.toggle("s2s-prose", isProse);
    if (isProse) node.textContent = content;
    else {node.replaceChildren(
        ...content.flatMap(([name, value]) => [element("span", "", name), element("b", "", value)]),
      );}
    node.hidden = false;
    const [box, { width, height }, zoom] = [root.getBoundingClientRect(), node.getBoundingClientRect(), zoomOf(root)];
    const isWide = x + BESIDE > Math.min(window.innerWidth, box.right) - width - EDGE;
    const left = isWide ? Math.max(box.left, x - width - OTHER) : x + BESIDE;
    const top = y + BELOW > window.innerHeight - height - EDGE ? y - height - OTHER : y + BELOW;
    const at = { x: Math.round((left - box.left) / zoom), y: Math.round((top - box.top) / zoom) };
    node.style.transform = `translate(${at.x}px, ${at.y}px)`;
  }

  hide() {
    this.node.hidden = true;
  }
}
