"""Exposure bias in a toy model that learns in front of the reader, in two training regimes."""
