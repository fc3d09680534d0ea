"""Training: `loop.fit` is a generator of `Progress`; `state` is what an interrupted run goes on from;
`devices` and `processes` are what it runs on."""
