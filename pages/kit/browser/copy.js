// What is copied from a page is text that other programs read: words with the spaces that are drawn between them, and
// numbers with the hyphen that is a minus there.

// `words` selects rows of words, each an element of its own; one of the class s2s-spaced has a space behind it.
export function copyAsText(root, words = "") {
  root.addEventListener("copy", (event) => {
    const selection = document.getSelection();
    if (selection.isCollapsed || event.target.closest?.("input")) return;
    const rows = words ? [...root.querySelectorAll(words)] : [];
    const text = rows.reduce((text, row) => inOneLine(text, row, selection), selection.toString());
    event.clipboardData.setData("text/plain", text.replace(/−(?=\d)/g, "-"));
    event.preventDefault();
  });
}

// The browser puts each word of a row on a line of its own.
function inOneLine(text, row, selection) {
  const chosen = [...row.children].filter((word) => word.textContent && selection.containsNode(word, true));
  const line = chosen.map((word) => word.textContent + (word.matches(".s2s-spaced") ? " " : "")).join("");
  return text.replace(chosen.map((word) => word.textContent).join("\n"), () => line.trim());
}
