"""One door to many models: what can be asked of them (`questions`), and who answers."""
