"""Sound, up to what a network reads: recordings, utterances, waves from files, log-mel frames. No torch."""
