"""One head of a Transformer, computed in front of the reader."""
