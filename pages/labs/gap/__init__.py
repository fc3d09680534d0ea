"""What teacher forcing hides, over whole files."""
