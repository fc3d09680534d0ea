"""How the models of the other tasks are trained: each a row with its data, its settings and what it begins
from.

Settings are those of `s2s.config`; what is not named here is at its default. Data are folders of pairs, all
in one folder, as `data fetch` makes most of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from s2s.languages import FIRST, Languages

WRITTEN: Final = "written.tsv"  # in a task's folder of assets: pairs of this project that it learns from, too
REQUESTS: Final = "ko-en/requests.tsv"  # in `assets/pairs`: what is asked politely, casually and in English
POLITE, CASUAL, ENGLISH = range(3)  # its columns
JUDGED: Final = "everyday.tsv"  # beside it: questions, and which answers fit, by hand


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One training, from folders of pairs to a model."""

    folders: tuple[str, ...]  # with train.tsv.gz, dev.tsv.gz and what is measured on; dev is the first one's
    credit: str  # where the pairs come from and their licence, for the model card
    settings: Mapping[str, Any]
    languages: Languages | None = None  # None: those of the task
    is_exchanged: bool = False  # the target is read and the source written
    copied: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # sides whose sentences are copied
    is_bare: bool = False  # questions are learned without their final mark, too
    has_written: bool = True  # learns from the pairs of this project, too, where there are some
    times: int = 1  # that each of them is among those that are learned from
    requests: tuple[tuple[int, int], ...] = ()  # columns of those that are source and target of pairs, too
    grammar: int = 0  # pairs of `data sentences` beside them
    is_corpus_in_domain: bool = False  # else what no grammar made, or without one what this project wrote
    begins_from: str = ""  # a row of `PARENTS` or a model, whose weights, tokenizers and shape it takes
    # What the same model learned before, with other data or settings; then it begins from nothing else.
    first: Recipe | None = None
    child_of: str = ""  # the same of one that reads another language: what fits is taken
    pieces_of: tuple[str, ...] = ()  # folders of children, whose targets get pieces, too
    test: str = "test.tsv.gz"
    keep: tuple[int, ...] = ()  # updates after which a stage is kept, where memorising is measured


_SHAPE: Final = {"hidden": 192, "source_vocab": 2500, "target_vocab": 2500, "dropout": 0.3}
_STEPS: Final = {
    "batch_tokens": 1536, "peak_rate": 2.5e-3, "warmup": 150, "average": 0.998, "coverage": 0.5,
    "joined": 0.2, "dev_every": 200,
}  # fmt: skip
_BOTH: Final = ("source", "target")
_SAE4K: Final = "sae4k (warnikchow/sae4k, Won Ik Cho et al., Findings of EMNLP 2020; CC BY-SA 4.0)"
_STYLEKQC: Final = "StyleKQC (cynthia/stylekqc, Won Ik Cho et al., arXiv:2103.13439; CC BY-SA 4.0)"
_TATOEBA: Final = "Tatoeba (tatoeba.org) as packaged by ManyThings (www.manythings.org/anki; CC BY 2.0 FR)"
_KOSP2E: Final = "kosp2e (warnikchow/kosp2e, Won Ik Cho et al., Interspeech 2021; CC BY-SA 4.0)"
_CHATBOT: Final = "Chatbot_data (songys/Chatbot_data, Youngsook Song 2018; MIT License, Copyright (c) 2018)"
_BEFORE: Final = (
    f"Before that it learned to copy sentences: of {_SAE4K}, {_STYLEKQC}, {_TATOEBA}, and {_CHATBOT}"
)

# What others begin from, and nobody ships: a model that copies finds words before it changes them.
PARENTS: Final[Mapping[str, Recipe]] = {
    "copying-ko": Recipe(
        folders=("summary-ko", "style-ko", "kor-eng", "chat-ko"),
        languages=Languages("ko", "ko"),
        credit=f"{_SAE4K}, {_STYLEKQC}, {_TATOEBA}, and {_CHATBOT}",
        settings={**_SHAPE, **_STEPS, "updates": 2500},
        copied={"summary-ko": _BOTH, "style-ko": _BOTH, "chat-ko": _BOTH, "kor-eng": ("source",)},
    ),
    "parent-en": Recipe(
        folders=("fra-eng",),
        languages=FIRST,
        credit=f"French-English pairs of {_TATOEBA}",
        settings={
            "hidden": 160,
            "source_vocab": 3000,
            "target_vocab": 3000,
            "dropout": 0.15,
            "updates": 4500,
        },
        pieces_of=("kor-eng",),
    ),
}
# By the name of the task. Models of one task differ in how they score alone.
TASKS: Final[Mapping[str, Recipe]] = {
    "ko-en": Recipe(
        folders=("kor-eng",),
        credit=f"{_STYLEKQC} with the translations of {_KOSP2E}, {_TATOEBA}, and pairs written for this "
        "project and made by its grammar. Before that its decoder learned to translate the French of "
        "Tatoeba",
        settings={
            **_STEPS, "source_vocab": 2000, "dropout": 0.15, "batch_tokens": 2048, "peak_rate": 3e-3,
            "dev_every": 250, "updates": 8000,
        },
        times=3,
        grammar=80_000,
        child_of="parent-en",
    ),
    "core-ko": Recipe(
        folders=("summary-ko",),
        credit=f"{_SAE4K}, cleaned and split, and cores of requests written for this project. {_BEFORE}",
        settings={
            **_STEPS, "dropout": 0.3, "peak_rate": 1.5e-3, "updates": 2500, "in_domain_share": 0.1,
        },
        is_corpus_in_domain=True,
        first=Recipe(
            folders=("summary-ko",),
            credit=f"{_SAE4K}, cleaned and split. {_BEFORE}",
            settings={**_STEPS, "dropout": 0.3, "updates": 5000},
            has_written=False,
            begins_from="copying-ko",
        ),
    ),
    "casual-ko": Recipe(
        folders=("style-ko",),
        credit=f"{_STYLEKQC}, cleaned, paired and split, and requests written for this project. "
        f"{_BEFORE}",
        settings={**_STEPS, "dropout": 0.3, "updates": 8000},
        requests=((POLITE, CASUAL),),
        begins_from="copying-ko",
        test="test-refs.tsv.gz",
    ),
    "polite-ko": Recipe(
        folders=("style-ko",),
        credit=f"{_STYLEKQC}, cleaned, paired and split, and requests written for this project. "
        f"{_BEFORE}",
        settings={**_STEPS, "dropout": 0.3, "updates": 8000},
        is_exchanged=True,
        requests=((CASUAL, POLITE),),
        begins_from="copying-ko",
    ),
    "chat-ko": Recipe(
        folders=("chat-ko",),
        credit=f"{_CHATBOT}, cleaned and split, and pairs written for this project",
        settings={
            **_STEPS, "hidden": 176, "source_vocab": 1500, "target_vocab": 1500, "dropout": 0.2,
            "coverage": 0.1, "joined": 0.0, "typed": 0.0, "exchanged": 0.0, "in_domain_share": 0.3,
            "batch_tokens": 1024, "peak_rate": 3e-3, "average": 0.995, "dev_every": 100, "updates": 6000,
        },
        is_bare=True,
        keep=(300, 600, 1200, 2400, 4000),
    ),
}  # fmt: skip
