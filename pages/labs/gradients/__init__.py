"""The ways a gradient comes back by, and how far it comes."""
