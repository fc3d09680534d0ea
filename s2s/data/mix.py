"""French-English pairs beside those of Tatoeba for `make models MORE=folder`, each source with its licence.

Tatoeba knows how people talk to each other and little of what newspapers and encyclopaedias write about.
These files, `NAME.tsv.gz` in one folder, add those words. Nothing of them is under the GPL: trained on
them, weights are under CC BY-SA 4.0.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from s2s.data.corpora import Pair, read_pairs
from s2s.data.splits import apart_from, unique, within_lengths
from s2s.languages import FIRST
from s2s.places import ASSETS

LECTURES: Final = ASSETS / "pairs" / FIRST.name / "lectures.tsv"
LICENCE: Final = "CC BY-SA 4.0"
_LECTURES_REPEATED: Final = 20  # times their pairs are there: words met once an epoch are not learned
_MAX_RATIO: Final = 3.0  # words on one side for each on the other
_MAX_WORDS: Final = 40  # of a pair on either side; longer ones are left out


class Source(NamedTuple):
    """A file of pairs."""

    name: str
    attribution: str
    licence: str
    max_words: int = _MAX_WORDS


SOURCES: Final = (
    Source(
        "canada",
        "Government of Canada: TBS-EACPD/infobase, cds-snc/digital-canada-ca, cds-snc/gcds-docs, "
        "cds-snc/notification-admin, gc-da11yn.github.io, sara-sabr/ITStrategy, open-data/ckanext-canada, "
        "canada-ca/blogue-canada-ca-blog, wet-boew, cds-snc/vac-benefits-directory, "
        "cds-snc/covid-alert-app, PCO public opinion reports, canada-ca/digital-playbook-guide-numerique, "
        "open-source-logiciel-libre, Open_First_Whitepaper. Contains information licensed under the Open "
        "Government Licence - Canada",
        "MIT, Apache 2.0, Open Government Licence - Canada",
    ),
    Source("books", "novels and Tocqueville from Project Gutenberg (GITenberg) and Standard Ebooks",
           "public domain, CC0", max_words=30),
    Source("wiki-geneval", "Wikipedia by way of MT-GenEval, amazon-science/machine-translation-gender-eval",
           "CC BY-SA 3.0"),
    Source("tico19", "TICO-19", "CC0 1.0"),
    Source("diabla", "DiaBLa, rbawden/DiaBLa-dataset", "CC BY-SA 4.0"),
    Source("hf-course", "huggingface/course", "Apache 2.0"),
    Source("ml-cheatsheets", "Afshine and Shervine Amidi, shervinea/cheatsheet-translation", "MIT"),
    Source("privacyguides", "Privacy Guides contributors, privacyguides.org", "CC BY-SA 4.0"),
    Source("mozilla", "mozilla-l10n/www-l10n and mozilla/legal-docs", "MPL 2.0, CC BY-SA 3.0"),
    Source("europarl-sample", "Europarl v7, European Parliament, statmt.org", "no known restriction"),
    Source("bitcoin-org", "bitcoin.org", "MIT"),
    Source("opensource-guides", "github/opensource.guide", "CC BY 4.0"),
    Source("un-sdg", "open-sdg/sdg-translations; Universal Declaration of Human Rights", "MIT, free"),
    Source("iati", "IATI Standard (iatistandard.org)", "CC BY 4.0"),
    Source("tatoeba-laser", "Tatoeba (tatoeba.org) by way of facebookresearch/LASER", "CC BY 2.0 FR"),
)  # fmt: skip


class Mixed(NamedTuple):
    """Pairs of several sources, each once but for those of lectures, and how many came from each."""

    pairs: list[Pair]
    counts: dict[str, int]  # of what was added, by source


def mix(first: Sequence[Pair], folder: Path, *, held_out: Sequence[Pair] = ()) -> Mixed:
    """The pairs of `first`, then `LECTURES`, then those of all `SOURCES` in a folder that are not too long or
    uneven. Of what is added, pairs that share a sentence with one held out stay out.

    Raises DataError for a file that is missing or damaged.
    """
    pairs = dict.fromkeys(unique(first))
    counts: dict[str, int] = {}

    def add(name: str, found: list[Pair], max_words: int) -> None:
        kept = within_lengths(found, max_words=max_words, max_ratio=_MAX_RATIO).kept
        before = len(pairs)
        pairs.update(dict.fromkeys(apart_from(unique(kept), held_out)))
        counts[name] = len(pairs) - before

    add(LECTURES.stem, read_pairs(LECTURES), _MAX_WORDS)
    lectures = list(pairs)[-counts[LECTURES.stem] :] if counts[LECTURES.stem] else []
    for source in SOURCES:
        add(source.name, read_pairs(folder / f"{source.name}.tsv.gz"), source.max_words)
    return Mixed([*pairs, *lectures * (_LECTURES_REPEATED - 1)], counts)


def credit() -> str:
    """Where the pairs come from and their licences, in one sentence for a model card."""
    return "; ".join(f"{source.attribution} ({source.licence})" for source in SOURCES)
