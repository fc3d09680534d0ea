"""What is fast, and how that was measured: `python -m benchmarks`. See README.md in this folder."""
