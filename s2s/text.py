"""What a character and a word are: one normalisation and one segmentation, for training, app and tests.

Standard library only. `normalise` keeps, for every character it gives out, where that character stood
in the text it was given, so that everything later can point into the reader's own text.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from html.entities import html5
from typing import Final, NamedTuple

from s2s.languages import elides

# Characters that mean another character here. Narrow and no-break spaces (French punctuation) are
# category Zs and become spaces with the rest of it; zero-width characters are category Cf and vanish.
SAME_AS: Final = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u02bb": "'", "\u2032": "'", "\u00b4": "'", "\u0060": "'"}
    | {"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"', "\u2026": "..."}
    | {"\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-"}
    | {"\u2581": "_"}  # SentencePiece's own sign for a space: as text it would read as one
)
# Others are one character for one, so they are replaced first and may compose with what follows. Bytes of
# Windows-1252 that were read as Latin-1 are control characters that nobody types: L\x92école is L'école, and
# \x85 is an ellipsis, as in HTML, not a line break. Five of the 32 bytes mean nothing; they stay, invisible.
_C1 = {code: c for code in range(0x80, 0xA0) if (c := bytes([code]).decode("cp1252", "ignore"))}
# Full width and half width: the table says which character of usual width each is.
_WIDTHS = {
    code: int(usual.split()[1], 16)
    for code in range(0xFF01, 0xFFEF)
    if (usual := unicodedata.decomposition(chr(code)))
}
_CJK = {"。": ".", "、": ",", "「": '"', "」": '"', "『": '"', "』": '"'}
_SAME_FIRST = str.maketrans(_C1 | _WIDTHS | _CJK | {"｡": ".", "､": ",", "｢": '"', "｣": '"'})
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
# Most text is as it should be: words of ASCII and accented Latin letters with single spaces between them.
_PLAIN = re.compile("(?:[!-%'-?A-_a-~À-ÖØ-öø-ſ]+(?: (?!$)|$))*")
_CONTROL_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f"

# How HTML writes a character, and Moses a hyphen inside a word.
_ESCAPE = re.compile(
    "&(?:amp;)+(?=amp;)|"  # layers over layers are one, or each would take a pass of its own
    "&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});|@-@"
)

_FINAL_MARKS = ".!?\u2026。！？．؟۔।"
_CLOSING_MARKS = _FINAL_MARKS + "\"'\u2019\u201d\u00bb)]"  # what may stand behind the last word
_TYPED_LIGATURES = {"œ": "oe", "æ": "ae", "Œ": "OE", "Æ": "AE"}
_TYPED_LIGATURE_TABLE = str.maketrans(_TYPED_LIGATURES)
_TITLE_LIGATURE = re.compile("[ŒÆ](?=[a-z])")


GLUE: Final = "·"  # people see it before a piece that goes on with the word before


class Span(NamedTuple):
    """Characters `start` (included) to `end` (excluded) of a text."""

    start: int
    end: int


class Word(NamedTuple):
    """A word of a text: what it says and where it stands, `text == whole[start:end]`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normalised text; character `i` of it came from characters `origins[i]` of the given text."""

    text: str
    origins: tuple[Span, ...]

    def original(self, start: int, end: int) -> Span:
        """Where characters `start` to `end` of the normalised text stood in the given one.

        An empty range lands where the next character stands, or behind the last one.
        """
        if start < end:
            return Span(self.origins[start].start, self.origins[end - 1].end)
        if start < len(self.origins):
            return Span(self.origins[start].start, self.origins[start].start)
        position = self.origins[-1].end if self.origins else 0
        return Span(position, position)


def well_formed(text: str) -> str:
    """The text as UTF-8 can write it: two halves of a surrogate pair are the character they stand for, one
    without the other is U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def normalise(text: str) -> Normalised:
    """The text as the models read it: NFC, plain spaces, straight quotes, nothing invisible.

    Spaces of every kind (line breaks and no-break spaces too) become single spaces, none at either end;
    zero-width and control characters go; lone surrogates become U+FFFD. Full-width and half-width forms and
    Latin ligatures become ordinary letters, bytes of Windows-1252 the characters that they mean, and so do
    escapes of HTML and Moses: "L &apos; eau" is L'eau, "vingt @-@ deux" vingt-deux; "AT&T" stays. Applying it
    twice changes nothing.
    """
    if _PLAIN.fullmatch(text):
        return Normalised(text, tuple(map(Span, range(len(text)), range(1, len(text) + 1))))
    normalised = _cleaned(text)
    while unescaped := _unescaped(normalised.text):  # "&amp;quot;" has two layers
        normalised = _of(normalised, _of(unescaped, _cleaned(unescaped.text)))
    return normalised


