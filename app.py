"""The main job: type a French sentence, see dot, general and concat align it, side by side, while typing."""

from streamlit.starlette import App

from pages.kit.server import opened
from pages.labs import run

if __name__ == "__main__":  # a visit
    run("alignments")
else:  # the server, once
    app = App(__file__, **opened())
