"""Why attention: how far a gradient comes back."""

from pages.labs import run

run("gradients")
