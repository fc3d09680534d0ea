// A picture on its way out of the app: as a drawing, as an image, as numbers; into a file or into the clipboard.
//
// What leaves is light, whatever the theme, in a font that every machine has, and says what it is: title, sentence, model
// and scale. Colours are exchanged by the table that Python sends; numbers are those that Python sent.

import { element, shape } from "./nodes.js";
import { brief, digits } from "./numbers.js";
import { CONFIG } from "./plotly.js";

/** @import { Picture } from "./picture.js" */
/** @import { Origin, Outside } from "./wire.js" */
/** @typedef {{head: string[], rows: (string | number | null)[][]}} Sheet */
/** @typedef {{title: string, low: string, high: string, colors?: string[], thick?: number}} Key
 * the meaning of colours, or of how thick a ribbon is */
/** @typedef {{node: SVGElement, width: number, height: number, keys: Key[]}} Drawing */
/**
 * A picture as it leaves.
 * @typedef {{
 *   name: string, title: string, result: string, spoken: string, note?: string, origin: Origin,
 *   draw: (Plotly: any) => Drawing, sheet: () => Sheet, record: () => object,
 * }} Leaving `result` is what came of the sentence, "" for nothing; `note` what its marks mean
 */

export const FONT =
  'Arial, "Helvetica Neue", Helvetica, "Noto Sans CJK KR", "Noto Sans KR", "Malgun Gothic", "Apple SD Gothic Neo", sans-serif';
