// A part of the page as a drawing: boxes, words and lines where they stand. For what is laid out by the browser and not
// drawn of a figure.

import { shape } from "./nodes.js";
import { FONT, lighter, page, written } from "./save.js";

/** @import { Drawing } from "./save.js" */

const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

/**
 * Nodes of a view below each other, in light colours.
 * @param {any} view
 * @param {HTMLElement[]} nodes
 * @returns {Drawing}
 */
export function sketched(view, nodes) {
  const { root, data } = view;
  const before = root.getAttribute("style") ?? "";
  const colors = Object.entries(data.colors).map(([name, color]) => [`--s2s-${name}`, lighter(color)]);
  for (const [name, color] of [...Object.entries(page.data.paper), ...colors]) root.style.setProperty(name, color);
  root.style.fontFamily = FONT;
  const node = shape("g");
  let [width, height] = [0, 0];
  for (const part of nodes) {
    const home = part.getBoundingClientRect();
    const group = node.appendChild(shape("g"));
    group.setAttribute("transform", `translate(0, ${height})`);
    draw(part, group, { x: home.left, y: home.top });
    width = Math.max(width, part.scrollWidth, home.width);
    height += Math.max(home.height, part.scrollHeight) + 8;
  }
  root.setAttribute("style", before);
  return { node, width: Math.ceil(width), height: Math.ceil(height), keys: [] };
}

/** @param {Element} node @param {SVGElement} group @param {{x: number, y: number}} home */
function draw(node, group, home) {
  const style = getComputedStyle(node);
  if (style.display === "none" || style.visibility === "hidden" || style.clipPath !== "none") return;
  if (node instanceof SVGSVGElement) return lines(node, group, home);
  const opacity = Number(style.opacity);
  const into = opacity < 1 ? group.appendChild(shape("g")) : group;
  if (opacity < 1) into.setAttribute("opacity", String(opacity));
  frame(node, style, into, home);
  for (const child of node.childNodes) {
    if (child instanceof Element) draw(child, into, home);
    else if (child instanceof Text && child.data.trim()) words(child, style, into, home);
  }
}

// A box: its ground, its sides, the ring around it, and the bar that a probability fills.
function frame(node, style, group, home) {
  const { left, top, width, height } = node.getBoundingClientRect();
  if (!width || !height) return;
  const [x, y] = [left - home.x, top - home.y];
  const box = (look) =>
    group.append(rect({ x, y, width, height, rx: parseFloat(style.borderTopLeftRadius) || 0, ...look }));
  if (opaque(style.backgroundColor)) box(fill(style.backgroundColor));
  const share = node.style?.getPropertyValue("--s2s-probability");
  if (share && node.matches(".s2s-candidate")) {
    const bar = fill(getComputedStyle(node).getPropertyValue("--s2s-target"));
    box({ ...bar, width: width * Number(share), "fill-opacity": 0.3 });
  }
  const ring = /^(.*) 0px 0px 0px ([\d.]+)px$/.exec(style.boxShadow);
  if (ring) {
    const half = Number(ring[2]) / 2;
    box({ x: x - half, y: y - half, width: width + 2 * half, height: height + 2 * half, ...stroke(ring[1], 2 * half) });
  }
  const sides = ["Top", "Right", "Bottom", "Left"].map((side) => ({
    width: style[`border${side}Style`] === "none" ? 0 : parseFloat(style[`border${side}Width`]),
    color: style[`border${side}Color`],
    dash: style[`border${side}Style`] === "dashed" ? "4 3" : "",
  }));
  const [above, right, below, beside] = sides;
  if (sides.every((side) => side.width > 0 && opaque(side.color))) {
    const half = above.width / 2;
    const inner = { x: x + half, y: y + half, width: width - 2 * half, height: height - 2 * half };
    box({ ...inner, ...stroke(above.color, above.width), "stroke-dasharray": above.dash });
    if (beside.width > above.width) box({ width: beside.width, ...fill(beside.color) });
    return;
  }
  /** @type {[{width: number, color: string}, object][]} */
  const lines = [
    [above, { height: above.width }],
    [below, { y: y + height - below.width, height: below.width }],
    [beside, { width: beside.width }],
    [right, { x: x + width - right.width, width: right.width }],
  ];
  for (const [side, line] of lines) {
    if (side.width > 0 && opaque(side.color)) box({ rx: 0, ...line, ...fill(side.color) });
  }
}

