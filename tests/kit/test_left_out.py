"""The line about models that a page does not offer, and its way to the page that covers them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pages.kit.left_out import tell_left_out
from s2s import catalog
from tests.apps import SAY, open_app


@pytest.mark.parametrize("page", ["walkthrough", "machine", "gradients"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_line_leads_to_the_page_of_the_transformer(page: str, language: str):
    say = SAY[language]
    app = open_app(page, lang=language)
    link = app.get("page_link")[-1].proto
    assert link.page == "transformer"
    assert f"lang={language}" in link.query_string
    assert link.label == say("kinds.to_successor", page=say("transformer.menu"))


def test_the_lesson_that_is_open_stays_open_on_the_way():
    app = open_app("machine", lesson="lecture", at="3")
    assert "lesson=lecture" in app.get("page_link")[-1].proto.query_string


def test_nothing_is_said_where_nothing_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    name = catalog.PLAIN.model()
    (tmp_path / name).mkdir()
    shutil.copy(catalog.SHIPPED / name / catalog.CONFIG, tmp_path / name)
    monkeypatch.setattr(catalog, "SHIPPED", tmp_path)
    said: list[str] = []
    monkeypatch.setattr("streamlit.caption", said.append)
    tell_left_out(SAY["en"])
    assert said == []
