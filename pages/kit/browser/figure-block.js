// A figure of a stage, with its caption, its scale and its table. What is under the pointer is told with all its digits;
// a press chooses it, and a drag over vectors zooms into them.

import { Menu } from "./menu.js";
import { button, element, fit, name, setText, shape } from "./nodes.js";
import { brief, clamp } from "./numbers.js";
import { Picture } from "./picture.js";
import { drawn, lighter, outline, page, written } from "./save.js";
import { tableOf } from "./table.js";
import { inside } from "./zoom.js";

/** @import { Stages } from "./stages.js" */
/** @import { Column, Picture as Data } from "./wire.js" */

const SHORT = 6; // pixels; a drag that is not longer was a click

export class FigureBlock {
  /** @param {Stages} view */
  constructor(view) {
    this.view = view;
    this.isNear = false; // in sight, or nearly
    this.at = null; // what is pointed at, as its kind of figure says it
    this.root = element("figure", "s2s-pic");
    const head = this.root.appendChild(element("figcaption", "s2s-pic-head"));
    this.caption = head.appendChild(element("span", "s2s-pic-caption"));
    const tools = head.appendChild(element("span", "s2s-pic-tools"));
    this.scale = tools.appendChild(element("span", "s2s-pic-scale"));
    this.tableButton = tools.appendChild(button("s2s-pic-button", "▤"));
    this.menu = new Menu(this);
    tools.append(this.menu.button);
    this.picture = new Picture(["s2s-chosen-mark", "s2s-followed-mark", "s2s-cell-mark", "s2s-drag"]);
    this.picture.scroll.tabIndex = 0;
    this.figures = this.picture.overlay.insertBefore(shape("g"), this.picture.overlay.firstChild);
    this.figures.setAttribute("class", "s2s-figures");
    this.root.append(this.picture.scroll);
    this.table = this.root.appendChild(element("div", "s2s-table-scroll"));
    this.table.hidden = true;
    this.table.tabIndex = 0;
    this.listen();
    view.sights.observe(this.root);
  }

