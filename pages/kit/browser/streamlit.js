// What Streamlit says by itself, in English: on the page in the reader's language, wherever and whenever it appears.

const ATTRIBUTES = ["aria-label", "title", "placeholder"];
const ASKED = { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES };
const OWN = ".s2s-view, .s2s-sentence, script, style"; // what the app says itself

/** @typedef {[RegExp, string]} Rule */

/** @type {Rule[]} */
let rules = [];
let said = ""; // the words that the rules are of
/** @type {MutationObserver | null} */
let watching = null;

/** @param {Record<string, string>} words by what Streamlit says, {what} for what it fills in */
export function speak(words) {
  if (JSON.stringify(words) === said) return;
  said = JSON.stringify(words);
  rules = rulesOf(words);
  watching?.disconnect();
  if (!rules.length) return;
  watching ??= new MutationObserver(heard);
  within(document.body);
  watching.observe(document.body, ASKED);
}

/** @param {Record<string, string>} words @returns {Rule[]} */
export function rulesOf(words) {
  return Object.entries(words).map(([english, text]) => {
    const pattern = english.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace("{what}", "(.+)");
    return [new RegExp(`^\\s*${pattern}\\s*$`, "s"), text.replace(/\$/g, "$$$$").replace("{what}", "$1")];
  });
}

/** The same in the reader's language; null for what Streamlit does not say. @param {string} text @param {Rule[]} all */
export function translated(text, all) {
  const rule = all.find(([pattern]) => pattern.test(text));
  return rule ? text.replace(...rule) : null;
}

/** @param {MutationRecord[]} records */
function heard(records) {
  for (const { target, type, addedNodes, attributeName } of records) {
    if (type === "characterData") inText(target);
    else if (type === "attributes") inAttribute(/** @type {Element} */ (target), attributeName);
    else addedNodes.forEach(within);
  }
}

/** @param {Node} node */
function within(node) {
  if (node.nodeType === Node.TEXT_NODE) return inText(node);
  if (!(node instanceof Element) || node.closest(OWN)) return;
  for (const name of ATTRIBUTES) inAttribute(node, name);
  node.childNodes.forEach(within);
}

/** @param {Node} node */
function inText(node) {
  if (node.parentElement?.closest(OWN)) return;
  const text = translated(node.nodeValue, rules);
  if (text !== null) node.nodeValue = text;
}

/** @param {Element} node */
function inAttribute(node, name) {
  const text = node.hasAttribute(name) && !node.closest(OWN) ? translated(node.getAttribute(name), rules) : null;
  if (text !== null) node.setAttribute(name, text);
}
