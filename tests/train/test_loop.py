import contextlib
import dataclasses
import json
import math
import os
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from s2s.catalog import CARD, CONFIG, WEIGHTS, read_config
from s2s.checkpoints import load
from s2s.config import ATTENTIONS, TrainConfig
from s2s.data.batches import collate
from s2s.data.corpora import Pair
from s2s.data.examples import Example
from s2s.data.fingerprint import fingerprint
from s2s.data.tokenizer import END_ID, PAD_ID, START_ID, Tokenizer
from s2s.errors import ConfigError, DataError
from s2s.model.seq2seq import Seq2Seq
from s2s.train import devices, loop
from s2s.train.loop import fit, kept_at
from s2s.train.processes import ALONE, Group
from s2s.train.state import RUN
from s2s.train.tally import Learned
from s2s.train.update import losses_of, random_seed
from s2s.translator import Translator
from tests.conftest import VOCAB
from tests.sentences import PHRASES
from tests.train.runs import MakeRun, assert_same_state, learned, stop_after

BATCH = collate(
    [Example(np.array([9, 8, END_ID]), np.array([7] * n + [END_ID])) for n in (1, 2, 4)], target_step=4
)


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_the_loss_goes_down_on_a_copying_task(make_run: MakeRun, attention: str) -> None:
    copy = [Pair(pair.source, pair.source) for pair in PHRASES]
    run = make_run(
        attention=attention, updates=60, dev_every=30, label_smoothing=0.0, average=0.5, peak_rate=2e-2
    )._replace(pairs=copy, dev_pairs=copy)
    run = run._replace(target=run.source)
    progress = list(fit(run))
    assert progress[0].loss == pytest.approx(math.log(VOCAB), rel=0.25)  # knows nothing yet
    assert progress[-1].loss < 0.7 * progress[0].loss
    dev = [p.dev_loss for p in progress if p.dev_loss is not None]
    assert len(dev) == 2
    assert dev[1] < dev[0] < math.log(VOCAB)


def test_two_runs_with_the_same_seed_are_the_same_and_with_another_not(make_run: MakeRun) -> None:
    a, b, c = make_run("a"), make_run("b"), make_run("c", seed=2)
    first, second, other = (list(fit(run)) for run in (a, b, c))
    assert learned(first) == learned(second)
    assert learned(first) != learned(other)
    assert_same_state(a.folder, b.folder)


def test_models_that_differ_in_attention_learn_from_the_same_batches(make_run: MakeRun) -> None:
    tokens = {attention: [p.tokens for p in fit(make_run(attention, attention=attention))]
              for attention in ATTENTIONS}  # fmt: skip
    assert all(counted == tokens["none"] for counted in tokens.values())


def test_closing_a_run_saves_a_model_that_translates(make_run: MakeRun) -> None:
    run = make_run()
    stop_after(run, 3)
    assert read_config(run.folder)[1].updates == 3
    assert Translator.load(str(run.folder)).translate("je parle").target_pieces


def test_a_run_that_was_never_asked_for_anything_leaves_nothing(make_run: MakeRun) -> None:
    run = make_run()
    fit(run).close()
    assert not run.folder.exists()


def test_the_folder_is_a_model_while_it_trains(make_run: MakeRun) -> None:
    run = make_run(save_every=2)
    for progress in fit(run):
        if progress.updates >= 2:
            assert read_config(run.folder)[1].updates == progress.updates // 2 * 2
            load(run.folder)


def test_models_are_kept_as_they_were_after_so_many_updates(make_run: MakeRun) -> None:
    run, short = make_run()._replace(keep=(2, 3)), make_run("short")
    total = len(list(fit(run)))
    stop_after(short, 2)
    kept = [kept_at(run.folder, updates) for updates in (2, 3)]
    assert [read_config(folder)[1].updates for folder in (*kept, run.folder)] == [2, 3, total]
    assert (kept[0] / WEIGHTS).read_bytes() == (short.folder / WEIGHTS).read_bytes()
    assert Translator.load(str(kept[0])).translate("je parle").target_pieces
    assert not (kept[0] / RUN).exists(), "a model, and no run to go on with"


