"""What the same network is used for: a row for each task."""

from pages.labs import run

run("applications")
