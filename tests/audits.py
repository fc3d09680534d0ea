"""What those who hear a page need, as axe-core finds it."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SERIOUS = {"serious", "critical"}
# Told although it is of less weight: who hears a page goes from heading to heading, and through tables.
WANTED = {"heading-order", "page-has-heading-one", "html-has-lang", "empty-table-header"}


def findings(page: Page) -> list[str]:
    """What axe-core says of the page."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in SERIOUS or one["id"] in WANTED
    ]


def finds_nothing(page: Page) -> None:
    assert findings(page) == []
