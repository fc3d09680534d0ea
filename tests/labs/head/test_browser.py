"""What a person does with one head, in a real Chromium."""

from itertools import pairwise

from playwright.sync_api import Page, expect

from pages.kit.examples import EXAMPLES
from pages.kit.strings import load
from s2s import catalog
from s2s.figures.labels import shown_piece
from s2s.translator import Translator
from s2s.walkthrough import heads, what_if_heads
from s2s.walkthrough.heads import At
from s2s.walkthrough.transformer import CROSS, ENCODER, HeadWorkings
from tests.visits import OpenVisit, expect_narrow, expect_query, soon

EN = load("en")
STORY = ".s2s-story"


def head_chosen(page: Page, head: int) -> None:
    page.locator(".st-key-switches-head").get_by_text(EN("head.head_name", head=head), exact=True).click()


def in_address(page: Page, name: str, code: str) -> None:
    expect_query(page, lambda query: query.get(name) == [code])


def switch_off(page: Page, of: HeadWorkings, layer: int) -> None:
    """The third head, which the reader looks at in the fourth step: the word changes to what it would be."""
    story = page.locator(STORY)
    switch = story.get_by_role("switch", name=EN("head.on"), exact=True)
    switch.scroll_into_view_if_needed()
    switch.press("Space")
    in_address(page, "head-on", "0")
    expect(story.locator(".s2s-stage").nth(7)).to_contain_text(EN("head.is_off", head=3, layer=layer + 1))
    change = what_if_heads.Change(CROSS, layer, 2, drops=True)
    best = what_if_heads.continued(of, change).log_probs.copy()
    best[:, list(of.parameters.unsaid)] = float("-inf")
    word = shown_piece(of.parameters.vocabulary[int(best[3].argmax())])
    last_stage = story.locator(".s2s-stage").nth(10)
    last_stage.scroll_into_view_if_needed()
    expect(last_stage.locator(".s2s-pic")).to_have_count(2)
    expect(last_stage.locator(".s2s-pic").nth(1).locator(".s2s-plot .ytick text").first).to_have_text(word)


def test_a_head_is_chosen_walked_through_with_keys_and_switched_off(visit: OpenVisit, server: str):
    of = Translator.load(catalog.SUCCESSOR.model()).head_workings(EXAMPLES[0])
    layer, steps = max(0, of.layers - 2), len(of.trace.fed)
    page = visit(f"{server}/transformer").page
    story = page.locator(STORY)
    expect(story.locator(".s2s-stage")).to_have_count(11)
    expect(story.locator(".s2s-walk-number.s2s-holds")).to_have_count(11)
    expect(story.locator(".s2s-walk-forms")).to_be_hidden()

    head_chosen(page, 3)
    in_address(page, "head-number", "3")
    at = At(CROSS, layer, 2, 2)
    dots = heads.multiplying(of, at).dots
    place = int(heads.weighting(of, at).weights.argmax())
    formula = story.locator(".s2s-stage").nth(2).locator(".s2s-formula p").nth(1)
    expect(formula).to_contain_text(f"= {dots[place]:.3f}".replace("-", "−"))

    told = story.locator(".s2s-walk-told")
    story.locator(".s2s-walk-number").first.focus()
    page.keyboard.press("ArrowRight")
    asking = shown_piece(of.trace.fed[3].text)
    expect(told).to_have_text(EN("head.told_step", step=4, steps=steps, asking=asking))
    in_address(page, "head-step", "4")

    piece = story.locator(".s2s-walk-choose").nth(1)
    piece.click()
    expect(piece).to_have_attribute("aria-pressed", "true")
    name = shown_piece(of.trace.source_pieces[1].text)
    expect(story.locator(".s2s-stage").nth(2)).to_contain_text(EN("head.caption_product", name=name))

    picture = story.locator(".s2s-stage").nth(1).locator(".s2s-pic").first
    picture.scroll_into_view_if_needed()
    expect(picture.locator(".s2s-plot .main-svg").first).to_be_attached()
    picture.locator(".s2s-scroll").focus()
    page.keyboard.press("ArrowRight")
    followed = int(abs(heads.multiplying(of, At(CROSS, layer, 2, 3)).products[1]).argmax())
    number = 2 * of.parameters.width + followed + 1
    where = EN("stages.number", number=number, width=of.parameters.hidden)
    expect(page.locator(".s2s-tip").filter(has_text=where)).to_be_visible()

    switch_off(page, of, layer)

    page.locator(".st-key-switches-head").get_by_text(EN("head.kind_encoder"), exact=True).click()
    in_address(page, "head-of", ENCODER)
    source = shown_piece(of.trace.source_pieces[3].text)
    count = len(of.trace.source_pieces)
    expect(told).to_have_text(EN("head.told_step", step=4, steps=count, asking=source))


def test_on_a_phone_nothing_is_wider_than_the_window(visit: OpenVisit, server: str):
    page = visit(f"{server}/transformer?lang=ko&head-of=decoder", width=390, height=780).page
    expect(page.locator(f"{STORY} .s2s-stage")).to_have_count(11)
    expect_narrow(page)
    numbers = page.locator(".s2s-walk-number")
    for width, least in ((390, 28), (1280, 35)):  # each a circle that a finger finds, all in one row
        page.set_viewport_size({"width": width, "height": 780})

        def are_circles(least: int = least) -> None:
            boxes = [one.bounding_box() for one in numbers.all()]
            assert len(boxes) == 11
            assert len({round(box["y"]) for box in boxes}) == 1
            assert all(box["width"] >= least and abs(box["width"] - box["height"]) < 2 for box in boxes)
            assert all(one["x"] + one["width"] <= other["x"] for one, other in pairwise(boxes))

        soon(page, are_circles)
