"""One decoder step, computed in front of the reader: NumPy only, from numbers that the page shows.

workings   what a trace leaves out: the model's own numbers, and what it computed with them
cells      one step of a recurrent cell, gate by gate
unrolled   a whole sentence for one picture: a few numbers of each state
scorers    a record for each scorer: its formula, its sides, the products whose sum is a score
stages     the six stages of a decoder step, each computed again from the one before, with its deviation
what_if    the same stages changed: a temperature, no tanh, no context

transformer      the same of a Transformer: what it learned, and what each of its attentions computed
lecture          four small maps on the way from the attention of the lecture to it
heads            ten stages of one head, from the state that asks to the sum that goes on
what_if_heads    the whole model behind its embeddings again, with one head changed
"""
