"""Text on its way to a model: corpora (`corpora`), subwords (`tokenizer`), training batches (`batches`)."""
