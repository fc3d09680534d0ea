"""What CONTRIBUTING.md says a language pair takes, done in a copy by touching only what it names."""

import json
import shutil
from pathlib import Path

from tests import test_additions
from tests.test_additions import edit, run

copy = test_additions.copy  # the fixture


def test_a_language_pair_is_a_row_words_and_a_folder_of_sentences(copy: Path, trained_folder: Path):
    row = '    Language("en"),\n'
    new = '    Language("eo", keys="ĉĝ", cycles=("c ĉ", "g ĝ")),\n'
    edit(copy / "s2s" / "languages.py", row, f"{new}{row}")
    for language, name, one in (("en", "Esperanto", "an Esperanto"), ("ko", "에스페란토", "에스페란토")):
        with (copy / "assets" / "strings" / language / "languages.toml").open("a", encoding="utf-8") as file:
            file.write(f'\n[languages.eo]\nname = "{name}"\none = "{one}"\n')
    pair = copy / "assets" / "pairs" / "eo-en"
    pair.mkdir()
    (pair / "examples.tsv").write_text("La kato dormas.\tThe cat sleeps.\n", encoding="utf-8")
    model = copy / "mine" / "esperanto"
    shutil.copytree(trained_folder, model)
    config = json.loads((model / "config.json").read_text(encoding="utf-8"))
    config["model"]["source_language"] = "eo"
    (model / "config.json").write_text(json.dumps(config), encoding="utf-8")
    assert run(copy, SPEAK, S2S_MODELS=str(copy / "mine")).splitlines() == [
        "An Esperanto sentence|eo|ĉĝ|La kato dormas.|esperanto (Esperanto to English)|The cat sleeps.",
        "에스페란토 문장|eo|ĉĝ|La kato dormas.|esperanto (에스페란토→영어)|The cat sleeps.",
    ]


# What the fields of a page say of a model of that pair, and what is in them, in both languages.
SPEAK = """
import json
from streamlit.testing.v1 import AppTest
from pages.kit.family import model_names
from pages.kit.strings import load
for language in ("en", "ko"):
    app = AppTest.from_file("app.py", default_timeout=300)
    app.query_params["lang"], app.query_params["model"] = language, "esperanto"
    app.switch_page("pages/forcing.py")
    app.run()
    assert not app.exception
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    fields = {data["parameter"]: data for data in sent if "parameter" in data}
    field, reference = fields["text"], fields["reference"]
    name = model_names(load(language))["esperanto"]
    told = field["label"], field["language"], field["letters"]["keys"], field["text"], name, reference["text"]
    print(*told, sep="|")
"""
