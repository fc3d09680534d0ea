"""The words that the figures of these tests are drawn with."""

LABELS = {
    "source_word": "source",
    "target_word": "target",
    "weight": "weight",
    "score": "score",
    "end": "END",
}
