"""s2s: see how sequence-to-sequence models with attention work. The map, from the ground up:

    errors, languages        what can go wrong; which languages there are, as rows of data
    config, text, records    what can be set, what a word is, what a file may say
    catalog                  which models there are and what their folders say
    traces                   THE CONTRACT: everything a model computed for one sentence. NumPy only
    walkthrough/             one decoder step, computed again from its own numbers. NumPy only
    paths                    the record of gradients by path, and how far they come. NumPy only
    data/                    corpora, splits, subwords, training batches
    model/                   encoder, attention, decoder, and the model they make
    decode/                  the one loop, and the recorder that turns its tensors into a Trace
    checkpoints              a model to and from its folder
    costs                    what a recurrent cell costs: parameters, and time by length
    train/                   the training loop: a generator of Progress; a memory task learned in seconds
    gradients                how much of a word's gradient reaches each encoder state, and by which path
    translator               the door: text in, Trace out, or Workings; no tensor escapes
    evaluate/                how good models are, and what traces say about them
    engine/                  questions as records, and who answers them: models here, or elsewhere
    figures/                 a trace in, a Plotly figure out; never loads torch
    claims/                  what is concluded from measurements, each conclusion with its threshold, once
    cli/                     python -m s2s: data, train, evaluate, models, probe, translate, align, trace,
                             serve, app

Text goes in at the bottom, a Trace comes out in the middle, pictures are drawn at the top. Every file
imports its own floor or a lower one, and nothing here knows Streamlit.
"""

__version__ = "0.1.0"
