"""Questions and answers as bytes, for a network that is not trusted: nothing in them is ever run.

A message is a safetensors file: its arrays, float32, and beside them the record that they belong to, as JSON
in UTF-8. What is read has the declared types, or it is refused:

>>> from s2s.pieces import Piece
>>> unpack(pack(Piece("▁chat", 7, 0, 4)), Piece)
Piece(text='▁chat', id=7, start=0, end=4)
>>> unpack(pack(("a", 7)), Piece)
Traceback (most recent call last):
ValueError: ['a', 7] has 2 parts, a Piece 4

The numbers that a model learned are in every `Workings` of it, megabytes: they travel once, as the answer to
`GetParameters`, and are `given` to who unpacks the others. Those of a Transformer are in its `HeadWorkings`.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeVar, get_args, get_origin
from typing import get_type_hints as hints_of

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from s2s.engine.questions import (
    Compare,
    Descend,
    Differentiate,
    Explain,
    Follow,
    Listen,
    Reach,
    Request,
    Translate,
    TranslateUnplaced,
    Work,
    WorkHeads,
)
from s2s.errors import S2SError
from s2s.evaluate.divergence import Regimes
from s2s.paths import Flow, Gradients, Travel, Update
from s2s.records import parse_json
from s2s.sound.hearing import Hearing
from s2s.traces import Trace
from s2s.walkthrough.transformer import HeadParameters, HeadWorkings
from s2s.walkthrough.workings import Parameters, Workings

if TYPE_CHECKING:
    from s2s.translator import Translator

T = TypeVar("T")
Learned = Parameters | HeadParameters
Given = Mapping[Any, object]  # by type: what a message leaves out, since both sides have it

_RECORD: Final = "record"
_SHOWN: Final = 40  # characters of a wrong value in an error
_NOT_FINITE: Final = ("inf", "-inf", "nan")  # as strings: JSON has no such numbers
_PLAIN: Final = (bool, int, str)
_SENT_AS_IS: Final = (bool, int, float, str)  # of the values of an error
VERSION: Final = "S2S-Version"  # the header that has the version of s2s that answers
REQUEST_LIMIT: Final = 1 << 24  # bytes; a line of the command line, a million characters, has at most 12 MB
ANSWER_LIMIT: Final = 1 << 28


class GetParameters(NamedTuple):
    """`Translator.parameters`."""

    def of(self, translator: Translator) -> Parameters:
        """The answer."""
        return translator.parameters


class GetHeadParameters(NamedTuple):
    """`Translator.head_parameters`."""

    def of(self, translator: Translator) -> HeadParameters:
        """The answer."""
        return translator.head_parameters


def learned_of(question: object) -> GetParameters | GetHeadParameters | None:
    """What must be asked before a question, once for each model: the numbers that its answer leaves out."""
    if isinstance(question, Work):
        return GetParameters()
    return GetHeadParameters() if isinstance(question, WorkHeads) else None


# What can be asked over the network, by name, and what the answer to it is.
ANSWERS: Final[Mapping[str, tuple[Any, Any]]] = {
    kind.__name__: (kind, answer)
    for kind, answer in (
        (Translate, Trace),
        (Explain, Trace),
        (Compare, Regimes),
        (Work, Workings),
        (WorkHeads, HeadWorkings),
        (Differentiate, Gradients),
        (Follow, Travel),
        (TranslateUnplaced, Trace),
        (Reach, Flow),
        (Descend, Update),
        (Listen, Hearing),
        (GetParameters, Parameters),
        (GetHeadParameters, HeadParameters),
    )
}


class Refusal(NamedTuple):
    """Why a question has no answer: an S2SError."""

    kind: str
    key: str
    values: tuple[tuple[str, Any], ...]

    @classmethod
    def of(cls, error: S2SError) -> Refusal:
        """What is sent of an error."""
        values = {name: v if isinstance(v, _SENT_AS_IS) else str(v) for name, v in error.values.items()}
        return cls(type(error).__name__, error.key, tuple(values.items()))

    def error(self) -> S2SError:
        """The error again. Raises ValueError where there is no such error."""
        kinds: dict[str, type[S2SError]] = {"S2SError": S2SError}
        kinds |= {kind.__name__: kind for kind in S2SError.__subclasses__()}
        try:
            return kinds[self.kind](self.key, **dict(self.values))
        except (LookupError, TypeError, ValueError) as error:
            raise ValueError(f"{self.kind[:_SHOWN]} {self.key[:_SHOWN]} is no error") from error


def pack_request(request: Request) -> bytes:
    """As JSON."""
    kind = type(request.question).__name__
    record = [request.model, kind, _encoded(request.question, {}, []), request.guess]
    return json.dumps(record, allow_nan=False).encode()


def unpack_request(data: bytes) -> Request:
    """What `pack_request` has packed. Raises ValueError for anything else."""
    try:
        model, kind, fields, guess = _decoded(parse_json(data), tuple[str, str, Any, str], {}, {})
        if kind not in ANSWERS:
            raise ValueError(f"there is no question {kind[:_SHOWN]!r}")
        return Request(model, _decoded(fields, ANSWERS[kind][0], {}, {}), guess)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def pack_answer(request: Request, weights: str, answer: object) -> bytes:
    """An answer, or the S2SError in its place, beside its question and the SHA-256 of the model's weights."""
    refusal = Refusal.of(answer) if isinstance(answer, S2SError) else None
    about = (request.model, type(request.question).__name__, request.question)
    message = (about, weights, answer if refusal is None else None, refusal)
    is_learned = isinstance(answer, Parameters | HeadParameters)
    return pack(message, None if is_learned else dict.fromkeys((Parameters, HeadParameters)))


