// The bar above the stages: which step, which source word, which stage, and how much of the vectors is in sight.

import { button, element, fit, name, setText } from "./nodes.js";
import { Player } from "./player.js";
import { FEWEST } from "./zoom.js";

/** @import { Stages } from "./stages.js" */
/** @import { SourceWord, Head } from "./wire.js" */

const FORMS = ["short", "long"];
const PAUSE = 1600; // milliseconds a step, when it plays

export class Bar {
  /** @param {Stages} view */
  constructor(view) {
    this.view = view;
    this.root = view.root.appendChild(element("div", "s2s-walk-bar"));
    const steps = this.root.appendChild(element("div", "s2s-walk-steps"));
    this.back = steps.appendChild(button("s2s-walk-button", "❘◀"));
    this.play = steps.appendChild(button("s2s-walk-button", "▶"));
    this.play.classList.add("s2s-walk-play");
    this.next = steps.appendChild(button("s2s-walk-button", "▶❘"));
    this.slider = steps.appendChild(element("input", "s2s-slider"));
    Object.assign(this.slider, { type: "range", min: 1, step: 1 });
    this.told = steps.appendChild(element("output", "s2s-walk-told"));
    this.sources = this.root.appendChild(element("div", "s2s-walk-source"));
    this.sources.setAttribute("role", "group");
    const places = this.root.appendChild(element("div", "s2s-walk-places"));
    this.numbers = places.appendChild(element("nav", "s2s-walk-numbers"));
    this.forms = places.appendChild(element("div", "s2s-walk-forms"));
    this.forms.setAttribute("role", "group");
    this.zooms = places.appendChild(element("div", "s2s-walk-zoom"));
    this.zooms.setAttribute("role", "group");
    this.further = this.zooms.appendChild(button("s2s-walk-button", "−"));
    this.range = this.zooms.appendChild(button("s2s-walk-range"));
    this.closer = this.zooms.appendChild(button("s2s-walk-button", "+"));
    this.player = new Player(PAUSE, () => this.advance(), () => this.writePlay());
    this.listen();
  }

  listen() {
    const { view } = this;
    this.back.addEventListener("click", () => view.go(view.chosen.step - 1));
    this.next.addEventListener("click", () => view.go(view.chosen.step + 1));
    this.play.addEventListener("click", () => this.pressPlay());
    this.slider.addEventListener("input", () => view.go(this.slider.valueAsNumber - 1));
    this.sources.addEventListener("click", (event) => this.pressWord(event));
    this.numbers.addEventListener("click", (event) => {
      const number = event.target.closest("button")?.dataset.stage;
      if (number) view.open(Number(number));
    });
    this.forms.addEventListener("click", (event) => {
      const form = event.target.closest("button")?.dataset.form;
      if (form) view.set({ form });
    });
    this.closer.addEventListener("click", () => view.zoomBy(0.5));
    this.further.addEventListener("click", () => view.zoomBy(2));
    this.range.addEventListener("click", () => view.setZoom(null));
    new ResizeObserver(() => view.root.style.setProperty("--s2s-bar", `${this.root.offsetHeight}px`)).observe(
      this.root,
    );
  }

  write() {
    const { data, chosen } = this.view;
    const { labels } = data;
    this.slider.max = data.steps;
    this.slider.value = chosen.step + 1;
    name(this.slider, labels.step);
    this.slider.setAttribute("aria-valuetext", data.told);
    setText(this.told, data.told);
    name(this.back, labels.back);
    name(this.next, labels.next);
    this.back.disabled = chosen.step === 0;
    this.next.disabled = this.isLast;
    this.writePlay();
    this.sources.setAttribute("aria-label", labels.source);
    fit(this.sources, data.source, () => element("span", "s2s-walk-word"), (node, word) => this.writeWord(node, word));
    this.numbers.setAttribute("aria-label", labels.stages);
    fit(this.numbers, data.heads, () => button("s2s-walk-number"), (node, head, i) => this.writeNumber(node, head, i));
    this.forms.hidden = !labels.short; // where there is but one form
    this.forms.setAttribute("aria-label", labels.form);
    fit(this.forms, FORMS, () => button("s2s-walk-form"), (node, form) => {
      setText(node, labels[form]);
      node.dataset.form = form;
      node.setAttribute("aria-pressed", String(chosen.form === form));
    });
    this.writeZoom();
    this.markStage();
  }