def test_the_saved_model_is_the_moving_average_of_the_weights(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(average=0.6)
    name = "decoder.combine.weight"
    seen: list[torch.Tensor] = []
    update = loop.update

    def watched(state: Any, *arguments: Any, **settings: Any) -> Learned:
        seen.append(state.model.state_dict()[name].clone())
        return update(state, *arguments, **settings)

    monkeypatch.setattr(loop, "update", watched)
    list(fit(run))
    tensors = load_file(run.folder / RUN)
    seen.append(tensors[f"model.{name}"])
    average = seen[0]
    for n, value in enumerate(seen[1:]):
        decay = min(0.6, (1 + n) / (10 + n))
        average = decay * average + (1 - decay) * value
    torch.testing.assert_close(tensors[f"average.{name}"], average)
    assert torch.equal(load(run.folder).model.state_dict()[name], tensors[f"average.{name}"].half().float())


def test_in_domain_pairs_are_learned_from_beside_the_others(make_run: MakeRun) -> None:
    copy = [Pair(pair.source, pair.source) for pair in PHRASES]
    settings = {"updates": 60, "label_smoothing": 0.0, "average": 0.5, "peak_rate": 2e-2, "dev_every": 60}
    losses = []
    for name, in_domain in (("general", ()), ("both", copy)):
        run = make_run(name, in_domain_share=0.8, **settings)._replace(dev_pairs=copy, in_domain=in_domain)
        run = run._replace(target=run.source)
        losses.append(list(fit(run))[-1].dev_loss)
    assert losses[1] < 0.7 * losses[0]


def test_what_else_draws_from_the_generator_changes_nothing_that_is_learned(make_run: MakeRun) -> None:
    undisturbed, disturbed = make_run("undisturbed"), make_run("disturbed")
    whole = list(fit(undisturbed))
    progress = []
    for step in fit(disturbed):
        progress.append(step)
        torch.rand(step.updates)
    assert learned(progress) == learned(whole)
    assert_same_state(undisturbed.folder, disturbed.folder)


def test_processes_that_do_not_begin_alike_are_refused(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Group, "from_first", lambda group, data: data + b" and more")
    with pytest.raises(DataError) as caught:
        next(fit(make_run()))
    assert caught.value.key == "processes_differ"


def test_every_update_draws_from_a_seed_of_its_own() -> None:
    draws = {random_seed(*which) for which in product(range(3), range(40), range(3))}
    assert len(draws) == 3 * 40 * 3


def test_a_device_that_is_not_there_is_refused_before_anything_is_written(make_run: MakeRun) -> None:
    run = make_run(device="nonsense")
    with pytest.raises(ConfigError) as caught:
        next(fit(run))
    assert caught.value.key == "device_missing"
    assert not run.folder.exists()


def test_more_threads_than_processors_are_refused(make_run: MakeRun) -> None:
    cores = os.cpu_count() or 1
    assert next(fit(make_run(threads=1))).updates == 1
    with pytest.raises(ConfigError) as caught:
        next(fit(make_run("more", threads=cores + 1)))
    assert (caught.value.key, caught.value.values["high"]) == ("setting_out_of_range", cores)


def test_a_batch_that_few_pairs_take_minutes_to_fill_is_refused(make_run: MakeRun) -> None:
    run = make_run(batch_tokens=1_000_000)
    with pytest.raises(ConfigError) as caught:
        next(fit(run))
    assert (caught.value.key, caught.value.values["pairs"]) == ("batch_of_few_pairs", len(PHRASES))
    assert not run.folder.exists()
    largest = caught.value.values["limit"]
    assert next(fit(make_run("largest", batch_tokens=largest))).updates == 1


def test_a_run_with_nothing_to_learn_is_refused(make_run: MakeRun) -> None:
    run = make_run(max_length=4)._replace(pairs=[Pair("elle écoute " * 5, "she listens " * 5)])
    with pytest.raises(DataError):
        next(fit(run))


def test_tokenizers_are_trained_on_the_pairs_when_none_are_given(make_run: MakeRun) -> None:
    run = make_run(updates=1)
    run = run._replace(
        source=None, target=None, model=dataclasses.replace(run.model, source_vocab=30, target_vocab=32)
    )
    list(fit(run))
    checkpoint = load(run.folder)
    assert (checkpoint.source.size, checkpoint.target.size) == (30, 32)
    assert checkpoint.source.encode("je parle") == Tokenizer.train(
        (pair.source for pair in [*PHRASES, *PHRASES]), size=30
    ).encode("je parle")


def test_an_update_whose_gradient_is_not_finite_leaves_the_weights_as_they_are(make_run: MakeRun) -> None:
    run = make_run()
    state = loop.new_state(run, torch.device("cpu"), ALONE)
    before = {name: value.clone() for name, value in state.model.state_dict().items()}
    exploding = next(state.model.parameters()).register_hook(lambda gradient: gradient * math.inf)
    found = loop.update(state, BATCH, rate=0.1, train=run.train)
    assert math.isfinite(found.loss)
    assert not math.isfinite(found.gradient_norm)
    assert all(torch.equal(before[name], value) for name, value in state.model.state_dict().items())
    exploding.remove()
    loop.update(state, BATCH, rate=0.1, train=run.train)
    assert not torch.equal(before["decoder.output_bias"], state.model.state_dict()["decoder.output_bias"])


def test_the_dev_loss_is_the_cross_entropy_of_the_averaged_weights(make_run: MakeRun) -> None:
    run = make_run()
    *_, last = fit(run)
    model = Seq2Seq(run.model).eval()
    tensors = load_file(run.folder / RUN)
    model.load_state_dict(
        {name.removeprefix("average."): t for name, t in tensors.items() if name.startswith("average.")}
    )
    assert run.source is not None
    assert run.target is not None
    total, pieces = 0.0, 0
    with torch.inference_mode():
        for pair in run.dev_pairs:
            source = [piece.id for piece in run.source.encode(pair.source)]
            target = [piece.id for piece in run.target.encode(pair.target)]
            logits = model(torch.tensor([source]), torch.tensor([[START_ID, *target[:-1]]])).logits[0]
            total -= float(logits.log_softmax(-1)[range(len(target)), target].sum())
            pieces += len(target)
    assert last.dev_loss == pytest.approx(total / pieces, rel=1e-5)
    assert read_config(run.folder)[1].history[-1]["dev_loss"] == last.dev_loss


def test_without_dev_pairs_there_is_no_dev_loss(make_run: MakeRun) -> None:
    run = make_run(updates=2)._replace(dev_pairs=[])
    *_, last = fit(run)
    assert last.dev_loss is not None
    assert math.isnan(last.dev_loss)
    assert load(run.folder).model.config == run.model


def test_tokens_are_the_target_pieces_learned_from(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []
    update = loop.update

    def counting(state: Any, batch: Any, **settings: Any) -> Learned:
        counted.append(sum(int(piece) != PAD_ID for row in batch.target_said for piece in row))
        return update(state, batch, **settings)

    monkeypatch.setattr(loop, "update", counting)
    progress = list(fit(make_run(updates=4)))
    assert [p.tokens for p in progress] == [sum(counted[: n + 1]) for n in range(4)]


HAS_BFLOAT16 = devices.has_bfloat16(torch.device("cpu"))
needs_bfloat16 = pytest.mark.skipif(not HAS_BFLOAT16, reason="this processor has none")


@pytest.mark.skipif(HAS_BFLOAT16, reason="this processor has it")
def test_half_precision_where_there_is_none_is_one_sentence(make_run: MakeRun) -> None:
    with pytest.raises(ConfigError) as caught:
        next(fit(make_run(precision="bfloat16")))
    assert caught.value.key == "precision_missing"


@needs_bfloat16
def test_half_precision_trains_too(make_run: MakeRun) -> None:
    progress = list(fit(make_run(precision="bfloat16")))
    assert all(math.isfinite(p.loss) for p in progress)
    assert progress[-1].loss < progress[0].loss


def test_measuring_which_precision_is_faster_changes_nothing_that_is_learned(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure = loop.bfloat16_is_faster
    measured: list[bool] = []

    def full_after_all(*arguments: Any) -> bool:
        measured.append(measure(*arguments))
        return False

    monkeypatch.setattr(loop, "bfloat16_is_faster", full_after_all)
    by_itself = [p.loss for p in fit(make_run("auto", precision="auto"))]
    assert len(measured) == 1
    assert by_itself == [p.loss for p in fit(make_run("float32"))]


def test_the_model_card_tells_the_settings(make_run: MakeRun) -> None:
    run = make_run(updates=2)
    list(fit(run))
    record = json.loads((run.folder / CONFIG).read_text(encoding="utf-8"))
    assert TrainConfig.from_dict(record["card"]["train"]) == run.train


def test_examples_that_are_too_long_are_left_out_and_counted(make_run: MakeRun) -> None:
    run = make_run(updates=4, max_length=60)
    long = Pair("je parle " * 40, "I speak " * 40)
    run = run._replace(pairs=[*PHRASES, long])
    stop_after(run, 2)
    list(fit(run, resume=True))
    _, card = read_config(run.folder)
    parts = card.left_out  # one in each part of nine
    assert parts > 0
    assert card.drawn == 9 * parts
    text = (run.folder / CARD).read_text(encoding="utf-8")
    assert f"{card.drawn:,} drawn, {parts:,} of them left out as empty or longer than 60 pieces" in text


@pytest.mark.parametrize("precision", ["float32", pytest.param("bfloat16", marks=needs_bfloat16)])
def test_the_model_card_tells_the_pairs_and_what_computed(make_run: MakeRun, precision: str) -> None:
    run = make_run(updates=1, precision=precision)
    list(fit(run))
    _, card = read_config(run.folder)
    assert card.fingerprint == fingerprint(PHRASES)
    assert card.versions["torch"] == torch.__version__
    assert card.versions.keys() == {"python", "torch", "sentencepiece"}
    assert card.device == devices.called(torch.device("cpu"))
    assert (card.precision, card.processes) == (precision, 1)


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("attention", ATTENTIONS)
def test_an_update_computes_where_its_state_is(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch, attention: str, half: bool
) -> None:
    """On torch's device without memory, which refuses to be mixed with another."""
    asked: list[tuple[Any, ...]] = []

    def autocast(
        device: str, *, dtype: torch.dtype, enabled: bool
    ) -> contextlib.AbstractContextManager[None]:
        asked.append((device, dtype, enabled))
        return contextlib.nullcontext()

    monkeypatch.setattr(torch, "autocast", autocast)
    run = make_run(attention=attention, word_dropout=0.2, coverage=0.5, agreement=0.0)
    state = loop.new_state(run, torch.device("meta"), ALONE)
    state.half = half
    loss, objective, _ = losses_of(state, BATCH, train=run.train, group=ALONE)
    objective.backward()
    assert asked == [("meta", torch.bfloat16, half)]
    assert loss.device.type == objective.device.type == "meta"
    parameters = list(state.model.parameters())
    assert {value.device.type for value in (*state.average.values(), *parameters)} == {"meta"}
    assert all(p.grad is not None and p.grad.device.type == "meta" for p in parameters)