def unpack_answer(data: bytes, request: Request, weights: str, parameters: Learned | None = None) -> Any:
    """The answer to a request by a model with these weights; `parameters` are its numbers, where they are in
    the answer. Raises the S2SError that stands in its place, ValueError for anything else."""
    name = type(request.question).__name__
    kind, declared = ANSWERS[name]
    message = tuple[tuple[str, str, kind], str, declared | None, Refusal | None]  # type: ignore[valid-type]
    given = {} if parameters is None else {type(parameters): parameters}
    about, found, answer, refusal = unpack(data, message, given)
    if about != (request.model, name, request.question):
        raise ValueError("it answers another question")
    if found != weights:
        raise ValueError("other weights have answered")
    if refusal is not None:
        raise refusal.error()
    if answer is None:
        raise ValueError("it has no answer")
    if not all(trace.source == about[2].text for trace in _traces(answer)):
        raise ValueError("it answers another text")
    if isinstance(answer, Regimes):
        _check_rows(answer)
    return answer


def _check_rows(regimes: Regimes) -> None:
    """Raise ValueError unless the arrays of a comparison have the rows of its traces, which check theirs."""
    runs = (regimes.forced, regimes.free)
    steps = min(len(run.fed) for run in runs)
    expected = [(array, steps) for array in (regimes.divergence.kl, regimes.divergence.distance)]
    for array, run in zip(regimes.reference_log_probs, runs, strict=True):
        expected.append((array, min(len(run.fed), len(regimes.wanted))))
    for effect, run in zip(regimes.effects, runs, strict=True):
        if effect is not None:
            rows = len(run.fed) - effect.start
            expected.append((effect.kl, rows))
            if len(effect.changed) != rows or len(effect.kept_place or effect.changed) != rows:
                raise ValueError("an effect has rows of another run")
    if any(array.shape != (rows,) for array, rows in expected):
        raise ValueError("an array has rows of another run")


def _traces(answer: object) -> tuple[Trace, ...]:
    """Those of the text that was asked about."""
    if isinstance(answer, Workings | HeadWorkings):
        return (answer.trace,)
    if isinstance(answer, Regimes):
        return (answer.forced, answer.free)
    return (answer,) if isinstance(answer, Trace) else ()


def pack(value: object, given: Given | None = None) -> bytes:
    """A record with its arrays; what is of a type that is `given` is left out."""
    arrays: list[np.ndarray[Any, Any]] = []
    # An unpaired surrogate, as in any text that people type, is an escape like others.
    text = json.dumps(_encoded(value, given or {}, arrays), allow_nan=False)
    parts = {str(number): np.ascontiguousarray(array) for number, array in enumerate(arrays)}
    return save_arrays({**parts, _RECORD: np.frombuffer(text.encode(), dtype=np.uint8)})


