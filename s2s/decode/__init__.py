"""From a model to a trace: the one loop (`loop`), and where torch ends (`recorder`, `workings`)."""
