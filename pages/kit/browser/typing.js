// The fields of pages/kit/sentence.py: a field that sends what stands in it while one types, and examples; for what is
// read the letters that a keyboard may lack, and how the sentence was read where that is not how it was typed.
//
// The text belongs to whoever types: it is given when the field appears, and again only with another `version`, when
// the page has reason to put something else there, and never over what is just being written. Otherwise it is only sent.
// Streamlit's own live field writes back what the server last heard, which on a slow machine takes away letters
// typed since. Compositions (accents, Hangul) are sent as they grow and never touched.

import { Accents } from "./accents.js";
import { address, writeAddress } from "./address.js";
import { Bank } from "./bank.js";
import { whenConnectedAgain } from "./connection.js";
import { element, insert, setText } from "./nodes.js";
import { fits, sendable } from "./sent.js";

const bars = new WeakMap(); // parentElement -> Bar

export default function ({ parentElement, data, setStateValue }) {
  let bar = bars.get(parentElement);
  if (!bar) bars.set(parentElement, bar = new Bar(parentElement, data));
  bar.askForBank = (isOpen) => setStateValue("bank", isOpen);
  bar.update(data, (text) => setStateValue("text", text));
}

class Bar {
  constructor(parent, { text, version, accents, bank }) {
    this.input = element("input", "s2s-field");
    Object.assign(this.input, { type: "text", value: text, autocomplete: "off", spellcheck: false });
    // Nobody but the reader writes here, and nothing is marked as wrong.
    const quiet = { autocapitalize: "off", autocorrect: "off", writingsuggestions: "false", translate: "no" };
    for (const [name, value] of Object.entries(quiet)) this.input.setAttribute(name, value);
    this.input.addEventListener("input", () => {
      this.isWriting = true;
      this.later();
    });
    this.input.addEventListener("blur", () => {
      this.isWriting = false;
      this.send();
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) this.send();
    });
    this.input.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (!/[\r\n]/.test(text)) return; // the browser would leave line breaks out and join the words
      event.preventDefault();
      insert(this.input, text.trim().replace(/\s*[\r\n]+\s*/g, " "));
    });
    this.examples = element("div", "s2s-examples");
    this.examples.setAttribute("role", "group");
    this.examples.setAttribute("translate", "no");
    this.examples.addEventListener("click", (event) => {
      const example = event.target.closest("button");
      if (example) this.take(example.textContent);
    });
    this.caption = element("span", "s2s-caption");
    this.line = element("label", "s2s-line");
    this.box = element("span", "s2s-box"); // the field, and in it what its sentence means
    this.meaning = element("span", "s2s-meaning");
    this.meaning.setAttribute("role", "status");
    this.meaning.setAttribute("translate", "no");
    this.box.append(this.input, this.meaning);
    this.line.append(this.caption, this.box);
    this.row = element("div", "s2s-field-row");
    this.row.append(this.line);
    if (accents) {
      this.accents = new Accents(parent, this.input);
      this.row.append(this.accents.toggle, this.accents.keys, this.accents.help);
    }
    this.readLabel = element("span", "s2s-note-label");
    this.readText = element("span");
    this.readText.setAttribute("translate", "no");
    this.read = element("p", "s2s-note");
    this.read.setAttribute("role", "status");
    this.read.append(this.readLabel, this.readText);
    this.unheld = element("p", "s2s-note");
    this.unheld.setAttribute("role", "status");
    this.askForBank = (_isOpen) => {};
    this.sent = text;
    this.version = version;
    this.isWriting = false; // since the field was entered
    this.timer = null;
    this.heading = element("h2", "s2s-field-heading"); // for those who go from one heading to the next
    const root = element("div", "s2s-sentence");
    const below = element("div", "s2s-below");
    below.append(this.examples);
    root.append(this.heading, this.row, this.read, this.unheld, below);
    if (bank) {
      this.bank = new Bank(root, {
        held: () => this.input.value,
        take: (text) => this.take(text),
        ask: (isOpen) => this.askForBank(isOpen),
      });
      below.append(this.bank.button);
      root.append(this.bank.panel);
    }
    parent.append(root);
    whenConnectedAgain(root, () => this.sendAgain());
  }

  update(data, report) {
    const { input, examples } = this;
    this.report = report;
    this.heard = data.text; // what the page has
    this.pause = data.pause;
    this.parameter = data.parameter;
    this.unlinked = data.unlinked;
    this.limit = data.limit;
    this.notInLink = data.notInLink;
    this.caption.textContent = data.caption ?? "";
    this.caption.style.color = data.captionColor ?? "";
    if (data.version !== this.version) {
      this.version = data.version;
      if (!this.isWriting) {
        clearTimeout(this.timer);
        input.value = this.sent = data.text;
      } else if (data.text !== this.sent) {
        this.sent = null; // the page has another text: tell it again
        this.later();
      }
    }
    this.accents?.update(data.accents, data.letters, data.language);
    setText(this.readLabel, data.read ? data.readLabel : "");
    setText(this.readText, data.read ?? "");
    this.read.title = data.read ?? "";
    input.lang = examples.lang = this.readText.lang = data.language;
    input.placeholder = data.placeholder;
    input.setAttribute("aria-label", data.label);
    setText(this.heading, data.label);
    examples.setAttribute("aria-label", data.examplesLabel);
    while (examples.children.length > data.examples.length) examples.lastChild.remove();
    while (examples.children.length < data.examples.length) {
      examples.append(Object.assign(element("button"), { type: "button" }));
    }
    data.examples.forEach(([text, meaning], i) => {
      setText(examples.children[i], text);
      examples.children[i].title = meaning;
    });
    this.writeMeaning(data.text === input.value ? data.meaning : "");
    this.bank?.update(data.bank, data.language);
    this.markExample();
    this.writeLink();
  }

  // Not while another sentence is typed: it would be said of that one.
  writeMeaning(text = "") {
    setText(this.meaning, text);
    this.box.classList.toggle("s2s-is-meant", text !== "");
  }

  later() {
    this.writeMeaning();
    this.markExample();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), this.pause);
  }

  // In the place of what stands there, as if it were typed: Ctrl+Z brings that back.
  take(text) {
    this.input.focus({ preventScroll: true });
    this.input.select();
    insert(this.input, text);
    if (matchMedia("(pointer: coarse)").matches) this.input.blur(); // no keyboard over the answer
    this.markExample();
    this.send();
  }

  send() {
    clearTimeout(this.timer);
    const text = this.input.value;
    if (text === this.sent) return;
    this.sent = text;
    this.writeLink();
    this.report(sendable(text, this.limit));
  }

  // What was typed while the server could not be reached: Streamlit has dropped it.
  sendAgain() {
    const text = sendable(this.input.value, this.limit);
    if (text !== this.heard) this.report(text);
  }

  markExample() {
    for (const example of this.examples.children) {
      example.setAttribute("aria-pressed", String(example.textContent === this.input.value));
    }
  }

  // What stands there by itself is left out, and what a link cannot hold: the page says so.
  writeLink() {
    if (this.sent === null) return;
    const values = this.sent === this.unlinked ? [] : [this.sent];
    const isHeld = fits(address(), this.parameter, values);
    writeAddress({ [this.parameter]: isHeld ? values : [] });
    setText(this.unheld, isHeld ? "" : this.notInLink);
    this.unheld.title = this.unheld.textContent;
  }
}
