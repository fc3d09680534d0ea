"""An engine elsewhere: the same answers, and one sentence for whatever else comes back."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from s2s import __version__
from s2s.engine.questions import Compare, Request, Translate
from s2s.engine.remote import Remote
from s2s.engine.service import ASK, Model, Reply, Service
from s2s.engine.wire import pack_answer
from s2s.errors import ConfigError, EngineError
from tests.engine.engines import QUESTIONS, WEIGHTS, asking, assert_same, listening, service_of, serving
from tests.sentences import PAIRS
from tests.translators import Named

TEXT = Translate("Il pleut.")


def failure(address: str, question=TEXT, *, deadline: float = 5.0, model: str = "tiny-dot") -> EngineError:
    """What is said instead of an answer; the test hangs where nothing is."""
    with asking(address, deadline=deadline) as remote, pytest.raises(EngineError) as caught:
        remote.ask(model, question)
    assert address in str(caught.value)
    return caught.value


@pytest.mark.parametrize("attention", ["none", "general"])
def test_the_answers_are_those_of_the_model_bit_for_bit(untrained: Named, attention):
    translator, _ = untrained(attention)
    with serving(service_of(translator)) as address, asking(address) as remote:
        assert remote.models() == (translator.name,)
        for question in QUESTIONS:
            assert_same(remote.ask(translator.name, question), question.of(translator))


def test_many_threads_get_their_own_answers(untrained: Named):
    translator, _ = untrained("dot")
    texts = [pair.source for pair in PAIRS[:8]] * 3
    with serving(service_of(translator)) as address, asking(address) as remote, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: remote.ask(translator.name, Translate(text)), texts))
    for text, trace in zip(texts, found, strict=True):
        assert_same(trace, translator.translate(text))


def test_an_error_that_a_question_deserves_is_its_own(untrained: Named):
    translator, _ = untrained("dot")
    question = Compare("x", ratio=3.0)
    with serving(service_of(translator)) as address, asking(address) as remote:
        with pytest.raises(ConfigError, match=r"ratio is 3\.0"):
            remote.ask(translator.name, question)
        assert_same(remote.ask(translator.name, TEXT), translator.translate(TEXT.text))


@pytest.mark.parametrize(
    "address",
    [
        "", "localhost", "localhost:8700", "ray://", "ray://:8700", "ray://localhost", "ray://localhost:0x1",
        "ray://localhost:99999", "ray://localhost:-1", "ray://localhost:8700/path", "ray://localhost:8700?a=1",
        "ray://me@localhost:8700", "file:///etc/passwd", "ftp://localhost:1", "ray://local host:8700",
        "ray://a\r\nb:8700", "ray://é:8700", "ray://[::1:8700", "auto", "x" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_address_is_said_at_once(address):
    with pytest.raises(EngineError) as caught:
        Remote(address)
    assert caught.value.key == "engine_address"
    assert len(str(caught.value)) < 300


def test_an_engine_that_is_not_there_is_said():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert failure(f"ray://127.0.0.1:{port}").key == "engine_unreachable"
    assert failure("ray://no-such-host.invalid:8700").key == "engine_unreachable"
    assert failure(f"https://127.0.0.1:{port}").key == "engine_unreachable"


def test_an_engine_that_does_not_speak_tls_is_said():
    with listening(lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")) as address:
        assert failure(address.replace("ray:", "https:")).key == "engine_unreachable"


def test_an_engine_of_another_version_is_said(untrained: Named):
    translator, _ = untrained("dot")
    with serving(service_of(translator), version="0.0.9") as address:
        error = failure(address)
    assert error.key == "engine_version"
    assert (error.values["found"], error.values["expected"]) == ("0.0.9", __version__)
    with serving(service_of(translator), version=None) as address:
        assert failure(address).key == "engine_garbled"


def test_a_model_that_it_lacks_or_has_with_other_weights_is_said(untrained: Named):
    translator, _ = untrained("dot")
    with serving(service_of(translator)) as address:
        error = failure(address, model="fr-en-dot")
        assert (error.key, error.values["known"]) == ("engine_without_model", translator.name)
    with serving(Service({"fr-en-dot": Model(translator, WEIGHTS)})) as address:
        error = failure(address, model="fr-en-dot")
        assert (error.key, error.values["found"]) == ("engine_other_weights", WEIGHTS[:12])


def stuck(connection: socket.socket) -> None:
    """Takes the question and says nothing."""
    while connection.recv(1 << 16):
        pass


def dripping(connection: socket.socket) -> None:
    """Begins to answer, and never comes to an end."""
    connection.recv(1 << 16)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-More: 1\r\n")
        time.sleep(0.05)


def pouring(connection: socket.socket) -> None:
    """A body without end, a byte at a time."""
    connection.recv(1 << 16)
    connection.sendall(f"HTTP/1.1 200 OK\r\nS2S-Version: {__version__}\r\n\r\n".encode())
    while True:
        connection.sendall(b" ")
        time.sleep(0.05)


@pytest.mark.parametrize("treat", [stuck, pouring])
def test_an_engine_that_never_ends_is_left(treat):
    with listening(treat) as address:
        assert failure(address, deadline=0.5).key == "engine_late"


def test_headers_without_end_are_left():
    with listening(dripping) as address:
        assert failure(address, deadline=0.5).key in ("engine_late", "engine_garbled")


GARBAGE = [
    b"SSH-2.0-OpenSSH_9.2\r\n", b"\0" * 100, b"HTTP/1.1 200 OK\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n",
    b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 banana\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 1000 + b"\r\n",
]  # fmt: skip


@pytest.mark.parametrize("said", GARBAGE)
def test_what_is_another_server_is_said(said):
    def answer(connection: socket.socket) -> None:
        connection.recv(1 << 16)
        connection.sendall(said)
        connection.close()

    with listening(answer) as address:
        assert failure(address).key == "engine_garbled"


@pytest.mark.parametrize(
    "about",
    [
        b"", b"{", b"[]", b"null", b"{}", b'{"models": []}', b'{"models": {"tiny-dot": 7}}',
        b'{"models": "x"}', b"\xff\xfe", b"[" * 100_000, b'{"models": {"tiny-dot": NaN}}', b" " * (2 << 20),
    ],
)  # fmt: skip
def test_an_engine_that_says_nonsense_of_itself_is_said(untrained: Named, about):
    def change(path: str, reply: Reply) -> Reply:
        return reply if path == ASK else Reply(200, about)

    with serving(service_of(untrained("dot")[0]), change) as address:
        assert failure(address).key == "engine_garbled"


def test_an_answer_that_is_none_is_said(untrained: Named):
    translator, _ = untrained("dot")
    request = Request(translator.name, TEXT, "")
    good = translator.translate(TEXT.text)
    answers = [
        b"", b"{}", b"\0" * 1000, pack_answer(request, WEIGHTS, None), pack_answer(request, WEIGHTS, "text"),
        pack_answer(request, WEIGHTS, translator.compare(TEXT.text)), pack_answer(request, "1" * 64, good),
        pack_answer(request._replace(model="other"), WEIGHTS, good), pack_answer(request, WEIGHTS, good)[:-1],
        pack_answer(request._replace(question=Translate("Il neige.")), WEIGHTS, good),
    ]  # fmt: skip
    wrong = iter(answers)

    def change(path: str, reply: Reply) -> Reply:
        return Reply(200, next(wrong)) if path == ASK else reply

    with serving(service_of(translator), change) as address:
        for _ in answers:
            assert failure(address).key == "engine_garbled"


def test_a_question_whose_replica_dies_is_asked_again(untrained: Named):
    translator, _ = untrained("dot")
    failing = iter([500, 503])

    def change(path: str, reply: Reply) -> Reply:
        status = next(failing, 200) if path == ASK else 200
        return reply if status == 200 else Reply(status, b"the replica has died")

    with serving(service_of(translator), change) as address, asking(address) as remote:
        assert_same(remote.ask(translator.name, TEXT), translator.translate(TEXT.text))
    assert next(failing, None) is None


def test_an_engine_that_only_fails_is_said(untrained: Named):
    with serving(service_of(untrained("dot")[0]), lambda _path, _reply: Reply(500, b"x")) as address:
        error = failure(address)
    assert (error.key, error.values["reason"]) == ("engine_failed", "HTTP 500")


def test_a_connection_that_was_left_open_and_has_ended_is_not_used_again(untrained: Named):
    translator, _ = untrained("dot")
    with serving(service_of(translator)) as address, asking(address) as remote:
        remote.ask(translator.name, TEXT)
        for connection in list(remote._idle.queue):
            connection.sock.shutdown(socket.SHUT_RDWR)
        assert_same(remote.ask(translator.name, TEXT), translator.translate(TEXT.text))


def test_weights_that_have_changed_meanwhile_are_asked_for_anew(untrained: Named):
    old, new = untrained("dot")[0], untrained("dot", "gru")[0]
    models = {"tiny-dot": Model(old, WEIGHTS)}
    with serving(Service(models)) as address, asking(address) as remote:
        assert_same(remote.ask("tiny-dot", TEXT), old.translate(TEXT.text))
        models["tiny-dot"] = Model(new, "1" * 64)
        with pytest.raises(EngineError, match="other weights"):
            remote.ask("tiny-dot", TEXT)
        assert_same(remote.ask("tiny-dot", TEXT), new.translate(TEXT.text))