def unpack(data: bytes, declared: Any, given: Given | None = None) -> Any:
    """The value of the declared type that `pack` has packed, arrays read-only; `given` are the parts that it
    left out. Raises ValueError for anything else."""
    try:
        arrays = load_arrays(data)
        record = arrays.pop(_RECORD)
        if record.dtype != np.uint8:
            raise ValueError("it has no record")
        value = _decoded(parse_json(record.tobytes()), declared, arrays, given or {})
    except (SafetensorError, LookupError, RecursionError, TypeError, S2SError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    if arrays:
        raise ValueError(f"it has {len(arrays)} arrays too many")
    return value


def _encoded(value: Any, given: Given, arrays: list[np.ndarray[Any, Any]]) -> Any:
    """A value as JSON has it, and its arrays, which it has the numbers of."""
    if value is None or type(value) in given:
        return None
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return len(arrays) - 1
    if type(value) is float and not math.isfinite(value):
        return str(value)
    if isinstance(value, tuple):
        return [_encoded(part, given, arrays) for part in value]
    if dataclasses.is_dataclass(value):
        return {f.name: _encoded(getattr(value, f.name), given, arrays) for f in dataclasses.fields(value)}
    return value


def _decoded(node: Any, declared: Any, arrays: dict[str, Any], given: Given) -> Any:
    """The value of the declared type that `node` stands for; arrays are taken out. Raises ValueError."""
    if declared is Any:
        return node
    kinds = get_args(declared)
    if NoneType in kinds:
        if node is None:
            return None
        (declared,) = (kind for kind in kinds if kind is not NoneType)
        kinds = get_args(declared)
    origin = get_origin(declared) or declared
    if origin in given:
        return given[origin]
    if origin is np.ndarray:
        return _array(node, arrays)
    if origin is tuple:
        return _tuple(node, kinds, arrays, given)
    if hasattr(declared, "_fields"):
        types = _types(declared)
        return declared(*_parts(node, list(types.values()), declared.__name__, arrays, given))
    if dataclasses.is_dataclass(declared):
        return _record(node, declared, arrays, given)
    if origin is Literal:
        return _checked(node, isinstance(node, str) and node in kinds, declared)
    if declared is float and node in _NOT_FINITE:
        return float(node)
    if declared is float:
        return float(_checked(node, type(node) in (int, float) and math.isfinite(node), declared))
    return _checked(node, declared in _PLAIN and type(node) is declared, declared)


def _checked(node: Any, is_so: bool, declared: Any) -> Any:
    if not is_so:
        expected = getattr(declared, "__name__", declared)
        raise ValueError(f"{repr(node)[:_SHOWN]} is no {expected}")
    return node


def _array(node: Any, arrays: dict[str, Any]) -> Any:
    found = arrays.pop(str(_checked(node, type(node) is int, int)), None)
    if found is None or found.dtype != np.float32:
        raise ValueError(f"array {node} is missing, or not of float32")
    own = np.array(found)  # and not a view of the whole message, which would be kept with it
    own.setflags(write=False)
    return own


def _tuple(node: Any, kinds: tuple[Any, ...], arrays: dict[str, Any], given: Given) -> tuple[Any, ...]:
    if kinds[-1] is ...:
        kinds = (kinds[0],) * len(_checked(node, isinstance(node, list), tuple))
    return tuple(_parts(node, list(kinds), "record", arrays, given))


def _parts(node: Any, kinds: list[Any], name: str, arrays: dict[str, Any], given: Given) -> list[Any]:
    if len(_checked(node, isinstance(node, list), list)) != len(kinds):
        raise ValueError(f"{repr(node)[:_SHOWN]} has {len(node)} parts, a {name} {len(kinds)}")
    return [_decoded(part, kind, arrays, given) for part, kind in zip(node, kinds, strict=True)]


def _record(node: Any, declared: Any, arrays: dict[str, Any], given: Given) -> Any:
    types = _types(declared)
    if not isinstance(node, dict) or node.keys() != types.keys():
        raise ValueError(f"{repr(node)[:_SHOWN]} does not have the fields of a {declared.__name__}")
    return declared(**{name: _decoded(node[name], kind, arrays, given) for name, kind in types.items()})


@cache
def _types(kind: Any) -> dict[str, Any]:
    """The fields of a record and their declared types."""
    hints = hints_of(kind)
    fields = getattr(kind, "_fields", None)
    names = [field.name for field in dataclasses.fields(kind)] if fields is None else fields
    return {name: hints[name] for name in names}
