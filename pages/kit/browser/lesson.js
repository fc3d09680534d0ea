// The strip of a lesson: what a step tells and asks, the reveal, and the way on. What a page shows of the answer stays
// hidden until it is asked for ("data-s2s-veil"). In presenter mode (present.js) a clicker does all of it.

import { dropChanges } from "./address.js";
import { Base } from "./base.js";
import { forgetAnswers, isRight, keepAnswer, readAnswers, score } from "./lesson-answers.js";
import { button, element, fit, name, setText } from "./nodes.js";
import { Presenter } from "./present.js";

/** @import { Strip as Data, Quiz } from "./wire.js" */

const OWN = "s2s-own-lesson"; // what this browser keeps of a lesson that is in no link
const page = document.documentElement;

export class Lesson extends Base {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    super(parent, "s2s-lesson s2s-plain");
    this.root.setAttribute("role", "region");
    const bar = this.root.appendChild(element("div", "s2s-lesson-bar"));
    this.title = bar.appendChild(element("span", "s2s-lesson-title"));
    this.place = bar.appendChild(element("span", "s2s-lesson-place"));
    this.score = bar.appendChild(element("span", "s2s-lesson-score"));
    this.way = bar.appendChild(element("span", "s2s-lesson-way"));
    this.toStep = this.put(this.way, () => this.go(this.data.at), "s2s-lesson-main");
    this.back = this.put(this.way, () => this.step(-1));
    this.next = this.put(this.way, () => this.step(1), "s2s-lesson-main");
    this.presenting = this.put(this.way, () => this.presenter.toggle());
    this.leave = this.put(this.way, () => this.go(0));
    this.body = this.root.appendChild(element("div", "s2s-lesson-body"));
    this.heading = this.body.appendChild(element("h2", "s2s-lesson-heading"));
    this.tabs = this.body.appendChild(element("div", "s2s-lesson-tabs"));
    this.text = this.body.appendChild(element("p", "s2s-lesson-text"));
    this.quiz = this.body.appendChild(element("form", "s2s-lesson-quiz"));
    this.asks = this.quiz.appendChild(element("p", "s2s-lesson-asks"));
    this.asks.id = "s2s-lesson-asks";
    this.options = this.quiz.appendChild(element("div", "s2s-lesson-options"));
    this.options.setAttribute("role", "group");
    this.options.setAttribute("aria-labelledby", this.asks.id);
    this.options.translate = false;
    this.field = element("input", "s2s-lesson-field");
    Object.assign(this.field, { type: "text", maxLength: 200, autocomplete: "off", spellcheck: false });
    this.quiz.append(this.field);
    this.check = this.quiz.appendChild(element("button", "s2s-lesson-button s2s-lesson-main"));
    this.show = this.put(this.quiz, () => this.reveal(null));
    this.hint = this.quiz.appendChild(element("span", "s2s-lesson-hint"));
    this.told = this.body.appendChild(element("p", "s2s-lesson-told"));
    this.told.setAttribute("role", "status");
    this.notice = this.body.appendChild(element("p", "s2s-lesson-notice"));
    this.again = this.put(this.body, () => this.askAgain());
    this.summary = this.body.appendChild(element("div", "s2s-lesson-summary"));
    this.shownStep = null; // lesson and step
    this.key = null; // and the question about this sentence
    this.isRevealed = false;
    this.isNoticed = false;
    this.given = null;
    this.presenter = new Presenter(this);
    this.mount(() => this.presenter.place());
    this.listen();
  }

  put(parent, act, className = "") {
    const made = parent.appendChild(button(`s2s-lesson-button ${className}`));
    made.addEventListener("click", act);
    return made;
  }

  listen() {
    this.quiz.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.field.value.trim()) this.reveal(this.field.value);
    });
    this.options.addEventListener("click", ({ target }) => {
      const option = /** @type {HTMLElement} */ (target).closest("button");
      if (option) this.reveal(option.textContent);
    });
    window.addEventListener("s2s-picked", (event) => {
      const { quiz } = this.data ?? {};
      const word = /** @type {CustomEvent} */ (event).detail;
      if (this.root.isConnected && quiz?.points && !this.isRevealed && quiz.options.includes(word)) this.reveal(word);
    });
  }

  /** @param {Data} data */
  update(data, report) {
    this.take(data, report);
    this.presenter.follow();
    if (data.wanted) return this.restore();
    if (data.own) this.keepOwn(data.own);
    const place = JSON.stringify([data.lesson, data.at]);
    if (this.shownStep !== place) {
      if (this.shownStep !== null) window.dispatchEvent(new CustomEvent("s2s-arrived"));
      this.shownStep = place;
    }
    const key = JSON.stringify([place, data.quiz?.key]);
    if (key !== this.key) {
      this.key = key;
      this.recall();
    }
    this.write();
    this.askForTheme();
    this.presenter.place();
  }

  // What was answered here before: also before the page was loaded again.
  recall() {
    const { lesson, at, quiz } = this.data;
    const answer = lesson ? readAnswers(lesson)[at] : null;
    const isSame = Boolean(answer && quiz && answer.key === quiz.key);
    this.isRevealed = isSame;
    this.isNoticed = isSame;
    this.given = isSame ? answer.given : null;
    this.field.value = "";
  }

  write() {
    const { data } = this;
    const { labels, lesson, at, outline } = data;
    page.toggleAttribute("data-s2s-lesson", Boolean(lesson));
    this.root.hidden = !lesson && !this.presenter.isOn;
    this.root.toggleAttribute("data-empty", !lesson);
    this.root.toggleAttribute("data-told", this.isRevealed && Boolean(data.quiz));
    this.veil();
    if (!lesson) return;
    this.root.setAttribute("aria-label", data.title);
    this.root.lang = data.language;
    setText(this.title, data.title);
    setText(this.place, filled(labels.step, { at, count: outline.length }));
    setText(this.back, labels.back);
    setText(this.next, labels.next);
    setText(this.toStep, labels.return);
    setText(this.presenting, this.presenter.isOn ? labels.end_present : labels.present);
    setText(this.leave, "✕");
    name(this.leave, labels.leave);
    this.back.disabled = at <= 1;
    this.next.disabled = at >= outline.length;
    this.toStep.hidden = data.is_here;
    setText(this.heading, data.group || data.heading);
    setText(this.text, data.text);
    this.text.hidden = Boolean(data.tabs.length) || !data.text;
    this.writeTabs();
    this.writeQuiz();
    this.writeScore();
  }

  writeTabs() {
    const { tabs, at } = this.data;
    this.tabs.hidden = !tabs.length;
    fit(this.tabs, tabs, () => {
      const made = button("s2s-lesson-tab");
      made.append(element("b"), element("span"));
      made.addEventListener("click", () => this.go(Number(made.dataset.at)));
      return made;
    }, (made, tab) => {
      made.dataset.at = String(tab.at);
      made.setAttribute("aria-current", String(tab.at === at));
      setText(made.children[0], tab.title);
      setText(made.children[1], tab.text);
    });
  }

  writeQuiz() {
    const { quiz, labels, notice } = this.data;
    const isAsked = Boolean(quiz && !quiz.reason);
    this.quiz.hidden = !quiz;
    const isOpen = isAsked && !this.isRevealed;
    setText(this.asks, quiz ? quiz.reason || quiz.asks : "");
    fit(this.options, isAsked ? quiz.options : [], () => button("s2s-lesson-option"), (option, text) => {
      setText(option, text);
      option.disabled = !isOpen;
      option.setAttribute("aria-pressed", String(text === this.given));
      option.classList.toggle("s2s-lesson-right", this.isRevealed && quiz.right.includes(text));
    });
    this.options.hidden = !isAsked || !quiz.options.length;
    this.field.hidden = !isOpen || quiz.form === "choose";
    this.check.hidden = this.field.hidden;
    this.field.setAttribute("aria-label", labels.your_answer);
    this.field.placeholder = labels.your_answer;
    setText(this.check, labels.check);
    this.show.hidden = !isOpen || quiz.form === "open";
    setText(this.show, labels.reveal);
    setText(this.hint, isOpen && quiz.points ? labels.point : "");
    setText(this.told, this.isRevealed && isAsked ? this.verdict : "");
    this.told.dataset.verdict = this.isRevealed ? this.outcome : "";
    this.again.hidden = !this.isRevealed || !isAsked;
    setText(this.again, labels.again);
    const isLoading = quiz?.key === "";
    const isTold = !isOpen && !isLoading && (!this.presenter.isOn || this.isNoticed);
    setText(this.notice, isTold && notice ? `${labels.notice} ${notice}` : "");
  }

  // "right", "wrong", "seen"; "" where nobody can say.
  get outcome() {
    const { quiz } = this.data;
    if (!quiz || quiz.form === "open") return "";
    if (this.given === null) return "seen";
    return isRight(quiz, this.given) ? "right" : "wrong";
  }

  get verdict() {
    const { quiz, labels } = this.data;
    const { outcome, given } = this;
    const isWord = given !== null && quiz.form !== "choose";
    return [outcome && outcome !== "seen" ? labels[outcome] : "", isWord ? `“${given}”.` : "", quiz.told]
      .filter(Boolean).join(" ");
  }

  writeScore() {
    const { lesson, questions, labels, at, outline } = this.data;
    const answers = readAnswers(lesson);
    const values = { right: score(answers, questions), questions: questions.length };
    setText(this.score, questions.length ? filled(labels.score, values) : "");
    this.score.title = labels.kept_here;
    const isEnd = at === outline.length && !this.presenter.isOn && questions.length > 0;
    this.summary.hidden = !isEnd;
    if (!isEnd) return;
    const list = element("ol");
    for (const step of questions) {
      const answer = answers[step];
      const sign = !answer || answer.given === null ? "–" : answer.right ? "✓" : "✗";
      const item = list.appendChild(element("li", "", `${sign} ${outline[step - 1]}`));
      if (answer?.given) item.append(element("span", "s2s-lesson-gave", ` “${answer.given}”`));
    }
    const forget = button("s2s-lesson-button", labels.forget);
    forget.addEventListener("click", () => {
      forgetAnswers(lesson);
      this.recall();
      this.write();
    });
    this.summary.replaceChildren(
      element("h3", "", `${labels.summary} ${filled(labels.score, values)}`),
      list,
      element("p", "s2s-lesson-hint", labels.kept_here),
      forget,
    );
  }

  // What would give the answer away.
  veil() {
    const { quiz, is_here } = this.data;
    const isLoading = quiz?.key === "";
    const isAsked = quiz && !quiz.reason && quiz.form !== "open" && !this.isRevealed;
    const isHidden = is_here && (isAsked || isLoading);
    if (isHidden) page.dataset.s2sVeil = quiz.hides;
    else delete page.dataset.s2sVeil;
  }

  /** @param {string | null} given */
  reveal(given) {
    const { lesson, at, quiz } = this.data;
    this.given = given === null ? null : given.trim();
    this.isRevealed = true;
    const text = this.outcome === "seen" ? "" : quiz.asks;
    keepAnswer(lesson, at, { key: quiz.key, given: this.given, right: this.outcome === "right", text });
    this.changed();
  }

  askAgain() {
    keepAnswer(this.data.lesson, this.data.at, null);
    this.recall();
    this.changed();
    (this.field.hidden ? this.options.querySelector("button") : this.field)?.focus({ preventScroll: true });
  }

  changed() {
    this.write();
    this.presenter.place();
  }

  // On and back

  // What a clicker does: what is asked is revealed, then what to see is told, then comes the next step.
  forward() {
    const { quiz, notice, lesson } = this.data;
    if (!lesson) return;
    if (quiz && !quiz.reason && !this.isRevealed) return this.reveal(null);
    if (notice && !this.isNoticed) {
      this.isNoticed = true;
      return this.changed();
    }
    this.step(1);
  }

  step(by) {
    const { at, outline } = this.data;
    if (at + by >= 1 && at + by <= outline.length) this.go(at + by);
  }

  go(at) {
    dropChanges();
    this.report.trigger("go", at);
  }

  // A lesson that is in no link

  keepOwn(code) {
    try {
      if (localStorage.getItem(OWN) !== code) localStorage.setItem(OWN, code);
    } catch {
      // It is gone when the page is loaded again, and the page says so.
    }
  }

  restore() {
    const code = localStorage.getItem(OWN);
    this.write();
    if (this.restored === code) return;
    this.restored = code;
    this.report.state("own", code ?? "");
  }
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, one) => one in values ? String(values[one]) : whole);
}
