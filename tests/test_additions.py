"""What CONTRIBUTING.md says it takes to add something, done in a copy by touching only the files it names."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pages.kit.translators import MODELS
from tests.sentences import PHRASES

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The app and the library in a folder of their own, with the models of the main page."""
    for name in ("app.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("pages", "s2s", ".streamlit"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "assets", tmp_path / "assets", ignore=shutil.ignore_patterns("models"))
    (tmp_path / "assets" / "models").mkdir()
    for name in MODELS:
        (tmp_path / "assets" / "models" / name).symlink_to(ROOT / "assets" / "models" / name)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    """Put a text in the place of another that stands there once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new), encoding="utf-8")


def run(copy: Path, script: str, **environment: str) -> str:
    """What a script prints that runs in the copy."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=copy,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_laboratory_is_a_row_a_folder_and_words(copy: Path):
    row = '    Lab("models", page="models"),\n'
    edit(copy / "pages" / "labs" / "__init__.py", row, f'    Lab("echo", page="echo"),\n{row}')
    folder = copy / "pages" / "labs" / "echo"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""Says what was typed."""\n', encoding="utf-8")
    (folder / "lab.py").write_text(LAB, encoding="utf-8")
    (copy / "pages" / "echo.py").write_text('from pages.labs import run\n\nrun("echo")\n', encoding="utf-8")
    for language, menu, said in (("en", "Echo", "You typed: {text}"), ("ko", "메아리", "입력: {text}")):
        words = f'[echo]\nmenu = "{menu}"\nsaid = "{said}"\n'
        (copy / "assets" / "strings" / language / "echo.toml").write_text(words, encoding="utf-8")
    english, korean = run(copy, OPEN).splitlines()
    assert (
        english
        == "Alignments, Machine, Walkthrough, Teacher forcing, Bottleneck, Gradients, Transformer, Speech, "
        "Applications, Lessons, Echo, Models | You typed: Il pleut."
    )
    assert korean.endswith("| 입력: Il pleut.")
    assert "메아리" in korean


def test_a_scorer_is_a_class_its_rows_a_record_and_words(copy: Path):
    for path, old, new in SCORER:
        edit(copy / path, old, new)
    for language, words in SCORER_WORDS.items():
        for file, table, name, text in words:
            path = copy / "assets" / "strings" / language / f"{file}.toml"
            edit(path, f"[{table}]\n", f'[{table}]\n{name} = "{text}"\n')
    pairs = "".join(f"{source}\t{target}\n" for source, target in PHRASES)
    (copy / "pairs.tsv").write_text(pairs, encoding="utf-8")
    found = json.loads(run(copy, LEARN).splitlines()[-1])
    first, *_, last = found["losses"]
    assert last < 0.8 * first
    assert "fr-en-scaled" in found["table"]
    assert found["checks"]
    assert all(found["checks"])
    for language, name in (("en", "scaled"), ("ko", "크기 조정")):
        alignments, walkthrough = found[language]
        assert alignments["titles"] == [name]
        assert alignments["words"]
        assert not any(alignments["notices"])
        assert alignments["formulas"] == 4
        assert r"\sqrt{d}" in alignments["last"]
        assert name in walkthrough["scorers"]
        assert "s_t · h_s / √d" in walkthrough["shown"]


LAB = '''
"""Says what was typed."""

import streamlit as st

from pages.kit.frame import Frame
from pages.kit.while_typing import while_typing


def draw(frame: Frame) -> None:
    while_typing(lambda text, is_ready: st.text(frame.say("echo.said", text=text)), frame.say, models=())
'''

# The page in both languages: its menu, and what it says.
OPEN = """
from streamlit.testing.v1 import AppTest
for language in ("en", "ko"):
    app = AppTest.from_file("app.py", default_timeout=60)
    app.query_params["lang"], app.query_params["text"] = language, "Il pleut."
    app.switch_page("pages/echo.py")
    app.run()
    assert not app.exception
    print(", ".join(link.proto.label for link in app.get("page_link")), "|", app.text[-1].value)
"""

SCORER = (
    (
        "s2s/model/attention.py",
        "Scorer = Dot | General | Concat\n",
        '''
class Scaled(Dot):
    """The dot product over the root of its width."""

    def forward(self, decoder_states: Tensor, keys: Tensor) -> Tensor:
        """(batch, target_len, hidden) and (batch, source_len, hidden) to (batch, target_len, source_len)."""
        return super().forward(decoder_states, keys) / keys.shape[-1] ** 0.5


Scorer = Dot | General | Concat | Scaled
''',
    ),
    ("s2s/model/attention.py", '"concat": Concat}', '"concat": Concat, "scaled": Scaled}'),
    ("s2s/config.py", '"concat")\n', '"concat", "scaled")\n'),
    (
        "s2s/catalog.py",
        '    Kind("concat", "concat"),\n',
        '    Kind("concat", "concat"),\n    Kind("scaled", "scaled"),\n',
    ),
    (
        "s2s/walkthrough/scorers.py",
        "        is_dot_product=False,\n    ),\n",
        r"""        is_dot_product=False,
    ),
    "scaled": Scorer(
        formula="score(s_t, h_s) = s_t · h_s / √d",
        latex=r"\text{score}(s_t, h_s) = s_t \cdot h_s / \sqrt{d}",
        asking="s<sub>t</sub>",
        factors=("s_t", "h_s"),
        product="s<sub>t</sub> × h<sub>s</sub> / √d",
        products=lambda parameters, asking, answering: (answering, asking * answering / len(asking) ** 0.5),
        is_dot_product=False,
    ),