const ROOM = 900; // pixels that a picture may take
const LEAST = 420; // width of what leaves, for the words above the picture
const EDGE = 16;
const RAMP = { width: 120, height: 10 };
const KEY = 12; // size of the words of a key
const SCALE = 2; // of images
const TEXTS = new Set(["ticktext", "text"]); // of a figure; colours in them are what somebody typed
// But for words in a colour of their own: what was typed is escaped.
const SPAN = /(<span style=["'][^"'<]*color:)(#[0-9a-f]{6})/g;
const pen = document.createElement("canvas").getContext("2d");

/** What Python says of the page. @type {{data: Outside | null}} */
export const page = { data: null };

// Colours

/** A colour of the page's theme as the light one has it. @param {string} color */
export function lighter(color) {
  const { light = {} } = page.data ?? {};
  if (light[color]) return light[color];
  const parts = /^rgba\((\d+), (\d+), (\d+), ([\d.]+)\)$/.exec(color);
  const into = parts &&
    light[`#${parts.slice(1, 4).map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`];
  if (!into) return color;
  const channels = [1, 3, 5].map((i) => parseInt(into.slice(i, i + 2), 16));
  return `rgba(${channels.join(", ")}, ${parts[4]})`;
}

/** The same in the colours of the light theme: a figure or a part of it. @param {any} value @returns {any} */
export function recoloured(value) {
  if (typeof value === "string") return lighter(value);
  if (Array.isArray(value)) return value.map(recoloured);
  if (!value || typeof value !== "object") return value;
  const changed = ([key, part]) => [key, TEXTS.has(key) ? renamed(part) : recoloured(part)];
  return Object.fromEntries(Object.entries(value).map(changed));
}

function renamed(text) {
  if (Array.isArray(text)) return text.map(renamed);
  return typeof text === "string" ? text.replace(SPAN, (_, before, color) => before + lighter(color)) : text;
}

// Drawings

/**
 * A figure drawn anew. `marked` gives what is outlined in it, as nodes.
 * @param {Picture} picture
 * @param {(picture: Picture) => SVGElement[]} marked
 * @param {string} title of its scale
 * @returns {Drawing}
 */
export function drawn(Plotly, picture, marked, title) {
  const figure = recoloured(JSON.parse(picture.text));
  const keys = keysOf(picture, figure, title);
  if (figure.data[0]?.showscale) {
    // The scale is below, with its name.
    figure.data[0].showscale = false;
    figure.layout.height -= figure.layout.margin.b - EDGE;
    figure.layout.margin.b = EDGE;
  }
  const { layout, size, box } = picture.arranged(figure, ROOM, FONT);
  const stage = document.body.appendChild(element("div"));
  stage.style.cssText = "position: fixed; left: -9999px; top: 0";
  const done = Plotly.newPlot(stage, figure.data, layout, CONFIG); // drawn by now, but not yet put away
  const node = shape("g");
  for (const svg of stage.querySelectorAll(".main-svg")) {
    node.append(...[...svg.childNodes].map((child) => child.cloneNode(true)));
  }
  done.finally(() => {
    Plotly.purge(stage);
    stage.remove();
  });
  for (const image of node.querySelectorAll("image")) image.style.imageRendering = "pixelated"; // cells keep their edges
  node.append(...marked(Object.assign(Object.create(picture), { figure, box })));
  return { node, width: size.width, height: size.height, keys };
}

/** An outline, or a filled one. */
export function outline(d, { stroke = "none", width = 2, fill = "none" }) {
  return write(shape("path"), { d, stroke, fill, "stroke-width": width });
}

/** @param {Picture} picture @returns {Key[]} */
function keysOf({ meta, kind }, { data }, title) {
  if (kind.limits) {
    const colors = data[0].colorscale.map(([, color]) => color);
    const limits = [...new Set(data.map((trace) => trace.zmax))].map(brief);
    return limits.map((limit) => ({ title: "", low: `−${limit}`, high: limit, colors }));
  }
  if (meta.full) return [{ title, low: "", high: "1", thick: meta.full }];
  if (!data[0]?.colorscale) return []; // its axes have numbers
  const { zmin, zmax, colorbar, colorscale } = data[0];
  const [low, high] = colorbar?.ticktext ?? [digits(zmin), digits(zmax)];
  return [{ title, low, high, colors: colorscale.map(([, color]) => color) }];
}

/**
 * A picture with all that it says of itself, as an SVG; without its head where that stands above it already.
 * @param {Leaving} leaving
 * @param {boolean} hasHead
 */
export function composed(Plotly, leaving, hasHead = true) {
  const { language, paper } = page.data;
  const { node, width, height, keys } = leaving.draw(Plotly);
  const edge = hasHead ? EDGE : 0;
  const whole = Math.max(width, hasHead ? LEAST : 0) + 2 * edge;
  const root = shape("svg");
  root.appendChild(shape("title")).textContent = [leaving.title, leaving.origin.sentence].filter(Boolean).join(": ");
  root.appendChild(shape("desc")).textContent = leaving.spoken;
  const ground = root.appendChild(shape("rect"));
  let y = edge;
  if (hasHead) {
    const { lines, bottom } = headOf(leaving, edge, y, whole - 2 * edge);
    root.append(...lines);
    y = bottom + edge;
  }
  node.setAttribute("transform", `translate(${edge}, ${y})`);
  root.append(node);
  y += height;
  for (const key of keys) {
    root.append(...keyed(key, edge, y + 14));
    y += 22;
  }
  const tall = Math.ceil(y + edge);
  const sizes = { width: whole, height: tall, viewBox: `0 0 ${whole} ${tall}`, role: "img", lang: language };
  write(root, { ...sizes, "font-family": FONT });
  root.setAttributeNS("http://www.w3.org/2000/xmlns/", "xmlns:xlink", "http://www.w3.org/1999/xlink");
  write(ground, { width: "100%", height: "100%", fill: paper["--st-background-color"] });
  return { root, width: whole, height: tall };
}

// Title; sentence and what came of it; models, and what all this was made by.
/** @param {Leaving} leaving */
function headOf({ title, result, note, origin }, x, y, room) {
  const { labels, made, paper } = page.data;
  const [ink, muted] = [paper["--st-text-color"], paper["--s2s-muted"]];
  const { sentence, models } = origin;
  const named = models.length ? `${models.length > 1 ? labels.models : labels.model}: ${models.join(", ")}` : "";
  const lines = [];
  const add = (text, size, weight, color) => {
    for (const line of wrapped(text, `${weight} ${size}px ${FONT}`, room)) {
      y += 1.35 * size;
      lines.push(written(line, x, y, size, color, weight));
    }
  };
  add(title, 17, "bold", ink);
  add([sentence, result].filter(Boolean).join(" → "), 14, "normal", ink);
  add(note, 13, "normal", ink);
  add([named, made].filter(Boolean).join(" · "), 12, "normal", muted);
  return { lines, bottom: y };
}

function write(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  return node;
}

/** A line of text in a drawing. */
export function written(text, x, y, size, color, weight = "normal", anchor = "start") {
  const node = shape("text");
  node.textContent = text;
  const look = { "font-size": size, "font-weight": weight, "font-family": FONT, fill: color, "text-anchor": anchor };
  return write(node, { x, y, ...look });
}

let gradients = 0; // made so far: each has a name of its own, also where several drawings stand on one page

/** @param {Key} key */
function keyed({ title, low, high, colors, thick }, x, y) {
  const { "--s2s-muted": muted, "--s2s-grid": grid } = page.data.paper;
  const nodes = [];
  const say = (text) => {
    if (!text) return;
    nodes.push(written(text, x, y, KEY, muted));
    pen.font = `${KEY}px ${FONT}`;
    x += pen.measureText(text).width + 8;
  };
  say(title);
  say(low);
  const box = { x, width: RAMP.width, y: y - 9, height: RAMP.height, fill: muted };
  if (colors) {
    const gradient = shape("linearGradient");
    gradient.id = `s2s-scale-${Date.now().toString(36)}-${gradients++}`;
    colors.forEach((color, i) => {
      write(gradient.appendChild(shape("stop")), { offset: i / (colors.length - 1), "stop-color": color });
    });
    nodes.push(gradient);
    Object.assign(box, { fill: `url(#${gradient.id})`, stroke: grid });
  } else Object.assign(box, { width: RAMP.width / 3, y: y - 4 - thick / 2, height: thick });
  nodes.push(write(shape("rect"), box));
  x += box.width + 8;
  say(high);
  return nodes;
}

/** @param {string} text @param {number} room @returns {string[]} */
function wrapped(text, font, room) {
  if (!text) return [];
  pen.font = font;
  const lines = [""];
  for (const word of text.split(/(?<=\s)/)) {
    if (lines.at(-1) && pen.measureText(lines.at(-1) + word.trimEnd()).width > room) lines.push("");
    lines[lines.length - 1] += word;
  }
  return lines.map((line) => line.trim());
}

/** @param {Leaving} leaving */
export function svgOf(Plotly, leaving) {
  const { root, width, height } = composed(Plotly, leaving);
  return { text: new XMLSerializer().serializeToString(root), width, height };
}

/** @param {Leaving} leaving @returns {Promise<Blob>} */
export async function pngOf(Plotly, leaving) {
  const { text, width, height } = svgOf(Plotly, leaving);
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [SCALE * width, SCALE * height];
  const ink = canvas.getContext("2d");
  ink.imageSmoothingEnabled = false;
  ink.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => blob ? resolve(blob) : reject(new Error("png"))));
}

