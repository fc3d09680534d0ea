"""Two gaps made up for the tests: of a model with attention, and of one without."""

import dataclasses

from s2s.evaluate.gap import Gap, Position, SentenceScores, StepScores


def scores(accuracy: float, loss: float = 1.0, entropy: float | None = None) -> StepScores:
    return StepScores(accuracy=accuracy, loss=loss, entropy=entropy)


def _position(first: int, last: int | None, steps: int, forced: StepScores, free: StepScores) -> Position:
    return Position(first=first, last=last, steps=steps, forced=forced, free=free)


GAP = Gap(
    pairs=8,
    skipped=1,
    overall=_position(1, None, 40, scores(0.75, 1.25, 1.5), scores(0.5, 2.5, 1.625)),
    positions=(
        _position(1, 1, 8, scores(0.875, 0.5, 1.5), scores(0.875, 0.5, 1.5)),
        _position(2, 2, 8, scores(0.75, 1.0, 1.25), scores(0.625, 1.5, 1.5)),
        _position(3, 3, 8, scores(0.75, 1.5, 1.75), scores(0.5, 2.75, 1.75)),
        _position(4, None, 16, scores(0.6875, 1.625, 1.5), scores(0.25, 4.0, 1.75)),
    ),
    firsts=(1, 0, 2, 1, 0, 1),
    forced=SentenceScores(exact=0.375, bleu=58.5),
    free=SentenceScores(exact=0.375, bleu=51.25),
)


def _plain(position: Position) -> Position:
    bare = {name: dataclasses.replace(getattr(position, name), entropy=None) for name in ("forced", "free")}
    return dataclasses.replace(position, **bare)


GAP_WITHOUT_ATTENTION = dataclasses.replace(
    GAP, overall=_plain(GAP.overall), positions=tuple(map(_plain, GAP.positions))
)
