"""One replica, in this process: what it hands to its models together, and what it replies over HTTP."""

import asyncio
import warnings
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from s2s import __version__
from s2s.data.fingerprint import weights_of
from s2s.engine.cluster import Replica, Scale
from s2s.engine.questions import Compare, Question, Request, Translate
from s2s.engine.service import Service
from s2s.engine.wire import REQUEST_LIMIT, VERSION, pack_request, unpack_answer
from s2s.translator import Translator
from tests.engine.engines import assert_same
from tests.sentences import PAIRS
from tests.translators import ROUNDING

JSON = {"content-type": "application/json"}


def asked(body: bytes, *, parts: int = 1, sent: list[int] | None = None) -> HttpRequest:
    """A question as Serve hands it on, in so many parts; `sent` are the sizes of those that were taken."""
    size = max(1, -(-len(body) // parts))
    left = [body[i : i + size] for i in range(0, len(body), size)] or [b""]

    async def receive() -> dict:
        part = left.pop(0)
        if sent is not None:
            sent.append(len(part))
        return {"type": "http.request", "body": part, "more_body": bool(left)}

    headers = [(name.encode(), value.encode()) for name, value in JSON.items()]
    scope = {"type": "http", "method": "POST", "path": "/ask", "headers": headers, "query_string": b"",
             "server": ("127.0.0.1", 1), "scheme": "http", "root_path": ""}  # fmt: skip
    return HttpRequest(scope, receive)


@pytest.fixture(autouse=True)
def _a_replica_may_stand_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Ray's own
        serve = import_module("ray.serve")
    limit = SimpleNamespace(_deployment_config=SimpleNamespace(max_ongoing_requests=100))
    monkeypatch.setattr(serve, "get_replica_context", lambda: limit)


def replies(folder: Path, *requests: HttpRequest) -> list[Response]:
    """To requests that come at the same time, by a replica with the model of a folder."""

    async def answers() -> list[Response]:
        replica = Replica([str(folder)], Scale(batch=4, wait=0.2), is_local=False)
        await replica.check_health()
        return await asyncio.gather(*(replica(request) for request in requests))

    return asyncio.run(answers())


def test_translations_asked_at_once_are_one_call_and_other_questions_their_own(
    monkeypatch, translator: Translator, trained_folder
):
    calls: list[list[str]] = []
    answer = Service.answer

    def record(service: Service, requests: list[Request]) -> list[bytes]:
        calls.append([type(request.question).__name__ for request in requests])
        return answer(service, requests)

    monkeypatch.setattr(Service, "answer", record)
    questions: list[Question] = [Translate(pair.source) for pair in PAIRS[:8]]
    questions.insert(3, Compare(PAIRS[0].source))
    requests = [Request(translator.name, question, "") for question in questions]
    responses = replies(trained_folder, *(asked(pack_request(request)) for request in requests))
    assert sorted(calls) == [[], ["Compare"], ["Translate"] * 4, ["Translate"] * 4]
    weights = weights_of(trained_folder)
    for request, response in zip(requests, responses, strict=True):
        assert (response.status_code, response.headers[VERSION]) == (200, __version__)
        expected = request.question.of(translator)
        together = ROUNDING if isinstance(request.question, Translate) else 0.0
        assert_same(unpack_answer(response.body, request, weights), expected, within=together)


def test_a_question_that_comes_in_parts_is_whole(translator: Translator, trained_folder):
    request = Request(translator.name, Translate(PAIRS[0].source * 5), "")
    [response] = replies(trained_folder, asked(pack_request(request), parts=7))
    answer = unpack_answer(response.body, request, weights_of(trained_folder))
    assert_same(answer, request.question.of(translator))


def test_a_question_without_end_is_not_read_to_its_end(trained_folder):
    sent: list[int] = []
    [response] = replies(trained_folder, asked(b" " * (4 * REQUEST_LIMIT), parts=64, sent=sent))
    assert response.status_code == 413
    assert sum(sent) <= REQUEST_LIMIT + sent[0]
