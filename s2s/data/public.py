"""Public corpora that are a few files at an address each: where they are, whose they are, how they are read.

Addresses name a commit, so that what is there stays as it is. Where the content was known when a row was
written its checksum is there; else only what its authors and others say of it, the number of lines, is held
against what comes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from s2s.data.corpora import OnBadLine, Pair
from s2s.data.fetch import Archive, fetch
from s2s.data.korean import Read, read_chat, read_core, read_styles, read_tatoeba_with_names
from s2s.errors import DataError

Reader = Callable[[Mapping[str, bytes], OnBadLine], Read]


@dataclass(frozen=True, kw_only=True)
class Public:
    """A corpus of pairs in files at one address."""

    base: str  # what stands before the names of the files
    files: tuple[str, ...]
    read: Reader
    lines: int  # pairs, or sentences of them, in all files; 0 where nobody says
    checksums: Mapping[str, str] = field(default_factory=dict)  # by file, where the content was known
    title: str
    source: str
    target: str
    attribution: str
    licence: str
    licence_url: str
    dev: int  # groups, where nothing else is asked for
    test: int


class Received(NamedTuple):
    """The files of a corpus, and what can be said of each."""

    files: Mapping[str, bytes]
    told: tuple[str, ...]


_CC_BY_SA_4: Final = "https://creativecommons.org/licenses/by-sa/4.0/"
_RAW: Final = "https://raw.githubusercontent.com"
PUBLIC: Final[Mapping[str, Public]] = {
    "chat-ko": Public(
        base="https://github.com/songys/Chatbot_data/raw/4cf20d1/",
        files=("ChatbotData.csv",),
        read=read_chat,
        lines=11_823,
        title="Korean chat: a sentence and its answer",
        source="what a person says",
        target="an answer",
        attribution="Youngsook Song (2018). Chatbot_data_for_Korean v1.0, "
        "https://github.com/songys/Chatbot_data. Copyright (c) 2018",
        licence="MIT",
        licence_url="https://github.com/songys/Chatbot_data/blob/master/LICENSE",
        dev=350,
        test=550,
    ),
    "summary-ko": Public(
        base=f"{_RAW}/warnikchow/sae4k/4d55f8f655a080b41943e642d55a8f7fa3cc09a2/data/",
        files=("sae4k_v1.txt",),
        read=read_core,
        lines=30_837,
        title="Korean utterances and their core",
        source="a question or command",
        target="its core",
        attribution="Won Ik Cho, Youngki Moon, Sangwhan Moon, Seok Min Kim, Nam Soo Kim, Machines Getting "
        "with the Program: Understanding Intent Arguments of Non-Canonical Directives, Findings of EMNLP "
        "2020, https://github.com/warnikchow/sae4k",
        licence="CC BY-SA 4.0",
        licence_url=_CC_BY_SA_4,
        dev=700,
        test=1600,
    ),
    "style-ko": Public(
        base=f"{_RAW}/cynthia/stylekqc/7079d30f64c175cea7e3e6eb82c5385783d124a5/topic/",
        files=("train.tsv", "dev.tsv", "test.tsv"),
        read=read_styles,
        lines=30_000,
        title="Korean 존댓말 and 반말: one intention, two registers",
        source="a polite sentence",
        target="the same in casual speech",
        attribution="Won Ik Cho et al., StyleKQC: A Style-Variant Paraphrase Corpus for Korean Questions and "
        "Commands, arXiv:2103.13439, https://github.com/cynthia/stylekqc",
        licence="CC BY-SA 4.0",
        licence_url=_CC_BY_SA_4,
        dev=100,
        test=210,
    ),
    "kor-eng": Public(
        base=f"{_RAW}/r0cd7b/nlp_with_rnns_and_attention/4d489985fa256e7c15957f227591aef8be7c7108/kor-eng/",
        files=("kor.txt",),
        read=read_tatoeba_with_names,
        lines=0,
        title="Korean-English sentence pairs",
        source="Korean",
        target="English",
        attribution="www.manythings.org/anki and tatoeba.org; the names are in attribution.tsv.gz",
        licence="CC BY 2.0 (France)",
        licence_url="https://creativecommons.org/licenses/by/2.0/fr/",
        dev=150,
        test=300,
    ),
}  # fmt: skip


def receive(corpus: Public, base: str = "", *, progress: bool = False) -> Received:
    """The files of a corpus from its address, or from another one or a folder. What is there is held against
    the checksums that are known, but not that of another place. Raises DataError."""
    got: dict[str, Archive] = {}
    for name in corpus.files:
        place = f"{base.rstrip('/')}/{name}" if base else corpus.base + name
        if base and "://" not in base:
            place = str(Path(base, name))
        got[name] = fetch(place, checksum="" if base else corpus.checksums.get(name, ""), progress=progress)
    told = tuple(
        f"{name}: {len(one.data):,} bytes, {one.algorithm} {one.checksum}, "
        f"{'checked' if one.is_checked else 'not checked against anything'}"
        for name, one in got.items()
    )
    return Received({name: one.data for name, one in got.items()}, told)


def check_lines(corpus: Public, found: int, place: str) -> None:
    """Raise DataError where there are more or fewer lines than the corpus is said to have."""
    if corpus.lines and found != corpus.lines:
        raise DataError("corpus_other", path=place, found=f"{found:,}", expected=f"{corpus.lines:,}")


def grouped(groups: Sequence[Sequence[Pair]]) -> list[Pair]:
    """All pairs of the groups."""
    return [pair for group in groups for pair in group]
