// Views that a teacher keeps for a lesson: where they are, collected in this browser until a lesson is made of them.

/** @typedef {{page: string, view: Record<string, string[]>, sentence: string, title: string}} Kept */

const KEY = "s2s-kept-views";
const MOST = 60; // as in pages/kit/lesson.py
const READERS = ["lang", "size", "text", "lesson", "at", "present", "theme"]; // no part of a view; as there

/** @returns {Kept[]} */
export function keptViews() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter(isKept).slice(-MOST) : [];
  } catch {
    return [];
  }
}

function isKept(one) {
  const isText = (value) => typeof value === "string";
  return one && isText(one.page) && isText(one.sentence) && isText(one.title) && one.view &&
    Object.values(one.view).every((codes) => Array.isArray(codes) && codes.every(isText));
}

/** Keep what the page shows. @param {URL} url @param {string} title of the page */
export function keepView(url, title) {
  localStorage.setItem(KEY, JSON.stringify([...keptViews(), viewOf(url, title)].slice(-MOST)));
}

export function forgetViews() {
  localStorage.removeItem(KEY);
}

/** @param {URL} url @param {string} title @returns {Kept} */
export function viewOf(url, title) {
  const names = [...new Set(url.searchParams.keys())].filter((name) => !READERS.includes(name));
  return {
    page: url.pathname.split("/").filter(Boolean).at(-1) ?? "",
    view: Object.fromEntries(names.map((name) => [name, url.searchParams.getAll(name)])),
    sentence: url.searchParams.get("text") ?? "",
    title,
  };
}
