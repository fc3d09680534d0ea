"""The shipped models: how they came to be, and what from."""

from pages.labs import run

run("models")
