"""One decoder step, stage by stage."""
