"""From a model to a trace: the one loop (`loop`), and the place where torch ends (`recorder`)."""
