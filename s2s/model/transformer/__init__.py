"""The successor (Vaswani et al. 2017, *Attention Is All You Need*): attention in place of recurrence."""
