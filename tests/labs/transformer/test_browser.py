"""What a person does on the Transformer's page, in a real Chromium."""

import re

import pytest
from playwright.sync_api import Page, expect

from pages.kit.examples import EXAMPLES
from pages.kit.strings import load
from s2s import catalog
from s2s.looks import all_looks
from s2s.translator import Translator
from tests.visits import OpenVisit, Visit, both_languages, expect_narrow, expect_query

SAY = {language: load(language) for language in ("en", "ko")}
EN = SAY["en"]
MODEL = catalog.SUCCESSOR.model()
SOURCE = EXAMPLES[0]
PARTS = ".s2s-mosaic"
# Whether a picture was ever without its cells while it changed, looked at in every frame.
WATCH = """() => {
    const plot = document.querySelector(".s2s-mosaic .s2s-plot");
    window.blanks = 0;
    window.frames_ = 0;
    plot.dataset.same = "yes";
    const look = () => {
        window.frames_ += 1;
        if (!plot.isConnected || !plot.querySelector(".heatmaplayer image")) window.blanks += 1;
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""


@pytest.fixture
def opened(visit: OpenVisit, server: str):
    """A function that opens the page with a query and waits for its heads."""

    def open_page(query: str = "", **options: object) -> Visit:
        one = visit(f"{server}/transformer?{query}", **options)
        expect(one.page.locator(f"{PARTS} .s2s-plot .xtick text").first).to_be_attached()
        expect(one.page.locator(f"{PARTS} .s2s-plot")).to_have_count(2)
        return one

    return open_page


def heads(page: Page, number: int = 0):
    return page.locator(PARTS).nth(number)


def large(page: Page, language: str, layer: int, head: int):
    name = SAY[language]("heads.name", layer=layer, head=head)
    return page.locator(".s2s-card").filter(has=page.get_by_role("heading", name=name, exact=True))


def press(page: Page, number: int, layer: int, head: int, row: int = 0) -> None:
    """Click into a small map, at one of its rows."""
    looks = all_looks(Translator.load(MODEL).translate(SOURCE), "cross" if number == 0 else "encoder")
    box = heads(page, number).locator(".s2s-mosaic-chosen").bounding_box()  # of the first
    inner = heads(page, number).locator(".s2s-picture")
    whole = inner.bounding_box()
    assert box
    assert whole
    wide, high = box["width"] * (1 + 1 / len(looks.columns)), box["height"] * (1 + 1 / len(looks.rows))
    inner.click(
        position={
            "x": box["x"] - whole["x"] + wide * head + box["width"] / 2,
            "y": box["y"] - whole["y"] + high * layer + box["height"] * (row + 0.5) / len(looks.rows),
        }
    )


def test_a_head_is_chosen_by_mouse_and_keys_seen_large_and_linked(opened):
    page = opened().page
    page.evaluate(WATCH)
    press(page, 0, layer=1, head=2)
    expect(large(page, "en", 2, 3)).to_have_count(1)
    expect_query(page, lambda query: (query["cross_layer"], query["cross_head"]) == (["2"], ["3"]))
    # Arrows walk from the chosen one, Enter chooses; what is there is told to those who cannot see it.
    scroll = heads(page).locator(".s2s-scroll")
    expect(scroll).to_have_attribute("aria-label", re.compile(".{21}"))
    scroll.focus()
    for key in ("ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
    expect(heads(page).locator("p.s2s-unseen")).to_contain_text(EN("heads.name", layer=1, head=4))
    page.keyboard.press("Enter")
    expect(large(page, "en", 1, 4)).to_have_count(1)
    expect_query(page, lambda query: "cross_layer" not in query and query["cross_head"] == ["4"])
    # A row of the self-attention is chosen with its head: all heads from that word.
    press(page, 1, layer=0, head=1, row=2)
    words = all_looks(Translator.load(MODEL).translate(SOURCE), "encoder").rows
    title = EN("heads.from_title", word=words[2].text)
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    expect_query(page, lambda query: (query["side_head"], query["side_word"]) == (["2"], ["3"]))
    heads(page, 1).get_by_role("button", name=words[4].text, exact=True).click()
    title = EN("heads.from_title", word=words[4].text)
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    # A letter more is drawn in place, in no frame without a picture.
    before = page.evaluate("window.frames_")
    page.locator("input.s2s-field").first.fill("Le chat dort bien.")
    ticks = page.locator(".s2s-card").first.locator(".s2s-plot .xtick text")
    expect(ticks).to_have_text(["Le", "chat", "dort", "bien", ".", "</s>"])
    page.wait_for_function("(before) => window.frames_ > before + 3", arg=before)
    assert page.evaluate("window.blanks") == 0
    assert page.evaluate("document.querySelector('.s2s-mosaic .s2s-plot').dataset.same") == "yes"


def test_heads_leave_the_app_as_files_and_have_a_table(opened):
    page = opened("side=decoder&cross_layer=2").page
    part = heads(page)
    part.locator("summary").click()
    looks = all_looks(Translator.load(MODEL).translate(SOURCE))
    expect(part.locator("tbody tr")).to_have_count(looks.layers * looks.heads)
    part.locator(".s2s-out").click()
    with page.expect_download() as download:
        part.get_by_role("menuitem", name=EN("export.csv"), exact=True).click()
    rows = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 1 + looks.layers * looks.heads * len(looks.rows)
    cells = [float(cell) for cell in rows[1].split(",")[-len(looks.columns) :]]
    assert cells == pytest.approx(looks.head(0, 0).weights[0].tolist(), abs=1e-4)
    expect(page.locator(".s2s-out-menu")).to_have_count(0)
    part.locator(".s2s-out").click()
    with page.expect_download() as download:
        part.get_by_role("menuitem", name=EN("export.svg"), exact=True).click()
    drawing = download.value.path().read_text(encoding="utf-8")
    assert EN("heads.name", layer=2, head=1) in drawing
    assert "<image" in drawing


def test_on_a_phone_nothing_is_wider_than_the_page(opened):
    page = opened("lang=ko&text=Il+fait+froid.", width=390, height=844).page
    for language in both_languages(page):
        expect(large(page, language, 1, 1).first).to_be_visible()
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            expect_narrow(page, width)
