// Presenter mode: one picture of the page fills the screen, in letters for the back row; a clicker goes on and back, and
// what is to come stays hidden until then. The address says it (`present`), and which ground (`theme`), light or dark.

import { Fitting } from "./fitting.js";
import { button, element, name } from "./nodes.js";

/** @import { Lesson } from "./lesson.js" */

// Words of cards that have no picture are one together.
const PICTURES = ".s2s-card:has(.s2s-plot .main-svg), .s2s-cards:not(:has(.main-svg)), .s2s-short .s2s-walk-stages, " +
  ".s2s-story:not(.s2s-short) .s2s-stage, .s2s-tracks, [data-s2s-picture]";
const MOST = 5; // times as large as on the page
const LEAST = 0.7;
const ROUNDS = 16; // of looking whether it fits
const BELOW = 12; // pixels that stay free under a picture
const ON = ["PageDown", "ArrowRight", "ArrowDown", "Enter", " "];
const BACK = ["PageUp", "ArrowLeft", "ArrowUp", "Backspace"];
const html = document.documentElement;
// From page to page, each of which has a strip of its own; `theme` is what was chosen here.
/** @type {{isOn: boolean, theme: string | null}} */
const presenting = { isOn: false, theme: null };

export class Presenter {
  /** @param {Lesson} lesson */
  constructor(lesson) {
    this.lesson = lesson;
    this.at = 0; // the step whose picture is shown
    this.watcher = new MutationObserver(() => this.later());
    this.chosen = null; // another picture than that of the step
    this.timer = null;
    this.rounds = 0;
    this.fitting = new Fitting(LEAST, MOST);
    this.isDoubted = false; // whether it was too large when last looked at, once
    this.controls = element("div", "s2s-present-controls");
    this.ground = this.put("◐", () => this.turn());
    this.black = this.put("■", () => this.toBlack());
    this.end = this.put("✕", () => this.toggle());
    lesson.root.append(this.controls);
    document.addEventListener("keydown", (event) => this.key(event), true);
    window.addEventListener("resize", () => this.place());
    window.addEventListener("s2s-present", () => lesson.root.isConnected && this.toggle());
    html.addEventListener("click", () => html.removeAttribute("data-s2s-black"), true);
  }

  put(text, act) {
    const made = this.controls.appendChild(button("s2s-present-control", text));
    made.addEventListener("click", (event) => {
      event.stopPropagation();
      act();
    });
    return made;
  }

  // The reader came here by an address that presents.
  follow() {
    if (new URL(window.location.href).searchParams.has("present")) presenting.isOn = true;
  }

  get isOn() {
    return presenting.isOn;
  }

  toggle() {
    presenting.isOn = !presenting.isOn;
    this.chosen = null;
    const hadTheme = new URL(window.location.href).searchParams.has("theme");
    presenting.theme = null;
    this.say({ present: this.isOn ? "1" : null, ...(this.isOn ? {} : { theme: null }) });
    if (!this.isOn && hadTheme) this.lesson.report.trigger("ground", "system");
    this.lesson.changed();
  }

  // Light where it is dark, and the other way round.
  turn() {
    const theme = presenting.theme = this.lesson.data.ground === "dark" ? "light" : "dark";
    this.say({ theme });
    this.lesson.report.trigger("ground", theme);
  }

  toBlack() {
    html.toggleAttribute("data-s2s-black");
  }

