"""What traces say about models. NumPy only."""
