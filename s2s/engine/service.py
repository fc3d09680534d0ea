"""The side that answers: models that are loaded, and requests to replies, whatever carries them.

>>> from s2s.data.fingerprint import weights_of
>>> from s2s.engine.questions import Request, Translate
>>> from s2s.engine.wire import unpack_answer
>>> service = Service.load(["fr-en-dot"])
>>> weights = service.about()["models"]["fr-en-dot"]
>>> request = Request("fr-en-dot", Translate("Il pleut."), "")
>>> unpack_answer(service.answer([request])[0], request, weights).source
'Il pleut.'
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from s2s import __version__, catalog
from s2s.data.fingerprint import weights_of
from s2s.engine.questions import Request, Translate
from s2s.engine.wire import REQUEST_LIMIT, pack_answer, unpack_request
from s2s.errors import S2SError, unforeseen

if TYPE_CHECKING:
    from s2s.translator import Translator

ABOUT: Final = "/about"
ASK: Final = "/ask"
_JSON: Final = "application/json"


class Model(NamedTuple):
    """A model that answers."""

    translator: Translator
    weights: str  # SHA-256, in hexadecimal digits


class Reply(NamedTuple):
    """What is sent back."""

    status: int
    body: bytes


class Service:
    """Models, and what they answer. One thread at a time may ask."""

    def __init__(self, models: Mapping[str, Model]) -> None:
        self._models = models

    @classmethod
    def load(cls, names: Iterable[str]) -> Service:
        """Shipped models and a reader's own by their names, or folders by their paths, which are then called
        like these. Raises CheckpointError."""
        from s2s.translator import Translator  # loads torch: seconds

        folders = {name: catalog.locate(name) for name in names}
        return cls(
            {
                folder.name if Path(name) == folder else name: Model(
                    Translator.load(str(folder)), weights_of(folder)
                )
                for name, folder in folders.items()
            }
        )

    def about(self) -> dict[str, Any]:
        """Which version this is, and which models it has, with the SHA-256 of their weights."""
        models = {name: model.weights for name, model in self._models.items()}
        return {"version": __version__, "models": models}

    def receive(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Request | Reply:
        """What is to be answered, or the reply where there is nothing to compute."""
        if (method, path) == ("GET", ABOUT):
            return Reply(HTTPStatus.OK, json.dumps(self.about()).encode())
        if (method, path) != ("POST", ASK):
            return Reply(HTTPStatus.NOT_FOUND, b"GET /about, or POST /ask")
        # A page of another site can send neither without asking first, and is not answered then.
        if "origin" in headers or headers.get("content-type") != _JSON:
            return Reply(HTTPStatus.FORBIDDEN, b"not for browsers")
        if len(body) > REQUEST_LIMIT:
            return Reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"too long")
        try:
            request = unpack_request(body)
        except ValueError as error:
            return Reply(HTTPStatus.BAD_REQUEST, str(error).encode(errors="replace"))
        if request.model not in self._models:
            return Reply(HTTPStatus.GONE, b"there is no such model")
        return request

    def answer(self, requests: Sequence[Request]) -> list[bytes]:
        """The packed answer to each request, or the error it deserves. What one model translates is one call
        of it."""
        found: dict[int, object] = {}
        translations: defaultdict[str, list[int]] = defaultdict(list)
        for number, request in enumerate(requests):
            if isinstance(request.question, Translate):
                translations[request.model].append(number)
            else:
                found[number] = _answer(self._models[request.model].translator, request)
        for name, numbers in translations.items():
            together = [requests[number] for number in numbers]
            found |= zip(numbers, _translate(self._models[name].translator, together), strict=True)
        return [
            pack_answer(request, self._models[request.model].weights, found[number])
            for number, request in enumerate(requests)
        ]


def _translate(translator: Translator, requests: Sequence[Request]) -> list[object]:
    """What a model says to each: a Trace or an S2SError."""
    texts = [request.question.text for request in requests if isinstance(request.question, Translate)]
    try:
        return [*translator.translate_all(texts, guesses=[request.guess for request in requests])]
    except Exception:  # whichever it was fails alone
        return [_answer(translator, request) for request in requests]


def _answer(translator: Translator, request: Request) -> object:
    """A record, or an S2SError; also for what nobody foresaw, so that it fails this question alone."""
    question = request.question
    try:
        if isinstance(question, Translate):
            return translator.translate(question.text, guess=request.guess)
        return question.of(translator)
    except S2SError as error:
        return error
    except Exception as error:
        return unforeseen(error)