  // At once: what Python is asked next reads it.
  say(values) {
    const url = new URL(window.location.href);
    for (const [parameter, value] of Object.entries(values)) {
      if (value === null) url.searchParams.delete(parameter);
      else url.searchParams.set(parameter, value);
    }
    history.replaceState(history.state, "", url);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { lesson } = this;
    if (!lesson.root.isConnected || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const isWriting = Boolean(target.closest?.("input, textarea, select, [contenteditable], [role=menu]"));
    if (isWriting && !(this.isOn && event.key.startsWith("Page"))) return;
    if (!this.isOn) {
      if (event.key === "p" && !target.closest?.("[role=radio], [role=slider]")) this.take(event, () => this.toggle());
      return;
    }
    const { key } = event;
    if (html.hasAttribute("data-s2s-black")) return this.take(event, () => this.toBlack());
    if (target.closest?.("button, a") && (key === "Enter" || key === " ")) return;
    if (ON.includes(key)) this.take(event, () => lesson.forward());
    else if (BACK.includes(key)) this.take(event, () => lesson.step(-1));
    else if (key === "b" || key === "." || key === "B") this.take(event, () => this.toBlack());
    else if (key === "d" || key === "t") this.take(event, () => this.turn());
    else if (key === "p" || key === "Escape") this.take(event, () => this.toggle());
    else if (/^[0-9]$/.test(key)) this.take(event, () => this.choose(Number(key)));
  }

  take(event, act) {
    event.preventDefault();
    event.stopImmediatePropagation();
    act();
  }

  choose(number) {
    this.chosen = number;
    this.place();
  }

  /** Show what is to be seen, as large as there is room; also when the page has changed. */
  place() {
    const { lesson, isOn } = this;
    const { labels, ground, colors, at } = lesson.data ?? {};
    if (!labels) return;
    name(this.ground, labels.ground);
    name(this.black, labels.black);
    name(this.end, labels.end_present);
    html.toggleAttribute("data-s2s-present", isOn);
    lesson.root.hidden = !isOn && !lesson.data.lesson;
    clearTimeout(this.timer);
    this.watcher.disconnect();
    if (!isOn) return this.clear();
    if (this.at !== at) [this.at, this.chosen] = [at, null];
    html.dataset.s2sGround = ground;
    for (const [color, value] of Object.entries(colors)) html.style.setProperty(`--s2s-stage-${color}`, value);
    if (!new URL(window.location.href).searchParams.has("present")) this.say({ present: "1", theme: presenting.theme });
    this.watcher.observe(document.querySelector("[data-testid=stMainBlockContainer]") ?? document.body, {
      childList: true,
      subtree: true,
    });
    this.rounds = 0;
    this.fitting.reset();
    this.arrange();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.arrange(), 60);
  }

  clear() {
    delete html.dataset.s2sGround;
    html.removeAttribute("data-s2s-black");
    for (const node of document.querySelectorAll("[data-on-stage]")) node.removeAttribute("data-on-stage");
    for (const node of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".s2s-view"))) {
      node.style.zoom = "";
    }
  }

  /** @returns {HTMLElement | null} */
  get picture() {
    const found = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(PICTURES)]).filter((node) =>
      !node.closest(".s2s-lesson") && node.closest(".stMain")
    );
    const wanted = this.chosen ?? this.lesson.data.picture;
    if (!wanted) return found[0]?.closest(".s2s-cards") ?? found[0] ?? null; // all cards, side by side
    return found[Math.min(wanted, found.length) - 1] ?? null;
  }

  arrange() {
    if (!this.isOn || !this.lesson.root.isConnected) return;
    const { picture } = this;
    for (const node of document.querySelectorAll("[data-on-stage]")) {
      if (node !== picture) node.removeAttribute("data-on-stage");
    }
    if (!picture) return;
    picture.toggleAttribute("data-on-stage", true);
    const view = /** @type {HTMLElement} */ (picture.closest(".s2s-view") ?? picture);
    const zoom = Number(view.style.zoom) || 1;
    const ratio = spare(picture, view, zoom);
    this.isDoubted = ratio < 1 && !this.isDoubted;
    if (this.isDoubted) return this.later(); // it may be about to be drawn anew
    const isLast = this.rounds++ >= ROUNDS;
    const better = isLast ? this.fitting.low : this.fitting.next(zoom, ratio);
    if (this.rounds > ROUNDS + 1 || !better || better === zoom) return;
    view.style.zoom = String(better);
    this.later(); // the picture is drawn anew where its room has changed
  }
}

// How many times as large a picture could be and be seen whole, were it to grow in proportion. Tracks scroll where a
// sentence is long, and are not made smaller for it than they are on the page.
function spare(picture, view, zoom) {
  const top = view.getBoundingClientRect().top + globalThis.scrollY;
  const room = globalThis.innerHeight - Math.max(0, top) - BELOW;
  const narrow = Math.min(shown(picture, ".s2s-scroll"), Math.max(shown(picture, ".s2s-track-scroll"), 1 / zoom));
  return narrow < 0.99 ? narrow : room / Math.max(1, picture.getBoundingClientRect().height);
}

// The share of what scrolls sideways that is in sight, where it is least.
function shown(picture, selector) {
  const nodes = [...picture.querySelectorAll(selector)].filter((node) => node.clientWidth > 0);
  return Math.min(1, ...nodes.map((node) => node.clientWidth / Math.max(1, node.scrollWidth)));
}
