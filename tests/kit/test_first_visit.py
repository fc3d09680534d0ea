"""A server that nobody has visited: whichever page is asked for first has all that it should have, and what
needs the models comes by itself when they are loaded."""

from playwright.sync_api import expect

from pages.kit.examples import EXAMPLES
from pages.kit.strings import load
from tests.visits import OpenVisit, both_languages, expect_query, ready, wait_for_source


def test_a_page_has_its_frame_and_what_asks_a_model_comes_when_the_models_have_loaded(
    visit: OpenVisit, fresh_server: str
):
    drawn = visit(fresh_server).page
    first = visit(f"{fresh_server}/models?lang=ko").page
    stages = visit(f"{fresh_server}/walkthrough?lang=ko").page
    tracks = visit(f"{fresh_server}/forcing?lang=ko").page
    pinned = visit(f"{fresh_server}/?lang=en&text=Le+chat+dort.&pin-alignments=&pin-alignments=chat+1").page
    wait_for_source(drawn, EXAMPLES[0])  # before the models are
    for language in both_languages(first):
        say = load(language)
        expect(first.get_by_role("heading", name=say("models.title"))).to_be_visible()
        expect(first.get_by_text(say("frame.brand"))).to_be_visible()
        expect(first.get_by_role("link", name=say("alignments.menu"))).to_be_visible()
        expect(first.get_by_role("dialog")).to_have_count(0)
    expect(stages.locator(".s2s-stage")).to_have_count(6)
    expect(stages.locator(".s2s-walk-head")).to_have_count(1)
    expect(stages.get_by_text(load("ko")("walkthrough.loading"))).to_have_count(0)
    expect(stages.locator(".s2s-walk-number.s2s-holds")).to_have_count(6)
    expect(tracks.locator(".s2s-track")).to_have_count(2)
    expect(tracks.get_by_text(load("ko")("forcing.claim"))).to_be_visible()
    ready(drawn)
    wait_for_source(drawn, EXAMPLES[0])
    ready(pinned)
    expect(pinned.locator(".s2s-held-head")).to_have_count(3)
    expect(pinned.locator(".s2s-held-head").first).to_contain_text("chat")
    expect_query(pinned, lambda query: query.get("pin-alignments") == ["", "chat 1"])
