"""Teacher forcing against free running, on one sentence."""
