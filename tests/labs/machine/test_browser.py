"""What a person does with the machine, in a real Chromium."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

from PIL import Image
from playwright.sync_api import Page, expect

from pages.kit.examples import EXAMPLES
from pages.kit.strings import load
from s2s.figures.labels import shown_piece
from s2s.traces import Trace
from s2s.translator import Translator
from tests.visits import OpenVisit, both_languages, expect_narrow, expect_query

LONG = (
    "Je ne comprends pas pourquoi elle est partie hier soir avec le petit chien de sa soeur qui habite "
    "encore dans une grande maison blanche au bord de la mer et ne vient jamais nous voir."
)
SVG = "{http://www.w3.org/2000/svg}"
LOOKS = """() => [...document.querySelectorAll(".s2s-mach-look")]
    .map((line) => parseFloat(getComputedStyle(line).strokeWidth))"""


def ready(page: Page) -> None:
    expect(page.locator(".s2s-mach-box").first).to_be_visible()


def test_the_machine_is_built_up_by_keys_and_its_lines_are_as_wide_as_the_weights(
    visit: OpenVisit, server: str, tmp_path: Path
):
    page = visit(f"{server}/machine?lang=en&model=fr-en-general").page
    ready(page)
    say, workings = load("en"), Translator.load("fr-en-general").workings(EXAMPLES[0])
    trace = workings.trace
    picture, told = page.locator(".s2s-mach-scroll"), page.locator(".s2s-mach-told")
    count = len(trace.source_pieces)
    expect(page.locator(".s2s-mach-out")).to_have_count(0)
    picture.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    read = say("machine.read", count=2, total=count, word=shown_piece(trace.source_pieces[1].text))
    expect(told).to_have_text(read)
    expect(page.locator(".s2s-mach-unmade")).to_have_count(2 * (count - 2) + count)
    page.keyboard.press("2")
    expect(page.locator(".s2s-mach-unmade")).to_have_count(0)
    expect(page.locator(".s2s-mach-out")).to_have_text([shown_piece(p.text) for p in trace.target_pieces])
    expect(page.locator(".s2s-mach-handed")).to_have_count(0)
    page.keyboard.press("3")
    expect(page.locator(".s2s-mach-handed")).to_have_count(2)
    expect(page.locator(".s2s-mach-look")).to_have_count(0)
    page.keyboard.press("4")
    page.keyboard.press("ArrowRight")
    expect(told).to_contain_text("2")
    page.locator(".s2s-mach-out").nth(2).click()
    expect(page.locator(".s2s-mach-out").nth(2)).to_have_attribute("aria-pressed", "true")
    for found, weight in zip(page.evaluate(LOOKS), trace.weights[2].tolist(), strict=True):
        assert abs(found - 16 * weight) < 0.01
    assert picture.evaluate("(node) => node.getBoundingClientRect().bottom") < 720
    chosen = {"part": ["4"], "step": ["3"], "model": ["fr-en-general"]}
    expect_query(page, lambda query: query | chosen == query)
    saved = visit(assert_leaves_whole(page, tmp_path, trace.target).as_uri(), offline=True).page
    expect(saved.locator(".s2s-mach-out")).to_have_count(len(trace.target_pieces))
    assert saved.evaluate(LOOKS) == page.evaluate(LOOKS)
    saved.locator(".s2s-mach-scroll").focus()
    saved.keyboard.press("ArrowLeft")
    expect(saved.locator(".s2s-mach-out").nth(1)).to_have_attribute("aria-pressed", "true")
    assert saved.locator(".s2s-machine a[href]").count() == 0
    assert_opens_its_stage(page, trace)


def assert_opens_its_stage(page: Page, trace: Trace) -> None:
    """The third word's greatest weight, in the walkthrough of the same sentence by the same model."""
    box = page.locator(f".s2s-mach-weight:has-text('{trace.weights[2].max():.2f}')").first
    there = parse_qs(urlsplit(box.get_attribute("href") or "").query)
    place = str(int(trace.weights[2].argmax()) + 1)
    assert there == {
        "lang": ["en"], "text": [EXAMPLES[0]], "scorer": ["general"], "form": ["long"], "stage": ["3"],
        "step": ["3"], "word": [place],
    }  # fmt: skip
    box.click()
    expect(page.locator(".s2s-stage").nth(2).locator(".s2s-stage-title")).to_be_in_viewport()
    expect(page.locator(".s2s-walk-piece[aria-current='step']")).to_have_text(
        shown_piece(trace.target_pieces[2].text)
    )


def assert_leaves_whole(page: Page, folder: Path, target: str) -> Path:
    """As an image, as an SVG with its words and its lines, as numbers, and as a page: where that is."""
    files = {}
    for item in ("png", "svg", "json", "html"):
        page.locator(".s2s-machine .s2s-out").click()
        with page.expect_download() as waited:
            page.locator(f"[data-item={item}]").click()
        files[item] = folder / waited.value.suggested_filename
        waited.value.save_as(files[item])
        page.keyboard.press("Escape")
    with Image.open(files["png"]) as image:
        assert image.getpixel((4, 4))[:3] == (255, 255, 255)
        assert len(image.getcolors(1 << 24) or []) > 50
    root = ElementTree.parse(files["svg"]).getroot()
    words = "".join(node.text or "" for node in root.iter(f"{SVG}text"))
    assert target in words
    assert "context c" in words
    shades = {node.attrib.get("fill") for node in root.iter(f"{SVG}path")}
    assert len(shades) > 10
    record = json.loads(files["json"].read_text(encoding="utf-8"))
    assert record["result"] == target
    assert {row[0] for row in record["rows"]} == {"→", "←", "h", "s0", "s", "c"}
    return files["html"]


def test_a_long_sentence_scrolls_and_everything_fits_a_phone_in_korean(visit: OpenVisit, server: str):
    link = f"{server}/machine?lang=ko&part=4&step=30&text={LONG.replace(' ', '+')}"
    page = visit(link, width=390, height=844).page
    ready(page)
    expect_narrow(page)
    picture = page.locator(".s2s-mach-scroll")
    assert picture.evaluate("(node) => node.scrollWidth > 2 * node.clientWidth")
    picture.focus()
    page.keyboard.press("ArrowRight")
    now = page.locator(".s2s-mach-out.s2s-mach-now")
    expect(now).to_be_in_viewport(ratio=1)
    for language in both_languages(page):
        say = load(language)
        expect(page.locator(".s2s-mach-part")).to_have_text(
            [
                f"{k} {say(f'machine.part_{name}')}"
                for k, name in enumerate(("encoder", "decoder", "vector", "look"), 1)
            ]
        )
        expect(page.locator(".s2s-mach-help")).to_have_text(say("machine.help"))
    page.locator(".s2s-mach-table summary").click()
    expect(page.locator(".s2s-mach-table tbody tr")).to_have_count(page.locator(".s2s-mach-out").count())
    page.locator("input.s2s-field").fill("Il neige.")
    expect(page.locator(".s2s-mach-of-source.s2s-mach-word").first).to_have_text("Il")
    expect_query(page, lambda query: query.get("text") == ["Il neige."])
    page.get_by_role("radio", name=re.compile(load("en")("kinds.none_forward"))).click()
    expect(page.locator(".s2s-mach-text")).to_contain_text("no attention")
    expect(page.locator(".s2s-mach-look")).to_have_count(0)