// Numbers

/** A number as programs read it, with all its digits. @param {string | number | null} value */
export function plain(value) {
  if (typeof value === "string") return value.replace(/−(?=\d)/g, "-");
  if (value === null || Number.isNaN(value)) return "";
  return Math.fround(value) === value ? digits(value).replace("−", "-") : String(value);
}

/** @param {Sheet} sheet */
export function csvOf({ head, rows }) {
  const quoted = (text) => /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return [head, ...rows].map((row) => row.map((cell) => quoted(plain(cell))).join(",")).join("\r\n") + "\r\n";
}

/** @param {Leaving} leaving */
export function jsonOf({ title, origin, result, record }) {
  const { title: where, made, language } = page.data;
  const { models, sentence } = origin;
  const told = { title, sentence: sentence || null, result: result || null, models, page: where, language, made };
  const exact = (_key, value) => typeof value === "number" ? Number(plain(value)) : value;
  return JSON.stringify({ ...told, ...record() }, exact);
}

/** @param {Sheet} sheet */
function tableOf({ head, rows }) {
  const text = [head, ...rows].map((row) => row.map((cell) => plain(cell).replace(/\s/g, " ")).join("\t")).join("\n");
  const table = element("table");
  for (const row of [head, ...rows]) {
    const line = table.appendChild(element("tr"));
    for (const cell of row) line.append(element(row === head ? "th" : "td", "", plain(cell)));
  }
  return { text, html: table.outerHTML };
}

// Into files and into the clipboard

/** @param {string | Blob} content */
export function download(name, type, content) {
  const link = element("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** @param {Sheet} sheet */
export function copyTable(sheet) {
  const { text, html } = tableOf(sheet);
  return copyText(text, html);
}

/** Rejected where the browser lets no page copy images. @param {Promise<Blob>} image */
export function copyImage(image) {
  if (!navigator.clipboard?.write || typeof ClipboardItem === "undefined") {
    return Promise.reject(new Error("clipboard"));
  }
  return navigator.clipboard.write([new ClipboardItem({ "image/png": image })]);
}

/** Rejected where the browser lets no page copy. */
export async function copyText(text, html = "") {
  const { clipboard } = navigator;
  try {
    if (html && typeof ClipboardItem !== "undefined") {
      const parts = { "text/plain": text, "text/html": html };
      const blobs = Object.entries(parts).map(([type, part]) => [type, new Blob([part], { type })]);
      return await clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    }
    return await clipboard.writeText(text);
  } catch {
    if (!copiedByEvent(text, html)) throw new Error("clipboard");
  }
}

// The older way is open to pages whose address is not secure, too: those of a class.
function copiedByEvent(text, html) {
  let isDone = false;
  const field = document.body.appendChild(element("textarea")); // nothing is copied where nothing is selected
  const { activeElement } = document;
  field.value = text;
  field.style.cssText = "position: fixed; opacity: 0";
  field.select();
  const hand = (event) => {
    event.clipboardData.setData("text/plain", text);
    if (html) event.clipboardData.setData("text/html", html);
    event.preventDefault();
    event.stopImmediatePropagation();
    isDone = true;
  };
  document.addEventListener("copy", hand, { capture: true, once: true });
  document.execCommand("copy");
  document.removeEventListener("copy", hand, { capture: true });
  field.remove();
  /** @type {HTMLElement} */ (activeElement)?.focus({ preventScroll: true });
  return isDone;
}
