"""The same sentence through a recurrent model and a Transformer, every head of it."""
