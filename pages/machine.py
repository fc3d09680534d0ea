"""Encoder, the vector that is handed over, decoder and attention, unrolled over the reader's sentence."""

from pages.labs import run

run("machine")
