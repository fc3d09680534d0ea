"""What each head does, on looks that are made to do it; the record of it, and the command that makes it."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from s2s.catalog import Card
from s2s.checkpoints import Checkpoint, save
from s2s.claims.heads import deserves, names
from s2s.cli import main
from s2s.config import TransformerConfig
from s2s.data.tokenizer import Tokenizer
from s2s.errors import DataError, TraceError
from s2s.evaluate.alignment_error import Linked, alignment_score, word_links
from s2s.evaluate.gold import GoldPair
from s2s.evaluate.head_tests import TESTS
from s2s.evaluate.heads import Heads, Measured, Reading, all_tests, measured, parted, read_heads, scores
from s2s.looks import all_looks
from s2s.model.families import build
from s2s.pieces import Piece
from s2s.traces import END, Trace
from tests.conftest import VOCAB
from tests.small_traces import SOURCE, TARGET, trace_of, with_heads

GOLD = GoldPair(
    source=SOURCE,
    target=TARGET,
    sure=frozenset({(1, 0), (2, 1), (3, 2)}),  # enfant He, dort sleeps, . .
    possible=frozenset({(0, 0), (1, 0), (2, 1), (3, 2)}),
)
STEPS, PLACES = 6, 7  # He sl ee ps . </s>; L ' en fant dort . </s>


class Says:
    """A model that aligns everything in one way."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace

    def align(self, source: str, target: str) -> Trace:
        assert (source, target) == (self.trace.source, self.trace.target)
        return self.trace


def looking(columns: Sequence[int], width: int) -> np.ndarray:
    """A head whose row i looks at `columns[i]` alone."""
    weights = np.zeros((len(columns), width), dtype=np.float32)
    weights[np.arange(len(columns)), columns] = 1
    return weights


def found(model: Says, pairs: Sequence[GoldPair] = (GOLD,)) -> Measured:
    *pauses, last = measured(model, pairs)
    assert pauses == [None] * len(pairs)
    assert last is not None
    return last


def share(one: Measured, of: str, name: str, head: int) -> float | None:
    return one.tally.counted(of, name).shares[0][head]


def test_a_cross_head_is_told_by_the_words_that_it_looks_at():
    said = looking([3, 4, 4, 4, 5, 6], PLACES)  # each word at its own
    later = looking([0, 3, 4, 4, 4, 5], PLACES)  # a step later
    last = looking([6] * STEPS, PLACES)
    one = found(Says(with_heads(cross_looks=np.stack([[said, later, last]]), **selves())))
    assert [share(one, "cross", "linked", head) for head in range(3)] == [1, 2 / 3, 0]
    assert share(one, "cross", "linked_read", 1) == 1
    assert [share(one, "cross", "end", head) for head in range(3)] == [0, 0, 1]
    assert one.tally.counted("cross", "copied") == (0, ((None, None, None),))
    assert one.readings[Reading("head", 0, 0, "predicts")] == 0
    assert one.readings[Reading("head", 0, 1, "reads")] == 0
    assert one.readings[Reading("head", 0, 2, "predicts")] == 1


def selves(layers: int = 1, heads: int = 3) -> dict[str, np.ndarray]:
    """Looks of both sides at themselves, of every position at itself."""
    return {
        name: np.tile(np.eye(size, dtype=np.float32), (layers, heads, 1, 1))
        for name, size in (("encoder_looks", PLACES), ("decoder_looks", STEPS))
    }


def test_a_place_that_is_two_things_at_once_says_nothing():
    """The piece before the full stop, the full stop and the end token are neighbours."""
    before = looking([0, 0, 1, 2, 3, 4, 5], PLACES)
    after = looking([1, 2, 3, 4, 5, 6, 6], PLACES)
    mark = looking([5] * PLACES, PLACES)
    encoder = np.stack([[before, after, mark]])
    one = found(Says(with_heads(heads=3, layers=1, **selves() | {"encoder_looks": encoder})))
    assert [share(one, "encoder", "previous", head) for head in range(3)] == [1, 0, 1 / 6]
    assert [share(one, "encoder", "next", head) for head in range(3)] == [0, 1, 1 / 5]
    assert [share(one, "encoder", "mark", head) for head in range(3)] == [0, 0, 1]
    assert one.tally.counted("encoder", "mark").positions == 4, "of L ' en fant: not dort, beside the stop"
    assert one.tally.counted("encoder", "end").positions == 5


