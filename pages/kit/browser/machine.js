// Encoder, the vector that is handed over, decoder and attention, unrolled over a sentence: a box for each state, a line
// for each weight.
//
// Parts come and words are stepped through here; Python hears of it, for the link. Boxes are links to the stage of the
// walkthrough that computes them. What people typed is written with textContent.

import { address } from "./address.js";
import { Base } from "./base.js";
import { Drawing } from "./machine-drawing.js";
import { filled, PARTS } from "./machine-layout.js";
import { Menu } from "./menu.js";
import { button, element, fit, name, setText } from "./nodes.js";
import { clamp, unpacked } from "./numbers.js";
import { Player } from "./player.js";
import { sketched } from "./sketch.js";
import { tableOf } from "./table.js";

/** @import { Machine as Data, Built } from "./wire.js" */

const PAUSE = 1100; // milliseconds a step, when it plays
const KEPT = ["lang", "size", "task"]; // of the address, in links to other pages

export class Machine extends Base {
  /** @param {HTMLElement} parent @param {Data} data */
  constructor(parent, data) {
    super(parent, "s2s-machine s2s-plain");
    this.root.dataset.s2sPicture = ""; // what a presenter shows of the page
    /** @type {Built} */
    this.built = { ...data.built };
    this.bar = this.root.appendChild(element("div", "s2s-mach-bar"));
    this.parts = this.bar.appendChild(element("div", "s2s-mach-parts"));
    this.parts.setAttribute("role", "group");
    const steps = this.bar.appendChild(element("div", "s2s-mach-steps"));
    this.back = steps.appendChild(button("s2s-mach-button", "❘◀"));
    this.play = steps.appendChild(button("s2s-mach-button", "▶"));
    this.next = steps.appendChild(button("s2s-mach-button", "▶❘"));
    this.menu = new Menu(this);
    this.told = this.bar.appendChild(element("p", "s2s-mach-told"));
    this.told.setAttribute("aria-live", "polite");
    this.bar.append(this.menu.button);
    this.text = this.root.appendChild(element("p", "s2s-mach-text"));
    this.scroll = this.root.appendChild(element("div", "s2s-mach-scroll"));
    this.scroll.tabIndex = 0;
    this.scroll.setAttribute("role", "group");
    this.inner = this.scroll.appendChild(element("div", "s2s-mach-inner"));
    this.inner.translate = false;
    this.drawing = new Drawing(this);
    this.key = this.root.appendChild(element("p", "s2s-mach-key"));
    this.links = this.root.appendChild(element("nav", "s2s-mach-links"));
    this.help = this.root.appendChild(element("p", "s2s-mach-help"));
    this.table = this.root.appendChild(element("details", "s2s-mach-table"));
    this.summary = this.table.appendChild(element("summary"));
    this.rows = this.table.appendChild(element("div", "s2s-table-scroll"));
    this.player = new Player(PAUSE, () => this.advance(), () => this.data && this.writeButtons());
    this.mount(() => this.drawing.draw());
    this.listen();
  }

  listen() {
    this.parts.addEventListener("click", (event) => {
      const part = event.target.closest("button")?.dataset.part;
      if (part) this.set({ part: Number(part) });
    });
    this.back.addEventListener("click", () => this.move(-1));
    this.next.addEventListener("click", () => this.move(1));
    this.play.addEventListener("click", () => this.pressPlay());
    this.inner.addEventListener("click", (event) => {
      const step = event.target.closest("button")?.dataset.step;
      if (step) this.set({ step: Number(step) });
    });
    this.root.addEventListener("keydown", (event) => this.pressed(event));
    this.table.addEventListener("toggle", () => this.writeTable());
    new ResizeObserver(() => this.drawing.draw()).observe(this.scroll);
  }

  /** @param {Data} data */
  update(data, report) {
    this.take(data, report);
    const read = (packed) => packed && unpacked({ ...packed }); // the message stays as it came: it may leave in a file
    this.numbers = {
      passes: data.passes.map(({ states }) => read(states)),
      states: read(data.encoder_states),
      handed: read(data.handed),
      written: read(data.decoder_states),
      contexts: read(data.contexts),
      weights: read(data.weights),
    };
    this.built.step = clamp(this.built.step, 0, data.steps.length - 1);
    this.menu.name();
    this.scroll.setAttribute("aria-label", data.spoken);
    setText(this.help, data.labels.help);
    setText(this.summary, data.labels.table);
    this.writeTable();
    this.drawing.drawn = "";
    this.write();
    this.askForTheme();
  }

  // What a reader does

  /** @param {Partial<Built>} changes */
  set(changes) {
    Object.assign(this.built, changes);
    this.write();
    this.reveal();
    this.report.state?.("built", { ...this.built });
  }

  get isReading() {
    return this.built.part === PARTS.encoder;
  }

  // To the next piece that is read, or to the next word that is written; false where there is none.
  move(by) {
    const { built, data } = this;
    if (!this.isReading) {
      const step = clamp(built.step + by, 0, data.steps.length - 1);
      if (step === built.step) return false;
      this.set({ step });
      return true;
    }
    const count = data.source.length;
    const read = built.read === null || built.read > count ? (by > 0 ? 1 : count - 1) : built.read + by;
    if (read < 0) return false;
    this.set({ read: read >= count ? null : read });
    return read < count;
  }

