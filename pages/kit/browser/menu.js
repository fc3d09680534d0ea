// The menu of a picture: how it leaves the app. The same at every picture, for pointer, finger and keys.

import { address } from "./address.js";
import { keepView } from "./keep.js";
import { button, element, name } from "./nodes.js";
import { pageAsFile } from "./page-file.js";
import { loadPlotly } from "./plotly.js";
import { copyImage, copyTable, copyText, csvOf, download, jsonOf, page, pngOf, svgOf } from "./save.js";

/** @import { Leaving } from "./save.js" */
/** @typedef {{root: HTMLElement, leaving: () => Leaving | null, printed: HTMLElement | null}} Owner
 * of a picture; in place of `printed` stands the drawing on paper */

const MARK = "\ufeff"; // says to spreadsheets that a file is UTF-8
const SHOWN = 1400; // milliseconds that a success is told
const EDGE = 8; // pixels between the menu and the edge of the window
const MOVES = { ArrowDown: 1, ArrowUp: -1 };

/** Of all pictures of the page, in its order. @returns {Owner[]} */
export function owners() {
  return menus().map((menu) => menu.owner);
}

/** @returns {Menu[]} */
export function menus() {
  return [...document.querySelectorAll(".s2s-out")].map((node) => /** @type {any} */ (node).menu);
}

/** What is done, and what is said then. @type {Record<string, [(leaving: Leaving) => unknown, string, string]>} */
const OF_PICTURE = {
  png: [async (leaving) => download(`${file(leaving)}.png`, "image/png", await png(leaving)), "saved", "failed"],
  svg: [saveSvg, "saved", "failed"],
  csv: [(leaving) => download(`${file(leaving)}.csv`, "text/csv", MARK + csvOf(leaving.sheet())), "saved", "failed"],
  json: [(leaving) => download(`${file(leaving)}.json`, "application/json", jsonOf(leaving)), "saved", "failed"],
  copy_picture: [(leaving) => copyImage(png(leaving)), "copied", "refused"],
  copy_table: [(leaving) => copyTable(leaving.sheet()), "copied", "refused_text"],
  copy_code: [(leaving) => copyText(`${leaving.origin.code}\n`), "copied", "refused_text"],
};
/** @type {typeof OF_PICTURE} */
const OF_PAGE = {
  copy_link: [() => copyText(address().href), "copied", "refused_text"],
  keep: [() => keepView(address(), page.data.title), "kept", "failed"],
  present: [() => void globalThis.dispatchEvent(new CustomEvent("s2s-present")), "", "failed"],
  html: [
    async () => download(`s2s-${slug(page.data.title)}.html`, "text/html", await pageAsFile(owners())),
    "saved",
    "failed",
  ],
  print: [() => void setTimeout(() => globalThis.print()), "", "failed"],
};

async function png(leaving) {
  return pngOf(await loadPlotly(), leaving);
}

async function saveSvg(leaving) {
  const { text } = svgOf(await loadPlotly(), leaving);
  download(`${file(leaving)}.svg`, "image/svg+xml", text);
}

function file(leaving) {
  return `s2s-${slug(page.data.title)}-${slug(leaving.name)}`;
}

// A text as the name of a file.
function slug(text) {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "page";
}

export class Menu {
  /** @param {Owner} owner */
  constructor(owner) {
    this.owner = owner;
    this.button = button("s2s-out", "⤓");
    this.button.setAttribute("aria-haspopup", "menu");
    this.button.setAttribute("aria-expanded", "false");
    this.button.addEventListener("click", () => this.box ? this.close() : this.open());
    this.box = null;
    /** @type {any} */ (this.button).menu = this;
    this.name();
  }

  name() {
    if (page.data) name(this.button, page.data.labels.open);
  }

  open() {
    const leaving = this.owner.leaving();
    if (!page.data || !leaving) return;
    const { labels } = page.data;
    this.box = element("div", "s2s-out-menu");
    this.box.setAttribute("role", "menu");
    this.box.setAttribute("aria-label", `${leaving.title}: ${labels.open}`);
    this.box.setAttribute("popover", "manual");
    for (const one of Object.keys(OF_PICTURE)) {
      if (one !== "copy_code" || leaving.origin.code) this.add(one, OF_PICTURE[one]);
    }
    if (page.data.shell) {
      this.box.append(element("p", "s2s-out-page", labels.page));
      for (const one of Object.keys(OF_PAGE)) this.add(one, OF_PAGE[one]);
    }
    this.told = this.box.appendChild(element("p", "s2s-out-told"));
    this.told.setAttribute("role", "status");
    this.button.after(this.box);
    this.button.setAttribute("aria-expanded", "true");
    this.box.showPopover();
    this.place();
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.listening = new AbortController();
    const { signal } = this.listening;
    document.addEventListener("pointerdown", (event) => this.left(event), { capture: true, signal });
    globalThis.addEventListener("scroll", (event) => event.target !== this.box && this.place(), {
      capture: true,
      passive: true,
      signal,
    });
    globalThis.addEventListener("resize", () => this.place(), { signal });
    this.items[0].focus({ preventScroll: true });
  }

  /** @returns {HTMLElement[]} */
  get items() {
    return [...this.box.querySelectorAll("button")];
  }

  add(one, [act, done, failed]) {
    const item = this.box.appendChild(button("s2s-out-item", page.data.labels[one]));
    item.setAttribute("role", "menuitem");
    item.dataset.item = one;
    item.tabIndex = -1;
    item.addEventListener("click", () => this.run(act, done, failed));
  }

  // Below its button, or above where there is no room, and always in the window.
  place() {
    const { box, button } = this;
    const at = button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = box;
    const left = Math.min(Math.max(EDGE, at.right - width), globalThis.innerWidth - width - EDGE);
    const below = at.bottom + 4;
    const top = below + height <= globalThis.innerHeight - EDGE ? below : at.top - height - 4;
    box.style.left = `${left}px`;
    box.style.top = `${Math.max(EDGE, Math.min(top, globalThis.innerHeight - height - EDGE))}px`;
  }

  key(event) {
    const { items } = this;
    const here = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    event.stopPropagation(); // the view listens to arrows and Escape, too
    if (event.key === "Tab") return this.close();
    if (event.key === "Escape") this.close();
    else if (event.key in MOVES) items[(here + MOVES[event.key] + items.length) % items.length].focus();
    else if (event.key === "Home") items[0].focus();
    else if (event.key === "End") items.at(-1).focus();
    else return;
    event.preventDefault();
  }

  left(event) {
    const path = event.composedPath();
    if (!path.includes(this.box) && !path.includes(this.button)) this.close({ refocus: false });
  }

  // What the picture shows by now, which may be another sentence than when the menu was opened.
  async run(act, done, failed) {
    const { box } = this;
    const { labels } = page.data;
    try {
      await act(this.owner.leaving());
    } catch {
      if (this.box === box) this.tell(labels[failed]);
      return;
    }
    if (this.box !== box) return;
    if (!done) return this.close();
    this.tell(labels[done]);
    setTimeout(() => this.box === box && this.close(), SHOWN);
  }

  tell(text) {
    this.told.textContent = text;
    this.place();
  }

  close({ refocus = true } = {}) {
    const { box } = this;
    this.listening?.abort();
    this.box = null;
    box.remove();
    this.button.setAttribute("aria-expanded", "false");
    if (refocus) this.button.focus({ preventScroll: true });
  }
}
