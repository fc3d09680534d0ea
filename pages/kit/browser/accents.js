// The letters of a language that other keyboards lack: keys beside a field, and ↓ and ↑ behind a letter in it.
//
// A letter goes in as if it were typed: at the caret, in place of what is selected, as one step to undo, and with an
// `input` event. The focus stays in the field; a finger that never entered it does not call up the keyboard.

import { awaitStyle, element, insert, setText } from "./nodes.js";

const STORED = "s2s-accents"; // in the browser: whether the reader has opened or closed the keys
const WIDE = "(min-width: 980px)"; // where they stand in the field's own line, and so are open at first

export class Accents {
  constructor(parent, input) {
    this.input = input;
    this.isComposing = false;
    this.capitals = false; // what the keys show and put in
    this.latched = false; // by the key ⇧, for one letter
    this.toggle = Object.assign(element("button", "s2s-accents-toggle"), { type: "button" });
    this.toggle.setAttribute("aria-controls", "s2s-accents");
    this.keys = Object.assign(element("div", "s2s-accents"), { id: "s2s-accents" });
    this.keys.setAttribute("role", "toolbar");
    this.small = null; // the letters of the keys, once they are offered
    this.cycles = []; // ↓ goes from one to the next, ↑ back; the longest that stands before the caret counts
    this.letters = [];
    this.shift = key("⇧");
    this.shift.classList.add("s2s-shift");
    this.hint = element("span", "s2s-accents-hint");
    this.help = Object.assign(element("span"), { id: "s2s-accents-help", hidden: true });
    this.keys.append(this.shift, this.hint);
    this.listen();
    for (const node of [this.toggle, this.keys]) awaitStyle(parent, node);
  }

  update({ label, hint, help, capitals }, { keys, cycles }, language) {
    this.offer([...keys], cycles);
    this.toggle.setAttribute("aria-label", label);
    this.toggle.title = `${label}. ${help}`;
    this.keys.setAttribute("aria-label", label);
    this.shift.setAttribute("aria-label", capitals);
    setText(this.hint, hint);
    setText(this.help, help);
    this.hint.title = help;
    for (const letter of this.letters) letter.lang = language;
    this.input.setAttribute("aria-describedby", "s2s-accents-help");
    this.input.setAttribute("aria-keyshortcuts", "ArrowDown ArrowUp");
  }

  // The letters of another language take the place of those before; a language without any has no keys.
  offer(small, cycles) {
    if (small.join() === this.small?.join()) return;
    this.small = small;
    this.cycles = cycles.flatMap((cycle) => [cycle, cycle.map(title), cycle.map(capital)]);
    for (const node of this.letters) node.remove();
    this.letters = small.map((letter) => key(letter, shortcut(letter, cycles)));
    this.keys.prepend(...this.letters);
    this.rove(this.letters[0] ?? this.shift);
    this.toggle.hidden = !small.length;
    this.open(small.length > 0 && this.isOpenAtFirst());
  }

  listen() {
    const { input, keys, toggle } = this;
    for (const part of [toggle, keys]) {
      part.addEventListener("mousedown", (event) => event.preventDefault()); // it would take the focus
    }
    toggle.addEventListener("click", () => {
      this.open(keys.hidden);
      remember(keys.hidden ? "closed" : "open");
    });
    keys.addEventListener("click", (event) => this.pressed(event));
    keys.addEventListener("keydown", (event) => this.walk(event));
    for (const name of ["keydown", "keyup", "pointermove"]) keys.addEventListener(name, (event) => this.look(event));
    for (const name of ["keydown", "keyup"]) input.addEventListener(name, (event) => this.look(event));
    input.addEventListener("keydown", (event) => this.turn(event));
    input.addEventListener("input", (event) => this.undone(event));
    input.addEventListener("blur", () => this.show(false));
    input.addEventListener("compositionstart", () => (this.isComposing = true));
    input.addEventListener("compositionend", () => (this.isComposing = false));
  }

  isOpenAtFirst() {
    const stored = remembered();
    return stored ? stored === "open" : window.matchMedia(WIDE).matches;
  }

  open(isOpen) {
    this.keys.hidden = !isOpen;
    this.toggle.setAttribute("aria-expanded", String(isOpen));
  }

