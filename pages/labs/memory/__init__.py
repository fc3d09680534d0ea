"""A memory task learned in front of the reader, and what cells cost."""
