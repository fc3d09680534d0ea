"""A toy model in several regimes: alike at the start, each as if it learned alone, right where it can be."""

from itertools import islice

import numpy as np
import pytest
import torch

from s2s.config import FREE, NO_ATTENTION, PROFESSOR, SCHEDULED, TEACHER, ModelConfig
from s2s.data.toys import PIECES, SYMBOLS, copying
from s2s.decode.loop import Task, decode, greedy
from s2s.decode.prepared import Prepared
from s2s.errors import ConfigError
from s2s.evaluate.regime_curves import CHANCE, EVERY, HELD_OUT, Point, reached
from s2s.model.families import build
from s2s.train import exposure
from s2s.train.exposure import learn, right_symbols


def timeless(points: list[Point]) -> list[Point]:
    """Points without what a clock said of them."""
    return [point._replace(seconds=0.0) for point in points]


def test_regimes_take_turns_and_begin_with_equal_weights():
    regimes = (TEACHER, SCHEDULED, FREE)
    points = list(learn(regimes=regimes, length=3, updates=EVERY + 5, seed=2))
    places = [(point.updates, point.regime) for point in points]
    assert places == [(done, regime) for done in (0, EVERY, EVERY + 5) for regime in regimes]
    assert len({point._replace(regime="") for point in points[:3]}) == 1
    assert len({(point.forced, point.free) for point in points[-3:]}) > 1
    for point in points[3:]:
        assert point.loss is not None
        assert point.gradient_norm is not None
        assert point.loss > 0
        assert point.gradient_norm > 0
        assert point.seconds > 0


def test_the_same_seed_gives_the_same_curves_in_any_company_and_leaves_torchs_generator_alone():
    both = list(learn(length=3, updates=EVERY, seed=3))
    before = torch.get_rng_state()
    for regime in (TEACHER, SCHEDULED):
        alone = list(learn(regimes=(regime,), length=3, updates=EVERY, seed=3))
        assert timeless(alone) == timeless([point for point in both if point.regime == regime])
    assert torch.equal(torch.get_rng_state(), before)
    assert timeless(list(learn(length=3, updates=EVERY, seed=4))) != timeless(both)


def test_what_is_right_is_counted_as_the_decoding_loop_says_it():
    """Fed its own words, what greedy decoding says; fed the reference, what the model finds likeliest."""
    model = build(ModelConfig(attention="dot", hidden=16, source_vocab=PIECES, target_vocab=PIECES), seed=5)
    with torch.no_grad():
        model.decoder.output_bias[:4] = -1e9  # no special piece: a run goes on to its limit
    batch = copying(6, 5, np.random.default_rng(6))
    forced, free = right_symbols(model, batch)
    tasks = [Task(row.tolist(), greedy, 5) for row in batch.source]
    said = np.array([one.said for one in decode(Prepared(model.eval()), tasks)])
    np.testing.assert_allclose(free, (said == batch.target_said[:, :-1]).mean(axis=1))
    source, read = torch.from_numpy(batch.source), torch.from_numpy(batch.target_read)
    with torch.no_grad():
        likeliest = model(source, read).logits.argmax(dim=-1).numpy()
    np.testing.assert_allclose(forced, (likeliest == batch.target_said)[:, :-1].mean(axis=1))


def test_errors_are_those_of_means_over_sequences(monkeypatch: pytest.MonkeyPatch):
    forced, free = np.array([1.0, 0.5, 0.5, 0.0]), np.array([0.5, 0.5, 0.0, 0.0])
    monkeypatch.setattr(exposure, "right_symbols", lambda model, batch: (forced, free))
    (point,) = islice(learn(length=3, updates=1, seed=1), 1)
    assert (point.forced, point.free, point.gap) == (0.5, 0.25, 0.25)
    assert point.free_error == pytest.approx(np.sqrt(4 * 0.25**2 / 3 / 4))
    assert point.gap_error == pytest.approx(np.sqrt(4 * 0.25**2 / 3 / 4))
    assert (point.loss, point.gradient_norm) == (None, None)


def test_before_it_has_learned_it_guesses_and_an_easy_task_is_learned_in_both_ways_to_be_fed():
    points = list(learn(regimes=(TEACHER,), attention="dot", length=3, updates=100, seed=1))
    assert CHANCE == 1 / SYMBOLS
    assert points[0].free == pytest.approx(CHANCE, abs=5 * (CHANCE / HELD_OUT) ** 0.5)
    assert points[-1].forced > 0.95
    assert points[-1].free > 0.95


def test_the_gap_opens_under_a_teacher_and_not_where_the_model_meets_its_own_words():
    points = list(learn(length=8, updates=200, seed=3))
    teacher, scheduled = points[-2:]
    assert teacher.gap > 0.2
    assert scheduled.gap < 0.1
    assert teacher.forced > scheduled.forced
    assert scheduled.free > teacher.free


def test_professor_forcing_needs_attention():
    with pytest.raises(ConfigError, match="attention"):
        next(learn(regimes=(TEACHER, PROFESSOR), attention=NO_ATTENTION))
    points = list(learn(regimes=(TEACHER, PROFESSOR), attention="dot", length=3, updates=2, seed=1))
    assert timeless(points[:1]) == [timeless(points[1:2])[0]._replace(regime=TEACHER)]
    assert points[-1].regime == PROFESSOR


def test_a_share_is_reached_at_the_first_point_that_has_it():
    blank = Point(TEACHER, 0, 0.0, 1.0, 0.0, 0.0, 0.0, None, None)
    points = [blank._replace(updates=n, free=share) for n, share in enumerate((0.1, 0.4, 0.3, 0.5))]
    assert reached(points, 0.3) == points[1]
    assert reached(points, 0.45) == points[3]
    assert reached(points, 0.6) is None


def test_a_point_goes_to_json_and_comes_back():
    (point,) = islice(learn(length=3, updates=1, seed=1), 1)
    assert Point.from_dict(point._asdict()) == point
