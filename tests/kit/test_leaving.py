"""A picture leaves the app, and a page: what a person gets, held against the models' own numbers."""

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from pages.kit.examples import EXAMPLES
from pages.kit.strings import load
from s2s.figures.palette import LIGHT
from s2s.traces import Alignment
from s2s.translator import Translator
from tests.pdf import words_of_pages
from tests.visits import OpenVisit, ready

SVG = "{http://www.w3.org/2000/svg}"
EN, KO = load("en"), load("ko")
ITEMS = ["png", "svg", "csv", "json", "copy_picture", "copy_table", "copy_code"]
ITEMS += ["copy_link", "keep", "present", "html", "print"]


def alignment(model: str) -> Alignment:
    found = Translator.load(model).translate(EXAMPLES[0]).alignment()
    assert found is not None
    return found


def button(page: Page, card: int) -> Locator:
    return page.locator(".s2s-card").nth(card).locator(".s2s-out")


def taken(page: Page, opener: Locator, item: str, folder: Path) -> Path:
    """What the menu of a picture saves."""
    opener.click()
    with page.expect_download() as waited:
        page.locator(f"[data-item={item}]").click()
    path = folder / waited.value.suggested_filename
    waited.value.save_as(path)
    page.keyboard.press("Escape")
    expect(page.locator(".s2s-out-menu")).to_have_count(0)
    return path


def copied(page: Page, opener: Locator, item: str) -> None:
    opener.click()
    page.locator(f"[data-item={item}]").click()
    expect(page.locator(".s2s-out-told")).to_have_text(EN("export.copied"))
    page.keyboard.press("Escape")


def texts(svg: str) -> list[str]:
    return [text for node in ElementTree.fromstring(svg).iter() if (text := (node.text or "").strip())]


def alike(svg: str) -> str:
    """A drawing without what is made up for each."""
    return re.sub(r"(s2s-scale-|clip|topdefs-|defs-|legend)[\w-]+|id=\"[^\"]*\"|url\([^)]*\)", "", svg)


def test_a_picture_leaves_as_image_drawing_numbers_and_code_from_either_theme(
    visit: OpenVisit, server: str, tmp_path: Path
):
    page = visit(f"{server}/?lang=en", permissions=["clipboard-read", "clipboard-write"]).page
    ready(page)
    model, opener = alignment("fr-en-general"), button(page, 1)
    walk_by_keys(page, opener)
    svg = taken(page, opener, "svg", tmp_path).read_text(encoding="utf-8")
    assert_says_what_it_is(svg, model)
    image = Image.open(taken(page, opener, "png", tmp_path)).convert("RGB")
    root = ElementTree.fromstring(svg)
    assert image.size == (2 * int(root.attrib["width"]), 2 * int(root.attrib["height"]))
    assert_cells(image, root, model)
    table = taken(page, opener, "csv", tmp_path).read_text("utf-8-sig")
    record = taken(page, opener, "json", tmp_path).read_text(encoding="utf-8")
    assert_numbers(table, json.loads(record), model)
    copied(page, opener, "copy_table")
    pasted = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert pasted[1].replace("\t", ",") == table.splitlines()[1]
    copied(page, opener, "copy_code")
    assert "figure = heatmap(alignment).plotly()" in page.evaluate("navigator.clipboard.readText()")
    copied(page, opener, "copy_link")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    copied(page, opener, "copy_picture")
    kinds = "navigator.clipboard.read().then((all) => all.flatMap((one) => one.types))"
    assert page.evaluate(kinds) == ["image/png"]

    dark = visit(f"{server}/?lang=en", color_scheme="dark").page
    ready(dark)
    assert alike(taken(dark, button(dark, 1), "svg", tmp_path).read_text(encoding="utf-8")) == alike(svg)
    refuse(dark, button(dark, 1))
    assert_on_paper(words_of_pages(dark.pdf(format="A4", print_background=True)))
    assert dark.locator(".s2s-printed, .s2s-paper-head").count() == 0


def walk_by_keys(page: Page, opener: Locator) -> None:
    """Enter opens, arrows walk, Escape goes back to the button."""
    opener.focus()
    page.keyboard.press("Enter")
    menu = page.get_by_role("menu")
    expect(menu.get_by_role("menuitem")).to_have_text([EN(f"export.{item}") for item in ITEMS])
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(menu.get_by_role("menuitem").last).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(opener).to_be_focused()


def assert_says_what_it_is(svg: str, model: Alignment) -> None:
    """Title, sentence, model and scale, and every word of both axes, in a font that is everywhere."""
    shown = texts(svg)
    assert shown[0] == f"general: {EXAMPLES[0]}"
    assert "general" in shown
    assert any("fr-en-general" in text for text in shown)
    assert EXAMPLES[0] in " ".join(shown[2:6])
    assert shown[-3:] == [EN("live.weight"), "0", "1"]
    for unit in (*model.source_units, *model.target_units):
        assert unit.text in shown
    assert "Source Sans" not in svg