  // Capitals while Shift or Caps Lock says so; an event tells of both.
  look(event) {
    this.show(event.getModifierState("Shift") || event.getModifierState("CapsLock"));
  }

  show(capitals) {
    this.capitals = capitals || this.latched;
    this.letters.forEach((node, i) => setText(node, this.capitals ? capital(this.small[i]) : this.small[i]));
    this.shift.setAttribute("aria-pressed", String(this.latched));
  }

  pressed(event) {
    const node = event.target.closest("button");
    if (!node) return;
    this.rove(node);
    if (node === this.shift) {
      this.latched = !this.latched;
      this.show(false);
      return;
    }
    this.look(event);
    const letter = node.textContent;
    this.latched = false;
    this.look(event);
    if (event.pointerType !== "touch") this.input.focus();
    this.commit();
    const { selectionStart: start, selectionEnd: end } = this.input;
    this.put(letter, start, end);
  }

  // A syllable or an accent that is still being composed is kept as it is shown: leaving the field ends it.
  commit() {
    if (!this.isComposing) return;
    this.input.blur();
    this.input.focus();
  }

  // Arrows go from key to key; Tab stops at one of them.
  walk(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const all = [...this.letters, this.shift].filter((node) => node.offsetParent);
    const at = all.indexOf(document.activeElement);
    const goals = {
      ArrowLeft: all[at - 1],
      ArrowRight: all[at + 1],
      Home: all[0],
      End: all.at(-1),
      Escape: this.input,
    };
    if (!Object.hasOwn(goals, event.key)) return;
    event.preventDefault();
    const goal = goals[event.key];
    if (goal && goal !== this.input) this.rove(goal);
    goal?.focus();
  }

  rove(node) {
    for (const one of [...this.letters, this.shift]) one.tabIndex = one === node ? 0 : -1;
  }

  // ↓ and ↑ behind a letter go through its accents; behind anything else they do what they always do.
  turn(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { value, selectionStart: caret, selectionEnd } = this.input;
    const found = caret === selectionEnd && neighbour(value.slice(0, caret), by, this.cycles);
    if (!found) return;
    event.preventDefault();
    this.put(found.next, caret - found.length, caret);
  }

  // The browser selects what it brings back; a letter that ↓ had changed is there to be gone on with, not replaced.
  undone({ inputType }) {
    const { value, selectionStart: start, selectionEnd: end } = this.input;
    if (inputType !== "historyUndo" || start === end) return;
    if (neighbour(value.slice(0, end), 1, this.cycles)?.length === end - start) this.input.setSelectionRange(end, end);
  }

  put(letter, start, end) {
    const { input } = this;
    const text = spaced(letter, input.value.slice(0, start), input.value.slice(end));
    input.setSelectionRange(start, end);
    insert(input, text);
  }
}

function key(letter, tooltip = "") {
  return Object.assign(element("button", "", letter), { type: "button", title: tooltip });
}

// How the keyboard gets at a letter: é is e ↓, è is e ↓ ↓.
function shortcut(letter, cycles) {
  const cycle = cycles.find((one) => one.includes(letter)) ?? [letter];
  return [cycle[0], ..."↓".repeat(cycle.indexOf(letter))].join(" ");
}

// What stands before the caret in some cycle, and what follows it there.
function neighbour(before, by, cycles) {
  let found = null;
  for (const cycle of cycles) {
    cycle.forEach((letter, i) => {
      const { length } = spaced(letter, "", "");
      if (!before.endsWith(spaced(letter, "", "")) || length <= (found?.length ?? 0)) return;
      found = { length, next: cycle.at((i + by) % cycle.length) };
    });
  }
  return found;
}

// French keeps its quotation marks apart from what they hold.
function spaced(letter, before, after) {
  if (letter === "«" && !/^\s/.test(after)) return "« ";
  if (letter === "»" && /\S$/.test(before)) return " »";
  return letter;
}

function capital(text) {
  return text.toUpperCase();
}

function title(text) {
  return capital(text[0]) + text.slice(1);
}

function remembered() {
  try {
    return window.localStorage.getItem(STORED);
  } catch {
    return null; // a browser may forbid it
  }
}

function remember(state) {
  try {
    window.localStorage.setItem(STORED, state);
  } catch {
    // then it is forgotten with the page
  }
}
