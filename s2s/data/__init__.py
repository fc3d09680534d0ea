"""Text on its way to a model: corpora (`fetch`, `corpora`, `splits`), subwords (`tokenizer`), `batches`."""
