"""Parallel against sequential: steps, time, memory, gradients between words, and what tells their order."""
