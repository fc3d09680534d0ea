// A page that was saved as a file: what page-file.js put in, drawn. Nothing is asked of anybody.

import { element } from "./nodes.js";
import { readPin } from "./pin.js";
import { page } from "./save.js";
import { tableOf } from "./table.js";
import { show } from "./view.js";

const TAGS = { heading: "h2", text: "p", note: "p", item: "p" };
const content = JSON.parse(document.getElementById("page").textContent);
if (content) write(content);

function write({ outside, models, sentence, blocks }) {
  page.data = outside;
  const { title, language, made, labels, paper } = outside;
  const { documentElement: root, body } = document;
  root.lang = language;
  for (const [name, color] of Object.entries(paper)) root.style.setProperty(name, /** @type {string} */ (color));
  document.title = [sentence, title, made].filter(Boolean).join(" · ");
  const head = body.appendChild(element("header", "s2s-file-head"));
  head.append(element("h1", "", title));
  const facts = [[labels.sentence, sentence], [models.length > 1 ? labels.models : labels.model, models.join(", ")]];
  for (const [name, value] of facts) if (value) head.append(fact(name, value));
  head.append(element("p", "s2s-file-note", labels.offline));
  const main = body.appendChild(element("main"));
  for (const block of blocks) {
    if (block.kind === "view") drawView(main.appendChild(element("div")), block);
    else if (block.kind === "table") main.append(table(block.rows));
    else main.append(element(TAGS[block.kind], `s2s-file-${block.kind}`, block.text));
  }
}

function fact(name, value) {
  const line = element("p");
  line.append(element("span", "", `${name}: `), element("b", "", value));
  return line;
}

function table([head, ...rows]) {
  const box = element("div", "s2s-file-table s2s-plain");
  box.append(tableOf(head, rows));
  return box;
}

// Nobody hears what is chosen, so what would ask Python does nothing.
function drawView(parent, { data, pin }) {
  const view = show(parent, data, { state: null, trigger: () => {} });
  view.root.classList.add("s2s-kept");
  if (pin.length) view.setPin(readPin(pin));
}
