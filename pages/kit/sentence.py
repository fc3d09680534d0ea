"""The sentence bar: the field that answers while typing, and examples to click. The same on every page.

`st.session_state.text` is the sentence, on every page and in the link. Where a page needs a translation to
go with it, `reference_bar` stands under it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

import streamlit as st

from pages.kit.bank import bank, banked, meaning, names
from pages.kit.components import component, ignore
from pages.kit.examples import pairs
from pages.kit.state import keep
from pages.kit.strings import Strings
from pages.kit.tasks import View
from pages.kit.wire import sent
from s2s.catalog import Task
from s2s.languages import LANGUAGES, Languages
from s2s.text import SAME_AS, lower_capitals, normalise, well_formed

DEBOUNCE: Final = 80  # milliseconds; the pause in typing after which the sentence is sent
_LINE_BREAK: Final = re.compile(r"\s*[\r\n\u2028\u2029]\s*")
_TASK: Final = "sentence.task"  # in the session: what the sentence was for
_CHIPS: Final = 6  # examples under the field, as many as stand in a line; the sentence bank has the others
LIMIT: Final = 4000  # characters; what stands behind them is not read

# Read alike, or seen alike, or nearly so.
_ALIKE: Final = SAME_AS | str.maketrans(
    dict.fromkeys("‛‹›", "'") | dict.fromkeys("‟″", '"') | dict.fromkeys("‒―", "-")
)


def sentence_bar(say: Strings, *, has_bank: bool = False) -> str:
    """Draw the bar, with the sentence bank where the page has one; the sentence as typed, at most LIMIT
    characters of it."""
    state = st.session_state
    languages = say.languages[0]
    shown = tuple(pairs(languages))[:_CHIPS]
    examples = tuple((text, meaning(text, languages, say.language)) for text in shown)
    is_new = "text" not in state
    if is_new:
        state.text = _in_one_line(st.query_params.get("text", examples[0][0] if examples else ""))
    state.text = well_formed(state.text)
    letters = LANGUAGES[languages.source]
    drawn = component(
        "typing"
    )(
        key="typing",
        data={
            "text": state.text,  # looked at when the field appears, no more: it belongs to whoever types
            "version": state.get("text_version", 0),
            "pause": DEBOUNCE,
            "limit": LIMIT,
            "parameter": "text",
            "notInLink": say("sentence.not_in_link"),
            "examples": examples,
            "label": say("sentence.label"),
            "placeholder": say("sentence.placeholder"),
            "examplesLabel": say("sentence.examples"),
            "meaning": meaning(normalise(state.text[:LIMIT]).text, languages, say.language),
            "bank": _bank(say) if has_bank and bank(languages) else None,
            "language": alike(one.source for one in say.languages),
            "letters": {"keys": letters.keys, "cycles": [cycle.split() for cycle in letters.cycles]},
            "accents": {
                "label": say("sentence.accents"),
                "hint": say("sentence.accents_hint"),
                "help": say("sentence.accents_help"),
                "capitals": say("sentence.accents_capitals"),
            },
            "read": read_differently(state.text[:LIMIT]) or "",
            "readLabel": say("sentence.read_as"),
        },
        on_text_change=_typed,
        on_bank_change=ignore,
    )
    typed = drawn.get("text") if is_new else None
    if isinstance(typed, str) and well_formed(typed) != state.text:
        # The page was opened before this server was started, and the address lacks what was typed last, or
        # more than it can hold.
        state.text = well_formed(typed)
        st.rerun()
    return _cut(state.text, say)


def typed() -> str:
    """The sentence in the bar of the page, which is drawn by now."""
    text: str = st.session_state.text
    return text[:LIMIT]


def put(text: str) -> None:
    """Put a sentence in the place of what stands in the bar; its reference is looked up anew."""
    state = st.session_state
    state.text, state.text_version = well_formed(text), state.get("text_version", 0) + 1
    if "reference" in state:
        del state["reference"]


def follow_task(task: Task) -> None:
    """Keep a sentence that the networks of another task can read, too; else begin with their first example,
    as where the sentence is an example of what was chosen before."""
    state = st.session_state
    before: Task | None = state.get(_TASK)
    state[_TASK] = task
    if before is None or before == task or "text" not in state:
        return
    is_read = before.languages.source == task.languages.source
    if not is_read or state.text in pairs(before.languages):
        put(next(iter(pairs(task.languages)), ""))


def go_on(task: Task, text: str) -> None:
    """Choose a task, and take a sentence along to it."""
    keep(View, task=task.name)
    st.session_state[_TASK] = task
    put(text)


def reference_of(text: str, languages: Languages) -> str:
    """The translation that a reader wrote for a sentence, or that an example comes with; "" without."""
    written: Mapping[str, str] = st.session_state.get("reference_written", {})
    return written.get(text) or pairs(languages).get(text, "")


def _bank(say: Strings) -> dict[str, object]:
    """The sentence bank for the browser: its button, and its panel only while it is open."""
    is_open = bool(st.session_state.get("typing", {}).get("bank"))
    return {
        "label": say("bank.label"),
        "help": say("bank.help"),
        "panel": _panel(say) if is_open else None,
    }


def _panel(say: Strings) -> dict[str, object]:
    languages = say.languages[0]
    return {
        "search": say("bank.search"),
        "surprise": say("bank.surprise"),
        "close": say("bank.close"),
        "topicsLabel": say("bank.topics"),
        "all": say("bank.all"),
        "found": say("bank.found"),
        "nothing": say("bank.nothing"),
        "topics": names(languages, say),
        "sentences": sent(banked(languages, say.language)),
    }


def alike(codes: Iterable[str]) -> str:
    """The one language that all are in, as HTML's `lang` has it; "" for several, which says that none is
    known."""
    found = set(codes)
    return found.pop() if len(found) == 1 else ""


def read_differently(text: str) -> str | None:
    """What the models read, where a reader would see that it is not what was typed; otherwise None.

    Nobody misses a second space, a curly quotation mark or a long dash.
    """
    read = _read(text)
    return None if _seen(read) == _seen(text) else read


def _read(text: str) -> str:
    return lower_capitals(normalise(text).text)


def _seen(text: str) -> str:
    """The text without what makes no difference to the eye."""
    composed = unicodedata.normalize("NFC", text.translate(_ALIKE))
    return "".join(c for c in composed if unicodedata.category(c)[0] not in "ZC")


def reference_bar(text: str, say: Strings, *, color: str) -> str:
    """Draw the field of the reference translation; what stands there, at most LIMIT characters of it.

    An example comes with its reference. What a reader writes stays, also while the sentence is edited, and
    comes back with the sentence it was written for; only an example puts its own in its place.
    """
    state = st.session_state
    references = pairs(say.languages[0])
    is_new = "reference" not in state
    if is_new:
        state.reference_text = text
        state.reference = _in_one_line(st.query_params.get("reference", references.get(text, "")))
        state.reference_is_written = "reference" in st.query_params  # by a reader, here or who made the link
        state.reference_written = {text: state.reference} if state.reference_is_written else {}
        state.reference_version = state.get("reference_version", -1) + 1
    state.reference = well_formed(state.reference)
    if text != state.reference_text:
        _follow(text, references)
    drawn = component("typing")(
        key="reference_field",
        data={
            "text": state.reference,
            "version": state.reference_version,
            "pause": DEBOUNCE,
            "limit": LIMIT,
            "parameter": "reference",
            "notInLink": say("sentence.not_in_link"),
            "unlinked": references.get(text, ""),
            "examples": (),
            "caption": say("reference.caption"),
            "captionColor": color,
            "label": say("reference.label"),
            "placeholder": say("reference.placeholder"),
            "examplesLabel": "",
            "language": alike(one.target for one in say.languages),
        },
        on_text_change=_written,
    )
    written = drawn.get("text") if is_new else None
    if isinstance(written, str) and well_formed(written) != state.reference:
        _written()  # as above
        st.rerun()
    return _cut(state.reference, say)


def _follow(text: str, references: Mapping[str, str]) -> None:
    """The sentence is another one: the reference written for it, its own as an example, or what a reader has
    written goes with it; the reference of an example stays with the example."""
    state = st.session_state
    if text in state.reference_written:
        reference, state.reference_is_written = state.reference_written[text], True
    elif text in references:
        reference, state.reference_is_written = references[text], False
    else:
        reference = state.reference if state.reference_is_written else ""
    if reference != state.reference:
        state.reference = reference
        state.reference_version += 1
    state.reference_text = text


def _in_one_line(text: str) -> str:
    """The text as a field of one line can show it: a browser leaves line breaks out, and joins the words."""
    return _LINE_BREAK.sub(" ", text)


def _cut(text: str, say: Strings) -> str:
    if len(text) > LIMIT:
        st.text(say("sentence.cut_characters", limit=f"{LIMIT:,}"))
    return text[:LIMIT]


def _typed() -> None:
    typed = st.session_state.typing.get("text")
    if isinstance(typed, str):
        st.session_state.text = well_formed(typed)


def _written() -> None:
    written = st.session_state.reference_field.get("text")
    if isinstance(written, str):
        state = st.session_state
        state.reference = state.reference_written[state.reference_text] = well_formed(written)
        state.reference_is_written = True