// Words as they are broken into lines; what does not fit ends in dots, as on the page.
function words(text, style, group, home) {
  const range = document.createRange();
  const found = [];
  for (const { index, 0: word } of text.data.matchAll(/\S+\s*/g)) {
    range.setStart(text, index);
    range.setEnd(text, index + word.trimEnd().length);
    const box = range.getBoundingClientRect();
    const line = found.at(-1);
    if (line && Math.abs(line.top - box.top) < box.height / 2) {
      line.text += word;
      line.right = box.right;
    } else found.push({ text: word, top: box.top, left: box.left, right: box.right });
  }
  const size = parseFloat(style.fontSize);
  pen.font = `${style.fontWeight} ${size}px ${FONT}`;
  const { fontBoundingBoxAscent: ascent } = pen.measureText("x");
  const edge = text.parentElement.getBoundingClientRect();
  const isCut = style.textOverflow === "ellipsis" && text.parentElement.scrollWidth > Math.ceil(edge.width);
  for (const { text: line, top, left, right } of found) {
    const shown = isCut ? shortened(line.trim(), edge.right - left) : line.trim();
    const isCentred = style.textAlign === "center" && !isCut;
    const x = isCentred ? (left + right) / 2 : left;
    const node = written(
      shown,
      x - home.x,
      top - home.y + ascent,
      size,
      "",
      style.fontWeight,
      isCentred ? "middle" : "start",
    );
    for (const [name, value] of Object.entries(fill(style.color))) node.setAttribute(name, String(value));
    group.append(node);
    const decoration = style.textDecorationLine;
    if (decoration === "none") continue;
    const y = top - home.y + ascent + (decoration.includes("line-through") ? -0.3 * size : 0.15 * size);
    const thick = parseFloat(style.textDecorationThickness) || 1;
    group.append(rect({ x: left - home.x, y, width: right - left, height: thick, ...fill(style.textDecorationColor) }));
  }
}

function shortened(text, room) {
  if (pen.measureText(text).width <= room) return text;
  let end = text.length;
  while (end > 0 && pen.measureText(`${text.slice(0, end)}…`).width > room) end--;
  return `${text.slice(0, end)}…`;
}

// A drawing inside.
function lines(svg, group, home) {
  const at = svg.getBoundingClientRect();
  for (const path of svg.querySelectorAll("path")) {
    const { stroke: color, strokeWidth, strokeDasharray, opacity, fill: ground } = getComputedStyle(path);
    const copy = shape("path");
    const look = {
      ...stroke(color, parseFloat(strokeWidth)),
      "stroke-dasharray": strokeDasharray.replaceAll("px", ""),
    };
    const parts = { d: path.getAttribute("d"), ...look, ...(ground === "none" ? {} : fill(ground)), opacity };
    for (const [name, value] of Object.entries(parts)) copy.setAttribute(name, String(value));
    copy.setAttribute("transform", `translate(${at.left - home.x}, ${at.top - home.y})`);
    group.append(copy);
  }
}

function rect(parts) {
  const node = shape("rect");
  for (const [name, value] of Object.entries(parts)) if (value !== "") node.setAttribute(name, String(value));
  return node;
}

// Colours as every program reads them; the browser computes mixtures in a way of its own.

function fill(color) {
  const [plain, alpha] = plainly(color);
  return { fill: plain, "fill-opacity": alpha };
}

function stroke(color, width) {
  const [plain, alpha] = plainly(color);
  return { fill: "none", stroke: plain, "stroke-opacity": alpha, "stroke-width": width };
}

function opaque(color) {
  return plainly(color)[1] > 0;
}

/** @returns {[string, number]} */
function plainly(color) {
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = color;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
  return [`rgb(${red}, ${green}, ${blue})`, Math.round((100 * alpha) / 255) / 100];
}
