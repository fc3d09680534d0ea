"""What can be asked of a model, as records: they can wait in a queue, be a key of a cache, and travel.

>>> from s2s.translator import Translator
>>> Translate("Il fait froid.").of(Translator.load("fr-en-general")).target
"It's cold."
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from s2s.evaluate.divergence import Injection, Regimes
from s2s.paths import Flow, Gradients, Travel, Update
from s2s.sound.hearing import Hearing
from s2s.sound.waves import from_text
from s2s.traces import Trace
from s2s.walkthrough.transformer import HeadWorkings
from s2s.walkthrough.workings import Workings

if TYPE_CHECKING:
    from s2s.translator import Translator

Found = TypeVar("Found")
Found_co = TypeVar("Found_co", covariant=True)


class Question(Protocol[Found_co]):
    """Something that a translator answers. Hashable: the same question has the same answer."""

    def __hash__(self) -> int: ...

    def of(self, translator: Translator) -> Found_co:
        """The answer. Raises an S2SError for what cannot be answered."""
        ...


class Request(NamedTuple):
    """What a model is asked; `guess` as for `Engine.ask`."""

    model: str
    question: Question[Any]
    guess: str = ""


class Engine(Protocol):
    """Who answers questions to models. Threads may ask at the same time."""

    def ask(self, model: str, question: Question[Found], *, guess: str = "") -> Found:
        """The answer of a model; `guess` is what it will probably say, where it translates (see
        `Translator.translate`). Raises an S2SError for a model that cannot be used or a question that cannot
        be answered."""
        ...


class Translate(NamedTuple):
    """`Translator.translate`."""

    text: str

    def of(self, translator: Translator) -> Trace:
        """The model's own translation."""
        return translator.translate(self.text)


class Explain(NamedTuple):
    """`Translator.explain`."""

    text: str
    target: str

    def of(self, translator: Translator) -> Trace:
        """The given translation, with where each of its words came from."""
        return translator.explain(self.text, self.target)


class Compare(NamedTuple):
    """`Translator.compare`."""

    text: str
    reference: str = ""
    ratio: float = 0.0
    seed: int = 1
    injection: Injection | None = None

    def of(self, translator: Translator) -> Regimes:
        """The sentence under two regimes."""
        return translator.compare(
            self.text, self.reference, ratio=self.ratio, seed=self.seed, injection=self.injection
        )


class Work(NamedTuple):
    """`Translator.workings`."""

    text: str

    def of(self, translator: Translator) -> Workings:
        """Everything that led to each number."""
        return translator.workings(self.text)


class WorkHeads(NamedTuple):
    """`Translator.head_workings`."""

    text: str

    def of(self, translator: Translator) -> HeadWorkings:
        """Everything that led to each number of each head."""
        return translator.head_workings(self.text)


class Differentiate(NamedTuple):
    """`Translator.gradients`, of the model's own translation."""

    text: str
    step: int

    def of(self, translator: Translator) -> Gradients:
        """The gradients of one piece, by path."""
        return translator.gradients(self.text, step=self.step)


class Follow(NamedTuple):
    """`s2s.travel.travel`."""

    text: str
    target: str
    step: int

    def of(self, translator: Translator) -> Travel:
        """How far gradients travel between two words."""
        from s2s.travel import travel

        return travel(translator, self.text, self.target, step=self.step)


class TranslateUnplaced(NamedTuple):
    """`s2s.travel.unplaced`, which translates."""

    text: str

    def of(self, translator: Translator) -> Trace:
        """What is said by the weights of a Transformer that is not told where a word stands."""
        from s2s.travel import unplaced

        return unplaced(translator).translate(self.text)


class Listen(NamedTuple):
    """`Recogniser.listen`, of a model that hears."""

    sound: str  # `s2s.sound.waves.to_text`
    by_hand: tuple[tuple[int, int], ...] = ()  # steps, and the digit that each is fed
    steps: int = 0  # it goes on for; 0 is until it comes to an end

    def of(self, translator: Any) -> Hearing:
        """What was heard."""
        heard: Hearing = translator.listen(
            from_text(self.sound), by_hand=dict(self.by_hand), steps=self.steps or None
        )
        return heard


class Variant(NamedTuple):
    """Which of the networks that have a model's sizes: itself, or one of another cell and attention that has
    learned nothing; its recurrent matrices multiplied by `scale`."""

    untrained: tuple[str, str] | None = None  # cell, attention
    seed: int = 1  # of the untrained
    scale: float = 1.0

    def of(self, translator: Translator) -> Translator:
        """Raises ConfigError for a cell or an attention that does not exist."""
        if self.untrained is not None:
            cell, attention = self.untrained
            translator = translator.untrained(cell=cell, attention=attention, seed=self.seed)
        return translator if self.scale == 1 else translator.scaled(self.scale)


class Reach(NamedTuple):
    """`Translator.flow`."""

    text: str
    target: str
    variant: Variant = Variant()

    def of(self, translator: Translator) -> Flow:
        """How much gradient reaches the encoder's states."""
        return self.variant.of(translator).flow(self.text, self.target)


class Descend(NamedTuple):
    """`Translator.update`."""

    text: str
    target: str
    rate: float
    variant: Variant = Variant()

    def of(self, translator: Translator) -> Update:
        """What one step of gradient descent would do."""
        return self.variant.of(translator).update(self.text, self.target, rate=self.rate)
