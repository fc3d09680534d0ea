"""Who may come in: a real server, asked as browsers ask, by its own pages and by pages elsewhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.server import HOST
from pages.kit.door import HEADERS, policy
from tests.apps import SAY
from tests.servers import Watched, ask, knock, leave, outside, watched


@pytest.fixture(scope="module")
def server_watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with watched(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.mark.parametrize("name", [HOST, "localhost", "LOCALHOST", "[::1]"])
def test_a_page_of_its_own_opens_a_socket(server_watched: Watched, name: str):
    host = f"{name}:{server_watched.port}"
    for headers in ({}, {"origin": f"http://{host}"}):
        answer = knock(server_watched.port, host=host, **headers)
        leave([answer])
        assert answer.status == 101


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.0.1", "", "a@127.0.0.1"])
def test_a_name_that_somebody_else_gave_this_machine_is_refused(server_watched: Watched, host: str):
    host = f"{host}:{server_watched.port}"
    answers = [
        knock(server_watched.port, host=host, origin=f"http://{host}"),
        ask(server_watched.port, host=host),
        ask(server_watched.port, "/_stcore/health", host=host),
    ]
    leave(answers)
    assert [answer.status for answer in answers] == [403] * 3


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "http://localhost", "http://[", "x", ""]
)
def test_a_page_elsewhere_opens_no_socket_and_sends_nothing_and_nobody_is_asked_about_it(
    server_watched: Watched, origin: str
):
    answers = [
        knock(server_watched.port, origin=origin),
        ask(server_watched.port, "/_stcore/upload_file/a/b", method="PUT", origin=origin),
        ask(server_watched.port, "/_stcore/host-config", origin=origin),
    ]
    leave(answers)
    assert [answer.status for answer in answers] == [403] * 3
    assert outside(server_watched) == []


@pytest.mark.parametrize("language", ["en", "ko"])
def test_who_is_refused_is_told_why_in_a_language_of_theirs(server_watched: Watched, language: str):
    port, say = server_watched.port, SAY[language]
    by_browser = ask(port, host="evil.example", accept_language=f"fr,{language}-x;q=0.8,en;q=0.1")
    assert by_browser.body == say("door.host")
    by_link = ask(port, f"/forcing?lang={language}", origin="http://evil.example", accept_language="fr")
    assert by_link.body == say("door.origin")


@pytest.mark.parametrize("path", ["/", "/forcing", "/_stcore/health", "/nothing/here.js", "/media/none"])
def test_every_answer_forbids_frames_guesses_and_other_servers(server_watched: Watched, path: str):
    headers = ask(server_watched.port, path).headers
    for name, value in HEADERS.items():
        assert headers[name.lower()] == value
    assert headers["content-security-policy"] == policy(f"{HOST}:{server_watched.port}")


def test_a_policy_names_no_host_that_is_more_than_a_name():
    assert "ws://lab.example:80 " in policy("lab.example:80")
    assert "evil" not in policy("a; script-src evil")


def test_a_name_that_no_file_can_have_is_not_there(server_watched: Watched):
    address = "/_stcore/bidi-components/s2s.live/"
    assert ask(server_watched.port, address + "a" * 5000).status == 404
    assert ask(server_watched.port, address + "%ed%95%9c" * 86).status == 404
    assert "Traceback" not in server_watched.log


def test_names_and_origins_that_the_settings_allow_come_in_and_nobody_is_asked(tmp_path: Path):
    hosts = ("--server.allowedHosts=lab.example", "--server.allowedHosts=10.0.0.7")
    options = ("--server.address=0.0.0.0", *hosts, "--server.corsAllowedOrigins=https://class.example")
    with watched(tmp_path, *options) as server:
        for host, origin, status in (
            ("lab.example", "https://lab.example", 101),
            ("10.0.0.7:8501", "http://10.0.0.7:8501", 101),
            ("lab.example", "https://class.example", 101),
            ("lab.example", "https://other.example", 403),
            (HOST, f"http://{HOST}", 403),
        ):
            answer = knock(server.port, host=host, origin=origin)
            leave([answer])
            assert answer.status == status, (host, origin)
        assert outside(server) == []