  get isLast() {
    return this.view.chosen.step >= this.view.data.steps - 1;
  }

  /** @param {Head} head */
  writeNumber(node, head, i) {
    setText(node, String(i + 1));
    node.dataset.stage = i + 1;
    name(node, `${i + 1}. ${head.title}`);
    const marks = this.view.data.columns.map((column) => column.stages[i].mark).filter(Boolean);
    node.classList.toggle("s2s-holds", marks.length > 0 && marks.every((mark) => mark.holds));
    node.classList.toggle("s2s-fails", marks.some((mark) => !mark.holds));
  }

  // A source word: one press chooses it; one of several pieces has a second button that opens it.
  /** @param {SourceWord} word */
  writeWord(node, word) {
    const { labels, languages } = this.view.data;
    const isPart = word.opened && word.text.startsWith("·");
    const classes = word.pieces > 1 && !isPart ? ["s2s-walk-choose", "s2s-walk-open"] : ["s2s-walk-choose"];
    while (node.children.length > classes.length) node.lastChild.remove();
    while (node.children.length < classes.length) node.append(button(classes[node.children.length]));
    const [choose, open] = node.children;
    setText(choose, word.text);
    choose.lang = languages.source;
    choose.title = word.meaning;
    choose.dataset.key = word.key;
    choose.setAttribute("aria-pressed", String(word.chosen));
    node.classList.toggle("s2s-walk-part", isPart);
    if (!open) return;
    setText(open, word.opened ? "–" : String(word.pieces));
    open.dataset.word = word.word;
    open.setAttribute("aria-expanded", String(word.opened));
    name(open, (word.opened ? labels.close : labels.open).replace("{word}", () => word.text));
  }

  // A word that is chosen again is let go: the one looked at most is shown once more.
  pressWord(event) {
    const { view } = this;
    const pressed = event.target.closest("button");
    if (!pressed) return;
    if (pressed.dataset.word === undefined) {
      const key = Number(pressed.dataset.key);
      return view.set({ word: view.chosen.word === key ? null : key });
    }
    const word = Number(pressed.dataset.word);
    const { opened } = view.chosen;
    view.set({ opened: opened.includes(word) ? opened.filter((one) => one !== word) : [...opened, word] });
  }

  // Playing

  pressPlay() {
    if (this.player.isPlaying) return this.player.stop();
    if (this.isLast) this.view.set({ step: 0 });
    this.player.start();
  }

  // One step further, never ahead of the picture; false at the end.
  advance() {
    const { view } = this;
    if (!view.root.isConnected || this.isLast) return false;
    if (view.data.chosen.step === view.chosen.step) view.go(view.chosen.step + 1);
    return true;
  }

  writePlay() {
    const { isPlaying } = this.player;
    const { labels } = this.view.data;
    this.play.classList.toggle("s2s-walk-playing", isPlaying);
    setText(this.play, isPlaying ? "❚❚" : "▶");
    name(this.play, isPlaying ? labels.pause : labels.play);
  }

  // What is in sight

  writeZoom() {
    const { labels } = this.view.data;
    const { first, last } = this.view.sight;
    setText(this.range, labels.zoom.replace("{first}", first).replace("{last}", last));
    this.range.disabled = !this.view.zoom;
    this.range.title = labels.zoom_all;
    this.zooms.setAttribute("aria-label", this.range.textContent);
    name(this.closer, labels.zoom_in);
    name(this.further, labels.zoom_out);
    this.further.disabled = !this.view.zoom;
    this.closer.disabled = last - first + 1 <= FEWEST;
  }

  markStage() {
    [...this.numbers.children].forEach((node, i) =>
      node.setAttribute("aria-current", String(!this.view.isShort && i + 1 === this.view.stage))
    );
  }
}
