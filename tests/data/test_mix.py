from collections import Counter
from pathlib import Path

import pytest

from s2s.data.corpora import Pair, pairs_as_tsv, read_pairs
from s2s.data.mix import LECTURES, SOURCES, credit, mix
from s2s.errors import DataError
from s2s.text import normalise

FIRST = [Pair("Il dort.", "He sleeps."), Pair("Il dort.", "He sleeps.")]


def _folder(place: Path, **pairs: list[Pair]) -> Path:
    for source in SOURCES:
        found = pairs.get(source.name, [Pair(f"Voici {source.name}.", f"Here is {source.name}.")])
        (place / f"{source.name}.tsv.gz").write_bytes(pairs_as_tsv(found))
    return place


def test_every_source_comes_behind_the_first_pairs_and_only_lectures_repeat(tmp_path: Path) -> None:
    known = [FIRST[0], Pair("Il rit.", "He laughs.")]
    pairs, counts = mix(FIRST, _folder(tmp_path, canada=known))
    assert pairs[0] == FIRST[0]
    assert known[1] in pairs
    assert len(set(pairs)) == 1 + len(read_pairs(LECTURES)) + len(SOURCES)
    repeated = {pair for pair, count in Counter(pairs).items() if count > 1}
    assert repeated == set(read_pairs(LECTURES))
    assert counts == {"lectures": len(read_pairs(LECTURES))} | {source.name: 1 for source in SOURCES}


def test_what_shares_a_sentence_with_a_pair_held_out_stays_out_on_either_side(tmp_path: Path) -> None:
    added = [Pair("Il rit", "He laughs."), Pair("Elle rit.", "SHE laughs!"), Pair("On rit.", "We laugh.")]
    held_out = [Pair("Il rit.", "It laughs."), Pair("Celle-ci rit.", "She laughs.")]
    pairs, counts = mix(FIRST, _folder(tmp_path, canada=added), held_out=held_out)
    assert counts["canada"] == 1
    assert added[2] in pairs


def test_pairs_that_are_too_long_for_their_source_or_uneven_are_left_out(tmp_path: Path) -> None:
    limits = {source.name: source.max_words for source in SOURCES}
    assert limits["books"] < limits["canada"]
    long = Pair("mot " * limits["canada"], "word " * limits["canada"])
    uneven = Pair("oui", "yes of course it is")
    counts = mix(FIRST, _folder(tmp_path, books=[long, *FIRST], canada=[long, uneven])).counts
    assert (counts["books"], counts["canada"]) == (0, 1)


def test_a_source_that_is_missing_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"canada\.tsv\.gz"):
        mix(FIRST, tmp_path)


def test_nothing_under_the_gpl_is_learned_from_and_every_source_is_named() -> None:
    assert not any("GPL" in source.licence for source in SOURCES)
    assert all(source.attribution in credit() and source.licence in credit() for source in SOURCES)


def test_the_pairs_written_for_lectures_are_pairs_as_the_models_read_them_each_once() -> None:
    pairs = read_pairs(LECTURES)
    assert len(pairs) == len(set(pairs)) > 250
    assert all(normalise(side).text == side for pair in pairs for side in pair)
