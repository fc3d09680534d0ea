"""Encoder, the vector that is handed over, decoder and attention, in one picture."""
