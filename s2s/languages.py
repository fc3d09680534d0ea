"""The languages of models, as rows of data: what is cut in their words, which letters a keyboard may lack.

A language is a row here and its names in `assets/strings/<language>/languages.toml`; a pair of them may have
example sentences in `assets/pairs/<source>-<target>`. Nothing else names a language. Standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Language(NamedTuple):
    """A language whose words stand apart, written from left to right."""

    code: str  # as HTML has it: the `lang` of words on screen
    stems: bool = False  # words carry particles and endings that a rule can part from them: Korean
    elides: bool = False  # l'eau is l' and eau, parles-tu is parles and -tu: French
    keys: str = ""  # letters that other keyboards lack, offered beside the sentence
    cycles: tuple[str, ...] = ()  # what ↓ goes through behind a letter: "e é è" is é for e, then è
    bleu: tuple[str, ...] = ("13a",)  # what cuts its words for BLEU, by sacreBLEU's names


_ROWS: Final = (
    Language(
        "fr",
        elides=True,
        keys="éèêëàâçùûîïôœ«»",
        cycles=("e é è ê ë", "a à â æ", "c ç", "u ù û ü", "i î ï", "o ô", "y ÿ", "oe œ oé oë oê oè", '" « »'),
    ),
    Language("en"),
    Language(
        "cs",
        keys="áčďéěíňóřšťúůýž",
        cycles=tuple("a á,c č,d ď,e é ě,i í,n ň,o ó,r ř,s š,t ť,u ú ů,y ý,z ž".split(",")),
    ),
    Language("da", keys="æøå", cycles=("ae æ", "o ø", "a å")),
    Language("de", keys="äöüß", cycles=("a ä", "o ö", "u ü", "ss ß")),
    Language("el"),
    Language("es", keys="áéíñóúü¿¡", cycles=("a á", "e é", "i í", "n ñ", "o ó", "u ú ü", "? ¿", "! ¡")),
    Language("fi", keys="äöå", cycles=("a ä å", "o ö")),
    Language("hu", keys="áéíóöőúüű", cycles=("a á", "e é", "i í", "o ó ö ő", "u ú ü ű")),
    Language("it", keys="àèéìòù", cycles=("a à", "e è é", "i ì", "o ò", "u ù")),
    Language("ko", stems=True, bleu=("ko-mecab", "char")),
    Language("nb", keys="æøå", cycles=("ae æ", "o ø", "a å")),
    Language("nl", keys="éëïöü", cycles=("e é ë", "i ï", "o ö", "u ü")),
    Language("pl", keys="ąćęłńóśźż", cycles=("a ą", "c ć", "e ę", "l ł", "n ń", "o ó", "s ś", "z ź ż")),
    Language("pt", keys="áâãàçéêíóôõú", cycles=("a á â ã à", "c ç", "e é ê", "i í", "o ó ô õ", "u ú")),
    Language("ro", keys="ăâîșț", cycles=("a ă â", "i î", "s ș", "t ț")),
    Language("ru"),
    Language("sv", keys="åäö", cycles=("a å ä", "o ö")),
    Language("tr", keys="çğıöşü", cycles=("c ç", "g ğ", "i ı", "o ö", "s ş", "u ü")),
    Language("uk"),
)  # fmt: skip
LANGUAGES: Final[Mapping[str, Language]] = {row.code: row for row in _ROWS}


class Languages(NamedTuple):
    """What a model reads and what it writes, by code, and what for."""

    source: str
    target: str
    purpose: str = ""  # what becomes of a sentence where that is not a translation

    @property
    def name(self) -> str:
        """As folders and the names of models have it: fr-en, and core-ko where there is a purpose."""
        return f"{self.purpose}-{self.target}" if self.purpose else f"{self.source}-{self.target}"

    @property
    def codes(self) -> tuple[str, str]:
        """The languages of both sides."""
        return self.source, self.target


# Of the family that is shipped, and of folders that do not say theirs: they are older than the question.
FIRST: Final = Languages("fr", "en")


def elides(code: str) -> bool:
    """Whether words of a language are cut as French ones are; a language without a row is cut nowhere."""
    return code in LANGUAGES and LANGUAGES[code].elides


def parts_stems(code: str) -> bool:
    """Whether words of a language part into stems and particles; those of one without a row do not."""
    return code in LANGUAGES and LANGUAGES[code].stems


def tokenizers_of(code: str) -> tuple[str, ...]:
    """What cuts words of a language for BLEU; those of one without a row are cut as most are."""
    return LANGUAGES[code].bleu if code in LANGUAGES else Language(code).bleu