def test_the_decoder_looks_back():
    start = looking([0] * STEPS, STEPS)
    before = looking([0, 0, 1, 2, 3, 4], STEPS)
    decoder = np.stack([[start, before, np.eye(STEPS, dtype=np.float32)]])
    one = found(Says(with_heads(heads=3, layers=1, **selves() | {"decoder_looks": decoder})))
    assert [share(one, "decoder", "start", head) for head in range(3)] == [1, 0, 0]
    assert [share(one, "decoder", "previous", head) for head in range(3)] == [0, 1, 0]
    assert [share(one, "decoder", "same", head) for head in range(3)] == [0, 0, 1]


def test_what_is_copied_is_looked_at_letter_by_letter():
    source, target = "Anna dort", "Anna sleeps"
    pieces = (
        [Piece("▁Anna", 4, 0, 4), Piece("▁dort", 5, 5, 9), Piece(END, 3, 9, 9)],
        [Piece("▁Anna", 4, 0, 4), Piece("▁sleeps", 6, 5, 11), Piece(END, 3, 11, 11)],
    )
    cross = np.stack([[looking([0, 0, 0], 3), looking([1, 1, 2], 3)]])
    trace = with_heads(
        layers=1, heads=2, source=source, target=target, cross_looks=cross,
        source_pieces=tuple(pieces[0]), target_pieces=tuple(pieces[1]),
    )  # fmt: skip
    gold = GoldPair(source=source, target=target, sure=frozenset(), possible=frozenset())
    one = found(Says(trace), [gold])
    assert one.tally.counted("cross", "copied") == (1, ((1, 0),))
    assert one.tally.counted("cross", "linked").positions == 0


def test_a_reading_errs_as_its_own_links_do():
    trace = with_heads(3)
    one = found(Says(trace))
    for reading, error in one.readings.items():
        alignment = reading.map(trace)
        links = word_links(alignment, SOURCE, TARGET)
        assert error == alignment_score([Linked(GOLD, links)]).aer, reading
    assert len(one.readings) == 2 * (2 + 2 + 6 + 6)
    assert Reading("read", None, None, "predicts").map(trace).links == trace.alignment().links
    assert Reading("head", 1, 2, "reads").map(trace).links == all_looks(trace, row="reads").head(1, 2).links


def test_a_model_without_heads_is_not_measured():
    with pytest.raises(TraceError, match="has no heads"):
        found(Says(trace_of()))


def test_gold_is_parted_line_by_line_unless_there_is_other_gold():
    gold = [dataclasses.replace(GOLD, phenomena=(str(k),)) for k in range(5)]
    chosen, told = parted(gold, None)
    assert [pair.phenomena[0] for pair in chosen] == ["0", "2", "4"]
    assert [pair.phenomena[0] for pair in told] == ["1", "3"]
    assert parted(gold, [GOLD]) == ([GOLD], gold)
    with pytest.raises(DataError) as caught:
        parted(gold[:1], None)
    assert caught.value.key == "gold_not_parted"


def record(chosen: Measured | None = None, told: Measured | None = None) -> Heads:
    chosen = chosen or found(Says(with_heads(1)))
    told = told or found(Says(with_heads(2)))
    return Heads(
        model="fr-en-transformer",
        weights="0" * 64,
        gold="fr-en.tsv",
        gold_fingerprint="1" * 64,
        dev=None,
        dev_fingerprint=None,
        chosen_pairs=1,
        told_pairs=1,
        layers=told.layers,
        heads=told.heads,
        readings=scores(chosen, told),
        tests=tuple(all_tests(chosen.tally, told.tally)),
        beside=None,
    )


