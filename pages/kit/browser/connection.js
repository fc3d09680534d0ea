// Whether the server can be reached. Streamlit says it of its app, and tells no component.

const STATE = "data-test-connection-state";

/**
 * Call `again` each time the server can be reached again, as long as `node` is on the page.
 * @param {Node} node
 * @param {() => void} again
 */
export function whenConnectedAgain(node, again) {
  const observer = new MutationObserver((changes) => {
    if (!node.isConnected) observer.disconnect();
    else if (changes.some(({ target }) => /** @type {Element} */ (target).getAttribute(STATE) === "CONNECTED")) again();
  });
  observer.observe(document.body, { subtree: true, attributeFilter: [STATE] });
}
