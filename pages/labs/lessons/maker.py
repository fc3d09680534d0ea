"""Where a teacher makes a lesson: what is sent to `browser/lesson-maker.js`, and what comes back.

The browser keeps what is being made, and says so at every change; here it is checked, and becomes a file, a
link or a sheet.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Final, Literal, NamedTuple

from pages.kit import lesson as lessons
from pages.kit.components import ignore, show
from pages.kit.family import COMPARED, model_names, name_of
from pages.kit.lesson import Lesson
from pages.kit.lesson_quiz import NEEDS
from pages.kit.strings import Strings
from s2s import catalog
from s2s.errors import DataError
from s2s.figures.palette import Palette
from s2s.records import parse_json

_KEY: Final = "lesson_maker"
_LONGEST: Final = 4 * lessons.LARGEST  # characters of what the browser says
LABELS: Final = (
    "empty",
    "add",  # {count} kept views
    "clear",
    "title",
    "step_title",
    "step_text",
    "step_notice",
    "picture",
    "sentence",  # {text}
    "own_sentence",
    "up",
    "down",
    "remove",
    "question",
    "no_question",
    "asks",
    "model",
    "models",
    "word",
    "step",
    "fed",
    "sentences",
    "compare",
    "copy_link",
    "copied",
    "refused",
    "too_long",
)


class Maker(NamedTuple):
    """What the maker of lessons needs to know."""

    version: int  # of what was loaded
    draft: str  # what was loaded, as JSON of a file's record; "" for nothing
    link: str  # what the address of the lesson ends in; "" where it is too long
    is_whole: bool  # whether what was said last is a lesson
    first: str  # the page whose address has no name
    pages: Mapping[str, str]  # what pages are called
    kinds: Mapping[str, str]  # and kinds of questions
    needs: Mapping[str, tuple[str, ...]]  # what each kind is about
    models: Mapping[str, str]
    compared: Mapping[str, str]
    labels: Mapping[str, str]
    colors: Mapping[str, str]
    language: str
    view: Literal["maker"] = "maker"


def maker(
    found: Lesson | None,
    loaded: Lesson | None,
    version: int,
    pages: Collection[str],
    say: Strings,
    palette: Palette,
) -> str | None:
    """Draw the maker; what it says is made, as JSON. `found` is the lesson that was made last, `loaded` what
    was read from a file."""
    code = lessons.to_code(found) if found else ""
    message = Maker(
        version=version,
        draft=json.dumps(lessons.to_record(loaded), ensure_ascii=False) if loaded else "",
        link=code if len(code) <= lessons.MOST_IN_LINK else "",
        is_whole=found is not None,
        first=next(iter(pages)),
        pages={page: say(f"{page}.menu") for page in pages},
        kinds={kind: say(f"lessons.kind_{kind}") for kind in NEEDS},
        needs=NEEDS,
        models=model_names(say) | {name: name_of(name, say) for name in catalog.shipped()},
        compared={name: say(f"lessons.compare_{name}") for name in COMPARED},
        labels={name: say(f"lessons.{name}") for name in LABELS},
        colors={name: getattr(palette, name) for name in ("background", "grid", "muted", "pinned")},
        language=say.language,
    )
    said = show(message, key=_KEY, on_draft_change=ignore).get("draft")
    return said if isinstance(said, str) else None


def made(draft: str, pages: Collection[str], say: Strings) -> Lesson | str | None:
    """The lesson that a browser says is being made, why it is none, or None while there is nothing."""
    try:
        record = parse_json(draft[:_LONGEST])
        if isinstance(record, dict) and not record.get("steps"):
            return None
        return lessons.from_record(record, path=say("lessons.draft"), pages=pages)
    except DataError as error:
        return say.error(error)
    except (ValueError, RecursionError):
        return say.error(DataError("lesson_damaged", path=say("lessons.draft"), reason="JSON"))