def test_the_best_reading_is_chosen_on_some_pairs_and_told_on_others(tmp_path: Path):
    one = record()
    assert one.best.chosen_on == min(score.chosen_on for score in one.readings)
    assert one.best.told_on == found(Says(with_heads(2))).readings[one.best.reading]
    path = tmp_path / "heads.json"
    path.write_text(one.to_json(), encoding="utf-8")
    assert read_heads(path) == one


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"format": 9}, "format_foreign"),
        ({"heads": 4}, "evaluation_damaged"),
        ({"tests": []}, "evaluation_damaged"),
        ({"readings": [{"reading": ["read"]}]}, "evaluation_damaged"),
        ({"told_pairs": "many"}, "evaluation_damaged"),
    ],
)
def test_a_record_that_is_not_one_is_refused_with_its_name(tmp_path: Path, change, key):
    path = tmp_path / "heads.json"
    path.write_text(json.dumps(json.loads(record().to_json()) | change), encoding="utf-8")
    with pytest.raises(DataError, match=r"heads\.json") as caught:
        read_heads(path)
    assert caught.value.key == key


def test_a_name_takes_a_share_far_above_the_others_on_both_sets_of_pairs():
    one = record()
    test = one.test("encoder", "previous")
    led = ((0.9, 0.2, 0.1), (0.1, 0.55, 0.3))
    far = dataclasses.replace(test, positions=(50, 40), chosen_on=led, told_on=led)
    claim = deserves(far, 0, 0)
    assert (claim.key, claim.holds) == ("heads.encoder_previous", True)
    assert claim.values == {"share": 0.9, "others": 0.2, "chosen": 0.9}
    assert deserves(far, 1, 1).holds, "0.55 is 0.35 above the median of the others"
    assert deserves(far, 1, 2).holds is False
    assert deserves(dataclasses.replace(far, positions=(50, 3)), 0, 0).holds is None
    less = ((0.49, 0.2, 0.1), (0.1, 0.55, 0.3))
    assert deserves(dataclasses.replace(far, chosen_on=less), 0, 0).holds is False
    alone = dataclasses.replace(far, chosen_on=((0.9,),), told_on=((0.9,),))
    assert deserves(alone, 0, 0).holds is None
    named = dataclasses.replace(one, tests=tuple(far if t is test else t for t in one.tests))
    assert [(n.test, n.share, n.others) for n in names(named, "encoder", 0, 0)] == [("previous", 0.9, 0.2)]
    assert names(named, "encoder", 0, 1) == ()
    assert names(named, "cross", 0, 0) == ()


@pytest.fixture
def transformer_folder(tmp_path: Path, tokenizers: tuple[Tokenizer, Tokenizer]) -> Path:
    """A small Transformer that has learned nothing."""
    config = TransformerConfig(
        hidden=16, heads=2, layers=2, feedforward=24, dropout=0.0, source_vocab=VOCAB, target_vocab=VOCAB
    )
    save(Checkpoint(build(config, seed=3), *tokenizers), tmp_path / "tiny-transformer", card=Card())
    return tmp_path / "tiny-transformer"


def test_the_command_measures_a_folder_and_writes_the_record(tmp_path: Path, transformer_folder, capsys):
    gold = tmp_path / "gold.tsv"
    rows = ("il dort\the sleeps\t0-0 1-1\tx", "elle dort\tshe sleeps\t0-0 1-1\tx")
    gold.write_text("\n".join(rows) + "\n", encoding="utf-8")
    command = ["heads", str(transformer_folder), "--gold", str(gold), "--write", "--out", str(tmp_path)]
    assert main(command) == 0
    told = capsys.readouterr().out
    whole = read_heads(tmp_path / "heads.json")
    assert (whole.model, whole.layers, whole.heads) == (transformer_folder.name, 2, 2)
    assert whole.beside is not None
    assert whole.beside.model == "fr-en-general"
    assert [(one.of, one.name) for one in whole.tests] == [(of, t) for of in TESTS for t in TESTS[of]]
    assert f"{100 * whole.best.told_on:.1f} % on the others" in told
    assert f"{100 * whole.beside.told_on:.1f} % on these" in told
    assert main([*command, "--dev", str(gold)]) == 0
    again = read_heads(tmp_path / "heads.json")
    assert (again.dev, again.chosen_pairs, again.told_pairs) == ("gold.tsv", 2, 2)
    assert main(["heads", "fr-en-general", "--gold", str(gold)]) == 1
    assert "fr-en-general has no heads" in capsys.readouterr().err


def test_a_model_that_is_not_there_is_told(capsys):
    assert main(["heads", "fr-en-nothing"]) == 1
    assert "fr-en-nothing" in capsys.readouterr().err
