"""A small grammar of Korean and English: a lexicon, and templates that join its words into sentence pairs."""
