"""Three translators side by side, while one types."""
