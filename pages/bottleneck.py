"""Why attention: how much of a sentence one vector holds."""

from pages.labs import run

run("bottleneck")
