// A page as one HTML file: its words, and its views with all that they answer by themselves. Python has the file with
// every script in it (pages/kit/export.py); what the page shows is put in.

import { page, recoloured } from "./save.js";

/** @import { Owner } from "./menu.js" */
/** @typedef {{kind: "heading" | "text" | "note" | "item", text: string}} Line */
/** @typedef {{kind: "table", rows: string[][]}} Table */
/** @typedef {{kind: "view", data: any, pin: string[]}} View */
/** @typedef {Line | Table | View} Block what stands on the page, in its order */

// What Streamlit calls what it shows. The innermost is taken; what one chooses with is left out.
const SHOWN = ".s2s-view, h1, h2, h3, [data-testid=stMarkdownContainer] p, [data-testid=stMarkdownContainer] li, " +
  "[data-testid=stText], [data-testid=stTable] table, [data-testid=stHtml] p, [data-testid=stHtml] li";
const CHOSEN_WITH =
  ".st-key-frame, [class*=st-key-switches], [data-testid=stExpander], [data-testid=stWidgetLabel], button, " +
  "label, [data-testid=stFileUploader], [data-testid=stProgress]";
const VIEW = ".s2s-view";
const SLOT = '<script type="application/json" id="page">null</script>';

/** The models that the pictures of the page are of, and the sentence. @param {Owner[]} owners */
export function aboutPage(owners) {
  const origins = owners.map((owner) => owner.leaving()?.origin);
  return {
    models: [...new Set(origins.flatMap((origin) => origin?.models ?? []))],
    sentence: origins.find((origin) => origin?.sentence)?.sentence ?? "",
  };
}

/** @param {Owner[]} owners */
export async function pageAsFile(owners) {
  const root = document.querySelector("[data-testid=stMainBlockContainer]");
  const answer = await fetch(new URL(page.data.shell, appAddress()));
  if (!answer.ok) throw new Error("shell");
  const outside = { ...page.data, light: {}, words: {}, shell: "", skip: "" };
  const content = { outside, ...aboutPage(owners), blocks: [...root.querySelectorAll(SHOWN)].flatMap(block) };
  const text = JSON.stringify(content).replaceAll("<", "\\u003c");
  return (await answer.text()).replace(SLOT, () => SLOT.replace("null", () => text));
}

// Where the app is: this script is served from a folder of it.
function appAddress() {
  return import.meta.url.replace(/_stcore\/.*$/, "");
}

/** @param {any} node @returns {Block[]} */
function block(node) {
  if (node.matches(VIEW)) return view(node.view);
  if (node.closest(`${VIEW}, ${CHOSEN_WITH}`) || node.offsetParent === null) return [];
  if (node.matches("table")) {
    return [{ kind: "table", rows: [...node.rows].map((row) => [...row.cells].map(written)) }];
  }
  const text = written(node);
  const kind = node.matches("h1, h2, h3")
    ? "heading"
    : node.matches("li")
    ? "item"
    : node.closest("[data-testid=stCaptionContainer]")
    ? "note"
    : "text";
  return text && !node.querySelector("li, p") ? [{ kind, text }] : [];
}

function written(node) {
  return node.innerText.trim();
}

/** @returns {View[]} */
function view({ data, pinned }) {
  if (!data?.colors || ["lesson", "maker"].includes(data.view)) return [];
  const { colors, ramp, legends, panels, columns } = data;
  const into = (panel) => ({ ...panel, figure: light(panel.figure) });
  const changed = { ...data, colors: recoloured(colors) };
  if (ramp) changed.ramp = recoloured(ramp);
  if (legends) changed.legends = legends.map((legend) => ({ ...legend, colors: recoloured(legend.colors) }));
  if (data.figure) changed.figure = light(data.figure);
  if (panels) changed.panels = panels.map(into);
  if (columns) changed.columns = inBlocks(columns);
  return [{ kind: "view", data: changed, pin: pinned ?? [] }];
}

function light(figure) {
  return figure && JSON.stringify(recoloured(JSON.parse(figure)));
}

// Figures stand in blocks of blocks.
function inBlocks(value) {
  if (Array.isArray(value)) return value.map(inBlocks);
  if (!value || typeof value !== "object") return value;
  const changed = ([key, part]) => [key, key === "figure" ? light(part) : inBlocks(part)];
  return Object.fromEntries(Object.entries(value).map(changed));
}
