"""The Transformer beside the recurrent models: where its heads look."""

from pages.labs import run

run("transformer")
