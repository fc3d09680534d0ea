"""Who judges what a translation lost: a model with attention that knows both languages, made to say the
translation."""

from __future__ import annotations

from pages.kit.family import config_of, name_of, own, recurrent
from pages.kit.strings import Strings
from s2s import catalog
from s2s.errors import TraceError
from s2s.languages import Languages


def judge_of(name: str) -> str:
    """The model that judges what a model loses: one for all of its languages, so that they compare. Raises
    CheckpointError for one that cannot be read, TraceError where nobody can judge it."""
    judge = _judge(config_of(name).languages)
    if judge is None:
        raise TraceError("model_without_attention", name=name)
    return judge


def judged_own(*, is_offered: bool) -> tuple[str, ...]:
    """The reader's own models that somebody can judge, or those that nobody can."""
    return tuple(
        name for name, one in own().configs.items() if (_judge(one.languages) is not None) == is_offered
    )


def _judge(languages: Languages) -> str | None:
    """The shipped one for its languages; for others the first of the reader's own that attends and whose one
    look alone decides what is said (`s2s.decode.posteriors`)."""
    for task in catalog.tasks():
        if task.languages == languages:
            return task.judge
    known = own().configs
    knowing = (name for name in recurrent(known) if known[name].languages == languages)
    return next((name for name in knowing if known[name].attends), None)


def left_out(say: Strings) -> str:
    """Why some of the reader's own models are not offered; nothing where all are."""
    names = judged_own(is_offered=False)
    return say("bottleneck.left_out", models=", ".join(name_of(name, say) for name in names)) if names else ""
