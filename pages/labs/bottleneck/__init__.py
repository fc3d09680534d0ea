"""How much of a sentence one vector holds."""
