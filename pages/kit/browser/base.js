// What all views have: a root in the colours of the reader's theme, a tip, and a voice for those who hear the page.

import { awaitStyle, element, setText } from "./nodes.js";
import { otherTheme } from "./theme.js";
import { Tip } from "./tip.js";

/** @typedef {(event: string, value: unknown) => void} Send */
/** @typedef {{state: Send | null, trigger: Send}} Report how Python hears of what a reader does; in a page that was saved
 * as a file nobody does */

export class Base {
  /**
   * @param {HTMLElement} parent
   * @param {string} className
   */
  constructor(parent, className) {
    this.parent = parent;
    this.root = element("div", `s2s-view ${className}`);
    /** @type {any} */ (this.root).view = this;
    this.data = null;
    /** @type {Report} */
    this.report = null;
  }

  /** Put on the page what was built in the root. @param {() => void} [then] when its style has come */
  mount(then) {
    this.tip = new Tip(this.root);
    this.heard = this.root.appendChild(element("p", "s2s-unseen"));
    this.heard.setAttribute("aria-live", "polite");
    awaitStyle(this.parent, this.root, then);
    this.parent.append(this.root);
  }

  /** Take what Python says, and wear its colours. */
  take(data, report) {
    this.data = data;
    this.report = report;
    for (const [name, color] of Object.entries(data.colors)) this.root.style.setProperty(`--s2s-${name}`, color);
    this.tip.hide(); // its numbers are of the last data
  }

  // The theme changed in the browser: Python, which chooses the colours of pictures, is asked to run again.
  askForTheme() {
    if (document.documentElement.dataset.s2sGround) return; // a presenter chose it
    const wanted = otherTheme(this.root, this.data.colors.background);
    if (wanted && wanted !== this.asked) this.report.trigger("theme", wanted);
    this.asked = wanted;
  }

  /** @param {[string, string][]} content */
  say(content) {
    setText(this.heard, content.map((pair) => pair.join(" ")).join(", "));
  }

  get font() {
    return getComputedStyle(this.root).fontFamily;
  }
}