def _of(first: Normalised, then: Normalised) -> Normalised:
    """What came of `first.text`, with its origins in what that came from. Where one character became several
    and another joined the last of them, all came from both."""
    runs: list[tuple[Span, int]] = []  # an origin, and how many characters have it
    for span in then.origins:
        start, end = first.original(*span)
        count = 1
        if runs and start < runs[-1][0].end:
            (start, _), before = runs.pop()
            count += before
        runs.append((Span(start, end), count))
    return Normalised(then.text, tuple(span for span, count in runs for _ in range(count)))


def _cleaned(text: str) -> Normalised:
    """The text with its characters as `normalise` wants them, escapes left as they are."""
    text = text.translate(_SAME_FIRST)
    characters: list[str] = []
    origins: list[Span] = []
    for start, end in _composable_groups(text):
        visible = "".join(c for c in text[start:end] if not _is_invisible(c)).translate(_LIGATURES)
        for character in unicodedata.normalize("NFC", visible).translate(SAME_AS):
            if unicodedata.category(character) == "Cs":
                character = "\ufffd"
            elif _is_space(character):
                if not characters or characters[-1] == " ":
                    continue
                character = " "
            characters.append(character)
            origins.append(Span(start, end))
    if characters and characters[-1] == " ":
        characters.pop()
        origins.pop()
    return Normalised("".join(characters), tuple(origins))


def _unescaped(text: str) -> Normalised | None:
    """A clean text with one layer of escapes read, not clean yet; None where it has none."""
    parts: list[str] = []
    origins: list[Span] = []
    position = 0

    def take(stop: int) -> None:
        parts.append(text[position:stop])
        origins.extend(map(Span, range(position, stop), range(position + 1, stop + 1)))

    for match in _ESCAPE.finditer(text):
        start, end = match.span()
        characters = _meaning(match[0])
        if not characters or _is_combining(text[end : end + 1]):  # a mark belongs to the ";" that it is on
            continue
        joins_left, joins_right = _joins(text, start, end, characters)
        take(start - (joins_left and text.endswith(" ", 0, start)))
        parts.append(characters)
        origins += [Span(start, end)] * len(characters)
        position = end + (joins_right and text.startswith(" ", end))
    if not parts:
        return None
    take(len(text))
    return Normalised("".join(parts), tuple(origins))


def _meaning(escape: str) -> str:
    if escape == "@-@":
        return "-"
    if escape.endswith("amp;"):
        return "&"
    return html.unescape(escape) if escape[1] == "#" else html5.get(escape[1:], "")


def _joins(text: str, start: int, end: int, characters: str) -> tuple[bool, bool]:
    """Whether what an escape stands for goes together with what is before it and behind it, across a space:
    the hyphen of Moses does, and an apostrophe of French elision ("L &apos; eau") or English ("don &apos;t").
    """
    if text[start] == "@":
        return True, True
    if characters.translate(SAME_AS) != "'":
        return False, False
    elides = _BEFORE_APOSTROPHE.search(text, 0, start) is not None
    return elides or _BEHIND_APOSTROPHE.match(text, end) is not None, elides


_ORDINALS: Final = "ªº"  # as in "Nº 5", lower case to Unicode


def lower_capitals(text: str) -> str:
    """A text written in capitals throughout in lower case, and as long as before; any other text as it is.

    In capitals throughout: two upper-case letters or more, none in lower case and none of a script without
    case, in which an acronym may stand. It is done letter by letter; one whose lower case is more than one
    character ("İ") stays.
    """
    if any(c.islower() and c not in _ORDINALS for c in text):
        return text
    kinds = [unicodedata.category(c) for c in text if c not in _ORDINALS]
    if "Lo" in kinds or kinds.count("Lu") < 2:
        return text
    return _lower(text)


def _lower(text: str) -> str:
    """In lower case and as long as before."""
    return "".join(small if len(small := character.lower()) == 1 else character for character in text)


def without_final_mark(text: str) -> str:
    """The text as one types it who leaves the final mark out: no `.`, `!`, `?` or ellipsis at the end.

    The space that French puts before a mark goes with it, as does white space at the end. Quotes and
    brackets that close after the mark, or before it, stay: `« Oui ! »` gives `« Oui »`.
    """
    start = len(text)
    while start and (text[start - 1] in _CLOSING_MARKS or _is_space(text[start - 1])):
        start -= 1
    kept = ""
    for character in text[start:]:
        kept = kept.rstrip() if character in _FINAL_MARKS else kept + character
    return (text[:start] + kept).rstrip()


def without_accents(text: str) -> str:
    """The text as one types it without accents: `œuf brûlé, ça` gives `oeuf brule, ca`.

    Composed letters are taken apart (NFD) and lose their diacritics (U+0300 to U+036F); ligatures become
    two letters; the rest is composed again (NFC), so that scripts made of parts stay whole.
    """
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not "\u0300" <= c <= "\u036f")
    spelled = _TITLE_LIGATURE.sub(lambda found: _TYPED_LIGATURES[found[0]].capitalize(), bare)
    return unicodedata.normalize("NFC", spelled.translate(_TYPED_LIGATURE_TABLE))


