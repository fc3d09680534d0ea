"""What is said of the shape of a picture."""

from pages.kit.shapes import shape_findings
from s2s.evaluate.shape import Shape
from s2s.languages import FIRST, Languages
from tests.apps import SAY

CORE = Languages("ko", "ko", "core")


def test_copies_are_told_where_there_are_some_or_might_be():
    for say in SAY.values():
        copied = say("shape.copied", copied=3, words=4, found=2)
        assert list(shape_findings(Shape(4, 3, 2, 0, 0), FIRST, say)) == [copied]
        every = say("shape.copied_all", copied=3, words=4)
        assert list(shape_findings(Shape(4, 3, 3, 0, 0), FIRST, say)) == [every]
        none = say("shape.copied_none", words=4)
        assert list(shape_findings(Shape(4, 0, 0, 0, 0), CORE, say)) == [none]
        assert list(shape_findings(Shape(4, 0, 0, 0, 0), FIRST, say)) == []


def test_the_order_is_told_where_two_words_look_at_different_ones():
    for say in SAY.values():
        turned = say("shape.turned", crossed=1, pairs=3, percent="33")
        assert list(shape_findings(Shape(3, 0, 0, 3, 1), FIRST, say)) == [turned]
        kept = say("shape.kept", pairs=3)
        assert list(shape_findings(Shape(3, 0, 0, 3, 0), FIRST, say)) == [kept]


def test_nothing_is_said_of_nothing():
    assert list(shape_findings(Shape(0, 0, 0, 0, 0), CORE, SAY["en"])) == []
