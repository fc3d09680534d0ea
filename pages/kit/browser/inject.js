// What is fed to a step of the tracks, chosen by hand.

import { button, element, setText, zoomOf } from "./nodes.js";

/** @import { Tracks } from "./tracks.js" */

export class Form {
  constructor(view) {
    this.view = view;
    this.step = null;
    this.box = view.root.appendChild(element("form", "s2s-inject"));
    this.box.setAttribute("role", "dialog");
    this.box.hidden = true;
    this.title = this.box.appendChild(element("p"));
    this.choices = this.box.appendChild(element("div", "s2s-choices"));
    this.line = this.box.appendChild(element("div", "s2s-inject-line"));
    this.input = this.line.appendChild(element("input"));
    Object.assign(this.input, { type: "text", autocomplete: "off", spellcheck: false, maxLength: 200 });
    this.feed = this.line.appendChild(Object.assign(element("button", "s2s-feed"), { type: "submit" }));
    this.help = this.box.appendChild(element("small"));
    this.undo = this.box.appendChild(button("s2s-undo"));
    this.box.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.input.value.trim()) this.send(this.input.value);
    });
    this.choices.addEventListener("click", (event) => {
      const choice = event.target.closest("button");
      if (choice) this.send(choice.dataset.word);
    });
    this.undo.addEventListener("click", () => this.send(null));
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close(true);
    });
    document.addEventListener("pointerdown", (event) => {
      if (!this.box.hidden && !event.composedPath().includes(this.box)) this.close(false);
    });
  }

  open(chip, step) {
    const { view, box } = this;
    if (!view.report.state) return;
    const { labels, tracks, injection } = view.data;
    view.player.stop();
    this.step = step;
    this.chip = chip;
    setText(this.title, labels.inject_title.replace("{step}", step + 1));
    const words = new Map();
    for (const track of tracks) {
      for (const one of track.cells[step - 1]?.top ?? []) if (one.word) words.set(one.word, one);
    }
    this.choices.replaceChildren(
      ...[...words.values()].map((one) => {
        const choice = button("s2s-choice");
        choice.dataset.word = one.word;
        choice.append(element("span", "", one.text), element("small", "", one.written));
        return choice;
      }),
    );
    this.input.value = injection?.step === step + 1 ? injection.word : "";
    this.input.placeholder = labels.inject_placeholder;
    this.input.setAttribute("aria-label", labels.inject_placeholder);
    this.input.lang = view.data.target_language;
    setText(this.feed, labels.inject_feed);
    setText(this.help, labels.inject_help);
    setText(this.undo, labels.inject_undo);
    this.undo.hidden = !injection;
    box.setAttribute("aria-label", this.title.textContent);
    box.hidden = false;
    const [at, home] = [chip.getBoundingClientRect(), view.root.getBoundingClientRect()];
    const zoom = zoomOf(view.root);
    const left = Math.max(0, Math.min((at.left - home.left) / zoom, view.root.offsetWidth - box.offsetWidth));
    box.style.left = `${left}px`;
    box.style.top = `${(at.bottom - home.top) / zoom + 6}px`;
    this.input.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  }

  // New data: the form stays while its step is there.
  update() {
    if (!this.box.hidden && this.step >= this.view.data.steps) this.close(false);
  }

  close(refocus) {
    this.box.hidden = true;
    if (refocus && this.chip?.isConnected) this.chip.focus();
  }

  send(word) {
    this.close(false);
    this.view.scroll.focus({ preventScroll: true });
    this.view.report.state("injection", word === null ? null : { step: this.step + 1, word });
  }
}
