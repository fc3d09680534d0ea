"""What an engine replies, whatever carries it."""

import json

import pytest

from s2s import __version__
from s2s.catalog import WEIGHTS
from s2s.data.fingerprint import weights_of
from s2s.engine.questions import Compare, Request, Translate
from s2s.engine.service import ABOUT, ASK, Reply, Service
from s2s.engine.wire import REQUEST_LIMIT, pack_request, unpack_answer
from s2s.errors import CheckpointError, ConfigError, S2SError
from s2s.translator import Translator
from tests.engine.engines import QUESTIONS, assert_same, service_of
from tests.engine.engines import WEIGHTS as ZEROS
from tests.sentences import PAIRS
from tests.translators import ROUNDING, Named

JSON = {"content-type": "application/json"}


def test_many_questions_at_once_have_the_answers_of_each_alone_in_their_order(untrained: Named):
    translators = [untrained(attention)[0] for attention in ("dot", "general")]
    service = service_of(*translators)
    requests = [
        Request(translator.name, question, "")
        for question in [*QUESTIONS, *(Translate(pair.source) for pair in PAIRS[:4])]
        for translator in translators
    ]
    by_name = {translator.name: translator for translator in translators}
    for request, data in zip(requests, service.answer(requests), strict=True):
        translator = by_name[request.model]
        answer = unpack_answer(data, request, ZEROS, translator.parameters)
        together = ROUNDING if isinstance(request.question, Translate) else 0.0
        assert_same(answer, request.question.of(translator), within=together)


def test_what_fails_fails_alone(monkeypatch: pytest.MonkeyPatch, untrained: Named, caplog):
    translator, _ = untrained("dot")
    translate = translator.translate

    def fail(text: str, *, guess: str = "") -> object:
        return 1 / 0 if text == "fail" else translate(text, guess=guess)

    def fail_together(texts: list[str], *, guesses: list[str]) -> list[object]:
        return [fail(text) for text in texts]

    monkeypatch.setattr(translator, "translate", fail)
    monkeypatch.setattr(translator, "translate_all", fail_together, raising=False)
    requests = [Request(translator.name, q, "") for q in
                (Translate("fail"), Translate("Il pleut."), Compare("Il pleut.", ratio=2.0))]  # fmt: skip
    failed, good, refused = service_of(translator).answer(requests)
    with pytest.raises(S2SError) as caught:
        unpack_answer(failed, requests[0], ZEROS)
    assert caught.value.key == "unforeseen"
    assert f"error {caught.value.values['number']}" in caplog.text
    assert "division by zero" in caplog.text
    assert_same(unpack_answer(good, requests[1], ZEROS), translate("Il pleut."))
    with pytest.raises(ConfigError, match="ratio is 2"):
        unpack_answer(refused, requests[2], ZEROS)


def test_a_guess_is_handed_on(monkeypatch: pytest.MonkeyPatch, untrained: Named):
    translator, _ = untrained("dot")
    answer = translator.translate("Il pleut.")
    heard = []
    monkeypatch.setattr(translator, "translate", lambda _text, guess="": (heard.append(guess), answer)[1])
    monkeypatch.setattr(
        translator,
        "translate_all",
        lambda _texts, guesses: (heard.extend(guesses), [answer])[1],
        raising=False,
    )
    service_of(translator).answer([Request(translator.name, Translate("Il pleut."), "It rains.")])
    assert heard == ["It rains."]


def test_it_says_which_version_and_models_it_has(trained_folder):
    service = Service.load(["fr-en-dot", str(trained_folder)])
    names = ("fr-en-dot", trained_folder.name)
    about = json.loads(service.receive("GET", ABOUT, {}, b"").body)
    assert about["version"] == __version__
    assert tuple(about["models"]) == names
    assert about["models"][names[1]] == weights_of(trained_folder)
    assert Translator.load("fr-en-dot").name == names[0]


def test_weights_that_are_not_there_are_told(tmp_path):
    with pytest.raises(CheckpointError, match=WEIGHTS):
        weights_of(tmp_path)


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        ("GET", "/", {}, b"", 404),
        ("GET", ASK, JSON, b"", 404),
        ("POST", ABOUT, JSON, b"", 404),
        ("OPTIONS", ASK, {"origin": "http://else"}, b"", 404),
        ("POST", ASK, JSON | {"origin": "http://else"}, b"good", 403),
        ("POST", ASK, {"content-type": "text/plain"}, b"good", 403),
        ("POST", ASK, {}, b"good", 403),
        ("POST", ASK, JSON, b"", 400),
        ("POST", ASK, JSON, b"[]", 400),
        ("POST", ASK, JSON, b"\xff", 400),
        ("POST", ASK, JSON, b'["tiny-dot", "Compare", ["x", "", NaN, 1, null], ""]', 400),
        ("POST", ASK, JSON, b'["tiny-dot", "Translate", ["x"], 7]', 400),
        ("POST", ASK, JSON, b"[" * 100_000, 400),
        ("POST", ASK, JSON, b"9" * 100_000, 400),
        ("POST", ASK, JSON, b" " * (REQUEST_LIMIT + 1), 413),
        ("POST", ASK, JSON, b'["other", "Translate", ["x"], ""]', 410),
    ],
)
def test_what_is_no_question_is_refused_before_anything_is_computed(
    untrained: Named, method, path, headers, body, status
):
    translator, _ = untrained("dot")
    request = Request(translator.name, Translate("Il pleut."), "")
    body = pack_request(request) if body == b"good" else body
    reply = service_of(translator).receive(method, path, headers, body)
    assert isinstance(reply, Reply)
    assert reply.status == status
    assert service_of(translator).receive("POST", ASK, JSON, pack_request(request)) == request
