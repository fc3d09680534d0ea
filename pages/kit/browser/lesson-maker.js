// Where a teacher makes a lesson of views that were kept (keep.js), or changes one that was loaded. What is being made is
// kept in this browser and told to Python at every change, which checks it and makes a file, a link or a sheet of it.

import { Base } from "./base.js";
import { forgetViews, keptViews } from "./keep.js";
import { button, element, name, setText } from "./nodes.js";
import { copyText } from "./save.js";

/** @import { Maker as Data } from "./wire.js" */
/** @typedef {{page: string, view: Record<string, string[]>, sentence?: string, picture?: number, title?: any, text?: any,
 * notice?: any, group?: any, question?: any, kept?: string}} Step as a lesson's file has it; and the sentence of its view */

const KEY = "s2s-draft";
const PAUSE = 400; // milliseconds without a change, after which it is told
const NUMBERS = { word: [0, 999], step: [1, 999], sentences: [1, 6] };

export class Maker extends Base {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    super(parent, "s2s-maker s2s-plain");
    /** @type {{format: number, title: any, steps: Step[]}} */
    this.draft = stored();
    this.version = 0;
    this.timer = null;
    const bar = this.root.appendChild(element("div", "s2s-maker-bar"));
    this.add = this.put(bar, () => this.addKept());
    this.copy = this.put(bar, () => this.copyLink());
    this.clear = this.put(bar, () => this.replace(empty()));
    this.status = bar.appendChild(element("span", "s2s-maker-note"));
    this.status.setAttribute("role", "status");
    this.form = this.root.appendChild(element("div", "s2s-maker-form"));
    this.mount();
    window.addEventListener("storage", () => this.root.isConnected && this.writeBar());
  }

  put(parent, act, text = "") {
    const made = parent.appendChild(button("s2s-maker-button", text));
    made.addEventListener("click", act);
    return made;
  }

  /** @param {Data} data */
  update(data, report) {
    const isFirst = !this.data;
    const language = this.data?.language;
    this.take(data, report);
    if (data.version > this.version) {
      this.version = data.version;
      if (data.draft && sessionStorage.getItem(KEY) !== data.draft) {
        sessionStorage.setItem(KEY, data.draft); // not once more when the page is opened again
        this.replace(JSON.parse(data.draft));
      }
    }
    if (isFirst || language !== data.language) this.write();
    if (isFirst && this.draft.steps.length) this.tell();
    this.writeBar();
    this.askForTheme();
  }

  writeBar() {
    const { labels, link, is_whole } = this.data;
    const kept = keptViews().length;
    setText(this.add, labels.add.replace("{count}", String(kept)));
    this.add.disabled = !kept;
    setText(this.copy, labels.copy_link);
    this.copy.hidden = !link;
    setText(this.clear, labels.clear);
    this.clear.hidden = !this.draft.steps.length && !this.draft.title;
    if (is_whole && !link) setText(this.status, labels.too_long);
    else if (this.status.textContent === labels.too_long) setText(this.status, "");
  }

  // The form

  write() {
    const { labels } = this.data;
    this.form.replaceChildren();
    if (!this.draft.steps.length) {
      this.form.append(element("p", "s2s-maker-note", labels.empty));
      return;
    }
    this.field(this.form, labels.title, this.draft, "title");
    this.draft.steps.forEach((step, place) => this.writeStep(step, place));
  }

  /** @param {Step} step @param {number} place */
  writeStep(step, place) {
    const { labels, pages } = this.data;
    const { steps } = this.draft;
    const box = this.form.appendChild(element("fieldset", "s2s-maker-step"));
    const page = pages[step.page] ?? step.page;
    box.append(element("legend", "", `${place + 1}. ${page}`));
    const row = box.appendChild(element("div", "s2s-maker-moves"));
    const move = (text, label, isThere, act) => {
      const made = this.put(row, () => {
        act();
        this.write();
        this.changed();
      }, text);
      name(made, `${label}: ${place + 1}. ${page}`);
      made.disabled = !isThere;
    };
    move("↑", labels.up, place > 0, () => steps.splice(place - 1, 0, ...steps.splice(place, 1)));
    move("↓", labels.down, place < steps.length - 1, () => steps.splice(place + 1, 0, ...steps.splice(place, 1)));
    move("✕", labels.remove, true, () => steps.splice(place, 1));
    this.field(box, labels.step_title, step, "title");
    this.field(box, labels.step_text, step, "text", true);
    this.writeQuestion(box, step);
    this.field(box, labels.step_notice, step, "notice", true);
    this.number(box, labels.picture, step, "picture", 1, [0, 99]);
    this.writeSentence(box, step);
  }

  // With the sentence of the view that was kept, or on that which stands there in class.
  writeSentence(box, step) {
    const { labels } = this.data;
    const sentence = step.sentence || step.kept;
    if (!sentence) return;
    const choices = { "": labels.own_sentence, [sentence]: labels.sentence.replace("{text}", () => sentence) };
    this.choose(box, "", choices, step.sentence ?? "", (chosen) => {
      step.kept = sentence;
      step.sentence = chosen;
    });
  }

  writeQuestion(box, step) {
    const { labels, kinds, needs, models, compared } = this.data;
    const place = box.appendChild(element("div", "s2s-maker-question"));
    this.choose(place, labels.question, { "": labels.no_question, ...kinds }, step.question?.kind ?? "", (kind) => {
      step.question = kind ? { kind, ...started(needs[kind], models, compared) } : undefined;
      this.write();
    });
    const { question } = step;
    if (!question) return;
    for (const need of needs[question.kind] ?? []) {
      if (need === "model") this.choose(place, labels.model, models, question.model, (one) => question.model = one);
      else if (need === "compare") {
        this.choose(place, labels.compare, compared, question.compare, (one) => question.compare = one);
      } else if (need === "models") this.several(place, labels.models, models, question);
      else if (need === "fed") this.field(place, labels.fed, question, "fed");
      else {this.number(
          place,
          labels[need],
          question,
          need,
          need === "step" ? 2 : need === "word" ? 0 : 1,
          NUMBERS[need],
        );}
    }
    this.field(place, labels.asks, question, "asks");
  }

  // Fields

  labelled(parent, text, field) {
    const label = parent.appendChild(element("label", "s2s-maker-field"));
    label.append(element("span", "", text), field);
    return field;
  }

  field(parent, text, record, key, isLong = false) {
    const field = this.labelled(parent, text, element(isLong ? "textarea" : "input", "s2s-maker-input"));
    const { language } = this.data;
    const isByLanguage = record[key] && typeof record[key] === "object";
    Object.assign(field, { maxLength: key === "fed" ? 300 : 2000, rows: 2 });
    field.value = isByLanguage ? record[key][language] ?? "" : record[key] ?? "";
    field.addEventListener("input", () => {
      if (isByLanguage) record[key][language] = field.value;
      else record[key] = field.value;
      this.changed();
    });
  }

  number(parent, text, record, key, usual, [low, high]) {
    const field = this.labelled(parent, text, element("input", "s2s-maker-input s2s-maker-number"));
    Object.assign(field, { type: "number", min: low, max: high, value: record[key] ?? usual });
    field.addEventListener("input", () => {
      const value = field.value === "" ? usual : Math.round(Number(field.value));
      record[key] = Math.min(high, Math.max(low, Number.isFinite(value) ? value : usual));
      this.changed();
    });
  }

  choose(parent, text, choices, chosen, act) {
    const field = this.labelled(parent, text, element("select", "s2s-maker-input"));
    field.setAttribute("aria-label", text || Object.values(choices)[0]); // not what may be chosen, too
    for (const [value, words] of Object.entries(choices)) {
      field.append(Object.assign(element("option", "", words), { value, selected: value === chosen }));
    }
    field.addEventListener("change", () => {
      act(field.value);
      this.changed();
    });
  }

  several(parent, text, choices, question) {
    const box = parent.appendChild(element("div", "s2s-maker-field"));
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", text);
    box.append(element("span", "", text));
    for (const [value, words] of Object.entries(choices)) {
      const label = box.appendChild(element("label", "s2s-maker-check"));
      const field = label.appendChild(element("input"));
      Object.assign(field, { type: "checkbox", checked: question.models?.includes(value) });
      label.append(words);
      field.addEventListener("change", () => {
        const others = (question.models ?? []).filter((one) => one !== value);
        question.models = field.checked ? [...others, value] : others;
        this.changed();
      });
    }
  }

  // What becomes of it

  addKept() {
    const { first, pages } = this.data;
    for (const { page, view, sentence, title } of keptViews()) {
      this.draft.steps.push({ page: page in pages ? page : first, view, sentence, title });
    }
    forgetViews();
    this.write();
    this.changed();
  }

  replace(draft) {
    this.draft = draft;
    this.write();
    this.changed();
  }

  changed() {
    try {
      localStorage.setItem(KEY, JSON.stringify(this.draft));
    } catch {
      // The browser keeps nothing; what is made can still be saved.
    }
    if (this.data) this.writeBar();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), PAUSE);
  }

  tell() {
    const bare = this.draft.steps.map(({ kept: _, ...step }) => filled(step));
    this.report.state("draft", JSON.stringify({ ...this.draft, steps: bare }));
  }

  async copyLink() {
    const { labels, link, language } = this.data;
    const url = new URL(window.location.href);
    url.search = new URLSearchParams({ lesson: link, lang: language }).toString();
    try {
      await copyText(url.href);
      setText(this.status, labels.copied);
    } catch {
      setText(this.status, labels.refused);
    }
  }
}

function empty() {
  return { format: 1, title: "", steps: [] };
}

function stored() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return found && Array.isArray(found.steps) && found.steps.every((step) => step && typeof step === "object")
      ? found
      : empty();
  } catch {
    return empty();
  }
}

// Where a question starts: with what must not stay empty.
function started(needs, models, compared) {
  const known = Object.keys(models);
  const values = {
    model: known[0],
    models: known.slice(0, 2),
    compare: Object.keys(compared)[0],
    fed: "Nobody",
  };
  return Object.fromEntries(needs.filter((need) => need in values).map((need) => [need, values[need]]));
}

// Without what was left empty.
function filled(step) {
  return Object.fromEntries(Object.entries(step).filter(([, value]) => value !== "" && value !== undefined));
}
