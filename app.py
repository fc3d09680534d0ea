"""The main job: type a French sentence, see dot, general and concat align it, side by side, while typing."""

from pages.labs import run

run("alignments")