  pressPlay() {
    if (this.player.isPlaying) return this.player.stop();
    if (this.isReading) this.set({ read: 0 });
    else if (this.built.step >= this.data.steps.length - 1) this.set({ step: 0 });
    this.player.start();
  }

  advance() {
    return this.root.isConnected && this.move(1);
  }

  pressed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("summary, .s2s-table-scroll")) return;
    const moves = { ArrowLeft: -1, ArrowRight: 1 };
    if (event.key in moves) {
      this.player.stop();
      this.move(moves[event.key]);
    } else if (/^[1-4]$/.test(event.key)) this.set({ part: Number(event.key) - 1 });
    else if (event.key === " " && event.target === this.scroll) this.pressPlay();
    else return;
    event.preventDefault();
  }

  // Out of the app

  get printed() {
    return this.scroll;
  }

  /** @returns {import("./save.js").Leaving} */
  leaving() {
    const { title, spoken, origin, sheet, result } = this.data;
    const note = [this.text.textContent, this.told.textContent, this.data.reduced].filter(Boolean).join(" ");
    const told = { title, spoken, origin, result, note, name: "machine" };
    return { ...told, draw: () => this.sketched(), sheet: () => sheet, record: () => sheet };
  }

  sketched() {
    const { scroll } = this;
    const { scrollLeft } = scroll;
    scroll.scrollLeft = 0;
    const drawing = sketched(this, [this.inner]);
    scroll.scrollLeft = scrollLeft;
    return drawing;
  }

  // Words around the picture

  write() {
    const { data, built } = this;
    this.parts.setAttribute("aria-label", data.labels.parts);
    fit(this.parts, data.parts, () => button("s2s-mach-part"), (node, part, i) => {
      setText(node, `${i + 1} ${part.title}`);
      node.dataset.part = String(i);
      node.setAttribute("aria-pressed", String(i === built.part));
      node.classList.toggle("s2s-mach-there", i < built.part);
    });
    setText(this.text, data.parts[built.part].text);
    setText(this.told, this.saying());
    this.writeButtons();
    this.writeKey();
    this.writeLinks();
    this.drawing.draw();
  }

  // What is going on where the reader looks.
  saying() {
    const { data, built } = this;
    if (!this.isReading) return data.steps[built.step][built.part === PARTS.look ? "told" : "plain"];
    if (!built.read) return "";
    const count = Math.min(built.read, data.source.length);
    const values = { count, total: data.source.length, word: data.source[count - 1]?.text ?? "" };
    return filled(data.labels.read, values);
  }

  writeButtons() {
    const { labels } = this.data;
    name(this.back, labels.back);
    name(this.next, labels.next);
    setText(this.play, this.player.isPlaying ? "❚❚" : "▶");
    name(this.play, this.player.isPlaying ? labels.pause : labels.play);
  }

  writeKey() {
    const { data, key } = this;
    const ramp = element("i", "s2s-mach-ramp");
    ramp.style.background = `linear-gradient(to right, ${data.ramp.map((one) => `var(--s2s-${one})`).join(", ")})`;
    const scale = element("span", "s2s-mach-scale");
    scale.append(`−${data.limit}`, ramp, `${data.limit}`);
    key.replaceChildren(data.reduced, " ", scale);
  }

  writeLinks() {
    const { data, links, built } = this;
    const { says } = data.steps[built.step];
    links.hidden = this.isReading || !this.href(1, {});
    fit(links, links.hidden ? [] : [null, ...data.stages], () => element("a", "s2s-mach-link"), (node, stage) => {
      setText(node, stage ? `${stage.number} ${stage.title}` : filled(data.labels.stages, { word: says }));
      node.className = stage ? "s2s-mach-link" : "s2s-mach-links-name";
      if (stage) node.href = this.href(stage.number, { step: built.step });
    });
  }

  writeTable() {
    this.rows.replaceChildren();
    if (!this.table.open) return;
    const { head, rows } = this.data.overview;
    this.rows.tabIndex = 0;
    this.rows.append(tableOf(head, rows));
  }

  // The address of a stage of this sentence, "" in a page that was saved.
  /** @param {number} stage @param {{step?: number, word?: number}} at */
  href(stage, { step = this.built.step, word }) {
    const { data } = this;
    if (!this.report.state) return "";
    const here = address();
    const there = new URL("walkthrough", here);
    for (const one of KEPT) for (const value of here.searchParams.getAll(one)) there.searchParams.append(one, value);
    const chosen = { text: data.origin.sentence, scorer: data.scorer, form: "long", stage, step: step + 1 };
    for (const [one, value] of Object.entries(chosen)) there.searchParams.set(one, String(value));
    if (word !== undefined) there.searchParams.set("word", String(word + 1));
    return there.href;
  }

  // Scroll to where the reader looks.
  reveal() {
    const { scroll, built, drawing: { place } } = this;
    if (!place || scroll.scrollWidth <= scroll.clientWidth) return;
    const column = this.isReading ? Math.max(0, (built.read ?? 1) - 1) : built.step + 1;
    const x = place.middle(column);
    const [low, high] = [x - 2 * place.step, x + 2 * place.step];
    if (low < scroll.scrollLeft) scroll.scrollLeft = low;
    else if (high > scroll.scrollLeft + scroll.clientWidth) scroll.scrollLeft = high - scroll.clientWidth;
  }
}
