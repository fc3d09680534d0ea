// What stands in a stage: paragraphs, formulas, tables, figures, and blocks that hold others.

import { FigureBlock } from "./figure-block.js";
import { typeset } from "./formula.js";
import { button, element, fit, setText } from "./nodes.js";
import { tableOf } from "./table.js";

/** @import { Stages } from "./stages.js" */
/** @import { Column, Stage, Text, Formula, Table, Fold, Group, Beside, Go } from "./wire.js" */

/**
 * Blocks, each written over the one that stood in its place where that was of its kind.
 * @param {Stages} view
 * @param {Column} column
 * @param {HTMLElement} parent
 * @param {Stage["blocks"]} blocks
 */
export function fill(view, column, parent, blocks) {
  while (parent.children.length > blocks.length) drop(view, parent.lastElementChild);
  blocks.forEach((block, i) => {
    let node = /** @type {any} */ (parent.children[i]);
    if (node?.block?.kind !== block.kind) {
      const made = /** @type {any} */ (new KINDS[block.kind](view));
      made.kind = block.kind;
      made.root.block = made;
      if (node) {
        node.before(made.root);
        drop(view, node);
      } else parent.append(made.root);
      node = made.root;
    }
    node.block.write(block, column);
  });
}

function drop(view, node) {
  for (const one of [node, ...node.querySelectorAll(".s2s-pic")]) {
    if (one.matches(".s2s-pic")) view.sights.unobserve(one);
  }
  node.remove();
}

class TextBlock {
  constructor() {
    this.root = element("p", "s2s-block-text");
  }

  /** @param {Text} block */
  write({ text, tone }) {
    this.root.dataset.tone = tone;
    setText(this.root, text);
  }
}

class FormulaBlock {
  constructor() {
    this.root = element("div", "s2s-formula");
  }

  /** @param {Formula} block */
  write({ lines }) {
    fit(this.root, lines, () => element("p"), (node, line) => {
      if (node.dataset.line === line) return;
      node.dataset.line = line;
      node.replaceChildren();
      typeset(node, line);
    });
  }
}

class TableBlock {
  constructor() {
    this.root = element("div", "s2s-table-scroll");
    this.root.tabIndex = 0;
  }

  /** @param {Table} block */
  write({ head, rows }) {
    this.root.replaceChildren(tableOf(head, rows, typeset));
  }
}

class FoldBlock {
  /** @param {Stages} view */
  constructor(view) {
    this.view = view;
    this.root = element("details", "s2s-fold");
    this.summary = this.root.appendChild(element("summary"));
    this.body = this.root.appendChild(element("div", "s2s-blocks"));
    this.root.addEventListener("toggle", () => {
      const { name, root } = this;
      if (name && view.chosen[name] !== root.open) view.set({ [name]: root.open });
    });
  }

  /** @param {Fold} block */
  write({ summary, blocks, name }, column) {
    this.name = name;
    if (name) this.root.open = this.view.chosen[name];
    setText(this.summary, summary);
    fill(this.view, column, this.body, blocks);
  }
}

class GroupBlock {
  /** @param {Stages} view */
  constructor(view) {
    this.view = view;
    this.root = element("div", "s2s-group");
    this.title = this.root.appendChild(element("p", "s2s-group-title"));
    this.body = this.root.appendChild(element("div", "s2s-blocks"));
  }

  /** @param {Group} block */
  write({ title, blocks }, column) {
    setText(this.title, title);
    fill(this.view, column, this.body, blocks);
  }
}

class BesideBlock {
  /** @param {Stages} view */
  constructor(view) {
    this.view = view;
    this.root = element("div", "s2s-beside");
  }

  /** @param {Beside} block */
  write({ blocks }, column) {
    fill(this.view, column, this.root, blocks);
  }
}

class GoBlock {
  /** @param {Stages} view */
  constructor(view) {
    this.root = button("s2s-go");
    this.root.addEventListener("click", () => {
      view.go(this.step);
      view.scrollTo(1);
    });
  }

  /** @param {Go} block */
  write({ text, step }) {
    this.step = step;
    setText(this.root, text);
  }
}

const KINDS = {
  text: TextBlock,
  formula: FormulaBlock,
  table: TableBlock,
  fold: FoldBlock,
  group: GroupBlock,
  beside: BesideBlock,
  go: GoBlock,
  picture: FigureBlock,
};