  listen() {
    const { view, picture } = this;
    const { inner, scroll } = picture;
    inner.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch" || !picture.box) return; // a finger scrolls, and taps
      if (this.dragged) this.stretch(event);
      this.point(this.find(event), { x: event.clientX, y: event.clientY });
      inner.classList.toggle("s2s-hit", (this.at?.key ?? this.at?.number ?? null) !== null);
    });
    inner.addEventListener("pointerleave", () => this.point(null));
    inner.addEventListener("pointerdown", (event) => this.grasp(event));
    inner.addEventListener("pointerup", () => this.release());
    inner.addEventListener("pointercancel", () => this.release());
    inner.addEventListener("click", (event) => this.press(this.find(event)));
    inner.addEventListener("dblclick", () => view.setZoom(null));
    scroll.addEventListener("keydown", (event) => this.key(event));
    scroll.addEventListener("blur", () => this.point(null));
    this.tableButton.addEventListener("click", () => {
      this.table.hidden = !this.table.hidden;
      this.tableButton.setAttribute("aria-expanded", String(!this.table.hidden));
      this.writeTable();
    });
  }

  /** @param {Data} block @param {Column} column */
  write({ figure, caption, spoken, code }, column) {
    const { labels } = this.view.data;
    const { picture } = this;
    this.column = column;
    this.code = code;
    this.spoken = spoken;
    Object.assign(picture, { labels, caption, followed: column.number });
    setText(this.caption, caption);
    picture.scroll.setAttribute("aria-label", spoken);
    name(this.tableButton, labels.table);
    this.menu.name();
    if (picture.read(figure)) {
      picture.inner.style.height = `${picture.figure.layout.height}px`;
      this.point(null);
      this.writeTable();
      this.writeScale();
    }
    this.outline();
  }

  fail(message) {
    setText(this.caption, message);
  }

  draw(Plotly, room, font) {
    const { picture } = this;
    if (!room || !this.root.isConnected) return;
    const zoom = picture.kind.isZoomed ? inside(this.view.zoom, picture.meta) : null;
    if (zoom?.first !== picture.zoom?.first || zoom?.last !== picture.zoom?.last) picture.zoom = zoom;
    if (!picture.draw(Plotly, room, font)) return;
    this.writeFigures();
    this.outline();
    if (this.at) this.mark();
  }

  // The row of the chosen word, and the number that is followed.
  outline() {
    const { picture, column } = this;
    if (!picture.box) return;
    picture.mark("s2s-chosen-mark", picture.kind.chosen?.(picture, column.place) ?? "");
    picture.mark("s2s-followed-mark", picture.kind.followed?.(picture, column.number) ?? "");
  }

  writeScale() {
    const ramp = `linear-gradient(to right, ${this.view.data.ramp.join(", ")})`;
    const limits = this.picture.kind.limits?.(this.picture) ?? [];
    fit(this.scale, limits, () => element("span", "s2s-pic-limit"), (node, limit) => {
      const text = brief(limit);
      node.replaceChildren(`−${text}`, element("i"), text);
      node.children[0].style.background = ramp;
    });
  }

  // Out of the app

  get printed() {
    return this.picture.scroll;
  }

  /** @returns {import("./save.js").Leaving} */
  leaving() {
    const { column, picture, spoken, code } = this;
    const { origin, title, told } = column;
    const sheet = () => picture.kind.sheet(picture);
    return {
      name: `${column.name}-${picture.meta.kind}`,
      title: `${title}: ${picture.caption || spoken}`,
      result: "",
      spoken,
      origin: { ...origin, code: `${origin.code}\n${code}` },
      draw: (Plotly) => drawn(Plotly, picture, (copy) => this.marked(copy), ""),
      sheet,
      record: () => ({ step: column.step + 1, told, ...sheet() }),
    };
  }

  // What is outlined and written in it, in light colours.
  marked(picture) {
    const { colors } = this.view.data;
    const chosen = picture.kind.chosen?.(picture, this.column.place);
    const followed = picture.kind.followed?.(picture, this.column.number);
    const figures = picture.kind.written?.(picture) ?? [];
    return [
      ...figures.map(({ text, x, y, isOnDark }) =>
        written(
          text,
          x,
          y + 4,
          12,
          isOnDark ? lighter(colors.background) : page.data.paper["--st-text-color"],
          "normal",
          "middle",
        )
      ),
      ...(chosen ? [outline(chosen, { stroke: lighter(colors.pinned) })] : []),
      ...(followed ? [outline(followed, { stroke: lighter(colors.muted), width: 1 })] : []),
    ];
  }

  // Where few enough numbers are in sight, they are written into their cells.
  writeFigures() {
    const { picture } = this;
    const written = picture.kind.written?.(picture) ?? [];
    this.figures.replaceChildren(
      ...written.map(({ text, x, y, isOnDark }) => {
        const node = shape("text");
        node.textContent = text;
        node.setAttribute("x", x);
        node.setAttribute("y", y);
        node.setAttribute("class", isOnDark ? "s2s-on-dark" : "");
        return node;
      }),
    );
  }

  // What is at a point; words beside a heatmap are no place of it.
  find(event) {
    const at = this.picture.at(event);
    return at && "row" in at && "column" in at && (at.row === null || at.column === null) ? null : at;
  }

  // A drag over vectors: what it covered fills the strips.

  grasp(event) {
    const { picture } = this;
    if (event.pointerType !== "mouse" || event.button || !picture.kind.isZoomed || !picture.box) return;
    const { x } = picture.point(event);
    if (x < 0) return;
    this.dragged = { from: x, to: x };
    picture.inner.setPointerCapture(event.pointerId);
  }

  stretch(event) {
    const { box } = this.picture;
    this.dragged.to = clamp(this.picture.point(event).x, 0, box.width);
    const { from, to } = this.dragged;
    const [x, width] = [Math.min(from, to), Math.abs(to - from)];
    this.picture.mark("s2s-drag", `M${box.left + x},${box.top}h${width}v${box.height}h${-width}z`);
  }

  release() {
    const { dragged, picture } = this;
    this.dragged = null;
    picture.mark("s2s-drag", "");
    if (!dragged || Math.abs(dragged.to - dragged.from) < SHORT) return;
    this.isZooming = true; // the click that follows is none
    const [first, last] = [dragged.from, dragged.to].sort((a, b) => a - b).map((x) =>
      picture.kind.numberAt(picture, x)
    );
    this.view.setZoom({ first, last });
  }

  press(at) {
    if (this.isZooming) {
      this.isZooming = false;
      return;
    }
    const changes = {};
    if (at?.number != null) changes.number = at.number - 1;
    if (at?.key != null) changes.word = at.key;
    if (Object.keys(changes).length) this.view.set(changes);
  }

  // Point at a place, or at nothing; without a pointer it is told beside its corner.
  point(at, pointer) {
    this.at = at;
    this.mark();
    if (!at) return this.view.tip?.hide();
    const { picture } = this;
    const { x, y, width, height } = picture.kind.rect(picture, at);
    const inner = picture.inner.getBoundingClientRect();
    const corner = { x: inner.left + picture.box.left + x + width, y: inner.top + picture.box.top + y + height };
    this.view.tip.show(picture.kind.tell(picture, at), pointer ?? corner);
  }

  mark() {
    const { picture, at } = this;
    if (!at) return picture.mark("s2s-cell-mark", "");
    const { x, y, width, height } = picture.kind.rect(picture, at);
    picture.mark("s2s-cell-mark", `M${picture.box.left + x},${picture.box.top + y}h${width}v${height}h${-width}z`);
  }

  // Arrows walk over the numbers, plus and minus zoom, Enter chooses.
  key(event) {
    const { view, picture } = this;
    if (event.target !== picture.scroll || event.ctrlKey || event.metaKey) return;
    const at = picture.moved(event.key, this.at);
    const zooms = { "+": 0.5, "=": 0.5, "-": 2 };
    if (at) {
      this.point(at);
      view.say(picture.kind.tell(picture, at));
    } else if (event.key === "Enter" && this.at) this.press(this.at);
    else if (event.key in zooms) view.zoomBy(zooms[event.key], this.at?.number);
    else if (event.key === "0" || event.key === "Escape") view.setZoom(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  writeTable() {
    this.table.replaceChildren();
    if (this.table.hidden) return;
    const { head, rows } = this.picture.kind.table(this.picture);
    this.table.append(tableOf(head, rows));
  }
}
