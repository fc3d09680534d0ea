"""The app's own browser components: the files they are made of, and that each runtime is told of them."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit import components

BROWSER = components.FOLDER


def test_every_component_has_a_script_with_one_default_export_and_no_script_is_left_over():
    scripts = {path for path in BROWSER.rglob("*.js") if not path.stem.startswith("plotly-")}
    exported = {path.stem for path in scripts if "\nexport default " in path.read_text("utf-8")}
    assert exported == set(components._NAMES)
    imported = {
        (path.parent / found).resolve()
        for path in scripts
        for found in re.findall(r'(?:from|import\(|import) ?"(\.[\w./-]+\.js)"', path.read_text("utf-8"))
    }
    begun = exported | {"offline"}  # by Streamlit; by a page that was saved as a file
    assert {path.resolve() for path in scripts} == imported | {
        (BROWSER / f"{name}.js").resolve() for name in begun
    }


def test_a_style_sheet_belongs_to_a_component_or_is_imported_by_one_that_does():
    sheets = {path.stem: path.read_text("utf-8") for path in BROWSER.glob("*.css")}
    imported = {found for text in sheets.values() for found in re.findall(r'@import "([\w-]+)\.css"', text)}
    assert set(sheets) == imported | ({*components._NAMES, "offline"} & set(sheets))


@pytest.mark.parametrize("name", components._NAMES)
def test_a_page_gets_a_component_by_its_name_also_in_a_second_runtime(name: str):
    def page(name: str) -> None:
        from pages.kit.components import component

        component(name)(key="it", data={"told": name})

    for _ in range(2):
        app = AppTest.from_function(page, args=(name,)).run()
        assert not app.exception
        [sent] = app.get("bidi_component")
        assert sent.proto.component_name == f"s2s.{name}"
        assert f'"told":"{name}"' in sent.proto.json.replace(" ", "")


def test_one_renderer_serves_all_pages():
    assert components._renderer("link") is components._renderer("link")
