// The sentence bank of pages/kit/bank.py: a panel over the page with sentences by topic, to choose, to search, to be
// surprised by. What it lists comes when it is opened, and is asked for each time, so that no letter typed carries it.
//
// The address says which topic is open. Sentences are written with textContent.

import { address, writeAddress } from "./address.js";
import { button, element, fit, setText } from "./nodes.js";

const PARAMETER = "bank";
const ALL = "all";
const GAP = 6; // pixels between the button and the panel, and to the edge of the window
const WIDEST = 832; // pixels
const LEAST = 240; // of its height: where less is left under the button, it begins further up

/** @typedef {{text: string, meaning: string, target: string, topics: string[]}} Sentence */

export class Bank {
  /**
   * @param {HTMLElement} around in whose width the panel stands
   * @param {{held: () => string, take: (text: string) => void, ask: (isOpen: boolean) => void}} field
   */
  constructor(around, field) {
    this.around = around;
    this.field = field;
    this.topic = ALL;
    this.data = null;
    /** @type {Sentence[]} */
    this.sentences = [];
    this.button = button("s2s-bank-button");
    this.panel = element("div", "s2s-bank");
    this.panel.setAttribute("popover", "auto");
    this.button.popoverTargetElement = this.panel;
    this.button.setAttribute("aria-haspopup", "dialog");
    this.panel.setAttribute("role", "dialog");
    this.search = this.panel.appendChild(element("input", "s2s-bank-search"));
    Object.assign(this.search, { type: "search", autocomplete: "off", spellcheck: false });
    this.surprise = button("s2s-bank-surprise");
    this.close = button("s2s-bank-close", "✕");
    const head = element("div", "s2s-bank-head");
    head.append(this.search, this.surprise, this.close);
    this.topics = element("div", "s2s-bank-topics");
    this.topics.setAttribute("role", "group");
    this.found = element("p", "s2s-bank-found");
    this.found.setAttribute("role", "status");
    this.list = element("div", "s2s-bank-list");
    this.list.setAttribute("role", "group");
    this.list.translate = false;
    this.panel.append(head, this.topics, this.found, this.list);
    this.listen();
    const linked = address().searchParams.get(PARAMETER);
    this.isWanted = linked !== null; // a link opens it, as soon as it is on the page
    if (linked) this.topic = linked;
  }

  listen() {
    this.panel.addEventListener("beforetoggle", (event) => {
      const isOpen = /** @type {ToggleEvent} */ (event).newState === "open";
      if (isOpen) this.place();
      this.field.ask(isOpen);
      this.writeLink(isOpen);
    });
    this.panel.addEventListener("toggle", () => {
      if (this.isOpen && !matchMedia("(pointer: coarse)").matches) this.search.focus();
    });
    this.close.addEventListener("click", () => this.panel.hidePopover());
    this.search.addEventListener("input", () => this.writeList());
    this.surprise.addEventListener("click", () => {
      const others = this.shown().filter(({ text }) => text !== this.field.held());
      if (others.length) this.choose(others[Math.floor(Math.random() * others.length)].text);
    });
    this.topics.addEventListener("click", ({ target }) => {
      const code = /** @type {HTMLElement} */ (target).closest("button")?.dataset.topic;
      if (!code) return;
      this.topic = code;
      this.writeLink(true);
      this.writeList();
      this.list.scrollTop = 0;
    });
    this.list.addEventListener("click", ({ target }) => {
      const text = /** @type {HTMLElement} */ (target).closest("button")?.dataset.text;
      if (text) this.choose(text);
    });
    this.panel.addEventListener("keydown", (event) => this.key(event));
    window.addEventListener("resize", () => this.isOpen && this.place());
  }

  get isOpen() {
    return this.panel.matches(":popover-open");
  }

  choose(text) {
    this.panel.hidePopover();
    this.field.take(text);
  }

  // The arrows go from the field through the sentences and back; Enter in the field takes the first.
  key(event) {
    const items = /** @type {HTMLElement[]} */ ([...this.list.children]);
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (event.key === "Enter" && event.target === this.search && !event.isComposing && items[0]) {
      event.preventDefault();
      this.choose(items[0].dataset.text);
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || (at < 0 && event.target !== this.search)) return;
    event.preventDefault();
    if (at + step < 0) this.search.focus();
    else items[Math.min(at + step, items.length - 1)]?.focus();
  }

  place() {
    const [row, around] = [this.button.getBoundingClientRect(), this.around.getBoundingClientRect()];
    const left = Math.max(GAP, around.left);
    const width = Math.min(WIDEST, window.innerWidth - left - GAP, around.width);
    const top = Math.max(GAP, Math.min(row.bottom + GAP, window.innerHeight - LEAST));
    const height = window.innerHeight - top - GAP;
    Object.assign(this.panel.style, { left: `${left}px`, top: `${top}px`, width: `${width}px` });
    this.panel.style.setProperty("--s2s-bank-height", `${height}px`);
  }

  update({ label, help, panel }, language) {
    setText(this.button, label);
    this.button.title = help;
    this.panel.setAttribute("aria-label", label);
    this.language = language;
    if (panel) this.write(panel);
    if (this.isWanted && this.panel.isConnected) {
      this.isWanted = false;
      this.panel.showPopover();
    }
  }

  write(data) {
    this.data = data;
    this.sentences = data.sentences;
    this.topics.setAttribute("aria-label", data.topicsLabel);
    this.search.placeholder = data.search;
    this.search.setAttribute("aria-label", data.search);
    setText(this.surprise, data.surprise);
    this.close.title = data.close;
    this.close.setAttribute("aria-label", data.close);
    if (this.isOpen) this.place(); // where a link opened it, before the page had its style
    this.writeList();
  }

  // What is chosen by topic and found: every word of the search somewhere in the sentence or in a translation.
  shown() {
    const wanted = plain(this.search.value).split(" ").filter(Boolean);
    return this.sentences.filter(({ text, meaning, target, topics }) => {
      const among = plain(`${text} ${meaning} ${target}`);
      return (this.topic === ALL || topics.includes(this.topic)) && wanted.every((word) => among.includes(word));
    });
  }

  writeList() {
    const { data } = this;
    if (!data) return; // it has not come yet
    const topics = [[ALL, data.all], ...Object.entries(data.topics)];
    if (!topics.some(([code]) => code === this.topic)) this.topic = ALL;
    fit(this.topics, topics, () => button(""), (one, [code, name]) => {
      setText(one, name);
      one.dataset.topic = code;
      one.setAttribute("aria-pressed", String(code === this.topic));
    });
    const shown = this.shown();
    setText(this.found, shown.length ? data.found.replace("{count}", String(shown.length)) : data.nothing);
    fit(this.list, shown, () => buildSentence(), (one, { text, meaning }) => {
      one.dataset.text = text;
      one.children[0].lang = this.language;
      setText(one.children[0], text);
      setText(one.children[1], meaning);
    });
  }

  writeLink(isOpen) {
    writeAddress({ [PARAMETER]: isOpen ? [this.topic] : [] });
  }
}

function buildSentence() {
  const one = button("");
  one.append(element("span", "s2s-bank-text"), element("span", "s2s-bank-meaning"));
  return one;
}

// Without capitals, accents and marks, as one searches. Hangul stays as it is composed.
function plain(text) {
  const bare = text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC");
  return bare.replace(/œ/g, "oe").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
