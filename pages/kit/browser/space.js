// How large the pictures of cards are: as high as the window leaves room for, so that they and what is said below them
// are seen at once. A long sentence scrolls, or is made to fit: smaller letters, and a picture below the other.

import { address, writeAddress } from "./address.js";
import { narrowestFit, rowWithin, steepest } from "./kinds/heatmap.js";
import { button, setText, zoomOf } from "./nodes.js";

/** @import { Cards } from "./cards.js" */

const FOLD = 0.7; // of the window: a picture that begins below is not seen before one scrolls
const SHARE = 0.6; // of the window that such a picture may take
const BELOW = 20; // pixels under a card's last line
const TABLE = 8; // above the line that opens its table
const EDGE = 24; // above and below a picture that is made to fit
const PARAMETER = "fit";

export class Room {
  /** @param {Cards} view */
  constructor(view) {
    this.view = view;
    this.top = null; // of the first picture on the page; null until it was seen
    this.below = 0; // what stands under it
    this.isFit = address().searchParams.get(PARAMETER) === "1";
    this.button = view.legends.appendChild(button("s2s-fit"));
    this.button.hidden = true;
    this.button.addEventListener("click", () => {
      this.isFit = !this.isFit;
      writeAddress({ [PARAMETER]: this.isFit ? ["1"] : [] });
      view.arrange();
    });
  }

  get grids() {
    return this.view.cards.filter(({ picture }) => picture.figure && picture.kind.rowHeight);
  }

  // Asked of the browser where sizes may have changed, for it lays out the page to answer.
  measure() {
    const [first] = this.grids;
    const { scroll } = first?.picture ?? {};
    if (!scroll?.offsetParent) return;
    const page = this.view.root.closest(".stMain") ?? document.documentElement;
    this.top = Math.round(scroll.getBoundingClientRect().top - page.getBoundingClientRect().top + page.scrollTop);
    const under = ({ facts, summary }) => facts.offsetHeight + summary.offsetHeight + TABLE;
    this.below = Math.max(...this.grids.map(under)) + BELOW;
  }

  /** How many cards stand side by side of so many that could. @param {number} beside @param {number} room of one */
  columns(beside, room) {
    const isTight = ({ picture }) => narrowestFit(picture.figure.layout) > room;
    return this.isFit && this.grids.some(isTight) ? 1 : beside;
  }

  /** Say to every picture how high its rows are, one height for all. */
  share() {
    const { grids, isFit } = this;
    const height = this.height;
    if (!grids.length || height === null) return;
    const layouts = grids.map(({ picture }) => picture.figure.layout);
    const most = layouts.map((layout) => steepest(layout, Math.min(...this.view.rooms)));
    const row = Math.min(rowWithin(layouts, height, isFit), ...most);
    for (const { picture } of grids) picture.space = { row, fits: isFit };
  }

  get height() {
    const { innerHeight } = window;
    const zoom = zoomOf(this.view.root); // heights of the window are of the screen, those of cards are zoomed
    if (this.isFit) return innerHeight / zoom - this.below - 2 * EDGE;
    if (this.top === null) return null;
    const isSeen = this.top < FOLD * innerHeight;
    return isSeen ? (innerHeight - this.top) / zoom - this.below : SHARE * innerHeight / zoom;
  }

  // Offered where something is out of sight.
  write() {
    const { labels } = this.view.data;
    setText(this.button, labels.fit);
    this.button.setAttribute("aria-pressed", String(this.isFit));
    this.button.hidden = !this.isFit && !this.grids.some(({ picture }) => picture.isLarger);
  }
}