def _is_space(character: str) -> bool:
    return character in _CONTROL_SPACES or unicodedata.category(character).startswith("Z")


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cf", "Cc") and character not in _CONTROL_SPACES


def _composable_groups(text: str) -> list[Span]:
    """Cut the text so that composing each part (NFC) composes the whole: letters keep their accents,
    Hangul letters their syllable. Invisible characters stay with the part before them."""
    if text.isascii():
        return [Span(i, i + 1) for i in range(len(text))]
    groups: list[Span] = []
    start = 0
    for position in range(1, len(text) + 1):
        if position == len(text) or _starts_anew(text[start:position], text[position]):
            groups.append(Span(start, position))
            start = position
    return groups


def _starts_anew(before: str, character: str) -> bool:
    if _is_invisible(character):
        return False
    if character.isascii() or _is_space(before[0]):
        return True
    if _is_combining(character):
        return False
    visible = "".join(c for c in before if not _is_invisible(c))
    apart = unicodedata.normalize("NFC", visible) + unicodedata.normalize("NFC", character)
    return unicodedata.normalize("NFC", visible + character) == apart


def _is_combining(character: str) -> bool:
    return unicodedata.combining(unicodedata.normalize("NFD", character)[:1] or " ") > 0


# French words that lose their vowel before another: l'eau is l' and eau. "aujourd'hui" is one word.
_ELIDED = frozenset("c d j l m n s t qu jusqu lorsqu puisqu quoiqu".split())
_BEFORE_APOSTROPHE = re.compile(rf"(?<![\w;])(?:{'|'.join(sorted(_ELIDED))}|aujourd) ?$", re.IGNORECASE)
_BEHIND_APOSTROPHE = re.compile(r"(?:[sdmt]|re|ve|ll)\b", re.IGNORECASE)
# What French hangs on a verb with a hyphen: parles-tu is parles and -tu. "peut-être" is one word.
_CLITICS = frozenset(
    "je tu il elle on nous vous ils elles ce moi toi lui leur le la les y en t là ci".split()
)

# Over the shape of a text: w letter or mark, d digit, s space, otherwise the character itself.
_TOKEN = re.compile(r"[wd]+(?:(?<=d)[.,:](?=d)[wd]+|[-'·](?=[wd])[wd]+)*|°w(?![wd])|([^wds])\1*")


def words(text: str, language: str) -> list[Word]:
    """The words and punctuation marks of a text, in order; `language` is the code of its language.

    A word is a run of letters, marks and digits; inside it one apostrophe, hyphen, middle dot (étudiant·e·s)
    or decimal sign may stand. In French, elisions (l'eau: l', eau) and clitics (parles-tu: parles, -tu) are
    words of their own; in every language, a degree sign with its letter (°C) and a repeated mark (..., !!)
    are. Positions are those of the text as given; only white space and what cannot be seen belong to no word.
    """
    normalised = normalise(text)
    is_french = elides(language)
    found: list[Word] = []
    for match in _TOKEN.finditer(_shape(normalised.text)):
        start, end = match.span()
        cuts = _cuts(start, normalised.text[start:end]) if is_french else ()
        for cut in (*cuts, end):
            span = normalised.original(start, cut)
            found.append(Word(text[span.start : span.end], span.start, span.end))
            start = cut
    return found


def is_word(text: str) -> bool:
    """Whether it has a letter or a digit in it. Wherever words are counted, these are: a mark is none."""
    return any(character.isalnum() for character in text)


def count_words(text: str, language: str) -> int:
    """How many words a text has, punctuation marks left out."""
    return sum(is_word(word.text) for word in words(text, language))


def lower_words(text: str, language: str) -> list[str]:
    """What the words of a text say, in lower case: the form in which an aligner counts them."""
    return [word.text.lower() for word in words(text, language)]


def _shape(text: str) -> str:
    shape: list[str] = []
    for character in text:
        category = unicodedata.category(character)
        if category[0] == "M" and shape and shape[-1] != "s":
            shape.append(shape[-1])  # a mark is part of what it stands on
        elif category[0] in "LM":
            shape.append("w")
        elif category[0] == "N":
            shape.append("d")
        else:
            shape.append("s" if character == " " else character)
    return "".join(shape)


def _cuts(offset: int, token: str) -> list[int]:
    """Where French elisions end and clitics begin inside one token that stands at `offset`."""
    lower = _lower(token)
    elisions: list[int] = []
    start = 0
    while (mark := lower.find("'", start)) > 0 and lower[start:mark] in _ELIDED and mark + 1 < len(lower):
        start = mark + 1
        elisions.append(start)
    clitics: list[int] = []
    stop = len(lower)
    while (mark := lower.rfind("-", start, stop)) > start and lower[mark + 1 : stop] in _CLITICS:
        clitics.append(mark)
        stop = mark
    return [offset + cut for cut in elisions + clitics[::-1]]