""",
    ),
)
SCORER_WORDS = {
    language: (
        ("kit", "scorer", "scaled", name),
        ("kit", "kinds", "scaled", name),
        ("alignments", "formulas", "scaled", name),
        ("alignments", "about", "scaled", name),
        *(
            ("walkthrough", "walkthrough", f"{key}_scaled", name)
            for key in ("scorer", "explained", "short_score", "caption_sides", "caption_one")
        ),
    )
    for language, name in (("en", "scaled"), ("ko", "크기 조정"))
}

# The scorer trains, is measured, explained step by step, and shown on both pages in both languages.
LEARN = """
import contextlib, io, json, os, time
from s2s import catalog
from s2s.cli import main

MODEL, FOLDER = "fr-en-scaled", "assets/models/fr-en-scaled"
found, out = {}, io.StringIO()
sizes = "--hidden 16 --source-vocab 30 --target-vocab 30 --batch-tokens 64 --precision float32"
rates = "--updates 60 --dev-every 20 --warmup 5 --peak-rate 0.03 --average 0.5 --typed 0 --exchanged 0"
files = f"--train pairs.tsv --dev pairs.tsv --out {FOLDER} --attention scaled"
assert main(["train", *files.split(), *sizes.split(), *rates.split()]) == 0
_, card = catalog.read_config(catalog.locate(MODEL))
found["losses"] = [entry["dev_loss"] for entry in card.history]
with contextlib.redirect_stdout(out):
    assert main(["evaluate", "--model", MODEL, "pairs.tsv"]) == 0
found["table"] = out.getvalue()

from s2s.translator import Translator
from s2s.walkthrough.stages import scoring
of = Translator.load(MODEL).workings("je parle")
found["checks"] = [scoring(of, step).check.holds for step in range(of.steps)]

from streamlit.testing.v1 import AppTest
from pages.kit.translators import MODELS, shelf
shelf().load_in_background()
while not shelf().has(MODELS):
    time.sleep(0.05)

def opened(language, page="", **query):
    app = AppTest.from_file("app.py", default_timeout=60)
    app.query_params.update({"lang": language, "text": "je parle"} | query)
    if page:
        app.switch_page(page)
    app.run()
    assert not app.exception, app.exception
    return app, [json.loads(one.proto.json) for one in app.get("bidi_component")]

for language in ("en", "ko"):
    app, sent = opened(language, models=MODEL)
    [panels] = [data["panels"] for data in sent if "panels" in data]
    formulas = [one.value for one in app.latex]
    alignments = {
        "titles": [panel["title"] for panel in panels], "words": panels[0]["words"],
        "notices": [panel["notice"] for panel in panels],
        "formulas": len(formulas), "last": formulas[-1],
    }
    app, sent = opened(language, "pages/walkthrough.py", scorer="scaled", form="long")
    [scorers] = [group.options for group in app.button_group if group.key == "scorer"]
    shown = {"scorers": scorers, "shown": json.dumps(sent, ensure_ascii=False)}
    found[language] = alignments, shown
print(json.dumps(found), flush=True)
os._exit(0)  # other models are still being loaded
"""
