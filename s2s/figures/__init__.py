"""A trace in, a Plotly figure out: pure functions that know neither torch nor Streamlit.

    palette    what each colour means, in light and in dark, and the scales
    labels     any Unicode text as an axis label: visible, short enough, never markup
    heatmap    target units down, source units across, one cell for each weight
    strips     vectors as rows of cells, every number in its place; bars and sums beside them
    stages     the pictures of the walkthrough, made of these
    lines      source units above, target units below, ribbons as thick as the weight

A figure is a function of its arguments: no template, no global setting, fixed scales and fixed margins,
so that two pictures of one kind can be compared.
"""