def assert_numbers(table: str, record: dict, model: Alignment) -> None:
    """Those of the model, with all their digits."""
    [head, *rows] = csv.reader(io.StringIO(table))
    columns = len(model.source_units)
    assert head[1 : columns + 1] == [unit.text for unit in model.source_units]
    assert [row[0] for row in rows] == [unit.text for unit in model.target_units]
    numbers = np.array([row[1:] for row in rows], dtype=np.float32)
    np.testing.assert_allclose(numbers[:, :columns], model.weights, rtol=1e-5)
    np.testing.assert_allclose(numbers[:, columns + 1], model.log_probs, rtol=1e-5)
    np.testing.assert_allclose(numbers[:, columns + 2], model.entropy, rtol=1e-4, atol=1e-6)
    assert (record["sentence"], record["models"]) == (EXAMPLES[0], ["fr-en-general"])
    for cells, values in zip(record["cells"], (model.weights, model.scores), strict=True):
        np.testing.assert_allclose(cells["values"], values, rtol=1e-5)


def refuse(page: Page, opener: Locator) -> None:
    """Where the address is not secure, text is copied in an older way; where nothing may be, a sentence says
    so."""
    page.evaluate("() => { delete Navigator.prototype.clipboard; }")
    copied(page, opener, "copy_table")
    page.evaluate("() => { document.execCommand = () => false; }")
    for item, said in (("copy_picture", "refused"), ("copy_code", "refused_text")):
        opener.click()
        page.locator(f"[data-item={item}]").click()
        expect(page.locator(".s2s-out-told")).to_have_text(EN(f"export.{said}"))
        page.keyboard.press("Escape")


def assert_on_paper(pages: list[str]) -> None:
    """Sentence and models at the top; each picture with its title, all its words and its key on one page;
    nothing that one chooses with."""
    assert EXAMPLES[0].replace(" ", "") in pages[0]
    for name in ("dot", "general", "concat"):
        assert f"fr-en-{name}" in pages[0]
        trace = Translator.load(f"fr-en-{name}").translate(EXAMPLES[0])
        whole = "".join(unit.text for unit in (*trace.read(), *trace.written().units))
        about = EN(f"about.{name}").replace(" ", "")
        assert sum(f"{name}{about}{whole}{EN('live.weight')}01" in one for one in pages) == 1, name
    assert EXAMPLES[1].replace(" ", "") not in "".join(pages)


def standing(node: ElementTree.Element, x: float = 0, y: float = 0) -> tuple[float, float] | None:
    """Where the image in a drawing stands."""
    if node.tag == f"{SVG}image":
        return x + float(node.attrib["x"]), y + float(node.attrib["y"])
    moved = re.match(r"translate\(([\d.]+)[, ]+([\d.]+)\)", node.attrib.get("transform", ""))
    if moved:
        x, y = x + float(moved[1]), y + float(moved[2])
    return next((found for child in node if (found := standing(child, x, y))), None)


def assert_cells(image: Image.Image, root: ElementTree.Element, model: Alignment) -> None:
    """Each cell has the colour of its weight, and the ground is white."""
    assert image.getpixel((4, 4)) == (255, 255, 255)
    [cells] = root.iter(f"{SVG}image")
    place = standing(root)
    assert place is not None
    width, height = (float(cells.attrib[name]) for name in ("width", "height"))
    rows, columns = model.weights.shape
    ramp = np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in LIGHT.weights])
    at = np.linspace(0, 1, len(ramp))
    for row in range(rows):
        for column in range(columns):
            x, y = place[0] + (column + 0.5) * width / columns, place[1] + (row + 0.5) * height / rows
            found = image.getpixel((round(2 * x), round(2 * y)))
            weight = float(model.weights[row, column])
            wanted = [np.interp(weight, at, ramp[:, channel]) for channel in range(3)]
            assert np.abs(np.array(found) - wanted).max() < 3, (row, column)


@pytest.mark.parametrize("path", ["", "forcing", "walkthrough"])
def test_a_page_leaves_as_one_file_that_answers_from_a_disk(
    visit: OpenVisit, server: str, tmp_path: Path, path: str
):
    """By a finger, on a phone, in Korean."""
    page = visit(f"{server}/{path}?lang=ko", width=390, height=844, has_touch=True, is_mobile=True).page
    opener = page.locator(".s2s-out:visible").first
    expect(opener).to_be_attached(timeout=60_000)
    expect(page.get_by_text(KO("alignments.stored"))).to_have_count(0, timeout=60_000)
    page.locator(".s2s-plot").first.scroll_into_view_if_needed()  # drawn where it comes into sight
    expect(page.locator(".s2s-plot .main-svg").first).to_be_attached()
    opener.scroll_into_view_if_needed()
    assert opener.bounding_box()["height"] >= 44
    opener.tap()
    menu = page.get_by_role("menu")
    expect(menu.get_by_role("menuitem")).to_have_text([KO(f"export.{item}") for item in ITEMS])
    box = menu.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    with page.expect_download() as waited:
        menu.locator("[data-item=html]").tap()
    file = tmp_path / "page.html"
    waited.value.save_as(file)
    assert file.stat().st_size < 4e6

    visited = visit(file.as_uri(), offline=True)
    saved = visited.page
    assert saved.evaluate("document.documentElement.lang") == "ko"
    head = saved.locator("header").text_content()
    assert EXAMPLES[0] in head
    assert "fr-en-" in head
    assert "s2s 0." in head
    plot = saved.locator(".s2s-plot:has(.main-svg)").first
    expect(plot).to_be_visible()
    cells = saved.locator(".s2s-plot .heatmaplayer image").first
    cells.scroll_into_view_if_needed()
    box = cells.bounding_box()
    saved.mouse.move(box["x"] + 8, box["y"] + 8)
    expect(saved.locator(".s2s-tip:visible")).to_have_text(re.compile(r"\d"))
    assert {address.split(":")[0] for address in visited.requests} <= {"file", "data", "blob"}
