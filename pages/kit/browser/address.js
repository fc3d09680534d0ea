// The address says what the page shows: written in place, without entries in the history.
//
// The first change at once, those that follow soon after it together: browsers allow so many writes and no more (Safari
// a hundred in half a minute, then it throws). Whatever a browser says of it, the page goes on. Each component names its
// own part of the address, and no other.

const APART = 900; // milliseconds between two writes of one component

const wanted = new Map(); // parameter -> its values, none to leave it out
let page = null; // whose parameters these are
let timer = null;
let written = -Infinity;

// `parts`: values by parameter.
export function writeAddress(parts) {
  if (window.location.protocol === "file:") return; // a page that was saved
  if (page !== window.location.pathname) wanted.clear(); // the reader went on before it was written
  page = window.location.pathname;
  for (const [parameter, values] of Object.entries(parts)) wanted.set(parameter, values);
  const wait = written + APART - performance.now();
  if (wait <= 0) write();
  else timer ??= setTimeout(write, wait);
}

// Leave the address to whoever opens another one now.
export function dropChanges() {
  clearTimeout(timer);
  timer = null;
  wanted.clear();
}

// The address with all that is still to be written.
export function address() {
  const url = new URL(window.location.href);
  for (const [parameter, values] of page === window.location.pathname ? wanted : []) {
    url.searchParams.delete(parameter);
    for (const value of values) url.searchParams.append(parameter, value);
  }
  return url;
}

function write() {
  clearTimeout(timer);
  timer = null;
  if (page !== window.location.pathname) wanted.clear();
  const url = address();
  if (url.href === window.location.href) return wanted.clear();
  written = performance.now();
  try {
    history.replaceState(history.state, "", url);
    wanted.clear();
  } catch {
    timer = setTimeout(write, 10 * APART); // too often after all: nobody waits for it
  }
}

// Who leaves takes along what is not written yet.
window.addEventListener("pagehide", () => wanted.size && write());
