// The address says what the page shows (pages/kit/choices.py): written in place, without entries in the history,
// and only the named parts of it, so that others can write theirs.

export default function ({ data }) {
  const url = new URL(window.location.href);
  for (const [key, codes] of Object.entries(data.codes)) {
    url.searchParams.delete(key);
    for (const code of codes) url.searchParams.append(key, code);
  }
  if (url.href !== window.location.href) history.replaceState(history.state, "", url);
}
