// The sentence bar of pages/ui/sentence.py: a field that sends what stands in it while one types, and examples.
//
// The text belongs to whoever types: it is given once, when the field appears, and from then on only sent.
// Streamlit's own live field writes back what the server last heard, which on a slow machine takes away letters
// typed since. Compositions (accents, Hangul) are sent as they grow and never touched.

const bars = new WeakMap(); // parentElement -> Bar

export default function ({ parentElement, data, setStateValue }) {
  let bar = bars.get(parentElement);
  if (!bar) bars.set(parentElement, (bar = new Bar(parentElement, data.text)));
  bar.update(data, (text) => setStateValue("text", text));
}

class Bar {
  constructor(parent, text) {
    this.input = document.createElement("input");
    Object.assign(this.input, { type: "text", className: "s2s-field", value: text, autocomplete: "off", spellcheck: false });
    this.input.setAttribute("autocapitalize", "off");
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("blur", () => this.send());
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) this.send();
    });
    this.examples = document.createElement("div");
    this.examples.className = "s2s-examples";
    this.examples.setAttribute("role", "group");
    this.examples.addEventListener("click", (event) => {
      const example = event.target.closest("button");
      if (example) this.take(example.textContent);
    });
    this.sent = text;
    this.timer = null;
    parent.append(this.input, this.examples);
  }

  update(data, report) {
    const { input, examples } = this;
    this.report = report;
    this.pause = data.pause;
    input.lang = examples.lang = data.sourceLanguage;
    input.placeholder = data.placeholder;
    input.setAttribute("aria-label", data.label);
    examples.setAttribute("aria-label", data.examplesLabel);
    while (examples.children.length > data.examples.length) examples.lastChild.remove();
    while (examples.children.length < data.examples.length) {
      examples.append(Object.assign(document.createElement("button"), { type: "button" }));
    }
    data.examples.forEach((text, i) => {
      if (examples.children[i].textContent !== text) examples.children[i].textContent = text;
    });
    this.markExample();
    this.writeLink();
  }

  later() {
    this.markExample();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), this.pause);
  }

  take(text) {
    this.input.value = text;
    this.markExample();
    this.send();
  }

  send() {
    clearTimeout(this.timer);
    const text = this.input.value;
    if (text === this.sent) return;
    this.sent = text;
    this.writeLink();
    this.report(text);
  }

  markExample() {
    for (const example of this.examples.children) {
      example.setAttribute("aria-pressed", String(example.textContent === this.input.value));
    }
  }

  // The address follows without an entry in the history.
  writeLink() {
    const url = new URL(window.location.href);
    if (url.searchParams.get("text") === this.sent) return;
    url.searchParams.set("text", this.sent);
    history.replaceState(history.state, "", url);
  }
}
