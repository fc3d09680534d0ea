"""The door: text in, `Trace` out. No tensor escapes.

Free running, each word follows from the last; forced, the model says a given translation, and `explain`
tells where each of its words came from:

>>> translator = Translator.load("fr-en-general")
>>> trace = translator.translate("Il fait froid.")
>>> trace.weights.shape == (len(trace.target_pieces), len(trace.source_pieces))
True
>>> translator.align("Il fait froid.", "It is cold.").target
'It is cold.'
>>> explained = translator.explain("Il fait froid.", "It is cold.").alignment(row="explains")
>>> [unit.text for unit in explained.target_units]
['It', 'is', 'cold', '.', '</s>']

The texts of many sentences at once, without their traces: `translations`.

Both ways, step by step; everything that led to each number; and where a word's gradient arrives, and how:

>>> both = translator.compare("Il fait froid.", "It is cold.")
>>> both.forced.target, both.free.target == trace.target
('It is cold.', True)
>>> translator.workings("Il fait froid.").steps == len(trace.target_pieces)
True
>>> back = translator.gradients("Il fait froid.", step=2)
>>> round(back.share("attention") + back.share("chain"), 6)
1.0
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any, Final

import torch
from numpy.typing import NDArray

from s2s import catalog, checkpoints, gradients
from s2s.config import DecodeConfig, TrainConfig
from s2s.data.tokenizer import spell
from s2s.decode.forcing import injected, mixed, teacher_turns
from s2s.decode.loop import Decoded, Ready, Task, decode, forced, greedy, greedy_pieces, prepare
from s2s.decode.posteriors import posteriors
from s2s.decode.reader import Side, given, read
from s2s.decode.recorder import candidates, fetched, record, translation
from s2s.decode.workings import parameters, workings
from s2s.decode.workings_transformer import head_parameters, head_workings
from s2s.errors import ConfigError, DataError
from s2s.evaluate.divergence import Injection, Regimes, regimes
from s2s.model.families import build
from s2s.model.seq2seq import Seq2Seq
from s2s.model.transformer.model import Transformer
from s2s.paths import Flow, Gradients, Update
from s2s.text import normalise
from s2s.traces import Forcing, Piece, Trace, Translation, rest_of_word
from s2s.translations import Translations
from s2s.walkthrough.transformer import HeadParameters, HeadWorkings
from s2s.walkthrough.workings import Parameters, Workings

CANDIDATES: Final = 5  # pieces that are kept of each distribution, where it is asked for


class Translator:
    """A trained model with its tokenizers. Translating changes nothing in it: threads may share one."""

    def __init__(
        self, name: str, checkpoint: checkpoints.Checkpoint, limits: DecodeConfig | None = None
    ) -> None:
        self.name = name
        self.attention = checkpoint.model.config.attention
        self.languages = checkpoint.model.config.languages
        self.limits = (limits or DecodeConfig()).within(checkpoint.model.config)
        self._checkpoint = checkpoint

    @classmethod
    def load(cls, name: str, *, limits: DecodeConfig | None = None) -> Translator:
        """A shipped model by its name, or the model in a folder by its path. Raises CheckpointError."""
        folder = catalog.locate(name)
        return cls(folder.name, checkpoints.load(folder), limits)

    @torch.inference_mode()
    def translate(self, source: str, *, guess: str = "") -> Trace:
        """The model's own translation, greedily, with everything computed on the way.

        Any text is accepted. A source longer than the limit is read up to it (`source_cut`), at the last
        word that fits; a translation that does not end is stopped (`target_cut`). The more of `guess` is in
        the translation, the sooner it is there; what is said does not depend on it (see `decode`).
        """
        return self._record(*self._free(source, guess))

    def translate_all(self, sources: Sequence[str], *, guesses: Sequence[str] | None = None) -> list[Trace]:
        """What `translate` gives for each of several sentences, decoded together: the weights are read once
        for all of them. `guesses` has one for each, "" for none.

        Products of many sentences at once are rounded differently: where two pieces are as likely as each
        other, the other one may be said.
        """
        batch = self.batch()
        batch.add(dict(enumerate(zip(sources, guesses or [""] * len(sources), strict=True))))
        found: dict[int, Trace] = {}
        while len(batch):
            found |= batch.step()
        return [found[number] for number in range(len(sources))]

    def batch(self) -> Translations:
        """Sentences to be translated together, which may come at any time."""
        return Translations(self)

    def translations(self, sources: Sequence[str]) -> list[str]:
        """The texts that `translate` gives, of many sources in a fraction of the time (`translate_plain`)."""
        return [one.target for one in self.translate_plain(sources)]

    def translate_plain(self, sources: Sequence[str]) -> list[Translation]:
        """What `translate` says to each of many sources, and what was cut, in a fraction of the time; rounded
        as by `translate_all`."""
        read = [self._read(source) for source in sources]
        ids = [_ids(side.pieces) for side in read]
        said = greedy_pieces(self._checkpoint.model, ids, limit=self.limits.target_limit)
        speak = partial(translation, tokenizer=self._checkpoint.target, language=self.languages.source)
        return list(map(speak, read, said))

    @torch.inference_mode()
    def workings(self, source: str) -> Workings:
        """What `translate` gives, with all that is needed to compute each of its numbers again: the trace in
        it has candidates and distributions over the vocabulary, 16 kB for each of its steps."""
        model = self._recurrent
        decoded, read, said = self._free(source)
        trace = self._record(decoded, read, said, with_candidates=CANDIDATES)
        return workings(model, decoded, trace, self.parameters)

    @cached_property
    def parameters(self) -> Parameters:
        """What the model learned, as arrays that share its memory."""
        return parameters(self._recurrent, self._checkpoint.target)

    @torch.inference_mode()
    def head_workings(self, source: str) -> HeadWorkings:
        """The same of a Transformer, with what each head of each attention computed. Raises ConfigError for
        another model."""
        model = self._transformer
        trace = self._record(*self._free(source), with_candidates=CANDIDATES)
        return head_workings(model, trace, self.head_parameters)

    @cached_property
    def head_parameters(self) -> HeadParameters:
        """`parameters` of a Transformer. Raises ConfigError for another model."""
        return head_parameters(self._transformer, self._checkpoint.target)

    @torch.inference_mode()
    def align(self, source: str, target: str) -> Trace:
        """The same record for a given translation: the decoder is fed its words (teacher forcing).

        Raises DataError when the target is longer than a free run could ever be.
        """
        return self._record(*self._forced(source, target))

    @torch.inference_mode()
    def explain(self, source: str, target: str) -> Trace:
        """What `align` gives, and with it the posteriors: which source piece explains each target piece.

        It costs a product with the vocabulary for each of them. Raises DataError as `align` does.
        """
        decoded, read, said = self._forced(source, target)
        explained = posteriors(self._checkpoint.model, decoded)
        return self._record(decoded, read, said, posteriors=explained)

    @torch.inference_mode()
    def compare(
        self,
        source: str,
        reference: str = "",
        *,
        ratio: float = 0.0,
        seed: int = 1,
        injection: Injection | None = None,
    ) -> Regimes:
        """The sentence decoded twice: fed by a teacher who says `reference`, and fed by itself.

        Without a reference, or with one that is what the model says, the model's own translation is it, piece
        by piece: then both runs are the same. `ratio` leaves that share of the second run's steps to the
        teacher, drawn with `seed`: 1 is teacher forcing, 0 a free run. `injection` feeds a word to both. Each
        trace has the likeliest candidates of its steps.

        Raises DataError for a reference or word that is too long, ConfigError for a ratio or step outside its
        limits.
        """
        if not 0 <= ratio <= 1:
            raise ConfigError("setting_out_of_range", name="ratio", value=ratio, low=0, high=1)
        limit = self.limits.target_limit(self.limits.source_limit)
        if injection is not None and not 2 <= injection.step <= limit:
            raise ConfigError("setting_out_of_range", name="step", value=injection.step, low=2, high=limit)
        read = self._read(source)
        own = self._run_along(read, Side("", ()), ())
        is_own = normalise(reference).text in ("", normalise(own.target).text)
        given = Side(own.target, own.target_pieces) if is_own else self._given(reference)
        turns = [teacher_turns(len(given.pieces), ratio=share, seed=seed) for share in (1.0, ratio)]
        before = [self._run_along(read, given, teacher) if any(teacher) else own for teacher in turns]
        word = () if injection is None else self._word(injection.word)
        after = before
        if injection is not None and word:
            step = injection.step - 1
            after = [
                self._run_along(read, given, teacher, word, step) if step < len(run.fed) else run
                for teacher, run in zip(turns, before, strict=True)
            ]
        return regimes(
            reference=given.text,
            is_own=is_own,
            ratio=ratio,
            seed=seed,
            injection=injection if word else None,
            pieces=len(word),
            before=(before[0], before[1]),
            after=(after[0], after[1]),
        )

    def gradients(self, source: str, target: str | None = None, *, step: int) -> Gradients:
        """The gradients of the log-probability of the target's piece at `step` (from 0), split by path.

        Without a target it is the model's own translation. Raises DataError when the target is longer than a
        free run could ever be, ConfigError for a step that it does not have.
        """
        read, said = self._resolve_target(source, target)
        last = len(said.pieces) - 1
        if not 0 <= step <= last:
            raise ConfigError("setting_out_of_range", name="step", value=step, low=0, high=last)
        found = gradients.split(self._recurrent, _ids(read.pieces), _ids(said.pieces), step)
        return Gradients(
            **self._who(),
            source=source,
            target=said.text,
            source_pieces=read.pieces,
            target_pieces=said.pieces,
            step=step,
            log_prob=float(found.log_prob),
            states=_array(found.states),
            embeddings=_array(found.embeddings),
            whole_states=_array(found.whole_states),
            whole_embeddings=_array(found.whole_embeddings),
            source_cut=read.cut,
        )

    def flow(self, source: str, target: str | None = None) -> Flow:
        """How much gradient of the target's pieces reaches the encoder's states, by distance from the last.
        Target and errors as for `gradients`."""
        read, said = self._resolve_target(source, target)
        reached = gradients.reach(self._recurrent, _ids(read.pieces), _ids(said.pieces))
        return Flow(
            **self._who(),
            source=source,
            target=said.text,
            steps=reached.steps,
            largest=gradients.largest_singular_value(self._recurrent.encoder),
            whole=_array(reached.whole),
            chain=_array(reached.chain),
            source_cut=read.cut,
        )

    def update(self, source: str, target: str | None = None, *, rate: float) -> Update:
        """What one step of gradient descent on a sentence would do, with the recipe's clipping and without.
        Nothing is learned. Target and errors as for `gradients`."""
        read, said = self._resolve_target(source, target)
        ids = _ids(read.pieces), _ids(said.pieces)
        return gradients.update(self._recurrent, *ids, rate=rate, clip=TrainConfig().clip)

    def untrained(self, *, cell: str, attention: str, seed: int) -> Translator:
        """One that has learned nothing, with the sizes and vocabularies of this one. Raises ConfigError."""
        config = replace(self._recurrent.config, cell=cell, attention=attention)
        checkpoint = self._checkpoint._replace(model=build(config, seed=seed).eval())
        return Translator(f"{attention}-{cell}-untrained", checkpoint, self.limits)

    def scaled(self, factor: float) -> Translator:
        """The same with the encoder's recurrent matrices multiplied by `factor`."""
        checkpoint = self._checkpoint._replace(model=gradients.scaled(self._recurrent, factor))
        return Translator(self.name, checkpoint, self.limits)

    def _who(self) -> dict[str, str]:
        return {"model": self.name, "attention": self.attention, "cell": self._recurrent.config.cell}

    def _resolve_target(self, source: str, target: str | None) -> tuple[Side, Side]:
        """What is read, and what is said: the given target, else the model's own, piece by piece."""
        read = self._read(source)
        if target is not None:
            return read, self._given(target)
        own = self.translate(source)
        return read, Side(own.target, own.target_pieces)

    def _word(self, text: str) -> tuple[Piece, ...]:
        """The pieces of a word to feed. Raises DataError when it is too long."""
        pieces, limit = self._checkpoint.target.encode_word(text), self.limits.source_limit
        if len(pieces) <= limit:
            return pieces
        raise DataError("length_over_limit", found=len(pieces), limit=limit)

    def _run_along(
        self, read: Side, given: Side, teacher: Sequence[bool], word: Sequence[Piece] = (), step: int = 0
    ) -> Trace:
        """A run along the given pieces wherever it is the teacher's turn. A word is fed from `step` on, in
        place of what is left of the given word there."""
        choose, first, longer = mixed(_ids(given.pieces), teacher), len(given.pieces), 0
        if word:
            first = step - 1
            replaced = rest_of_word(given.text, given.pieces, first, self.languages.target)
            longer = len(word) - replaced
            choose = injected(choose, _ids(word), step=step, replaced=replaced)
        last = max((position + 1 for position, turn in enumerate(teacher) if turn), default=0)
        limit = max(self.limits.target_limit(len(read.pieces)), last) + max(longer, 0)
        task = Task(_ids(read.pieces), choose, min(limit, self.limits.target_most))
        (decoded,) = decode(self._prepared, [task])

        def piece(position: int, id_: int, by: Forcing) -> Piece:
            if by == "injected":
                return word[position - first]
            if by == "forced":
                return given.pieces[position - longer if position > first else position]
            return Piece(self._checkpoint.target.surface(id_), id_, 0, 0)

        said = given
        if decoded.said != _ids(given.pieces):
            chosen_by: list[Forcing] = [*decoded.forcing[1:], "free"]
            said = Side(*spell(map(piece, range(len(decoded.said)), decoded.said, chosen_by)))
        return self._record(decoded, read, said, with_candidates=CANDIDATES)

    @cached_property
    def _prepared(self) -> Ready:
        return prepare(self._checkpoint.model)

    @property
    def _recurrent(self) -> Seq2Seq:
        """The model, where what is asked is of recurrent ones alone. Raises ConfigError."""
        if not isinstance(self._checkpoint.model, Seq2Seq):
            raise ConfigError("asked_of_recurrent", name=self.name)
        return self._checkpoint.model

    @property
    def _transformer(self) -> Transformer:
        """The same of a Transformer."""
        if not isinstance(self._checkpoint.model, Transformer):
            raise ConfigError("asked_of_transformer", name=self.name)
        return self._checkpoint.model

    def _free(self, source: str, guess: str = "") -> tuple[Decoded, Side, Side]:
        read, task = self._task(source, guess)
        (decoded,) = decode(self._prepared, [task])
        return decoded, read, Side(*self._checkpoint.target.decode(decoded.said))

    def _task(self, source: str, guess: str = "") -> tuple[Side, Task]:
        """What is read, and its free run."""
        read = self._read(source)
        guessed = _ids(self._checkpoint.target.encode(guess)) if guess else []
        return read, Task(_ids(read.pieces), greedy, self.limits.target_limit(len(read.pieces)), guessed)

    def _forced(self, source: str, target: str) -> tuple[Decoded, Side, Side]:
        read = self._read(source)
        said = self._given(target)
        ids = _ids(said.pieces)
        (decoded,) = decode(self._prepared, [Task(_ids(read.pieces), forced(ids), len(ids), ids)])
        return decoded, read, said

    def _record(
        self,
        decoded: Decoded,
        source: Side,
        target: Side,
        *,
        posteriors: torch.Tensor | None = None,
        with_candidates: int = 0,
    ) -> Trace:
        return record(
            decoded,
            model=self.name,
            config=self._checkpoint.model.config,
            source=source,
            source_log_prob=self._checkpoint.source.log_prob(source.pieces),
            target=target,
            fetched=fetched(self._checkpoint.model, decoded),
            posteriors=posteriors,
            candidates=candidates(decoded, self._checkpoint.target, count=with_candidates),
            with_vocabulary=with_candidates > 0,
        )

    def _given(self, target: str) -> Side:
        limit = self.limits.target_limit(self.limits.source_limit)
        return given(self._checkpoint.target, target, limit=limit)

    def _read(self, source: str) -> Side:
        return read(self._checkpoint.source, source, limit=self.limits.source_limit)


def _array(tensor: torch.Tensor) -> NDArray[Any]:
    array: NDArray[Any] = tensor.numpy(force=True)
    return array


def _ids(pieces: Sequence[Piece]) -> list[int]:
    return [piece.id for piece in pieces]
