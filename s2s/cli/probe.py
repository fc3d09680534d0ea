"""python -m s2s probe: what the state that the encoder hands over still knows, position by position."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from s2s.catalog import PROBE, locate
from s2s.cli.outputs import check_writable, write
from s2s.cli.settings import SEEDS, Limits, add_number
from s2s.cli.streams import say
from s2s.records import to_json

if TYPE_CHECKING:
    from s2s.evaluate.probe import Probe, ProbedChain, ProbeScore
    from s2s.evaluate.translation import Sentence

INPUTS: Final = Limits(2, 200_000)  # their states are kept in memory


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `probe`."""
    meaning = "fit a linear probe to the states that models hand over, keep it beside them, and measure it"
    parser = commands.add_parser("probe", help=meaning, description=meaning)
    parser.set_defaults(command=_probe)
    parser.add_argument("--model", dest="models", action="append", required=True, metavar="NAME",
                        help="a shipped model or the path of a model folder; may be repeated")  # fmt: skip
    parser.add_argument("--train", type=Path, required=True, metavar="FILE",
                        help="pairs whose sources the probe learns from")  # fmt: skip
    parser.add_argument("--test", type=Path, required=True, metavar="FILE",
                        help="pairs neither model nor probe learned from")  # fmt: skip
    add_number(parser, "--inputs", INPUTS, default=60_000, meaning="inputs to learn from")
    add_number(parser, "--epochs", Limits(1, 1000), default=8, meaning="times that each is learned from")
    add_number(parser, "--seed", SEEDS, default=1, meaning="seed of the inputs and their order")
    parser.add_argument("--json", type=Path, metavar="FILE",
                        help="write what was measured there")  # fmt: skip


def _probe(options: argparse.Namespace) -> None:
    import torch

    from s2s.data.corpora import read_pairs
    from s2s.evaluate.translation import chains, sentences

    torch.set_num_threads(1)
    if options.json:
        check_writable(options.json)
    for name in options.models:
        check_writable(locate(name) / PROBE)
    sources = list(dict.fromkeys(pair.source for pair in read_pairs(options.train)))
    held_out = chains(sentences(read_pairs(options.test)))
    scores = [_one(name, sources, held_out, options) for name in options.models]
    for score in scores:
        for chain in score.chains:
            say(_line(score.model, chain))
    if options.json:
        write(options.json, to_json([score.to_dict() for score in scores], indent=1) + "\n")


def _one(
    name: str, sources: Sequence[str], held_out: Sequence[Sequence[Sentence]], options: argparse.Namespace
) -> ProbeScore:
    """Fit, keep and measure the probe of one model."""
    from s2s import catalog
    from s2s.evaluate import probe as probes
    from s2s.evaluate.translation import CHAINS
    from s2s.translator import Translator

    folder = catalog.locate(name)
    probes.save(_fitted(folder, sources, options), folder)
    translator, probe = Translator.load(name), probes.load(folder)
    return probes.ProbeScore(
        model=folder.name,
        probe=hashlib.sha256(catalog.read_part(folder / catalog.PROBE)).hexdigest(),
        inputs=options.inputs,
        chains=tuple(
            probes.probed_chain(
                [probes.read_words(probe, translator.translate(one.source)) for one in inputs],
                sentences=count,
            )
            for count, inputs in zip(CHAINS, held_out, strict=True)
            if inputs
        ),
    )


def _fitted(folder: Path, sources: Sequence[str], options: argparse.Namespace) -> Probe:
    from tqdm import tqdm

    from s2s import checkpoints
    from s2s.errors import ConfigError
    from s2s.model.seq2seq import Seq2Seq
    from s2s.train.probe import fit, inputs

    checkpoint = checkpoints.load(folder)
    model = checkpoint.model
    if not isinstance(model, Seq2Seq):
        raise ConfigError("asked_of_recurrent", name=folder.name)
    read = inputs(sources, checkpoint.source, count=options.inputs, seed=options.seed)
    probe = None
    with tqdm(desc=folder.name, dynamic_ncols=True, mininterval=1) as bar:
        for progress in fit(model, read, epochs=options.epochs, seed=options.seed):
            bar.total = progress.total
            if progress.loss is not None:
                bar.set_postfix_str(f"loss {progress.loss:.2f} nats an input", refresh=False)
            bar.update(progress.done - bar.n)
            probe = progress.probe
    assert probe is not None
    return probe


def _line(model: str, chain: ProbedChain) -> str:
    parts = " ".join(f"{100 * part.read.value:.0f}/{100 * part.common:.0f}" for part in chain.parts)
    whole = f"{100 * chain.whole.read.value:.1f}/{100 * chain.whole.common:.1f}"
    return f"{model}, chains of {chain.sentences}: {whole} % by probe/baseline; from the start: {parts}"
