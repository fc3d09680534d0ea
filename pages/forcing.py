"""Teacher forcing against free running, on a sentence and over whole files."""

from pages.labs import run

run("forcing")
