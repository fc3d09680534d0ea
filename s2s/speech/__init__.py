"""Speech to digits: a pyramidal encoder in front of the decoder and the attention that the other models have
(Chan et al. 2016, "Listen, Attend and Spell")."""
