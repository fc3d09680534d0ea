// What of a field is sent to the page, and what of it a link can hold.

// Characters of a whole address, as it is written: proxies refuse longer ones than some 8,000, and what follows the
// sentence has to fit, too.
export const LONGEST = 6000;

// Text as the page reads it: no half of a surrogate pair alone, and enough of a long one to show that more than `limit`
// characters stand there, whichever way they are counted.
export function sendable(text, limit) {
  return text.slice(0, 2 * (limit + 1)).toWellFormed();
}

// Whether the address with these values in it stays short enough.
export function fits(url, parameter, values) {
  if (values.some((value) => value.length > LONGEST)) return false;
  const longer = new URL(url);
  longer.searchParams.delete(parameter);
  for (const value of values) longer.searchParams.append(parameter, value);
  return longer.href.length <= LONGEST;
}
