"""Spoken digits: what a network hears, and where in the sound it looks."""
