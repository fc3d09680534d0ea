"""A server that is killed and started again under pages that are open, in a real Chromium and beside it."""

from playwright.sync_api import Browser

from benchmarks.faults.restarts import killed_under


def test_open_pages_go_on_by_themselves_when_the_server_is_killed_and_started_again(browser: Browser) -> None:
    cases = list(killed_under(browser, 2))
    assert [case for case in cases if case.broke] == []
    assert len(cases) == 6
