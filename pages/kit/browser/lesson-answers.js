// What a reader answered in a lesson, and the score. It is kept in this browser alone: nobody else hears of it.

/** @typedef {{key: string, given: string | null, right: boolean, text: string}} Answer
 * `given` is null where the answer was revealed before any was given */
/** @typedef {Record<string, Answer>} Answers by step, from 1 */

const PREFIX = "s2s-answers ";
const MOST = 50; // lessons that are remembered

/** @param {string} lesson @returns {Answers} */
export function readAnswers(lesson) {
  try {
    return checked(JSON.parse(localStorage.getItem(PREFIX + lesson) ?? "{}"));
  } catch {
    return {};
  }
}

// Whatever stands there is looked at before it is believed.
/** @param {unknown} found @returns {Answers} */
export function checked(found) {
  const entries = found && typeof found === "object" ? Object.entries(found) : [];
  const isOne = (one) =>
    one && typeof one.key === "string" && typeof one.right === "boolean" && typeof one.text === "string" &&
    (one.given === null || typeof one.given === "string");
  return Object.fromEntries(entries.filter(([at, one]) => /^\d{1,3}$/.test(at) && isOne(one)));
}

/** @param {string} lesson @param {number} at @param {Answer | null} answer */
export function keepAnswer(lesson, at, answer) {
  const answers = readAnswers(lesson);
  if (answer) answers[at] = answer;
  else delete answers[at];
  try {
    localStorage.setItem(PREFIX + lesson, JSON.stringify(answers));
    forgetOld(PREFIX + lesson);
  } catch {
    // A browser that keeps nothing: the lesson goes on without.
  }
}

/** @param {string} lesson */
export function forgetAnswers(lesson) {
  localStorage.removeItem(PREFIX + lesson);
}

function forgetOld(spared) {
  const kept = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX) && key !== spared);
  for (const key of kept.slice(MOST)) localStorage.removeItem(key);
}

/** How many are right of the steps that ask. @param {Answers} answers @param {number[]} questions */
export function score(answers, questions) {
  return questions.filter((at) => answers[at]?.right).length;
}

/** Whether an answer is right. @param {{right: string[], near: number}} quiz @param {string} given */
export function isRight({ right, near }, given) {
  const said = plain(given);
  if (right.some((one) => plain(one) === said)) return true;
  const number = Number(said.replace(",", "."));
  return said !== "" && right.some((one) => Math.abs(Number(one) - number) <= near + 1e-9);
}

// A word as one may write it.
function plain(text) {
  return text.normalize("NFC").trim().toLowerCase().replaceAll("’", "'").replace(/^[·"'“”]+|["'“”.]+$/g, "");
}
