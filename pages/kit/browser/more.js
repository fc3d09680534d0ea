// What of a heatmap or a mosaic is out of sight: said at the edge behind which it is, where a press scrolls on.

import { button, setText } from "./nodes.js";

/** @import { Picture } from "./picture.js" */

const EDGES = { down: "↓", right: "→" };
const STEP = 0.8; // of what is in sight

export class More {
  /** @param {Picture} picture */
  constructor(picture) {
    this.picture = picture;
    this.shelf = document.createElement("div");
    this.shelf.className = "s2s-more";
    this.shelf.hidden = true;
    picture.scroll.prepend(this.shelf);
    this.buttons = Object.fromEntries(
      Object.keys(EDGES).map((edge) => [edge, this.shelf.appendChild(button(`s2s-more-${edge}`))]),
    );
    for (const [edge, node] of Object.entries(this.buttons)) {
      node.tabIndex = -1; // keys walk over the picture itself
      node.addEventListener("click", () => this.go(edge));
    }
  }

  go(edge) {
    const { scroll } = this.picture;
    const [left, top] = edge === "down" ? [0, STEP * scroll.clientHeight] : [STEP * scroll.clientWidth, 0];
    scroll.scrollBy({ left, top, behavior: "smooth" });
  }

  /** @param {string} label with {count} */
  write(label) {
    const hidden = this.hidden;
    this.shelf.hidden = !hidden.down && !hidden.right;
    if (this.shelf.hidden) return;
    const { scroll } = this.picture;
    this.shelf.style.width = `${scroll.clientWidth}px`;
    this.shelf.style.setProperty("--s2s-sight", `${scroll.clientHeight}px`);
    for (const [edge, node] of Object.entries(this.buttons)) {
      node.hidden = !hidden[edge];
      setText(node, `${EDGES[edge]} ${label.replace("{count}", String(hidden[edge]))}`);
    }
  }

  // How many rows are below what is in sight, and columns right of it.
  get hidden() {
    const { scroll, box, meta, isLarger } = this.picture;
    if (!box || !isLarger || !(meta.row || meta.heads)) return { down: 0, right: 0 };
    const { layers: rows = meta.rows, heads: columns = meta.columns } = meta; // of a mosaic whole maps
    const behind = (end, count, length) => Math.max(0, Math.min(count, Math.round(((length - end) * count) / length)));
    return {
      down: behind(scroll.scrollTop + scroll.clientHeight - box.top, rows, box.height),
      right: behind(scroll.scrollLeft + scroll.clientWidth - box.left, columns, box.width),
    };
  }
}
