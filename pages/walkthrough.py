"""One decoder step, computed in front of the reader."""

from pages.labs import run

run("walkthrough")
