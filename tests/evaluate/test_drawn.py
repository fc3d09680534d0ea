"""Links that a person drew, on the axes of a picture."""

from dataclasses import replace

from s2s.evaluate.drawn import Comparison, DrawnLink, compare, drawn_links
from s2s.evaluate.gold import GoldPair
from s2s.pieces import units_of
from s2s.places import ASSETS
from s2s.traces import Trace

PLACE = ASSETS / "traces" / "fr-en-general.json"
TRACE = Trace.from_json(PLACE.read_text(encoding="utf-8"))  # Le chat noir dort sur la chaise.
# The black cat sleeps on a chair.
SURE = frozenset({(0, 0), (1, 2), (2, 1), (3, 3), (4, 4), (6, 6), (7, 7)})
PAIR = GoldPair(
    source=TRACE.source,
    target="The black cat sleeps on a chair.",
    sure=SURE,
    possible=SURE | {(5, 6)},
)


def test_links_stand_where_the_model_said_the_same_words_and_nowhere_else():
    alignment = TRACE.alignment()
    assert [unit.text for unit in alignment.target_units][
        :8
    ] == "The black cat is sleeping on the chair".split()
    found = drawn_links(PAIR, TRACE, alignment.source_units, alignment.target_units)
    cells = {(link.columns.start, link.rows.start, link.is_sure) for link in found}
    assert cells == {
        (0, 0, True),
        (2, 1, True),
        (1, 2, True),
        (4, 5, True),
        (6, 7, True),
        (5, 7, False),
        (7, 8, True),
    }
    assert all(len(link.columns) == len(link.rows) == 1 for link in found)


def test_a_word_of_several_pieces_is_linked_as_a_whole():
    pieces = TRACE.source_pieces
    chat = next(i for i, piece in enumerate(pieces) if piece.text == "▁chat")
    first, last = pieces[chat]._replace(text="▁ch", end=pieces[chat].end - 2), pieces[chat]
    split = (*pieces[:chat], first, last._replace(text="at", start=first.end), *pieces[chat + 1 :])
    units, _ = units_of(TRACE.source, split, "pieces", "fr")
    found = drawn_links(PAIR, TRACE, units, TRACE.alignment().target_units)
    assert DrawnLink(range(chat, chat + 2), range(2, 3), is_sure=True) in found


def test_agreement_counts_the_words_that_can_be_compared():
    found = compare(PAIR, TRACE)
    assert found == Comparison(words=8, compared=5, agreed=5)
    elsewhere = replace(PAIR, sure=frozenset(), possible=frozenset({(0, 1), (0, 2), (0, 6), (3, 3)}))
    assert compare(elsewhere, TRACE) == Comparison(words=8, compared=3, agreed=0)
    assert compare(PAIR, replace(TRACE, scores=None, weights=None, contexts=None)) is None
